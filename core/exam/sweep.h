/*
 * Sweeping uploaded files that no row names: uploads that were never attached, and those that were replaced or taken
 * back before any revision held them.
 */
#ifndef KAOWU_EXAM_SWEEP_H
#define KAOWU_EXAM_SWEEP_H

#include "base/id.h"
#include "transaction.h"

/* Where the rounds stand: the plan that was swept last, "" before the first and after the last one. */
struct sweep {
	char plan_id[ID_SIZE];
};

/* Sweeps one plan, the next in order: removes its files that are older than a day and named by nothing, at most a
 * thousand. Reads only from tx->db: heavy lane. */
enum result sweep_plan(struct transaction *tx, struct sweep *sweep) MUST_CHECK;

#endif
