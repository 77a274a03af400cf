/*
 * The master key: 32 random bytes that wrap the keys of every tenant. Who has them and the databases has everything.
 *
 * It comes from $CREDENTIALS_DIRECTORY/kaowu-master-key, where systemd puts what the operator has sealed to the
 * machine, or else from DATA/master.key, which must be closed to group and others. It is made once, when there is no
 * tenant yet, whole or not at all: written beside, made durable, and renamed without replacing, so that of two
 * processes that start together one wins and both use the winner's. It is never made a second time: a lost key must be
 * brought back from the backup, not papered over by a new one.
 */
#include "inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/id.h"

/* Exactly a key's bytes and no more. */
static enum result key_read(
	int file, const char *path, uint8_t out[SEAL_KEY_SIZE], struct error *error)
{
	uint8_t bytes[SEAL_KEY_SIZE + 1];
	ssize_t size = read(file, bytes, sizeof bytes);

	if (size == SEAL_KEY_SIZE)
		memcpy(out, bytes, SEAL_KEY_SIZE);
	explicit_bzero(bytes, sizeof bytes);
	if (size != SEAL_KEY_SIZE)
		return fail(error, BROKEN, "tenant.master_key_damaged", "path", path, NULL);
	return OK;
}

/*
 * NOT_FOUND, without an error, if there is none. systemd shows access lists as group bits: nothing is forbidden there.
 */
static enum result key_from(
	const char *path, mode_t forbidden, uint8_t out[SEAL_KEY_SIZE], struct error *error)
{
	int file CLEANUP(descriptor_close_at) =
		open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (file < 0 && errno == ENOENT)
		return NOT_FOUND;

	struct stat facts;
	if (file < 0 || fstat(file, &facts))
		return fail(error, BROKEN, "tenant.master_key_unreadable", "path", path, "reason",
			strerror(errno), NULL);

	if (!S_ISREG(facts.st_mode))
		return fail(error, BROKEN, "tenant.master_key_damaged", "path", path, NULL);

	if (facts.st_mode & forbidden)
		return fail(error, BROKEN, "tenant.master_key_exposed", "path", path, NULL);
	return key_read(file, path, out, error);
}

/* A new key in a new file, durable when OK. */
static bool key_write(const char *path)
{
	uint8_t key[SEAL_KEY_SIZE];
	int file CLEANUP(descriptor_close_at) =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return false;

	random_bytes(key, sizeof key);
	bool written = write(file, key, sizeof key) == (ssize_t)sizeof key && fsync(file) == 0;
	explicit_bzero(key, sizeof key);
	return written;
}

/* A key that somebody else has placed meanwhile stays: that is no failure. */
static bool key_place(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 || errno == EEXIST;
}

static enum result key_make(const char *data_folder, const char *path, struct error *error)
{
	const char *beside = arena_printf(error->arena, "%s.%s", path, id_create(error->arena));
	bool made = key_write(beside) && key_place(beside, path) && folder_sync(data_folder);
	const char *reason = made ? "" : strerror(errno);

	unlink(beside);
	if (!made)
		return fail(error, BROKEN, "tenant.master_key_unwritable", "path", path, "reason",
			reason, NULL);
	return OK;
}

enum result master_key_load(
	const char *data_folder, bool may_create, uint8_t out[SEAL_KEY_SIZE], struct error *error)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	if (credentials) {
		const char *path = arena_printf(error->arena, "%s/kaowu-master-key", credentials);
		enum result rc = key_from(path, 0, out, error);
		if (rc != NOT_FOUND)
			return rc;
	}

	const char *path = arena_printf(error->arena, "%s/master.key", data_folder);
	enum result rc = key_from(path, S_IRWXG | S_IRWXO, out, error);
	if (rc != NOT_FOUND)
		return rc;

	if (!may_create)
		return fail(error, BROKEN, "tenant.master_key_missing", "path", path, NULL);

	rc = key_make(data_folder, path, error);
	if (rc)
		return rc;

	rc = key_from(path, S_IRWXG | S_IRWXO, out, error);
	assert(rc != NOT_FOUND);
	return rc;
}
