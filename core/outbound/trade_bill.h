/*
 * WeChat Pay's trade bill: a day's payments and refunds of a merchant, as CSV (type ALL).
 *
 * Columns are found by the names in its first line, so that one more does not matter. The two lines at its end count
 * and sum up; a bill that does not add up is no bill, however it was cut.
 */
#ifndef KAOWU_OUTBOUND_TRADE_BILL_H
#define KAOWU_OUTBOUND_TRADE_BILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

struct arena;

struct bill_row {
	bool refund;    /* of a payment, which the other texts name */
	const char *at; /* "2026-11-22 10:00:00": when it was paid, or the refund was taken */
	const char *mchid, *number, *transaction_id, *currency;
	int64_t total_fen;
	const char *refund_number, *refund_id, *refund_state; /* "SUCCESS", "PROCESSING" ... */
	int64_t refund_fen;
};

struct trade_bill {
	const struct bill_row *rows;
	size_t count, payments, refunds;
	int64_t payments_fen, refunds_fen;
};

/* Lives in `arena`. INVALID ("bill.bytes", "bill.columns", "bill.lines", "bill.row" with its line, "bill.sum"). */
enum result trade_bill_read(struct arena *arena, struct bytes text, struct trade_bill *out,
	struct error *error) MUST_CHECK;

#endif
