/*
 * The centre at a glance: how many applications stand where, and what cannot wait.
 */
#ifndef KAOWU_EXAM_OVERVIEW_H
#define KAOWU_EXAM_OVERVIEW_H

#include "transaction.h"

/*
 * {plans: [{id, code, name, state, apply_until, pay_until, papers_until, places, counts: [{status, count, list}],
 * not_arrived}], days, reviewing, overdue, pay_soon, not_arrived, dead_messages, erasures}: from `reviewing` on each is
 * {count, since (the oldest's moment, or null), list}. `list` is the query of the API that lists exactly what was
 * counted. `days` are four weeks, today the last: [{date, handed_in (corrections among them), approved, rejected}].
 * Plans that are published or have something unfinished, the latest first, LIMIT_PAGE at most; the figures beside them
 * count all.
 */
enum result overview_view(struct transaction *tx, json **out) MUST_CHECK;

#endif
