/*
 * Copy, fsync, link (plugin_file.h). What is described, hashed and kept is our own copy, so that nothing can
 * change between the three.
 */
#include "plugin_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"

#define INCOMING    ".incoming-"
#define LEFT_OVER_S 3600 /* no installation takes so long */

static enum result disk_failed(struct error *error, const char *path)
{
	int failure = errno;
	return trouble(error, failure == ENOSPC || failure == EDQUOT ? FULL : BROKEN, "plugin.disk",
		"%s: %s", path, strerrordesc_np(failure));
}

static enum result sync_folder(const char *path, struct error *error)
{
	return folder_sync(path) ? OK : disk_failed(error, path);
}

static enum result make_folder(const char *data_folder, const char *folder, struct error *error)
{
	if (mkdir(folder, 0700) == 0)
		return sync_folder(data_folder, error);
	return errno == EEXIST ? OK : disk_failed(error, folder);
}

/* Without waiting, should it be a pipe. */
static enum result open_source(const char *path, int *out, struct error *error)
{
	int source = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	if (source < 0)
		return fail(error, INVALID, "plugin.not_a_file", "path", path, "reason",
			strerrordesc_np(errno), NULL);

	*out = source;
	if (fstat(source, &status) < 0 || !S_ISREG(status.st_mode))
		return fail(error, INVALID, "plugin.not_a_file", "path", path, "reason",
			"not a regular file", NULL);
	if (status.st_size > LIMIT_PLUGIN_FILE)
		return fail(error, INVALID, "plugin.file_large", "limit",
			arena_printf(error->arena, "%u", LIMIT_PLUGIN_FILE >> 20), NULL);
	return OK;
}

static enum result copy(int source, int target, const struct plugin_file *file, struct error *error)
{
	char piece[16384];
	for (;;) {
		ssize_t size = read(source, piece, sizeof(piece));
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0 || !file_write_all(target, bytes_of(piece, (size_t)size)))
			return disk_failed(error, file->path);
		if (size == 0)
			return fsync(target) < 0 ? disk_failed(error, file->path) : OK;
	}
}

/* What was being installed when its process was killed; another may be at work in the next process. */
static void leftovers_remove(const struct plugin_file *file, int own)
{
	struct stat now, facts;
	DIR *folder = opendir(file->folder);

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		if (text_starts(entry->d_name, INCOMING) && fstat(own, &now) == 0 &&
			fstatat(dirfd(folder), entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0 &&
			now.st_mtime - facts.st_mtime > LEFT_OVER_S)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	if (folder)
		closedir(folder);
}

enum result plugin_file_take(struct arena *arena, const char *data_folder, const char *path,
	struct plugin_file *out, struct error *error)
{
	struct plugin_file file = {.folder = arena_printf(arena, "%s/plugins", data_folder)};
	int source CLEANUP(descriptor_close_at) = -1;
	enum result rc = open_source(path, &source, error);
	if (rc)
		return rc;
	rc = make_folder(data_folder, file.folder, error);
	if (rc)
		return rc;

	file.path = arena_printf(arena, "%s/" INCOMING "%s", file.folder, id_create(arena));
	int target CLEANUP(descriptor_close_at) =
		open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (target < 0)
		return disk_failed(error, file.path);
	leftovers_remove(&file, target);
	rc = copy(source, target, &file, error);
	if (!rc && sha256_file(file.path, file.sha256) < 0)
		rc = disk_failed(error, file.path);
	if (rc) {
		plugin_file_drop(&file);
		return rc;
	}

	*out = file;
	return OK;
}

enum result plugin_file_keep(struct arena *arena, const struct plugin_file *file, const char *id,
	const char *version, const char **name, struct error *error)
{
	char *kept = arena_printf(arena, "%s-%s-%.12s.so", id, version, file->sha256);
	const char *path = arena_printf(arena, "%s/%s", file->folder, kept);
	if (link(file->path, path) < 0) {
		if (errno != EEXIST)
			return disk_failed(error, path);
		if (!plugin_file_matches(path, file->sha256))
			return fail(error, CONFLICT, "plugin.file_changed", "file", kept, NULL);
	}
	enum result rc = sync_folder(file->folder, error);
	if (rc)
		return rc;

	*name = kept;
	return OK;
}

void plugin_file_drop(const struct plugin_file *file)
{
	unlink(file->path);
}

char *plugin_file_path(struct arena *arena, const char *data_folder, const char *name)
{
	return arena_printf(arena, "%s/plugins/%s", data_folder, name);
}

bool plugin_file_matches(const char *path, const char *sha256)
{
	char found[SHA256_HEX_SIZE];
	return sha256_file(path, found) == 0 && text_equal(found, sha256);
}
