/*
 * Waking the loop: nothing that was sent is missed, and what was sent meanwhile is told once.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/wake.h"

#define SENDERS 4
#define SENDS   20000

struct house {
	uv_loop_t loop;
	struct wake wake;
	atomic_int written;
	int seen, wakes;
	bool sends_once; /* from within */
	bool closed;
};

static void handle_closed(uv_handle_t *handle)
{
	struct house *house = handle->data;

	house->closed = true;
}

static void count(void *context)
{
	struct house *house = context;

	house->wakes++;
	if (house->sends_once)
		wake_send(&house->wake);
	house->sends_once = false;
	house->seen = atomic_load_explicit(&house->written, memory_order_relaxed);
	if (house->seen == SENDERS * SENDS)
		uv_stop(&house->loop);
}

static void *send_all(void *context)
{
	struct house *house = context;

	for (int i = 0; i < SENDS; i++) {
		atomic_fetch_add_explicit(&house->written, 1, memory_order_relaxed);
		wake_send(&house->wake);
	}
	return NULL;
}

static void house_open(struct house *house)
{
	*house = (struct house){0};
	assert_int_equal(uv_loop_init(&house->loop), 0);
	wake_open(&house->wake, &house->loop, count, house);
}

static void house_close(struct house *house)
{
	wake_close(&house->wake, handle_closed);
	assert_int_equal(uv_run(&house->loop, UV_RUN_DEFAULT), 0);
	assert_true(house->closed);
	assert_int_equal(uv_loop_close(&house->loop), 0);
}

static void nothing_that_was_sent_is_missed(void **state)
{
	struct house house;
	pthread_t senders[SENDERS];

	(void)state;
	house_open(&house);
	for (int i = 0; i < SENDERS; i++)
		assert_int_equal(pthread_create(&senders[i], NULL, send_all, &house), 0);
	uv_run(&house.loop, UV_RUN_DEFAULT);
	for (int i = 0; i < SENDERS; i++)
		pthread_join(senders[i], NULL);
	assert_int_equal(house.seen, SENDERS * SENDS);
	house_close(&house);
}

static void what_was_sent_meanwhile_is_told_once(void **state)
{
	struct house house;

	(void)state;
	house_open(&house);
	for (int i = 0; i < 3; i++)
		wake_send(&house.wake);
	uv_run(&house.loop, UV_RUN_NOWAIT);
	uv_run(&house.loop, UV_RUN_NOWAIT);
	assert_int_equal(house.wakes, 1);
	wake_send(&house.wake);
	uv_run(&house.loop, UV_RUN_NOWAIT);
	assert_int_equal(house.wakes, 2);
	house_close(&house);
}

static void what_is_sent_while_it_is_told_is_told_anew(void **state)
{
	struct house house;

	(void)state;
	house_open(&house);
	house.sends_once = true;
	wake_send(&house.wake);
	for (int i = 0; i < 3; i++)
		uv_run(&house.loop, UV_RUN_NOWAIT);
	assert_int_equal(house.wakes, 2);
	house_close(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_that_was_sent_is_missed),
		cmocka_unit_test(what_was_sent_meanwhile_is_told_once),
		cmocka_unit_test(what_is_sent_while_it_is_told_is_told_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
