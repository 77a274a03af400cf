/*
 * Accounts: made, found, signed in, locked, reset.
 *
 * Looking for an account and hashing take the same time and give the same answer for a number that nobody has.
 */
#include "account.h"

#include <inttypes.h>

#include "audit.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/password.h"
#include "base/text.h"

enum result account_create(struct transaction *tx, const char *mobile, const char *password_hash,
	const char **id)
{
	const char *new_id = id_create(tx->arena);
	struct bytes sealed = seal_text(
		tx->arena, tx->keys, arena_printf(tx->arena, "account.mobile:%s", new_id), mobile);
	enum result rc = store_run(tx->db,
		"INSERT INTO account (id, kind, state, mobile_sealed, mobile_index, password_hash,"
		" created_at) VALUES (?1, 'candidate', 'active', ?2, ?3, ?4, ?5)"
		" ON CONFLICT (kind, mobile_index) DO NOTHING",
		BIND(TEXT(new_id), BLOB(sealed),
			TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile)), TEXT(password_hash),
			INTEGER(tx->now)),
		tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) == 0)
		return fail(tx->error, CONFLICT, "account.exists", NULL);
	*id = new_id;
	return audit_append(tx, "account.created", new_id, NULL);
}

enum result account_reset(struct transaction *tx, const char *mobile, const char *password_hash,
	const char **id)
{
	const char *found;
	enum result rc = store_text(tx->db, tx->arena,
		"SELECT id FROM account WHERE kind = 'candidate' AND mobile_index = ?1",
		BIND(TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile))), &found, tx->error);

	if (rc)
		return rc;
	rc = store_run(tx->db,
		"UPDATE account SET password_hash = ?2, failures = 0, locked_until = NULL"
		" WHERE id = ?1",
		BIND(TEXT(found), TEXT(password_hash)), tx->error);
	if (rc)
		return rc;
	rc = store_run(
		tx->db, "DELETE FROM session WHERE account_id = ?1", BIND(TEXT(found)), tx->error);
	if (rc)
		return rc;
	*id = found;
	return audit_append(tx, "account.reset", found, NULL);
}

/* What a sign-in needs of an account; NULL id if there is none. */
struct credentials {
	const char *id, *hash;
	int64_t locked_until;
};

static enum result credentials_find(struct transaction *tx, enum actor_kind kind,
	const char *name, struct credentials *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char *sql = kind == ACTOR_STAFF
		? "SELECT id, password_hash, locked_until FROM account WHERE kind = 'staff'"
		  " AND state = 'active' AND login = ?1"
		: "SELECT id, password_hash, locked_until FROM account WHERE kind = 'candidate'"
		  " AND state = 'active' AND mobile_index = ?1";
	const char *key = kind == ACTOR_STAFF
		? name
		: blind_index(tx->arena, tx->keys, "mobile", name);
	enum result rc = store_query(tx->db, &rows, sql, BIND(TEXT(key)), tx->error);

	*out = (struct credentials){0};
	if (rc)
		return rc;
	if (cursor_next(&rows))
		*out = (struct credentials){cursor_text(&rows, 0, tx->arena),
			cursor_text(&rows, 1, tx->arena), cursor_integer(&rows, 2)};
	return cursor_end(&rows, tx->error);
}

enum result sign_in_check(struct transaction *tx, enum actor_kind kind, const char *name,
	const char *password, struct sign_in *out)
{
	struct credentials found;
	enum result rc = credentials_find(tx, kind, name, &found);

	if (rc)
		return rc;
	*out = (struct sign_in){
		.account_id = found.id,
		.matches = found.hash ? password_matches(password, found.hash)
				      : password_matches_nothing(password),
		.locked = found.locked_until > tx->now,
		.locked_until = found.locked_until,
	};
	return OK;
}

/* A minute after the fifth failure, then twice as long each time. */
static int64_t lock_time(int64_t failures)
{
	int64_t time = LIMIT_SIGN_IN_LOCK;

	if (failures < LIMIT_SIGN_IN_FAILURES)
		return 0;
	for (int64_t i = LIMIT_SIGN_IN_FAILURES; i < failures && time < LIMIT_SIGN_IN_LOCK_MAX; i++)
		time *= 2;
	return time < LIMIT_SIGN_IN_LOCK_MAX ? time : LIMIT_SIGN_IN_LOCK_MAX;
}

static enum result failure_count(struct transaction *tx, const char *account_id)
{
	int64_t failures, lock;
	enum result rc = store_integer(tx->db,
		"UPDATE account SET failures = failures + 1 WHERE id = ?1 RETURNING failures",
		BIND(TEXT(account_id)), &failures, tx->error);

	if (rc)
		return rc;
	lock = lock_time(failures);
	if (lock == 0)
		return OK;
	rc = store_run(tx->db, "UPDATE account SET locked_until = ?2 WHERE id = ?1",
		BIND(TEXT(account_id), INTEGER(tx->now + lock)), tx->error);
	if (rc)
		return rc;
	return audit_append(tx, "account.locked", account_id, NULL);
}

static enum result refuse_locked(struct transaction *tx, const struct sign_in *found)
{
	return fail(tx->error, TOO_MANY, "session.locked", "seconds",
		arena_printf(tx->arena, "%" PRId64,
			(found->locked_until - tx->now + 999) / 1000),
		NULL);
}

enum result sign_in_finish(struct transaction *tx, const struct sign_in *found,
	const char **token, bool *keep)
{
	enum result rc = OK;

	if (found->account_id && found->locked)
		return refuse_locked(tx, found);
	if (!found->matches) {
		if (found->account_id)
			rc = failure_count(tx, found->account_id);
		*keep = rc == OK;
		return rc ? rc : fail(tx->error, UNAUTHENTICATED, "session.wrong", NULL);
	}
	rc = store_run(tx->db,
		"UPDATE account SET failures = 0, locked_until = NULL, signed_in_at = ?2 WHERE id = ?1",
		BIND(TEXT(found->account_id), INTEGER(tx->now)), tx->error);
	rc = rc ? rc : audit_append(tx, "account.signed_in", found->account_id, NULL);
	return rc ? rc : session_open(tx, found->account_id, token);
}
