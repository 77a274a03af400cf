/*
 * The ledger of an order: what happened to its money, event by event. It only grows; balance and state are read from
 * it.
 */
#ifndef KAOWU_EXAM_PAYMENT_LEDGER_H
#define KAOWU_EXAM_PAYMENT_LEDGER_H

#include "transaction.h"

struct payment_event {
	const char *order_id, *kind;
	int64_t amount_fen;
	const char *reference; /* NULL where there is none */
	const char *refund_id;
	const char *note;
	int64_t provider_at; /* 0: the provider does not say, or there is none */
};

enum result ledger_write(struct transaction *tx, const struct payment_event *event) MUST_CHECK;
/* What has come and has not gone back, in fen. */
enum result ledger_balance(
	struct transaction *tx, const char *order_id, int64_t *balance_fen) MUST_CHECK;
enum result ledger_has(
	struct transaction *tx, const char *order_id, const char *kind, bool *out) MUST_CHECK;

/* An event of an order as a whole, as JSON: of its amount. */
enum result ledger_note(struct transaction *tx, const json *order, const char *kind,
	const char *reference) MUST_CHECK;

/* What its order or refund is called elsewhere: the prefix, the day, and twelve digits that nobody can guess. Twice the
 * same is as likely as a broken disk. */
const char *payment_number(struct transaction *tx, const char *prefix);

/* In queries over events: by it the fee was paid; by it money came. */
#define LEDGER_FEE_SQL   "(kind = 'paid' OR kind = 'paid_late' OR kind = 'paid_again')"
#define LEDGER_MONEY_SQL "(" LEDGER_FEE_SQL " OR kind = 'mismatch')"

/* An event's receipt as it is compared with text_compact() of another: an index is for these very words. */
#define LEDGER_RECEIPT_SQL(reference) "UPPER(REPLACE(REPLACE(" reference ", ' ', ''), '-', ''))"

/* What an event adds to the balance of its order, in queries over events alone. */
#define LEDGER_ADDS_SQL                                                                            \
	"CASE WHEN " LEDGER_MONEY_SQL                                                              \
	" THEN amount_fen WHEN kind = 'refunded' THEN -amount_fen ELSE 0 END"

/* The balance in queries over order o. */
#define LEDGER_BALANCE_SQL                                                                         \
	"COALESCE((SELECT SUM(" LEDGER_ADDS_SQL ") FROM payment_event WHERE order_id = o.id), 0)"

#endif
