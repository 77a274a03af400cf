/*
 * UUIDv7 that ascend whatever the clock does, and randomness that a test can replay.
 */
#include "scratch.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"

static int let_the_clock_run(void **state)
{
	clock_set_ms(0);
	random_seed(0);
	return scratch_close(state);
}

static void assert_ascending(size_t count, char *last)
{
	for (size_t i = 0; i < count; i++) {
		char id[ID_SIZE];

		id_new(id);
		if (strcmp(id, last) <= 0)
			fail_msg("%s after %s", id, last);
		memcpy(last, id, ID_SIZE);
	}
}

static void an_id_is_a_uuid_of_version_seven(void **state)
{
	struct scratch *scratch = *state;

	for (int i = 0; i < 1000; i++) {
		const char *id = id_create(scratch->arena);

		assert_true(id_valid(id));
		assert_int_equal(id[14], '7');
		assert_non_null(strchr("89ab", id[19]));
	}
}

/* RFC 9562, appendix A.6: 2022-02-22T19:22:22Z is 017F22E2-79B0-7... First in main(): ids never go back. */
static void an_id_begins_with_the_moment(void **state)
{
	struct scratch *scratch = *state;

	clock_set_ms(INT64_C(1645557742000));
	assert_memory_equal(id_create(scratch->arena), "017f22e2-79b0-7", 15);
}

static void ids_ascend_while_the_clock_stands_still(void **state)
{
	char last[ID_SIZE] = "";

	(void)state;
	clock_set_ms(INT64_C(1795309200000));
	assert_ascending(20000, last); /* more than one millisecond counts */
}

static void ids_ascend_when_the_clock_jumps_back(void **state)
{
	char last[ID_SIZE] = "";

	(void)state;
	clock_set_ms(INT64_C(1795309300000));
	assert_ascending(10, last);
	clock_set_ms(INT64_C(1795309200000));
	assert_ascending(10, last);
	clock_set_ms(-1);
	assert_ascending(10, last);
	clock_set_ms(INT64_C(1795309300001));
	assert_ascending(10, last);
}

/* As another process may have made one, by a clock that was ahead: in the year 2100. */
static void an_id_after_another_is_behind_it(void **state)
{
	struct scratch *scratch = *state;
	const char *earlier = "03bb2cc3-d800-7fff-8000-000000000000";

	clock_set_ms(INT64_C(1795309200000));
	const char *id = id_create_after(scratch->arena, earlier);
	assert_true(id_valid(id));
	assert_memory_equal(id, "03bb2cc3-d801-7000-", 19);
	assert_true(strcmp(id_create(scratch->arena), id) > 0);
	assert_true(id_valid(id_create_after(scratch->arena, "")));
}

#define THREADS    4
#define IDS_EACH   5000
#define IDS_IN_ALL (THREADS * IDS_EACH)

static char ids[IDS_IN_ALL][ID_SIZE];

static void *fill(void *first)
{
	char(*own)[ID_SIZE] = first;

	for (size_t i = 0; i < IDS_EACH; i++)
		id_new(own[i]);
	return NULL;
}

static int compare(const void *left, const void *right)
{
	return strcmp(left, right);
}

static void ids_of_many_threads_ascend_and_never_meet(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, fill, ids[i * IDS_EACH]), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);

	for (size_t i = 1; i < IDS_IN_ALL; i++)
		assert_true(i % IDS_EACH == 0 || strcmp(ids[i - 1], ids[i]) < 0);
	qsort(ids, IDS_IN_ALL, ID_SIZE, compare);
	for (size_t i = 1; i < IDS_IN_ALL; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
}

static void only_canonical_uuids_are_valid(void **state)
{
	static const char *const bad[] = {"", "017f22e2", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
		"017f22e279b0-7cc3-98c4-dc0c0c07398f-0", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
		"017f22e2_79b0_7cc3_98c4_dc0c0c07398f", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f}"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(id_valid(bad[i]));
	assert_false(id_valid(NULL));
	assert_true(id_valid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
	assert_true(id_valid("00000000-0000-0000-0000-000000000000"));
}

static void a_seed_replays_the_same_stream(void **state)
{
	uint8_t first[3][40], again[3][40], other[40];

	(void)state;
	random_seed(7);
	for (int i = 0; i < 3; i++)
		random_bytes(first[i], sizeof(first[i]));
	random_seed(7);
	for (int i = 0; i < 3; i++)
		random_bytes(again[i], sizeof(again[i]));
	random_seed(8);
	random_bytes(other, sizeof(other));

	assert_memory_equal(first, again, sizeof(first));
	assert_memory_not_equal(first[0], first[1], sizeof(first[0]));
	assert_memory_not_equal(first[0], other, sizeof(other));
}

static void without_a_seed_nothing_repeats(void **state)
{
	uint8_t first[32], second[32];

	(void)state;
	random_seed(7);
	random_bytes(first, sizeof(first));
	random_seed(0);
	random_bytes(second, sizeof(second));
	assert_memory_not_equal(first, second, sizeof(first));
	random_bytes(first, sizeof(first));
	assert_memory_not_equal(first, second, sizeof(first));
	random_bytes(NULL, 0);
}

static void random_numbers_are_even(void **state)
{
	int seen[6] = {0};

	(void)state;
	random_seed(1);
	for (int i = 0; i < 6000; i++) {
		uint32_t number = random_below(6);

		assert_in_range(number, 0, 5);
		seen[number]++;
	}
	for (int i = 0; i < 6; i++)
		assert_in_range(seen[i], 850, 1150);
	assert_int_equal(random_below(1), 0);
	for (int i = 0; i < 100; i++)
		assert_in_range(random_below(0x80000001), 0, 0x80000000);
}

static void tokens_and_digits_are_what_they_say(void **state)
{
	struct scratch *scratch = *state;
	const char *token = token_create(scratch->arena);

	assert_int_equal(strlen(token), 43);
	assert_int_equal(
		strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		43);
	assert_string_not_equal(token, token_create(scratch->arena));
	for (int i = 0; i < 100; i++) {
		const char *digits = digits_create(scratch->arena, 6);

		assert_int_equal(strlen(digits), 6);
		assert_int_equal(strspn(digits, "0123456789"), 6);
	}
}

#define on_a_clock(test) cmocka_unit_test_setup_teardown(test, scratch_open, let_the_clock_run)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_a_clock(an_id_begins_with_the_moment),
		on_a_clock(an_id_is_a_uuid_of_version_seven),
		on_a_clock(ids_ascend_while_the_clock_stands_still),
		on_a_clock(ids_ascend_when_the_clock_jumps_back),
		on_a_clock(an_id_after_another_is_behind_it),
		on_a_clock(ids_of_many_threads_ascend_and_never_meet),
		on_a_clock(only_canonical_uuids_are_valid),
		on_a_clock(a_seed_replays_the_same_stream),
		on_a_clock(without_a_seed_nothing_repeats),
		on_a_clock(random_numbers_are_even),
		on_a_clock(tokens_and_digits_are_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
