/*
 * Begin, commit, savepoint. These words are the engine's own: prepared once, and refused in a caller's SQL.
 *
 * A commit that fails is never tried again: the transaction is rolled back and the store is poisoned, unless it
 * was a deferred constraint that refused, before anything was written.
 */
#include <assert.h>

#include "sqlite.h"

static const char *const order_sql[ORDER_COUNT] = {
	[ORDER_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[ORDER_BEGIN_READ] = "BEGIN",
	/* A read transaction takes its snapshot when it first reads. */
	[ORDER_SNAPSHOT] = "SELECT 1 FROM sqlite_schema LIMIT 1",
	[ORDER_COMMIT] = "COMMIT",
	[ORDER_ROLLBACK] = "ROLLBACK",
	[ORDER_SAVEPOINT] = "SAVEPOINT job",
	[ORDER_RELEASE] = "RELEASE job",
	[ORDER_ROLLBACK_TO] = "ROLLBACK TO job",
};

enum result sqlite_prepare_orders(struct store *store, struct error *error)
{
	for (int i = 0; i < ORDER_COUNT; i++) {
		int code = sqlite3_prepare_v3(store->connection, order_sql[i], -1,
			SQLITE_PREPARE_PERSISTENT, &store->orders[i], NULL);
		if (code)
			return sqlite_fail(store, code, error);
	}
	return OK;
}

void sqlite_forget_orders(struct store *store)
{
	for (int i = 0; i < ORDER_COUNT; i++)
		sqlite3_finalize(store->orders[i]);
}

static int give_order(struct store *store, enum order order)
{
	sqlite3_step(store->orders[order]);
	return sqlite3_reset(store->orders[order]);
}

static enum result obey(struct store *store, enum order order, struct error *error)
{
	enum result rc = sqlite_sound(store, error);
	if (rc)
		return rc;

	int code = give_order(store, order);
	return code ? sqlite_fail(store, code, error) : OK;
}

enum result store_begin(struct store *store, struct error *error)
{
	assert(!store->began);
	bool reading = store->mode == STORE_READ;
	enum result rc = obey(store, reading ? ORDER_BEGIN_READ : ORDER_BEGIN_WRITE, error);
	if (rc)
		return rc;

	store->began = true;
	rc = reading ? obey(store, ORDER_SNAPSHOT, error) : OK;
	if (rc)
		store_rollback(store);
	return rc;
}

enum result store_commit(struct store *store, struct error *error)
{
	assert(store->began && !store->saved);
	enum result rc = obey(store, ORDER_COMMIT, error);
	if (!rc) {
		store->began = false;
		return OK;
	}

	if (rc != CONFLICT)
		store->poisoned = true;
	store_rollback(store);
	return rc;
}

void store_rollback(struct store *store)
{
	/* After some failures SQLite has rolled back already. */
	if (store->began && !sqlite3_get_autocommit(store->connection) &&
		give_order(store, ORDER_ROLLBACK))
		store->poisoned = true;
	store->began = false;
	store->saved = false;
}

enum result store_savepoint(struct store *store, struct error *error)
{
	assert(store->began && !store->saved);
	enum result rc = obey(store, ORDER_SAVEPOINT, error);
	if (rc)
		return rc;

	store->saved = true;
	return OK;
}

enum result store_release(struct store *store, struct error *error)
{
	assert(store->saved);
	store->saved = false;
	return obey(store, ORDER_RELEASE, error);
}

enum result store_rollback_savepoint(struct store *store, struct error *error)
{
	assert(store->saved);
	enum result rc = obey(store, ORDER_ROLLBACK_TO, error);
	if (rc) {
		store->saved = false;
		return rc;
	}
	return store_release(store, error);
}
