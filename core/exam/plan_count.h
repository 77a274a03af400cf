/*
 * How many applications of a plan have got a number, and how many stand: kept with each change, for whoever applies or
 * hands in on the last day waits while they would be counted.
 *
 * Numbers are given once: that of a draft which somebody had erased comes to nobody else.
 */
#ifndef KAOWU_EXAM_PLAN_COUNT_H
#define KAOWU_EXAM_PLAN_COUNT_H

#include "transaction.h"

/* In queries over plan. */
#define PLAN_STANDING_SQL                                                                          \
	"COALESCE((SELECT c.standing FROM plan_count c WHERE c.plan_id = plan.id), 0)"

/* One application more: its number in the plan's order, from 1. */
enum result plan_count_number(struct transaction *tx, const char *plan_id, int64_t *out) MUST_CHECK;
/* One more that stands (1), or one less (-1): for application_state.c. */
enum result plan_count_stand(struct transaction *tx, const char *plan_id, int change) MUST_CHECK;
enum result plan_count_standing(
	struct transaction *tx, const char *plan_id, int64_t *out) MUST_CHECK;

/* Counts all of them. BROKEN ("plan.miscounted") for the first plan of which something else is kept. */
enum result plan_count_verify(struct transaction *tx) MUST_CHECK;

#endif
