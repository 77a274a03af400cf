/*
 * Uploaded files: they come back as they were put or not at all, nobody reads them from the disk, and many at once
 * share a commit.
 */
#include "scratch.h"

#include <pthread.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "disk.h"
#include "store/files.h"

#define THREADS 8
#define PUTS    12 /* a thread */

static struct seal_key some_keys[] = {{.id = 1, .secret = {1}}, {.id = 2, .secret = {2}}};
static const struct keyring old_ring = {.keys = some_keys, .count = 1};
static const struct keyring new_ring = {.keys = some_keys, .count = 2};

static int files_make(void **state)
{
	disk_mend();
	return scratch_make(state);
}

static struct files *open_files(struct scratch *scratch, const struct keyring *keys)
{
	struct files *files;

	assert_ok(files_open(scratch->path, keys, &files, fresh_error(scratch)));
	return files;
}

/* Content that differs from number to number, and is not all alike. */
static struct bytes content_of(struct arena *arena, size_t size, unsigned number)
{
	uint8_t *data = arena_alloc(arena, size + 1);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i * 31 + i / 251 + number);
	return bytes_of(data, size);
}

static struct file_facts put(struct scratch *scratch, struct files *files, struct bytes content)
{
	struct file_facts facts;

	assert_ok(files_put(files, content, "image/jpeg", &facts, fresh_error(scratch)));
	return facts;
}

/* Part by part into `out`, which has room for the last to be a whole one; what went wrong, or OK. */
static enum result read_parts(
	struct scratch *scratch, struct files *files, const char *id, uint8_t *out, size_t *size)
{
	struct file_reading file;
	enum result rc = files_read(files, id, &file, fresh_error(scratch));
	size_t part = 0;

	for (*size = 0; !rc && (*size == 0 || *size < file.facts.size); *size += part) {
		rc = files_read_part(files, &file, *size, out + *size, &part, fresh_error(scratch));
		if (!rc && *size + part < file.facts.size)
			assert_int_equal(part, FILES_PART);
		if (part == 0)
			break;
	}
	return rc;
}

static void expect_content(
	struct scratch *scratch, struct files *files, const char *id, struct bytes expected)
{
	uint8_t *parts = arena_alloc(scratch->arena, expected.size + FILES_PART);
	struct bytes content;
	size_t size;

	assert_ok(files_get(files, scratch->arena, id, &content, fresh_error(scratch)));
	assert_int_equal(content.size, expected.size);
	assert_memory_equal(content.data, expected.data, expected.size);
	assert_ok(read_parts(scratch, files, id, parts, &size));
	assert_int_equal(size, expected.size);
	assert_memory_equal(parts, expected.data, expected.size);
}

static void a_file_of_any_size_comes_back_as_it_was_put(void **state)
{
	static const size_t sizes[] = {0, 1, SEAL_CHUNK - 1, SEAL_CHUNK, SEAL_CHUNK + 1,
		3 * SEAL_CHUNK, FILES_PART, FILES_PART + 1, 1000 * 1000};
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct bytes content = content_of(scratch->arena, sizes[i], (unsigned)i);
		struct file_facts facts = put(scratch, files, content);
		struct file_reading found;
		char hash[SHA256_HEX_SIZE];

		sha256_hex(content, hash);
		assert_string_equal(facts.sha256, hash);
		assert_ok(files_read(files, facts.id, &found, fresh_error(scratch)));
		assert_string_equal(found.facts.id, facts.id);
		assert_string_equal(found.facts.sha256, hash);
		assert_string_equal(found.facts.media_type, "image/jpeg");
		assert_int_equal(found.facts.size, sizes[i]);
		expect_content(scratch, files, facts.id, content);
	}
	files_close(files);
	files_close(NULL);
}

static void what_was_put_is_there_after_the_files_were_opened_anew(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = content_of(scratch->arena, 100000, 1);
	struct file_facts facts = put(scratch, files, content);

	files_close(files);
	files = open_files(scratch, &old_ring);
	expect_content(scratch, files, facts.id, content);
	files_close(files);
}

static void a_newer_key_seals_new_files_and_the_old_ones_still_open(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = content_of(scratch->arena, 100, 1), read;
	struct file_facts before = put(scratch, files, content), after;

	files_close(files);
	files = open_files(scratch, &new_ring);
	after = put(scratch, files, content);
	expect_content(scratch, files, before.id, content);
	expect_content(scratch, files, after.id, content);
	files_close(files);

	files = open_files(scratch, &old_ring);
	expect_content(scratch, files, before.id, content);
	assert_int_equal(
		files_get(files, scratch->arena, after.id, &read, fresh_error(scratch)), BROKEN);
	files_close(files);
}

static void a_file_is_sealed_anew_once_and_opens_without_the_old_key(void **state)
{
	static const size_t sizes[] = {0, 1, SEAL_CHUNK, 3 * SEAL_CHUNK + 1};
	static const struct keyring newest = {.keys = some_keys + 1, .count = 1};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct bytes content = content_of(scratch->arena, sizes[i], (unsigned)i);
		struct files *files = open_files(scratch, &old_ring);
		struct file_facts facts = put(scratch, files, content);
		bool anew;

		files_close(files);
		files = open_files(scratch, &new_ring);
		assert_ok(files_reseal(files, facts.id, &anew, fresh_error(scratch)));
		assert_true(anew);
		assert_ok(files_reseal(files, facts.id, &anew, fresh_error(scratch)));
		assert_false(anew);
		expect_content(scratch, files, facts.id, content);
		files_close(files);

		files = open_files(scratch, &newest);
		expect_content(scratch, files, facts.id, content);
		files_close(files);
	}
}

static void a_damaged_file_stays_as_it_is(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct store *store = open_store(scratch, STORE_WRITE);
	struct file_facts facts =
		put(scratch, files, content_of(scratch->arena, 2 * SEAL_CHUNK, 1));
	bool anew;

	files_close(files);
	files = open_files(scratch, &new_ring);
	assert_ok(store_run(store,
		"UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE number = 1", BIND_NONE,
		fresh_error(scratch)));
	assert_int_equal(files_reseal(files, facts.id, &anew, fresh_error(scratch)), BROKEN);
	assert_false(anew);
	assert_string_equal(scratch->error.code, "seal.damaged");
	assert_int_equal(files_reseal(files, "01234567-89ab-7def-8123-456789abcdef", &anew,
				 fresh_error(scratch)),
		NOT_FOUND);
	assert_ok(files_put(files, content_of(scratch->arena, 1, 1), "image/jpeg", &facts,
		fresh_error(scratch))); /* the writer has no transaction left */
	store_close(store);
	files_close(files);
}

static void nothing_of_a_file_can_be_read_from_the_disk(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	const char *mark = "placeholder-person-1101";
	char log[96];
	uint8_t *data = arena_alloc(scratch->arena, 200000);

	for (size_t at = 0; at + strlen(mark) < 200000; at += 100)
		memcpy(data + at, mark, strlen(mark));
	struct file_facts facts = put(scratch, files, bytes_of(data, 200000));
	snprintf(log, sizeof(log), "%s-wal", scratch->path);
	assert_true(file_contains(log, facts.id));
	assert_false(file_contains(log, mark));
	files_close(files);
	assert_true(file_contains(scratch->path, facts.id));
	assert_false(file_contains(scratch->path, mark));
}

static void what_is_too_large_or_of_no_known_type_is_refused(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = {.data = arena_alloc(scratch->arena, LIMIT_HTTP_BODY + 1),
		.size = LIMIT_HTTP_BODY + 1};
	struct file_facts facts;
	char media_type[65] = {0};

	assert_fails(scratch, files_put(files, content, "image/jpeg", &facts, fresh_error(scratch)),
		TOO_LARGE, "store.file_too_large");
	assert_string_equal(error_param(scratch, "limit"), "20971520");
	memset(media_type, 'x', 64);
	content.size = 1;
	assert_fails(scratch, files_put(files, content, media_type, &facts, fresh_error(scratch)),
		UNSUPPORTED, "store.media_type_too_long");
	files_close(files);
}

static void expect_absent(struct scratch *scratch, struct files *files, const char *id)
{
	struct bytes content;
	struct file_reading reading;

	assert_fails(scratch, files_get(files, scratch->arena, id, &content, fresh_error(scratch)),
		NOT_FOUND, "store.file_absent");
	assert_fails(scratch, files_read(files, id, &reading, fresh_error(scratch)), NOT_FOUND,
		"store.file_absent");
	assert_fails(scratch, files_remove(files, id, fresh_error(scratch)), NOT_FOUND,
		"store.file_absent");
}

static int64_t count_in(struct scratch *scratch, const char *sql)
{
	struct store *store = open_store(scratch, STORE_READ);
	int64_t count = number(scratch, store, sql);

	store_close(store);
	return count;
}

static void a_file_that_was_removed_is_gone_with_its_chunks(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct file_facts facts = put(scratch, files, content_of(scratch->arena, 200000, 1));
	struct file_facts other = put(scratch, files, content_of(scratch->arena, 10, 2));
	char id[ID_SIZE];

	id_new(id);
	expect_absent(scratch, files, id);
	expect_absent(scratch, files, "' OR 1 = 1 --");
	assert_ok(files_remove(files, facts.id, fresh_error(scratch)));
	expect_absent(scratch, files, facts.id);
	assert_int_equal(count_in(scratch, "SELECT count(*) FROM chunk"), 1);
	expect_content(scratch, files, other.id, content_of(scratch->arena, 10, 2));
	files_close(files);
}

static void the_list_for_the_sweep_names_what_is_older(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = content_of(scratch->arena, 10, 1);
	const int64_t morning = INT64_C(1795309200000);
	json *ids;

	clock_set_ms(morning);
	struct file_facts first = put(scratch, files, content);
	clock_set_ms(morning + HOUR_MS);
	struct file_facts second = put(scratch, files, content);
	clock_set_ms(morning + DAY_MS);
	put(scratch, files, content);
	clock_set_ms(0);

	assert_ok(files_list(files, scratch->arena, morning, &ids, fresh_error(scratch)));
	assert_int_equal(json_count(ids), 0);
	assert_ok(files_list(files, scratch->arena, morning + DAY_MS, &ids, fresh_error(scratch)));
	assert_string_equal(json_print(scratch->arena, ids),
		arena_printf(scratch->arena, "[\"%s\",\"%s\"]", first.id, second.id));
	files_close(files);
}

/* What somebody with the database in hands, but not the key, may try; ?1 is the file, ?2 another of the same size. */
static const char *const tampering[] = {
	"UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE file_id = ?1 AND number = 1 AND ?2 = ?2",
	"DELETE FROM chunk WHERE file_id = ?1 AND number = 3 AND ?2 = ?2",
	"DELETE FROM chunk WHERE file_id = ?1 AND number = 0 AND ?2 = ?2",
	"UPDATE chunk SET number = 9 - number WHERE file_id = ?1 AND ?2 = ?2",
	"UPDATE chunk SET sealed = (SELECT sealed FROM chunk WHERE file_id = ?1 AND number = 0)"
	" WHERE file_id = ?1 AND number = 1 AND ?2 = ?2",
	"UPDATE chunk SET sealed = substr(sealed, 1, 100) WHERE file_id = ?1 AND number = 3 AND ?2 = ?2",
	"UPDATE chunk SET sealed = zeroblob(9000000) WHERE file_id = ?1 AND number = 3 AND ?2 = ?2",
	/* As many characters as it had bytes, and three times as many bytes. */
	"UPDATE chunk SET sealed = replace(printf('%.*c', length(sealed), 'x'), 'x', '错')"
	" WHERE file_id = ?1 AND number = 2 AND ?2 = ?2",
	"INSERT INTO chunk SELECT ?1, 4, sealed FROM chunk WHERE file_id = ?2 AND number = 3",
	"UPDATE file SET size = 3 * 65536 WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET size = size - 1 WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET size = -1 WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET size = 1000000000000 WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET salt = zeroblob(16) WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET salt = zeroblob(15) WHERE id = ?1 AND ?2 = ?2",
	"UPDATE file SET key_id = 7 WHERE id = ?1 AND ?2 = ?2",
	"UPDATE chunk SET sealed = (SELECT other.sealed FROM chunk other WHERE other.file_id = ?2"
	" AND other.number = chunk.number) WHERE file_id = ?1",
};

/* A part has no room but its own: behind it lies memory that nobody may write to. */
static void expect_damaged(struct scratch *scratch, struct files *files, const char *id)
{
	struct bytes content = {.size = 5};
	uint8_t *part = mmap(
		NULL, 2 * FILES_PART, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t size;

	assert_int_equal(mprotect(part + FILES_PART, FILES_PART, PROT_NONE), 0);
	assert_int_equal(read_parts(scratch, files, id, part, &size), BROKEN);
	assert_int_equal(munmap(part, 2 * FILES_PART), 0);
	assert_int_equal(
		files_get(files, scratch->arena, id, &content, fresh_error(scratch)), BROKEN);
	assert_int_equal(content.size, 5);
}

static void a_file_that_was_tampered_with_does_not_open(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct store *store = open_store(scratch, STORE_WRITE);
	struct bytes content = content_of(scratch->arena, 3 * SEAL_CHUNK + 1000, 1);
	struct file_facts other = put(scratch, files, content);

	for (size_t i = 0; i < COUNT(tampering); i++) {
		struct file_facts facts = put(scratch, files, content);
		expect_content(scratch, files, facts.id, content);
		assert_ok(store_run(store, tampering[i], BIND(TEXT(facts.id), TEXT(other.id)),
			fresh_error(scratch)));
		assert_true(store_changes(store) > 0);
		expect_damaged(scratch, files, facts.id);
		assert_ok(files_remove(files, facts.id, fresh_error(scratch)));
	}
	expect_content(scratch, files, other.id, content);
	store_close(store);
	files_close(files);
}

static void the_rows_of_one_file_do_not_pass_for_anothers(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct store *store = open_store(scratch, STORE_WRITE);
	struct file_facts mine = put(scratch, files, content_of(scratch->arena, 1000, 1));
	struct file_facts other = put(scratch, files, content_of(scratch->arena, 1000, 2));

	assert_ok(store_run(store,
		"UPDATE file SET salt = (SELECT salt FROM file WHERE id = ?2) WHERE id = ?1",
		BIND(TEXT(mine.id), TEXT(other.id)), fresh_error(scratch)));
	assert_ok(store_run(store,
		"UPDATE chunk SET sealed = (SELECT sealed FROM chunk WHERE file_id = ?2)"
		" WHERE file_id = ?1",
		BIND(TEXT(mine.id), TEXT(other.id)), fresh_error(scratch)));
	expect_damaged(scratch, files, mine.id);
	store_close(store);
	files_close(files);
}

/* Many at once. */
struct uploader {
	struct files *files;
	unsigned number;
	int failures;
	pthread_t thread;
};

/* Puts, reads back, and removes every third. Assertions of cmocka belong to the main thread: failures are counted. */
static void *upload(void *context)
{
	struct uploader *uploader = context;
	struct arena *arena = arena_create(16u << 20);
	struct error error = {.arena = arena};

	for (unsigned i = 0; i < PUTS; i++) {
		unsigned number = uploader->number * PUTS + i;
		struct bytes content = content_of(
				     arena, 1000 + 7001 * (size_t)number % 200000, number),
			     read = {0};
		struct file_facts facts;
		struct file_reading found;

		if (files_put(uploader->files, content, "image/png", &facts, &error) ||
			files_read(uploader->files, facts.id, &found, &error) ||
			files_get(uploader->files, arena, facts.id, &read, &error) ||
			read.size != content.size ||
			memcmp(read.data, content.data, read.size) != 0)
			uploader->failures++;
		else if (i % 3 == 0 && files_remove(uploader->files, facts.id, &error))
			uploader->failures++;
	}
	arena_destroy(arena);
	return NULL;
}

static int upload_from_all_threads(struct files *files)
{
	struct uploader uploaders[THREADS];
	int failures = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		uploaders[i] = (struct uploader){.files = files, .number = i};
		assert_int_equal(
			pthread_create(&uploaders[i].thread, NULL, upload, &uploaders[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(uploaders[i].thread, NULL);
		failures += uploaders[i].failures;
	}
	return failures;
}

static void files_put_from_many_threads_all_come_back_and_share_commits(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	const int removed = THREADS * PUTS / 3;

	disk_mend();
	disk.sync_us = 20000; /* longer than a thread needs for its next file, on a busy machine */
	assert_int_equal(upload_from_all_threads(files), 0);
	assert_in_range(atomic_load(&disk.syncs), 1, THREADS * PUTS / 2 + removed);
	assert_int_equal(count_in(scratch, "SELECT count(*) FROM file"), THREADS * PUTS - removed);
	files_close(files);

	struct store *store = open_store(scratch, STORE_WRITE);
	assert_ok(store_check(store, fresh_error(scratch)));
	store_close(store);
}

static void a_put_that_meets_trouble_keeps_nothing_and_the_next_one_goes_well(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = content_of(scratch->arena, 200000, 1);
	struct file_facts facts;

	disk_mend();
	disk.write_code = SQLITE_FULL;
	disk.fail_at = 3;
	assert_fails(scratch, files_put(files, content, "image/jpeg", &facts, fresh_error(scratch)),
		FULL, "store.full");
	facts = put(scratch, files, content);
	expect_content(scratch, files, facts.id, content);

	disk.fail_at = atomic_load(&disk.operations) + 1;
	assert_fails(
		scratch, files_remove(files, facts.id, fresh_error(scratch)), FULL, "store.full");
	expect_content(scratch, files, facts.id, content);
	assert_ok(files_remove(files, facts.id, fresh_error(scratch)));
	assert_int_equal(count_in(scratch, "SELECT count(*) FROM chunk"), 0);
	files_close(files);
}

static void a_disk_that_stays_full_hides_nothing(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = content_of(scratch->arena, 200000, 1);
	struct file_facts facts, kept = put(scratch, files, content);

	disk_mend();
	disk.full = true;
	for (int i = 0; i < 3; i++)
		assert_fails(scratch,
			files_put(files, content, "image/jpeg", &facts, fresh_error(scratch)), FULL,
			"store.full");
	/* It is read for the first time. */
	expect_content(scratch, files, kept.id, content);

	disk_mend();
	kept = put(scratch, files, content);
	expect_content(scratch, files, kept.id, content);
	files_close(files);
}

static void many_threads_live_through_a_failing_commit(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);

	disk_mend();
	disk.sync_us = 1000;
	disk.sync_fail_at = 5;
	assert_in_range(upload_from_all_threads(files), 1, THREADS);
	disk_mend();
	struct bytes content = content_of(scratch->arena, 1000, 1);
	expect_content(scratch, files, put(scratch, files, content).id, content);
	files_close(files);
	assert_int_equal(
		count_in(scratch, "SELECT count(*) FROM file WHERE id NOT IN (SELECT file_id"
				  " FROM chunk)"),
		0);
}

static void a_long_log_is_checkpointed_when_asked(void **state)
{
	struct scratch *scratch = *state;
	struct files *files = open_files(scratch, &old_ring);
	struct bytes content = {
		.data = arena_alloc(scratch->arena, LIMIT_HTTP_BODY), .size = LIMIT_HTTP_BODY};

	put(scratch, files, content);
	disk_mend();
	assert_ok(files_checkpoint(files, fresh_error(scratch)));
	assert_int_equal(atomic_load(&disk.database_writes), 0);
	for (int i = 0; i < 6; i++)
		put(scratch, files, content);
	assert_ok(files_checkpoint(files, fresh_error(scratch)));
	assert_true(atomic_load(&disk.database_writes) > STORE_WAL_PAGES);
	files_close(files);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_of_any_size_comes_back_as_it_was_put),
		TEST(what_was_put_is_there_after_the_files_were_opened_anew),
		TEST(a_newer_key_seals_new_files_and_the_old_ones_still_open),
		TEST(a_file_is_sealed_anew_once_and_opens_without_the_old_key),
		TEST(a_damaged_file_stays_as_it_is),
		TEST(nothing_of_a_file_can_be_read_from_the_disk),
		TEST(what_is_too_large_or_of_no_known_type_is_refused),
		TEST(a_file_that_was_removed_is_gone_with_its_chunks),
		TEST(the_list_for_the_sweep_names_what_is_older),
		TEST(a_file_that_was_tampered_with_does_not_open),
		TEST(the_rows_of_one_file_do_not_pass_for_anothers),
		TEST(files_put_from_many_threads_all_come_back_and_share_commits),
		TEST(a_put_that_meets_trouble_keeps_nothing_and_the_next_one_goes_well),
		TEST(a_disk_that_stays_full_hides_nothing),
		TEST(many_threads_live_through_a_failing_commit),
		TEST(a_long_log_is_checkpointed_when_asked),
	};

	disk_insert();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
