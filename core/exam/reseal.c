/*
 * Each column that holds sealed values, row by row; and the files of a plan.
 */
#include "reseal.h"

#include <stdio.h>

#include "base/log.h"
#include "base/text.h"
#include "store/files.h"

#define AT_ONCE 100 /* values in a transaction: some milliseconds */

/* `context` is SQL for what the column's module seals by. */
#define COLUMN(table, column, context)                                                             \
	{                                                                                          \
		"SELECT rowid, " context ", " column " FROM " table                                \
		" WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",                                       \
			"UPDATE " table " SET " column " = ?2 WHERE rowid = ?1"                    \
	}

static const struct {
	const char *select, *update;
} columns[] = {
	COLUMN("account", "mobile_sealed", "'account.mobile:' || id"),
	COLUMN("application", "form_sealed", "'application.form:' || id"),
	COLUMN("revision", "form_sealed", "'revision.form:' || application_id || ':' || revision"),
	COLUMN("outbox", "payload_sealed", "'outbox.payload:' || id"),
	COLUMN("second_factor", "secret_sealed", "'second_factor.secret:' || account_id"),
	COLUMN("secret", "value_sealed", "'secret.value:' || name"),
};

static void damage_tell(struct transaction *tx, struct reseal *reseal, const char *what)
{
	reseal->damaged++;
	log_event(LOG_ERROR, "reseal.damaged", "tenant", tenant_slug(tx->tenant), "value", what,
		NULL);
}

static enum result value_reseal(
	struct transaction *tx, struct reseal *reseal, const char *context, struct bytes sealed)
{
	struct error damage = {.arena = tx->arena};
	struct bytes plain;

	if (sealed.size == 0 || sealed_by_newest(tx->keys, sealed))
		return OK;
	if (unseal(tx->arena, tx->keys, context, sealed, &plain, &damage)) {
		damage_tell(tx, reseal, context);
		return OK;
	}
	reseal->values++;
	return store_run(tx->db, columns[reseal->column].update,
		BIND(INTEGER(reseal->row), BLOB(seal(tx->arena, tx->keys, context, plain))),
		tx->error);
}

enum result reseal_values(struct transaction *tx, struct reseal *reseal, bool *more)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	size_t count = 0;
	enum result rc = store_query(tx->db, &rows, columns[reseal->column].select,
		BIND(INTEGER(reseal->row), INTEGER(AT_ONCE)), tx->error);

	for (; !rc && cursor_next(&rows); count++) {
		reseal->row = cursor_integer(&rows, 0);
		rc = value_reseal(tx, reseal, cursor_text(&rows, 1, tx->arena),
			cursor_blob(&rows, 2, tx->arena));
	}
	rc = rc ? rc : cursor_end(&rows, tx->error);
	if (!rc && count < AT_ONCE) {
		reseal->column++;
		reseal->row = 0;
	}
	*more = reseal->column < COUNT(columns);
	return rc;
}

/* The sweep may have taken it meanwhile. */
static enum result file_reseal(
	struct transaction *tx, struct reseal *reseal, struct files *files, const char *id)
{
	struct error failure = {.arena = tx->arena};
	bool anew = false;
	enum result rc = files_reseal(files, id, &anew, &failure);

	reseal->files += anew;
	if (!rc || rc == NOT_FOUND)
		return OK;
	if (!text_starts(failure.code, "seal.") &&
		!text_equal(failure.code, "store.file_damaged")) {
		*tx->error = failure;
		return rc;
	}
	damage_tell(tx, reseal, id);
	return OK;
}

static enum result plan_files_reseal(
	struct transaction *tx, const char *plan_id, struct reseal *reseal)
{
	struct files *files;
	json *ids;
	enum result rc = tenant_files(tx->tenant, plan_id, &files, tx->error);

	rc = rc ? rc : files_list(files, tx->arena, tx->now, &ids, tx->error);
	json_each(id, rc ? NULL : ids)
	{
		rc = file_reseal(tx, reseal, files, json_text(id));
		if (rc)
			return rc;
	}
	return rc;
}

enum result reseal_files(struct transaction *tx, struct reseal *reseal, bool *more)
{
	const char *plan_id;
	enum result rc =
		store_find_text(tx->db, tx->arena, "SELECT MIN(id) FROM plan WHERE id > ?1",
			BIND(TEXT(reseal->plan_id)), &plan_id, tx->error);

	*more = !rc && plan_id;
	if (!*more)
		return rc;
	(void)snprintf(reseal->plan_id, sizeof(reseal->plan_id), "%s", plan_id);
	return plan_files_reseal(tx, plan_id, reseal);
}
