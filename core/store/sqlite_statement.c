/*
 * Statements: prepared once, kept by their SQL, bound without a copy, stepped by a cursor.
 *
 * A statement is reset the moment its cursor ends, so that no read lock outlives it. One that is in use is never
 * handed out again: the same SQL asked for inside its own loop gets a second one.
 */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "sqlite.h"

int sqlite_guard(void *context, int action, const char *first, const char *second,
	const char *schema, const char *trigger)
{
	const struct store *store = context;

	(void)first;
	(void)second;
	(void)schema;
	(void)trigger;
	if (!store->judging)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
	case SQLITE_PRAGMA:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;
	}
}

/* Prepares the first statement of `sql`; NULL if there is none (white space, comments). */
static enum result compile(struct store *store, const char *sql, unsigned flags, sqlite3_stmt **out,
	const char **rest, struct error *error)
{
	store->judging = true;
	int code = sqlite3_prepare_v3(store->connection, sql, -1, flags, out, rest);
	store->judging = false;
	return code ? sqlite_fail(store, code, error) : OK;
}

static enum result compile_one(
	struct store *store, const char *sql, sqlite3_stmt **out, struct error *error)
{
	sqlite3_stmt *prepared;
	const char *rest;
	enum result rc = compile(store, sql, SQLITE_PREPARE_PERSISTENT, &prepared, &rest, error);
	if (rc)
		return rc;

	if (!prepared || !text_blank(rest)) {
		sqlite3_finalize(prepared);
		return trouble(error, BROKEN, "store.broken", "not one statement: %s", sql);
	}
	*out = prepared;
	return OK;
}

static bool serves(const struct statement *statement, const char *sql)
{
	return !statement->busy && strcmp(sqlite3_sql(statement->prepared), sql) == 0;
}

/* Most texts are literals: what served one is looked for first where its address says. */
static struct statement *find_statement(struct store *store, const char *sql)
{
	uint8_t *likely = &store->likely[(uintptr_t)sql / LITERAL_SIZE % COUNT(store->likely)];

	if (*likely < store->statement_count && serves(&store->statements[*likely], sql))
		return &store->statements[*likely];
	for (size_t i = 0; i < store->statement_count; i++) {
		if (serves(&store->statements[i], sql)) {
			*likely = (uint8_t)i;
			return &store->statements[i];
		}
	}
	return NULL;
}

/* A place for a new statement: a fresh one, or that of the least recently used, emptied. */
static struct statement *free_place(struct store *store)
{
	if (store->statement_count < STATEMENT_CACHE)
		return &store->statements[store->statement_count++];

	struct statement *oldest = NULL;
	for (size_t i = 0; i < STATEMENT_CACHE; i++) {
		struct statement *statement = &store->statements[i];
		if (!statement->busy && (!oldest || statement->used_at < oldest->used_at))
			oldest = statement;
	}
	assert(oldest);
	sqlite3_finalize(oldest->prepared);
	return oldest;
}

static enum result take_statement(
	struct store *store, const char *sql, struct statement **out, struct error *error)
{
	struct statement *statement = find_statement(store, sql);

	if (!statement) {
		sqlite3_stmt *prepared = NULL;
		enum result rc = compile_one(store, sql, &prepared, error);
		if (rc)
			return rc;
		statement = free_place(store);
		*statement = (struct statement){.prepared = prepared};
	}
	statement->busy = true;
	statement->used_at = ++store->uses;
	*out = statement;
	return OK;
}

static int give_back(struct statement *statement)
{
	statement->busy = false;
	return sqlite3_reset(statement->prepared);
}

void sqlite_forget_statements(struct store *store)
{
	for (size_t i = 0; i < store->statement_count; i++) {
		assert(!store->statements[i].busy);
		sqlite3_finalize(store->statements[i].prepared);
	}
	store->statement_count = 0;
}

static int bind_value(sqlite3_stmt *prepared, int place, const struct value *value)
{
	const char *data = (const char *)value->bytes.data;

	switch (value->kind) {
	case VALUE_INTEGER:
		return sqlite3_bind_int64(prepared, place, value->integer);
	case VALUE_TEXT:
		return sqlite3_bind_text64(
			prepared, place, data, value->bytes.size, SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BLOB:
		/* No bytes at all are still a blob, not NULL. */
		return sqlite3_bind_blob64(
			prepared, place, data ? data : "", value->bytes.size, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(prepared, place);
	}
}

static enum result bind_all(struct store *store, struct statement *statement,
	struct binding binding, struct error *error)
{
	assert((size_t)sqlite3_bind_parameter_count(statement->prepared) == binding.count);
	for (size_t i = 0; i < binding.count; i++) {
		int code = bind_value(statement->prepared, (int)i + 1, &binding.values[i]);
		if (code)
			return sqlite_fail(store, code, error);
	}
	return OK;
}

enum result store_query(struct store *store, struct cursor *out, const char *sql,
	struct binding binding, struct error *error)
{
	enum result rc = sqlite_sound(store, error);
	if (rc)
		return rc;

	struct statement *statement;
	rc = take_statement(store, sql, &statement, error);
	if (rc)
		return rc;

	rc = bind_all(store, statement, binding, error);
	if (rc) {
		(void)give_back(statement);
		return rc;
	}
	*out = (struct cursor){.store = store, .statement = statement};
	return OK;
}

static void release_statement(struct cursor *cursor)
{
	int code = give_back(cursor->statement);

	/* Ending early may fail as well: INSERT ... RETURNING checks foreign keys last. */
	if (code && !cursor->failed)
		cursor->failed = sqlite_note(cursor->store, code);
	cursor->statement = NULL;
}

bool cursor_next(struct cursor *cursor)
{
	struct statement *statement = cursor->statement;

	if (!statement)
		return false;
	if (sqlite3_step(statement->prepared) == SQLITE_ROW)
		return true;
	release_statement(cursor);
	return false;
}

enum result cursor_end(struct cursor *cursor, struct error *error)
{
	cursor_close(cursor);
	return cursor->failed ? sqlite_raise(cursor->store, cursor->failed, error) : OK;
}

void cursor_close(struct cursor *cursor)
{
	if (cursor->statement)
		release_statement(cursor);
}

enum result store_run(
	struct store *store, const char *sql, struct binding binding, struct error *error)
{
	struct cursor rows;
	enum result rc = store_query(store, &rows, sql, binding, error);
	if (rc)
		return rc;

	while (cursor_next(&rows))
		continue;
	return cursor_end(&rows, error);
}

int64_t store_changes(const struct store *store)
{
	return sqlite3_changes64(store->connection);
}

int64_t store_changes_ever(const struct store *store)
{
	return sqlite3_total_changes64(store->connection);
}

/* Runs the first statement of a script; `*rest` moves past it. */
static enum result run_first(struct store *store, const char **rest, struct error *error)
{
	sqlite3_stmt *prepared;
	enum result rc = compile(store, *rest, 0, &prepared, rest, error);
	if (rc)
		return rc;

	int code = SQLITE_ROW;
	while (prepared && code == SQLITE_ROW)
		code = sqlite3_step(prepared);
	code = sqlite3_reset(prepared);
	rc = code ? sqlite_fail(store, code, error) : OK;
	sqlite3_finalize(prepared);
	return rc;
}

enum result store_script(struct store *store, const char *sql, struct error *error)
{
	enum result rc = sqlite_sound(store, error);

	while (!rc && *sql)
		rc = run_first(store, &sql, error);
	return rc;
}

static sqlite3_stmt *row_of(const struct cursor *cursor)
{
	const struct statement *statement = cursor->statement;

	assert(statement);
	return statement->prepared;
}

int cursor_width(const struct cursor *cursor)
{
	return sqlite3_column_count(row_of(cursor));
}

const char *cursor_name(const struct cursor *cursor, int column)
{
	const char *name = sqlite3_column_name(row_of(cursor), column);

	assert(name);
	return name;
}

int cursor_kind(const struct cursor *cursor, int column)
{
	switch (sqlite3_column_type(row_of(cursor), column)) {
	case SQLITE_INTEGER:
		return VALUE_INTEGER;
	case SQLITE_BLOB:
		return VALUE_BLOB;
	case SQLITE_NULL:
		return VALUE_NULL;
	default:
		return VALUE_TEXT; /* a fraction too: the common dialect has none, as text nothing is lost */
	}
}

int64_t cursor_integer(const struct cursor *cursor, int column)
{
	return sqlite3_column_int64(row_of(cursor), column);
}

/*
 * Where SQLite lacks the memory for a value it says NULL, as it does for SQL NULL, and goes on. Taken for that it would
 * be a wrong answer; so this aborts, as an arena does.
 */
static void assert_memory(sqlite3_stmt *row)
{
	assert(sqlite3_errcode(sqlite3_db_handle(row)) != SQLITE_NOMEM);
}

const char *cursor_text(const struct cursor *cursor, int column, struct arena *arena)
{
	sqlite3_stmt *row = row_of(cursor);
	const char *text = (const char *)sqlite3_column_text(row, column);

	if (text)
		return arena_text_part(arena, text, (size_t)sqlite3_column_bytes(row, column));
	assert_memory(row);
	return NULL;
}

struct bytes cursor_peek(const struct cursor *cursor, int column)
{
	sqlite3_stmt *row = row_of(cursor);
	const void *data = sqlite3_column_blob(row, column);

	if (data)
		return bytes_of(data, (size_t)sqlite3_column_bytes(row, column));
	assert_memory(row);
	return bytes_of(NULL, 0);
}

struct bytes cursor_blob(const struct cursor *cursor, int column, struct arena *arena)
{
	struct bytes found = cursor_peek(cursor, column);

	return found.data ? bytes_of(arena_copy(arena, found.data, found.size), found.size) : found;
}

bool cursor_is_null(const struct cursor *cursor, int column)
{
	return sqlite3_column_type(row_of(cursor), column) == SQLITE_NULL;
}
