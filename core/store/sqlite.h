/*
 * What the files of the SQLite engine share: the connection, its statement cache, and how its codes become results.
 */
#ifndef KAOWU_STORE_SQLITE_H
#define KAOWU_STORE_SQLITE_H

#include <sqlite3.h>

#include "engine.h"

/* What only this engine may say; callers' SQL that says it is refused (sqlite_guard). */
enum order {
	ORDER_BEGIN_WRITE,
	ORDER_BEGIN_READ,
	ORDER_SNAPSHOT,
	ORDER_COMMIT,
	ORDER_ROLLBACK,
	ORDER_SAVEPOINT,
	ORDER_RELEASE,
	ORDER_ROLLBACK_TO,
	ORDER_COUNT
};

#define BUSY_TIMEOUT_MS 5000
#define STATEMENT_CACHE 128
#define LITERAL_SIZE    32 /* bytes at the least between the texts of two statements */

struct statement {
	sqlite3_stmt *prepared;
	uint64_t used_at; /* in uses of the cache, for the least recently used */
	bool busy;        /* a cursor has it */
};

struct store {
	sqlite3 *connection;
	enum store_mode mode;
	bool poisoned;
	bool began, saved; /* a transaction, a savepoint in it */
	bool judging;      /* a caller's SQL is being prepared */
	int64_t wal_pages; /* after the last commit of this connection */
	char failure[256]; /* the engine's words for the last failure */
	sqlite3_stmt *orders[ORDER_COUNT];
	struct statement statements[STATEMENT_CACHE];
	size_t statement_count;
	uint8_t likely[1024]; /* the number of a statement, by the address of its text */
	uint64_t uses;
};

/* sqlite_error.c. A code is noted at once (the connection forgets), and raised when there is somebody to tell. */
enum result sqlite_note(struct store *store, int code);
enum result sqlite_raise(struct store *store, enum result result, struct error *error);
enum result sqlite_fail(struct store *store, int code, struct error *error);
enum result sqlite_sound(
	const struct store *store, struct error *error) MUST_CHECK; /* or BROKEN: poisoned */

/* sqlite_statement.c */
int sqlite_guard(void *store, int action, const char *first, const char *second, const char *schema,
	const char *trigger); /* an authorizer */
void sqlite_forget_statements(struct store *store);

/* sqlite_transaction.c */
enum result sqlite_prepare_orders(struct store *store, struct error *error) MUST_CHECK;
void sqlite_forget_orders(struct store *store);

/* sqlite_log.c. What databases are opened by: the name of a VFS. A connection that writes is followed from its
 * beginning, and forgets before it is closed what may be left of a transaction that never ended. */
const char *sqlite_files(void);
void sqlite_log_follow(sqlite3 *connection);
void sqlite_log_forget(sqlite3 *connection);

/* sqlite_upkeep.c: what the log holds goes into the database as far as nobody is in the way. */
int sqlite_checkpoint_quietly(struct store *store);

/* sqlite_file.c. The file is 0600, folders that are missing 0700, and both survive a power cut. */
enum result sqlite_file_create(const char *path, bool *created, struct error *error) MUST_CHECK;
enum result sqlite_file_make_durable(const char *path, struct error *error) MUST_CHECK;

#endif
