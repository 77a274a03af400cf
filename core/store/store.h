/*
 * A tenant's database: SQL in, rows out. The only folder that knows which engine is behind it.
 *
 * The call site:
 *     rc = store_run(db, "UPDATE plan SET state = ?1 WHERE id = ?2", BIND(TEXT("open"), TEXT(id)), error);
 *
 *     struct cursor rows CLEANUP(cursor_close) = {0};
 *     rc = store_query(db, &rows, "SELECT id, name FROM plan WHERE state = ?1", BIND(TEXT("open")), error);
 *     if (rc)
 *             return rc;
 *     while (cursor_next(&rows))
 *             use(cursor_text(&rows, 0, arena), ...);
 *     rc = cursor_end(&rows, error);
 *
 * A store is one connection: one thread at a time. Statements are prepared once and cached by their SQL. Text
 * and blobs are bound without a copy and must live until the cursor ends; what a cursor gives is copied into the
 * arena. Failures are trouble: BROKEN, FULL (no room on the disk) or BUSY; a broken uniqueness or check
 * constraint is CONFLICT ("store.conflict"), so that callers can say it better.
 *
 * Transactions: who has a connection of its own begins and commits (core/tenant, the catalogue, commands, backups,
 * migrations); handlers see one that is open.
 * After trouble in a commit or in any other write (BROKEN, FULL) the store refuses everything ("store.poisoned")
 * until it is closed: after a failed fsync the page cache cannot be trusted. The words of a transaction (BEGIN, COMMIT,
 * SAVEPOINT, ATTACH, PRAGMA) are refused in the SQL of callers.
 */
#ifndef KAOWU_STORE_STORE_H
#define KAOWU_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

struct store;

enum store_mode {
	STORE_READ,   /* read-only; never waits for a writer */
	STORE_WRITE,  /* one at a time per database; opens an existing file */
	STORE_CREATE, /* as STORE_WRITE; makes the file (0600) and its folder's entry durable */
};

/* SQLite: WAL, synchronous=FULL, page size 8192, foreign keys on, no automatic checkpoint (see below). A file
 * that is not there is BROKEN ("store.cannot_open") unless it is to be created. */
enum result store_open(
	const char *path, enum store_mode mode, struct store **out, struct error *error) MUST_CHECK;
void store_close(struct store *store); /* NULL is fine; a writer checkpoints */
void store_close_at(struct store **store);
bool store_poisoned(const struct store *store);

/* BEGIN IMMEDIATE for a writer, a read snapshot for a reader. */
enum result store_begin(struct store *store, struct error *error) MUST_CHECK;
/* Whatever it returns, the transaction is over. CONFLICT if a deferred constraint refused: nothing was kept. */
enum result store_commit(struct store *store, struct error *error) MUST_CHECK;
void store_rollback(struct store *store); /* does nothing outside a transaction */
/* One savepoint at a time, for the jobs of a group commit. */
enum result store_savepoint(struct store *store, struct error *error) MUST_CHECK;
enum result store_release(struct store *store, struct error *error) MUST_CHECK;
enum result store_rollback_savepoint(struct store *store, struct error *error) MUST_CHECK;

/* Values to bind. */
struct value {
	enum { VALUE_NULL, VALUE_INTEGER, VALUE_TEXT, VALUE_BLOB } kind;
	int64_t integer;
	struct bytes bytes;
};

struct value value_text(const char *text); /* NULL gives SQL NULL */

#define TEXT(text)      value_text(text)
#define INTEGER(number) ((struct value){.kind = VALUE_INTEGER, .integer = (int64_t)(number)})
#define BLOB(run)       ((struct value){.kind = VALUE_BLOB, .bytes = (run)})
#define SQL_NULL        ((struct value){.kind = VALUE_NULL})
/* 0 stands for "no moment yet" and is stored as NULL. */
#define MOMENT(at_ms) ((at_ms) ? INTEGER(at_ms) : SQL_NULL)

struct binding {
	const struct value *values;
	size_t count;
};

#define BIND(...)                                                                                  \
	((struct binding){(const struct value[]){__VA_ARGS__},                                     \
		sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value)})
#define BIND_NONE ((struct binding){NULL, 0})

/* A statement without rows. As many values as it has placeholders. store_changes() tells how many rows the last one
 * changed. */
enum result store_run(struct store *store, const char *sql, struct binding binding,
	struct error *error) MUST_CHECK;
int64_t store_changes(const struct store *store);
/* Rows changed by all statements since the store was opened, those that were taken back as well. */
int64_t store_changes_ever(const struct store *store);

/* Several statements without parameters (migrations). */
enum result store_script(struct store *store, const char *sql, struct error *error) MUST_CHECK;

/* Rows. A cursor may sit on the stack; close it (or use CLEANUP) before its statement is used again. */
struct cursor {
	struct store *store;
	void *statement;
	enum result failed;
};

enum result store_query(struct store *store, struct cursor *out, const char *sql,
	struct binding binding, struct error *error) MUST_CHECK;
bool cursor_next(struct cursor *cursor); /* false at the end and on failure */
enum result cursor_end(
	struct cursor *cursor, struct error *error) MUST_CHECK; /* closes; tells a failure */
void cursor_close(struct cursor *cursor);

/* Columns of the current row, from 0. */
int64_t cursor_integer(const struct cursor *cursor, int column); /* NULL gives 0 */
const char *cursor_text(
	const struct cursor *cursor, int column, struct arena *arena); /* NULL gives NULL */
struct bytes cursor_blob(const struct cursor *cursor, int column, struct arena *arena);
/* Text or blob without a copy, for what is large and only looked at: good until the next row or the cursor's end. */
struct bytes cursor_peek(const struct cursor *cursor, int column);
bool cursor_is_null(const struct cursor *cursor, int column);

/*
 * The current row as a JSON object: a member for each column, named by its alias. A suffix of the alias says how
 * it is to be read: "open?" a boolean, "created_at@" a moment (RFC 3339), "exam{}" JSON text parsed, "checks{=}"
 * JSON text to be handed on as it stands (nothing can be looked up in it); without one, text and integers as they are,
 * SQL NULL as null. Blobs are left out.
 */
json *cursor_object(const struct cursor *cursor, struct arena *arena);

/* The first row of a query as such an object; NOT_FOUND ("store.no_row") if there is none. */
enum result store_object(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error) MUST_CHECK;
/* The same where there may be none: NULL then. */
enum result store_find(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error) MUST_CHECK;
/* All rows as an array. */
enum result store_array(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, json **out, struct error *error) MUST_CHECK;
/* The first column of the first row; NOT_FOUND if there is none. */
enum result store_integer(struct store *store, const char *sql, struct binding binding,
	int64_t *out, struct error *error) MUST_CHECK;
enum result store_text(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, const char **out, struct error *error) MUST_CHECK;
/* The same where there may be none: NULL then. */
enum result store_find_text(struct store *store, struct arena *arena, const char *sql,
	struct binding binding, const char **out, struct error *error) MUST_CHECK;
/* Is there any row? */
enum result store_has(struct store *store, const char *sql, struct binding binding, bool *out,
	struct error *error) MUST_CHECK;

/* Background: moves the WAL into the database beside writers (one may wait up to 50 ms at the end); call from any
 * thread but with a writer store of its own. Worth it when the store that commits says store_wal_pages() >=
 * STORE_WAL_PAGES; that is the length of the WAL after its own last commit. */
#define STORE_WAL_PAGES 16000 /* 128 MB */
enum result store_checkpoint(struct store *store, struct error *error) MUST_CHECK;
int64_t store_wal_pages(struct store *store);

/* Whether commits lie in a log beside this database: its writer is there, or died. What such a one has left may be read
 * once a writer has been opened, which writes it into the database and waits for the disk. */
bool store_has_log(const char *path);

/* A number that is another one as soon as others have committed, be it another process. Outside a transaction. */
enum result store_mark(struct store *store, int64_t *mark, struct error *error) MUST_CHECK;

/* Nobody will ask soon: gives back the memory that only saves reading pages again. Outside a transaction. */
void store_rest(struct store *store);

/* PRAGMA integrity_check and foreign_key_check; BROKEN with what was found. */
enum result store_check(struct store *store, struct error *error) MUST_CHECK;
/* A consistent copy while in use (backup), and the folders that it lies in, where they are missing: durable when OK. A
 * target that is there already is CONFLICT ("store.target_exists"). */
enum result store_copy(
	struct store *store, const char *target_path, struct error *error) MUST_CHECK;

#endif
