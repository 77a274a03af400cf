/*
 * What keeps a database well: checkpoints, checks, and copies while it is in use.
 */
#include <assert.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sqlite.h"

/* How long the second part of a checkpoint may wait for its turn, and so hold up a writer. */
#define CHECKPOINT_WAIT_MS 50

static int checkpoint(struct store *store, int how, int *log_pages, int *moved)
{
	int code = sqlite3_wal_checkpoint_v2(store->connection, NULL, how, log_pages, moved);

	return (code & 0xff) == SQLITE_BUSY ? SQLITE_OK : code;
}

int sqlite_checkpoint_quietly(struct store *store)
{
	return checkpoint(store, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/*
 * The passive part moves the bulk beside writers, but under steady writing never reaches the end of the log, which then
 * only grows. The second part stops writers for the little that came in meanwhile, and lets the log begin anew.
 */
enum result store_checkpoint(struct store *store, struct error *error)
{
	assert(store->mode != STORE_READ && !store->began);
	enum result rc = sqlite_sound(store, error);
	if (rc)
		return rc;

	int log_pages = 0, moved = 0;
	int code = checkpoint(store, SQLITE_CHECKPOINT_PASSIVE, &log_pages, &moved);
	if (!code && moved < log_pages) {
		sqlite3_busy_timeout(store->connection, CHECKPOINT_WAIT_MS);
		code = checkpoint(store, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
		sqlite3_busy_timeout(store->connection, BUSY_TIMEOUT_MS);
	}
	return code ? sqlite_fail(store, code, error) : OK;
}

void store_rest(struct store *store)
{
	(void)sqlite3_db_release_memory(store->connection);
}

int64_t store_wal_pages(struct store *store)
{
	return store->wal_pages;
}

struct finding {
	int rows;
	char text[200]; /* of the first */
};

static int note_finding(void *context, int count, char **values, char **names)
{
	struct finding *finding = context;

	(void)names;
	if (finding->rows++ == 0)
		snprintf(finding->text, sizeof(finding->text), "%s %s", values[0] ? values[0] : "",
			count > 1 && values[1] ? values[1] : "");
	return 0;
}

static enum result look(
	struct store *store, const char *pragma, struct finding *out, struct error *error)
{
	*out = (struct finding){0};
	int code = sqlite3_exec(store->connection, pragma, note_finding, out, NULL);
	return code ? sqlite_fail(store, code, error) : OK;
}

enum result store_mark(struct store *store, int64_t *mark, struct error *error)
{
	struct finding finding;
	enum result rc = look(store, "PRAGMA data_version", &finding, error);

	if (!rc)
		*mark = strtoll(finding.text, NULL, 10);
	return rc;
}

enum result store_check(struct store *store, struct error *error)
{
	struct finding finding;
	enum result rc = sqlite_sound(store, error);
	if (rc)
		return rc;

	rc = look(store, "PRAGMA integrity_check(1)", &finding, error);
	if (rc)
		return rc;
	if (strcmp(finding.text, "ok ") != 0)
		return trouble(error, BROKEN, "store.damaged", "integrity: %s", finding.text);

	rc = look(store, "PRAGMA foreign_key_check", &finding, error);
	if (rc)
		return rc;
	if (finding.rows)
		return trouble(error, BROKEN, "store.damaged",
			"%d rows without what they refer to: %s", finding.rows, finding.text);
	return OK;
}

/* All pages in one step: one snapshot, however long it takes. */
static int copy_pages(sqlite3 *target, struct store *store)
{
	sqlite3_backup *backup = sqlite3_backup_init(target, "main", store->connection, "main");

	if (!backup)
		return sqlite3_errcode(target);
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup);
}

static enum result copy_to(struct store *store, const char *target_path, struct error *error)
{
	sqlite3 *target;
	int code = sqlite3_open_v2(
		target_path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (!code)
		code = copy_pages(target, store);

	enum result rc = OK;
	if (code)
		rc = trouble(error, (code & 0xff) == SQLITE_FULL ? FULL : BROKEN,
			(code & 0xff) == SQLITE_FULL ? "store.full" : "store.broken",
			"copy to %s: %s", target_path, sqlite3_errmsg(target));
	sqlite3_close(target);
	return rc ? rc : sqlite_file_make_durable(target_path, error);
}

enum result store_copy(struct store *store, const char *target_path, struct error *error)
{
	assert(store->mode == STORE_READ || !store->began);
	enum result rc = sqlite_sound(store, error);
	if (rc)
		return rc;

	bool created;
	rc = sqlite_file_create(target_path, &created, error);
	if (rc)
		return rc;
	if (!created)
		return fail(error, CONFLICT, "store.target_exists", "path", target_path, NULL);

	rc = copy_to(store, target_path, error);
	if (rc)
		unlink(target_path);
	return rc;
}
