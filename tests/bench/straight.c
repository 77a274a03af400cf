/*
 * What SQLite alone can do: the very statements of a submission, 64 submissions in a commit, on one thread, without
 * HTTP, rules, sealing or JSON.
 *
 * straight DATA SLUG MOMENT < lines of prepare: each application is first handed in through core/exam, as the API
 * would, in a transaction that is rolled back, while the linker's --wrap leads every statement with its values past
 * a recorder. Then the recording is played back, and that is timed. So the measure stays the same work whatever a
 * submission comes to do.
 */
#include "house.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "exam/account.h"
#include "exam/application.h"

#define IN_ONE_COMMIT  64
#define RECORDING_MOST ((size_t)2 << 30)

struct step {
	struct step *next;
	const char *sql;
	struct binding binding;
};

/* One submission's statements, in their order. */
struct submission {
	struct submission *next;
	struct step *first, **last;
};

static struct {
	struct arena *arena;
	struct submission *first, **last;
	struct submission *open; /* being recorded, or NULL */
	const struct store *store;
	int count, steps;
} recording;

static struct binding binding_copy(struct binding binding)
{
	struct value *values = NEW_ARRAY(recording.arena, struct value, binding.count + 1);

	for (size_t i = 0; i < binding.count; i++) {
		values[i] = binding.values[i];
		if (values[i].bytes.size == 0)
			continue;
		void *copy = arena_alloc(recording.arena, values[i].bytes.size);
		memcpy(copy, values[i].bytes.data, values[i].bytes.size);
		values[i].bytes = bytes_of(copy, values[i].bytes.size);
	}
	return (struct binding){values, binding.count};
}

/* What is asked of another database, such as the deployment's own, is no part of the measure. */
static void record(const struct store *store, const char *sql, struct binding binding)
{
	struct step *step;

	if (!recording.open || store != recording.store)
		return;
	step = NEW(recording.arena, struct step);
	*step = (struct step){
		.sql = arena_text(recording.arena, sql), .binding = binding_copy(binding)};
	*recording.open->last = step;
	recording.open->last = &step->next;
	recording.steps++;
}

/* The names that ld gives to what stands before and behind a wrapped function. */
enum result __real_store_run(struct store *store, const char *sql, struct binding binding,
	struct error *error) MUST_CHECK;
enum result __real_store_query(struct store *store, struct cursor *out, const char *sql,
	struct binding binding, struct error *error) MUST_CHECK;
enum result __wrap_store_run(struct store *store, const char *sql, struct binding binding,
	struct error *error) MUST_CHECK;
enum result __wrap_store_query(struct store *store, struct cursor *out, const char *sql,
	struct binding binding, struct error *error) MUST_CHECK;

enum result __wrap_store_run(
	struct store *store, const char *sql, struct binding binding, struct error *error)
{
	record(store, sql, binding);
	return __real_store_run(store, sql, binding, error);
}

enum result __wrap_store_query(struct store *store, struct cursor *out, const char *sql,
	struct binding binding, struct error *error)
{
	record(store, sql, binding);
	return __real_store_query(store, out, sql, binding, error);
}

/* As core/api does it: who is it, is it still as they saw it, hand in, show. */
static enum result submit(
	struct transaction *tx, const char *token, const char *id, int64_t version)
{
	struct application application;
	bool touch;
	json *view;
	enum result rc = session_resume(tx, token, &touch);

	rc = rc ? rc : application_load(tx, id, &application);
	rc = rc ? rc : application_expect_version(tx, &application, version);
	rc = rc ? rc : application_submit(tx, &application);
	return rc ? rc : application_view(tx, &application, &view);
}

static void record_one(struct house *house, struct arena *arena, const char *token, const char *id,
	int64_t version)
{
	struct transaction tx = house_transaction(house, arena);
	struct submission *submission = NEW(recording.arena, struct submission);

	*submission = (struct submission){.last = &submission->first};
	recording.open = submission;
	house_must(house, submit(&tx, token, id, version), id);
	recording.open = NULL;
	*recording.last = submission;
	recording.last = &submission->next;
	recording.count++;
}

static void record_all(struct house *house)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	char token[128], id[64];
	int64_t version;

	recording.arena = arena_create(RECORDING_MOST);
	recording.last = &recording.first;
	recording.store = house->db;
	house_must(house, store_begin(house->db, &house->error), "begin");
	while (scanf("%127s %63s %" SCNd64, token, id, &version) == 3) {
		record_one(house, arena, token, id, version);
		arena_reset(arena);
	}
	store_rollback(house->db);
}

static enum result play_step(struct store *db, const struct step *step, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = __real_store_query(db, &rows, step->sql, step->binding, error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
	}
	return cursor_end(&rows, error);
}

static void play_all(struct house *house)
{
	const struct submission *next = recording.first;

	house->error = (struct error){.arena = house->arena};
	while (next) {
		house_must(house, store_begin(house->db, &house->error), "begin");
		for (int i = 0; i < IN_ONE_COMMIT && next; i++, next = next->next) {
			for (const struct step *step = next->first; step; step = step->next)
				house_must(house, play_step(house->db, step, &house->error),
					step->sql);
		}
		house_must(house, store_commit(house->db, &house->error), "commit");
	}
}

int main(int count, char **words)
{
	struct house house;

	if (count != 4) {
		(void)fputs("usage: straight DATA SLUG MOMENT < PREPARED\n", stderr);
		return 2;
	}
	house_open(&house, words[1], words[2], words[3]);
	record_all(&house);

	int64_t from = clock_monotonic_ms();
	play_all(&house);
	int64_t took = clock_monotonic_ms() - from;

	(void)printf("{\"submissions\":%d,\"statements\":%d,\"ms\":%" PRId64
		     ",\"per_second\":%" PRId64 "}\n",
		recording.count, recording.steps / (recording.count ? recording.count : 1), took,
		recording.count * INT64_C(1000) / (took ? took : 1));
	arena_destroy(recording.arena);
	house_close(&house);
	return 0;
}
