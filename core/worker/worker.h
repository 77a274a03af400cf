/*
 * Sandboxed child processes that speak frames: plugins and picture decoding run there, never in the server.
 *
 * A worker is this same binary, started as `kaowu worker <kind> [file]` by posix_spawn with one socket
 * (descriptor 3) and nothing else open. It drops to nothing before it sees a byte: other uid where started as root, rlimits,
 * no_new_privs, no network and no files (Landlock where the kernel has it), then a seccomp allow list. A frame is a length (4 bytes,
 * little endian, at most LIMIT_WORKER_FRAME) and that many bytes. What a worker answers is hostile input.
 */
#ifndef KAOWU_WORKER_WORKER_H
#define KAOWU_WORKER_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/result.h"

struct worker;

struct worker_settings {
	const char *executable; /* normally /proc/self/exe */
	const char *kind;       /* "plugin" or "picture" */
	const char *file;       /* the plugin's shared object, or NULL */
	uint32_t start_time_ms; /* until its first frame ("ready") */
	uint64_t memory_bytes;
};

/* Server side; blocking, for worker threads; one thread at a time per worker. */
enum result worker_start(const struct worker_settings *settings, struct worker **out,
	struct error *error) MUST_CHECK;
/* Sends one frame and waits for one. After any failure (worker.crashed, worker.deadline, worker.frame) the process is
 * killed and reaped, and every later call fails alike. The answer lies in the arena. */
enum result worker_call(struct worker *worker, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error) MUST_CHECK;
bool worker_alive(const struct worker *worker);
void worker_stop(struct worker *worker); /* kills and reaps; NULL is fine */

/* A few workers of one kind, kept warm: each call borrows one, a dead one is replaced. Any thread. */
struct worker_pool;
struct worker_pool *worker_pool_create(const struct worker_settings *settings, unsigned count);
void worker_pool_destroy(struct worker_pool *pool);
enum result worker_pool_call(struct worker_pool *pool, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error) MUST_CHECK;

/*
 * Child side. worker_child_enter() builds the whole sandbox but the seccomp filter; worker_child_seal() adds that; between the two
 * only a plugin is loaded. Then worker_child_serve() answers frames until the socket closes, and returns.
 */
void worker_child_enter(uint64_t memory_bytes, const char *readable_file);
void worker_child_seal(void);
void worker_child_serve(void (*answer)(void *context, struct arena *arena, struct bytes request,
	struct bytes *out), void *context);
void worker_child_send(struct bytes frame); /* the first frame: "ready", or why not */

#endif
