/*
 * The log in pieces: fewer calls, and never a commit that another connection, or whoever opens the files after a
 * crash, does not see.
 */
#include "scratch.h"

#include "base/id.h"
#include "disk.h"
#include "store/sqlite.h"

#define ROUNDS 100

static int disk_make(void **state)
{
	disk_mend();
	return scratch_make(state);
}

static void a_commit_is_a_few_calls(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = open_store(scratch, STORE_CREATE);

	run(scratch, store, "CREATE TABLE entry (id BIGINT PRIMARY KEY, data BLOB)");
	assert_ok(store_begin(store, fresh_error(scratch)));
	for (int i = 0; i < 100; i++)
		assert_ok(store_run(store, "INSERT INTO entry VALUES (?1, zeroblob(8000))",
			BIND(INTEGER(i)), fresh_error(scratch)));
	atomic_store(&disk.operations, 0);
	assert_ok(store_commit(store, fresh_error(scratch)));
	assert_in_range(atomic_load(&disk.operations), 100 / 8, 100 / 4);
	store_close(store);
}

static int64_t log_size(const struct scratch *scratch)
{
	struct stat status;
	char path[96];

	snprintf(path, sizeof(path), "%s-wal", scratch->path);
	assert_int_equal(stat(path, &status), 0);
	return (int64_t)status.st_size;
}

static struct store *store_with_a_table(struct scratch *scratch)
{
	struct store *store = open_store(scratch, STORE_CREATE);

	run(scratch, store, "CREATE TABLE entry (id INTEGER PRIMARY KEY)");
	return store;
}

static void small_commits_seldom_make_the_log_longer(void **state)
{
	struct scratch *scratch = *state;
	struct store *store = store_with_a_table(scratch);
	int64_t size = log_size(scratch);
	int longer = 0;

	for (int i = 0; i < 200; i++) {
		run(scratch, store, "INSERT INTO entry DEFAULT VALUES");
		longer += log_size(scratch) > size;
		size = log_size(scratch);
	}
	assert_in_range(longer, 1, 8);
	store_close(store);
}

/* The first commit of a log, with that call to the disk failing: what came of it, and of the file. */
static enum result commit_failing_at(struct scratch *scratch, long call, int64_t *size)
{
	struct store *store = open_store(scratch, STORE_WRITE);

	atomic_store(&disk.operations, 0);
	disk.fail_at = call;
	enum result rc = store_run(
		store, "INSERT INTO entry DEFAULT VALUES", BIND_NONE, fresh_error(scratch));
	disk.fail_at = 0;
	*size = log_size(scratch);
	store_close(store);
	return rc;
}

/* 24 bytes stand before each page, and 32 before all of them. */
static void a_log_without_more_room_is_as_long_as_its_pages(void **state)
{
	struct scratch *scratch = *state;
	int without = 0;
	int64_t size;

	store_close(store_with_a_table(scratch));
	disk.write_code = SQLITE_FULL;
	for (long call = 1; atomic_load(&disk.operations) >= call - 1; call++) {
		enum result rc = commit_failing_at(scratch, call, &size);
		without += !rc && size > 32 && (size - 32) % (8192 + 24) == 0;
	}
	assert_int_equal(without, 1);
}

/* ---- Any transactions, of two that write in turns, beside the same in memory ---- */

static sqlite3 *raw_open(const char *path, const char *files)
{
	sqlite3 *connection;
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	assert_int_equal(sqlite3_open_v2(path, &connection, flags, files), SQLITE_OK);
	return connection;
}

static void raw_run(sqlite3 *connection, const char *sql)
{
	assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
}

static sqlite3 *writer_open(const char *path)
{
	sqlite3 *connection = raw_open(path, sqlite_files());

	sqlite_log_follow(connection);
	raw_run(connection, "PRAGMA page_size = 1024; PRAGMA journal_mode = WAL;"
			    "PRAGMA synchronous = OFF; PRAGMA cache_size = 20");
	return connection;
}

static int keep_text(void *out, int count, char **values, char **names)
{
	(void)names;
	assert_int_equal(count, 1);
	snprintf(out, 64, "%s", values[0] ? values[0] : "nothing");
	return 0;
}

/* What it holds, in a few digits. */
static const char *content(sqlite3 *connection, char out[64])
{
	assert_int_equal(sqlite3_exec(connection,
				 "SELECT count(*) || ' ' || total(id * length(data)) ||"
				 " ' ' || total(version) FROM entry",
				 keep_text, out, NULL),
		SQLITE_OK);
	return out;
}

static void file_copy(const char *folder, const char *from, const char *to)
{
	char command[256];

	snprintf(command, sizeof(command), "cp %s/%s %s/%s", folder, from, folder, to);
	assert_int_equal(system(command), 0);
}

/* What somebody finds who opens the files as they are now, as after a crash. */
static void expect_after_crash(struct scratch *scratch, const char *expected)
{
	char path[64], found[64];

	file_copy(scratch->folder, "a.db", "crashed.db");
	file_copy(scratch->folder, "a.db-wal", "crashed.db-wal");
	snprintf(path, sizeof(path), "%s/crashed.db", scratch->folder);
	sqlite3 *connection = raw_open(path, NULL);
	assert_string_equal(content(connection, found), expected);
	sqlite3_exec(connection, "PRAGMA integrity_check", keep_text, found, NULL);
	assert_string_equal(found, "ok");
	sqlite3_close(connection);
}

static void both(sqlite3 *const pair[2], const char *sql)
{
	raw_run(pair[0], sql);
	raw_run(pair[1], sql);
}

static void change(sqlite3 *const pair[2])
{
	char sql[160];
	unsigned id = random_below(400), size = random_below(30000);

	if (random_below(4))
		snprintf(sql, sizeof(sql),
			"INSERT INTO entry VALUES (%u, 1, zeroblob(%u)) ON CONFLICT (id) DO UPDATE"
			" SET version = version + 1, data = excluded.data",
			id, size);
	else
		snprintf(sql, sizeof(sql), "DELETE FROM entry WHERE id = %u", id);
	both(pair, sql);
}

/* Some of it is taken back, some are ended without an effect, and many do not fit into the cache. */
static void transaction(sqlite3 *const pair[2])
{
	both(pair, "BEGIN");
	for (unsigned left = 1 + random_below(30); left > 0; left--) {
		bool doubted = random_below(5) == 0;

		if (doubted)
			both(pair, "SAVEPOINT doubt");
		change(pair);
		if (doubted && random_below(2))
			both(pair, "ROLLBACK TO doubt");
	}
	both(pair, random_below(5) ? "COMMIT" : "ROLLBACK");
	if (random_below(10) == 0)
		raw_run(pair[0], "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void what_is_committed_is_there_without_an_fsync(void **state)
{
	static const char table[] = "CREATE TABLE entry (id BIGINT PRIMARY KEY, version BIGINT NOT"
				    " NULL, data BLOB NOT NULL)";
	struct scratch *scratch = *state;
	char path[64], expected[64], found[64];

	random_seed(1);
	snprintf(path, sizeof(path), "%s/a.db", scratch->folder);
	sqlite3 *writers[2] = {writer_open(path), writer_open(path)};
	sqlite3 *pair[2] = {writers[0], raw_open(":memory:", NULL)};
	both(pair, table);
	sqlite3 *reader = raw_open(path, sqlite_files());
	for (int round = 0; round < ROUNDS; round++) {
		pair[0] = writers[random_below(2)];
		transaction(pair);
		content(pair[1], expected);
		/* The writer last: what it reads it would have handed on first. */
		expect_after_crash(scratch, expected);
		assert_string_equal(content(reader, found), expected);
		assert_string_equal(content(pair[0], found), expected);
	}
	sqlite3_close(reader);
	sqlite3_close(writers[0]);
	sqlite3_close(writers[1]);
	sqlite3_close(pair[1]);
	random_seed(0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, disk_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_commit_is_a_few_calls),
		TEST(small_commits_seldom_make_the_log_longer),
		TEST(a_log_without_more_room_is_as_long_as_its_pages),
		TEST(what_is_committed_is_there_without_an_fsync),
	};

	disk_insert();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
