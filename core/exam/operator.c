/*
 * Operators' accounts (operator.h).
 */
#include "operator.h"

#include <string.h>

#include "base/id.h"
#include "member.h"
#include "second_factor.h"

#define LOGIN_SIGNS  "abcdefghijklmnopqrstuvwxyz0123456789._-"
#define LOGIN_LENGTH 40

/* ^[a-z][a-z0-9._-]{1,40}$, as of staff. */
static bool login_valid(const char *login)
{
	size_t size = strlen(login);

	return size >= 2 && size <= LOGIN_LENGTH + 1 && login[0] >= 'a' && login[0] <= 'z' &&
	       strspn(login, LOGIN_SIGNS) == size;
}

enum result operator_invite(
	struct transaction *tx, const char *login, const char *name, json **invitation)
{
	const char *id;

	if (!login_valid(login))
		return fail(tx->error, INVALID, "operator.login", "login", login, NULL);

	enum result rc = store_text(tx->db, tx->arena,
		"INSERT INTO account (id, kind, state, login, name, created_at)"
		" VALUES (?1, 'operator', 'invited', ?2, COALESCE(?3, ?2), ?4)"
		" ON CONFLICT (login) DO UPDATE SET name = COALESCE(?3, account.name),"
		" version = account.version + 1,"
		" state = CASE account.state WHEN 'disabled' THEN 'invited' ELSE account.state END"
		" RETURNING id",
		BIND(TEXT(id_create(tx->arena)), TEXT(login), TEXT(name), INTEGER(tx->now)), &id,
		tx->error);
	return rc ? rc : member_invite(tx, id, login, invitation);
}

enum result operator_list(struct transaction *tx, json **out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *operators = json_new_array(tx->arena);
	enum result rc = store_query(tx->db, &rows,
		"SELECT " MEMBER_COLUMNS " FROM account WHERE kind = 'operator' ORDER BY login",
		BIND_NONE, tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows))
		json_append(operators, member_json(tx, &rows));
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	*out = operators;
	return OK;
}

static enum result operator_find(struct transaction *tx, const char *login, const char **id)
{
	const char *found;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT id FROM account WHERE kind = 'operator' AND login = ?1", BIND(TEXT(login)),
		&found, tx->error);

	if (rc)
		return rc;
	if (!found)
		return fail(tx->error, NOT_FOUND, "operator.unknown", "login", login, NULL);
	*id = found;
	return OK;
}

enum result operator_disable(struct transaction *tx, const char *login)
{
	const char *id;
	enum result rc = operator_find(tx, login, &id);

	return rc ? rc : member_disable(tx, id);
}

enum result operator_factor_reset(struct transaction *tx, const char *login)
{
	const char *id;
	enum result rc = operator_find(tx, login, &id);

	return rc ? rc : second_factor_reset(tx, id);
}
