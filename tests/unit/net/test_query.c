/*
 * Looking into a message, and whom it came from.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "net/forwarded.h"
#include "net/http.h"

/* Last, for its fail() would hide ours. */
#include <cmocka.h>

static int create_arena(void **state)
{
	*state = arena_create(1u << 20);
	return 0;
}

static int destroy_arena(void **state)
{
	arena_destroy(*state);
	return 0;
}

static void parameters_are_found_and_decoded(void **state)
{
	const struct http_message message = {
		.query = "a=1&name=%E8%80%83+x%2By&empty=&bare&a=2&x%20y=z&&last=="};
	struct arena *arena = *state;

	assert_string_equal(http_query(&message, arena, "a"), "1");
	assert_string_equal(http_query(&message, arena, "name"), "\xe8\x80\x83 x+y");
	assert_string_equal(http_query(&message, arena, "empty"), "");
	assert_string_equal(http_query(&message, arena, "bare"), "");
	assert_string_equal(http_query(&message, arena, "x y"), "z");
	assert_string_equal(http_query(&message, arena, "last"), "=");
	assert_null(http_query(&message, arena, "nam"));
	assert_null(http_query(&message, arena, "names"));
	assert_null(http_query(&(struct http_message){.query = ""}, arena, "a"));
}

static void cookies_are_found_by_their_whole_name(void **state)
{
	struct http_header headers[] = {
		{"accept", "a"}, {"cookie", "ab=0; a=1;b=\"2\" ; c=; d;a=3; e=x=y"}};
	const struct http_message message = {.headers = headers, .header_count = 2};
	struct arena *arena = *state;

	assert_string_equal(http_cookie(&message, arena, "a"), "1");
	assert_string_equal(http_cookie(&message, arena, "b"), "2");
	assert_string_equal(http_cookie(&message, arena, "c"), "");
	assert_string_equal(http_cookie(&message, arena, "e"), "x=y");
	assert_null(http_cookie(&message, arena, "d"));
	assert_null(http_cookie(&message, arena, "f"));
	assert_null(http_cookie(&(struct http_message){.header_count = 0}, arena, "a"));
}

static void headers_are_found_by_name(void **state)
{
	struct http_header headers[] = {{"accept", "a"}, {"x", ""}};
	const struct http_message message = {.headers = headers, .header_count = 2};

	(void)state;
	assert_string_equal(http_header(&message, "accept"), "a");
	assert_string_equal(http_header(&message, "x"), "");
	assert_null(http_header(&message, "y"));
}

static void the_client_is_the_rightmost_hop_that_is_no_proxy_of_ours(void **state)
{
	static const char *const proxies[] = {"127.0.0.1", "10.0.0.2", "fd00:0::1", NULL};
	static const struct {
		const char *peer, *forwarded, *client;
	} rows[] = {
		{"192.0.2.1", "198.51.100.7", "192.0.2.1"},
		{"127.0.0.1", NULL, "127.0.0.1"},
		{"127.0.0.1", "", "127.0.0.1"},
		{"127.0.0.1", "198.51.100.7", "198.51.100.7"},
		{"127.0.0.1", " 203.0.113.9 , 198.51.100.7 ", "198.51.100.7"},
		{"127.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
		{"127.0.0.1", "10.0.0.2, 127.0.0.1", "10.0.0.2"},
		{"127.0.0.1", "198.51.100.7, unknown", "127.0.0.1"},
		{"127.0.0.1", "198.51.100.7,, 10.0.0.2", "10.0.0.2"},
		{"127.0.0.1", "2001:DB8::0:7", "2001:db8::7"},
		{"127.0.0.1", "198.51.100.7:4711", "198.51.100.7"},
		{"127.0.0.1", "203.0.113.9, [2001:db8::7]:4711", "2001:db8::7"},
		{"127.0.0.1", "[2001:db8::7], 10.0.0.2:80", "2001:db8::7"},
		{"127.0.0.1", "198.51.100.7:x", "127.0.0.1"},
		{"127.0.0.1", "[2001:db8::7", "127.0.0.1"},
		{"127.0.0.1", "[2001:db8::7]4711", "127.0.0.1"},
		{"fd00::1", "::ffff:198.51.100.7", "198.51.100.7"},
		{"::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_header header = {"x-forwarded-for", rows[i].forwarded};
		struct http_message message = {
			.headers = &header, .header_count = rows[i].forwarded ? 1 : 0};

		forwarded_read(&message, *state, rows[i].peer,
			address_trusted(rows[i].peer, proxies), proxies);
		assert_string_equal(message.address, rows[i].client);
		assert_false(message.secure);
	}
}

static void only_the_nearest_proxy_says_whether_it_was_https(void **state)
{
	static const char *const proxies[] = {"127.0.0.1", NULL};
	static const struct {
		const char *peer, *scheme;
		bool secure;
	} rows[] = {
		{"127.0.0.1", "https", true},
		{"127.0.0.1", "HTTPS", true},
		{"127.0.0.1", "http, https", true},
		{"127.0.0.1", "https, http", false},
		{"127.0.0.1", "http", false},
		{"192.0.2.1", "https", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_header header = {"x-forwarded-proto", rows[i].scheme};
		struct http_message message = {.headers = &header, .header_count = 1};

		forwarded_read(&message, *state, rows[i].peer,
			address_trusted(rows[i].peer, proxies), proxies);
		assert_int_equal(message.secure, rows[i].secure);
	}
}

static void no_proxy_is_trusted_unless_named(void **state)
{
	static const char *const none[] = {NULL};

	(void)state;
	assert_false(address_trusted("127.0.0.1", NULL));
	assert_false(address_trusted("127.0.0.1", none));
}

static void a_peer_of_ipv4_is_told_as_such_on_an_ipv6_socket(void **state)
{
	struct sockaddr_in6 mapped;
	struct sockaddr_in plain;
	char text[INET6_ADDRSTRLEN];

	(void)state;
	assert_int_equal(uv_ip6_addr("::ffff:192.0.2.1", 80, &mapped), 0);
	address_text((const struct sockaddr *)&mapped, text);
	assert_string_equal(text, "192.0.2.1");
	assert_int_equal(uv_ip6_addr("2001:db8::1", 80, &mapped), 0);
	address_text((const struct sockaddr *)&mapped, text);
	assert_string_equal(text, "2001:db8::1");
	assert_int_equal(uv_ip4_addr("192.0.2.1", 80, &plain), 0);
	address_text((const struct sockaddr *)&plain, text);
	assert_string_equal(text, "192.0.2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_found_and_decoded),
		cmocka_unit_test(cookies_are_found_by_their_whole_name),
		cmocka_unit_test(headers_are_found_by_name),
		cmocka_unit_test(the_client_is_the_rightmost_hop_that_is_no_proxy_of_ours),
		cmocka_unit_test(only_the_nearest_proxy_says_whether_it_was_https),
		cmocka_unit_test(no_proxy_is_trusted_unless_named),
		cmocka_unit_test(a_peer_of_ipv4_is_told_as_such_on_an_ipv6_socket),
	};

	return cmocka_run_group_tests_name("query", tests, create_arena, destroy_arena);
}
