/*
 * Staff: named in tenant.json, invited once, disabled when no longer named. Whom it named last is kept as a setting, so
 * that those who were invited otherwise can be told from them.
 */
#include "staff.h"

#include <string.h>

#include "base/id.h"
#include "member.h"
#include "second_factor.h"
#include "session.h"
#include "sign_in.h"

static enum result invite(
	struct transaction *tx, const char *account_id, const char *login, json *invitations)
{
	json *invitation;
	enum result rc = member_invite(tx, account_id, login, &invitation);

	if (rc)
		return rc;
	json_append(invitations, invitation);
	return OK;
}

/* Brings the account of this login up to date, if there is one; *changed tells whether anything was different. */
static enum result member_update(
	struct transaction *tx, const json *member, uint32_t roles, bool *changed)
{
	enum result rc = store_run(tx->db,
		"UPDATE account SET name = ?2, roles = ?3, version = version + 1,"
		" state = CASE state WHEN 'disabled' THEN 'invited' ELSE state END"
		" WHERE login = ?1 AND (name <> ?2 OR roles <> ?3 OR state = 'disabled')",
		BIND(TEXT(json_get_text(member, "login")), TEXT(json_get_text(member, "name")),
			INTEGER(roles)),
		tx->error);

	if (rc)
		return rc;
	*changed = store_changes(tx->db) > 0;
	return OK;
}

/* Invited anew while nobody has accepted and nothing is outstanding. */
static enum result invitation_wanted(struct transaction *tx, const char *id, bool *wanted)
{
	return store_has(tx->db,
		"SELECT 1 FROM account a WHERE a.id = ?1 AND a.state = 'invited' AND NOT EXISTS"
		" (SELECT 1 FROM invitation i WHERE i.account_id = a.id AND i.used_at IS NULL"
		" AND i.expires_at > ?2)",
		BIND(TEXT(id), INTEGER(tx->now)), wanted, tx->error);
}

static enum result member_apply(struct transaction *tx, const json *member, json *invitations)
{
	const char *login = json_get_text(member, "login");
	uint32_t roles = member_roles(json_get(member, "roles"));
	const char *id;
	bool changed, wanted;
	enum result rc = member_update(tx, member, roles, &changed);

	if (rc)
		return rc;
	rc = store_text(tx->db, tx->arena,
		"INSERT INTO account (id, kind, state, login, name, roles, created_at)"
		" VALUES (?1, 'staff', 'invited', ?2, ?3, ?4, ?5)"
		" ON CONFLICT (login) DO UPDATE SET login = excluded.login RETURNING id",
		BIND(TEXT(id_create(tx->arena)), TEXT(login), TEXT(json_get_text(member, "name")),
			INTEGER(roles), INTEGER(tx->now)),
		&id, tx->error);
	if (rc)
		return rc;
	rc = changed ? member_changed(tx, id, roles) : OK;
	if (rc)
		return rc;
	rc = invitation_wanted(tx, id, &wanted);
	if (rc)
		return rc;
	return wanted ? invite(tx, id, login, invitations) : OK;
}

/* Two entries of one login would leave it to their order which roles hold. */
static enum result logins_check(struct transaction *tx, const json *staff)
{
	int number = 0;

	json_each(member, staff)
	{
		const char *login = json_get_text(member, "login");

		if (json_find(staff, "login", login) != member)
			fault_add(tx->error, arena_printf(tx->arena, "/staff/%d/login", number),
				"staff.twice", "login", login, NULL);
		number++;
	}
	return refuse_faults(tx->error);
}

enum result staff_apply(struct transaction *tx, const json *staff, json **invitations)
{
	json *issued = json_new_array(tx->arena);
	enum result rc = logins_check(tx, staff);

	if (rc)
		return rc;
	json_each(member, staff)
	{
		rc = member_apply(tx, member, issued);
		if (rc)
			return rc;
	}
	*invitations = issued;
	return OK;
}

/* The logins that were named when it was applied last; NULL before. */
static enum result named_load(struct transaction *tx, json **out)
{
	const char *text;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT value FROM setting WHERE key = 'staff'", BIND_NONE, &text, tx->error);

	if (rc)
		return rc;
	*out = NULL;
	return text ? json_parse(tx->arena, text, strlen(text), out, tx->error) : OK;
}

static enum result named_keep(struct transaction *tx, const json *staff)
{
	json *logins = json_new_array(tx->arena);

	json_each(member, staff)
		json_append(logins, json_new_text(tx->arena, json_get_text(member, "login")));
	return store_run(tx->db,
		"INSERT INTO setting (key, value, changed_at) VALUES ('staff', ?1, ?2)"
		" ON CONFLICT (key) DO UPDATE SET value = excluded.value,"
		" changed_at = excluded.changed_at",
		BIND(TEXT(json_print(tx->arena, logins)), INTEGER(tx->now)), tx->error);
}

/* Who is invited counts: at first nobody has accepted. */
static enum result administrator_expect_invited(struct transaction *tx)
{
	bool left;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM account WHERE kind = 'staff' AND state <> 'disabled'"
		" AND (roles & ?1) <> 0",
		BIND(INTEGER(ROLE_ADMIN)), &left, tx->error);

	if (rc)
		return rc;
	if (!left)
		fault_add(tx->error, "/staff", "staff.no_admin", NULL);
	return refuse_faults(tx->error);
}

enum result staff_dismiss(struct transaction *tx, const json *staff, struct staff_unnamed *out)
{
	struct staff_unnamed found = {json_new_array(tx->arena), json_new_array(tx->arena)};
	json *present, *before;
	enum result rc = named_load(tx, &before);

	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT id, login FROM account WHERE kind = 'staff' AND state <> 'disabled'"
			  " ORDER BY login",
			  BIND_NONE, &present, tx->error);
	json_each(member, rc ? NULL : present)
	{
		const char *login = json_get_text(member, "login");

		if (json_find(staff, "login", login))
			continue;
		bool dismissed = json_holds(before, login);
		json_append(
			dismissed ? found.disabled : found.left, json_new_text(tx->arena, login));
		rc = dismissed ? member_disable(tx, json_get_text(member, "id")) : OK;
		if (rc)
			return rc;
	}
	rc = rc ? rc : administrator_expect_invited(tx);
	rc = rc ? rc : named_keep(tx, staff);
	if (rc)
		return rc;
	*out = found;
	return OK;
}

/* Who is disabled is not found. */
static enum result staff_find(struct transaction *tx, const char *login, const char **id)
{
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT id FROM account WHERE kind = 'staff' AND state <> 'disabled' AND login = ?1",
		BIND(TEXT(login)), id, tx->error);

	if (rc || *id)
		return rc;
	return fail(tx->error, NOT_FOUND, "staff.unknown", "login", login, NULL);
}

enum result staff_invite(struct transaction *tx, const char *login, json **invitations)
{
	json *issued = json_new_array(tx->arena);
	const char *id;
	enum result rc = staff_find(tx, login, &id);

	rc = rc ? rc : invite(tx, id, login, issued);
	if (rc)
		return rc;
	*invitations = issued;
	return OK;
}

enum result staff_factor_reset(struct transaction *tx, const char *login)
{
	const char *id;
	enum result rc = staff_find(tx, login, &id);

	return rc ? rc : second_factor_reset(tx, id);
}

/* Uses the invitation up; NULL if it is not good. */
static enum result invitation_use(
	struct transaction *tx, const char *token, const char **account_id)
{
	return store_find_text(tx->db, tx->arena,
		"UPDATE invitation SET used_at = ?2 WHERE token_hash = ?1 AND used_at IS NULL"
		" AND expires_at > ?2 RETURNING account_id",
		BIND(TEXT(token_hash(tx, token)), INTEGER(tx->now)), account_id, tx->error);
}

enum result staff_invited(struct transaction *tx, const char *token, const char **login)
{
	return store_find_text(tx->db, tx->arena,
		"SELECT a.login FROM invitation i JOIN account a ON a.id = i.account_id"
		" WHERE i.token_hash = ?1 AND i.used_at IS NULL AND i.expires_at > ?2",
		BIND(TEXT(token_hash(tx, token)), INTEGER(tx->now)), login, tx->error);
}

enum result staff_accept(struct transaction *tx, const char *token, const char *password_hash,
	const char **account_id)
{
	const char *id;
	json *account;
	enum result rc = invitation_use(tx, token, &id);

	if (rc)
		return rc;
	if (!id) {
		fault_add(tx->error, "/token", "staff.invitation", NULL);
		return refuse_faults(tx->error);
	}
	rc = store_object(tx->db, tx->arena,
		"UPDATE account SET password_hash = ?2, state = 'active' WHERE id = ?1"
		" RETURNING kind, login",
		BIND(TEXT(id), TEXT(password_hash)), &account, tx->error);
	if (rc)
		return rc;
	rc = sign_in_unlock(tx, actor_kind_from_name(json_get_text(account, "kind")),
		json_get_text(account, "login"));
	if (rc)
		return rc;
	rc = sessions_end(tx, id);
	if (rc)
		return rc;
	*account_id = id;
	return member_accepted(tx, id);
}

enum result staff_list(struct transaction *tx, const struct page *page, json **out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *view = json_new_object(tx->arena);
	json *staff = json_new_array(tx->arena);
	enum result rc = store_query(tx->db, &rows,
		"SELECT " MEMBER_COLUMNS " FROM account WHERE kind = 'staff'"
		" AND (?1 = 0 OR login > ?2) ORDER BY login LIMIT ?3",
		BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows))
		json_append(staff, member_json(tx, &rows));
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	page_end(tx->arena, page, view, "staff", staff, NULL, "login");
	*out = view;
	return OK;
}
