/*
 * Which addresses are the public Internet's: the edges of every block that is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/arena.h"
#include "command/public_address.h"

#include <cmocka.h>

static bool four(const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET};

	assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
	return address_public((const struct sockaddr *)(const void *)&address);
}

static bool six(const char *text)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};

	assert_int_equal(inet_pton(AF_INET6, text, &address.sin6_addr), 1);
	return address_public((const struct sockaddr *)(const void *)&address);
}

static void the_edges_of_the_blocks_are_told_apart(void **state)
{
	static const char *const inside[] = {"0.0.0.0", "10.0.0.0", "10.255.255.255", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0",
		"172.31.255.255", "192.0.0.1", "192.168.0.0", "192.168.255.255", "198.18.0.1",
		"198.19.255.255", "224.0.0.1", "255.255.255.255"};
	static const char *const outside[] = {"1.0.0.0", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255"};

	(void)state;
	for (size_t i = 0; i < COUNT(inside); i++)
		assert_false(four(inside[i]));
	for (size_t i = 0; i < COUNT(outside); i++)
		assert_true(four(outside[i]));
}

static void ipv6_is_public_where_it_is_given_out(void **state)
{
	static const char *const inside[] = {"::", "::1", "fc00::1", "fd00::1", "fe80::1",
		"ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "100::1"};

	(void)state;
	for (size_t i = 0; i < COUNT(inside); i++)
		assert_false(six(inside[i]));
	assert_true(six("2400:3200::1"));
	assert_true(six("2606:4700::1"));
}

static void ipv4_inside_of_ipv6_is_judged_as_ipv4(void **state)
{
	(void)state;
	assert_false(six("::ffff:127.0.0.1"));
	assert_false(six("::ffff:10.1.2.3"));
	assert_false(six("64:ff9b::7f00:1"));
	assert_true(six("::ffff:128.0.0.1"));
	assert_true(six("64:ff9b::8000:1"));
}

static void what_is_no_ip_is_not_public(void **state)
{
	struct sockaddr address = {.sa_family = AF_UNIX};

	(void)state;
	assert_false(address_public(&address));
}

static void all_addresses_of_a_machine_can_be_reached(void **state)
{
	static const char *const open[] = {"0.0.0.0", "::", "128.0.0.1", "2400:3200::1"};
	static const char *const within[] = {
		"127.0.0.1", "::1", "10.0.0.7", "192.168.1.2", "fd00::1", "localhost", ""};

	(void)state;
	for (size_t i = 0; i < COUNT(open); i++)
		assert_true(address_reachable(open[i]));
	for (size_t i = 0; i < COUNT(within); i++)
		assert_false(address_reachable(within[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_edges_of_the_blocks_are_told_apart),
		cmocka_unit_test(ipv6_is_public_where_it_is_given_out),
		cmocka_unit_test(ipv4_inside_of_ipv6_is_judged_as_ipv4),
		cmocka_unit_test(what_is_no_ip_is_not_public),
		cmocka_unit_test(all_addresses_of_a_machine_can_be_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
