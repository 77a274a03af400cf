/*
 * `kaowu backup FOLDER`: a consistent copy of a deployment while it is in use.
 *
 * Each database is copied by the engine in a snapshot of its own: first the tenants' (which name files), then their
 * files (of which only those go that no row has named for an hour), so that no row of the copy names a file that the
 * copy lacks, unless a centre takes longer than that. Control.db comes behind them, with every key and plugin that they
 * name, and behind it the centres that it knows and that were not there at first. SHA256SUMS (checksums.h) comes last:
 * `kaowu doctor` holds a restored copy against it. The master key is neither copied, since without it the copy
 * opens nothing and it belongs in another place, nor needed: where it was lost, a copy is what one wants first.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "checksums.h"
#include "exam/backup.h"
#include "store/migration.h"
#include "store/store.h"
#include "tenant/registry.h"

/* Some hundred bytes for each database: there may be a million. */
#define COPY_ARENA (16 * (size_t)LIMIT_REQUEST_ARENA)

struct copy {
	struct arena *arena;
	const char *data, *target;
	json *files;  /* that were copied: their names below either folder */
	json *failed; /* centres that could not be, each told already */
	int64_t size_bytes;
	struct error *error;
};

/* Its own only, not those above: where nothing is mounted, nothing is copied. What lies in it, store_copy() makes. */
static enum result target_make(const struct copy *copy)
{
	if (mkdir(copy->target, 0700) == 0 || errno == EEXIST)
		return OK;
	return trouble(
		copy->error, BROKEN, "command.trouble", "%s: %s", copy->target, strerror(errno));
}

static enum result store_copied(struct copy *copy, struct store *store, const char *name)
{
	const char *to = arena_printf(copy->arena, "%s/%s", copy->target, name);
	struct stat facts;
	enum result rc = store_copy(store, to, copy->error);

	if (rc)
		return rc;
	json_append(copy->files, json_new_text(copy->arena, name));
	if (stat(to, &facts) == 0)
		copy->size_bytes += facts.st_size;
	(void)printf("%s\n", to);
	return OK;
}

static enum result database_copy(struct copy *copy, const char *name)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	const char *from = arena_printf(copy->arena, "%s/%s", copy->data, name);
	enum result rc = store_open(from, STORE_READ, &store, copy->error);

	return rc ? rc : store_copied(copy, store, name);
}

static enum result files_copy(struct copy *copy, const char *folder)
{
	const char *path = arena_printf(copy->arena, "%s/%s", copy->data, folder);
	json *names;
	enum result rc = folder_names(copy->arena, path, ".db", &names, copy->error);

	if (rc)
		return rc;
	json_each(name, names)
	{
		rc = database_copy(
			copy, arena_printf(copy->arena, "%s/%s", folder, json_text(name)));
		if (rc)
			return rc;
	}
	return OK;
}

static const char *tenant_database(struct copy *copy, const char *slug)
{
	return arena_printf(copy->arena, "tenants/%s/tenant.db", slug);
}

static enum result tenant_copy(struct copy *copy, const char *slug)
{
	enum result rc = database_copy(copy, tenant_database(copy, slug));

	return rc ? rc : files_copy(copy, arena_printf(copy->arena, "tenants/%s/files", slug));
}

/* What is damaged in one centre is told at once, by its name, and no other goes without a copy for it. */
static enum result tenant_try(struct copy *copy, const char *slug)
{
	enum result rc = tenant_copy(copy, slug);

	if (rc != BROKEN)
		return rc;
	command_failed(arena_printf(copy->arena, "%s/tenants/%s", copy->data, slug), copy->error);
	error_forget(copy->error);
	json_append(copy->failed, json_new_text(copy->arena, slug));
	return OK;
}

/* Also the suspended ones; those that have had their turn are left out. */
static enum result tenants_copy(struct copy *copy, const json *tenants)
{
	enum result rc = OK;

	json_each(tenant, tenants)
	{
		const char *slug = json_get_text(tenant, "slug");

		if (!rc && !json_holds(copy->failed, slug) &&
			!json_holds(copy->files, tenant_database(copy, slug)))
			rc = tenant_try(copy, slug);
	}
	return rc;
}

static enum result control_open(struct copy *copy, enum store_mode mode, struct store **out)
{
	return store_open(
		arena_printf(copy->arena, "%s/control.db", copy->data), mode, out, copy->error);
}

static enum result slugs_find(struct copy *copy, json **tenants)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = control_open(copy, STORE_READ, &store);

	return rc ? rc : registry_slugs(store, copy->arena, tenants, copy->error);
}

/* In one snapshot the copy and the centres that it knows. */
static enum result control_copy(struct copy *copy, json **tenants)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = control_open(copy, STORE_READ, &store);

	rc = rc ? rc : store_begin(store, copy->error);
	if (rc)
		return rc;
	rc = registry_slugs(store, copy->arena, tenants, copy->error);
	rc = rc ? rc : store_copied(copy, store, "control.db");
	store_rollback(store);
	return rc;
}

static enum result whole_expect(const struct copy *copy)
{
	size_t count = json_count(copy->failed);

	return count == 0 ? OK
			  : fail(copy->error, BROKEN, "command.backup_partial", "count",
				    arena_printf(copy->arena, "%zu", count), "path", copy->target,
				    NULL);
}

/* Its sums come last: a copy without them is not whole. */
static enum result deployment_copy(struct copy *copy)
{
	json *tenants = NULL;
	enum result rc = slugs_find(copy, &tenants);

	rc = rc ? rc : target_make(copy);
	rc = rc ? rc : tenants_copy(copy, tenants);
	rc = rc ? rc : control_copy(copy, &tenants);
	rc = rc ? rc : tenants_copy(copy, tenants);
	rc = rc ? rc : whole_expect(copy);
	return rc ? rc : checksums_write(copy->arena, copy->target, copy->files, copy->error);
}

/* What has ended well is a fact that the operator is shown; the copy itself does not know of it yet. */
static enum result success_record(struct copy *copy, int64_t began_at)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = control_open(copy, STORE_WRITE, &store);

	rc = rc ? rc : store_upgrade(store, "control", copy->error);
	return rc ? rc
		  : backup_record(store, began_at, clock_now_ms(), copy->size_bytes, copy->error);
}

int command_backup(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(COPY_ARENA);
	struct error error = {.arena = arena};
	int64_t began_at = clock_now_ms();
	struct copy copy = {.arena = arena, .error = &error, .data = option_data(count, words)};

	if (count < 1 || words[0][0] == '-' ||
		!options_known("backup", count - 1, words + 1, options))
		return used_wrongly("backup", count, words);
	command_begin();
	if (!data_there(copy.data))
		return 1;
	copy.target = words[0];
	copy.files = json_new_array(arena);
	copy.failed = json_new_array(arena);
	if (deployment_copy(&copy) || success_record(&copy, began_at))
		return command_failed("backup", &error);
	(void)fputs("The master key is not in it: keep a copy of DATA/master.key elsewhere, and of"
		    " DATA/plugins.\n",
		stderr);
	return 0;
}
