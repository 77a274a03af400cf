/*
 * ZIP archives: what went in comes out, with Chinese names that every system shows right.
 */
#include "paper.h"

#include <zip.h>

#include "document/archive.h"

static const struct archive_entry papers[] = {
	{"1-申报表（空白）.pdf", {(const uint8_t *)"first", 5}},
	{"2-承诺书/示例.pdf", {(const uint8_t *)"", 0}},
};

static struct bytes build(const struct archive_entry *entries, size_t count)
{
	struct error error = {.arena = arena};
	struct bytes zip;

	assert_int_equal(archive_build(arena, entries, count, PAPER_AT, &zip, &error), OK);
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
	assert_same_bytes(first, build(papers, COUNT(papers)));
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
	assert_int_equal(archive_build(arena, twice, 2, PAPER_AT, &zip, &error), BROKEN);
	assert_string_equal(error.code, "document.archive");
	assert_null(zip.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_back_in_order_with_name_content_and_date),
		cmocka_unit_test(names_are_marked_as_utf_8_and_dates_are_those_of_shanghai),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(a_large_entry_is_compressed_and_whole),
		cmocka_unit_test(a_name_that_stands_twice_is_trouble),
	};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
