/*
 * The table `outbox`.
 */
#include "outbox.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"

enum result outbox_put(
	struct store *db, const struct outbox_row *row, int64_t now, struct error *error)
{
	return store_run(db,
		"INSERT INTO outbox (id, channel, event, event_key, recipient_index, payload_sealed,"
		" state, next_at, subject, created_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8, ?7)"
		" ON CONFLICT (event_key) DO NOTHING",
		BIND(TEXT(row->id), TEXT(row->channel), TEXT(row->event), TEXT(row->event_key),
			TEXT(row->recipient_index), BLOB(row->payload), INTEGER(now),
			TEXT(row->subject)),
		error);
}

static struct outbox_row row_read(const struct cursor *rows, struct arena *arena)
{
	return (struct outbox_row){
		.id = cursor_text(rows, 0, arena),
		.channel = cursor_text(rows, 1, arena),
		.event = cursor_text(rows, 2, arena),
		.event_key = cursor_text(rows, 3, arena),
		.recipient_index = cursor_text(rows, 4, arena),
		.subject = cursor_text(rows, 5, arena),
		.payload = cursor_blob(rows, 6, arena),
		.attempts = cursor_integer(rows, 7),
	};
}

enum result outbox_due(struct store *db, struct arena *arena, int64_t now, size_t most,
	struct outbox_row **out, size_t *count, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct outbox_row *found = NEW_ARRAY(arena, struct outbox_row, most);
	size_t number = 0;
	enum result rc;

	/* Ids are UUIDv7: they ascend with time, also within a millisecond. */
	rc = store_query(db, &rows,
		"SELECT id, channel, event, event_key, recipient_index, subject, payload_sealed, attempts"
		" FROM outbox o WHERE state = 'waiting' AND next_at <= ?1 AND NOT EXISTS (SELECT 1"
		" FROM outbox e WHERE e.recipient_index = o.recipient_index AND e.state = 'waiting'"
		" AND e.created_at <= o.created_at AND e.id < o.id) ORDER BY next_at, id LIMIT ?2",
		BIND(INTEGER(now), INTEGER(most)), error);
	if (rc)
		return rc;
	while (number < most && cursor_next(&rows))
		found[number++] = row_read(&rows, arena);
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	*out = found;
	*count = number;
	return OK;
}

enum result outbox_sent(struct store *db, const char *id, int64_t now, struct error *error)
{
	return store_run(db,
		"UPDATE outbox SET state = 'sent', sent_at = ?2, attempts = attempts + 1,"
		" last_error = NULL WHERE id = ?1",
		BIND(TEXT(id), INTEGER(now)), error);
}

/* 5 s, 10 s, 20 s ... an hour, each up to a quarter longer. */
static int64_t backoff_ms(int64_t attempts)
{
	int64_t wait = LIMIT_OUTBOX_BACKOFF;

	for (int64_t i = 0; i < attempts && wait < LIMIT_OUTBOX_BACKOFF_MAX; i++)
		wait *= 2;
	if (wait > LIMIT_OUTBOX_BACKOFF_MAX)
		wait = LIMIT_OUTBOX_BACKOFF_MAX;
	return wait + random_below((uint32_t)(wait / 4));
}

enum result outbox_failed(struct store *db, const struct outbox_row *row, int64_t now,
	const char *why, bool final, struct error *error)
{
	bool dead = final || row->attempts + 1 >= LIMIT_OUTBOX_ATTEMPTS;

	return store_run(db,
		"UPDATE outbox SET state = ?2, attempts = attempts + 1, next_at = ?3, last_error = ?4"
		" WHERE id = ?1 AND state = 'waiting'",
		BIND(TEXT(row->id), TEXT(dead ? "dead" : "waiting"),
			INTEGER(now + backoff_ms(row->attempts)), TEXT(why)),
		error);
}

enum result outbox_revive(struct store *db, const char *id, int64_t now, struct error *error)
{
	int64_t there;
	enum result rc = store_run(db,
		"UPDATE outbox SET state = 'waiting', attempts = 0, next_at = ?2"
		" WHERE id = ?1 AND state = 'dead'",
		BIND(TEXT(id), INTEGER(now)), error);

	if (rc || store_changes(db) == 1)
		return rc;
	rc = store_integer(
		db, "SELECT COUNT(*) FROM outbox WHERE id = ?1", BIND(TEXT(id)), &there, error);
	if (rc)
		return rc;
	if (there == 0)
		return fail(error, NOT_FOUND, "outbox.unknown", NULL);
	return fail(error, CONFLICT, "outbox.not_dead", NULL);
}
