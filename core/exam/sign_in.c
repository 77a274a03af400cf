/*
 * Signing in: found, locked, proven.
 *
 * Looking for an account and hashing take the same time and give the same answer for a name that nobody has; so do
 * locks, which belong to the name that was typed and not to an account, and the limit of an address.
 */
#include "sign_in.h"

#include "account.h"
#include "audit.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/password.h"
#include "identifier.h"
#include "second_factor.h"
#include "session.h"

#define FAILURE_MEMORY_MS DAY_MS /* failures farther apart are not counted together */
#define ADDRESS_SHARE     (LIMIT_SIGN_IN_ADDRESS_TIME / LIMIT_SIGN_IN_ADDRESS)

/* What a failed sign-in is counted under. */
static const char *sign_in_index(struct transaction *tx, enum actor_kind kind, const char *name)
{
	return blind_index(tx->arena, tx->keys,
		arena_printf(tx->arena, "sign_in:%s", actor_kind_name(kind)), name);
}

/* What it is counted under besides: whoever tries one password on many names locks none of them. */
static const char *address_index(struct transaction *tx)
{
	return blind_index(
		tx->arena, tx->keys, "sign_in_address", address_group(tx->arena, tx->address));
}

static enum result failures_forget(struct transaction *tx, const char *name_index)
{
	return store_run(tx->db, "DELETE FROM sign_in WHERE name_index = ?1",
		BIND(TEXT(name_index)), tx->error);
}

enum result sign_in_unlock(struct transaction *tx, enum actor_kind kind, const char *name)
{
	return failures_forget(tx, sign_in_index(tx, kind, name));
}

/* What a sign-in needs of an account; NULL id if there is none. */
struct credentials {
	const char *id, *hash;
};

static enum result credentials_find(
	struct transaction *tx, enum actor_kind kind, const char *name, struct credentials *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	bool candidate = kind == ACTOR_CANDIDATE;
	const char *sql = candidate ? "SELECT id, password_hash FROM account WHERE kind = ?1"
				      " AND state = 'active' AND mobile_index = ?2"
				    : "SELECT id, password_hash FROM account WHERE kind = ?1"
				      " AND state = 'active' AND login = ?2";
	const char *key = candidate ? blind_index(tx->arena, tx->keys, "mobile", name) : name;
	struct credentials found = {0};
	enum result rc = store_query(
		tx->db, &rows, sql, BIND(TEXT(actor_kind_name(kind)), TEXT(key)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		found = (struct credentials){
			cursor_text(&rows, 0, tx->arena), cursor_text(&rows, 1, tx->arena)};
	*out = found;
	return cursor_end(&rows, tx->error);
}

/* When the last failure from this address will be forgotten, if each takes its share of the time; now, if all are. No
 * address owes more than the whole time, but by a clock that was put back since. */
static enum result address_owes(struct transaction *tx, int64_t *until)
{
	int64_t kept = 0;
	enum result rc = store_integer(tx->db,
		"SELECT COALESCE(MAX(locked_until), 0) FROM sign_in WHERE name_index = ?1",
		BIND(TEXT(address_index(tx))), &kept, tx->error);

	*until = kept > tx->now && kept <= tx->now + LIMIT_SIGN_IN_ADDRESS_TIME ? kept : tx->now;
	return rc;
}

/* TOO_MANY where one failure more would be one too many, whatever the name and the password. */
static enum result address_check(struct transaction *tx)
{
	int64_t until;
	enum result rc = address_owes(tx, &until);
	int64_t wait = until + ADDRESS_SHARE - LIMIT_SIGN_IN_ADDRESS_TIME - tx->now;

	if (rc || wait <= 0)
		return rc;
	return fail_too_soon(tx->error, "session.too_many_here", wait);
}

static enum result address_count(struct transaction *tx)
{
	int64_t until;
	enum result rc = address_owes(tx, &until);

	if (rc)
		return rc;
	return store_run(tx->db,
		"INSERT INTO sign_in (name_index, failures, failed_at, locked_until)"
		" VALUES (?1, 1, ?2, ?3) ON CONFLICT (name_index) DO UPDATE SET"
		" failures = sign_in.failures + 1, failed_at = excluded.failed_at,"
		" locked_until = excluded.locked_until",
		BIND(TEXT(address_index(tx)), INTEGER(tx->now), INTEGER(until + ADDRESS_SHARE)),
		tx->error);
}

static enum result password_check(struct transaction *tx, enum actor_kind kind, const char *name,
	const char *password, struct sign_in *out)
{
	struct credentials found;
	enum result rc = credentials_find(tx, kind, name, &found);

	if (rc)
		return rc;
	*out = (struct sign_in){
		.name_index = sign_in_index(tx, kind, name),
		.account_id = found.id,
		.password_hash = found.hash,
		.matches = found.hash ? password_matches(password, found.hash)
				      : password_matches_nothing(password),
	};
	return OK;
}

enum result sign_in_check(struct transaction *tx, enum actor_kind kind, const char *name,
	const char *password, struct sign_in *out)
{
	enum result rc = address_check(tx);

	if (kind != ACTOR_CANDIDATE)
		name = login_name(tx->arena, name);
	return rc ? rc : password_check(tx, kind, name, password, out);
}

enum result sign_in_check_self(struct transaction *tx, const char *password, struct sign_in *out)
{
	const char *name;
	enum result rc = account_name(tx, &name);

	return rc ? rc : password_check(tx, tx->actor.kind, name, password, out);
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

/* Old rows go first: nobody can fill the table for ever, and what was long ago does not count. */
static enum result failure_count(struct transaction *tx, const char *name_index, int64_t *failures)
{
	enum result rc = store_run(tx->db, "DELETE FROM sign_in WHERE failed_at < ?1",
		BIND(INTEGER(tx->now - FAILURE_MEMORY_MS)), tx->error);

	if (rc)
		return rc;
	return store_integer(tx->db,
		"INSERT INTO sign_in (name_index, failures, failed_at) VALUES (?1, 1, ?2)"
		" ON CONFLICT (name_index) DO UPDATE SET failures = sign_in.failures + 1,"
		" failed_at = excluded.failed_at RETURNING failures",
		BIND(TEXT(name_index), INTEGER(tx->now)), failures, tx->error);
}

enum result sign_in_failed(struct transaction *tx, const struct sign_in *found)
{
	int64_t failures, lock;
	enum result rc = failure_count(tx, found->name_index, &failures);

	if (rc)
		return rc;
	lock = lock_time(failures);
	if (lock == 0)
		return OK;
	rc = store_run(tx->db, "UPDATE sign_in SET locked_until = ?2 WHERE name_index = ?1",
		BIND(TEXT(found->name_index), INTEGER(tx->now + lock)), tx->error);
	if (rc || !found->account_id)
		return rc;
	return audit_append(tx, "account.locked", found->account_id, NULL);
}

/* TOO_MANY while the name is locked, whatever the password. No lock is longer than the longest: one that seems so is of
 * a clock that was put back since. */
static enum result lock_check(struct transaction *tx, const char *name_index)
{
	int64_t until;
	enum result rc = store_integer(tx->db,
		"SELECT COALESCE(MAX(locked_until), 0) FROM sign_in WHERE name_index = ?1",
		BIND(TEXT(name_index)), &until, tx->error);

	if (rc || until <= tx->now || until - tx->now > LIMIT_SIGN_IN_LOCK_MAX)
		return rc;
	return fail_too_soon(tx->error, "session.locked", until - tx->now);
}

/* Somebody disabled or with another password by now does not come in. */
static enum result sign_in_mark(struct transaction *tx, const struct sign_in *found)
{
	enum result rc = store_run(tx->db,
		"UPDATE account SET signed_in_at = ?2"
		" WHERE id = ?1 AND state = 'active' AND password_hash = ?3",
		BIND(TEXT(found->account_id), INTEGER(tx->now), TEXT(found->password_hash)),
		tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) == 0)
		return fail(tx->error, UNAUTHENTICATED, "session.wrong", NULL);
	rc = failures_forget(tx, found->name_index);
	return rc ? rc : audit_append(tx, "account.signed_in", found->account_id, NULL);
}

enum result sign_in_prove(
	struct transaction *tx, const struct sign_in *found, const char *code, enum proof *proof)
{
	bool active, good;
	enum result rc = lock_check(tx, found->name_index);

	if (rc)
		return rc;
	if (!found->matches) {
		*proof = PROOF_PASSWORD_WRONG;
		return sign_in_failed(tx, found);
	}
	rc = second_factor_active(tx, found->account_id, &active);
	if (rc)
		return rc;
	if (!active || !code) {
		*proof = active ? PROOF_CODE_WANTED : PROOF_GOOD;
		return OK;
	}
	rc = second_factor_use(tx, found->account_id, code, &good);
	if (rc)
		return rc;
	*proof = good ? PROOF_GOOD : PROOF_CODE_WRONG;
	return good ? OK : sign_in_failed(tx, found);
}

enum result sign_in_finish(struct transaction *tx, const struct sign_in *found, const char *code,
	const char **token, bool *keep)
{
	static const char *const refusals[] = {[PROOF_PASSWORD_WRONG] = "session.wrong",
		[PROOF_CODE_WANTED] = "session.code_wanted",
		[PROOF_CODE_WRONG] = "session.code_wrong"};
	enum proof proof;
	enum result rc = address_check(tx);

	rc = rc ? rc : sign_in_prove(tx, found, code, &proof);
	if (!rc && (proof == PROOF_PASSWORD_WRONG || proof == PROOF_CODE_WRONG))
		rc = address_count(tx);
	if (rc)
		return rc;
	if (proof != PROOF_GOOD) {
		*keep = proof != PROOF_CODE_WANTED;
		return fail(tx->error, UNAUTHENTICATED, refusals[proof], NULL);
	}
	rc = sign_in_mark(tx, found);
	return rc ? rc : session_open(tx, found->account_id, token);
}
