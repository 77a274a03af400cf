/*
 * ZIP archives: what went in comes out, with Chinese names that every system shows right; what strangers packed takes
 * no more room than we give it.
 */
#include "scratch.h"

#include <stdlib.h>
#include <zip.h>

#include "base/archive.h"
#include "base/bytes.h"

/* 2026-11-22T09:00:00+08:00 */
#define MADE_AT INT64_C(1795309200000)

static struct arena *arena;

static const struct archive_entry papers[] = {
	{"1-申报表（空白）.pdf", {(const uint8_t *)"first", 5}},
	{"2-承诺书/示例.pdf", {(const uint8_t *)"", 0}},
};

static struct bytes build(const struct archive_entry *entries, size_t count)
{
	struct error error = {.arena = arena};
	struct bytes zip;

	assert_int_equal(archive_build(arena, entries, count, MADE_AT, &zip, &error), OK);
	return zip;
}

static zip_t *open_archive(struct bytes content)
{
	zip_source_t *source = zip_source_buffer_create(content.data, content.size, 0, NULL);
	zip_t *zip = zip_open_from_source(source, ZIP_CHECKCONS, NULL);

	assert_non_null(zip);
	return zip;
}

static void entries_come_back_in_order_with_name_content_and_date(void **state)
{
	zip_t *zip = open_archive(build(papers, COUNT(papers)));
	zip_stat_t about;
	char content[8];
	zip_file_t *file;

	(void)state;
	assert_int_equal(zip_get_num_entries(zip, 0), 2);
	assert_string_equal(zip_get_name(zip, 0, ZIP_FL_ENC_GUESS), papers[0].name);
	assert_string_equal(zip_get_name(zip, 1, ZIP_FL_ENC_GUESS), papers[1].name);
	assert_int_equal(zip_stat_index(zip, 1, 0, &about), 0);
	assert_int_equal(about.size, 0);

	file = zip_fopen_index(zip, 0, 0);
	assert_int_equal(zip_fread(file, content, sizeof content), 5);
	assert_memory_equal(content, "first", 5);
	zip_fclose(file);
	zip_discard(zip);
}

/* Bit 11 of the flags in each local header (APPNOTE 4.4.4): without it Windows guesses another encoding. The date
 * is MS-DOS's. */
static void names_are_marked_as_utf_8_and_dates_are_those_of_shanghai(void **state)
{
	struct bytes zip = build(papers, COUNT(papers));
	unsigned time = zip.data[10] | (unsigned)zip.data[11] << 8;
	unsigned date = zip.data[12] | (unsigned)zip.data[13] << 8;

	(void)state;
	assert_memory_equal(zip.data, "PK\003\004", 4);
	assert_true(zip.data[7] & 0x08);
	assert_int_equal(time, 9 << 11);
	assert_int_equal(date, (2026 - 1980) << 9 | 11 << 5 | 22);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	struct bytes first = build(papers, COUNT(papers));

	(void)state;
	assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
	struct bytes second = build(papers, COUNT(papers));
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.data, second.data, first.size);
	assert_int_equal(unsetenv("TZ"), 0);
}

static void a_large_entry_is_compressed_and_whole(void **state)
{
	const size_t size = 3u << 20;
	uint8_t *data = arena_alloc(arena, size), *back = arena_alloc(arena, size);
	const struct archive_entry entry = {"large", {data, size}};
	struct bytes archive;
	zip_file_t *file;
	zip_t *zip;

	(void)state;
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i >> 8);
	archive = build(&entry, 1);
	assert_true(archive.size < size / 10);

	zip = open_archive(archive);
	file = zip_fopen_index(zip, 0, 0);
	assert_int_equal(zip_fread(file, back, size), size);
	assert_memory_equal(back, data, size);
	zip_fclose(file);
	zip_discard(zip);
}

static void a_name_that_stands_twice_is_trouble(void **state)
{
	const struct archive_entry twice[] = {papers[0], papers[0]};
	struct error error = {.arena = arena};
	struct bytes zip = {NULL, 0};

	(void)state;
	assert_int_equal(archive_build(arena, twice, 2, MADE_AT, &zip, &error), BROKEN);
	assert_string_equal(error.code, "archive.not_built");
	assert_null(zip.data);
}

/* ---- Reading ---- */

static const char *read_code(struct bytes zip, const char *name, size_t most, struct bytes *content)
{
	struct error error = {.arena = arena};
	enum result rc = archive_read(arena, zip, name, most, content, &error);

	assert_int_equal(rc, error.code ? INVALID : OK);
	return error.code ? error.code : "ok";
}

static void an_entry_is_read_up_to_what_is_allowed(void **state)
{
	struct bytes zip = build(papers, COUNT(papers)), content = {NULL, 9};

	(void)state;
	assert_string_equal(read_code(zip, papers[0].name, 5, &content), "ok");
	assert_int_equal(content.size, 5);
	assert_memory_equal(content.data, "first", 5);
	assert_string_equal(read_code(zip, papers[1].name, 0, &content), "ok");
	assert_int_equal(content.size, 0);
	assert_string_equal(read_code(zip, papers[0].name, 4, &content), "archive.large");
	assert_string_equal(read_code(zip, "nothing", 4, &content), "archive.missing");
}

/* The headers say three bytes, and the content goes on for three million. */
static void a_size_that_lies_unpacks_no_more_than_it_says(void **state)
{
	const size_t size = 3u << 20;
	const struct archive_entry entry = {"bomb", {arena_alloc(arena, size), size}};
	struct bytes zip = build(&entry, 1), content = {NULL, 0};
	uint8_t *data = arena_copy(arena, zip.data, zip.size);

	(void)state;
	for (size_t i = 0; i + 4 <= zip.size; i++) {
		size_t at = memcmp(data + i, "PK\003\004", 4) == 0   ? i + 22
			    : memcmp(data + i, "PK\001\002", 4) == 0 ? i + 24
								     : 0;
		if (at)
			memcpy(data + at, "\003\000\000", 4);
	}
	assert_string_equal(
		read_code(bytes_of(data, zip.size), "bomb", 4 << 20, &content), "archive.broken");
}

/* Each byte in turn is another: nothing crashes, and what is read at all is what was packed. */
static void a_damaged_archive_is_refused_or_read_right(void **state)
{
	struct bytes zip = build(papers, COUNT(papers)), content;

	(void)state;
	for (size_t i = 0; i < zip.size; i++) {
		uint8_t *data = arena_copy(arena, zip.data, zip.size);

		data[i] ^= 0x41;
		if (strcmp(read_code(bytes_of(data, zip.size), papers[0].name, 100, &content),
			    "ok"))
			continue;
		assert_int_equal(content.size, 5);
		assert_memory_equal(content.data, "first", 5);
	}
	for (size_t size = 1; size < zip.size; size++)
		assert_string_equal(
			read_code(bytes_of(zip.data, size), papers[0].name, 100, &content),
			"archive.broken");
}

static int setup(void **state)
{
	scratch_open(state);
	arena = ((struct scratch *)*state)->arena;
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, scratch_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(entries_come_back_in_order_with_name_content_and_date),
		TEST(names_are_marked_as_utf_8_and_dates_are_those_of_shanghai),
		TEST(the_same_input_gives_the_same_bytes),
		TEST(a_large_entry_is_compressed_and_whole),
		TEST(a_name_that_stands_twice_is_trouble),
		TEST(an_entry_is_read_up_to_what_is_allowed),
		TEST(a_size_that_lies_unpacks_no_more_than_it_says),
		TEST(a_damaged_archive_is_refused_or_read_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
