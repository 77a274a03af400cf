/*
 * SQLite's codes as results, and the rule that poisons a writer.
 *
 * A refusal by a constraint leaves everything as it was. Trouble with the file inside a write does not: after a
 * failed write or fsync nobody knows what the disk holds, so the store refuses everything until it has been closed.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sqlite.h"

static bool disk_full(const struct store *store)
{
	int number = sqlite3_system_errno(store->connection);

	return number == ENOSPC || number == EDQUOT;
}

static enum result constraint_result(int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_CHECK:
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return CONFLICT;
	default:
		return BROKEN;
	}
}

static enum result result_of(const struct store *store, int code)
{
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT:
		return constraint_result(code);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return BUSY;
	case SQLITE_FULL:
		return FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return disk_full(store) ? FULL : BROKEN;
	default:
		return BROKEN;
	}
}

/* Faults of our own SQL, not of the file: the transaction can go on. */
static bool harmless(int code)
{
	switch (code & 0xff) {
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_SCHEMA:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
	case SQLITE_AUTH:
	case SQLITE_RANGE:
	case SQLITE_READONLY:
		return true;
	default:
		return false;
	}
}

enum result sqlite_note(struct store *store, int code)
{
	bool vanished = store->began && sqlite3_get_autocommit(store->connection);

	snprintf(store->failure, sizeof(store->failure), "%s", sqlite3_errmsg(store->connection));
	if (vanished || (store->mode != STORE_READ && !harmless(code)))
		store->poisoned = true;
	return result_of(store, code);
}

/* "UNIQUE constraint failed: plan.id, plan.name" names the columns after the colon. */
static const char *constraint_of(const char *failure)
{
	const char *colon = strstr(failure, ": ");

	return colon ? colon + 2 : failure;
}

enum result sqlite_raise(struct store *store, enum result result, struct error *error)
{
	switch (result) {
	case CONFLICT:
		return fail(error, CONFLICT, "store.conflict", "constraint",
			constraint_of(store->failure), NULL);
	case BUSY:
		return trouble(error, BUSY, "store.busy", "%s", store->failure);
	case FULL:
		return trouble(error, FULL, "store.full", "%s", store->failure);
	default:
		return trouble(error, BROKEN, "store.broken", "%s", store->failure);
	}
}

enum result sqlite_fail(struct store *store, int code, struct error *error)
{
	assert(code);
	return sqlite_raise(store, sqlite_note(store, code), error);
}

enum result sqlite_sound(const struct store *store, struct error *error)
{
	if (!store->poisoned)
		return OK;
	return trouble(error, BROKEN, "store.poisoned", "after: %s", store->failure);
}
