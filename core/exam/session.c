/*
 * Sessions: a random token for the client, its hash for us; an idle and an absolute end.
 */
#include "session.h"

#include <string.h>

#include "account.h"
#include "audit.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "identifier.h"
#include "second_factor.h"

#define SESSIONS_MOST 10
#define TOUCH_MS      60000

const char *token_hash(struct transaction *tx, const char *token)
{
	char hash[SHA256_HEX_SIZE];

	sha256_hex(bytes_of(token, strlen(token)), hash);
	return arena_text(tx->arena, hash);
}

enum result session_open(struct transaction *tx, const char *account_id, const char **token)
{
	const char *secret = token_create(tx->arena);
	bool candidate;
	enum result rc =
		store_has(tx->db, "SELECT 1 FROM account WHERE id = ?1 AND kind = 'candidate'",
			BIND(TEXT(account_id)), &candidate, tx->error);

	if (rc)
		return rc;
	rc = store_run(tx->db,
		"DELETE FROM session WHERE account_id = ?1 AND token_hash NOT IN (SELECT token_hash"
		" FROM session WHERE account_id = ?1 ORDER BY created_at DESC, token_hash LIMIT ?2)",
		BIND(TEXT(account_id), INTEGER(SESSIONS_MOST - 1)), tx->error);
	if (rc)
		return rc;
	rc = store_run(tx->db,
		"INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at)"
		" VALUES (?1, ?2, ?3, ?3, ?4)",
		BIND(TEXT(token_hash(tx, secret)), TEXT(account_id), INTEGER(tx->now),
			INTEGER(tx->now +
				(candidate ? LIMIT_SESSION_LIFE_CANDIDATE : LIMIT_SESSION_LIFE))),
		tx->error);
	if (rc)
		return rc;
	*token = secret;
	return OK;
}

/* A row of session joined with its account. */
struct session_row {
	const char *account_id;
	enum actor_kind kind;
	bool active, enrolled;
	int64_t roles, seen_at, expires_at;
};

static enum result session_find(struct transaction *tx, const char *token, struct session_row *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.id, a.kind, a.state, a.roles, s.seen_at, s.expires_at, f.confirmed_at"
		" FROM session s JOIN account a ON a.id = s.account_id"
		" LEFT JOIN second_factor f ON f.account_id = a.id WHERE s.token_hash = ?1",
		BIND(TEXT(token_hash(tx, token))), tx->error);

	*out = (struct session_row){0};
	if (rc)
		return rc;
	if (cursor_next(&rows))
		*out = (struct session_row){
			.account_id = cursor_text(&rows, 0, tx->arena),
			.kind = actor_kind_from_name(cursor_text(&rows, 1, tx->arena)),
			.active = text_equal(cursor_text(&rows, 2, tx->arena), "active"),
			.roles = cursor_integer(&rows, 3),
			.seen_at = cursor_integer(&rows, 4),
			.expires_at = cursor_integer(&rows, 5),
			.enrolled = cursor_integer(&rows, 6) != 0,
		};
	return cursor_end(&rows, tx->error);
}

/* Without the second factor that the centre demands of a role, one has none of them. */
static enum result actor_of(
	struct transaction *tx, const struct session_row *session, struct actor *out)
{
	uint32_t roles = (uint32_t)session->roles;
	bool unenrolled = false;
	enum result rc = session->kind == ACTOR_STAFF && !session->enrolled
				 ? second_factor_demanded(tx, roles, &unenrolled)
				 : OK;

	if (rc)
		return rc;
	*out = (struct actor){
		.kind = session->kind,
		.id = session->account_id,
		.roles = unenrolled ? 0 : roles,
		.unenrolled = unenrolled,
	};
	return OK;
}

static int64_t idle_limit(enum actor_kind kind)
{
	return kind == ACTOR_CANDIDATE ? LIMIT_SESSION_IDLE_CANDIDATE : LIMIT_SESSION_IDLE;
}

enum result session_resume(struct transaction *tx, const char *token, bool *touch)
{
	struct session_row session;
	enum result rc = session_find(tx, token, &session);

	if (rc)
		return rc;
	if (!session.account_id || !session.active || session.expires_at <= tx->now ||
		session.seen_at + idle_limit(session.kind) <= tx->now)
		return fail(tx->error, UNAUTHENTICATED, "session.expired", NULL);

	rc = actor_of(tx, &session, &tx->actor);
	if (rc)
		return rc;
	*touch = session.seen_at + TOUCH_MS <= tx->now;
	return OK;
}

enum result session_touch(struct transaction *tx, const char *token)
{
	return store_run(tx->db,
		"UPDATE session SET seen_at = ?2 WHERE token_hash = ?1 AND seen_at < ?2",
		BIND(TEXT(token_hash(tx, token)), INTEGER(tx->now)), tx->error);
}

enum result session_close(struct transaction *tx, const char *token)
{
	return store_run(tx->db, "DELETE FROM session WHERE token_hash = ?1",
		BIND(TEXT(token_hash(tx, token))), tx->error);
}

enum result session_list(struct transaction *tx, const char *token, json **out)
{
	json *view = json_new_object(tx->arena), *sessions;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT created_at AS \"created_at@\", seen_at AS \"seen_at@\","
		" token_hash = ?2 AS \"current?\" FROM session"
		" WHERE account_id = ?1 AND expires_at > ?3 AND seen_at > ?4"
		" ORDER BY seen_at DESC, token_hash",
		BIND(TEXT(tx->actor.id), TEXT(token_hash(tx, token)), INTEGER(tx->now),
			INTEGER(tx->now - idle_limit(tx->actor.kind))),
		&sessions, tx->error);

	if (rc)
		return rc;
	json_set(tx->arena, view, "sessions", sessions);
	*out = view;
	return OK;
}

enum result session_end_others(struct transaction *tx, const char *token)
{
	enum result rc =
		store_run(tx->db, "DELETE FROM session WHERE account_id = ?1 AND token_hash <> ?2",
			BIND(TEXT(tx->actor.id), TEXT(token_hash(tx, token))), tx->error);

	return rc ? rc : audit_append(tx, "account.signed_out_elsewhere", tx->actor.id, NULL);
}

enum result sessions_end(struct transaction *tx, const char *account_id)
{
	return store_run(tx->db, "DELETE FROM session WHERE account_id = ?1",
		BIND(TEXT(account_id)), tx->error);
}

enum result session_view(struct transaction *tx, json **out)
{
	const char *name, *mobile = NULL;
	json *view = json_new_object(tx->arena);
	enum result rc = store_text(tx->db, tx->arena, "SELECT name FROM account WHERE id = ?1",
		BIND(TEXT(tx->actor.id)), &name, tx->error);

	if (!rc && tx->actor.kind == ACTOR_CANDIDATE)
		rc = account_mobile(tx, tx->actor.id, &mobile);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "kind", actor_kind_name(tx->actor.kind));
	json_set_text(tx->arena, view, "id", tx->actor.id);
	json_set(tx->arena, view, "roles", roles_json(tx->arena, tx->actor.roles));
	json_set_text(tx->arena, view, "name", name);
	json_set_text(tx->arena, view, "mobile", mobile_masked(tx->arena, mobile));
	json_set_boolean(tx->arena, view, "unenrolled", tx->actor.unenrolled);
	*out = view;
	return OK;
}
