/*
 * The exam of a plan's document, as far as a schema cannot say what is right: inside of plan.h.
 */
#ifndef KAOWU_EXAM_PLAN_EXAM_H
#define KAOWU_EXAM_PLAN_EXAM_H

#include "transaction.h"

/* `earliest`: the moment before which no subject begins. INVALID, with every fault by its pointer. */
enum result plan_exam_check(struct transaction *tx, const json *document, const json *manifest,
	int64_t earliest) MUST_CHECK;

#endif
