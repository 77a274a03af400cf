/*
 * The cache of public answers: of this generation, until its moment, and for as long as an answer is in flight.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "api/cache.h"
#include "base/clock.h"

#include <cmocka.h>

#define NOW INT64_C(1000000)

static struct cache *cache;

static int begin(void **state)
{
	(void)state;
	clock_set_ms(NOW);
	cache = cache_create();
	return 0;
}

static int end(void **state)
{
	(void)state;
	cache_destroy(cache);
	clock_set_ms(0);
	return 0;
}

static void put(const char *key, uint64_t generation, int64_t until, const char *body)
{
	cache_put(cache, key, generation, until, bytes_of(body, strlen(body)));
}

static void expect_body(const struct cached *entry, const char *body)
{
	assert_non_null(entry);
	assert_int_equal(entry->body.size, strlen(body));
	assert_memory_equal(entry->body.data, body, entry->body.size);
}

static void what_was_put_is_found_by_its_key(void **state)
{
	(void)state;
	put("haidian /plans", 1, NOW + 1, "plans");
	put("chaoyang /plans", 1, NOW + 1, "others");
	expect_body(cache_find(cache, "haidian /plans", 1), "plans");
	expect_body(cache_find(cache, "chaoyang /plans", 1), "others");
	assert_null(cache_find(cache, "haidian /profile", 1));
}

static void another_generation_is_not_found(void **state)
{
	(void)state;
	put("key", 1, NOW + 1, "old");
	assert_null(cache_find(cache, "key", 2));
	put("key", 2, NOW + 1, "new");
	expect_body(cache_find(cache, "key", 2), "new");
	assert_null(cache_find(cache, "key", 1));
}

static void an_answer_is_given_until_before_its_moment(void **state)
{
	(void)state;
	put("key", 1, NOW + 5000, "plans");
	clock_set_ms(NOW + 4999);
	assert_non_null(cache_find(cache, "key", 1));
	clock_set_ms(NOW + 5000);
	assert_null(cache_find(cache, "key", 1));
}

static void the_caller_may_let_go_of_key_and_body(void **state)
{
	char key[] = "key", body[] = "body";

	(void)state;
	put(key, 1, NOW + 1, body);
	memset(key, 'x', sizeof(key) - 1);
	memset(body, 'x', sizeof(body) - 1);
	expect_body(cache_find(cache, "key", 1), "body");
}

/* The sanitizer would tell of a body that went too early or never. */
static void an_answer_in_flight_outlives_its_place_and_the_cache(void **state)
{
	struct cache *other = cache_create();
	struct cached *entry;

	(void)state;
	cache_put(other, "key", 1, NOW + 1, bytes_of("first", 5));
	entry = cache_find(other, "key", 1);
	cached_hold(entry);
	cached_hold(entry);
	cache_put(other, "key", 1, NOW + 1, bytes_of("second", 6));
	expect_body(cache_find(other, "key", 1), "second");
	expect_body(entry, "first");
	cached_release(entry);
	cache_destroy(other);
	expect_body(entry, "first");
	cached_release(entry);
}

static void a_mark_is_quoted_and_follows_the_body(void **state)
{
	struct cached *first, *same, *other;

	(void)state;
	put("first", 1, NOW + 1, "body");
	put("same", 2, NOW + 9, "body");
	put("other", 1, NOW + 1, "another");
	first = cache_find(cache, "first", 1);
	same = cache_find(cache, "same", 2);
	other = cache_find(cache, "other", 1);
	assert_true(first && same && other);
	assert_int_equal(strlen(first->etag), 34);
	assert_true(first->etag[0] == '"' && first->etag[33] == '"');
	assert_string_equal(first->etag, same->etag);
	assert_string_not_equal(first->etag, other->etag);
}

/* More keys than slots: one may push out another, but none is ever given for another. */
static void keys_that_share_a_slot_only_miss(void **state)
{
	char key[32];
	unsigned found = 0;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		put(key, 1, NOW + 1, key);
		expect_body(cache_find(cache, key, 1), key);
	}
	for (int i = 0; i < 5000; i++) {
		(void)snprintf(key, sizeof(key), "key %d", i);
		struct cached *entry = cache_find(cache, key, 1);

		if (entry) {
			expect_body(entry, key);
			found++;
		}
	}
	assert_in_range(found, 1, 4999);
}

static void an_empty_body_is_an_answer_too(void **state)
{
	(void)state;
	put("key", 1, NOW + 1, "");
	expect_body(cache_find(cache, "key", 1), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_is_found_by_its_key),
		TEST(another_generation_is_not_found),
		TEST(an_answer_is_given_until_before_its_moment),
		TEST(the_caller_may_let_go_of_key_and_body),
		TEST(an_answer_in_flight_outlives_its_place_and_the_cache),
		TEST(a_mark_is_quoted_and_follows_the_body),
		TEST(keys_that_share_a_slot_only_miss),
		TEST(an_empty_body_is_an_answer_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
