/*
 * Differences between what the provider says and what the ledger says: work for a person, each once.
 */
#ifndef KAOWU_EXAM_PAYMENT_DIFFERENCE_H
#define KAOWU_EXAM_PAYMENT_DIFFERENCE_H

#include "page.h"
#include "transaction.h"

/* `kind` names two texts, "payment.difference_<kind>" and "payment.advice_<kind>", which says what to do; `subject` is
 * a number of an order, a refund or a transaction; `day` of the bill that showed it, or NULL. One that is known is not
 * written again. */
enum result difference_found(struct transaction *tx, const char *kind, const char *subject,
	const char *day, const json *detail) MUST_CHECK;

/* {differences: [{id, kind, text, advice, subject, day, detail, provider, ledger, application, found_at, settled_at,
 * settled_by, note}], next}, newest first; `state` "open": only those that are to be settled; NULL: all. The three
 * sides, null where there is nothing: {number, amount_fen} as the provider named it then, {order_number, state,
 * amount_fen, balance_fen} and {number, status} as they are now. */
enum result difference_list(
	struct transaction *tx, const char *state, const struct page *page, json **out) MUST_CHECK;
/* Somebody has looked, and says what it was: five characters at least. CONFLICT if it is settled. */
enum result difference_settle(
	struct transaction *tx, const char *id, const char *note, json **out) MUST_CHECK;

#endif
