/*
 * A candidate withdraws.
 *
 * Before the approval at any time; what is approved until its fee would be due, as long as there is no ticket: its
 * place is free at once. Who has been approved does not begin again by oneself: staff restore it (deadline.h). Of money
 * that came a refund is asked for, which an administrator grants or declines as the centre's rules are.
 */
#ifndef KAOWU_EXAM_WITHDRAWAL_H
#define KAOWU_EXAM_WITHDRAWAL_H

#include "application.h"

/* What withdrawing would mean now. */
struct withdrawal {
	int64_t until;      /* no longer possible then; 0: as long as it is not decided */
	bool reopens;       /* it can be handed in again after it */
	int64_t refund_fen; /* would be asked for */
};

/* CONFLICT ("application.state"), ("withdrawal.over", until). */
enum result withdrawal_of(struct transaction *tx, const struct application *application,
	const struct plan *plan, struct withdrawal *out) MUST_CHECK;

/* The same as {until, reopens, refund_fen}, null where it is refused. */
enum result withdrawal_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, json **out) MUST_CHECK;

/* Moves, closes what is open to be paid, asks for the refund, tells by SMS. Refused as of withdrawal_of(). */
enum result application_withdraw(
	struct transaction *tx, struct application *application) MUST_CHECK;

#endif
