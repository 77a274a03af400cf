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

/* What withdrawing would mean now: {until: no longer possible then, null as long as it is not decided; reopens: it can
 * be handed in again after it; refund_fen: would be asked for}; null where it is refused. */
enum result withdrawal_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, json **out) MUST_CHECK;

/* Moves, closes what is open to be paid, asks for the refund, tells by SMS. CONFLICT ("application.state"),
 * ("withdrawal.over", until). */
enum result application_withdraw(
	struct transaction *tx, struct application *application) MUST_CHECK;

#endif
