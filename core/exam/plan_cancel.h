/*
 * Cancelling a plan: no exam takes place, and every application that has not ended yet ends with it.
 *
 * Staff say so in one short transaction. From that moment on the plan takes nothing any more, and its applications
 * are APPLICATION_CANCELLED to whoever looks (application.h). Their ends are written down afterwards by an errand, a
 * hundred at once, each with its audit row and, if it had been handed in, its SMS; orders are closed and money goes
 * back (payment_refund_all()). A server that dies goes on with those that are left. There is no way back.
 */
#ifndef KAOWU_EXAM_PLAN_CANCEL_H
#define KAOWU_EXAM_PLAN_CANCEL_H

#include "transaction.h"

/*
 * `body`: {reason (reason_written()), which candidates read, and code, the plan's, so that nobody does it by accident}.
 * STALE ("plan.stale"); CONFLICT ("plan.cancelled") the second time, ("plan.cancel_draft") for a draft,
 * ("plan.exam_over", at) once the exam is over.
 */
enum result plan_cancel(
	struct transaction *tx, const char *id, int64_t version, const json *body) MUST_CHECK;

/*
 * What cancelling the plan does, or has done so far: {applications: that end with it, handed_in: of those, paid: those
 * with money, refund_fen: which goes back; kept, kept_fen: the same of those that had ended before, whose money stays,
 * kept_applications: the first of them [{number, state, kept_fen}]; cancelled_at, reason, cancelled_by, finished_at:
 * all null before; ended: so far; refunds_waiting, refunds_failed, refunded, refunded_fen: since then}.
 */
enum result plan_cancel_view(struct transaction *tx, const char *id, json **out) MUST_CHECK;

#endif
