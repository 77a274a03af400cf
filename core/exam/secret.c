/*
 * The table `secret`.
 */
#include "secret.h"

#include <string.h>

#include "audit.h"
#include "base/limits.h"
#include "outbound/outbox.h"

#define NAME_LONGEST 40

static const char *context(struct transaction *tx, const char *name)
{
	return arena_printf(tx->arena, "secret.value:%s", name);
}

static bool name_valid(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	size_t length = strlen(name);

	return length > 0 && length <= NAME_LONGEST && strspn(name, letters) > 0 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static enum result none(struct transaction *tx, const char *name)
{
	return fail(tx->error, NOT_FOUND, "secret.none", "name", name, NULL);
}

enum result secret_set(struct transaction *tx, const char *name, const char *value)
{
	enum result rc;

	if (!name_valid(name))
		return fail(tx->error, INVALID, "secret.name", "name", name, NULL);
	if (!*value)
		return fail(tx->error, INVALID, "secret.empty", NULL);
	if (strlen(value) > LIMIT_SECRET)
		return fail(tx->error, INVALID, "secret.long", NULL);

	rc = store_run(tx->db,
		"INSERT INTO secret (name, value_sealed, changed_at) VALUES (?1, ?2, ?3)"
		" ON CONFLICT (name) DO UPDATE SET value_sealed = excluded.value_sealed,"
		" changed_at = excluded.changed_at",
		BIND(TEXT(name), BLOB(seal_text(tx->arena, tx->keys, context(tx, name), value)),
			INTEGER(tx->now)),
		tx->error);
	rc = rc ? rc : outbox_release(tx->db, CHANNEL_SMS, tx->error);
	return rc ? rc : audit_append(tx, "secret.set", name, NULL);
}

enum result secret_remove(struct transaction *tx, const char *name)
{
	enum result rc = store_run(
		tx->db, "DELETE FROM secret WHERE name = ?1", BIND(TEXT(name)), tx->error);

	if (rc)
		return rc;
	if (store_changes(tx->db) == 0)
		return none(tx, name);
	return audit_append(tx, "secret.removed", name, NULL);
}

enum result secret_get(struct transaction *tx, const char *name, const char **value)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct bytes sealed = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT value_sealed FROM secret WHERE name = ?1", BIND(TEXT(name)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		sealed = cursor_blob(&rows, 0, tx->arena);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (sealed.size == 0)
		return none(tx, name);
	return unseal_text(tx->arena, tx->keys, context(tx, name), sealed, value, tx->error);
}

enum result secret_list(struct transaction *tx, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT name, changed_at AS \"changed_at@\" FROM secret ORDER BY name", BIND_NONE,
		out, tx->error);
}
