/*
 * Candidates' accounts: made, found, reset.
 */
#include "account.h"

#include "audit.h"
#include "base/id.h"
#include "base/log.h"
#include "base/password.h"
#include "base/text.h"
#include "notice.h"
#include "profile.h"
#include "session.h"
#include "sign_in.h"

static const char *mobile_context(struct transaction *tx, const char *account_id)
{
	return arena_printf(tx->arena, "account.mobile:%s", account_id);
}

enum result account_create(
	struct transaction *tx, const char *mobile, const char *password_hash, const char **id)
{
	const char *new_id = id_create(tx->arena);
	struct bytes sealed = seal_text(tx->arena, tx->keys, mobile_context(tx, new_id), mobile);
	enum result rc = store_run(tx->db,
		"INSERT INTO account (id, kind, state, mobile_sealed, mobile_index, password_hash,"
		" created_at) VALUES (?1, 'candidate', 'active', ?2, ?3, ?4, ?5)"
		" ON CONFLICT (kind, mobile_index) DO NOTHING",
		BIND(TEXT(new_id), BLOB(sealed),
			TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile)),
			TEXT(password_hash), INTEGER(tx->now)),
		tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) == 0)
		return fail(tx->error, CONFLICT, "account.exists", NULL);
	rc = sign_in_unlock(tx, ACTOR_CANDIDATE, mobile);
	if (rc)
		return rc;
	*id = new_id;
	return audit_append(tx, "account.created", new_id, NULL);
}

enum result account_of_mobile(struct transaction *tx, const char *mobile, const char **id)
{
	return store_find_text(tx->db, tx->arena,
		"SELECT id FROM account WHERE kind = 'candidate' AND mobile_index = ?1",
		BIND(TEXT(blind_index(tx->arena, tx->keys, "mobile", mobile))), id, tx->error);
}

enum result account_mobile_of_row(struct transaction *tx, const char *account_id,
	struct bytes mobile_sealed, const char **out)
{
	enum result rc;

	*out = NULL;
	if (mobile_sealed.size == 0)
		return OK;
	rc = unseal_text(
		tx->arena, tx->keys, mobile_context(tx, account_id), mobile_sealed, out, tx->error);
	if (!rc || !text_equal(tx->error->code, "seal.damaged"))
		return rc;
	log_event(LOG_ERROR, "account.number_damaged", "tenant", tenant_slug(tx->tenant), "account",
		account_id, "code", tx->error->code, "detail", tx->error->internal, NULL);
	error_forget(tx->error);
	return OK;
}

enum result account_mobile(struct transaction *tx, const char *account_id, const char **out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct bytes sealed = {0};
	enum result rc =
		store_query(tx->db, &rows, "SELECT mobile_sealed FROM account WHERE id = ?1",
			BIND(TEXT(account_id)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		sealed = cursor_blob(&rows, 0, tx->arena);
	rc = cursor_end(&rows, tx->error);
	return rc ? rc : account_mobile_of_row(tx, account_id, sealed, out);
}

enum result account_name(struct transaction *tx, const char **out)
{
	enum result rc;

	if (tx->actor.kind == ACTOR_CANDIDATE) {
		rc = account_mobile(tx, tx->actor.id, out);
		*out = rc || !*out ? "" : *out;
		return rc;
	}
	return store_text(tx->db, tx->arena, "SELECT login FROM account WHERE id = ?1",
		BIND(TEXT(tx->actor.id)), out, tx->error);
}

enum result account_password_check(
	struct transaction *tx, const char *name, const char *password, const char *pointer)
{
	const json *profile = NULL; /* the deployment has none */
	enum result rc = tenant_is_control(tx->tenant) ? OK : profile_load(tx, &profile);

	if (rc)
		return rc;
	const char *centre = json_get_text(profile, "name");
	const char *brief = json_get_text(profile, "short_name");
	const char *words[] = {"kaowu", "考务", tenant_slug(tx->tenant), name, centre ? centre : "",
		brief ? brief : "", NULL};

	return password_acceptable(password, words, pointer, tx->error);
}

static enum result password_set(
	struct transaction *tx, const char *account_id, const char *password_hash)
{
	enum result rc = store_run(tx->db, "UPDATE account SET password_hash = ?2 WHERE id = ?1",
		BIND(TEXT(account_id), TEXT(password_hash)), tx->error);

	return rc ? rc : sessions_end(tx, account_id);
}

enum result account_reset(
	struct transaction *tx, const char *mobile, const char *password_hash, const char **id)
{
	const char *found;
	enum result rc = account_of_mobile(tx, mobile, &found);

	if (rc)
		return rc;
	if (!found) {
		fault_add(tx->error, "/code", "code.wrong", NULL);
		return refuse_faults(tx->error);
	}
	rc = password_set(tx, found, password_hash);
	rc = rc ? rc : sign_in_unlock(tx, ACTOR_CANDIDATE, mobile);
	if (rc)
		return rc;
	*id = found;
	return audit_append(tx, "account.reset", found, NULL);
}

enum result account_password_change(struct transaction *tx, const char *password_hash)
{
	enum result rc = password_set(tx, tx->actor.id, password_hash);

	return rc ? rc : audit_append(tx, "account.password_changed", tx->actor.id, NULL);
}

/* To the old number, for somebody else may have done it. */
static enum result mobile_change_tell(struct transaction *tx, const char *account_id)
{
	return notice_account(tx, account_id, "mobile_changed", account_id,
		arena_printf(tx->arena, "mobile_changed:%s", id_create(tx->arena)), NULL);
}

/* The messages of before, and the one of this, are found, and erased one day, by the number that the person has now. */
static enum result mobile_set(struct transaction *tx, const char *id, const char *mobile)
{
	const char *index = blind_index(tx->arena, tx->keys, "mobile", mobile), *taken;
	enum result rc = account_of_mobile(tx, mobile, &taken);

	if (rc)
		return rc;
	if (taken)
		return fail(tx->error, CONFLICT, "account.exists", NULL);
	rc = mobile_change_tell(tx, id);
	rc = rc ? rc
		: store_run(tx->db,
			  "UPDATE outbox SET recipient_index = ?2"
			  " WHERE recipient_index = (SELECT mobile_index FROM account WHERE id = ?1)",
			  BIND(TEXT(id), TEXT(index)), tx->error);
	rc = rc ? rc
		: store_run(tx->db,
			  "UPDATE account SET mobile_sealed = ?2, mobile_index = ?3 WHERE id = ?1",
			  BIND(TEXT(id),
				  BLOB(seal_text(
					  tx->arena, tx->keys, mobile_context(tx, id), mobile)),
				  TEXT(index)),
			  tx->error);
	return rc ? rc : sign_in_unlock(tx, ACTOR_CANDIDATE, mobile);
}

enum result account_mobile_change(struct transaction *tx, const char *mobile)
{
	enum result rc = mobile_set(tx, tx->actor.id, mobile);

	return rc ? rc : audit_append(tx, "account.mobile_changed", tx->actor.id, NULL);
}

enum result account_recover(
	struct transaction *tx, const char *account_id, const char *mobile, const json *detail)
{
	enum result rc = mobile_set(tx, account_id, mobile);

	rc = rc ? rc : password_set(tx, account_id, NULL);
	return rc ? rc : audit_append(tx, "account.recovered", account_id, detail);
}
