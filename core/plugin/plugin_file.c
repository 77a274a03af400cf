/*
 * Write, fsync, link (plugin_file.h).
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

enum result plugin_file_take(struct arena *arena, const char *data_folder, struct bytes content,
	struct plugin_file *out, struct error *error)
{
	struct plugin_file file = {.folder = arena_printf(arena, "%s/plugins", data_folder)};
	enum result rc = make_folder(data_folder, file.folder, error);
	if (rc)
		return rc;

	sha256_hex(content, file.sha256);
	file.path = arena_printf(arena, "%s/" INCOMING "%s", file.folder, id_create(arena));
	int target CLEANUP(descriptor_close_at) =
		open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (target < 0)
		return disk_failed(error, file.path);
	leftovers_remove(&file, target);
	if (!file_write_all(target, content) || fsync(target) < 0) {
		rc = disk_failed(error, file.path);
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
