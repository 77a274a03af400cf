/*
 * The table `payment_event`.
 */
#include "payment_ledger.h"

#include "base/clock.h"
#include "base/id.h"

/* "staff:01a2…" */
static const char *actor_text(struct transaction *tx)
{
	const char *kind = actor_kind_name(tx->actor.kind);

	return tx->actor.id ? arena_printf(tx->arena, "%s:%s", kind, tx->actor.id) : kind;
}

enum result ledger_write(struct transaction *tx, const struct payment_event *event)
{
	const char *newest;
	enum result rc = store_text(tx->db, tx->arena,
		"SELECT COALESCE(MAX(id), '') FROM payment_event WHERE order_id = ?1",
		BIND(TEXT(event->order_id)), &newest, tx->error);

	if (rc)
		return rc;
	return store_run(tx->db,
		"INSERT INTO payment_event (id, order_id, kind, amount_fen, reference, refund_id, note,"
		" actor, happened_at, provider_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		BIND(TEXT(id_create_after(tx->arena, newest)), TEXT(event->order_id),
			TEXT(event->kind), INTEGER(event->amount_fen), TEXT(event->reference),
			TEXT(event->refund_id), TEXT(event->note), TEXT(actor_text(tx)),
			INTEGER(tx->now), MOMENT(event->provider_at)),
		tx->error);
}

enum result ledger_note(
	struct transaction *tx, const json *order, const char *kind, const char *reference)
{
	return ledger_write(tx, &(struct payment_event){.order_id = json_get_text(order, "id"),
					.kind = kind,
					.amount_fen = json_get_integer(order, "amount_fen"),
					.reference = reference});
}

enum result ledger_balance(struct transaction *tx, const char *order_id, int64_t *balance_fen)
{
	return store_integer(tx->db,
		"SELECT " LEDGER_BALANCE_SQL " FROM payment_order o WHERE o.id = ?1",
		BIND(TEXT(order_id)), balance_fen, tx->error);
}

enum result ledger_has(struct transaction *tx, const char *order_id, const char *kind, bool *out)
{
	return store_has(tx->db, "SELECT 1 FROM payment_event WHERE order_id = ?1 AND kind = ?2",
		BIND(TEXT(order_id), TEXT(kind)), out, tx->error);
}

const char *payment_number(struct transaction *tx, const char *prefix)
{
	struct date day = date_of_moment(tx->now);

	return arena_printf(tx->arena, "%s%04d%02d%02d%s", prefix, day.year, day.month, day.day,
		digits_create(tx->arena, 12));
}
