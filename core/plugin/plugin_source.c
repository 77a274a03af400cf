/*
 * Reading a plugin's file, and holding it in memory (plugin_source.h).
 */
#include "plugin_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "plugin_package.h"

static void close_at(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}

static enum result refuse(const char *path, const char *reason, struct error *error)
{
	return fail(error, INVALID, "plugin.not_a_file", "path", path, "reason", reason, NULL);
}

/* Until the end or until `size` bytes are there; how many, or -1. */
static ssize_t read_all(int file, uint8_t *data, size_t size)
{
	size_t filled = 0;

	while (filled < size) {
		ssize_t got = read(file, data + filled, size - filled);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? got : (ssize_t)filled;
		filled += (size_t)got;
	}
	return (ssize_t)filled;
}

enum result plugin_source_read(
	struct arena *arena, const char *path, size_t most, struct bytes *out, struct error *error)
{
	/* Without waiting, should it be a pipe. */
	int file CLEANUP(close_at) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (file < 0 || fstat(file, &status) < 0)
		return refuse(path, strerrordesc_np(errno), error);
	if (!S_ISREG(status.st_mode))
		return refuse(path, "not a regular file", error);
	if ((uint64_t)status.st_size > most)
		return fail(error, INVALID, "plugin.file_large", "limit",
			arena_printf(error->arena, "%zu", most >> 20), NULL);

	uint8_t *data = arena_alloc(arena, (size_t)status.st_size + 1);
	ssize_t size = read_all(file, data, (size_t)status.st_size);
	if (size < 0)
		return refuse(path, strerrordesc_np(errno), error);
	*out = bytes_of(data, (size_t)size);
	return OK;
}

/* A file without a folder: its path leads over our own descriptor, also for our children. */
static enum result hold(struct arena *arena, struct plugin_source *source, struct error *error)
{
	source->descriptor = memfd_create("plugin", MFD_CLOEXEC);
	if (source->descriptor < 0 || !file_write_all(source->descriptor, source->shared_object))
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
	enum result rc = plugin_source_read(arena, path, LIMIT_PLUGIN_PACKAGE, &file, error);

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
