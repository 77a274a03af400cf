/*
 * The server as a whole: how many it lets in, what it leaves behind, how it stops.
 */
#include "house.h"

#define ASK "GET / HTTP/1.1\r\nHost: a.test\r\n"

static size_t count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static struct http_counters counters(const struct house *house)
{
	return http_server_counters(house->server);
}

static void two_hundred_connections_leave_no_descriptor_behind(void **state)
{
	struct house *house = *state;
	size_t before;

	house_open(house);
	before = count_descriptors();
	for (int round = 0; round < 4; round++) {
		int clients[50];

		for (size_t i = 0; i < COUNT(clients); i++)
			clients[i] = dial(house);
		for (size_t i = 0; i < COUNT(clients); i++)
			say(house, clients[i], i % 3 ? ASK "\r\n" : "GARBAGE\r\n\r\n");
		for (size_t i = 0; i < COUNT(clients); i++) {
			struct heard heard = hear(house, clients[i]);

			assert_int_equal(status_of(&heard), i % 3 ? 200 : 400);
		}
		for (size_t i = 0; i < COUNT(clients); i++)
			close(clients[i]);
		UNTIL(house, counters(house).open == 0);
	}
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(counters(house).connections, 200);
	assert_int_equal(counters(house).requests, 132);
	assert_int_equal(counters(house).refused, 68);
}

static void bytes_are_counted(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house_open(house);
	heard = ask(house, ASK "Connection: close\r\n\r\n");
	assert_int_equal(counters(house).bytes_in, strlen(ASK "Connection: close\r\n\r\n"));
	assert_int_equal(counters(house).bytes_out, heard.size);
}

static void the_connection_that_was_idle_longest_makes_room(void **state)
{
	struct house *house = *state;
	int first, second, third;
	struct heard heard;

	house->settings.limits.connections = 2;
	house_open(house);
	first = dial(house);
	UNTIL(house, counters(house).open == 1);
	second = dial(house);
	UNTIL(house, counters(house).open == 2);
	say(house, first, ASK "\r\n");
	heard = hear(house, first);
	assert_int_equal(status_of(&heard), 200);

	third = dial(house);
	say(house, third, ASK "\r\n");
	heard = hear(house, third);
	assert_int_equal(status_of(&heard), 200);
	heard = hear_out(house, second);
	assert_int_equal(heard.size, 0);
	say(house, first, ASK "\r\n");
	heard = hear(house, first);
	assert_int_equal(status_of(&heard), 200);
	close(first);
	close(second);
	close(third);
}

static void a_newcomer_waits_while_everybody_is_busy(void **state)
{
	struct house *house = *state;
	int first, second;
	struct heard heard;

	house->settings.limits.connections = 1;
	house->hold = true;
	house_open(house);
	first = dial(house);
	say(house, first, ASK "\r\n");
	UNTIL(house, house->handled == 1);
	second = dial(house);
	say(house, second, ASK "\r\n");
	for (int i = 0; i < 5; i++)
		turn(house, -1);
	assert_int_equal(house->handled, 1);

	answer_all(house);
	heard = hear(house, first);
	assert_heard(&heard, "\r\nConnection: close\r\n");
	close(first);
	UNTIL(house, house->handled == 2);
	answer_all(house);
	heard = hear(house, second);
	assert_int_equal(status_of(&heard), 200);
	close(second);
}

/* Asks for more than its socket holds: the answer is on its way, and has not said that it is the last. */
static int download(struct house *house)
{
	int client = dial_with_buffer(house, 65536);

	say(house, client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
	UNTIL(house, house->handled == 1);
	return client;
}

static void a_newcomer_waits_no_longer_than_the_answer_that_it_met(void **state)
{
	struct house *house = *state;
	struct heard heard;
	int slow, newcomer;

	house->settings.limits.connections = 1;
	house_open(house);
	slow = download(house);
	newcomer = dial(house);
	say(house, newcomer, ASK "\r\n");
	for (int turns = 0; turns < 20; turns++)
		turn(house, newcomer);
	heard = hear(house, slow);
	assert_not_heard(&heard, "Connection: close");
	heard = hear(house, newcomer);
	assert_int_equal(status_of(&heard), 200);
	heard = hear_out(house, slow);
	assert_false(heard.reset);
	close(slow);
	close(newcomer);
}

static void a_stop_waits_no_longer_than_the_answer_that_it_met(void **state)
{
	struct house *house = *state;
	int slow;

	house->settings.limits.drain_time_ms = 10 * PATIENCE_MS;
	house_open(house);
	slow = download(house);
	http_server_stop(house->server, house_stopped, house);
	struct heard heard = hear(house, slow);
	assert_not_heard(&heard, "Connection: close");
	heard = hear_out(house, slow);
	assert_false(heard.reset);
	close(slow);
	UNTIL(house, house->stopped);
}

static void a_stop_lets_the_request_in_flight_end(void **state)
{
	struct house *house = *state;
	int idle, busy;
	struct heard heard;

	house->hold = true;
	house_open(house);
	idle = dial(house);
	busy = dial(house);
	say(house, busy, ASK "\r\n");
	UNTIL(house, house->held_count == 1 && counters(house).open == 2);
	http_server_stop(house->server, house_stopped, house);
	heard = hear_out(house, idle);
	assert_int_equal(heard.size, 0);
	assert_false(house->stopped);

	answer_all(house);
	heard = hear_out(house, busy);
	assert_heard(&heard, "HTTP/1.1 200 OK\r\n");
	assert_heard(&heard, "\r\nConnection: close\r\n");
	close(idle);
	close(busy);
	UNTIL(house, house->stopped);
}

static void a_stop_lets_a_request_that_has_begun_come_in(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client, ASK);
	UNTIL(house, counters(house).bytes_in > 0);
	http_server_stop(house->server, house_stopped, house);
	turn(house, -1);
	say(house, client, "\r\n");
	heard = hear_out(house, client);
	assert_int_equal(status_of(&heard), 200);
	close(client);
	UNTIL(house, house->stopped);
}

static void a_stop_closes_what_does_not_end_in_time(void **state)
{
	struct house *house = *state;
	int held, slow;
	struct heard heard;

	house->hold = true;
	house->settings.limits.drain_time_ms = 40;
	house_open(house);
	held = dial(house);
	slow = dial(house);
	say(house, held, ASK "\r\n");
	say(house, slow, "GET");
	UNTIL(house, house->held_count == 1 && counters(house).open == 2);
	http_server_stop(house->server, house_stopped, house);
	UNTIL(house, house->stopped);
	heard = hear_out(house, held);
	assert_int_equal(heard.size, 0);
	close(held);
	close(slow);

	http_server_destroy(house->server);
	house->server = NULL;
	assert_string_equal(house->held[0]->message.path, "/");
	answer_all(house);
	assert_int_equal(house->freed, 1);
}

static void a_server_without_connections_stops_at_once(void **state)
{
	struct house *house = *state;

	house_open(house);
	http_server_stop(house->server, house_stopped, house);
	uv_run(&house->loop, UV_RUN_DEFAULT);
	assert_true(house->stopped);
}

static void a_port_that_is_taken_is_told(void **state)
{
	struct house *house = *state;
	struct http_settings same;
	struct http_server *second = NULL;

	house_open(house);
	same = house->settings;
	same.port = http_server_port(house->server);
	assert_int_equal(http_server_start(&house->loop, &same, &second, &house->error), BROKEN);
	assert_string_equal(house->error.code, "http.listen");
	assert_null(second);
}

static void an_address_that_is_none_is_told(void **state)
{
	struct house *house = *state;

	house->settings.address = "not an address";
	assert_int_equal(
		http_server_start(&house->loop, &house->settings, &house->server, &house->error),
		BROKEN);
	assert_string_equal(house->error.code, "http.listen");
}

static void it_listens_on_ipv6_as_well(void **state)
{
	struct house *house = *state;
	struct sockaddr_in6 address;
	struct heard heard;
	int client;

	house->settings.address = "::1";
	if (http_server_start(&house->loop, &house->settings, &house->server, &house->error) != OK)
		skip(); /* a machine without IPv6 */
	client = socket(AF_INET6, SOCK_STREAM, 0);
	assert_int_equal(uv_ip6_addr("::1", http_server_port(house->server), &address), 0);
	assert_int_equal(connect(client, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(fcntl(client, F_SETFL, O_NONBLOCK), 0);
	say(house, client, ASK "\r\n");
	heard = hear(house, client);
	assert_heard(&heard, " from ::1,");
	close(client);
}

static void every_status_has_a_reason(void **state)
{
	(void)state;
	assert_string_equal(http_reason(404), "Not Found");
	assert_string_equal(http_reason(507), "Insufficient Storage");
	assert_string_equal(http_reason(299), "Status");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_build, house_pull_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_hundred_connections_leave_no_descriptor_behind),
		TEST(bytes_are_counted),
		TEST(the_connection_that_was_idle_longest_makes_room),
		TEST(a_newcomer_waits_while_everybody_is_busy),
		TEST(a_newcomer_waits_no_longer_than_the_answer_that_it_met),
		TEST(a_stop_waits_no_longer_than_the_answer_that_it_met),
		TEST(a_stop_lets_the_request_in_flight_end),
		TEST(a_stop_lets_a_request_that_has_begun_come_in),
		TEST(a_stop_closes_what_does_not_end_in_time),
		TEST(a_server_without_connections_stops_at_once),
		TEST(a_port_that_is_taken_is_told),
		TEST(an_address_that_is_none_is_told),
		TEST(it_listens_on_ipv6_as_well),
		cmocka_unit_test(every_status_has_a_reason),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
