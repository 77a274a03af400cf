/*
 * Sandboxed child processes that speak frames: plugins and picture decoding run there, never in the server.
 *
 * A worker is a program of its own (core/worker_main.c), started by posix_spawn with the words
 * `kaowu worker <kind> [file]`, one socket (descriptor 3) and nothing else open. It drops to nothing before it sees a
 * byte: other uid where started as root, rlimits, no_new_privs, no network and no files (Landlock where the kernel has
 * it), then a seccomp allow list. A frame is a length (4 bytes, little endian, at most LIMIT_WORKER_FRAME) and that
 * many bytes. What a worker answers is hostile input.
 *
 * Its standard streams are /dev/null: what it wrote to standard error would stand in the server's log, where a hostile
 * child could flood or forge lines. What it has to say it says in its first frame.
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
	const char *executable; /* of the program; tests are their own */
	const char *kind;       /* "plugin" or "picture" */
	const char *file;       /* the plugin's shared object, or NULL */
	uint32_t start_time_ms; /* until its first frame ("ready") */
	uint32_t answer_bytes;  /* the longest answer taken; 0 means LIMIT_WORKER_FRAME */
	uint32_t calls;         /* a pool retires a worker after so many; 0 means never */
};

/*
 * Server side; blocking, for worker threads; one thread at a time per worker. Failures are BROKEN:
 *   worker.start     it could not be started, or was not ready in time
 *   worker.refused   it said in its first frame why it does not serve; parameter "reason" is that text
 *   worker.crashed   it ended, by itself or by a signal (the log text says which)
 *   worker.deadline  no whole answer in time
 *   worker.frame     an answer too long, or one that nobody asked for
 * `error` needs an arena. The child dies with this process, but not with the thread that started it.
 * This process must not ignore SIGCHLD: a worker's number must stay its own until it is reaped here.
 */
enum result worker_start(const struct worker_settings *settings, struct worker **out,
	struct error *error) MUST_CHECK;
/* Sends one frame (at most LIMIT_WORKER_FRAME) and waits for one. After any failure the process is
 * killed and reaped, and every later call fails alike. The answer lies in the arena. */
enum result worker_call(struct worker *worker, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error) MUST_CHECK;
bool worker_alive(const struct worker *worker); /* and has said nothing unasked; asks the kernel */
void worker_stop(struct worker *worker);        /* kills and reaps; NULL is fine */

/* A few workers of one kind, kept warm: each call borrows one, a dead one is replaced. Any thread.
 * While none can be started, calls fail with BUSY ("worker.busy") at once until the next try, put off longer
 * each time; so do calls that find no free worker within `time_ms` (the answer may then take as long again).
 * `settings` is copied. */
struct worker_pool;
struct worker_pool *worker_pool_create(const struct worker_settings *settings, unsigned count);
void worker_pool_destroy(struct worker_pool *pool); /* when no call is under way; NULL is fine */
enum result worker_pool_call(struct worker_pool *pool, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error) MUST_CHECK;

/* Since the pool was made, for health pages. */
struct worker_pool_counts {
	uint64_t calls, failed_calls, starts, failed_starts;
};
struct worker_pool_counts worker_pool_counts(struct worker_pool *pool);

/* The kernel's Landlock version, 0 where there is none: for `kaowu doctor`. */
int worker_landlock_version(void);

/*
 * Child side, on the main thread before any other exists. worker_child_enter() builds the whole sandbox; what is left
 * allowed is what dlopen() needs, because a plugin's constructors run there. worker_child_seal() takes that away too;
 * between the two only a plugin is loaded. Then worker_child_serve() answers frames until the socket closes, and
 * returns. Each request may use thirty seconds of CPU. Where a layer that the kernel has cannot be built, the
 * process says so and ends.
 *
 * worker_child_enter() returns the name under which `readable_file` is opened from now on (a copy in memory,
 * because its path is out of reach), or NULL if there is no file.
 */
const char *worker_child_enter(uint64_t memory_bytes, const char *readable_file);
void worker_child_seal(void);
void worker_child_serve(
	void (*answer)(void *context, struct arena *arena, struct bytes request, struct bytes *out),
	void *context);
void worker_child_send(struct bytes frame); /* the first frame: "ready", or why not */

#endif
