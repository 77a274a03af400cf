/*
 * The daily close: the provider's trade bill, the ledger and the applications are held against each other.
 *
 * What one has and another has not, or has otherwise, is a difference for a person (payment_difference.h). Asked about
 * at once, so that the ledger follows by itself: a payment that only the bill knows, a refund that succeeded by the
 * bill alone, and refunds that have failed.
 */
#ifndef KAOWU_EXAM_PAYMENT_BILL_H
#define KAOWU_EXAM_PAYMENT_BILL_H

#include "page.h"
#include "transaction.h"

/*
 * `day` "2026-11-22", over by now; `text` as the provider gives it. INVALID ("payment.bill_day",
 * "payment.bill_merchant", "payment.bill_other_day", and of trade_bill_read()) and CONFLICT ("payment.account_none"),
 * and then nothing is written. The same bill again finds the same.
 * *out: {day, payments, payments_fen, refunds, refunds_fen, differences, matched_at}.
 */
enum result payment_bill_match(
	struct transaction *tx, const char *day, struct bytes text, json **out) MUST_CHECK;
/* The same of a day for which the provider has no bill, since nothing was paid. */
enum result payment_bill_match_none(struct transaction *tx, const char *day, json **out) MUST_CHECK;
/* {bills, waiting, next}, the newest day first; `waiting` as payment_closing_waiting() gives it. */
enum result payment_bill_list(
	struct transaction *tx, const struct page *page, json **out) MUST_CHECK;

#endif
