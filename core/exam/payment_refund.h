/*
 * Refunds: money back needs two people. One asks, and may take it back until another approves; then the provider is
 * asked until it says how it ended, or the desk writes down that it has paid out.
 *
 * What came when nothing was to be paid (late, twice, another amount), and the fee of who withdraws, is asked for by
 * the system; a person approves it, or declines and keeps the money: for an application that is restored, or by the
 * centre's rules. Where a plan is cancelled the system approves as well: an administrator has decided for all of its
 * money at once. A refund has one number for ever: the provider knows by it that it is asked again.
 *
 * As JSON: {id, number, order_number, application_number, provider, amount_fen, reason, state, asked_by, decided_by,
 * taken_back, note, trouble, own, created_at, changed_at}; `own`: the actor has asked for it; state is "asked",
 * "declined", "approved", "sent", "failed" or "refunded"; `taken_back`: declined by who had asked.
 */
#ifndef KAOWU_EXAM_PAYMENT_REFUND_H
#define KAOWU_EXAM_PAYMENT_REFUND_H

#include "page.h"
#include "transaction.h"

/* `amount_fen` 0: all that is left. Never more than is left and not asked back yet. */
enum result payment_refund_ask(struct transaction *tx, const char *order_number, int64_t amount_fen,
	const char *reason, json **out) MUST_CHECK;
/* `why`: the kind of event of the money, "withdrawn" or "cancelled". Of a cancelled plan nobody need approve it any
 * more. */
enum result payment_refund_by_system(struct transaction *tx, const char *order_id,
	int64_t amount_fen, const char *why) MUST_CHECK;
/* Of all orders of an application, what is left and not asked back yet; and the same asked for. */
enum result payment_refund_left(
	struct transaction *tx, const char *application_id, int64_t *left_fen) MUST_CHECK;
enum result payment_refund_ask_all(
	struct transaction *tx, const char *application_id, const char *why) MUST_CHECK;
/* Of an application of a cancelled plan: all its money goes back, what was asked for already and the rest.
 * *amount_fen: how much. */
enum result payment_refund_all(
	struct transaction *tx, const char *application_id, int64_t *amount_fen) MUST_CHECK;

/* FORBIDDEN ("payment.refund_same") to who asked. Approving a failed one tries it again; declining it gives up, and
 * needs a note, which the candidate is told. */
enum result payment_refund_decide(struct transaction *tx, const char *number, bool approve,
	const char *note, json **out) MUST_CHECK;
/* FORBIDDEN ("payment.refund_others") to whoever did not ask. Then it is declined, with that note; nobody is told. */
enum result payment_refund_take_back(
	struct transaction *tx, const char *number, const char *note, json **out) MUST_CHECK;
/* The desk has handed it out or transferred it: of an approved refund of an offline order. */
enum result payment_refund_pay_out(struct transaction *tx, const char *number,
	const char *receipt_number, json **out) MUST_CHECK;

/* {refunds, next}, newest first; `state` may be NULL: all. */
enum result payment_refund_list(
	struct transaction *tx, const char *state, const struct page *page, json **out) MUST_CHECK;

/* ---- What the provider says ---- */

/* As JSON, with "id" and "order_id"; NOT_FOUND ("payment.refund_unknown"). */
enum result payment_refund_by_number(
	struct transaction *tx, const char *number, json **refund) MUST_CHECK;
enum result payment_refund_by_id(struct transaction *tx, const char *id, json **refund) MUST_CHECK;
/* Somebody has approved it, and its end is not known: the provider may be asked to do it. */
bool payment_refund_wanted(const json *refund);
/* `state` in the provider's words: "SUCCESS", "PROCESSING", "ABNORMAL", "CLOSED". Written once. That it
 * succeeds counts whatever we held it for, and is a difference if that was "declined". */
enum result payment_refund_told(struct transaction *tx, const json *refund, const char *state,
	const char *reference, int64_t success_at) MUST_CHECK;
/* A notice says that it failed. Notices come late and more than once, and this one may be about an attempt before the
 * present one: what has come of it is asked. */
enum result payment_refund_doubted(struct transaction *tx, const json *refund) MUST_CHECK;
/* It will not be done as it is: `said` is why. */
enum result payment_refund_failed(
	struct transaction *tx, const json *refund, const char *said) MUST_CHECK;

#endif
