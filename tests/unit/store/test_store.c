/*
 * The store, as core/exam sees it: what is bound comes back, what refuses says why, what is committed is seen.
 */
#include "scratch.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "base/clock.h"

static const char tables[] = "CREATE TABLE plan (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
			     " seats BIGINT CHECK (seats > 0), UNIQUE (name, seats));"
			     "CREATE TABLE application (id TEXT PRIMARY KEY,"
			     " plan_id TEXT NOT NULL REFERENCES plan (id));"
			     "CREATE TABLE late (plan_id TEXT REFERENCES plan (id)"
			     " DEFERRABLE INITIALLY DEFERRED);"
			     "CREATE TABLE thing (number BIGINT, text TEXT, data BLOB);";

static struct store *store_with_tables(struct scratch *scratch)
{
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(store_script(store, tables, fresh_error(scratch)));
	return store;
}

static void insert_plan(struct scratch *scratch, struct store *store, const char *id)
{
	assert_ok(store_run(store, "INSERT INTO plan (id, name, seats) VALUES (?1, ?2, ?3)",
		BIND(TEXT(id), TEXT(id), INTEGER(30)), fresh_error(scratch)));
}

static int64_t plan_count(struct scratch *scratch, struct store *store)
{
	return number(scratch, store, "SELECT count(*) FROM plan");
}

static unsigned permissions(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return (unsigned)status.st_mode & 07777;
}

static void a_created_database_and_its_folders_are_its_owners_alone(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	char log[96], folder[96];

	insert_plan(scratch, store, "one");
	snprintf(log, sizeof(log), "%s-wal", scratch->path);
	snprintf(folder, sizeof(folder), "%s/tenants/one", scratch->folder);
	assert_int_equal(permissions(scratch->path), 0600);
	assert_int_equal(permissions(log), 0600);
	assert_int_equal(permissions(folder), 0700);
	store_close(store);

	store = open_store(scratch, STORE_CREATE);
	assert_int_equal(plan_count(scratch, store), 1);
	store_close(store);
}

static void a_database_that_is_not_there_is_made_only_when_asked_for(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = NULL;

	assert_fails(scratch, store_open(scratch->path, STORE_READ, &store, fresh_error(scratch)),
		BROKEN, "store.cannot_open");
	assert_fails(scratch, store_open(scratch->path, STORE_WRITE, &store, fresh_error(scratch)),
		BROKEN, "store.cannot_open");
	assert_fails(scratch,
		store_open("/proc/none/test.db", STORE_CREATE, &store, fresh_error(scratch)),
		BROKEN, "store.cannot_open");
	assert_null(store);
	store_close(NULL);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = NULL;
	FILE *file;

	store_close(open_store(scratch, STORE_CREATE));
	file = fopen(scratch->path, "w");
	for (int i = 0; i < 4096; i++)
		fputs("no database", file);
	fclose(file);
	assert_fails(scratch, store_open(scratch->path, STORE_WRITE, &store, fresh_error(scratch)),
		BROKEN, "store.broken");
}

static void the_measured_settings_are_in_force(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);
	const char *mode;

	assert_int_equal(number(scratch, store, "SELECT page_size FROM pragma_page_size"), 8192);
	assert_int_equal(number(scratch, store, "SELECT synchronous FROM pragma_synchronous"), 2);
	assert_int_equal(number(scratch, store, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
	assert_int_equal(number(scratch, store, "SELECT temp_store FROM pragma_temp_store"), 2);
	assert_int_equal(
		number(scratch, store, "SELECT trusted_schema FROM pragma_trusted_schema"), 0);
	assert_ok(store_text(store, scratch->arena, "SELECT journal_mode FROM pragma_journal_mode",
		BIND_NONE, &mode, &scratch->error));
	assert_string_equal(mode, "wal");
	store_close(store);
}

static void what_is_bound_comes_back(void **state)
{
	struct scratch *scratch = *state;
	struct store *store CLEANUP(store_close_at) = store_with_tables(scratch);
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char sql[] = "INSERT INTO thing (number, text, data) VALUES (?1, ?2, ?3)";

	assert_ok(store_run(store, sql,
		BIND(INTEGER(INT64_MIN), TEXT("考务"), BLOB(bytes_of("a\0b", 3))),
		fresh_error(scratch)));
	assert_ok(
		store_run(store, sql, BIND(MOMENT(0), TEXT(NULL), SQL_NULL), fresh_error(scratch)));
	assert_ok(store_run(store, sql, BIND(MOMENT(7), TEXT(""), BLOB(bytes_of(NULL, 0))),
		fresh_error(scratch)));
	assert_int_equal(store_changes(store), 1);

	assert_ok(store_query(store, &rows, "SELECT number, text, data FROM thing ORDER BY rowid",
		BIND_NONE, &scratch->error));
	assert_true(cursor_next(&rows));
	assert_true(cursor_integer(&rows, 0) == INT64_MIN);
	assert_string_equal(cursor_text(&rows, 1, scratch->arena), "考务");
	assert_int_equal(cursor_blob(&rows, 2, scratch->arena).size, 3);
	assert_memory_equal(cursor_blob(&rows, 2, scratch->arena).data, "a\0b", 3);
	assert_int_equal(cursor_peek(&rows, 2).size, 3);
	assert_memory_equal(cursor_peek(&rows, 2).data, "a\0b", 3);

	assert_true(cursor_next(&rows));
	assert_true(
		cursor_is_null(&rows, 0) && cursor_is_null(&rows, 1) && cursor_is_null(&rows, 2));
	assert_int_equal(cursor_integer(&rows, 0), 0);
	assert_null(cursor_text(&rows, 1, scratch->arena));
	assert_null(cursor_blob(&rows, 2, scratch->arena).data);

	assert_true(cursor_next(&rows));
	assert_int_equal(cursor_integer(&rows, 0), 7);
	assert_string_equal(cursor_text(&rows, 1, scratch->arena), "");
	assert_false(cursor_is_null(&rows, 2));
	assert_int_equal(cursor_blob(&rows, 2, scratch->arena).size, 0);
	assert_false(cursor_next(&rows));
	assert_false(cursor_next(&rows));
	assert_ok(cursor_end(&rows, &scratch->error));
}

static void expect_conflict(
	struct scratch *scratch, struct store *store, const char *sql, const char *constraint)
{
	assert_fails(scratch, store_run(store, sql, BIND_NONE, fresh_error(scratch)), CONFLICT,
		"store.conflict");
	assert_string_equal(error_param(scratch, "constraint"), constraint);
}

static void a_broken_constraint_is_a_conflict_that_names_it_and_poisons_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	insert_plan(scratch, store, "one");
	assert_ok(store_begin(store, fresh_error(scratch)));
	expect_conflict(scratch, store, "INSERT INTO plan VALUES ('one', 'x', 1)", "plan.id");
	expect_conflict(scratch, store, "INSERT INTO plan VALUES ('two', 'one', 30)",
		"plan.name, plan.seats");
	expect_conflict(scratch, store, "INSERT INTO plan VALUES ('two', 'two', 0)", "seats > 0");
	expect_conflict(scratch, store, "INSERT INTO application VALUES ('a', 'none')",
		"FOREIGN KEY constraint failed");
	assert_fails(scratch,
		store_run(store, "INSERT INTO plan VALUES ('two', NULL, 1)", BIND_NONE,
			fresh_error(scratch)),
		BROKEN, "store.broken");
	insert_plan(scratch, store, "two");
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, store), 2);
	assert_false(store_poisoned(store));
	store_close(store);
}

static void a_deferred_constraint_refuses_the_commit_and_keeps_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	assert_ok(store_begin(store, fresh_error(scratch)));
	insert_plan(scratch, store, "one");
	run(scratch, store, "INSERT INTO late VALUES ('none')");
	assert_fails(
		scratch, store_commit(store, fresh_error(scratch)), CONFLICT, "store.conflict");
	assert_ok(store_begin(store, fresh_error(scratch))); /* that one is over */
	store_rollback(store);
	assert_false(store_poisoned(store));
	assert_int_equal(plan_count(scratch, store), 0);
	store_close(store);
}

static void a_query_that_changes_refuses_at_its_end(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	const char *id = "untouched";

	assert_fails(scratch,
		store_text(store, scratch->arena,
			"INSERT INTO application VALUES ('a', 'none') RETURNING id", BIND_NONE, &id,
			fresh_error(scratch)),
		CONFLICT, "store.conflict");
	assert_string_equal(id, "untouched");
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM application"), 0);

	insert_plan(scratch, store, "one");
	assert_ok(store_text(store, scratch->arena,
		"INSERT INTO application VALUES ('a', 'one') RETURNING id", BIND_NONE, &id,
		fresh_error(scratch)));
	assert_string_equal(id, "a");
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM application"), 1);
	store_close(store);
}

static void the_same_sql_can_be_asked_inside_its_own_loop(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct cursor outer, inner;
	const char sql[] = "SELECT id FROM plan";
	int pairs = 0;

	insert_plan(scratch, store, "one");
	insert_plan(scratch, store, "two");
	assert_ok(store_query(store, &outer, sql, BIND_NONE, fresh_error(scratch)));
	while (cursor_next(&outer)) {
		assert_ok(store_query(store, &inner, sql, BIND_NONE, fresh_error(scratch)));
		while (cursor_next(&inner))
			pairs++;
		assert_ok(cursor_end(&inner, &scratch->error));
	}
	assert_ok(cursor_end(&outer, &scratch->error));
	assert_int_equal(pairs, 4);
	store_close(store);
}

static void more_statements_than_the_cache_holds_all_run(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 300; i++) {
			char sql[64];
			snprintf(sql, sizeof(sql), "SELECT %d + 1", i);
			assert_int_equal(number(scratch, store, sql), i + 1);
			assert_int_equal(number(scratch, store, "SELECT 41 + 1"), 42);
		}
	}
	store_close(store);
}

static void a_cached_statement_survives_a_change_of_the_schema(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	insert_plan(scratch, store, "one");
	run(scratch, store, "ALTER TABLE plan ADD COLUMN note TEXT");
	insert_plan(scratch, store, "two");
	assert_ok(store_begin(store, fresh_error(scratch)));
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, store), 2);
	store_close(store);
}

static enum result first_plan(struct store *store, struct scratch *scratch)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc =
		store_query(store, &rows, "SELECT id FROM plan", BIND_NONE, fresh_error(scratch));

	return rc ? rc : cursor_next(&rows) ? OK : NOT_FOUND;
}

static void a_cursor_left_early_holds_nothing_and_an_open_one_is_in_the_way(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct cursor rows;

	insert_plan(scratch, store, "one");
	insert_plan(scratch, store, "two");
	assert_ok(
		store_query(store, &rows, "SELECT id FROM plan", BIND_NONE, fresh_error(scratch)));
	assert_true(cursor_next(&rows));
	assert_fails(scratch, store_run(store, "DROP TABLE plan", BIND_NONE, fresh_error(scratch)),
		BUSY, "store.busy");
	cursor_close(&rows);
	assert_ok(first_plan(store, scratch));
	run(scratch, store, "DROP TABLE application");
	run(scratch, store, "DROP TABLE late");
	run(scratch, store, "DROP TABLE plan");
	store_close(store);
}

static void what_is_wrong_with_the_sql_is_trouble_that_poisons_nothing(void **state)
{
	static const char *const wrong[] = {
		"SELECT * FROM nowhere",
		"SELECT \"text in double quotes\"",
		"",
		" -- nothing\n",
		"DELETE FROM thing; DELETE FROM plan",
	};
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	insert_plan(scratch, store, "one");
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_fails(scratch, store_run(store, wrong[i], BIND_NONE, fresh_error(scratch)),
			BROKEN, "store.broken");
	assert_int_equal(plan_count(scratch, store), 1);
	assert_false(store_poisoned(store));
	store_close(store);
}

static void nobody_but_the_store_begins_commits_or_sets(void **state)
{
	static const char *const refused[] = {
		"BEGIN",
		"COMMIT",
		"END",
		"ROLLBACK",
		"SAVEPOINT x",
		"RELEASE job",
		"ROLLBACK TO job",
		"ATTACH '/tmp/other.db' AS other",
		"PRAGMA synchronous = OFF",
		"VACUUM INTO '/tmp/other.db'",
	};
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	assert_ok(store_begin(store, fresh_error(scratch)));
	assert_ok(store_savepoint(store, &scratch->error));
	insert_plan(scratch, store, "one");
	for (size_t i = 0; i < COUNT(refused); i++) {
		assert_fails(scratch, store_run(store, refused[i], BIND_NONE, fresh_error(scratch)),
			BROKEN, "store.broken");
		assert_fails(scratch, store_script(store, refused[i], fresh_error(scratch)), BROKEN,
			"store.broken");
	}
	assert_ok(store_release(store, fresh_error(scratch)));
	assert_ok(store_commit(store, &scratch->error));
	assert_int_equal(plan_count(scratch, store), 1);
	store_close(store);
}

static void a_reader_cannot_write(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct store *reader = open_store(scratch, STORE_READ);

	assert_fails(scratch,
		store_run(reader, "DELETE FROM plan", BIND_NONE, fresh_error(scratch)), BROKEN,
		"store.broken");
	assert_false(store_poisoned(reader));
	store_close(reader);
	store_close(store);
}

static void a_savepoint_undoes_its_own_job_alone(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	assert_ok(store_begin(store, fresh_error(scratch)));
	for (int job = 0; job < 3; job++) {
		const char *const ids[] = {"one", "two", "three"};
		assert_ok(store_savepoint(store, fresh_error(scratch)));
		insert_plan(scratch, store, ids[job]);
		assert_ok(job == 1 ? store_rollback_savepoint(store, &scratch->error)
				   : store_release(store, &scratch->error));
	}
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, store), 2);
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM plan WHERE id = 'two'"), 0);
	store_close(store);
}

static void a_rollback_and_a_close_undo_what_was_not_committed(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	store_rollback(store);
	assert_ok(store_begin(store, fresh_error(scratch)));
	insert_plan(scratch, store, "one");
	store_rollback(store);
	assert_int_equal(plan_count(scratch, store), 0);

	assert_ok(store_begin(store, fresh_error(scratch)));
	insert_plan(scratch, store, "two");
	store_close(store);
	store = open_store(scratch, STORE_WRITE);
	assert_int_equal(plan_count(scratch, store), 0);
	store_close(store);
}

static void a_readers_snapshot_stands_from_its_begin_while_a_writer_goes_on(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct store *reader = open_store(scratch, STORE_READ);

	insert_plan(scratch, store, "one");
	assert_ok(store_begin(reader, fresh_error(scratch)));
	insert_plan(scratch, store, "two");
	assert_int_equal(plan_count(scratch, reader), 1);
	assert_ok(store_checkpoint(store, fresh_error(scratch)));
	insert_plan(scratch, store, "three");
	assert_int_equal(plan_count(scratch, reader), 1);
	assert_ok(store_commit(reader, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, reader), 3);

	assert_ok(store_begin(store, fresh_error(scratch)));
	insert_plan(scratch, store, "four");
	assert_int_equal(plan_count(scratch, reader), 3);
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, reader), 4);
	store_close(reader);
	store_close(store);
}

static void a_row_becomes_an_object_read_by_its_aliases(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	json *row;
	const char sql[] =
		"SELECT 7 AS number, '考' AS text, 7 / 2.0 AS fraction, NULL AS empty, x'00' AS data,"
		" 1 AS \"open?\", 0 AS \"closed?\", NULL AS \"unknown?\","
		" 1795309200000 AS \"opens_at@\", 0 AS \"never_at@\", NULL AS \"null_at@\","
		" '{\"a\":[1,null]}' AS \"exam{}\", '{broken' AS \"torn{}\", NULL AS \"none{}\","
		" '{\"b\": 2}' AS \"handed{=}\", '{broken' AS \"torn_too{=}\"";

	assert_ok(store_object(store, scratch->arena, sql, BIND_NONE, &row, fresh_error(scratch)));
	assert_string_equal(json_print(scratch->arena, row),
		"{\"number\":7,\"text\":\"考\",\"fraction\":\"3.5\",\"empty\":null,"
		"\"open\":true,\"closed\":false,\"unknown\":null,"
		"\"opens_at\":\"2026-11-22T09:00:00.000+08:00\",\"never_at\":null,\"null_at\":null,"
		"\"exam\":{\"a\":[1,null]},\"torn\":null,\"none\":null,"
		"\"handed\":{\"b\": 2},\"torn_too\":null}");
	store_close(store);
}

static void a_query_for_one_row_says_when_there_is_none(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	const char *text = "untouched";
	int64_t value = 5;
	json *row = NULL;

	assert_fails(scratch,
		store_object(store, scratch->arena, "SELECT id FROM plan", BIND_NONE, &row,
			fresh_error(scratch)),
		NOT_FOUND, "store.no_row");
	assert_fails(scratch,
		store_integer(
			store, "SELECT seats FROM plan", BIND_NONE, &value, fresh_error(scratch)),
		NOT_FOUND, "store.no_row");
	assert_fails(scratch,
		store_text(store, scratch->arena, "SELECT id FROM plan", BIND_NONE, &text,
			fresh_error(scratch)),
		NOT_FOUND, "store.no_row");
	assert_null(row);
	assert_int_equal(value, 5);
	assert_string_equal(text, "untouched");

	assert_ok(store_text(
		store, scratch->arena, "SELECT NULL", BIND_NONE, &text, fresh_error(scratch)));
	assert_null(text);
	store_close(store);
}

static void a_row_that_need_not_be_there_is_null(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	const char *ids = "SELECT id FROM plan WHERE id >= ?1 ORDER BY id", *text = "something";
	json *row = json_new_null(scratch->arena);
	bool there = true;

	assert_ok(store_find(
		store, scratch->arena, ids, BIND(TEXT("a")), &row, fresh_error(scratch)));
	assert_ok(store_find_text(
		store, scratch->arena, ids, BIND(TEXT("a")), &text, fresh_error(scratch)));
	assert_ok(store_has(store, ids, BIND(TEXT("a")), &there, fresh_error(scratch)));
	assert_null(row);
	assert_null(text);
	assert_false(there);

	insert_plan(scratch, store, "b");
	insert_plan(scratch, store, "a");
	assert_ok(store_find(
		store, scratch->arena, ids, BIND(TEXT("a")), &row, fresh_error(scratch)));
	assert_ok(store_find_text(
		store, scratch->arena, ids, BIND(TEXT("b")), &text, fresh_error(scratch)));
	assert_ok(store_has(store, ids, BIND(TEXT("b")), &there, fresh_error(scratch)));
	assert_string_equal(json_get_text(row, "id"), "a");
	assert_string_equal(text, "b");
	assert_true(there);
	store_close(store);
}

static void all_rows_become_an_array_in_their_order(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	const char sql[] = "SELECT id FROM plan WHERE id <> ?1 ORDER BY id";
	json *rows;

	assert_ok(store_array(
		store, scratch->arena, sql, BIND(TEXT("")), &rows, fresh_error(scratch)));
	assert_string_equal(json_print(scratch->arena, rows), "[]");
	insert_plan(scratch, store, "b");
	insert_plan(scratch, store, "a");
	insert_plan(scratch, store, "c");
	assert_ok(store_array(
		store, scratch->arena, sql, BIND(TEXT("b")), &rows, fresh_error(scratch)));
	assert_string_equal(json_print(scratch->arena, rows), "[{\"id\":\"a\"},{\"id\":\"c\"}]");
	store_close(store);
}

static void a_script_runs_all_its_statements_and_stops_at_a_wrong_one(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	assert_ok(store_begin(store, fresh_error(scratch)));
	assert_int_equal(
		store_script(store,
			"INSERT INTO plan VALUES ('a', 'a', 1); CREATE TABLE more (x TEXT);"
			"INSERT INTO nowhere VALUES (1); DROP TABLE plan;",
			fresh_error(scratch)),
		BROKEN);
	assert_int_equal(plan_count(scratch, store), 1);
	store_rollback(store);
	assert_int_equal(plan_count(scratch, store), 0);
	assert_ok(store_script(
		store, "CREATE TABLE more (x TEXT); -- again\n/* end */\n", fresh_error(scratch)));
	assert_ok(store_script(store, "", fresh_error(scratch)));
	store_close(store);
}

static int64_t file_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (int64_t)status.st_size : -1;
}

static void a_checkpoint_moves_the_log_and_lets_it_begin_anew(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct store *helper = open_store(scratch, STORE_WRITE);
	char log[96];

	for (int i = 0; i < 50; i++) {
		char id[16];
		snprintf(id, sizeof(id), "plan-%d", i);
		insert_plan(scratch, store, id);
	}
	assert_true(store_wal_pages(store) >= 100);
	assert_false(file_contains(scratch->path, "plan-49"));

	assert_ok(store_checkpoint(helper, fresh_error(scratch)));
	assert_true(file_contains(scratch->path, "plan-49"));
	insert_plan(scratch, store, "after");
	assert_true(store_wal_pages(store) < 10);

	store_close(helper);
	store_close(store);
	snprintf(log, sizeof(log), "%s-wal", scratch->path);
	assert_int_equal(file_size(log), -1);
}

static void a_checkpoint_lets_a_reader_be(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct store *reader = open_store(scratch, STORE_READ);

	assert_ok(store_begin(reader, fresh_error(scratch)));
	insert_plan(scratch, store, "one");
	assert_ok(store_checkpoint(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, reader), 0);
	store_rollback(reader);
	assert_ok(store_checkpoint(store, fresh_error(scratch)));
	assert_int_equal(plan_count(scratch, reader), 1);
	store_close(store);
	store_close(reader);
}

static void a_check_finds_a_row_without_what_it_refers_to(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	sqlite3 *other;

	assert_ok(store_check(store, fresh_error(scratch)));
	assert_int_equal(sqlite3_open(scratch->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "INSERT INTO application VALUES ('a', 'none')", NULL,
				 NULL, NULL),
		SQLITE_OK);
	sqlite3_close(other);
	assert_fails(scratch, store_check(store, fresh_error(scratch)), BROKEN, "store.damaged");
	assert_non_null(strstr(scratch->error.internal, "application"));
	store_close(store);
}

/* Overwrites the pages after the first. */
static void damage(const char *path)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	char rubbish[8000];

	memset(rubbish, 0x5a, sizeof(rubbish));
	assert_true(file >= 0);
	for (int64_t at = 8192; at < file_size(path); at += 8192)
		assert_int_equal(pwrite(file, rubbish, sizeof(rubbish), at), sizeof(rubbish));
	close(file);
}

static void a_check_finds_damaged_pages(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);

	insert_plan(scratch, store, "one");
	store_close(store);
	damage(scratch->path);
	store = open_store(scratch, STORE_READ);
	assert_int_equal(store_check(store, fresh_error(scratch)), BROKEN);
	store_close(store);
}

static void a_copy_holds_what_was_committed_while_a_writer_was_at_work(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_tables(scratch);
	struct store *reader = open_store(scratch, STORE_READ);
	char target[sizeof(scratch->path)];

	snprintf(target, sizeof(target), "%s/backup/copy.db", scratch->folder);
	insert_plan(scratch, store, "one");
	assert_ok(store_begin(store, fresh_error(scratch)));
	insert_plan(scratch, store, "two");
	assert_ok(store_copy(reader, target, fresh_error(scratch)));
	assert_fails(scratch, store_copy(reader, target, fresh_error(scratch)), CONFLICT,
		"store.target_exists");
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_int_equal(permissions(target), 0600);
	store_close(reader);
	store_close(store);

	snprintf(scratch->path, sizeof(scratch->path), "%s", target);
	store = open_store(scratch, STORE_WRITE);
	assert_int_equal(plan_count(scratch, store), 1);
	assert_ok(store_check(store, fresh_error(scratch)));
	store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_created_database_and_its_folders_are_its_owners_alone),
		TEST(a_database_that_is_not_there_is_made_only_when_asked_for),
		TEST(a_file_that_is_no_database_is_refused),
		TEST(the_measured_settings_are_in_force),
		TEST(what_is_bound_comes_back),
		TEST(a_broken_constraint_is_a_conflict_that_names_it_and_poisons_nothing),
		TEST(a_deferred_constraint_refuses_the_commit_and_keeps_nothing),
		TEST(a_query_that_changes_refuses_at_its_end),
		TEST(the_same_sql_can_be_asked_inside_its_own_loop),
		TEST(more_statements_than_the_cache_holds_all_run),
		TEST(a_cached_statement_survives_a_change_of_the_schema),
		TEST(a_cursor_left_early_holds_nothing_and_an_open_one_is_in_the_way),
		TEST(what_is_wrong_with_the_sql_is_trouble_that_poisons_nothing),
		TEST(nobody_but_the_store_begins_commits_or_sets),
		TEST(a_reader_cannot_write),
		TEST(a_savepoint_undoes_its_own_job_alone),
		TEST(a_rollback_and_a_close_undo_what_was_not_committed),
		TEST(a_readers_snapshot_stands_from_its_begin_while_a_writer_goes_on),
		TEST(a_row_becomes_an_object_read_by_its_aliases),
		TEST(a_query_for_one_row_says_when_there_is_none),
		TEST(a_row_that_need_not_be_there_is_null),
		TEST(all_rows_become_an_array_in_their_order),
		TEST(a_script_runs_all_its_statements_and_stops_at_a_wrong_one),
		TEST(a_checkpoint_moves_the_log_and_lets_it_begin_anew),
		TEST(a_checkpoint_lets_a_reader_be),
		TEST(a_check_finds_a_row_without_what_it_refers_to),
		TEST(a_check_finds_damaged_pages),
		TEST(a_copy_holds_what_was_committed_while_a_writer_was_at_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
