/*
 * An eventfd that the loop polls.
 */
#include "wake.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Who sends after the exchange writes anew; what was sent before it, `woken` finds. */
static void readable(uv_poll_t *poll, int status, int events)
{
	struct wake *wake = poll->data;
	eventfd_t count;

	(void)status;
	(void)events;
	(void)eventfd_read(wake->eventfd, &count);
	(void)atomic_exchange(&wake->sent, false);
	wake->woken(wake->context);
}

void wake_open(struct wake *wake, uv_loop_t *loop, void (*woken)(void *context), void *context)
{
	*wake = (struct wake){.eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		.woken = woken,
		.context = context};
	if (wake->eventfd < 0 || uv_poll_init(loop, &wake->poll, wake->eventfd))
		abort();
	wake->poll.data = wake;
	uv_poll_start(&wake->poll, UV_READABLE, readable);
}

void wake_send(struct wake *wake)
{
	if (!atomic_exchange(&wake->sent, true))
		(void)eventfd_write(wake->eventfd, 1);
}

void wake_close(struct wake *wake, uv_close_cb closed)
{
	wake->poll.data = wake->context;
	uv_close((uv_handle_t *)&wake->poll, closed);
	(void)close(wake->eventfd);
}
