/*
 * Files as a whole: what is read is all of it and no more than was asked for, and what is no file is told with why.
 */
#include "scratch.h"

#include <stdlib.h>

#include "base/file.h"

static char path[] = "/tmp/kaowu-file-XXXXXX";

static int file_make(void **state)
{
	(void)state;
	int file = mkstemp(path);
	bool written = file >= 0 && file_write_all(file, bytes_of("0123456789", 10));

	descriptor_close_at(&file);
	return written ? 0 : -1;
}

static int file_remove(void **state)
{
	(void)state;
	return unlink(path);
}

static void a_file_is_read_to_its_end(void **state)
{
	struct scratch *scratch = *state;
	struct bytes text;

	assert_int_equal(file_read(scratch->arena, path, 10, &text, &scratch->error), OK);
	assert_int_equal(text.size, 10);
	assert_string_equal(text.data, "0123456789");
}

static void what_is_longer_than_asked_for_is_not_read(void **state)
{
	struct scratch *scratch = *state;
	struct bytes text;

	assert_int_equal(file_read(scratch->arena, path, 9, &text, &scratch->error), INVALID);
	assert_string_equal(scratch->error.code, "file.long");
}

static void what_is_no_file_is_told_with_why(void **state)
{
	static const char *const none[] = {"/", "/dev/null", "/nowhere/at/all"};
	struct scratch *scratch = *state;
	struct bytes text;

	for (size_t i = 0; i < COUNT(none); i++) {
		struct error error = {.arena = scratch->arena};

		assert_int_equal(file_read(scratch->arena, none[i], 100, &text, &error), INVALID);
		assert_string_equal(error.code, "file.unreadable");
	}
}

static void names_in_a_folder_come_sorted_by_their_suffix_and_none_where_there_is_no_folder(
	void **state)
{
	static const char *const made[] = {"b.db", ".db", "a.db", "a.db-wal"};
	struct scratch *scratch = *state;
	char folder[] = "/tmp/kaowu-folder-XXXXXX";
	json *names;

	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < COUNT(made); i++)
		close(creat(arena_printf(scratch->arena, "%s/%s", folder, made[i]), 0600));
	assert_int_equal(folder_names(scratch->arena, folder, ".db", &names, &scratch->error), OK);
	assert_string_equal(json_print(scratch->arena, names), "[\"a.db\",\"b.db\"]");

	assert_int_equal(
		folder_names(scratch->arena, "/nowhere/at/all", ".db", &names, &scratch->error),
		OK);
	assert_int_equal(json_count(names), 0);
	assert_int_equal(
		folder_names(scratch->arena, path, ".db", &names, &scratch->error), INVALID);
	assert_string_equal(scratch->error.code, "file.unreadable");
	for (size_t i = 0; i < COUNT(made); i++)
		unlink(arena_printf(scratch->arena, "%s/%s", folder, made[i]));
	assert_int_equal(rmdir(folder), 0);
}

static void only_a_folder_that_is_there_is_made_durable(void **state)
{
	(void)state;
	assert_true(folder_sync("/tmp"));
	assert_false(folder_sync("/nowhere/at/all"));
	assert_false(folder_sync(path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(a_file_is_read_to_its_end),
		with_scratch(what_is_longer_than_asked_for_is_not_read),
		with_scratch(what_is_no_file_is_told_with_why),
		with_scratch(
			names_in_a_folder_come_sorted_by_their_suffix_and_none_where_there_is_no_folder),
		cmocka_unit_test(only_a_folder_that_is_there_is_made_durable),
	};
	return cmocka_run_group_tests(tests, file_make, file_remove);
}
