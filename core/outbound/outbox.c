/*
 * The tables `outbox` and `outbox_pause`.
 */
#include "outbox.h"

#include "base/limits.h"
#include "base/pause.h"
#include "base/text.h"

/* Nothing earlier to its recipient is on its way; but what expires, a code, does not wait behind what does not and was
 * put off. Ids are UUIDv7: they ascend with time, also within a millisecond. */
#define FIRST_OF_RECIPIENT                                                                         \
	"NOT EXISTS (SELECT 1 FROM outbox e WHERE e.recipient_index = o.recipient_index"           \
	" AND e.state IN ('waiting', 'sending') AND e.created_at <= o.created_at AND e.id < o.id"  \
	" AND (o.expires_at IS NULL OR e.expires_at IS NOT NULL OR e.state = 'sending'))"

/* Due no earlier than what its recipient waits for already, since it could not go before that, but for a code:
 * thousands to one number are not looked at again with every message to another. */
enum result outbox_put(
	struct store *db, const struct outbox_row *row, int64_t now, struct error *error)
{
	return store_run(db,
		"INSERT INTO outbox (id, channel, event, event_key, recipient_index, payload_sealed,"
		" state, next_at, subject, created_at, expires_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting',"
		" (SELECT COALESCE(MAX(CASE WHEN e.state = 'waiting' AND e.next_at > ?7 THEN e.next_at END),"
		" ?7) FROM outbox e WHERE e.recipient_index = ?5 AND ?9 IS NULL), ?8, ?7, ?9)"
		" ON CONFLICT (event_key) DO NOTHING",
		BIND(TEXT(row->id), TEXT(row->channel), TEXT(row->event), TEXT(row->event_key),
			TEXT(row->recipient_index), BLOB(row->payload), INTEGER(now),
			TEXT(row->subject), MOMENT(row->expires_at)),
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
		.lost = cursor_integer(rows, 8),
		.begun_at = cursor_integer(rows, 9),
		.expires_at = cursor_integer(rows, 10),
	};
}

enum result outbox_due(struct store *db, struct arena *arena, int64_t now, size_t most,
	struct outbox_row **out, size_t *count, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct outbox_row *found = NEW_ARRAY(arena, struct outbox_row, most);
	size_t number = 0;
	enum result rc;

	rc = store_query(db, &rows,
		"SELECT id, channel, event, event_key, recipient_index, subject, payload_sealed, attempts,"
		" lost, begun_at, expires_at"
		" FROM outbox o WHERE state = 'waiting' AND next_at <= ?1 AND " FIRST_OF_RECIPIENT
		" ORDER BY next_at, id LIMIT ?2",
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

/* The first that waits for none of its recipient. */
static enum result next_waiting(struct store *db, int64_t *at, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	int64_t next = 0;
	enum result rc = store_query(db, &rows,
		"SELECT next_at FROM outbox o WHERE state = 'waiting' AND " FIRST_OF_RECIPIENT
		" ORDER BY next_at LIMIT 1",
		BIND_NONE, error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		next = cursor_integer(&rows, 0);
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	*at = next;
	return OK;
}

enum result outbox_next(struct store *db, int64_t now, int64_t *at, struct error *error)
{
	int64_t until;
	bool sending;
	enum result rc = store_integer(
		db, "SELECT COALESCE(MAX(until), 0) FROM outbox_pause", BIND_NONE, &until, error);

	if (rc)
		return rc;
	if (until > now) {
		*at = until;
		return OK;
	}
	rc = store_has(
		db, "SELECT 1 FROM outbox WHERE state = 'sending'", BIND_NONE, &sending, error);
	if (rc || !sending)
		return rc ? rc : next_waiting(db, at, error);
	*at = now;
	return OK;
}

/* ---- Attempts ---- */

enum result outbox_begin(struct store *db, const struct outbox_row *row, const char *provider,
	int64_t now, struct error *error)
{
	return store_run(db,
		"UPDATE outbox SET state = 'sending', begun_at = ?2, provider = ?3"
		" WHERE id = ?1 AND state = 'waiting'",
		BIND(TEXT(row->id), INTEGER(now), TEXT(provider)), error);
}

enum result outbox_sent(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error)
{
	return store_run(db,
		"UPDATE outbox SET state = 'sent', sent_at = ?2, attempts = attempts + 1,"
		" last_error = NULL, provider_code = ?3, reference = ?4 WHERE id = ?1",
		BIND(TEXT(row->id), INTEGER(now), TEXT(end->provider_code), TEXT(end->reference)),
		error);
}

/* Back to waiting, or to the dead: with an attempt more, and so many of them lost. */
static enum result row_put_off(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, bool dead, int64_t lost, int64_t until, struct error *error)
{
	return store_run(db,
		"UPDATE outbox SET state = ?2, attempts = attempts + 1, lost = lost + ?3, next_at = ?4,"
		" last_error = ?5, provider_code = ?6 WHERE id = ?1 AND state IN ('waiting', 'sending')",
		BIND(TEXT(row->id), TEXT(dead ? "dead" : "waiting"), INTEGER(lost), INTEGER(until),
			TEXT(end->why), TEXT(end->provider_code)),
		error);
}

static enum result row_return(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, bool dead, int64_t lost, int64_t now, struct error *error)
{
	int64_t wait = pause_after(row->attempts, LIMIT_OUTBOX_BACKOFF, LIMIT_OUTBOX_BACKOFF_MAX);

	return row_put_off(db, row, end, dead, lost, now + wait, error);
}

static bool last_attempt(const struct outbox_row *row)
{
	return row->attempts + 1 >= LIMIT_OUTBOX_ATTEMPTS;
}

enum result outbox_failed(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error)
{
	return row_return(db, row, end, last_attempt(row), 0, now, error);
}

enum result outbox_limited(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error)
{
	int64_t wait =
		pause_after(2 * row->attempts, LIMIT_OUTBOX_LIMITED, LIMIT_OUTBOX_LIMITED_MAX);

	return row_put_off(db, row, end, last_attempt(row), 0, now + wait, error);
}

enum result outbox_lost(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, bool idempotent, int64_t now, struct error *error)
{
	bool dead = last_attempt(row) || (!idempotent && row->lost + 1 >= LIMIT_OUTBOX_LOST);

	return row_return(db, row, end, dead, 1, now, error);
}

enum result outbox_dead(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t now, struct error *error)
{
	return row_return(db, row, end, true, 0, now, error);
}

enum result outbox_held(struct store *db, const struct outbox_row *row,
	const struct outbox_end *end, int64_t until, struct error *error)
{
	return store_run(db,
		"UPDATE outbox SET state = 'waiting', next_at = ?2,"
		" last_error = CASE WHEN id = ?1 THEN ?3 ELSE last_error END,"
		" provider_code = CASE WHEN id = ?1 THEN ?4 ELSE provider_code END"
		" WHERE recipient_index = ?5 AND CASE WHEN id = ?1 THEN state IN ('waiting', 'sending')"
		" ELSE state = 'waiting' AND next_at < ?2 END",
		BIND(TEXT(row->id), INTEGER(until), TEXT(end->why), TEXT(end->provider_code),
			TEXT(row->recipient_index)),
		error);
}

enum result outbox_orphans(struct store *db, const char *channel, bool idempotent, int64_t now,
	int64_t *count, struct error *error)
{
	enum result rc = store_run(db,
		"UPDATE outbox SET lost = lost + 1, attempts = attempts + 1, next_at = ?2,"
		" last_error = 'outbox.orphan', state = CASE WHEN attempts + 1 >= ?3"
		" OR (?5 = 0 AND lost + 1 >= ?4) THEN 'dead' ELSE 'waiting' END"
		" WHERE channel = ?1 AND state = 'sending'",
		BIND(TEXT(channel), INTEGER(now), INTEGER(LIMIT_OUTBOX_ATTEMPTS),
			INTEGER(LIMIT_OUTBOX_LOST), INTEGER(idempotent)),
		error);

	*count = rc ? 0 : store_changes(db);
	return rc;
}

enum result outbox_revive(struct store *db, const char *id, int64_t now, struct error *error)
{
	const char *state;
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(4096);
	enum result rc = store_run(db,
		"UPDATE outbox SET state = 'waiting', attempts = 0, next_at = created_at,"
		" delivered = NULL, report_code = NULL, reported_at = NULL"
		" WHERE id = ?1 AND state = 'dead' AND (expires_at IS NULL OR expires_at > ?2)",
		BIND(TEXT(id), INTEGER(now)), error);

	if (rc || store_changes(db) == 1)
		return rc;
	rc = store_find_text(
		db, arena, "SELECT state FROM outbox WHERE id = ?1", BIND(TEXT(id)), &state, error);
	if (rc)
		return rc;
	if (!state)
		return fail(error, NOT_FOUND, "outbox.unknown", NULL);
	if (text_equal(state, "dead"))
		return fail(error, CONFLICT, "outbox.too_late", NULL);
	return fail(error, CONFLICT, "outbox.not_dead", NULL);
}

enum result outbox_tried(struct store *db, const char *channel, const char *recipient_index,
	int64_t from, int64_t until, int64_t *count, struct error *error)
{
#define TRIED "SELECT COUNT(*) FROM outbox WHERE channel = ?1 AND begun_at >= ?2 AND begun_at < ?3"

	return store_integer(db,
		recipient_index ? TRIED " AND recipient_index = ?4" : TRIED " AND ?4 IS NULL",
		BIND(TEXT(channel), INTEGER(from), INTEGER(until), TEXT(recipient_index)), count,
		error);
}

/* ---- A channel in trouble ---- */

enum result outbox_pause_load(struct store *db, struct arena *arena, const char *channel,
	struct outbox_pause *out, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct outbox_pause pause = {0};
	enum result rc = store_query(db, &rows,
		"SELECT troubles, until, since, why, provider_code FROM outbox_pause"
		" WHERE channel = ?1",
		BIND(TEXT(channel)), error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		pause = (struct outbox_pause){cursor_integer(&rows, 0), cursor_integer(&rows, 1),
			cursor_integer(&rows, 2), cursor_text(&rows, 3, arena),
			cursor_text(&rows, 4, arena)};
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	*out = pause;
	return OK;
}

enum result outbox_pause_more(struct store *db, const char *channel,
	const struct outbox_pause *before, const struct outbox_end *end, int64_t now,
	struct error *error)
{
	int64_t wait = pause_after(before->troubles, LIMIT_OUTBOX_BACKOFF, LIMIT_OUTBOX_PAUSE_MAX);

	return store_run(db,
		"INSERT INTO outbox_pause (channel, troubles, until, why, provider_code, since)"
		" VALUES (?1, 1, ?2, ?3, ?4, ?5) ON CONFLICT (channel) DO UPDATE SET"
		" troubles = outbox_pause.troubles + 1, until = excluded.until, why = excluded.why,"
		" provider_code = excluded.provider_code",
		BIND(TEXT(channel), INTEGER(now + wait), TEXT(end->why), TEXT(end->provider_code),
			INTEGER(now)),
		error);
}

enum result outbox_pause_end(struct store *db, const char *channel, struct error *error)
{
	return store_run(
		db, "DELETE FROM outbox_pause WHERE channel = ?1", BIND(TEXT(channel)), error);
}

enum result outbox_release(struct store *db, const char *channel, struct error *error)
{
	enum result rc = outbox_pause_end(db, channel, error);

	return rc ? rc
		  : store_run(db,
			    "UPDATE outbox SET next_at = created_at WHERE channel = ?1"
			    " AND state = 'waiting'",
			    BIND(TEXT(channel)), error);
}
