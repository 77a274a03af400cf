/*
 * Two tables of control.db, one of them for the manifests alone, and what it takes to get rows into them (catalogue.h).
 *
 * The lock is for the store alone: it is never held while a plugin's process runs. Two installations at once, also of
 * two processes, may both describe their file; what is there already is asked in the transaction that lets one in.
 */
#include "catalogue.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "catalogue_inside.h"
#include "plugin_check.h"
#include "plugin_file.h"

struct catalogue {
	pthread_mutex_t lock; /* guards settings.store */
	struct catalogue_settings settings;
};

enum result catalogue_open(
	const struct catalogue_settings *settings, struct catalogue **out, struct error *error)
{
	struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
	if (!catalogue)
		return trouble(error, BUSY, "plugin.memory", "no memory for the catalogue");

	catalogue->settings = *settings;
	if (!settings->executable)
		catalogue->settings.executable = "/proc/self/exe";
	if (!settings->start_time_ms)
		catalogue->settings.start_time_ms = LIMIT_WORKER_START_TIME;
	if (!settings->call_time_ms)
		catalogue->settings.call_time_ms = LIMIT_WORKER_CALL_TIME;
	pthread_mutex_init(&catalogue->lock, NULL);
	*out = catalogue;
	return OK;
}

void catalogue_close(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	pthread_mutex_destroy(&catalogue->lock);
	free(catalogue);
}

struct plugin_process_settings catalogue_process(const struct catalogue *catalogue)
{
	return (struct plugin_process_settings){.executable = catalogue->settings.executable,
		.start_time_ms = catalogue->settings.start_time_ms,
		.call_time_ms = catalogue->settings.call_time_ms};
}

struct catalogue *catalogue_hold(struct catalogue *catalogue)
{
	pthread_mutex_lock(&catalogue->lock);
	return catalogue;
}

void catalogue_release(struct catalogue **held)
{
	pthread_mutex_unlock(&(*held)->lock);
}

struct store *catalogue_store(struct catalogue *held)
{
	return held->settings.store;
}

/* ---- Rows ---- */

#define STATE_COLUMNS                                                                               \
	"plugin_id, version, sha256, occupation_code, occupation_name, level, file, state, reason," \
	" signed_by"
#define ENTRY_SELECT                                                                               \
	"SELECT " STATE_COLUMNS ", manifest FROM plugin JOIN plugin_manifest USING (sha256)"

static enum result read_entry(const struct catalogue *catalogue, struct arena *arena,
	const struct cursor *row, struct catalogue_entry *out, struct error *error)
{
	const char *manifest = cursor_text(row, 10, arena);
	struct catalogue_entry entry = {.id = cursor_text(row, 0, arena),
		.version = cursor_text(row, 1, arena),
		.sha256 = cursor_text(row, 2, arena),
		.occupation_code = cursor_text(row, 3, arena),
		.occupation_name = cursor_text(row, 4, arena),
		.level = (int)cursor_integer(row, 5),
		.file = plugin_file_path(
			arena, catalogue->settings.data_folder, cursor_text(row, 6, arena)),
		.state = cursor_text(row, 7, arena),
		.reason = cursor_text(row, 8, arena),
		.signed_by = cursor_text(row, 9, arena)};
	enum result rc = OK;
	if (manifest)
		rc = json_parse(arena, manifest, strlen(manifest), &entry.manifest, error);
	if (rc)
		return rc;

	*out = entry;
	return OK;
}

/* The first row of the query; NOT_FOUND with `missing_code` if there is none. */
static enum result select_entry(struct catalogue *catalogue, struct arena *arena, const char *sql,
	struct binding binding, const char *missing_code, struct catalogue_entry *out,
	struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(held->settings.store, &rows, sql, binding, error);
	if (rc)
		return rc;
	if (cursor_next(&rows))
		return read_entry(catalogue, arena, &rows, out, error);

	rc = cursor_end(&rows, error);
	return rc ? rc : fail(error, NOT_FOUND, missing_code, NULL);
}

enum result catalogue_pick(struct catalogue *catalogue, struct arena *arena,
	const char *occupation_code, int level, const char *id, const char *version,
	struct catalogue_entry *out, struct error *error)
{
	return select_entry(catalogue, arena,
		ENTRY_SELECT " WHERE occupation_code = ?1 AND level = ?2"
			     " AND state = 'active' AND plugin_id = COALESCE(?3, plugin_id)"
			     " AND version = COALESCE(?4, version)"
			     " ORDER BY version_order DESC, installed_at DESC LIMIT 1",
		BIND(TEXT(occupation_code), INTEGER(level), TEXT(id), TEXT(version)), "plugin.none",
		out, error);
}

enum result catalogue_load(struct catalogue *catalogue, struct arena *arena, const char *id,
	const char *version, const char *sha256, struct catalogue_entry *out, struct error *error)
{
	return select_entry(catalogue, arena,
		ENTRY_SELECT
		" WHERE plugin_id = ?1"
		" AND version = COALESCE(?2, version) AND sha256 = COALESCE(?3, sha256)"
		" ORDER BY version_order DESC, installed_at DESC LIMIT 1",
		BIND(TEXT(id), TEXT(version), TEXT(sha256)), "plugin.unknown", out, error);
}

enum result catalogue_load_file(struct catalogue *catalogue, struct arena *arena,
	const char *sha256, struct catalogue_entry *out, struct error *error)
{
	return select_entry(catalogue, arena,
		ENTRY_SELECT " WHERE sha256 >= ?1 AND sha256 < ?1 || 'g'"
			     " AND LENGTH(?1) IN (12, 64)",
		BIND(TEXT(sha256)), "plugin.unknown", out, error);
}

enum result catalogue_load_state(struct catalogue *catalogue, struct arena *arena,
	const char *sha256, struct catalogue_entry *out, struct error *error)
{
	return select_entry(catalogue, arena,
		"SELECT " STATE_COLUMNS ", NULL FROM plugin WHERE sha256 = ?1", BIND(TEXT(sha256)),
		"plugin.unknown", out, error);
}

/* In a query over plugin and, to its left, trusted_key as k. */
#define TRUST                                                                                      \
	"CASE WHEN signed_by IS NULL THEN 'unsigned' WHEN k.key IS NULL THEN 'untrusted'"          \
	" ELSE 'signed' END"

enum result catalogue_list(
	struct catalogue *catalogue, struct arena *arena, json **out, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	return store_array(held->settings.store, arena,
		"SELECT plugin_id AS id, version, sha256, occupation_code, occupation_name, level, file,"
		" state, reason, reason_at AS \"reason_at@\", installed_at AS \"installed_at@\","
		" signed_by, k.name AS signer, " TRUST " AS trust"
		" FROM plugin LEFT JOIN trusted_key k ON k.key = signed_by"
		" ORDER BY occupation_code, level, plugin_id, version_order DESC, installed_at DESC",
		BIND_NONE, out, error);
}

enum result catalogue_tally(
	struct catalogue *catalogue, struct catalogue_tally *out, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(held->settings.store, &rows,
		"SELECT COALESCE(SUM(CASE WHEN state = 'active' THEN 1 ELSE 0 END), 0),"
		" COALESCE(SUM(CASE WHEN state = 'quarantined' THEN 1 ELSE 0 END), 0),"
		" COALESCE(SUM(CASE WHEN state = 'active' AND k.key IS NULL THEN 1 ELSE 0 END), 0)"
		" FROM plugin LEFT JOIN trusted_key k ON k.key = signed_by",
		BIND_NONE, error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		*out = (struct catalogue_tally){.active = cursor_integer(&rows, 0),
			.quarantined = cursor_integer(&rows, 1),
			.unsigned_active = cursor_integer(&rows, 2)};
	return cursor_end(&rows, error);
}

/* ---- Installing ---- */

enum result catalogue_describe(struct catalogue *catalogue, struct arena *arena, const char *path,
	json **manifest, struct error *error)
{
	struct plugin_process_settings settings = catalogue_process(catalogue);
	return plugin_describe(&settings, arena, path, manifest, error);
}

/* 1.2.3 is 100020003: each part has at most four digits (schema). */
static int64_t version_order(const char *version)
{
	int major = 0, minor = 0, patch = 0;
	sscanf(version, "%d.%d.%d", &major, &minor, &patch);
	return ((int64_t)major * 10000 + minor) * 10000 + patch;
}

/* One version has one set of tables, however often it was built. */
static enum result expect_same_tables(
	struct store *store, struct arena *arena, const json *manifest, struct error *error)
{
	const char *id = json_get_text(manifest, "id");
	const char *version = json_get_text(manifest, "version");
	const char *text;
	json *before;
	enum result rc = store_text(store, arena,
		"SELECT COALESCE(MAX(manifest), '') FROM plugin JOIN plugin_manifest USING (sha256)"
		" WHERE plugin_id = ?1 AND version = ?2",
		BIND(TEXT(id), TEXT(version)), &text, error);
	if (rc || !*text)
		return rc;

	rc = json_parse(arena, text, strlen(text), &before, error);
	if (rc || json_equal(before, manifest))
		return rc;
	return fail(error, CONFLICT, "plugin.version_taken", "id", id, "version", version, NULL);
}

static enum result insert_state(struct store *store, const struct plugin_file *file,
	const char *name, const json *manifest, const char *signed_by, struct error *error)
{
	const json *occupation = json_get(manifest, "occupation");
	const char *version = json_get_text(manifest, "version");
	return store_run(store,
		"INSERT INTO plugin (sha256, plugin_id, version, version_order, occupation_code,"
		" occupation_name, level, file, state, installed_at, signed_by)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'active', ?9, ?10)"
		" ON CONFLICT (sha256) DO NOTHING",
		BIND(TEXT(file->sha256), TEXT(json_get_text(manifest, "id")), TEXT(version),
			INTEGER(version_order(version)), TEXT(json_get_text(occupation, "code")),
			TEXT(json_get_text(occupation, "name")),
			INTEGER(json_get_integer(manifest, "level")), TEXT(name),
			INTEGER(clock_now_ms()), TEXT(signed_by)),
		error);
}

/* The file is kept before its row says so, and not before it is known that there will be one. */
static enum result insert(struct store *store, struct arena *arena, const struct plugin_file *file,
	const json *manifest, const char *signed_by, struct error *error)
{
	const char *name;
	enum result rc = expect_same_tables(store, arena, manifest, error);

	rc = rc ? rc
		: plugin_file_keep(arena, file, json_get_text(manifest, "id"),
			  json_get_text(manifest, "version"), &name, error);
	rc = rc ? rc : insert_state(store, file, name, manifest, signed_by, error);
	if (rc)
		return rc;
	return store_run(store,
		"INSERT INTO plugin_manifest (sha256, manifest) VALUES (?1, ?2)"
		" ON CONFLICT (sha256) DO NOTHING",
		BIND(TEXT(file->sha256), TEXT(json_print(arena, manifest))), error);
}

static enum result let_in(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_file *file, const json *manifest, const char *signed_by,
	struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	struct store *store = held->settings.store;
	enum result rc = store_begin(store, error);
	if (rc)
		return rc;

	rc = insert(store, arena, file, manifest, signed_by, error);
	if (!rc)
		return store_commit(store, error);
	store_rollback(store);
	return rc;
}

static enum result install(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_file *file, const json *packed, const char *signed_by,
	struct error *error)
{
	json *manifest;
	enum result rc = catalogue_describe(catalogue, arena, file->path, &manifest, error);
	if (rc)
		return rc;
	if (packed && !json_equal(packed, manifest))
		return fail(error, INVALID, "kit.packed_differs", NULL);
	return let_in(catalogue, arena, file, manifest, signed_by, error);
}

/* The same bytes, now with a signature. Without one they keep the one they have. */
static enum result note_signature(
	struct catalogue *catalogue, const char *sha256, const char *signed_by, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);

	return store_run(held->settings.store,
		"UPDATE plugin SET signed_by = COALESCE(?2, signed_by) WHERE sha256 = ?1",
		BIND(TEXT(sha256), TEXT(signed_by)), error);
}

/* A file that was installed and has gone missing since. Its row stays as it is: only readmitting ends a quarantine. */
static enum result put_back(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_file *file, const struct catalogue_entry *entry, const char *signed_by,
	struct error *error)
{
	const char *name;
	enum result rc = plugin_file_keep(arena, file, entry->id, entry->version, &name, error);

	return rc ? rc : note_signature(catalogue, entry->sha256, signed_by, error);
}

enum result catalogue_install(struct catalogue *catalogue, struct arena *arena,
	const struct plugin_source *source, const char *signed_by, struct catalogue_entry *out,
	struct error *error)
{
	struct plugin_file file;
	struct error absent = {.arena = arena};
	enum result rc = plugin_file_take(
		arena, catalogue->settings.data_folder, source->shared_object, &file, error);
	if (rc)
		return rc;
	if (catalogue_load_file(catalogue, arena, file.sha256, out, &absent) == OK)
		rc = put_back(catalogue, arena, &file, out, signed_by, error);
	else
		rc = install(catalogue, arena, &file, source->packed, signed_by, error);
	plugin_file_drop(&file);
	if (rc)
		return rc;
	return catalogue_load_file(catalogue, arena, file.sha256, out, error);
}

/* ---- States ---- */

static enum result set_state(struct catalogue *catalogue, const char *sha256, const char *state,
	const char *reason, int64_t reason_at, struct error *error)
{
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	enum result rc = store_run(held->settings.store,
		"UPDATE plugin SET state = ?2, reason = ?3, reason_at = ?4 WHERE sha256 = ?1",
		BIND(TEXT(sha256), TEXT(state), TEXT(reason), MOMENT(reason_at)), error);
	if (rc)
		return rc;
	if (store_changes(held->settings.store) == 0)
		return fail(error, NOT_FOUND, "plugin.unknown", NULL);
	return OK;
}

enum result catalogue_quarantine(
	struct catalogue *catalogue, const char *sha256, const char *reason, struct error *error)
{
	return set_state(catalogue, sha256, "quarantined", reason, clock_now_ms(), error);
}

/* An operator's word on a plugin, which he may name by what its file's name shows of the SHA-256. */
static enum result set_state_by_hand(
	struct catalogue *catalogue, const char *sha256, const char *state, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct catalogue_entry entry;
	enum result rc = catalogue_load_file(catalogue, arena, sha256, &entry, error);
	if (rc)
		return rc;
	bool readmitted = text_equal(state, "active");
	if (readmitted && !plugin_file_matches(entry.file, entry.sha256))
		return fail(error, CONFLICT, "plugin.file_changed", "file", entry.file, NULL);
	if (!readmitted && text_equal(entry.state, "quarantined"))
		return fail(error, CONFLICT, "plugin.quarantined", "reason", entry.reason, NULL);
	return set_state(catalogue, entry.sha256, state, NULL, 0, error);
}

enum result catalogue_disable(struct catalogue *catalogue, const char *sha256, struct error *error)
{
	return set_state_by_hand(catalogue, sha256, "disabled", error);
}

enum result catalogue_readmit(struct catalogue *catalogue, const char *sha256, struct error *error)
{
	return set_state_by_hand(catalogue, sha256, "active", error);
}

const char *catalogue_failure(struct catalogue *catalogue, struct arena *arena, const char *sha256)
{
	struct error error = {.arena = arena};
	const char *reason = NULL;
	struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue);
	enum result rc = store_text(held->settings.store, arena,
		"SELECT COALESCE(MAX(CASE WHEN state = 'quarantined' THEN reason ELSE '' END),"
		" 'plugin.unknown') FROM plugin WHERE sha256 = ?1",
		BIND(TEXT(sha256)), &reason, &error);
	if (rc)
		return "plugin.unknown";
	return *reason ? reason : NULL;
}

bool catalogue_whole(const struct catalogue *catalogue, struct arena *arena, const json *installed)
{
	const char *path = plugin_file_path(
		arena, catalogue->settings.data_folder, json_get_text(installed, "file"));

	return plugin_file_matches(path, json_get_text(installed, "sha256"));
}

enum result catalogue_readable(const struct catalogue *catalogue, struct arena *arena,
	const json *installed, struct error *error)
{
	const char *path = plugin_file_path(
		arena, catalogue->settings.data_folder, json_get_text(installed, "file"));

	if (access(path, R_OK) == 0 || errno != EACCES)
		return OK;
	return fail(error, BROKEN, "plugin.file_closed", "file", path, NULL);
}

enum result catalogue_verify(struct catalogue *catalogue, int *quarantined, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	json *entries;
	int found = 0;
	enum result rc = catalogue_list(catalogue, arena, &entries, error);
	if (rc)
		return rc;
	json_each(entry, entries)
	{
		bool known = text_equal(json_get_text(entry, "state"), "quarantined");
		rc = catalogue_readable(catalogue, arena, entry, error);
		if (rc)
			return rc;
		if (known || catalogue_whole(catalogue, arena, entry))
			continue;
		rc = catalogue_quarantine(
			catalogue, json_get_text(entry, "sha256"), "plugin.file_differs", error);
		if (rc)
			return rc;
		found++;
	}
	*quarantined = found;
	return OK;
}
