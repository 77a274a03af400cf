/*
 * A disk that can fail: a VFS between SQLite and the real one. It counts what is written, fails one operation or
 * every one from some point on, can lose its power, and can have its process killed.
 *
 * For the power cut it keeps, beside each file (what the page cache has), what the disk has for sure: a block gets
 * there by a successful fsync. A failed fsync drops its blocks from what is to be written without writing them, as
 * Linux does, so that a later fsync succeeds and means nothing. At the cut each block not yet synced is there or
 * not, by the toss of a coin.
 */
#ifndef KAOWU_TEST_DISK_H
#define KAOWU_TEST_DISK_H

#include <assert.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/id.h"

#define DISK_BLOCK 512
#define DISK_FILES 8

struct disk_image {
	char path[128];
	bool exists;
	uint8_t *durable;
	size_t durable_size;
	uint8_t *unsynced; /* a flag a block */
	size_t blocks;
};

static struct disk {
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	long fail_at;       /* the number of the operation that fails; 0: none */
	long dead_at;       /* from this one on all fail; 0: never */
	long killed_at;     /* the one that this process does not live to see; 0: it does */
	bool sync_fails;    /* each fsync */
	long sync_fail_at;  /* the number of the fsync that fails; 0: none */
	bool full;          /* no file grows, SQLite's index of the log included */
	bool frozen;        /* all fail, uncounted: a process that is gone writes nothing more */
	int write_code;     /* what a failing write says: SQLITE_IOERR_WRITE or SQLITE_FULL */
	useconds_t sync_us; /* how long an fsync takes */
	atomic_long operations, syncs, database_writes;
	bool remembers; /* keeps images */
	struct disk_image images[DISK_FILES];
} disk;

struct disk_file {
	sqlite3_file base;
	struct disk_image *image;
	bool is_database;
	sqlite3_file *real;
};

static bool disk_fails(void)
{
	if (disk.frozen)
		return true;

	long number = atomic_fetch_add(&disk.operations, 1) + 1;
	if (number == disk.killed_at)
		raise(SIGKILL);
	return number == disk.fail_at || (disk.dead_at && number >= disk.dead_at);
}

static inline bool disk_is_dead(void)
{
	return disk.frozen || (disk.dead_at && atomic_load(&disk.operations) >= disk.dead_at);
}

static struct disk_image *disk_image_of(const char *path)
{
	struct disk_image *unused = NULL;

	for (size_t i = 0; i < DISK_FILES; i++) {
		struct disk_image *image = &disk.images[i];
		if (strcmp(image->path, path) == 0)
			return image;
		if (!image->path[0] && !unused)
			unused = image;
	}
	assert(unused);
	snprintf(unused->path, sizeof(unused->path), "%s", path);
	return unused;
}

static void disk_image_reserve(struct disk_image *image, size_t blocks)
{
	if (blocks <= image->blocks)
		return;
	image->unsynced = realloc(image->unsynced, blocks);
	image->durable = realloc(image->durable, blocks * DISK_BLOCK);
	assert(image->unsynced && image->durable);
	memset(image->unsynced + image->blocks, 0, blocks - image->blocks);
	memset(image->durable + image->blocks * DISK_BLOCK, 0,
		(blocks - image->blocks) * DISK_BLOCK);
	image->blocks = blocks;
}

static void disk_image_forget(struct disk_image *image)
{
	free(image->durable);
	free(image->unsynced);
	*image = (struct disk_image){0};
}

/* The block as the page cache has it, what lies past the end as zeros. */
static void disk_read_block(sqlite3_file *real, size_t block, uint8_t out[DISK_BLOCK])
{
	memset(out, 0, DISK_BLOCK);
	int code =
		real->pMethods->xRead(real, out, DISK_BLOCK, (sqlite3_int64)(block * DISK_BLOCK));
	assert(code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ);
}

static void disk_image_sync(struct disk_image *image, sqlite3_file *real)
{
	sqlite3_int64 size = 0;

	real->pMethods->xFileSize(real, &size);
	for (size_t block = 0; block < image->blocks; block++)
		if (image->unsynced[block])
			disk_read_block(real, block, image->durable + block * DISK_BLOCK);
	image->durable_size = (size_t)size;
}

static int disk_close(sqlite3_file *file)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xClose(real);
}

static int disk_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xRead(real, out, size, at);
}

static bool disk_grows(sqlite3_file *real, sqlite3_int64 end)
{
	sqlite3_int64 size;

	return real->pMethods->xFileSize(real, &size) != SQLITE_OK || end > size;
}

static int disk_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
	struct disk_file *self = (struct disk_file *)file;
	bool fails = disk_fails();

	if (disk.full && disk_grows(self->real, at + size))
		return SQLITE_FULL;
	if (self->is_database)
		atomic_fetch_add(&disk.database_writes, 1);
	if (fails && disk_is_dead())
		return disk.write_code;
	if (fails)
		size /= 2; /* some of it got there */
	if (self->image) {
		size_t first = (size_t)at / DISK_BLOCK,
		       end = ((size_t)(at + size) + DISK_BLOCK - 1) / DISK_BLOCK;
		disk_image_reserve(self->image, end);
		memset(self->image->unsynced + first, 1, end - first);
	}
	int code = self->real->pMethods->xWrite(self->real, data, size, at);
	return fails ? disk.write_code : code;
}

static int disk_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return disk_fails() ? SQLITE_IOERR_TRUNCATE : real->pMethods->xTruncate(real, size);
}

static int disk_sync(sqlite3_file *file, int flags)
{
	struct disk_file *self = (struct disk_file *)file;
	long number = atomic_fetch_add(&disk.syncs, 1) + 1;
	bool fails = disk_fails() || disk.sync_fails || number == disk.sync_fail_at;

	(void)flags;
	if (disk.sync_us)
		usleep(disk.sync_us);
	if (fails && disk_is_dead())
		return SQLITE_IOERR_FSYNC;
	if (self->image && !fails)
		disk_image_sync(self->image, self->real);
	if (self->image && self->image->blocks)
		memset(self->image->unsynced, 0, self->image->blocks);
	/* The machine that runs the test keeps its power: nothing waits for its disk. */
	return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int disk_size(sqlite3_file *file, sqlite3_int64 *size)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xFileSize(real, size);
}

static int disk_lock(sqlite3_file *file, int level)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xLock(real, level);
}

static int disk_unlock(sqlite3_file *file, int level)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xUnlock(real, level);
}

static int disk_check_lock(sqlite3_file *file, int *held)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xCheckReservedLock(real, held);
}

static int disk_control(sqlite3_file *file, int operation, void *argument)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xFileControl(real, operation, argument);
}

static int disk_sector(sqlite3_file *file)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xSectorSize(real);
}

static int disk_characteristics(sqlite3_file *file)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xDeviceCharacteristics(real);
}

static int disk_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	int code = real->pMethods->xShmMap(real, region, size, extend && !disk.full, out);
	return !code && !*out && extend ? SQLITE_IOERR_SHMSIZE : code;
}

static int disk_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xShmLock(real, offset, count, flags);
}

static void disk_shm_barrier(sqlite3_file *file)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	real->pMethods->xShmBarrier(real);
}

static int disk_shm_unmap(sqlite3_file *file, int delete)
{
	sqlite3_file *real = ((struct disk_file *)file)->real;

	return real->pMethods->xShmUnmap(real, delete);
}

static const sqlite3_io_methods disk_methods = {
	.iVersion = 2,
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_unlock,
	.xCheckReservedLock = disk_check_lock,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector,
	.xDeviceCharacteristics = disk_characteristics,
	.xShmMap = disk_shm_map,
	.xShmLock = disk_shm_lock,
	.xShmBarrier = disk_shm_barrier,
	.xShmUnmap = disk_shm_unmap,
};

static int disk_open(
	sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags)
{
	struct disk_file *self = (struct disk_file *)file;
	const int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;

	(void)vfs;
	*self = (struct disk_file){.real = (sqlite3_file *)(self + 1)};
	int code = disk.real->xOpen(disk.real, path, self->real, flags, out_flags);
	if (code)
		return code;

	self->base.pMethods = &disk_methods;
	self->is_database = flags & SQLITE_OPEN_MAIN_DB;
	if (disk.remembers && path && (flags & kept)) {
		self->image = disk_image_of(path);
		self->image->exists = true;
	}
	return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
	(void)vfs;
	if (disk_fails())
		return SQLITE_IOERR_DELETE;
	if (disk.remembers)
		disk_image_forget(disk_image_of(path));
	return disk.real->xDelete(disk.real, path, sync_folder);
}

/* From now on every database of this process is on this disk. */
static void disk_insert(void)
{
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "disk";
	disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
	disk.vfs.xOpen = disk_open;
	disk.vfs.xDelete = disk_delete;
	sqlite3_vfs_register(&disk.vfs, 1);
}

/* In order again, and counting from one. */
static void disk_mend(void)
{
	disk.fail_at = 0;
	disk.sync_fails = false;
	disk.sync_fail_at = 0;
	disk.full = false;
	disk.dead_at = 0;
	disk.killed_at = 0;
	disk.frozen = false;
	disk.write_code = SQLITE_IOERR_WRITE;
	disk.sync_us = 0;
	atomic_store(&disk.operations, 0);
	atomic_store(&disk.syncs, 0);
	atomic_store(&disk.database_writes, 0);
}

static inline void disk_image_restore(const struct disk_image *image)
{
	FILE *file = fopen(image->path, "r+");
	size_t size = image->durable_size;
	assert(file);

	for (size_t block = 0; block < image->blocks; block++) {
		uint8_t *durable = image->durable + block * DISK_BLOCK;
		if (image->unsynced[block] && random_below(2)) {
			fseek(file, (long)(block * DISK_BLOCK), SEEK_SET);
			memset(durable, 0, DISK_BLOCK);
			(void)!fread(durable, 1, DISK_BLOCK, file);
			size = size > (block + 1) * DISK_BLOCK ? size : (block + 1) * DISK_BLOCK;
		}
	}
	rewind(file);
	if (size)
		(void)!fwrite(image->durable, 1, size, file);
	fflush(file);
	(void)!ftruncate(fileno(file), (off_t)size);
	fclose(file);
}

/* Every connection is closed. Leaves in the files what the disk has, and forgets. */
static inline void disk_lose_power(void)
{
	for (size_t i = 0; i < DISK_FILES; i++) {
		if (disk.images[i].exists)
			disk_image_restore(&disk.images[i]);
		disk_image_forget(&disk.images[i]);
	}
}

#endif
