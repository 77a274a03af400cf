/*
 * Applies what a database lacks of its family's files, after a look at what it has.
 *
 * Two processes may do this at once: each file is looked up again inside the transaction that applies it.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "migration.h"

#define FOLDER "sql/"

static const char table_sql[] =
	"CREATE TABLE IF NOT EXISTS migration (file TEXT PRIMARY KEY NOT NULL,"
	" sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)";

/* The next file of the family from `file` on; `end` if there is none. */
static const struct embedded_file *family_file(
	const struct embedded_file *file, const struct embedded_file *end, const char *family)
{
	char prefix[64];
	size_t size = (size_t)snprintf(prefix, sizeof(prefix), FOLDER "%s_", family);

	for (; file < end; file++)
		if (text_starts(file->path, prefix) && strspn(file->path + size, "0123456789") == 4)
			break;
	return file;
}

static const char *file_name(const struct embedded_file *file)
{
	return file->path + strlen(FOLDER);
}

static enum result compare(
	const struct embedded_file *ours, const char *name, const char *hash, struct error *error)
{
	char our_hash[SHA256_HEX_SIZE];

	if (!ours || strcmp(file_name(ours), name) != 0)
		return fail(error, BROKEN, "store.migration_unknown", "file", name, NULL);

	sha256_hex(ours->content, our_hash);
	if (strcmp(our_hash, hash) != 0)
		return fail(error, BROKEN, "store.migration_differs", "file", name, NULL);
	return OK;
}

/* Compares what is applied with our list from its beginning; `*first` moves to what is to be applied. */
static enum result skip_applied(struct store *store, const struct embedded_file **first,
	const struct embedded_file *end, const char *family, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1 << 20);
	struct cursor rows CLEANUP(cursor_close) = {0};
	const struct embedded_file *file = *first;
	enum result rc = store_query(
		store, &rows, "SELECT file, sha256 FROM migration ORDER BY file", BIND_NONE, error);
	if (rc)
		return rc;

	while (cursor_next(&rows)) {
		file = family_file(file, end, family);
		rc = compare(file < end ? file : NULL, cursor_text(&rows, 0, arena),
			cursor_text(&rows, 1, arena), error);
		if (rc)
			return rc;
		file++;
	}
	*first = file;
	return cursor_end(&rows, error);
}

/* In a transaction. */
static enum result run_file(
	struct store *store, const struct embedded_file *file, struct error *error)
{
	char hash[SHA256_HEX_SIZE];
	enum result rc = store_script(store, (const char *)file->content.data, error);
	if (rc)
		return rc;

	sha256_hex(file->content, hash);
	return store_run(store,
		"INSERT INTO migration (file, sha256, applied_at) VALUES (?1, ?2, ?3)",
		BIND(TEXT(file_name(file)), TEXT(hash), INTEGER(clock_now_ms())), error);
}

static enum result is_applied(
	struct store *store, const struct embedded_file *file, bool *out, struct error *error)
{
	return store_has(store, "SELECT 1 FROM migration WHERE file = ?1",
		BIND(TEXT(file_name(file))), out, error);
}

static enum result apply(struct store *store, const struct embedded_file *file, struct error *error)
{
	enum result rc = store_begin(store, error);
	if (rc)
		return rc;

	bool applied = false;
	rc = is_applied(store, file, &applied, error);
	if (!rc && !applied)
		rc = run_file(store, file, error);
	if (!rc)
		return store_commit(store, error);

	store_rollback(store);
	return rc;
}

enum result store_migrate_from(struct store *store, const struct embedded_file *files, size_t count,
	const char *family, struct error *error)
{
	const struct embedded_file *end = files + count, *file = files;
	enum result rc = store_run(store, table_sql, BIND_NONE, error);
	if (rc)
		return rc;

	rc = skip_applied(store, &file, end, family, error);
	for (file = family_file(file, end, family); !rc && file < end;
		file = family_file(file + 1, end, family))
		rc = apply(store, file, error);
	return rc;
}

enum result store_migrate(struct store *store, const char *family, struct error *error)
{
	return store_migrate_from(store, embedded_files, embedded_count, family, error);
}

enum result store_upgrade(struct store *store, const char *family, struct error *error)
{
	int64_t applied;
	enum result rc = store_run(store, table_sql, BIND_NONE, error);

	rc = rc ? rc
		: store_integer(
			  store, "SELECT count(*) FROM migration", BIND_NONE, &applied, error);
	if (rc)
		return rc;
	if (applied == 0)
		return fail(error, BROKEN, "store.nothing_there", NULL);
	return store_migrate(store, family, error);
}

bool store_is_migrated(struct store *store, const char *family)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1 << 20);
	const struct embedded_file *end = embedded_files + embedded_count, *file = embedded_files;
	struct error error = {.arena = arena};

	return skip_applied(store, &file, end, family, &error) == OK &&
	       family_file(file, end, family) == end;
}
