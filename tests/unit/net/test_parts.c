/*
 * Answers in parts: whole for who takes them, no faster than they are taken, and cut where the source fails.
 */
#include "house.h"

#include "requests.h"

#define PART 70000

/* Gives what is asked for on the loop's next turn, as a worker would. */
static struct source {
	struct http_exchange *exchange;
	uv_timer_t timer;
	size_t length, given, asked, freed;
	size_t fails_at; /* 0: never */
	uint8_t bytes[PART];
} source;

static uint8_t byte_at(size_t at)
{
	return (uint8_t)(at * 31 + (at >> 8) * 17);
}

static void give(uv_timer_t *timer)
{
	size_t left = source.length - source.given;
	size_t size = left < PART ? left : PART;

	(void)timer;
	if (source.fails_at > 0 && source.given >= source.fails_at)
		size = 0;
	for (size_t i = 0; i < size; i++)
		source.bytes[i] = byte_at(source.given + i);
	source.given += size;
	http_answer_part(source.exchange, bytes_of(source.bytes, size));
}

static void next(void *data)
{
	assert_ptr_equal(data, &source);
	source.asked++;
	uv_timer_start(&source.timer, give, 0, 0);
}

static void handle(void *context, struct http_exchange *exchange)
{
	struct house *house = context;

	house->handled++;
	source.exchange = exchange;
	http_answer(exchange, &(struct http_reply){.status = 200,
				      .media_type = "application/octet-stream",
				      .next = next,
				      .next_data = &source,
				      .length = source.length,
				      .free_body = count_free,
				      .free_data = &source.freed});
}

static int build(void **state)
{
	int failed = house_build(state);
	struct house *house = *state;

	memset(&source, 0, sizeof(source));
	uv_timer_init(&house->loop, &source.timer);
	house->settings.handle = handle;
	return failed;
}

static int pull_down(void **state)
{
	uv_close((uv_handle_t *)&source.timer, NULL);
	return house_pull_down(state);
}

static void assert_whole(const struct heard *heard)
{
	const uint8_t *body = (const uint8_t *)body_of(heard);

	assert_int_equal(
		heard->size - (size_t)(body - (const uint8_t *)heard->text), source.length);
	for (size_t i = 0; i < source.length; i++)
		assert_int_equal(body[i], byte_at(i));
}

static void an_answer_in_parts_arrives_whole_and_the_connection_stays_open(void **state)
{
	static const size_t lengths[] = {1, PART, PART + 1, 1000003};
	struct house *house = *state;

	house_open(house);
	int client = dial(house);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		source.length = lengths[i];
		source.given = source.asked = 0;
		say(house, client, GET "\r\n");
		struct heard heard = hear(house, client);
		assert_whole(&heard);
		assert_int_equal(source.asked, (lengths[i] + PART - 1) / PART);
		UNTIL(house, source.freed == i + 1);
	}
	close(client);
}

static void nothing_is_asked_for_that_nobody_takes(void **state)
{
	struct house *house = *state;

	source.length = LARGE_SIZE;
	house_open(house);
	int client = dial_with_buffer(house, 65536);
	say(house, client, GET "\r\n");
	size_t seen = 0;
	for (int quiet = 0; quiet < 50; quiet = seen == source.asked ? quiet + 1 : 0) {
		seen = source.asked;
		uv_run(&house->loop, UV_RUN_NOWAIT);
		poll(NULL, 0, 1);
	}
	assert_true(source.given > 0 && source.given < LARGE_SIZE);
	struct heard heard = hear(house, client);
	assert_whole(&heard);
	close(client);
}

static void head_gets_the_length_and_nothing_is_asked_for(void **state)
{
	struct house *house = *state;

	source.length = 1000003;
	house_open(house);
	int client = dial(house);
	say(house, client, "HEAD / HTTP/1.1\r\n" HOST "\r\n");
	struct heard heard = hear_some(house, client, 1, true);
	assert_heard(&heard, "Content-Length: 1000003\r\n");
	assert_int_equal(source.asked, 0);
	UNTIL(house, source.freed == 1);
	close(client);
}

/* What came is shorter than its length says: nobody takes it for the whole. */
static void a_source_that_fails_cuts_the_connection(void **state)
{
	struct house *house = *state;

	source.length = 1000003;
	source.fails_at = 3 * PART;
	house_open(house);
	struct heard heard = ask(house, GET "\r\n");
	assert_heard(&heard, "Content-Length: 1000003\r\n");
	assert_true(heard.size < source.length);
	assert_int_equal(source.freed, 1);
	UNTIL(house, http_server_counters(house->server).open == 0);
}

static void peers_that_leave_between_parts_are_forgotten(void **state)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct house *house = *state;

	house_open(house);
	for (size_t i = 0; i < 20; i++) {
		int client = dial_with_buffer(house, 65536);

		source.length = LARGE_SIZE;
		source.given = source.asked = 0;
		say(house, client, GET "\r\n");
		UNTIL(house, source.asked > i % 4);
		if (i % 2)
			setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(client);
		UNTIL(house, source.freed == i + 1);
	}
	UNTIL(house, http_server_counters(house->server).open == 0);
}

static void a_stop_lets_the_parts_come(void **state)
{
	struct house *house = *state;

	source.length = 1000003;
	house_open(house);
	int client = dial(house);
	say(house, client, GET "\r\n");
	UNTIL(house, source.asked == 1);
	http_server_stop(house->server, house_stopped, house);
	struct heard heard = hear(house, client);
	assert_whole(&heard);
	UNTIL(house, house->stopped);
	close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, build, pull_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_in_parts_arrives_whole_and_the_connection_stays_open),
		TEST(nothing_is_asked_for_that_nobody_takes),
		TEST(head_gets_the_length_and_nothing_is_asked_for),
		TEST(a_source_that_fails_cuts_the_connection),
		TEST(peers_that_leave_between_parts_are_forgotten),
		TEST(a_stop_lets_the_parts_come),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
