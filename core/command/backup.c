/*
 * `kaowu backup FOLDER`: a consistent copy of a deployment while it is in use.
 *
 * Each database is copied by the engine in a snapshot of its own: first the tenants' (which name files), then their
 * files (of which only those go that no row has named for an hour), so that no row of the copy names a file that the
 * copy lacks, unless a centre takes longer than that. The
 * master key is not copied: without it the copy opens nothing, and it belongs in another place.
 */
#include "command.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/text.h"
#include "store/store.h"
#include "tenant/registry.h"

static enum result folder_make(const char *path, struct error *error)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return trouble(error, BROKEN, "command.trouble", "%s: %s", path, strerror(errno));
}

static enum result database_copy(const char *from, const char *to, struct error *error)
{
	struct store *store;
	enum result rc = store_open(from, STORE_READ, &store, error);

	if (rc)
		return rc;
	rc = store_copy(store, to, error);
	store_close(store);
	if (!rc)
		(void)printf("%s\n", to);
	return rc;
}

static enum result files_copy(
	struct arena *arena, const char *from, const char *to, struct error *error)
{
	struct dirent **entries;
	int count = scandir(from, &entries, database_file, alphasort);
	enum result rc = count < 0 ? OK : folder_make(to, error);

	for (int i = 0; i < count; i++) {
		if (!rc)
			rc = database_copy(arena_printf(arena, "%s/%s", from, entries[i]->d_name),
				arena_printf(arena, "%s/%s", to, entries[i]->d_name), error);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return rc;
}

static enum result tenant_copy(struct arena *arena, const char *data, const char *target,
	const char *slug, struct error *error)
{
	const char *from = arena_printf(arena, "%s/tenants/%s", data, slug);
	const char *to = arena_printf(arena, "%s/tenants/%s", target, slug);
	enum result rc = folder_make(to, error);

	rc = rc ? rc
		: database_copy(arena_printf(arena, "%s/tenant.db", from),
			  arena_printf(arena, "%s/tenant.db", to), error);
	return rc ? rc
		  : files_copy(arena, arena_printf(arena, "%s/files", from),
			    arena_printf(arena, "%s/files", to), error);
}

static enum result deployment_copy(
	struct arena *arena, const char *data, const char *target, struct error *error)
{
	struct registry *registry;
	json *tenants = NULL;
	enum result rc = registry_open(data, &registry, error);

	if (rc)
		return rc;
	rc = registry_list(registry, arena, &tenants, error);
	registry_close(registry);
	rc = rc ? rc : folder_make(target, error);
	rc = rc ? rc : folder_make(arena_printf(arena, "%s/tenants", target), error);
	json_each(tenant, tenants) rc =
		rc ? rc : tenant_copy(arena, data, target, json_get_text(tenant, "slug"), error);
	return rc ? rc
		  : database_copy(arena_printf(arena, "%s/control.db", data),
			    arena_printf(arena, "%s/control.db", target), error);
}

int command_backup(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};

	if (count < 1 || words[0][0] == '-' ||
		!options_known("backup", count - 1, words + 1, options)) {
		(void)fputs("usage: kaowu backup FOLDER [--data DIR]\n", stderr);
		return 2;
	}
	if (!data_there(option_data(count, words)))
		return 1;
	(void)command_schemas();
	if (deployment_copy(arena, option_data(count, words), words[0], &error))
		return command_failed("backup", &error);
	(void)fputs("The master key is not in it: keep a copy of DATA/master.key elsewhere, and of"
		    " DATA/plugins.\n",
		stderr);
	return 0;
}
