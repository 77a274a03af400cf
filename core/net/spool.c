/*
 * A body on its way to an unlinked file, a chunk at a time, on a thread of libuv's pool.
 *
 * The file has no name from its first moment (O_TMPFILE, or mkstemp and unlink where the file system cannot), so that
 * nothing is left behind by a crash and nobody else can open it. One job opens and writes, top to bottom: a chain of
 * uv_fs_open and uv_fs_write would need a callback for every short write.
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/result.h"
#include "http.h"

void spool_begin(struct spool *spool, const char *folder)
{
	*spool = (struct spool){.folder = folder, .file = -1};
}

void spool_end(struct spool *spool)
{
	if (spool->file >= 0)
		close(spool->file);
	spool->file = -1;
}

static int open_by_name(const char *folder)
{
	char path[PATH_MAX];
	int file;

	if ((size_t)snprintf(path, sizeof(path), "%s/body.XXXXXX", folder) >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	file = mkostemp(path, O_CLOEXEC);
	if (file >= 0)
		unlink(path);
	return file;
}

static int open_unlinked(const char *folder)
{
	int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		file = open_by_name(folder);
	return file;
}

static void write_chunk(uv_work_t *work)
{
	struct spool *spool = work->data;

	if (spool->file < 0)
		spool->file = open_unlinked(spool->folder);
	spool->fault = spool->file >= 0 && file_write_all(spool->file, spool->chunk) ? 0 : errno;
}

static void chunk_written(uv_work_t *work, int status)
{
	struct spool *spool = work->data;

	if (status != 0)
		spool->fault = ECANCELED;
	if (spool->fault == 0)
		spool->size += spool->chunk.size;
	spool->written(spool);
}

void spool_write(
	uv_loop_t *loop, struct spool *spool, struct bytes chunk, void (*written)(struct spool *))
{
	spool->chunk = chunk;
	spool->written = written;
	spool->work.data = spool;
	uv_queue_work(
		loop, &spool->work, write_chunk, chunk_written); /* fails only without a function */
}

static int read_all(int file, char *out, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = pread(file, out + done, size - done, (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? errno : EIO;
		done += (size_t)got;
	}
	return 0;
}

enum result http_body(const struct http_message *message, struct arena *arena, struct bytes *out,
	struct error *error)
{
	char *data;
	int fault;

	if (message->body_file < 0) {
		*out = message->body;
		return OK;
	}
	data = arena_alloc(arena, message->body.size + 1);
	fault = read_all(message->body_file, data, message->body.size);
	if (fault)
		return trouble(
			error, BROKEN, "http.spool", "reading a spooled body: %s", strerror(fault));

	*out = bytes_of(data, message->body.size);
	return OK;
}
