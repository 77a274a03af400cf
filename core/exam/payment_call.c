/*
 * The table `payment_call`.
 */
#include "payment_call.h"

#include "base/limits.h"
#include "base/pause.h"

enum result payment_call_put(struct transaction *tx, const char *subject_id, const char *order_id,
	const char *what, int64_t next_at)
{
	return store_run(tx->db,
		"INSERT INTO payment_call (subject_id, order_id, what, version, attempts, next_at)"
		" VALUES (?1, ?2, ?3, 1, 0, ?4) ON CONFLICT (subject_id) DO UPDATE SET"
		" what = excluded.what, version = payment_call.version + 1, attempts = 0,"
		" next_at = excluded.next_at, last_error = NULL, provider_code = NULL",
		BIND(TEXT(subject_id), TEXT(order_id), TEXT(what), INTEGER(next_at)), tx->error);
}

enum result payment_call_again(struct transaction *tx, const struct payment_call *call,
	const char *error, const char *said)
{
	return store_run(tx->db,
		"UPDATE payment_call SET version = version + 1, attempts = attempts + 1, next_at = ?3,"
		" last_error = ?4, provider_code = ?5 WHERE subject_id = ?1 AND version = ?2",
		BIND(TEXT(call->subject_id), INTEGER(call->version),
			INTEGER(tx->now + pause_after(call->attempts, LIMIT_PAYMENT_BACKOFF,
						  LIMIT_PAYMENT_BACKOFF_MAX)),
			TEXT(error), TEXT(said)),
		tx->error);
}

enum result payment_call_turn(
	struct transaction *tx, const struct payment_call *call, const char *what, bool back)
{
	int64_t pause = back && call->attempts
				? pause_after(call->attempts - 1, LIMIT_PAYMENT_BACKOFF,
					  LIMIT_PAYMENT_BACKOFF_MAX)
				: 0;

	return store_run(tx->db,
		"UPDATE payment_call SET what = ?3, version = version + 1, attempts = attempts + ?4,"
		" next_at = ?5, last_error = NULL, provider_code = NULL"
		" WHERE subject_id = ?1 AND version = ?2",
		BIND(TEXT(call->subject_id), INTEGER(call->version), TEXT(what), INTEGER(back),
			INTEGER(tx->now + pause)),
		tx->error);
}

enum result payment_call_elsewhere(struct transaction *tx, const struct payment_call *call)
{
	return store_run(tx->db,
		"UPDATE payment_call SET version = version + 1, attempts = attempts + 1"
		" WHERE subject_id = ?1 AND version = ?2",
		BIND(TEXT(call->subject_id), INTEGER(call->version)), tx->error);
}

enum result payment_call_drop(struct transaction *tx, const char *subject_id)
{
	return store_run(tx->db, "DELETE FROM payment_call WHERE subject_id = ?1",
		BIND(TEXT(subject_id)), tx->error);
}

enum result payment_call_current(struct transaction *tx, const struct payment_call *call, bool *out)
{
	return store_has(tx->db,
		"SELECT 1 FROM payment_call WHERE subject_id = ?1 AND version = ?2",
		BIND(TEXT(call->subject_id), INTEGER(call->version)), out, tx->error);
}

enum result payment_call_due(
	struct transaction *tx, size_t most, struct payment_call **out, size_t *count)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct payment_call *found = NEW_ARRAY(tx->arena, struct payment_call, most);
	size_t number = 0;
	enum result rc = store_query(tx->db, &rows,
		"SELECT subject_id, order_id, what, version, attempts, next_at FROM payment_call"
		" WHERE next_at <= ?1 ORDER BY next_at, subject_id LIMIT ?2",
		BIND(INTEGER(tx->now), INTEGER(most)), tx->error);

	if (rc)
		return rc;
	while (number < most && cursor_next(&rows))
		found[number++] = (struct payment_call){
			.subject_id = cursor_text(&rows, 0, tx->arena),
			.order_id = cursor_text(&rows, 1, tx->arena),
			.what = cursor_text(&rows, 2, tx->arena),
			.version = cursor_integer(&rows, 3),
			.attempts = cursor_integer(&rows, 4),
			.next_at = cursor_integer(&rows, 5),
		};
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	*out = found;
	*count = number;
	return OK;
}

enum result payment_call_next(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db, "SELECT COALESCE(MIN(next_at), 0) FROM payment_call",
		BIND_NONE, at, tx->error);
}

enum result payment_calls_release(struct transaction *tx)
{
	return store_run(tx->db,
		"UPDATE payment_call SET version = version + 1, next_at = ?1 WHERE last_error IS NOT NULL"
		" AND next_at > ?1",
		BIND(INTEGER(tx->now)), tx->error);
}

enum result payment_calls_hold(struct transaction *tx, int64_t until, const char *error)
{
	return store_run(tx->db,
		"UPDATE payment_call SET version = version + 1, next_at = ?1, last_error = ?2"
		" WHERE next_at < ?1",
		BIND(INTEGER(until), TEXT(error)), tx->error);
}
