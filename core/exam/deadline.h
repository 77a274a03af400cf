/*
 * What happens by itself when a moment passes: one job per tenant, run every minute and at start; each step is idempotent.
 */
#ifndef KAOWU_EXAM_DEADLINE_H
#define KAOWU_EXAM_DEADLINE_H

#include "transaction.h"

struct deadline_counts {
	int64_t expired, forfeited, swept; /* swept: used-up codes, sessions, idempotency rows */
};

/* Drafts and rejected ones past apply_until and unpaid ones past pay_until expire; approved ones whose papers are not posted (or
 * received) by papers_until are forfeited: each with its audit row and SMS. At most LIMIT_PAGE applications a call; `more` tells
 * that there are others. */
enum result deadline_run(struct transaction *tx, struct deadline_counts *counts, bool *more) MUST_CHECK;

/* Staff with a reason: back to approved, with a new papers' deadline kept in the audit row. */
enum result deadline_restore(struct transaction *tx, const char *application_id, const char *reason) MUST_CHECK;

#endif
