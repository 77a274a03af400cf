/*
 * Changing staff. Whether an administrator is left is judged after the change, in its transaction.
 */
#include "staffing.h"

#include "base/id.h"
#include "base/text.h"
#include "member.h"
#include "second_factor.h"

static enum result member_load(struct transaction *tx, const char *id, json **out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *member = NULL;
	enum result rc = store_query(tx->db, &rows,
		"SELECT " MEMBER_COLUMNS " FROM account WHERE kind = 'staff' AND id = ?1",
		BIND(TEXT(id)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		member = member_json(tx, &rows);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!member)
		return fail(tx->error, NOT_FOUND, "staff.none", NULL);
	*out = member;
	return OK;
}

static enum result administrator_expect_active(struct transaction *tx)
{
	bool left;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM account WHERE kind = 'staff' AND state = 'active'"
		" AND (roles & ?1) <> 0",
		BIND(INTEGER(ROLE_ADMIN)), &left, tx->error);

	if (rc)
		return rc;
	return left ? OK : fail(tx->error, CONFLICT, "staff.last_admin", NULL);
}

static enum result invited(
	struct transaction *tx, const char *id, const char *login, json **invitation)
{
	json *view;
	enum result rc = member_invite(tx, id, login, &view);

	if (rc)
		return rc;
	json_set_text(tx->arena, view, "id", id);
	*invitation = view;
	return OK;
}

enum result staffing_create(struct transaction *tx, const json *body, json **invitation)
{
	const char *id = id_create(tx->arena);
	const char *login = json_get_text(body, "login");
	uint32_t roles = member_roles(json_get(body, "roles"));
	enum result rc = store_run(tx->db,
		"INSERT INTO account (id, kind, state, login, name, roles, created_at)"
		" VALUES (?1, 'staff', 'invited', ?2, ?3, ?4, ?5) ON CONFLICT (login) DO NOTHING",
		BIND(TEXT(id), TEXT(login), TEXT(json_get_text(body, "name")), INTEGER(roles),
			INTEGER(tx->now)),
		tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) == 0) {
		fault_add(tx->error, "/login", "staff.login_taken", "login", login, NULL);
		return refuse_faults(tx->error);
	}
	rc = member_changed(tx, id, roles);
	return rc ? rc : invited(tx, id, login, invitation);
}

enum result staffing_change(
	struct transaction *tx, const char *id, int64_t version, const json *body, json **member)
{
	uint32_t roles = member_roles(json_get(body, "roles"));
	json *found;
	enum result rc = member_load(tx, id, &found);

	if (rc)
		return rc;
	if (json_get_integer(found, "version") != version)
		return fail(tx->error, STALE, "staff.stale", NULL);
	rc = store_run(tx->db,
		"UPDATE account SET name = ?2, roles = ?3, version = version + 1 WHERE id = ?1",
		BIND(TEXT(id), TEXT(json_get_text(body, "name")), INTEGER(roles)), tx->error);
	rc = rc ? rc : administrator_expect_active(tx);
	rc = rc ? rc : member_changed(tx, id, roles);
	return rc ? rc : member_load(tx, id, member);
}

enum result staffing_disable(struct transaction *tx, const char *id, json **member)
{
	json *found;
	enum result rc = member_load(tx, id, &found);

	if (rc)
		return rc;
	if (!text_equal(json_get_text(found, "state"), "disabled")) {
		rc = member_disable(tx, id);
		rc = rc ? rc : administrator_expect_active(tx);
	}
	return rc ? rc : member_load(tx, id, member);
}

enum result staffing_factor_reset(struct transaction *tx, const char *id, json **member)
{
	json *found;
	enum result rc = member_load(tx, id, &found);

	if (rc)
		return rc;
	if (text_equal(id, tx->actor.id))
		return fail(tx->error, CONFLICT, "staff.own_factor", NULL);
	rc = second_factor_reset(tx, id);
	return rc ? rc : member_load(tx, id, member);
}

enum result staffing_invite(struct transaction *tx, const char *id, json **invitation)
{
	json *found;
	enum result rc = member_load(tx, id, &found);

	rc = rc ? rc
		: store_run(tx->db,
			  "UPDATE account SET state = 'invited', version = version + 1"
			  " WHERE id = ?1 AND state = 'disabled'",
			  BIND(TEXT(id)), tx->error);
	return rc ? rc : invited(tx, id, json_get_text(found, "login"), invitation);
}
