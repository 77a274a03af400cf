/*
 * One member of staff, as rows: what tenant.json and an administrator both do to one, and a command to an operator.
 */
#include "member.h"

#include "audit.h"
#include "base/id.h"
#include "base/limits.h"
#include "session.h"

uint32_t member_roles(const json *names)
{
	uint32_t roles = 0;

	json_each(name, names) roles |= role_from_name(json_text(name));
	return roles;
}

json *member_json(struct transaction *tx, const struct cursor *row)
{
	json *view = cursor_object(row, tx->arena);

	json_set(tx->arena, view, "roles",
		roles_json(tx->arena, (uint32_t)json_get_integer(view, "roles")));
	return view;
}

/* "staff.invited", or "operator.invited" in the deployment's own house. */
static enum result told(struct transaction *tx, const char *act, const char *id, const json *detail)
{
	const char *whose = tenant_is_control(tx->tenant) ? "operator" : "staff";

	return audit_append(tx, arena_printf(tx->arena, "%s.%s", whose, act), id, detail);
}

enum result member_accepted(struct transaction *tx, const char *id)
{
	return told(tx, "accepted", id, NULL);
}

static enum result invitations_void(struct transaction *tx, const char *id)
{
	return store_run(tx->db, "DELETE FROM invitation WHERE account_id = ?1 AND used_at IS NULL",
		BIND(TEXT(id)), tx->error);
}

enum result member_invite(
	struct transaction *tx, const char *id, const char *login, json **invitation)
{
	const char *token = token_create(tx->arena);
	int64_t expires_at = tx->now + LIMIT_INVITATION_LIFE;
	json *view = json_new_object(tx->arena);
	enum result rc = invitations_void(tx, id);

	rc = rc ? rc
		: store_run(tx->db,
			  "INSERT INTO invitation (token_hash, account_id, created_at, expires_at)"
			  " VALUES (?1, ?2, ?3, ?4)",
			  BIND(TEXT(token_hash(tx, token)), TEXT(id), INTEGER(tx->now),
				  INTEGER(expires_at)),
			  tx->error);

	if (rc)
		return rc;
	json_set_text(tx->arena, view, "login", login);
	json_set_text(tx->arena, view, "token", token);
	json_set_moment(tx->arena, view, "expires_at", expires_at);
	*invitation = view;
	return told(tx, "invited", id, NULL);
}

enum result member_changed(struct transaction *tx, const char *id, uint32_t roles)
{
	json *detail = json_new_object(tx->arena);

	json_set(tx->arena, detail, "roles", roles_json(tx->arena, roles));
	return told(tx, "changed", id, detail);
}

enum result member_disable(struct transaction *tx, const char *id)
{
	enum result rc = store_run(tx->db,
		"UPDATE account SET state = 'disabled', password_hash = NULL, version = version + 1"
		" WHERE id = ?1",
		BIND(TEXT(id)), tx->error);

	rc = rc ? rc : sessions_end(tx, id);
	rc = rc ? rc : invitations_void(tx, id);
	return rc ? rc : told(tx, "disabled", id, NULL);
}
