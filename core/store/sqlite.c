/*
 * Opens and closes a SQLite database as a store, with the settings that were measured (docs/architecture.md).
 *
 * WAL with synchronous=FULL: a commit is one fsync of the log. Nothing is checkpointed inside a commit. Whatever
 * a log holds when a writer opens it (the process before died) is written into the database and fsynced first, so that
 * nothing new is ever appended to frames whose own fsync may have failed.
 */
#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "sqlite.h"

#define BUSY_PAUSE_MS 5

static const char writer_settings[] = "PRAGMA synchronous = FULL;"
				      "PRAGMA temp_store = MEMORY;"
				      "PRAGMA cache_size = -4096;";
static const char reader_settings[] = "PRAGMA temp_store = MEMORY;"
				      "PRAGMA cache_size = -1024;";

/* Its count of memory is one lock for all threads, taken at each allocation; nobody reads it. And it would take room
 * for twenty pages with each connection, where most of ours look at a few. Before anything else. */
__attribute__((constructor)) static void memory_settle(void)
{
	int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

	assert(code == SQLITE_OK);
	code = sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0);
	assert(code == SQLITE_OK);
}

static void harden(sqlite3 *connection)
{
	static const struct {
		int option, value;
	} settings[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_ENABLE_FKEY, 1},
		/* "x" in double quotes is a column or an error, never a text: as PostgreSQL has it. */
		{SQLITE_DBCONFIG_DQS_DML, 0},
		{SQLITE_DBCONFIG_DQS_DDL, 0},
	};

	for (size_t i = 0; i < COUNT(settings); i++) {
		int code = sqlite3_db_config(
			connection, settings[i].option, settings[i].value, (int *)NULL);
		assert(code == SQLITE_OK);
	}
	sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
}

static int is_wal(void *seen, int count, char **values, char **names)
{
	(void)names;
	*(bool *)seen = count == 1 && values[0] && strcmp(values[0], "wal") == 0;
	return 0;
}

/* Here alone SQLite may not wait: of two that open a new database at once, one may be told to come again. */
static int ask_for_wal(sqlite3 *connection, bool *wal)
{
	static const char sql[] = "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;";
	const int64_t until = clock_monotonic_ms() + BUSY_TIMEOUT_MS;
	int code = sqlite3_exec(connection, sql, is_wal, wal, NULL);

	while ((code & 0xff) == SQLITE_BUSY && clock_monotonic_ms() < until) {
		sqlite3_sleep(BUSY_PAUSE_MS);
		code = sqlite3_exec(connection, sql, is_wal, wal, NULL);
	}
	return code;
}

static enum result enter_wal(struct store *store, struct error *error)
{
	bool wal = false;
	int code = ask_for_wal(store->connection, &wal);
	if (code)
		return sqlite_fail(store, code, error);

	if (!wal)
		return trouble(error, BROKEN, "store.cannot_open", "no write-ahead log here");
	return OK;
}

static int count_log_pages(void *store, sqlite3 *connection, const char *schema, int pages)
{
	(void)connection;
	(void)schema;
	((struct store *)store)->wal_pages = pages;
	return SQLITE_OK;
}

static enum result prepare_writer(struct store *store, struct error *error)
{
	enum result rc = enter_wal(store, error);
	if (rc)
		return rc;

	int code = sqlite3_exec(store->connection, writer_settings, NULL, NULL, NULL);
	if (code)
		return sqlite_fail(store, code, error);

	/* This hook stands in the place of the automatic checkpoint. */
	sqlite3_wal_hook(store->connection, count_log_pages, store);
	code = sqlite_checkpoint_quietly(store);
	return code ? sqlite_fail(store, code, error) : OK;
}

static enum result prepare_connection(struct store *store, struct error *error)
{
	enum result rc;

	sqlite3_extended_result_codes(store->connection, 1);
	sqlite3_busy_timeout(store->connection, BUSY_TIMEOUT_MS);
	sqlite_log_follow(store->connection);
	harden(store->connection);
	if (store->mode != STORE_READ) {
		rc = prepare_writer(store, error);
	} else {
		int code = sqlite3_exec(store->connection, reader_settings, NULL, NULL, NULL);
		rc = code ? sqlite_fail(store, code, error) : OK;
	}
	if (rc)
		return rc;

	sqlite3_set_authorizer(store->connection, sqlite_guard, store);
	return sqlite_prepare_orders(store, error);
}

static struct store *new_store(const char *path, enum store_mode mode, int *code)
{
	int access = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	struct store *store = calloc(1, sizeof(*store));

	assert(store);
	store->mode = mode;
	*code = sqlite3_open_v2(
		path, &store->connection, access | SQLITE_OPEN_NOMUTEX, sqlite_files());
	assert(store->connection);
	return store;
}

enum result store_open(
	const char *path, enum store_mode mode, struct store **out, struct error *error)
{
	bool created;
	enum result rc = mode == STORE_CREATE ? sqlite_file_create(path, &created, error) : OK;
	if (rc)
		return rc;

	int code;
	struct store *store = new_store(path, mode, &code);
	if (code)
		rc = trouble(error, BROKEN, "store.cannot_open", "%s: %s", path,
			sqlite3_errmsg(store->connection));
	else
		rc = prepare_connection(store, error);
	if (rc) {
		/* It never was in order: it is closed without another word to the disk. */
		store->poisoned = true;
		store_close(store);
		return rc;
	}

	*out = store;
	return OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;

	store_rollback(store);
	if (store->mode != STORE_READ && !store->poisoned)
		(void)sqlite_checkpoint_quietly(store);
	sqlite_forget_statements(store);
	sqlite_forget_orders(store);

	sqlite_log_forget(store->connection);
	int code = sqlite3_close(store->connection);
	assert(code == SQLITE_OK);
	free(store);
}

void store_close_at(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

bool store_has_log(const char *path)
{
	char log[PATH_MAX];
	struct stat found;
	int size = snprintf(log, sizeof(log), "%s-wal", path);

	assert(size > 0 && (size_t)size < sizeof(log));
	return stat(log, &found) == 0 && found.st_size > 0;
}

bool store_poisoned(const struct store *store)
{
	return store->poisoned;
}
