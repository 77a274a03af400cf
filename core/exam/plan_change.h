/*
 * What may still change in a plan that people have applied to: inside of plan.h and plan_desk.h.
 */
#ifndef KAOWU_EXAM_PLAN_CHANGE_H
#define KAOWU_EXAM_PLAN_CHANGE_H

#include "plan_document.h"

/*
 * Adds a fault, with its reason, for each change that would take from somebody what was promised: a fee, an identity, a
 * deadline, a place, a seat on a ticket. Nothing is added while nobody has applied.
 */
enum result plan_change_check(struct transaction *tx, const struct plan *plan, const json *document,
	const struct plan_reading *reading) MUST_CHECK;

#endif
