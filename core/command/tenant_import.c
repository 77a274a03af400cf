/*
 * `kaowu tenant import SLUG FOLDER`: takes a centre over from the deployment in FOLDER, with its own keys, wrapped by
 * our master key.
 *
 * The databases are copied beside their place first, and brought up to date there; then the folder gets its name and
 * the centre its row. Whatever fails or is killed before leaves no centre, and FOLDER as it was: what was made is
 * marked until the row is there, and the next import takes it away. To carry a centre to another machine, import it
 * into a deployment of its own, which the first command on an empty folder makes, and from there.
 */
#include "tenant_import.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "command.h"
#include "exam/plugin_desk.h"
#include "store/migration.h"
#include "store/store.h"
#include "tenant/registry.h"

#define OPEN_FOLDERS 8

struct import {
	struct arena *arena;
	const char *slug, *from_folder, *data;
	const char *made; /* DATA/tenants/.<slug>.import: no centre's name begins so */
	struct registry *from, *registry;
	struct error *error;
};

static enum result folder_make(const struct import *import, const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return OK;
	return trouble(import->error, BROKEN, "store.broken", "%s: %s", path, strerror(errno));
}

/* One import at a time: another would take what this one is making for what a killed one has left. The kernel lets go
 * of it whatever ends the process. */
static enum result lock_take(const struct import *import, int *lock)
{
	*lock = open(import->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock >= 0 && flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return OK;
	if (*lock >= 0 && errno == EWOULDBLOCK)
		return fail(import->error, CONFLICT, "tenant.import_beside", "path", import->data,
			NULL);
	return trouble(
		import->error, BROKEN, "store.broken", "%s: %s", import->data, strerror(errno));
}

static int entry_remove(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
	(void)facts;
	(void)kind;
	(void)where;
	return remove(path);
}

static void folder_remove(const char *path)
{
	(void)nftw(path, entry_remove, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static const char *own_folder(const struct import *import)
{
	return arena_printf(import->arena, "%s/tenants/%s", import->data, import->slug);
}

static const char *mark_of(const struct import *import, const char *folder)
{
	return arena_printf(import->arena, "%s/" TENANT_IMPORT_MARK, folder);
}

static enum result mark(const struct import *import)
{
	int file CLEANUP(descriptor_close_at) =
		open(mark_of(import, import->made), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	return file >= 0 ? OK
			 : trouble(import->error, BROKEN, "store.broken", "%s: %s", import->made,
				   strerror(errno));
}

/* What an import that was broken off has left, and nothing else. There is no centre of this name. */
static void left_remove(const struct import *import)
{
	folder_remove(import->made);
	if (access(mark_of(import, own_folder(import)), F_OK) == 0)
		folder_remove(own_folder(import));
}

static enum result database_copy(const struct import *import, const char *name)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = store_open(arena_printf(import->arena, "%s/tenants/%s/%s",
					    import->from_folder, import->slug, name),
		STORE_READ, &store, import->error);

	return rc ? rc
		  : store_copy(store, arena_printf(import->arena, "%s/%s", import->made, name),
			    import->error);
}

static enum result files_copy(const struct import *import)
{
	const char *path = arena_printf(
		import->arena, "%s/tenants/%s/files", import->from_folder, import->slug);
	json *names;
	enum result rc = folder_names(import->arena, path, ".db", &names, import->error);

	if (rc)
		return rc;
	json_each(name, names)
	{
		rc = database_copy(
			import, arena_printf(import->arena, "files/%s", json_text(name)));
		if (rc)
			return rc;
	}
	return OK;
}

/* A deployment whose program is newer than this one is found out here, while nothing is done. */
static enum result made_migrate(const struct import *import)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	enum result rc = store_open(arena_printf(import->arena, "%s/tenant.db", import->made),
		STORE_WRITE, &store, import->error);

	return rc ? rc : store_migrate(store, "tenant", import->error);
}

static enum result centre_import(struct import *import)
{
	int lock CLEANUP(descriptor_close_at) = -1;
	enum result rc = lock_take(import, &lock);

	rc = rc ? rc
		: registry_expect_import(
			  import->registry, import->from, import->slug, import->error);
	if (rc)
		return rc;
	left_remove(import);
	rc = folder_make(import, arena_printf(import->arena, "%s/tenants", import->data));
	rc = rc ? rc : folder_make(import, import->made);
	rc = rc ? rc : mark(import);
	rc = rc ? rc : database_copy(import, "tenant.db");
	rc = rc ? rc : files_copy(import);
	rc = rc ? rc : made_migrate(import);
	rc = rc ? rc
		: registry_import(import->registry, import->from, import->slug, import->made,
			  import->error);
	if (rc) /* what has its name already may have its row as well, if only a commit says that it failed */
		folder_remove(import->made);
	else
		(void)unlink(mark_of(import, own_folder(import)));
	return rc;
}

static enum result plugins_missing_tell(const struct import *import)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	json *missing;
	enum result rc = store_open(arena_printf(import->arena, "%s/tenant.db", own_folder(import)),
		STORE_READ, &store, import->error);

	rc = rc ? rc
		: plugin_desk_missing(import->arena, store, registry_store(import->registry),
			  &missing, import->error);
	json_each(plugin, rc ? NULL : missing) command_say(stdout, "command.import_plugin", "id",
		json_get_text(plugin, "id"), "version", json_get_text(plugin, "version"), "sha256",
		arena_printf(import->arena, "%.12s", json_get_text(plugin, "sha256")), NULL);
	return rc;
}

int tenant_import_command(
	struct arena *arena, const char *data, const char *slug, const char *folder)
{
	struct error error = {.arena = arena};
	struct import import = {.arena = arena,
		.slug = slug,
		.from_folder = folder,
		.data = data,
		.made = arena_printf(arena, "%s/tenants/.%s.import", data, slug),
		.error = &error};

	if (!data_there(folder))
		return 1;
	enum result rc = registry_look(folder, &import.from, &error);
	rc = rc ? rc : registry_open(data, &import.registry, &error);
	rc = rc ? rc : centre_import(&import);
	if (!rc) {
		command_say(stdout, "command.imported", "slug", slug, "from", folder, NULL);
		rc = plugins_missing_tell(&import);
	}
	registry_close(import.registry);
	registry_close(import.from);
	return rc ? command_failed(slug, &error) : 0;
}
