/*
 * Migrations: applied once, in order, whole or not at all; a database that is not ours is left as it is.
 */
#include "scratch.h"

#include "store/migration.h"

#define TEXT_FILE(name, text)                                                                      \
	{                                                                                          \
		.path = "sql/" name, .content = {(const uint8_t *)(text), sizeof(text) - 1 }       \
	}

#define FIRST                                                                                      \
	TEXT_FILE("sample_0001_start.sql",                                                         \
		"CREATE TABLE one (x TEXT); INSERT INTO one VALUES ('a');")

/* Sorted by path, as embedded files are; another family between them. */
static const struct embedded_file files[] = {
	FIRST,
	TEXT_FILE(
		"sample_0002_more.sql", "CREATE TABLE two (x TEXT); INSERT INTO one VALUES ('b');"),
	TEXT_FILE("sample_extra_0001_other.sql", "CREATE TABLE other (x TEXT);"),
};
static const struct embedded_file failing[] = {
	FIRST,
	TEXT_FILE("sample_0002_more.sql",
		"CREATE TABLE two (x TEXT); INSERT INTO nowhere VALUES (1);"),
};
static const struct embedded_file changed[] = {
	TEXT_FILE("sample_0001_start.sql", "CREATE TABLE one (y TEXT);"),
};

static enum result migrate(struct scratch *scratch, struct store *store,
	const struct embedded_file *list, size_t count)
{
	return store_migrate_from(store, list, count, "sample", fresh_error(scratch));
}

static int64_t table_count(struct scratch *scratch, struct store *store)
{
	return number(scratch, store, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
}

static void each_file_of_the_family_is_applied_once_in_order(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);
	const char *names;

	assert_ok(migrate(scratch, store, files, 1));
	assert_ok(migrate(scratch, store, files, COUNT(files)));
	assert_ok(migrate(scratch, store, files, COUNT(files)));
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM one"), 2);
	assert_int_equal(table_count(scratch, store), 3);
	assert_ok(store_text(store, scratch->arena, "SELECT group_concat(file) FROM migration",
		BIND_NONE, &names, &scratch->error));
	assert_string_equal(names, "sample_0001_start.sql,sample_0002_more.sql");
	store_close(store);
}

static void a_file_that_fails_leaves_nothing_of_itself_and_those_before_it(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_int_equal(migrate(scratch, store, failing, COUNT(failing)), BROKEN);
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM migration"), 1);
	assert_int_equal(table_count(scratch, store), 2);
	assert_ok(migrate(scratch, store, files, COUNT(files)));
	assert_int_equal(table_count(scratch, store), 3);
	store_close(store);
}

static void a_file_that_was_applied_otherwise_is_refused(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(migrate(scratch, store, changed, 1));
	assert_fails(scratch, migrate(scratch, store, files, COUNT(files)), BROKEN,
		"store.migration_differs");
	assert_string_equal(error_param(scratch, "file"), "sample_0001_start.sql");
	assert_int_equal(table_count(scratch, store), 2);
	store_close(store);
}

static void a_database_that_knows_a_later_file_is_refused(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(migrate(scratch, store, files, COUNT(files)));
	assert_fails(scratch, migrate(scratch, store, files, 1), BROKEN, "store.migration_unknown");
	assert_string_equal(error_param(scratch, "file"), "sample_0002_more.sql");
	store_close(store);
}

static void a_database_of_another_family_is_refused(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(migrate(scratch, store, files, COUNT(files)));
	assert_fails(scratch, store_migrate(store, "files", fresh_error(scratch)), BROKEN,
		"store.migration_unknown");
	assert_int_equal(table_count(scratch, store), 3);
	store_close(store);
}

static void the_embedded_files_apply(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(store_migrate(store, "files", fresh_error(scratch)));
	assert_ok(store_migrate(store, "files", fresh_error(scratch)));
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM file"), 0);
	store_close(store);
}

static void a_reader_sees_whether_all_has_been_applied_as_it_is(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);
	struct store *reader = open_store(scratch, STORE_READ);

	assert_false(store_is_migrated(reader, "tenant"));
	assert_ok(store_migrate(store, "tenant", &scratch->error));
	assert_true(store_is_migrated(reader, "tenant"));
	assert_false(store_is_migrated(reader, "control"));
	assert_ok(store_run(store,
		"DELETE FROM migration WHERE file = (SELECT max(file) FROM migration)", BIND_NONE,
		&scratch->error));
	assert_false(store_is_migrated(reader, "tenant"));
	store_close(reader);
	store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_file_of_the_family_is_applied_once_in_order),
		TEST(a_file_that_fails_leaves_nothing_of_itself_and_those_before_it),
		TEST(a_file_that_was_applied_otherwise_is_refused),
		TEST(a_database_that_knows_a_later_file_is_refused),
		TEST(a_database_of_another_family_is_refused),
		TEST(a_reader_sees_whether_all_has_been_applied_as_it_is),
		TEST(the_embedded_files_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
