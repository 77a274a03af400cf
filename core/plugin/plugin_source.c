/*
 * Reading a plugin's file, and holding it in memory (plugin_source.h).
 */
#include "plugin_source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "plugin_package.h"

/* A file without a folder: its path leads over our own descriptor, also for our children. */
static enum result hold(struct arena *arena, struct plugin_source *source, struct error *error)
{
	source->descriptor = file_in_memory("plugin", source->shared_object);
	if (source->descriptor < 0)
		return trouble(error, BROKEN, "plugin.disk", "memfd: %s", strerrordesc_np(errno));
	source->path = arena_printf(arena, "/proc/%d/fd/%d", (int)getpid(), source->descriptor);
	return OK;
}

static enum result unpack(
	struct arena *arena, struct bytes file, struct plugin_source *source, struct error *error)
{
	struct plugin_contents contents;
	enum result rc = plugin_package_read(arena, file, &contents, &source->signed_by, error);

	if (rc)
		return rc;
	source->shared_object = contents.shared_object;
	source->packed = contents.manifest;
	return OK;
}

enum result plugin_source_open(
	struct arena *arena, const char *path, struct plugin_source *out, struct error *error)
{
	struct bytes file;
	enum result rc = file_read(arena, path, LIMIT_PLUGIN_PACKAGE, &file, error);

	return rc ? rc : plugin_source_take(arena, file, out, error);
}

enum result plugin_source_take(
	struct arena *arena, struct bytes file, struct plugin_source *out, struct error *error)
{
	struct plugin_source source = PLUGIN_SOURCE_NONE;
	enum result rc = OK;

	source.shared_object = file;
	if (plugin_package_is(file))
		rc = unpack(arena, file, &source, error);
	else if (file.size > LIMIT_PLUGIN_FILE)
		rc = fail(error, INVALID, "plugin.file_large", "limit",
			arena_printf(error->arena, "%u", LIMIT_PLUGIN_FILE >> 20), NULL);
	rc = rc ? rc : hold(arena, &source, error);
	if (rc) {
		plugin_source_close(&source);
		return rc;
	}

	*out = source;
	return OK;
}

void plugin_source_close(struct plugin_source *source)
{
	if (source->descriptor >= 0)
		close(source->descriptor);
	source->descriptor = -1;
}
