/*
 * The audit log of a tenant: a hash chain in the table `audit`.
 *
 * A row's hash is SHA-256 over its fields joined by '\n' in this order: sequence, happened_at, actor_kind,
 * actor_id, action, subject, detail, previous (absent ones are empty). No field can hold a line break: ids and
 * codes have none, and detail is compact JSON, which escapes them. The one writer of a tenant's database makes the
 * sequence gapless.
 */
#include "audit.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "identifier.h"

struct audit_row {
	int64_t sequence, happened_at;
	const char *actor_kind, *actor_id, *action, *subject, *detail, *previous;
};

static const char *const nothing_before =
	"0000000000000000000000000000000000000000000000000000000000000000";

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

static const char *row_hash(struct arena *arena, const struct audit_row *row)
{
	char hash[SHA256_HEX_SIZE];
	const char *canonical = arena_printf(arena,
		"%" PRId64 "\n%" PRId64 "\n%s\n%s\n%s\n%s\n%s\n%s", row->sequence, row->happened_at,
		row->actor_kind, text_or_empty(row->actor_id), row->action,
		text_or_empty(row->subject), row->detail, row->previous);

	sha256_hex(bytes_of(canonical, strlen(canonical)), hash);
	return arena_text(arena, hash);
}

/* The newest sequence (0 for an empty log) and its hash. */
static enum result chain_end(struct transaction *tx, int64_t *sequence, const char **hash)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1", BIND_NONE,
		tx->error);
	if (rc)
		return rc;

	int64_t last = 0;
	const char *last_hash = nothing_before;
	if (cursor_next(&rows)) {
		last = cursor_integer(&rows, 0);
		last_hash = cursor_text(&rows, 1, tx->arena);
	}
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;

	*sequence = last;
	*hash = last_hash;
	return OK;
}

/* What a candidate does is written here for ever, whatever it is: once there are so many rows of one subject within a
 * day, it can wait. Staff, who have the same subjects, are not held up. What a clock wrote that was put back since is
 * of no day. */
static enum result expect_day_has_room(struct transaction *tx, const char *subject)
{
	int64_t at;
	enum result rc;

	if (tx->actor.kind != ACTOR_CANDIDATE || !subject)
		return OK;
	rc = store_integer(tx->db,
		"SELECT COALESCE((SELECT happened_at FROM audit WHERE subject = ?1"
		" ORDER BY sequence DESC LIMIT 1 OFFSET ?2), 0)",
		BIND(TEXT(subject), INTEGER(LIMIT_DAY_ACTS - 1)), &at, tx->error);
	if (rc || at > tx->now || at + DAY_MS <= tx->now)
		return rc;
	return fail_too_soon(tx->error, "audit.day_acts", at + DAY_MS - tx->now);
}

enum result audit_append(
	struct transaction *tx, const char *action, const char *subject, const json *detail)
{
	struct audit_row row = {
		.happened_at = tx->now,
		.actor_kind = actor_kind_name(tx->actor.kind),
		.actor_id = tx->actor.id,
		.action = action,
		.subject = subject,
		.detail = detail ? json_print(tx->arena, detail) : "{}",
	};
	enum result rc;

	assert(!strchr(action, '\n') && !(subject && strchr(subject, '\n')));
	rc = expect_day_has_room(tx, subject);
	rc = rc ? rc : chain_end(tx, &row.sequence, &row.previous);
	if (rc)
		return rc;

	row.sequence++;
	return store_run(tx->db,
		"INSERT INTO audit (sequence, happened_at, actor_kind, actor_id, action, subject, detail,"
		" previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		BIND(INTEGER(row.sequence), INTEGER(row.happened_at), TEXT(row.actor_kind),
			TEXT(row.actor_id), TEXT(row.action), TEXT(row.subject), TEXT(row.detail),
			TEXT(row.previous), TEXT(row_hash(tx->arena, &row))),
		tx->error);
}

enum result audit_head(struct transaction *tx, const char **hash)
{
	int64_t sequence;

	return chain_end(tx, &sequence, hash);
}

static struct audit_row row_read(struct cursor *rows, struct arena *arena)
{
	return (struct audit_row){
		.sequence = cursor_integer(rows, 0),
		.happened_at = cursor_integer(rows, 1),
		.actor_kind = cursor_text(rows, 2, arena),
		.actor_id = cursor_text(rows, 3, arena),
		.action = cursor_text(rows, 4, arena),
		.subject = cursor_text(rows, 5, arena),
		.detail = cursor_text(rows, 6, arena),
		.previous = cursor_text(rows, 7, arena),
	};
}

enum result audit_verify(struct transaction *tx, int64_t *count, const char **head)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct cursor rows CLEANUP(cursor_close) = {0};
	char expected[SHA256_HEX_SIZE];
	int64_t checked = 0;
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT sequence, happened_at, actor_kind, actor_id, action, subject, detail, previous,"
		" hash FROM audit ORDER BY sequence",
		BIND_NONE, tx->error);
	if (rc)
		return rc;

	memcpy(expected, nothing_before, sizeof(expected));
	while (cursor_next(&rows)) {
		struct audit_row row = row_read(&rows, scratch);
		const char *hash = cursor_text(&rows, 8, scratch);

		if (row.sequence != checked + 1 || !text_equal(row.previous, expected) ||
			!text_equal(hash, row_hash(scratch, &row)))
			return fail(tx->error, BROKEN, "audit.broken", "sequence",
				arena_printf(tx->arena, "%" PRId64, checked + 1), NULL);
		memcpy(expected, hash, sizeof(expected));
		checked++;
		arena_reset(scratch);
	}
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;

	*count = checked;
	*head = arena_text(tx->arena, expected);
	return OK;
}

/* The id of what people know by what was typed, which may be one: ?1 as it is, ?2 as a login, ?3 as a number, ?4 as a
 * mobile. */
#define KNOWN_IN_CENTRE                                                                            \
	"SELECT COALESCE((SELECT id FROM account WHERE login = ?2),"                               \
	" (SELECT id FROM plan WHERE code = ?1),"                                                  \
	" (SELECT id FROM application WHERE number = ?3),"                                         \
	" (SELECT application_id FROM payment_order WHERE number = ?3),"                           \
	" (SELECT o.application_id FROM payment_refund r"                                          \
	" JOIN payment_order o ON o.id = r.order_id WHERE r.number = ?3),"                         \
	" (SELECT id FROM account WHERE kind = 'candidate' AND mobile_index = ?4), ?1)"
#define KNOWN_TO_OPERATORS                                                                         \
	"SELECT COALESCE((SELECT id FROM account WHERE login = ?2),"                               \
	" (SELECT sha256 FROM plugin WHERE plugin_id || ' ' || version = ?1), ?1)"

static enum result subject_find(struct transaction *tx, const char *typed, const char **subject)
{
	const char *text = text_normalise(tx->arena, typed), *login = login_name(tx->arena, typed);
	const char *mobile, *index = NULL;
	struct error none = {.arena = tx->arena};

	if (tenant_is_control(tx->tenant))
		return store_text(tx->db, tx->arena, KNOWN_TO_OPERATORS,
			BIND(TEXT(text), TEXT(login)), subject, tx->error);
	if (mobile_read(&none, "", text, &mobile))
		index = blind_index(tx->arena, tx->keys, "mobile", mobile);
	return store_text(tx->db, tx->arena, KNOWN_IN_CENTRE,
		BIND(TEXT(text), TEXT(login), TEXT(document_number(tx->arena, text)), TEXT(index)),
		subject, tx->error);
}

/* What ids stand for besides accounts. The names are those of now: they are not in the chain. */
#define NAME_IN_CENTRE                                                                             \
	"(SELECT number FROM application WHERE id = subject),"                                     \
	" (SELECT name FROM plan WHERE id = subject)"
#define NAME_TO_OPERATORS "(SELECT plugin_id || ' ' || version FROM plugin WHERE sha256 = subject)"

static const char *list_sql(const struct transaction *tx, const char *subject)
{
	return arena_printf(tx->arena,
		"SELECT sequence, happened_at AS \"happened_at@\", actor_kind, actor_id,"
		" (SELECT name FROM account WHERE id = actor_id) AS actor_name, action, subject,"
		" COALESCE(%s, (SELECT name FROM account WHERE id = subject)) AS subject_name,"
		" detail AS \"detail{}\", hash FROM audit WHERE %s"
		" AND (?2 = 0 OR sequence < ?3) ORDER BY sequence DESC LIMIT ?4",
		tenant_is_control(tx->tenant) ? NAME_TO_OPERATORS : NAME_IN_CENTRE,
		/* an index finds a subject only where it is asked for outright */
		subject ? "subject = ?1" : "?1 IS NULL");
}

enum result audit_list(
	struct transaction *tx, const char *about, const struct page *page, json **out)
{
	json *rows = NULL, *view = json_new_object(tx->arena);
	const char *subject = NULL;
	enum result rc = about ? subject_find(tx, about, &subject) : OK;

	rc = rc ? rc
		: store_array(tx->db, tx->arena, list_sql(tx, subject),
			  BIND(TEXT(subject), INTEGER(page->begun), INTEGER(page->number),
				  INTEGER(page->most + 1)),
			  &rows, tx->error);
	if (rc)
		return rc;
	page_end(tx->arena, page, view, "rows", rows, "sequence", NULL);
	*out = view;
	return OK;
}
