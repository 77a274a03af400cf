/*
 * The write-ahead log, handed to the kernel in pieces of up to 64 KB instead of two calls a page, and made longer in
 * large steps.
 *
 * SQLite writes each page of a commit by itself and, before it, 24 bytes that say which page it is (the format:
 * sqlite.org/fileformat2.html, section 4.1). What is appended so is held back here until the last page of the
 * transaction, which its 24 bytes mark, or until the file is asked for anything else. So nothing is held any more
 * when SQLite's index of the log says that a transaction is there: others read only what that index knows, and an
 * fsync finds all of it written. A piece that cannot be written fails the call that hands it on, a later write of
 * the same transaction or its fsync, and SQLite undoes the transaction as it would have.
 *
 * The hard thing is a transaction that is rolled back: what is held of it must never be written, since by then another
 * process may have written its own there. SQLite tells of it by a hook, and the connection forgets.
 *
 * An fsync of a file that has grown waits for the file system's own journal, in which others' work stands as well. So
 * where a small transaction makes the log longer it becomes longer by a good part more, of zeros, which the next ones
 * only write over; a large one waits for its own bytes in any case. Zeros are no transaction: whoever reads the log
 * after a crash ends there, as at what is left of an earlier one.
 *
 * The database itself and all else goes to the file system as it comes.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "sqlite.h"

#define HELD_MOST    (64 << 10)
#define FRAME_HEADER 24
#define ZEROS        (64 << 10)  /* in one call: SQLite's files take 128 KB for none at all */
#define ROOM_MOST    (1 << 20)   /* made at once */
#define LARGE        (128 << 10) /* of a transaction */

struct log {
	sqlite3_file base;
	sqlite3_file *disk;
	unsigned char *held; /* room for HELD_MOST; NULL: nothing is held */
	int size;            /* of what is held */
	sqlite3_int64 end;   /* of what was written last, held or not */
	bool last;           /* the page that is being written ends a transaction */
	sqlite3_int64 ended; /* where the transaction before ended */
	sqlite3_int64 room;  /* the file has at least; 0: not known yet */
};

static sqlite3_vfs files;
static sqlite3_vfs *disk_files;

static int hand_on(struct log *log)
{
	unsigned char *held = log->held;

	if (!held)
		return SQLITE_OK;
	log->held = NULL;
	int code = log->disk->pMethods->xWrite(log->disk, held, log->size, log->end - log->size);
	free(held);
	return code;
}

static int hold(struct log *log, const void *data, int size)
{
	if (!log->held) {
		log->held = malloc(HELD_MOST);
		log->size = 0;
	}
	if (!log->held)
		return SQLITE_NOMEM;
	memcpy(log->held + log->size, data, (size_t)size);
	log->size += size;
	return SQLITE_OK;
}

/* The size of the database after the transaction, if it ends here; else 0. */
static bool ends_transaction(const unsigned char *header)
{
	return header[4] || header[5] || header[6] || header[7];
}

/* About as much again as there is. Where the disk has no more, what it gave goes back: the log needs none. */
static void room_make(struct log *log)
{
	static const unsigned char zeros[ZEROS];
	const sqlite3_io_methods *disk = log->disk->pMethods;
	sqlite3_int64 size;

	if (disk->xFileSize(log->disk, &size))
		return;
	log->room = size;
	if (size > log->end)
		return;

	sqlite3_int64 end = size + (size < ROOM_MOST ? size : ROOM_MOST);
	while (log->room < end) {
		if (disk->xWrite(log->disk, zeros, ZEROS, log->room)) {
			(void)disk->xTruncate(log->disk, size);
			log->room = size;
			return;
		}
		log->room += ZEROS;
	}
}

/* All of it is written. Only now, since nobody else writes to the log before its fsync is over. */
static void transaction_ended(struct log *log)
{
	if (log->end > log->room && log->end - log->ended < LARGE)
		room_make(log);
	log->ended = log->end;
}

static int log_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
	struct log *log = (struct log *)file;
	bool is_header = size == FRAME_HEADER;
	bool appended = at == log->end && size <= HELD_MOST;

	if (is_header)
		log->last = ends_transaction(data);
	if (!appended || (log->held && log->size + size > HELD_MOST)) {
		int code = hand_on(log);
		if (code)
			return code;
	}
	log->end = at + size;
	if (!appended)
		return log->disk->pMethods->xWrite(log->disk, data, size, at);

	int code = hold(log, data, size);
	if (code || is_header || !log->last)
		return code;
	code = hand_on(log);
	if (!code)
		transaction_ended(log);
	return code;
}

static int log_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at)
{
	struct log *log = (struct log *)file;
	int code = hand_on(log);

	return code ? code : log->disk->pMethods->xRead(log->disk, out, size, at);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct log *log = (struct log *)file;
	int code = hand_on(log);

	log->room = 0;
	return code ? code : log->disk->pMethods->xTruncate(log->disk, size);
}

static int log_sync(sqlite3_file *file, int flags)
{
	struct log *log = (struct log *)file;
	int code = hand_on(log);

	return code ? code : log->disk->pMethods->xSync(log->disk, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *out)
{
	struct log *log = (struct log *)file;
	int code = hand_on(log);

	return code ? code : log->disk->pMethods->xFileSize(log->disk, out);
}

static void forget(struct log *log)
{
	free(log->held);
	log->held = NULL;
}

static int log_close(sqlite3_file *file)
{
	struct log *log = (struct log *)file;

	forget(log);
	return log->disk->pMethods->xClose(log->disk);
}

static int log_lock(sqlite3_file *file, int level)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xLock(log->disk, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xUnlock(log->disk, level);
}

static int log_locked(sqlite3_file *file, int *out)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xCheckReservedLock(log->disk, out);
}

static int log_control(sqlite3_file *file, int operation, void *argument)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xFileControl(log->disk, operation, argument);
}

static int log_sector(sqlite3_file *file)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xSectorSize(log->disk);
}

static int log_characteristics(sqlite3_file *file)
{
	const struct log *log = (const struct log *)file;

	return log->disk->pMethods->xDeviceCharacteristics(log->disk);
}

static const sqlite3_io_methods log_methods = {
	.iVersion = 1,
	.xClose = log_close,
	.xRead = log_read,
	.xWrite = log_write,
	.xTruncate = log_truncate,
	.xSync = log_sync,
	.xFileSize = log_size,
	.xLock = log_lock,
	.xUnlock = log_unlock,
	.xCheckReservedLock = log_locked,
	.xFileControl = log_control,
	.xSectorSize = log_sector,
	.xDeviceCharacteristics = log_characteristics,
};

static int file_open(
	sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *flags_given)
{
	struct log *log = (struct log *)file;

	(void)vfs;
	if (!(flags & SQLITE_OPEN_WAL))
		return disk_files->xOpen(disk_files, path, file, flags, flags_given);

	*log = (struct log){.disk = (sqlite3_file *)(log + 1)};
	int code = disk_files->xOpen(disk_files, path, log->disk, flags, flags_given);
	if (!code)
		log->base.pMethods = &log_methods;
	return code;
}

static void files_register(void)
{
	disk_files = sqlite3_vfs_find(NULL);
	files = *disk_files;
	files.zName = "kaowu";
	files.szOsFile += (int)sizeof(struct log);
	files.xOpen = file_open;

	int code = sqlite3_vfs_register(&files, 0);
	assert(code == SQLITE_OK);
}

const char *sqlite_files(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, files_register);
	return files.zName;
}

void sqlite_log_forget(sqlite3 *connection)
{
	sqlite3_file *file = NULL;
	int code = sqlite3_file_control(connection, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &file);

	if (code == SQLITE_OK && file && file->pMethods == &log_methods)
		forget((struct log *)file);
}

static void rolled_back(void *connection)
{
	sqlite_log_forget(connection);
}

void sqlite_log_follow(sqlite3 *connection)
{
	sqlite3_rollback_hook(connection, rolled_back, connection);
}
