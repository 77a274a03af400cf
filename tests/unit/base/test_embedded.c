/*
 * The files of schemas/ stand in the binary as they stand on the disk.
 */
#include "scratch.h"

#include <stdio.h>

#include "base/embedded.h"

static void the_table_is_sorted_by_path(void **state)
{
	(void)state;
	assert_true(embedded_count > 10);
	for (size_t i = 1; i < embedded_count; i++)
		assert_true(strcmp(embedded_files[i - 1].path, embedded_files[i].path) < 0);
}

static void every_file_is_found_by_its_path(void **state)
{
	(void)state;
	for (size_t i = 0; i < embedded_count; i++)
		assert_ptr_equal(embedded_find(embedded_files[i].path), &embedded_files[i]);
	assert_null(embedded_find(""));
	assert_null(embedded_find("messages/"));
	assert_null(embedded_find("zzz"));
}

static void every_file_is_as_on_the_disk(void **state)
{
	struct scratch *scratch = *state;

	for (size_t i = 0; i < embedded_count; i++) {
		struct bytes content = embedded_files[i].content;
		char *path = arena_printf(
			scratch->arena, "%s/schemas/%s", SOURCE_DIR, embedded_files[i].path);
		char *data = arena_alloc(scratch->arena, content.size + 1);
		FILE *file = fopen(path, "rbe");

		assert_non_null(file);
		size_t size = fread(data, 1, content.size + 1, file);
		fclose(file);
		assert_int_equal(size, content.size);
		assert_memory_equal(data, content.data, size);
	}
}

static void behind_every_file_stands_a_zero(void **state)
{
	(void)state;
	for (size_t i = 0; i < embedded_count; i++)
		assert_int_equal(embedded_files[i].content.data[embedded_files[i].content.size], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(the_table_is_sorted_by_path),
		with_scratch(every_file_is_found_by_its_path),
		with_scratch(every_file_is_as_on_the_disk),
		with_scratch(behind_every_file_stands_a_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
