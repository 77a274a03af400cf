/*
 * The loops around read(2), write(2) and readdir(3), and a sealed memfd (file.h).
 */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

static enum result unreadable(const char *path, const char *reason, struct error *error)
{
	return fail(error, INVALID, "file.unreadable", "path", path, "reason", reason, NULL);
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

enum result file_read(
	struct arena *arena, const char *path, size_t most, struct bytes *out, struct error *error)
{
	/* Without waiting, should it be a pipe. */
	int file CLEANUP(descriptor_close_at) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat facts;

	if (file < 0 || fstat(file, &facts) < 0)
		return unreadable(path, strerrordesc_np(errno), error);
	if (!S_ISREG(facts.st_mode))
		return unreadable(path, "not a regular file", error);
	if ((uint64_t)facts.st_size > most)
		return fail(error, INVALID, "file.long", "path", path, "limit",
			arena_printf(error->arena, "%zu", most >> 10), NULL);

	uint8_t *data = arena_alloc(arena, (size_t)facts.st_size + 1);
	ssize_t size = read_all(file, data, (size_t)facts.st_size);
	if (size < 0)
		return unreadable(path, strerrordesc_np(errno), error);
	*out = bytes_of(data, (size_t)size);
	return OK;
}

bool file_write_all(int file, struct bytes content)
{
	while (content.size > 0) {
		ssize_t written = write(file, content.data, content.size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		content.data += written;
		content.size -= (size_t)written;
	}
	return true;
}

int file_in_memory(const char *name, struct bytes content)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int file = memfd_create(name, flags | MFD_EXEC);

	if (file < 0 && errno == EINVAL) /* an older kernel, to which all may be run */
		file = memfd_create(name, flags);
	if (file < 0)
		return -1;
	if (file_write_all(file, content) &&
		fcntl(file, F_ADD_SEALS,
			F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
		return file;

	int failed = errno;
	(void)close(file);
	errno = failed;
	return -1;
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t length = strlen(name), behind = strlen(suffix);

	return length > behind && strcmp(name + length - behind, suffix) == 0;
}

enum result folder_names(
	struct arena *arena, const char *path, const char *suffix, json **out, struct error *error)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	json *names = json_new_array(arena);

	if (count < 0 && errno != ENOENT)
		return unreadable(path, strerrordesc_np(errno), error);
	for (int i = 0; i < count; i++) {
		if (ends_in(entries[i]->d_name, suffix))
			json_append(names, json_new_text(arena, entries[i]->d_name));
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	*out = names;
	return OK;
}

bool folder_sync(const char *path)
{
	int folder CLEANUP(descriptor_close_at) = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return folder >= 0 && fsync(folder) == 0;
}

void descriptor_close_at(int *descriptor)
{
	if (*descriptor >= 0)
		(void)close(*descriptor);
}
