/*
 * What a failing disk, a power cut or kill -9 does to a store: a transaction is there as a whole or not at all, one
 * that was told "ok" is there, and the store says what happened.
 */
#include "scratch.h"

#include <signal.h>
#include <sys/wait.h>

#include "disk.h"
#include "store/migration.h"
#include "synced.h"

#define ROWS 120 /* of the transaction under test: a dozen pieces of the log */

static int disk_make(void **state)
{
	disk_mend();
	return scratch_make(state);
}

static const char table[] = "CREATE TABLE IF NOT EXISTS entry (batch BIGINT NOT NULL,"
			    " part BIGINT NOT NULL, data BLOB, PRIMARY KEY (batch, part))";

static enum result insert_rows(struct store *store, int batch, int rows, struct error *error)
{
	static const uint8_t filling[12000];
	enum result rc = OK;

	for (int part = 0; !rc && part < rows; part++)
		rc = store_run(store, "INSERT INTO entry (batch, part, data) VALUES (?1, ?2, ?3)",
			BIND(INTEGER(batch), INTEGER(part),
				BLOB(bytes_of(filling, 300 + 97 * (size_t)((batch + part) % 120)))),
			error);
	return rc;
}

static enum result write_batch(struct store *store, int batch, int rows, struct error *error)
{
	enum result rc = store_begin(store, error);
	if (rc)
		return rc;

	rc = insert_rows(store, batch, rows, error);
	if (!rc)
		return store_commit(store, error);
	store_rollback(store);
	return rc;
}

static int64_t rows_of(struct scratch *scratch, struct store *store, int batch)
{
	int64_t count;

	assert_ok(store_integer(store, "SELECT count(*) FROM entry WHERE batch = ?1",
		BIND(INTEGER(batch)), &count, fresh_error(scratch)));
	return count;
}

/* Batch 0 is there, as a base to build on. */
static void prepare(struct scratch *scratch)
{
	struct store *store = open_store(scratch, STORE_CREATE);

	run(scratch, store, table);
	assert_ok(write_batch(store, 0, 3, fresh_error(scratch)));
	store_close(store);
}

static void expect_poisoned(struct scratch *scratch, struct store *store)
{
	int64_t count;

	assert_true(store_poisoned(store));
	assert_fails(scratch, store_begin(store, fresh_error(scratch)), BROKEN, "store.poisoned");
	assert_fails(scratch, store_run(store, table, BIND_NONE, fresh_error(scratch)), BROKEN,
		"store.poisoned");
	assert_fails(scratch, store_script(store, table, fresh_error(scratch)), BROKEN,
		"store.poisoned");
	assert_fails(scratch,
		store_integer(store, "SELECT 1", BIND_NONE, &count, fresh_error(scratch)), BROKEN,
		"store.poisoned");
	assert_fails(
		scratch, store_checkpoint(store, fresh_error(scratch)), BROKEN, "store.poisoned");
	assert_fails(scratch, store_check(store, fresh_error(scratch)), BROKEN, "store.poisoned");
}

/* One writer's life with a fault in it: opens, writes batch 1, checkpoints, closes. Returns what the commit said. */
static enum result live(struct scratch *scratch)
{
	struct store *store;
	enum result rc = store_open(scratch->path, STORE_WRITE, &store, fresh_error(scratch));
	if (rc)
		return rc;

	rc = write_batch(store, 1, ROWS, fresh_error(scratch));
	if (rc)
		expect_poisoned(scratch, store);
	else
		(void)!store_checkpoint(store, fresh_error(scratch));
	store_close(store);
	return rc;
}

static void expect_all_or_nothing(struct scratch *scratch, enum result outcome)
{
	struct store *store = open_store(scratch, STORE_WRITE);
	int64_t rows = rows_of(scratch, store, 1);

	assert_true(rows == ROWS || (outcome && rows == 0));
	assert_int_equal(rows_of(scratch, store, 0), 3);
	assert_ok(store_check(store, fresh_error(scratch)));
	assert_ok(write_batch(store, 2, 1, fresh_error(scratch)));
	run(scratch, store, "DELETE FROM entry WHERE batch > 0");
	store_close(store);
}

/* The Nth operation fails, for every N there is. Returns how often the writer was told of trouble. */
static int sweep(struct scratch *scratch, bool forever, int write_code)
{
	int troubles = 0;
	bool reached = true;

	prepare(scratch);
	for (long number = 1; reached; number++) {
		disk_mend();
		disk.write_code = write_code;
		disk.fail_at = forever ? 0 : number;
		disk.dead_at = forever ? number : 0;
		enum result outcome = live(scratch);
		assert_true(outcome == OK || outcome == FULL || outcome == BROKEN);
		troubles += outcome != OK;
		reached = atomic_load(&disk.operations) >= number;
		disk_mend();
		expect_all_or_nothing(scratch, outcome);
	}
	return troubles;
}

static void one_failing_operation_leaves_all_or_nothing(void **state)
{
	assert_true(sweep(*state, false, SQLITE_IOERR_WRITE) > 10);
}

static void a_disk_that_dies_leaves_all_or_nothing(void **state)
{
	assert_true(sweep(*state, true, SQLITE_IOERR_WRITE) > 10);
}

static void one_write_without_room_leaves_all_or_nothing(void **state)
{
	assert_true(sweep(*state, false, SQLITE_FULL) > 10);
}

static void a_disk_that_stays_full_leaves_all_or_nothing(void **state)
{
	assert_true(sweep(*state, true, SQLITE_FULL) > 10);
}

/* The first write of a commit fails: what the writer hears. */
static void fail_first_write(
	struct scratch *scratch, int code, enum result result, const char *told)
{
	struct store *store = open_store(scratch, STORE_WRITE);

	assert_ok(store_begin(store, fresh_error(scratch)));
	assert_ok(insert_rows(store, 1, ROWS, fresh_error(scratch)));
	disk_mend();
	disk.write_code = code;
	disk.fail_at = 1;
	assert_fails(scratch, store_commit(store, fresh_error(scratch)), result, told);
	expect_poisoned(scratch, store);
	store_close(store);
}

static void a_full_disk_and_a_broken_one_are_told_apart(void **state)
{
	struct scratch *scratch = *state;

	prepare(scratch);
	fail_first_write(scratch, SQLITE_FULL, FULL, "store.full");
	fail_first_write(scratch, SQLITE_IOERR_WRITE, BROKEN, "store.broken");
	disk_mend();
	expect_all_or_nothing(scratch, FULL);
}

static void a_transaction_larger_than_the_cache_fails_in_its_middle_and_poisons(void **state)
{
	struct scratch *scratch = *state;

	prepare(scratch);
	struct store *store = open_store(scratch, STORE_WRITE);
	assert_ok(store_begin(store, fresh_error(scratch)));
	assert_ok(store_savepoint(store, fresh_error(scratch)));
	disk.write_code = SQLITE_FULL;
	disk.fail_at = atomic_load(&disk.operations) + 10;
	assert_fails(
		scratch, insert_rows(store, 1, 2000, fresh_error(scratch)), FULL, "store.full");
	assert_fails(scratch, store_rollback_savepoint(store, fresh_error(scratch)), BROKEN,
		"store.poisoned");
	assert_fails(scratch, store_commit(store, fresh_error(scratch)), BROKEN, "store.poisoned");
	expect_poisoned(scratch, store);
	store_close(store);
	disk_mend();
	expect_all_or_nothing(scratch, FULL);
}

static void a_commit_waits_for_the_disk_once_and_checkpoints_nothing(void **state)
{
	struct scratch *scratch = *state;

	prepare(scratch);
	struct store *store = open_store(scratch, STORE_WRITE);
	assert_ok(write_batch(store, 1, ROWS, fresh_error(scratch)));
	disk_mend();
	for (int batch = 2; batch < 102; batch++)
		assert_ok(write_batch(store, batch, ROWS, fresh_error(scratch)));
	assert_true(store_wal_pages(store) > 2000);
	assert_int_equal(atomic_load(&disk.syncs), 100);
	assert_int_equal(atomic_load(&disk.database_writes), 0);
	store_close(store);
}

/* Created, migrated, and written to. */
static enum result create_and_write(struct scratch *scratch)
{
	struct store *store;
	enum result rc = store_open(scratch->path, STORE_CREATE, &store, fresh_error(scratch));
	if (rc)
		return rc;

	rc = store_migrate(store, "files", fresh_error(scratch));
	if (!rc)
		rc = store_run(store, table, BIND_NONE, fresh_error(scratch));
	if (!rc)
		rc = write_batch(store, 1, 5, fresh_error(scratch));
	store_close(store);
	return rc;
}

static void a_creation_that_dies_anywhere_can_be_begun_again(void **state)
{
	struct scratch *scratch = *state;
	char folder[sizeof(scratch->folder)];
	enum result outcome = BROKEN;

	snprintf(folder, sizeof(folder), "%s", scratch->folder);
	for (int number = 1; outcome; number++) {
		snprintf(scratch->path, sizeof(scratch->path), "%s/%d/test.db", folder, number);
		disk_mend();
		disk.dead_at = number;
		outcome = create_and_write(scratch);
		disk_mend();
		struct store *store = open_store(scratch, STORE_CREATE);
		assert_ok(store_migrate(store, "files", fresh_error(scratch)));
		run(scratch, store, table);
		int64_t rows = rows_of(scratch, store, 1);
		assert_true(rows == 5 || (outcome && rows == 0));
		assert_ok(store_check(store, fresh_error(scratch)));
		store_close(store);
	}
}

/* What is in a file is safe only if its name, and those of the folders above it, are. */
static void the_name_of_a_new_database_is_durable_before_it_is_used(void **state)
{
	struct scratch *scratch = *state;
	char folder[128];

	synced.count = 0;
	store_close(open_store(scratch, STORE_CREATE));
	assert_true(synced_exactly(scratch->folder));
	snprintf(folder, sizeof(folder), "%s/tenants", scratch->folder);
	assert_true(synced_exactly(folder));
	snprintf(folder, sizeof(folder), "%s/tenants/one", scratch->folder);
	assert_true(synced_exactly(folder));
}

/* The process is gone: nothing more is written, and what the page cache has is still there. */
static void end_process(struct store *store)
{
	disk.frozen = true;
	store_close(store);
	disk.frozen = false;
}

/* A failed fsync leaves the log in the page cache, whole to whoever reads it, and on the disk with a gap: what is
 * written behind it would be gone with the power. */
static void what_is_promised_after_a_failed_fsync_does_not_stand_behind_its_gap(void **state)
{
	struct scratch *scratch = *state;

	disk.remembers = true;
	prepare(scratch);
	struct store *store = open_store(scratch, STORE_WRITE);
	assert_ok(write_batch(store, 1, 5, fresh_error(scratch)));
	disk.sync_fails = true;
	assert_fails(
		scratch, write_batch(store, 2, 5, fresh_error(scratch)), BROKEN, "store.broken");
	disk.sync_fails = false;
	end_process(store);

	store = open_store(scratch, STORE_WRITE);
	assert_int_equal(rows_of(scratch, store, 2), 5);
	assert_ok(write_batch(store, 3, 5, fresh_error(scratch)));
	end_process(store);
	disk_lose_power();

	store = open_store(scratch, STORE_WRITE);
	for (int batch = 1; batch <= 3; batch++)
		assert_int_equal(rows_of(scratch, store, batch), 5);
	assert_ok(store_check(store, fresh_error(scratch)));
	store_close(store);
	disk_lose_power();
	disk.remembers = false;
}

/* A server's life, by the dice: batches, checkpoints, readers, fsyncs that fail, crashes, and a power cut in the
 * end. */
#define BATCHES 24

struct life {
	struct scratch *scratch;
	struct store *writer, *reader;
	int planned[BATCHES];
	bool promised[BATCHES];
};

static void toss_reader(struct life *life)
{
	store_close_at(&life->reader);
	if (random_below(2) &&
		!store_open(life->scratch->path, STORE_READ, &life->reader,
			fresh_error(life->scratch)) &&
		store_begin(life->reader, fresh_error(life->scratch)))
		store_close_at(&life->reader);
}

static bool have_writer(struct life *life)
{
	if (life->writer && (store_poisoned(life->writer) || random_below(8) == 0))
		store_close_at(&life->writer);
	if (!life->writer && store_open(life->scratch->path, STORE_CREATE, &life->writer,
				     fresh_error(life->scratch)))
		return false;
	return store_run(life->writer, table, BIND_NONE, fresh_error(life->scratch)) == OK;
}

static void checkpoint_beside(struct life *life)
{
	struct store *store;

	if (store_open(life->scratch->path, STORE_WRITE, &store, fresh_error(life->scratch)))
		return;
	(void)!store_checkpoint(store, fresh_error(life->scratch));
	store_close(store);
}

/* The process is gone and comes again; what the page cache has is still there. */
static void crash(struct life *life)
{
	disk.frozen = true;
	store_close_at(&life->reader);
	store_close_at(&life->writer);
	disk.frozen = false;
}

static void live_until_dead(struct life *life)
{
	for (int batch = 0; batch < BATCHES && !disk_is_dead(); batch++) {
		if (random_below(4) == 0)
			toss_reader(life);
		if (random_below(8) == 0)
			crash(life);
		if (!have_writer(life))
			continue;
		life->planned[batch] = 1 + (int)random_below(8);
		life->promised[batch] = write_batch(life->writer, batch, life->planned[batch],
						fresh_error(life->scratch)) == OK;
		if (random_below(8) == 0)
			checkpoint_beside(life);
	}
	crash(life);
}

static int count_promises_kept(struct life *life)
{
	struct store *store = open_store(life->scratch, STORE_CREATE);
	int kept = 0;

	run(life->scratch, store, table);
	for (int batch = 0; batch < BATCHES; batch++) {
		int64_t rows = rows_of(life->scratch, store, batch);
		assert_true(rows == life->planned[batch] || (rows == 0 && !life->promised[batch]));
		kept += life->promised[batch];
	}
	assert_ok(store_check(store, fresh_error(life->scratch)));
	store_close(store);
	return kept;
}

static void what_was_promised_survives_failed_fsyncs_and_a_power_cut(void **state)
{
	struct scratch *scratch = *state;
	char folder[sizeof(scratch->folder)];
	int kept = 0;

	snprintf(folder, sizeof(folder), "%s", scratch->folder);
	disk.remembers = true;
	for (unsigned seed = 1; seed <= 100; seed++) {
		struct life life = {.scratch = scratch};
		random_seed(seed);
		arena_reset(scratch->arena);
		snprintf(scratch->path, sizeof(scratch->path), "%s/%u/test.db", folder, seed);
		disk_mend();
		disk.fail_at = 20 + random_below(300);
		disk.dead_at = 40 + random_below(800);
		live_until_dead(&life);
		disk_mend();
		disk_lose_power();
		kept += count_promises_kept(&life);
		disk_lose_power();
	}
	random_seed(0);
	disk.remembers = false;
	assert_true(kept > 800);
}

/* The child: tells each batch that was committed, until it is killed. */
static void write_for_ever(const char *path, int told)
{
	struct error error = {.arena = arena_create(64u << 20)};
	struct store *store;

	if (store_open(path, STORE_CREATE, &store, &error) ||
		store_run(store, table, BIND_NONE, &error))
		_exit(1);
	int64_t first;
	if (store_integer(store, "SELECT COALESCE(MAX(batch) + 1, 0) FROM entry", BIND_NONE, &first,
		    &error))
		_exit(1);
	for (int batch = (int)first;; batch++) {
		if (write_batch(store, batch, 7, &error) ||
			write(told, &batch, sizeof(batch)) != sizeof(batch))
			_exit(1);
		if (batch % 10 == 9 && store_checkpoint(store, &error))
			_exit(1);
	}
}

/* Kills a writer after some promises; returns the last one heard. */
static int kill_a_writer(const char *path, int promises)
{
	int ends[2], batch = -1, status;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		write_for_ever(path, ends[1]);
	close(ends[1]);
	for (int i = 0; i < promises; i++)
		assert_int_equal(read(ends[0], &batch, sizeof(batch)), sizeof(batch));
	kill(child, SIGKILL);
	while (read(ends[0], &batch, sizeof(batch)) == sizeof(batch))
		continue;
	close(ends[0]);
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	return batch;
}

static void what_was_promised_survives_kill(void **state)
{
	struct scratch *scratch = *state;

	for (int round = 0; round < 12; round++) {
		int promised = kill_a_writer(scratch->path, 1 + 3 * round);
		struct store *store = open_store(scratch, STORE_CREATE);
		int64_t batches = number(scratch, store, "SELECT count(DISTINCT batch) FROM entry");
		assert_true(batches > promised);
		assert_int_equal(number(scratch, store, "SELECT count(*) FROM entry"), 7 * batches);
		assert_ok(store_check(store, fresh_error(scratch)));
		store_close(store);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, disk_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_failing_operation_leaves_all_or_nothing),
		TEST(a_disk_that_dies_leaves_all_or_nothing),
		TEST(one_write_without_room_leaves_all_or_nothing),
		TEST(a_disk_that_stays_full_leaves_all_or_nothing),
		TEST(a_full_disk_and_a_broken_one_are_told_apart),
		TEST(a_transaction_larger_than_the_cache_fails_in_its_middle_and_poisons),
		TEST(a_commit_waits_for_the_disk_once_and_checkpoints_nothing),
		TEST(a_creation_that_dies_anywhere_can_be_begun_again),
		TEST(the_name_of_a_new_database_is_durable_before_it_is_used),
		TEST(what_is_promised_after_a_failed_fsync_does_not_stand_behind_its_gap),
		TEST(what_was_promised_survives_failed_fsyncs_and_a_power_cut),
		TEST(what_was_promised_survives_kill),
	};

	disk_insert();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
