/*
 * The tables `second_factor` and `recovery_code`.
 */
#include "second_factor.h"

#include <assert.h>

#include "audit.h"
#include "base/id.h"
#include "base/totp.h"
#include "member.h"
#include "profile.h"
#include "session.h"

/* A row of second_factor; without a secret there is none. */
struct factor {
	struct bytes sealed;
	int64_t used_step, confirmed_at;
};

static const char *context(struct transaction *tx, const char *account_id)
{
	return arena_printf(tx->arena, "second_factor.secret:%s", account_id);
}

static enum result factor_load(struct transaction *tx, const char *account_id, struct factor *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT secret_sealed, used_step, COALESCE(confirmed_at, 0) FROM second_factor"
		" WHERE account_id = ?1",
		BIND(TEXT(account_id)), tx->error);

	*out = (struct factor){0};
	if (rc)
		return rc;
	if (cursor_next(&rows))
		*out = (struct factor){cursor_blob(&rows, 0, tx->arena), cursor_integer(&rows, 1),
			cursor_integer(&rows, 2)};
	return cursor_end(&rows, tx->error);
}

/* A centre without a profile demands nothing. Operators have no roles, and their house no profile. */
enum result second_factor_demanded(struct transaction *tx, uint32_t roles, bool *demanded)
{
	const json *profile;
	enum result rc;

	*demanded = false;
	if (roles == 0)
		return OK;
	rc = profile_find(tx, &profile);
	if (rc)
		return rc;
	*demanded =
		(roles & member_roles(json_at_pointer(profile, "/second_factor/required"))) != 0;
	return OK;
}

enum result second_factor_active(struct transaction *tx, const char *account_id, bool *active)
{
	struct factor factor;
	enum result rc = factor_load(tx, account_id, &factor);

	if (rc)
		return rc;
	*active = factor.confirmed_at != 0;
	return OK;
}

/* Writes the step down as used, if the code is that of one which is not. */
static enum result code_take(struct transaction *tx, const char *account_id,
	const struct factor *factor, const char *code, bool *good)
{
	struct bytes secret;
	enum result rc = unseal(
		tx->arena, tx->keys, context(tx, account_id), factor->sealed, &secret, tx->error);

	if (rc)
		return rc;
	assert(secret.size == TOTP_SECRET_SIZE); /* what opens is what was sealed */
	int64_t step = totp_match(secret.data, code, tx->now, factor->used_step);

	*good = step != 0;
	if (!*good)
		return OK;
	return store_run(tx->db, "UPDATE second_factor SET used_step = ?2 WHERE account_id = ?1",
		BIND(TEXT(account_id), INTEGER(step)), tx->error);
}

static const char *recovery_hash(
	struct transaction *tx, const char *account_id, const char *normalised)
{
	return blind_index(tx->arena, tx->keys,
		arena_printf(tx->arena, "recovery_code:%s", account_id), normalised);
}

static enum result recovery_take(
	struct transaction *tx, const char *account_id, const char *code, bool *good)
{
	const char *normalised = recovery_code_normalise(tx->arena, code);
	enum result rc;

	*good = false;
	if (!normalised)
		return OK;
	rc = store_run(tx->db, "DELETE FROM recovery_code WHERE account_id = ?1 AND code_hash = ?2",
		BIND(TEXT(account_id), TEXT(recovery_hash(tx, account_id, normalised))), tx->error);
	if (rc)
		return rc;
	*good = store_changes(tx->db) > 0;
	return *good ? audit_append(tx, "second_factor.recovered", account_id, NULL) : OK;
}

enum result second_factor_use(
	struct transaction *tx, const char *account_id, const char *code, bool *good)
{
	struct factor factor;
	enum result rc = factor_load(tx, account_id, &factor);

	*good = false;
	if (rc || factor.confirmed_at == 0)
		return rc;
	rc = code_take(tx, account_id, &factor, code, good);
	return rc || *good ? rc : recovery_take(tx, account_id, code, good);
}

enum result second_factor_view(struct transaction *tx, json **out)
{
	struct factor factor;
	int64_t codes;
	bool demanded;
	json *view = json_new_object(tx->arena);
	enum result rc = factor_load(tx, tx->actor.id, &factor);

	rc = rc ? rc : second_factor_demanded(tx, tx->actor.roles, &demanded);
	rc = rc ? rc
		: store_integer(tx->db, "SELECT COUNT(*) FROM recovery_code WHERE account_id = ?1",
			  BIND(TEXT(tx->actor.id)), &codes, tx->error);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "state", factor.confirmed_at ? "active" : "none");
	json_set_boolean(tx->arena, view, "demanded", demanded || tx->actor.unenrolled);
	if (factor.confirmed_at)
		json_set_moment(tx->arena, view, "confirmed_at", factor.confirmed_at);
	else
		json_set_text(tx->arena, view, "confirmed_at", NULL);
	json_set_integer(tx->arena, view, "recovery_codes", codes);
	*out = view;
	return OK;
}

/* Whose account it is, as an authenticator shows it beside the login. */
static enum result issuer_name(struct transaction *tx, const char **out)
{
	const json *profile;
	const char *short_name;
	enum result rc;

	if (tenant_is_control(tx->tenant)) {
		*out = message_text(tx->arena, tx->language, "second_factor.deployment", NULL);
		return OK;
	}
	rc = profile_load(tx, &profile);
	if (rc)
		return rc;
	short_name = json_get_text(profile, "short_name");
	*out = short_name ? short_name : json_get_text(profile, "name");
	return OK;
}

static enum result secret_view(
	struct transaction *tx, const uint8_t secret[TOTP_SECRET_SIZE], json **out)
{
	const char *login, *issuer;
	json *view = json_new_object(tx->arena);
	enum result rc = store_text(tx->db, tx->arena, "SELECT login FROM account WHERE id = ?1",
		BIND(TEXT(tx->actor.id)), &login, tx->error);

	rc = rc ? rc : issuer_name(tx, &issuer);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "secret", totp_secret_text(tx->arena, secret));
	json_set_text(tx->arena, view, "uri", totp_uri(tx->arena, issuer, login, secret));
	*out = view;
	return OK;
}

enum result second_factor_begin(struct transaction *tx, json **out)
{
	uint8_t secret[TOTP_SECRET_SIZE];
	const char *id = tx->actor.id;
	bool active;
	enum result rc = second_factor_active(tx, id, &active);

	if (rc)
		return rc;
	if (active)
		return fail(tx->error, CONFLICT, "second_factor.active", NULL);
	random_bytes(secret, sizeof(secret));
	rc = store_run(tx->db,
		"INSERT INTO second_factor (account_id, secret_sealed, used_step, created_at)"
		" VALUES (?1, ?2, 0, ?3) ON CONFLICT (account_id) DO UPDATE SET"
		" secret_sealed = excluded.secret_sealed, used_step = 0,"
		" created_at = excluded.created_at",
		BIND(TEXT(id),
			BLOB(seal(tx->arena, tx->keys, context(tx, id),
				bytes_of(secret, sizeof(secret)))),
			INTEGER(tx->now)),
		tx->error);
	return rc ? rc : secret_view(tx, secret, out);
}

static enum result recovery_codes_create(struct transaction *tx, json **out)
{
	json *codes = json_new_array(tx->arena);
	enum result rc = store_run(tx->db, "DELETE FROM recovery_code WHERE account_id = ?1",
		BIND(TEXT(tx->actor.id)), tx->error);

	for (int i = 0; !rc && i < RECOVERY_CODES; i++) {
		const char *code = recovery_code_create(tx->arena);

		json_append(codes, json_new_text(tx->arena, code));
		rc = store_run(tx->db,
			"INSERT INTO recovery_code (account_id, code_hash) VALUES (?1, ?2)",
			BIND(TEXT(tx->actor.id),
				TEXT(recovery_hash(tx, tx->actor.id,
					recovery_code_normalise(tx->arena, code)))),
			tx->error);
	}
	if (rc)
		return rc;
	*out = codes;
	return OK;
}

enum result second_factor_confirm(
	struct transaction *tx, const char *code, bool *good, json **codes)
{
	const char *id = tx->actor.id;
	struct factor factor;
	enum result rc = factor_load(tx, id, &factor);

	*good = false;
	if (rc)
		return rc;
	if (factor.confirmed_at)
		return fail(tx->error, CONFLICT, "second_factor.active", NULL);
	if (factor.sealed.size == 0)
		return fail(tx->error, CONFLICT, "second_factor.not_begun", NULL);
	rc = code_take(tx, id, &factor, code, good);
	if (rc || !*good)
		return rc;
	rc = store_run(tx->db, "UPDATE second_factor SET confirmed_at = ?2 WHERE account_id = ?1",
		BIND(TEXT(id), INTEGER(tx->now)), tx->error);
	rc = rc ? rc : recovery_codes_create(tx, codes);
	rc = rc ? rc : sessions_end(tx, id);
	return rc ? rc : audit_append(tx, "second_factor.enrolled", id, NULL);
}

enum result second_factor_remove(struct transaction *tx, const char *account_id)
{
	enum result rc = store_run(tx->db, "DELETE FROM second_factor WHERE account_id = ?1",
		BIND(TEXT(account_id)), tx->error);

	rc = rc ? rc
		: store_run(tx->db, "DELETE FROM recovery_code WHERE account_id = ?1",
			  BIND(TEXT(account_id)), tx->error);
	return rc;
}

enum result second_factor_reset(struct transaction *tx, const char *account_id)
{
	enum result rc = second_factor_remove(tx, account_id);

	rc = rc ? rc : sessions_end(tx, account_id);
	return rc ? rc : audit_append(tx, "second_factor.reset", account_id, NULL);
}
