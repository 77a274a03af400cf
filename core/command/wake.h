/*
 * Any thread wakes the loop: what uv_async_t is for, without its wait.
 *
 * In libuv 1.44 the loop spins until the thread that woke it has left uv_async_send(). But where processors are few,
 * the loop takes that very thread's processor the moment it is woken, and spins until the other is given one again:
 * for milliseconds, and the nicer it is (core/tenant/queue.c) the longer. Here nobody waits for anybody.
 */
#ifndef KAOWU_COMMAND_WAKE_H
#define KAOWU_COMMAND_WAKE_H

#include <stdatomic.h>
#include <stdbool.h>

#include <uv.h>

/* Only what is below uses what is in it. */
struct wake {
	uv_poll_t poll;
	int eventfd; /* readable: somebody has sent */
	atomic_bool sent;
	void (*woken)(void *context);
	void *context;
};

/* `woken` runs on the loop thread, once for all that was sent meanwhile. Keeps the loop alive until wake_close(). Want
 * of descriptors or memory ends the process. */
void wake_open(struct wake *wake, uv_loop_t *loop, void (*woken)(void *context), void *context);

/* Any thread, between wake_open() and wake_close(). What it has written before, `woken` sees. */
void wake_send(struct wake *wake);

/* Loop thread. `closed`, which may be NULL, is called once the loop has let go of it, with the context as the handle's
 * data. */
void wake_close(struct wake *wake, uv_close_cb closed);

#endif
