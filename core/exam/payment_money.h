/*
 * Money that comes, by whatever provider: inside of payment.h.
 */
#ifndef KAOWU_EXAM_PAYMENT_MONEY_H
#define KAOWU_EXAM_PAYMENT_MONEY_H

#include "transaction.h"

struct payment_money {
	const char *reference; /* receipt or transaction number: the same again is the same money */
	int64_t amount_fen;
	int64_t paid_at; /* as the provider says; 0: now, at the desk */
};

/*
 * Written down once, judged (paid, paid_late, paid_again; mismatch if the amount is another); the candidate is told,
 * his other orders are closed. What a provider took when there was nothing to pay is put to refund. `order` as JSON;
 * *fresh: it was not known yet.
 */
enum result payment_money_take(struct transaction *tx, const json *order,
	const struct payment_money *money, bool *fresh) MUST_CHECK;

/* What is written down of an order already: *paid, any money at all; *known, this very payment. "r-30", "R 30" and
 * "R-30" are one receipt. */
enum result payment_money_known(struct transaction *tx, const char *order_id, const char *reference,
	bool *paid, bool *known) MUST_CHECK;
/* *number: another order that the desk has confirmed by this receipt; NULL where there is none. */
enum result payment_receipt_other(struct transaction *tx, const char *receipt, const char *order_id,
	const char **number) MUST_CHECK;

#endif
