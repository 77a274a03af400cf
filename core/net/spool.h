/*
 * A body on its way to an unlinked file, a chunk at a time, on a thread of libuv's pool.
 */
#ifndef KAOWU_NET_SPOOL_H
#define KAOWU_NET_SPOOL_H

#include <stdint.h>

#include <uv.h>

#include "base/bytes.h"

struct spool {
	const char *folder;
	int file;      /* -1 until the first chunk */
	uint64_t size; /* written so far */
	int fault;     /* errno of the last chunk; 0 if it is written */
	struct bytes chunk;
	uv_work_t work;
	void (*written)(struct spool *spool);
};

void spool_begin(struct spool *spool, const char *folder);

/* Writes the chunk, which stays where it is until `written` is called on the loop thread. */
void spool_write(
	uv_loop_t *loop, struct spool *spool, struct bytes chunk, void (*written)(struct spool *));

void spool_end(struct spool *spool); /* closes the file; not while a chunk is being written */

#endif
