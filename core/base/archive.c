/*
 * ZIP in memory. libzip writes into a source; the source is kept, and read back after the archive is closed. What
 * strangers packed is unpacked into room of our own size, which their headers have no say in.
 */
#include "archive.h"

#include <stdbool.h>
#include <zip.h>

#include "arena.h"
#include "clock.h"

#define ENTRIES_MOST 64 /* of an archive that is read */

/* MS-DOS date and time, as ZIP has them: seven bits of years since 1980, two-second steps. */
static zip_uint16_t dos_date(int64_t at)
{
	struct date date = date_of_moment(at);
	int year = date.year < 1980 ? 0 : date.year - 1980;

	return (zip_uint16_t)(year << 9 | date.month << 5 | date.day);
}

static zip_uint16_t dos_time(int64_t at)
{
	int64_t seconds = (at - moment_of_date(date_of_moment(at))) / 1000;

	return (zip_uint16_t)(seconds / 3600 << 11 | seconds / 60 % 60 << 5 | seconds % 60 / 2);
}

static bool add(zip_t *zip, const struct archive_entry *entry, int64_t made_at)
{
	zip_source_t *content = zip_source_buffer(zip, entry->content.data, entry->content.size, 0);
	zip_int64_t index;

	if (!content)
		return false;

	index = zip_file_add(zip, entry->name, content, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(content);
		return false;
	}
	return zip_file_set_dostime(
		       zip, (zip_uint64_t)index, dos_time(made_at), dos_date(made_at), 0) == 0;
}

/* Closes or discards `zip`; true if every entry went in and was written. */
static bool write_all(
	zip_t *zip, const struct archive_entry *entries, size_t count, int64_t made_at)
{
	bool good = true;

	for (size_t i = 0; i < count && good; i++)
		good = add(zip, &entries[i], made_at);
	if (good && zip_close(zip) == 0)
		return true;

	zip_discard(zip);
	return false;
}

static bool read_back(struct arena *arena, zip_source_t *source, struct bytes *out)
{
	zip_stat_t about;
	uint8_t *data;
	zip_int64_t size;

	if (zip_source_stat(source, &about) || zip_source_open(source))
		return false;

	data = arena_alloc(arena, about.size);
	size = zip_source_read(source, data, about.size);
	zip_source_close(source);
	if (size < 0 || (zip_uint64_t)size != about.size)
		return false;

	*out = bytes_of(data, about.size);
	return true;
}

enum result archive_build(struct arena *arena, const struct archive_entry *entries, size_t count,
	int64_t made_at, struct bytes *out, struct error *error)
{
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, NULL) : NULL;
	bool good = false;

	if (zip) {
		zip_source_keep(source); /* closing the archive gives up its own reference */
		good = write_all(zip, entries, count, made_at) && read_back(arena, source, out);
	}
	if (source)
		zip_source_free(source);
	return good ? OK
		    : trouble(error, BROKEN, "archive.not_built", "libzip: %zu entries", count);
}

/* ---- Reading ---- */

static void discard_at(zip_t **zip)
{
	if (*zip)
		zip_discard(*zip);
}

static void file_close_at(zip_file_t **file)
{
	if (*file)
		zip_fclose(*file);
}

static zip_t *open_bytes(struct bytes zip)
{
	zip_source_t *source = zip_source_buffer_create(zip.data, zip.size, 0, NULL);
	zip_t *opened =
		source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL) : NULL;

	if (source && !opened)
		zip_source_free(source);
	return opened;
}

/* At most `size` bytes; fewer where the content ends there; -1 where it is damaged (its checksum among others). */
static zip_int64_t read_most(zip_file_t *file, uint8_t *data, size_t size)
{
	size_t filled = 0;

	while (filled < size) {
		zip_int64_t got = zip_fread(file, data + filled, size - filled);

		if (got <= 0)
			return got < 0 ? got : (zip_int64_t)filled;
		filled += (size_t)got;
	}
	return (zip_int64_t)filled;
}

enum result archive_read(struct arena *arena, struct bytes zip, const char *name, size_t most,
	struct bytes *content, struct error *error)
{
	zip_t *opened CLEANUP(discard_at) = open_bytes(zip);
	zip_stat_t about;

	if (!opened || zip_get_num_entries(opened, 0) > ENTRIES_MOST)
		return fail(error, INVALID, "archive.broken", NULL);
	if (zip_stat(opened, name, 0, &about))
		return fail(error, INVALID, "archive.missing", "name", name, NULL);
	if (about.size > most)
		return fail(error, INVALID, "archive.large", "name", name, NULL);

	zip_file_t *file CLEANUP(file_close_at) = zip_fopen(opened, name, 0);
	uint8_t *data = arena_alloc(arena, about.size + 1);
	zip_int64_t size = file ? read_most(file, data, about.size + 1) : -1;
	if (size < 0 || (zip_uint64_t)size != about.size)
		return fail(error, INVALID, "archive.broken", NULL);

	*content = bytes_of(data, about.size);
	return OK;
}
