/*
 * A large body goes to the disk only when somebody has said that it may.
 */
#include "house.h"

#include "base/limits.h"
#include "requests.h"

#define SIZE 1000003

static struct http_exchange *asked[HELD_MAX];
static size_t asked_count;

static void ask_about(void *context, struct http_exchange *exchange)
{
	(void)context;
	assert_true(asked_count < HELD_MAX);
	assert_int_equal(exchange->message.body_file, -1);
	asked[asked_count++] = exchange;
}

static void allow(void *context, struct http_exchange *exchange)
{
	ask_about(context, exchange);
	http_spool_allow(exchange);
}

static void refuse(void *context, struct http_exchange *exchange)
{
	static const struct http_reply reply = {
		.status = 401, .media_type = "text/plain", .body = {(const uint8_t *)"who?", 4}};

	ask_about(context, exchange);
	http_answer(exchange, &reply);
}

static struct house *open_with(void **state, void (*spool)(void *, struct http_exchange *))
{
	struct house *house = *state;

	asked_count = 0;
	house->settings.spool = spool;
	house_open(house);
	return house;
}

static const char *body(struct house *house)
{
	char *bytes = arena_alloc(house->arena, SIZE);

	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 31 + (i >> 8) * 17);
	return bytes;
}

static void say_post(struct house *house, int client)
{
	say(house, client, arena_printf(house->arena, POST "Content-Length: %d\r\n\r\n", SIZE));
}

static void assert_arrived(struct house *house, int client, const char *bytes)
{
	struct heard heard = hear(house, client);

	assert_heard(&heard, arena_printf(house->arena, "%d bytes in a file %016llx", SIZE,
				     (unsigned long long)fingerprint(bytes_of(bytes, SIZE))));
}

static void nothing_is_spooled_before_it_is_allowed(void **state)
{
	struct house *house = open_with(state, ask_about);
	const char *bytes = body(house);
	int client = dial(house);

	say_post(house, client);
	say_bytes(house, client, bytes, LIMIT_HTTP_BODY_MEMORY + 1);
	UNTIL(house, asked_count == 1);
	for (int turns = 0; turns < 20; turns++)
		turn(house, client);
	assert_int_equal(house->handled, 0);
	http_spool_allow(asked[0]);
	say_bytes(house, client, bytes + LIMIT_HTTP_BODY_MEMORY + 1,
		SIZE - LIMIT_HTTP_BODY_MEMORY - 1);
	assert_arrived(house, client, bytes);
	assert_int_equal(asked_count, 1);
	close(client);
}

static void a_body_is_asked_about_once_and_a_small_one_never(void **state)
{
	struct house *house = open_with(state, allow);
	const char *bytes = body(house);
	int client = dial(house);

	say(house, client, POST "Content-Length: 5\r\n\r\nhello");
	struct heard heard = hear(house, client);
	assert_heard(&heard, "5 bytes in memory");
	assert_int_equal(asked_count, 0);
	for (size_t i = 1; i <= 2; i++) {
		say_post(house, client);
		say_bytes(house, client, bytes, SIZE);
		assert_arrived(house, client, bytes);
		assert_int_equal(asked_count, i);
	}
	close(client);
}

/* The rest of its body must not be taken for a request, and the peer that goes on sending is to see why. */
static void who_is_refused_hears_it_and_the_connection_ends(void **state)
{
	struct house *house = open_with(state, refuse);
	const char *bytes = body(house);
	int client = dial(house);

	say_post(house, client);
	say_bytes(house, client, bytes, SIZE);
	struct heard heard = hear_out(house, client);
	assert_int_equal(status_of(&heard), 401);
	assert_heard(&heard, "\r\nConnection: close\r\n");
	assert_heard(&heard, "who?");
	assert_false(heard.reset);
	assert_int_equal(house->handled, 0);
	close(client);
}

/* What has come whole is answered like any other request: its connection is there for the next. */
static void who_is_refused_with_all_that_he_has_sent_may_ask_again(void **state)
{
	struct house *house = open_with(state, refuse);
	const char *bytes = body(house);
	int client = dial(house);

	for (size_t i = 1; i <= 2; i++) {
		say(house, client,
			arena_printf(house->arena, POST "Content-Length: %d\r\n\r\n",
				LIMIT_HTTP_BODY_MEMORY + 1));
		say_bytes(house, client, bytes, LIMIT_HTTP_BODY_MEMORY + 1);
		struct heard heard = hear(house, client);
		assert_int_equal(status_of(&heard), 401);
		assert_not_heard(&heard, "\r\nConnection: close\r\n");
		assert_int_equal(asked_count, i);
	}
	close(client);
}

/* Whatever is said of those who have left, it is said to nobody. */
static void peers_that_leave_meanwhile_are_forgotten(void **state)
{
	struct house *house = open_with(state, ask_about);
	const char *bytes = body(house);

	for (size_t i = 0; i < 6; i++) {
		int client = dial(house);

		say_post(house, client);
		say_bytes(house, client, bytes, LIMIT_HTTP_BODY_MEMORY + 1000);
		UNTIL(house, asked_count == i + 1);
		close(client);
	}
	static const struct http_reply reply = {.status = 204};
	for (size_t i = 0; i < 3; i++) {
		http_spool_allow(asked[i]);
		http_answer(asked[5 - i], &reply);
	}
	UNTIL(house, http_server_counters(house->server).open == 0);
	assert_int_equal(house->handled, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_build, house_pull_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_spooled_before_it_is_allowed),
		TEST(a_body_is_asked_about_once_and_a_small_one_never),
		TEST(who_is_refused_hears_it_and_the_connection_ends),
		TEST(who_is_refused_with_all_that_he_has_sent_may_ask_again),
		TEST(peers_that_leave_meanwhile_are_forgotten),
	};

	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
