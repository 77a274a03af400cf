/*
 * What SQLite alone can do: recorded statements (record.c) straight through its C functions, prepared once, without
 * HTTP, rules, sealing or JSON.
 *
 * play read|write BATCH THREADS (DATABASE RECORDING)...: so many requests in a transaction, each database with its
 * recording by one thread at a time. A write's transaction is a commit with an fsync of the log, as core/store sets its
 * writers; "read" plays a recording again and again for two seconds. Prints how many and how fast.
 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

#define STATEMENTS_MOST 1024
#define THREADS_MOST    256
#define READ_US         2000000

struct value {
	int type; /* of SQLite */
	int64_t integer;
	void *data;
	int size;
};

struct step {
	int statement, count;
	struct value *values;
};

struct request {
	struct step *steps;
	int count;
};

struct tape {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS_MOST];
	struct request *requests;
	int count, steps;
};

static struct {
	bool reads;
	int batch, tape_count;
	struct tape *tapes;
	atomic_int next; /* tape that no thread has taken yet */
	atomic_long done;
} play;

static void must_say(bool good, const char *what, const char *detail)
{
	if (good)
		return;
	(void)fprintf(stderr, "play: %s %s\n", what, detail ? detail : "");
	exit(1);
}

static void execute(sqlite3 *db, const char *sql)
{
	must_say(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql, sqlite3_errmsg(db));
}

/* ---- The recording ---- */

static void *memory(size_t count, size_t size)
{
	void *block = calloc(count + 1, size);

	must_say(block != NULL, "memory", NULL);
	return block;
}

static struct value value_read(const cJSON *item)
{
	const cJSON *blob = cJSON_GetObjectItem(item, "blob");
	struct value value = {.type = SQLITE_NULL};

	if (blob) {
		size_t size = strlen(blob->valuestring) / 2;
		unsigned char *bytes = memory(size, 1);

		for (size_t i = 0; i < size; i++) {
			const char digits[] = {
				blob->valuestring[2 * i], blob->valuestring[2 * i + 1], '\0'};
			bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
		}
		return (struct value){SQLITE_BLOB, 0, bytes, (int)size};
	}
	if (cJSON_IsString(item))
		return (struct value){
			SQLITE_TEXT, 0, strdup(item->valuestring), (int)strlen(item->valuestring)};
	if (cJSON_IsNumber(item))
		value = (struct value){SQLITE_INTEGER, (int64_t)item->valuedouble, NULL, 0};
	return value;
}

static struct step step_read(const cJSON *item)
{
	const cJSON *values = cJSON_GetArrayItem(item, 1), *value;
	struct step step = {.statement = cJSON_GetArrayItem(item, 0)->valueint};

	step.values = memory((size_t)cJSON_GetArraySize(values), sizeof(struct value));
	cJSON_ArrayForEach(value, values) step.values[step.count++] = value_read(value);
	return step;
}

static void line_read(struct tape *tape, const cJSON *line)
{
	const cJSON *sql = cJSON_GetObjectItem(line, "sql"), *step;
	const cJSON *steps = cJSON_GetObjectItem(line, "steps");

	if (sql) {
		int number = cJSON_GetObjectItem(line, "statement")->valueint;

		must_say(number < STATEMENTS_MOST &&
				 sqlite3_prepare_v3(tape->db, sql->valuestring, -1,
					 SQLITE_PREPARE_PERSISTENT, &tape->statements[number],
					 NULL) == SQLITE_OK,
			sql->valuestring, sqlite3_errmsg(tape->db));
		return;
	}
	struct request *request = &tape->requests[tape->count++];

	request->steps = memory((size_t)cJSON_GetArraySize(steps), sizeof(struct step));
	cJSON_ArrayForEach(step, steps) request->steps[request->count++] = step_read(step);
	tape->steps += request->count;
}

static void tape_open(struct tape *tape, const char *database, const char *recording)
{
	FILE *file = fopen(recording, "re");
	char *line = NULL;
	size_t room = 0, most = 0;

	must_say(file != NULL, recording, NULL);
	must_say(sqlite3_open_v2(database, &tape->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			 NULL) == SQLITE_OK,
		database, NULL);
	execute(tape->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			  "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;"
			  "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;");
	while (getline(&line, &room, file) > 0)
		most++;
	rewind(file);
	tape->requests = memory(most, sizeof(struct request));
	while (getline(&line, &room, file) > 0) {
		cJSON *json = cJSON_Parse(line);

		must_say(json != NULL, recording, line);
		line_read(tape, json);
		cJSON_Delete(json);
	}
	must_say(tape->count > 0, recording, "is empty");
	free(line);
	(void)fclose(file);
}

static void tape_close(struct tape *tape)
{
	for (int i = 0; i < STATEMENTS_MOST; i++)
		(void)sqlite3_finalize(tape->statements[i]);
	(void)sqlite3_close(tape->db);
}

/* ---- Playing ---- */

static void bind(sqlite3_stmt *statement, int place, const struct value *value)
{
	if (value->type == SQLITE_INTEGER)
		(void)sqlite3_bind_int64(statement, place, value->integer);
	else if (value->type == SQLITE_TEXT)
		(void)sqlite3_bind_text(statement, place, value->data, value->size, SQLITE_STATIC);
	else if (value->type == SQLITE_BLOB)
		(void)sqlite3_bind_blob(statement, place, value->data, value->size, SQLITE_STATIC);
	else
		(void)sqlite3_bind_null(statement, place);
}

static void step_play(struct tape *tape, const struct step *step)
{
	sqlite3_stmt *statement = tape->statements[step->statement];
	int code;

	for (int i = 0; i < step->count; i++)
		bind(statement, i + 1, &step->values[i]);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		/* As somebody would who wants them. */
		for (int i = 0; i < sqlite3_column_count(statement); i++)
			(void)sqlite3_column_text(statement, i);
	}
	must_say(code == SQLITE_DONE, sqlite3_sql(statement), sqlite3_errmsg(tape->db));
	(void)sqlite3_reset(statement);
}

static void tape_play(struct tape *tape)
{
	for (int from = 0; from < tape->count; from += play.batch) {
		int until = from + play.batch < tape->count ? from + play.batch : tape->count;

		execute(tape->db, play.reads ? "BEGIN" : "BEGIN IMMEDIATE");
		for (int i = from; i < until; i++) {
			for (int step = 0; step < tape->requests[i].count; step++)
				step_play(tape, &tape->requests[i].steps[step]);
		}
		execute(tape->db, "COMMIT");
		atomic_fetch_add(&play.done, until - from);
	}
}

static void *thread_run(void *unused)
{
	int number;

	(void)unused;
	while ((number = atomic_fetch_add(&play.next, 1)) < play.tape_count) {
		int64_t until = now_us() + READ_US;

		do
			tape_play(&play.tapes[number]);
		while (play.reads && now_us() < until);
	}
	return NULL;
}

static int64_t all_play(int threads)
{
	pthread_t started[THREADS_MOST];
	int64_t from = now_us();

	for (int i = 0; i < threads; i++)
		must_say(pthread_create(&started[i], NULL, thread_run, NULL) == 0, "thread", NULL);
	for (int i = 0; i < threads; i++)
		(void)pthread_join(started[i], NULL);
	return now_us() - from;
}

int main(int count, char **words)
{
	int threads = count > 5 ? (int)strtol(words[3], NULL, 10) : 0;

	if (threads < 1 || threads > THREADS_MOST) {
		(void)fputs(
			"usage: play read|write BATCH THREADS (DATABASE RECORDING)...\n", stderr);
		return 2;
	}
	play.reads = strcmp(words[1], "read") == 0;
	play.batch = (int)strtol(words[2], NULL, 10);
	play.tape_count = (count - 4) / 2;
	play.tapes = memory((size_t)play.tape_count, sizeof(struct tape));
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	for (int i = 0; i < play.tape_count; i++)
		tape_open(&play.tapes[i], words[4 + 2 * i], words[5 + 2 * i]);

	int64_t took = all_play(threads);

	(void)printf("{\"requests\":%ld,\"statements\":%d,\"per_second\":%.1f}\n",
		atomic_load(&play.done), play.tapes[0].steps / play.tapes[0].count,
		(double)atomic_load(&play.done) * 1e6 / (double)took);
	for (int i = 0; i < play.tape_count; i++)
		tape_close(&play.tapes[i]);
	return 0;
}
