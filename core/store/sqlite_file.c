/*
 * Makes the empty file that SQLite then fills, with our permissions, and makes its name durable.
 *
 * The hard thing: closing any descriptor of a database file drops every POSIX lock that this process holds on it, and
 * another connection may have it open. So the file is made without ever being opened here.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "sqlite.h"

static enum result file_trouble(struct error *error, const char *act, const char *path)
{
	enum result result = errno == ENOSPC || errno == EDQUOT ? FULL : BROKEN;
	const char *code = result == FULL ? "store.full" : "store.cannot_open";

	return trouble(error, result, code, "%s %s: %s", act, path, strerror(errno));
}

static void free_text(char **text)
{
	free(*text);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder =
		!slash ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));

	assert(folder);
	return folder;
}

enum result sqlite_file_make_durable(const char *path, struct error *error)
{
	char *folder CLEANUP(free_text) = folder_of(path);

	return folder_sync(folder) ? OK : file_trouble(error, "fsync", folder);
}

static enum result make_folder(const char *path, struct error *error)
{
	if (mkdir(path, 0700) == 0)
		return sqlite_file_make_durable(path, error);
	if (errno == EEXIST)
		return OK;
	if (errno != ENOENT)
		return file_trouble(error, "mkdir", path);

	char *parent CLEANUP(free_text) = folder_of(path);
	enum result rc = make_folder(parent, error);
	if (rc)
		return rc;

	if (mkdir(path, 0700) && errno != EEXIST)
		return file_trouble(error, "mkdir", path);
	return sqlite_file_make_durable(path, error);
}

enum result sqlite_file_create(const char *path, bool *created, struct error *error)
{
	char *folder CLEANUP(free_text) = folder_of(path);
	enum result rc = make_folder(folder, error);
	if (rc)
		return rc;

	*created = mknod(path, S_IFREG | 0600, 0) == 0;
	if (!*created && errno != EEXIST)
		return file_trouble(error, "create", path);
	return sqlite_file_make_durable(path, error);
}
