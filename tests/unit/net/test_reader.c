/*
 * The reader: what becomes of a request's bytes, and that it does not matter how they were cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "reading.h"
#include "requests.h"

/* Last, for its fail() would hide ours. */
#include <cmocka.h>

static const char *told_of(struct reading *reading, const char *bytes)
{
	reading_begin(reading, &request_limits);
	reading_feed(reading, bytes, strlen(bytes));
	assert_int_equal(reading->used, strlen(bytes));
	return reading_told(reading);
}

static void every_request_is_taken_or_refused_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		const struct request *request = &requests[i];
		struct reading reading;

		reading_begin(&reading, &request_limits);
		reading_feed(&reading, request->bytes, request->size);
		if (!reading.ended)
			fail_msg("%s: unfinished", request->what);
		if (request->code &&
			(!reading.reader.code || strcmp(reading.reader.code, request->code) != 0 ||
				reading.reader.status != request->status))
			fail_msg("%s: %s", request->what, reading_told(&reading));
		if (!request->code && (reading.reader.code || reading.used != request->size))
			fail_msg("%s: %s, %zu bytes", request->what, reading_told(&reading),
				reading.used);
		reading_end(&reading);
	}
}

/* Each request in three pieces, the middle one a single byte at every place in turn. */
static void it_does_not_matter_where_the_bytes_were_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		const struct request *request = &requests[i];
		struct reading whole;

		reading_begin(&whole, &request_limits);
		reading_feed(&whole, request->bytes, request->size);
		for (size_t cut = 1; cut < request->size; cut++) {
			struct reading parts;

			reading_begin(&parts, &request_limits);
			reading_feed(&parts, request->bytes, cut - 1);
			reading_feed(&parts, request->bytes + cut - 1, 1);
			reading_feed(&parts, request->bytes + cut, request->size - cut);
			if (strcmp(reading_told(&parts), reading_told(&whole)) != 0)
				fail_msg("%s, cut at %zu: %s", request->what, cut,
					reading_told(&parts));
			if (!request->code)
				assert_int_equal(parts.used, whole.used);
			reading_end(&parts);
		}
		reading_end(&whole);
	}
}

static void it_does_not_matter_if_each_byte_comes_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		const struct request *request = &requests[i];
		struct reading whole, single;

		reading_begin(&whole, &request_limits);
		reading_begin(&single, &request_limits);
		reading_feed(&whole, request->bytes, request->size);
		for (size_t at = 0; at < request->size; at++)
			reading_feed(&single, request->bytes + at, 1);
		assert_string_equal(reading_told(&single), reading_told(&whole));
		reading_end(&whole);
		reading_end(&single);
	}
}

static void a_message_tells_what_was_sent(void **state)
{
	struct reading reading;

	(void)state;
	assert_string_equal(
		told_of(&reading, "GET /t/a%20b/?x=1&y=%E8%80%83 HTTP/1.1\r\n"
				  "HOST: A.Test:80\r\nX-One: \t one \r\nX-Two:\r\n\r\n"),
		"200 GET target=/t/a%20b/?x=1&y=%E8%80%83 path=/t/a b/ query=x=1&y=%E8%80%83 "
		"host=a.test:80\nhost: A.Test:80\nx-one: one\nx-two: \nkeep 1 continue 0 body 0:");
	reading_end(&reading);
}

static void a_list_in_several_headers_is_one(void **state)
{
	struct reading reading;

	(void)state;
	assert_string_equal(
		told_of(&reading, "GET / HTTP/1.1\r\nAccept: a\r\nHost: h\r\naccept: b, c\r\n"
				  "X: 1\r\nACCEPT:\r\n\r\n"),
		"200 GET target=/ path=/ query= host=h\naccept: a, b, c, \nhost: h\nx: 1\n"
		"keep 1 continue 0 body 0:");
	reading_end(&reading);
}

static void trailers_are_dropped(void **state)
{
	struct reading reading;

	(void)state;
	assert_string_equal(told_of(&reading, CHUNKED "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"),
		"200 POST target=/ path=/ query= host=a.test\nhost: a.test\n"
		"transfer-encoding: chunked\nkeep 1 continue 0 body 5:hello");
	reading_end(&reading);
}

static void an_absolute_target_names_the_host(void **state)
{
	struct reading reading;

	(void)state;
	assert_string_equal(told_of(&reading, "GET https://a.test?q HTTP/1.0\r\n\r\n"),
		"200 GET target=https://a.test?q path=/ query=q host=a.test\nkeep 0 continue 0 body "
		"0:");
	reading_end(&reading);
}

static void continue_is_expected_only_with_a_body_and_by_1_1(void **state)
{
	static const struct {
		const char *bytes;
		bool expected;
	} rows[] = {
		{POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n", true},
		{POST "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n", false},
		{GET "Expect: 100-continue\r\n\r\n", false},
		{"POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reading reading;

		told_of(&reading, rows[i].bytes);
		assert_int_equal(reading.reader.expects_continue, rows[i].expected);
		reading_end(&reading);
	}
}

static void bytes_of_the_next_request_are_left_alone(void **state)
{
	static const char two[] = POST "Content-Length: 2\r\n\r\nhiGET /next";
	static const char chunks[] = CHUNKED "2\r\nhi\r\n0\r\n\r\nGET /next";
	struct reading reading;

	(void)state;
	reading_begin(&reading, &request_limits);
	reading_feed(&reading, two, sizeof(two) - 1);
	assert_string_equal(two + reading.used, "GET /next");
	reading_end(&reading);

	reading_begin(&reading, &request_limits);
	reading_feed(&reading, chunks, sizeof(chunks) - 1);
	assert_string_equal(chunks + reading.used, "GET /next");
	reading_end(&reading);
}

/* The largest pieces just before each limit, where the buffer is fullest. */
static void a_piece_that_goes_past_a_limit_is_refused_in_time(void **state)
{
	static const struct http_limits limits = {
		.target = 8192, .headers = 16384, .header_count = 64, .body_memory = 1, .body = 1};
	static char filler[READ_SIZE];
	struct reading reading;

	(void)state;
	memset(filler, 'a', sizeof(filler));
	reading_begin(&reading, &limits);
	reading_feed(&reading, "\r\nGET /", 7);
	reading_feed(&reading, filler, 8190);
	reading_feed(&reading, " HTTP/1.1\r\n", 11);
	assert_false(reading.ended);
	reading_feed(&reading, filler, 16383);
	assert_false(reading.ended);
	reading_feed(&reading, filler, sizeof(filler));
	assert_string_equal(reading_told(&reading), "431 http.headers_size");
	reading_end(&reading);

	reading_begin(&reading, &limits);
	reading_feed(&reading, "GET /", 5);
	reading_feed(&reading, filler, 8192 + 64 - 5);
	assert_false(reading.ended);
	reading_feed(&reading, filler, sizeof(filler));
	assert_string_equal(reading_told(&reading), "414 http.target_size");
	reading_end(&reading);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_is_taken_or_refused_as_the_table_says),
		cmocka_unit_test(it_does_not_matter_where_the_bytes_were_cut),
		cmocka_unit_test(it_does_not_matter_if_each_byte_comes_alone),
		cmocka_unit_test(a_message_tells_what_was_sent),
		cmocka_unit_test(a_list_in_several_headers_is_one),
		cmocka_unit_test(trailers_are_dropped),
		cmocka_unit_test(an_absolute_target_names_the_host),
		cmocka_unit_test(continue_is_expected_only_with_a_body_and_by_1_1),
		cmocka_unit_test(bytes_of_the_next_request_are_left_alone),
		cmocka_unit_test(a_piece_that_goes_past_a_limit_is_refused_in_time),
	};

	return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
