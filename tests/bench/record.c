/*
 * Writes down the very statements that a request runs, with their values: what SQLite alone, and others' servers, are
 * then given to do.
 *
 * record DATA SLUG MOMENT read|submit|queue|search < lines of prepare: does each through core/exam, as the API would, in a
 * transaction that is rolled back, while the linker's --wrap leads every statement past a recorder. So the measure stays the same
 * work whatever a request comes to do. Prints JSON lines: {"statement": 7, "sql": "..."} before its first use, and
 * for each request {"id": "...", "steps": [[7, [values]]]}, a blob as {"blob": "hex"}.
 */
#include "house.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/session.h"
#include "exam/application.h"
#include "exam/review.h"
#include "exam/roster.h"
#include "exam/submission.h"

#define STATEMENTS_MOST 1024

static struct {
	const struct store *store; /* what others are asked is no part of the measure */
	struct arena *arena;
	json *steps; /* of the request that is recorded, or NULL */
	const char *statements[STATEMENTS_MOST];
	int statement_count;
} recording;

static int statement_number(const char *sql)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	int number = 0;

	while (number < recording.statement_count && strcmp(recording.statements[number], sql) != 0)
		number++;
	if (number < recording.statement_count)
		return number;
	if (number == STATEMENTS_MOST)
		abort();
	recording.statements[recording.statement_count++] = strdup(sql);
	(void)printf("{\"statement\":%d,\"sql\":%s}\n", number,
		json_print(arena, json_new_text(arena, sql)));
	return number;
}

static json *value_json(struct arena *arena, const struct value *value)
{
	json *blob;
	char *hex;

	switch (value->kind) {
	case VALUE_INTEGER:
		return json_new_integer(arena, value->integer);
	case VALUE_TEXT:
		return json_new_text(arena,
			arena_text_part(arena, (const char *)value->bytes.data, value->bytes.size));
	case VALUE_BLOB:
		hex = arena_alloc(arena, 2 * value->bytes.size + 1);
		hex[0] = '\0';
		for (size_t i = 0; i < value->bytes.size; i++)
			(void)snprintf(hex + 2 * i, 3, "%02x",
				((const unsigned char *)value->bytes.data)[i]);
		blob = json_new_object(arena);
		json_set_text(arena, blob, "blob", hex);
		return blob;
	default:
		return json_new_null(arena);
	}
}

static void record(const struct store *store, const char *sql, struct binding binding)
{
	struct arena *arena = recording.arena;

	if (!recording.steps || store != recording.store)
		return;
	json *step = json_append(recording.steps, json_new_array(arena));

	json_append(step, json_new_integer(arena, statement_number(sql)));
	json *values = json_append(step, json_new_array(arena));

	for (size_t i = 0; i < binding.count; i++)
		json_append(values, value_json(arena, &binding.values[i]));
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

/* The first page of a reviewer's queue, or the office's search for one number (in the place of the token). */
static enum result desk_do(struct transaction *tx, bool searches, const char *number)
{
	json *filter = json_new_object(tx->arena), *view;

	tx->actor = (struct actor){.kind = ACTOR_STAFF, .id = ""};
	if (!searches)
		return review_queue(tx, filter, &view);
	json_set_text(tx->arena, filter, "search", number);
	return roster_list(tx, filter, &view);
}

/* As core/api does it: who is it, is it still as they saw it, hand in, show. */
static enum result candidate_do(
	struct transaction *tx, bool submits, const char *token, const char *id, int64_t version)
{
	struct application application;
	bool touch;
	json *view;
	enum result rc = session_resume(tx, token, &touch);

	rc = rc ? rc : application_load(tx, id, &application);
	if (submits) {
		rc = rc ? rc : application_expect_version(tx, &application, version);
		rc = rc ? rc : application_submit(tx, &application);
	}
	return rc ? rc : application_view(tx, &application, &view);
}

static void record_one(
	struct house *house, const char *kind, const char *token, const char *id, int64_t version)
{
	struct transaction tx = house_transaction(house, recording.arena);
	json *request = json_new_object(recording.arena);

	json_set_text(recording.arena, request, "id", id);
	recording.steps =
		json_set(recording.arena, request, "steps", json_new_array(recording.arena));
	bool searches = text_equal(kind, "search"), submits = text_equal(kind, "submit");

	house_must(house,
		searches || text_equal(kind, "queue")
			? desk_do(&tx, searches, token)
			: candidate_do(&tx, submits, token, id, version),
		id);
	recording.steps = NULL;
	(void)puts(json_print(recording.arena, request));
	arena_reset(recording.arena);
}

int main(int count, char **words)
{
	struct house house;
	char token[128], id[64];
	int64_t version;

	if (count != 5) {
		(void)fputs("usage: record DATA SLUG MOMENT read|submit|queue|search < PREPARED\n",
			stderr);
		return 2;
	}
	house_open(&house, words[1], words[2], words[3]);
	recording.arena = arena_create(LIMIT_REQUEST_ARENA);
	recording.store = house.db;
	house_must(&house, store_begin(house.db, &house.error), "begin");
	while (scanf("%127s %63s %" SCNd64 "%*[^\n]", token, id, &version) == 3)
		record_one(&house, words[4], token, id, version);
	store_rollback(house.db);
	arena_destroy(recording.arena);
	house_close(&house);
	return 0;
}
