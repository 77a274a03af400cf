/*
 * What happens by itself when a moment passes: one job per tenant, run at start, when deadline_next() comes, and once
 * an hour; each step is idempotent.
 *
 * A plan's moments hold for everybody; a person may be given more time (paper.grace_until) when staff
 * restore an application, or when it was decided shortly before they pass or after.
 */
#ifndef KAOWU_EXAM_DEADLINE_H
#define KAOWU_EXAM_DEADLINE_H

#include "application.h"
#include "transaction.h"

/* The moments that hold for one application. */
struct deadlines {
	int64_t correct_until; /* of a rejected one */
	int64_t pay_until, papers_until;
};

/* `grace_until` as its papers have it (paper_row.h); 0: none. */
struct deadlines deadlines_within(const struct plan *plan, int64_t grace_until);
enum result deadlines_of(struct transaction *tx, const struct plan *plan,
	const char *application_id, struct deadlines *out) MUST_CHECK;
/* As they hold once it is approved, or rejected, now: what is to be done next has two days at least, however long it
 * waited for review. */
enum result deadlines_decided(struct transaction *tx, const struct plan *plan,
	const char *application_id, bool approved, struct deadlines *out) MUST_CHECK;
/* Writes that down, with the decision. */
enum result deadline_decided(struct transaction *tx, const struct plan *plan,
	const char *application_id, bool approved) MUST_CHECK;

struct deadline_counts {
	int64_t expired, forfeited,
		swept; /* swept: used-up codes, sessions, uploads of days ago, idempotency rows, and the
			* pictures that go LIMIT_PICTURES_DAYS after their plan */
	int64_t erased; /* whose archive's term is over: erasure_of_archives() */
};

/*
 * Drafts past apply_until, rejected ones past correct_until and unpaid ones past pay_until expire; approved ones whose
 * papers are neither told as posted nor received by papers_until are forfeited, and sixty days later those whose
 * papers were not all accepted, which until then are left to staff (paper_not_arrived): each with its audit row and
 * SMS. At most LIMIT_PAGE applications a call; `more` tells that there may be others.
 */
enum result deadline_run(
	struct transaction *tx, struct deadline_counts *counts, bool *more) MUST_CHECK;

/* When the next of these moments comes, a plan's or one that was given to one application; 0: none is to come. */
enum result deadline_next(struct transaction *tx, int64_t *at) MUST_CHECK;

/* CONFLICT ("deadline.never_approved") for what no reviewer has approved, ("deadline.exam_over", at),
 * ("plan.cancelled"), ("application.state") for what has not ended, and as of erasure_expect_none(); INVALID
 * ("application.duplicate") where the person has another. */
enum result deadline_expect_restorable(
	struct transaction *tx, const struct application *application) MUST_CHECK;
/* Staff with a reason of five characters at least: back to approved, with seven more days to pay and post. */
enum result deadline_restore(
	struct transaction *tx, struct application *application, const char *reason) MUST_CHECK;

#endif
