/*
 * Questions by address: so many at once, then one for each share of the time, and nobody pays for another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "api/rate.h"
#include "base/limits.h"

#include <cmocka.h>

#define NOW   INT64_C(1000000)
#define SHARE (LIMIT_QUESTIONS_TIME / LIMIT_QUESTIONS)

static struct rate *rate;

static int begin(void **state)
{
	(void)state;
	rate = rate_create();
	return 0;
}

static int end(void **state)
{
	(void)state;
	rate_destroy(rate);
	return 0;
}

static void ask_all(const char *address, int64_t now_ms)
{
	for (int i = 0; i < LIMIT_QUESTIONS; i++)
		assert_int_equal(rate_take(rate, address, now_ms), 0);
}

static void so_many_may_be_asked_at_once_and_then_it_is_told_when(void **state)
{
	(void)state;
	ask_all("192.0.2.1", NOW);
	assert_int_equal(rate_take(rate, "192.0.2.1", NOW), SHARE);
	assert_int_equal(rate_take(rate, "192.0.2.1", NOW + SHARE - 1), 1);
	assert_int_equal(rate_take(rate, "192.0.2.1", NOW + SHARE), 0);
	assert_int_equal(rate_take(rate, "192.0.2.1", NOW + SHARE), SHARE);
}

static void after_the_time_all_may_be_asked_again(void **state)
{
	(void)state;
	ask_all("192.0.2.1", NOW);
	ask_all("192.0.2.1", NOW + LIMIT_QUESTIONS_TIME);
	assert_true(rate_take(rate, "192.0.2.1", NOW + LIMIT_QUESTIONS_TIME) > 0);
}

static void a_clock_that_is_put_back_keeps_nobody_out(void **state)
{
	(void)state;
	ask_all("192.0.2.1", NOW);
	ask_all("192.0.2.1", NOW - 10 * LIMIT_QUESTIONS_TIME);
}

/* Far more than are remembered: an address that is forgotten only gets more. */
static void no_address_pays_for_another(void **state)
{
	char address[32];

	(void)state;
	ask_all("192.0.2.1", NOW);
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(address, sizeof(address), "198.51.%d.%d", i / 250, i % 250);
		assert_int_equal(rate_take(rate, address, NOW), 0);
	}
	assert_int_equal(rate_take(rate, "192.0.2.1", NOW), SHARE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			so_many_may_be_asked_at_once_and_then_it_is_told_when, begin, end),
		cmocka_unit_test_setup_teardown(after_the_time_all_may_be_asked_again, begin, end),
		cmocka_unit_test_setup_teardown(
			a_clock_that_is_put_back_keeps_nobody_out, begin, end),
		cmocka_unit_test_setup_teardown(no_address_pays_for_another, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
