/*
 * Pauses double up to their end, and what failed together comes back apart.
 */
#include <stdbool.h>

#include "base/pause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

static void each_is_twice_as_long_until_the_longest(void **state)
{
	static const int64_t expected[] = {5000, 10000, 20000, 40000, 60000, 60000};
	(void)state;

	for (size_t attempts = 0; attempts < sizeof(expected) / sizeof(*expected); attempts++)
		for (int tries = 0; tries < 100; tries++) {
			int64_t pause = pause_after((int64_t)attempts, 5000, 60000);

			assert_in_range(pause, expected[attempts], expected[attempts] * 5 / 4 - 1);
		}
	assert_in_range(pause_after(INT64_MAX, 5000, 60000), 60000, 74999);
}

static void not_all_are_alike(void **state)
{
	bool differs = false;
	(void)state;

	for (int tries = 0; tries < 100; tries++)
		differs |= pause_after(3, 5000, 60000) != pause_after(3, 5000, 60000);
	assert_true(differs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_twice_as_long_until_the_longest),
		cmocka_unit_test(not_all_are_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
