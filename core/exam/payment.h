/*
 * Payment (S17, S18): orders and a ledger of events; whether an application is paid is derived, never
 * stored.
 *
 * Providers: "offline" (the cashier confirms with a receipt number), "simulated" (a demo page confirms;
 * refused outside --demo) and "wechat" (payment_errand.h).
 *
 * Money that came is never refused: what was paid after the deadline, or comes when the application is no longer
 * approved, is written as paid_late, a second payment as paid_again, another amount as mismatch; all are flagged.
 * Staff decide; what a provider took is put to refund by itself (payment_refund.h). An application is paid as long as
 * something is left of the money of an order; late money counts once the application is approved again.
 *
 * An order as JSON: {id, number, application_id, application_number, plan_name, provider, amount_fen,
 * code_url, state, created_at, expires_at, balance_fen, events: [{kind, amount_fen, reference, refund_number, note,
 * happened_at, provider_at}]}; state is "placing" (the provider is asked for it), "open", "expired", "closing" (over
 * here, the provider is asked whether it is there), "closed", "paid", "late", "again", "mismatch" or "refunded".
 * code_url is what a QR code says; the simulated one is relative to the address of the tenant's API.
 */
#ifndef KAOWU_EXAM_PAYMENT_H
#define KAOWU_EXAM_PAYMENT_H

#include "application.h"
#include "payment_ledger.h"

struct payment_facts {
	bool paid; /* nothing to pay counts as paid from the approval on */
	int64_t paid_at;
	int64_t left_fen;         /* of that money: what has not gone back */
	bool late;                /* some money came after the deadline: kept and flagged */
	bool refunded;            /* money came, in time or late, and all has gone back */
	const char *order_number; /* that was paid, or the open one; NULL */
};

/* In queries over application a and its plan p: is more than that left of money for the fee? */
#define PAYMENT_LEFT_SQL(fen)                                                                      \
	"(p.fee_fen = 0 OR EXISTS (SELECT 1 FROM payment_order o JOIN payment_event e"             \
	" ON e.order_id = o.id WHERE o.application_id = a.id"                                      \
	" AND " LEDGER_FEE_SQL " AND " LEDGER_BALANCE_SQL " > " fen "))"
/* Is it paid? */
#define PAYMENT_PAID_SQL PAYMENT_LEFT_SQL("0")
/* The same by what stays: money on its way back is not counted. */
#define PAYMENT_STAYS_SQL                                                                          \
	PAYMENT_LEFT_SQL(                                                                          \
		"COALESCE((SELECT SUM(r.amount_fen) FROM payment_refund r JOIN payment_event l"    \
		" ON l.id = (SELECT MAX(x.id) FROM payment_event x WHERE x.refund_id = r.id)"      \
		" WHERE r.order_id = o.id AND l.kind IN ('refund_approved', 'refund_sent')), 0)")

enum result payment_facts(struct transaction *tx, const struct application *application,
	struct payment_facts *out) MUST_CHECK;

/* Approved and unpaid applications of the candidate; an open order of the same provider is given back. CONFLICT
 * ("payment.pending") while nobody knows whether an order that is over was paid. */
enum result payment_order_create(struct transaction *tx, struct application *application,
	const char *provider, json **order) MUST_CHECK;
/* `order` is an id or number, of that application. */
enum result payment_order_view(struct transaction *tx, const char *application_id,
	const char *order, json **out) MUST_CHECK;

/* Nobody shall pay any more: closes what is open, and leaves what is paid as it is. */
enum result payment_orders_close(struct transaction *tx, const char *application_id) MUST_CHECK;

/*
 * Confirms once; INVALID ("payment.receipt_used" at /receipt_number) if the receipt has confirmed another order. A
 * second confirmation of the same order with the same reference changes nothing and answers
 * alike.
 */
enum result payment_confirm_offline(struct transaction *tx, const char *order_number,
	const char *receipt_number, int64_t amount_fen, json **order) MUST_CHECK;
/* The order that a demo page is about, by the code in its QR code. */
enum result payment_simulated_view(
	struct transaction *tx, const char *code, json **order) MUST_CHECK;
enum result payment_confirm_simulated(
	struct transaction *tx, const char *code, json **order) MUST_CHECK;

/*
 * For the cashier: {orders, next}, newest first, with candidate_name, paged. `state` is "open", "paid", "late", …;
 * `search` the number of an order, an application, a refund or a receipt, a payment's at its provider, or the mobile
 * number that the candidate signed up with. Either may be NULL: all.
 */
enum result payment_list(struct transaction *tx, const char *state, const char *search,
	const struct page *page, json **out) MUST_CHECK;

#endif
