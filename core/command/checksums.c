/*
 * SHA256SUMS of a backup (checksums.h): lines of "<hash>  <path>".
 */
#include "checksums.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

#define NAME "SHA256SUMS"

static enum result file_trouble(struct error *error, const char *path)
{
	return trouble(error, errno == ENOSPC || errno == EDQUOT ? FULL : BROKEN, "command.trouble",
		"%s: %s", path, strerror(errno));
}

static enum result lines_write(
	struct arena *arena, const char *folder, const json *files, FILE *out, struct error *error)
{
	json_each(name, files)
	{
		const char *path = arena_printf(arena, "%s/%s", folder, json_text(name));
		char hash[SHA256_HEX_SIZE];

		if (sha256_file(path, hash) || fprintf(out, "%s  %s\n", hash, json_text(name)) < 0)
			return file_trouble(error, path);
	}
	return OK;
}

static enum result file_write(struct arena *arena, const char *folder, const json *files,
	const char *path, struct error *error)
{
	FILE *out = fopen(path, "we");
	if (!out)
		return file_trouble(error, path);

	enum result rc = lines_write(arena, folder, files, out, error);
	if (!rc && (fflush(out) || fsync(fileno(out))))
		rc = file_trouble(error, path);
	(void)fclose(out);
	return rc;
}

enum result checksums_write(
	struct arena *arena, const char *folder, const json *files, struct error *error)
{
	const char *path = arena_printf(arena, "%s/" NAME, folder);
	const char *part = arena_printf(arena, "%s.part", path);
	enum result rc = file_write(arena, folder, files, part, error);
	if (rc)
		return rc;

	if (rename(part, path) || !folder_sync(folder))
		return file_trouble(error, path);
	return OK;
}

static enum result line_verify(
	struct arena *arena, const char *folder, char *line, struct error *error)
{
	const size_t hash_size = SHA256_HEX_SIZE - 1;
	char hash[SHA256_HEX_SIZE];

	line[strcspn(line, "\n")] = '\0';
	if (strlen(line) > hash_size + 2 && !memcmp(line + hash_size, "  ", 2)) {
		const char *name = line + hash_size + 2;

		line[hash_size] = '\0';
		if (sha256_file(arena_printf(arena, "%s/%s", folder, name), hash) == 0 &&
			text_equal(hash, line))
			return OK;
		line = arena_text(arena, name);
	}
	return fail(error, BROKEN, "command.not_as_backed_up", "file", arena_text(arena, line),
		"path", arena_printf(arena, "%s/" NAME, folder), NULL);
}

enum result checksums_verify(
	struct arena *arena, const char *folder, int *count, struct error *error)
{
	const char *path = arena_printf(arena, "%s/" NAME, folder);
	FILE *file = fopen(path, "re");
	enum result rc = OK;
	char line[4096];

	*count = 0;
	if (!file)
		return errno == ENOENT ? OK : file_trouble(error, path);
	while (!rc && fgets(line, sizeof(line), file)) {
		rc = line_verify(arena, folder, line, error);
		++*count;
	}
	if (!rc && ferror(file))
		rc = file_trouble(error, path);
	(void)fclose(file);
	return rc;
}

void checksums_remove(struct arena *arena, const char *folder)
{
	(void)unlink(arena_printf(arena, "%s/" NAME, folder));
}
