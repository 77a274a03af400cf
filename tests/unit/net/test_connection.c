/*
 * Connections, seen from the other end of the socket: answers, order, bodies, times.
 */
#include "house.h"

#include <sys/resource.h>
#include <signal.h>

#include "base/limits.h"
#include "requests.h"

static void every_request_is_answered_as_the_table_says(void **state)
{
	struct house *house = *state;

	house->settings.limits = request_limits;
	house_open(house);
	for (size_t i = 0; i < COUNT(requests); i++) {
		int client = dial(house);
		struct heard heard;

		say_bytes(house, client, requests[i].bytes, requests[i].size);
		heard = hear(house, client);
		if (status_of(&heard) != requests[i].status)
			fail_msg("%s: %s", requests[i].what, heard.text);
		if (requests[i].code) {
			assert_heard(&heard, requests[i].code);
			assert_heard(&heard, "\r\nConnection: close\r\n");
			heard = hear_out(house, client);
			assert_true(heard.closed);
		}
		close(client);
	}
	assert_int_equal(http_server_counters(house->server).requests +
				 http_server_counters(house->server).refused,
		COUNT(requests));
}

/* Requests cut at every byte, each piece in a turn of the loop of its own. */
static void a_request_may_come_in_pieces(void **state)
{
	static const char *const whole[] = {GET "X: y\r\n\r\n",
		POST "Content-Length: 5\r\n\r\nhello", CHUNKED "5\r\nhello\r\n0\r\n\r\n"};
	struct house *house = *state;

	house_open(house);
	for (size_t i = 0; i < COUNT(whole); i++) {
		int client = dial(house);
		struct heard first;

		say(house, client, whole[i]);
		first = hear(house, client);
		for (size_t cut = 1; cut < strlen(whole[i]); cut++) {
			struct heard heard;

			say_bytes(house, client, whole[i], cut);
			turn(house, client);
			say(house, client, whole[i] + cut);
			heard = hear(house, client);
			assert_string_equal(body_of(&heard), body_of(&first));
		}
		close(client);
	}
}

static void an_answer_has_its_headers_and_nothing_of_anybody_elses(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house_open(house);
	clock_set_ms(INT64_C(784111777000));
	heard = ask(house, "GET /close HTTP/1.1\r\n" HOST "\r\n");
	assert_heard(&heard, "HTTP/1.1 200 OK\r\n");
	assert_heard(&heard, "\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
	assert_heard(&heard, "\r\nContent-Type: text/plain\r\n");
	assert_heard(&heard, "\r\nX-Said: yes\r\n");
	assert_heard(&heard, "\r\nX-Split: a  X-Injected: b\r\n");
	clock_set_ms(INT64_C(784111778000));
	heard = ask(house, "GET /close HTTP/1.1\r\n" HOST "\r\n");
	assert_heard(&heard, "\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
	clock_set_ms(0);
	assert_int_equal(house->freed, 2);
}

static void head_gets_the_headers_of_get_without_its_body(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client,
		"HEAD /large HTTP/1.1\r\n" HOST "\r\nHEAD /large HTTP/1.1\r\n" HOST "\r\n");
	heard = hear_some(house, client, 2, true);
	assert_heard(&heard, "\r\nContent-Length: 12582912\r\n");
	assert_true(heard.size < 1000);
	close(client);
}

static void no_content_says_no_length(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client, "GET /nothing HTTP/1.1\r\n" HOST "\r\n");
	heard = hear(house, client);
	assert_heard(&heard, "HTTP/1.1 204 No Content\r\n");
	assert_not_heard(&heard, "Content-");
	say(house, client, GET "\r\n");
	heard = hear(house, client);
	assert_int_equal(status_of(&heard), 200);
	close(client);
}

static void a_connection_stays_open_as_its_peer_asks(void **state)
{
	static const struct {
		const char *request, *said;
		bool closed;
	} rows[] = {
		{GET "\r\n", NULL, false},
		{GET "Connection: close\r\n\r\n", "Connection: close", true},
		{GET "Connection: Keep-Alive, CLOSE\r\n\r\n", "Connection: close", true},
		{"GET / HTTP/1.0\r\n\r\n", "Connection: close", true},
		{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "Connection: keep-alive",
			false},
		{"GET /close HTTP/1.1\r\n" HOST "\r\n", "Connection: close", true},
	};
	struct house *house = *state;

	house_open(house);
	for (size_t i = 0; i < COUNT(rows); i++) {
		int client = dial(house);
		struct heard heard;

		say(house, client, rows[i].request);
		heard = hear(house, client);
		assert_int_equal(status_of(&heard), 200);
		if (rows[i].said)
			assert_heard(&heard, rows[i].said);
		else
			assert_not_heard(&heard, "\r\nConnection:");
		say(house, client, GET "\r\n");
		heard = hear(house, client);
		assert_int_equal(heard.closed, rows[i].closed);
		assert_int_equal(count_answers(&heard, false), !rows[i].closed);
		close(client);
	}
}

static const char five[] = "GET /1 HTTP/1.1\r\n" HOST "\r\n"
			   "POST /2 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\ntwo"
			   "POST /3 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
			   "5\r\nthree\r\n0\r\n\r\n"
			   "GET /4 HTTP/1.1\r\n" HOST "\r\n"
			   "GET /5 HTTP/1.1\r\n" HOST "\r\n";

static void assert_five_in_order(const struct heard *heard)
{
	const char *at = heard->text;

	for (char number = '1'; number <= '5'; number++) {
		const char path[] = {' ', '/', number, ' ', '\0'};

		at = strstr(at, path);
		assert_non_null(at);
	}
	assert_int_equal(count_answers(heard, false), 5);
}

static void five_requests_at_once_are_answered_in_order(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client, five);
	heard = hear_some(house, client, 5, false);
	assert_five_in_order(&heard);
	close(client);
}

static void the_next_request_waits_until_the_one_before_is_answered(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house->hold = true;
	house_open(house);
	client = dial(house);
	say(house, client, five);
	for (size_t i = 1; i <= 5; i++) {
		UNTIL(house, house->handled == i);
		for (int more = 0; more < 3; more++)
			turn(house, -1);
		assert_int_equal(house->handled, i);
		assert_int_equal(house->held_count, 1);
		answer_all(house);
	}
	heard = hear_some(house, client, 5, false);
	assert_five_in_order(&heard);
	close(client);
}

/* More than the server keeps for later: the rest waits in the socket. */
static void a_flood_of_requests_is_answered_to_the_last(void **state)
{
	enum { COUNT_OF_FLOOD = 3000 };
	struct house *house = *state;
	struct buffer flood = buffer_in(house->arena, 1u << 20);
	int client;

	house->hold = true;
	house_open(house);
	client = dial(house);
	for (size_t i = 0; i < COUNT_OF_FLOOD; i++)
		buffer_text(&flood, GET "\r\n");
	say_bytes(house, client, flood.data, flood.size);
	WHILE_NOT(house, house->handled == COUNT_OF_FLOOD)
	{
		char answers[4096];

		while (house->held_count > 0)
			answer_all(house);
		while (recv(client, answers, sizeof(answers), 0) > 0)
			continue;
	}
	close(client);
}

static void a_peer_that_has_shut_its_side_still_gets_its_answers(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house->hold = true;
	house_open(house);
	client = dial(house);
	say(house, client, GET "\r\n");
	UNTIL(house, house->held_count == 1);
	shutdown(client, SHUT_WR);
	for (int turns = 0; turns < 3; turns++)
		turn(house, -1);
	answer_all(house);
	heard = hear_out(house, client);
	assert_int_equal(count_answers(&heard, false), 1);
	close(client);

	client = dial(house);
	say(house, client, GET "\r\n" GET "\r\n");
	shutdown(client, SHUT_WR);
	UNTIL(house, house->held_count == 1);
	answer_all(house);
	UNTIL(house, house->held_count == 1);
	answer_all(house);
	heard = hear_out(house, client);
	assert_int_equal(count_answers(&heard, false), 2);
	close(client);
}

static void an_answer_to_a_peer_that_has_left_goes_nowhere(void **state)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct house *house = *state;
	int client;

	house->hold = true;
	house_open(house);
	client = dial(house);
	say(house, client, GET "\r\n");
	UNTIL(house, house->held_count == 1);
	setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(client);
	UNTIL(house, http_server_counters(house->server).open == 0);
	assert_string_equal(house->held[0]->message.path, "/");
	assert_int_equal(house->freed, 0);
	answer_all(house);
	assert_int_equal(house->freed, 1);
}

static void a_peer_that_leaves_in_the_middle_is_forgotten(void **state)
{
	static const char *const halves[] = {
		"", "GET", GET, POST "Content-Length: 5\r\n\r\nhel", CHUNKED "5\r\nhel"};
	struct house *house = *state;

	house_open(house);
	for (size_t i = 0; i < COUNT(halves); i++) {
		int client = dial(house);

		say(house, client, halves[i]);
		UNTIL(house, http_server_counters(house->server).connections == i + 1);
		turn(house, -1);
		close(client);
		UNTIL(house, http_server_counters(house->server).open == 0);
	}
	assert_int_equal(house->handled, 0);
}

static void a_large_answer_arrives_whole(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client, "GET /large HTTP/1.1\r\n" HOST "\r\n" GET "\r\n");
	heard = hear_some(house, client, 2, false);
	assert_int_equal(count_answers(&heard, false), 2);
	assert_true(heard.size > LARGE_SIZE);
	assert_int_equal(house->freed, 2);
	close(client);
}

static void a_peer_that_reads_nothing_is_closed_and_one_that_reads_slowly_is_not(void **state)
{
	struct house *house = *state;
	int idle, slow;
	size_t got = 0;

	house->settings.limits.write_time_ms = 1500; /* a busy machine reads slowly, too */
	house_open(house);
	idle = dial_with_buffer(house, 65536);
	slow = dial_with_buffer(house, 65536);
	say(house, idle, "GET /large HTTP/1.1\r\n" HOST "\r\n");
	say(house, slow, "GET /large HTTP/1.1\r\n" HOST "\r\n");
	UNTIL(house, house->handled == 2);
	WHILE_NOT(house, http_server_counters(house->server).open == 1 && got > LARGE_SIZE)
	{
		static char some[65536];
		ssize_t now = recv(slow, some, sizeof(some), 0);

		assert_true(now > 0 || errno == EAGAIN);
		got += now > 0 ? (size_t)now : 0;
	}
	close(idle);
	close(slow);
}

/* The kernel holds megabytes, and asks for more only when it has got rid of many. */
static void a_peer_that_takes_the_answer_in_crumbs_is_not_closed(void **state)
{
	struct house *house = *state;
	size_t got = 0;

	house->settings.limits.write_time_ms = 400;
	house_open(house);
	int slow = dial_with_buffer(house, 4096);
	say(house, slow, "GET /large HTTP/1.1\r\n" HOST "\r\n");
	WHILE_NOT(house, got > 400000)
	{
		char some[1000];
		ssize_t now = recv(slow, some, sizeof(some), 0);

		got += now > 0 ? (size_t)now : 0;
		assert_true(got == 0 || http_server_counters(house->server).open == 1);
	}
	close(slow);
}

/* Before the body is there. */
static void what_admit_refuses_is_answered_at_once(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house->admit_status = 405;
	house_open(house);
	heard = ask(house, POST "Content-Length: 100000\r\n\r\n");
	assert_heard(&heard, "HTTP/1.1 405 Method Not Allowed\r\n");
	assert_heard(&heard, "405 http.method_not_allowed");
	assert_heard(&heard, "\r\nConnection: close\r\n");
	assert_string_equal(house->last_scene, "/");
	heard = ask(house, CHUNKED);
	assert_int_equal(status_of(&heard), 405);
	house->admit_status = 418;
	heard = ask(house, CHUNKED);
	assert_heard(&heard, "418 http.refused");
	assert_int_equal(house->handled, 0);
}

static void what_admit_refuses_without_a_body_leaves_the_connection_open(void **state)
{
	struct house *house = *state;
	int client;
	struct heard heard;

	house->admit_status = 404;
	house_open(house);
	client = dial(house);
	say(house, client, GET "\r\n");
	heard = hear(house, client);
	assert_heard(&heard, "404 http.not_found");
	house->admit_status = 0;
	say(house, client, GET "\r\n");
	heard = hear(house, client);
	assert_int_equal(status_of(&heard), 200);
	close(client);
}

/* Without lingering, the reset that follows unread bytes would overtake the answer. */
static void a_peer_that_goes_on_sending_still_sees_why_it_was_refused(void **state)
{
	static const char filler[1u << 20];
	struct house *house = *state;
	int client;
	struct heard heard;

	house->admit_limit = 10;
	house->settings.limits.linger_time_ms = 10 * PATIENCE_MS;
	house_open(house);
	client = dial(house);
	say(house, client, POST "Content-Length: 1048576\r\n\r\n");
	say_bytes(house, client, filler, sizeof(filler));
	heard = hear_out(house, client);
	assert_heard(&heard, "413 http.body_size");
	assert_false(heard.reset);
	close(client);
	UNTIL(house,
		http_server_counters(house->server).open == 0); /* long before the time is up */
}

static void a_peer_that_goes_on_sending_for_ever_is_closed(void **state)
{
	static const char filler[65536];
	struct house *house = *state;
	int client;

	house->admit_limit = 10;
	house->settings.limits.linger_time_ms = 40;
	house_open(house);
	client = dial(house);
	say(house, client, POST "Content-Length: 1048576\r\n\r\n");
	UNTIL(house, http_server_counters(house->server).connections == 1);
	WHILE_NOT(house, http_server_counters(house->server).open == 0)
	{
		if (send(client, filler, sizeof(filler), MSG_NOSIGNAL) < 0)
			assert_true(errno == EAGAIN || errno == EPIPE || errno == ECONNRESET);
	}
	close(client);
}

static void a_body_may_be_as_long_as_admit_says(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house->admit_limit = 5;
	house_open(house);
	heard = ask(house, POST "Connection: close\r\nContent-Length: 5\r\n\r\nhello");
	assert_int_equal(status_of(&heard), 200);
	heard = ask(house, POST "Connection: close\r\nContent-Length: 6\r\n\r\n");
	assert_int_equal(status_of(&heard), 413);
	heard = ask(house, POST "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
				"5\r\nhello\r\n0\r\n\r\n");
	assert_int_equal(status_of(&heard), 200);
	heard = ask(house, CHUNKED "5\r\nhello\r\n1\r\n");
	assert_int_equal(status_of(&heard), 413);
	assert_int_equal(house->handled, 2);
}

static void continue_is_said_only_after_admit_has_said_yes(void **state)
{
	static const char request[] = POST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n";
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	say(house, client, request);
	heard = hear_some(house, client, 1, true);
	assert_string_equal(heard.text, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_int_equal(house->handled, 0);
	say(house, client, "hello");
	heard = hear(house, client);
	assert_int_equal(status_of(&heard), 200);
	close(client);

	house->admit_status = 401;
	heard = ask(house, request);
	assert_int_equal(status_of(&heard), 401);
	assert_not_heard(&heard, "100 Continue");
	house->admit_status = 0;
	house->admit_limit = 4;
	heard = ask(house, request);
	assert_int_equal(status_of(&heard), 413);
	assert_not_heard(&heard, "100 Continue");
}

static void a_trusted_proxy_tells_who_calls(void **state)
{
	static const char *const proxies[] = {"127.0.0.1", NULL};
	static const char request[] = GET "Connection: close\r\nX-Forwarded-For: 198.51.100.7\r\n"
					  "X-Forwarded-Proto: https\r\n\r\n";
	struct house *house = *state;
	struct heard heard;

	house->settings.proxies = proxies;
	house_open(house);
	heard = ask(house, request);
	assert_heard(&heard, "from 198.51.100.7 secure,");
	house_close(house);

	house->stopped = false;
	house->settings.proxies = NULL;
	house_open(house);
	heard = ask(house, request);
	assert_heard(&heard, "from 127.0.0.1,");
}

static void a_head_that_takes_too_long_is_timed_out(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house->settings.limits.header_time_ms = 40;
	house_open(house);
	heard = ask(house, "GET / HTTP/1.1\r\nHo");
	assert_heard(&heard, "408 http.timeout");
	assert_null(house->last_scene);
	assert_true(heard.closed);
}

/* Bytes that trickle in do not lengthen the time of a head. */
static void a_head_that_trickles_is_timed_out(void **state)
{
	struct house *house = *state;
	int client;

	house->settings.limits.header_time_ms = 60;
	house_open(house);
	client = dial(house);
	say(house, client, "GET /");
	WHILE_NOT(house, http_server_counters(house->server).refused == 1)
	{
		if (send(client, "a", 1, MSG_NOSIGNAL) < 0)
			assert_true(errno == EPIPE || errno == ECONNRESET);
	}
	assert_string_equal(house->last_code, "http.timeout");
	close(client);
}

static void a_body_that_stands_still_is_timed_out(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house->settings.limits.body_time_ms = 40;
	house_open(house);
	heard = ask(house, POST "Content-Length: 5\r\n\r\nhel");
	assert_heard(&heard, "408 http.timeout");
	assert_string_equal(house->last_scene, "/");
}

static void a_body_may_trickle_only_so_long(void **state)
{
	struct house *house = *state;
	int client;

	house->settings.limits.body_time_ms = 2000;
	house->settings.limits.body_total_time_ms = 80;
	house_open(house);
	client = dial(house);
	say(house, client, POST "Content-Length: 100000\r\n\r\n");
	WHILE_NOT(house, http_server_counters(house->server).refused == 1)
	{
		if (send(client, "a", 1, MSG_NOSIGNAL) < 0)
			assert_true(errno == EPIPE || errno == ECONNRESET);
	}
	assert_string_equal(house->last_code, "http.timeout");
	close(client);
}

static void an_idle_connection_is_closed_without_a_word(void **state)
{
	struct house *house = *state;
	struct heard heard;

	house->settings.limits.idle_time_ms = 40;
	house_open(house);
	heard = ask(house, "");
	assert_int_equal(heard.size, 0);
	heard = ask(house, GET "\r\n");
	assert_int_equal(count_answers(&heard, false), 1);
	assert_int_equal(http_server_counters(house->server).refused, 0);
}

/* A body of `size` bytes, by its length or in chunks; the answer tells where it was and what it was. */
static void assert_body_arrives(struct house *house, size_t size, bool chunked, const char *where)
{
	char *body = arena_alloc(house->arena, size + 1);
	int client = dial(house);
	struct heard heard;

	for (size_t i = 0; i < size; i++)
		body[i] = (char)(i * 31 + (i >> 8) * 17);
	if (chunked) {
		say(house, client, CHUNKED);
		for (size_t at = 0, piece; at < size; at += piece) {
			piece = at % 7919 + 1 < size - at ? at % 7919 + 1 : size - at;
			say(house, client, arena_printf(house->arena, "%zx\r\n", piece));
			say_bytes(house, client, body + at, piece);
			say(house, client, "\r\n");
		}
		say(house, client, "0\r\n\r\n");
	} else {
		say(house, client,
			arena_printf(house->arena, POST "Content-Length: %zu\r\n\r\n", size));
		say_bytes(house, client, body, size);
	}
	say(house, client, GET "\r\n");
	heard = hear_some(house, client, 2, false);
	assert_heard(&heard, arena_printf(house->arena, "%zu bytes %s %016llx", size, where,
				     (unsigned long long)fingerprint(bytes_of(body, size))));
	assert_int_equal(count_answers(&heard, false), 2);
	close(client);
}

static void a_body_stays_in_memory_up_to_the_limit_and_not_beyond(void **state)
{
	struct house *house = *state;

	house_open(house);
	for (int chunked = 0; chunked <= 1; chunked++) {
		assert_body_arrives(house, 1, chunked, "in memory");
		assert_body_arrives(house, LIMIT_HTTP_BODY_MEMORY, chunked, "in memory");
		assert_body_arrives(house, LIMIT_HTTP_BODY_MEMORY + 1, chunked, "in a file");
		assert_body_arrives(house, 1000003, chunked, "in a file");
	}
}

static void the_largest_upload_arrives_whole(void **state)
{
	struct house *house = *state;

	house_open(house);
	assert_body_arrives(house, LIMIT_HTTP_BODY, false, "in a file");
	assert_body_arrives(house, LIMIT_HTTP_BODY, true, "in a file");
}

static void a_spooled_body_has_no_name_and_no_other_reader(void **state)
{
	struct house *house = *state;

	house_open(house);
	assert_body_arrives(house, 100000, false, "in a file");
	assert_int_equal(house->spool.st_nlink, 0);
	assert_int_equal(house->spool.st_mode & 0777, 0600);
	assert_int_equal(house->spool.st_size, 100000);
}

static void a_body_that_does_not_fit_on_the_disk_is_507(void **state)
{
	static const char filler[200000];
	const struct rlimit small = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
	const struct rlimit any = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
	struct house *house = *state;
	int client;
	struct heard heard;

	house_open(house);
	client = dial(house);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	say(house, client, POST "Content-Length: 200000\r\n\r\n");
	say_bytes(house, client, filler, sizeof(filler));
	heard = hear_out(house, client);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &any), 0);
	assert_heard(&heard, "507 http.disk_full");
	assert_int_equal(house->handled, 0);
	close(client);
}

static void a_body_that_cannot_be_spooled_is_503(void **state)
{
	static const char filler[200000];
	struct house *house = *state;
	int client;
	struct heard heard;

	house->settings.spool_folder = "/nonexistent";
	house_open(house);
	client = dial(house);
	say(house, client, POST "Content-Length: 200000\r\n\r\n");
	say_bytes(house, client, filler, sizeof(filler));
	heard = hear_out(house, client);
	assert_heard(&heard, "503 http.spool");
	close(client);
}

/* The job that writes a chunk outlives the connection that it writes for. */
static void peers_that_leave_while_a_chunk_is_written_are_forgotten(void **state)
{
	static const char filler[90000];
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct house *house = *state;

	house_open(house);
	for (int i = 0; i < 30; i++) {
		int client = dial(house);

		say(house, client, POST "Content-Length: 200000\r\n\r\n");
		say_bytes(house, client, filler, sizeof(filler));
		for (int turns = 0; turns < i % 4; turns++)
			uv_run(&house->loop, UV_RUN_NOWAIT);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(client);
	}
	UNTIL(house, http_server_counters(house->server).open == 0 &&
			     http_server_counters(house->server).connections == 30);
	assert_int_equal(house->handled, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, house_build, house_pull_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_request_is_answered_as_the_table_says),
		TEST(a_request_may_come_in_pieces),
		TEST(an_answer_has_its_headers_and_nothing_of_anybody_elses),
		TEST(head_gets_the_headers_of_get_without_its_body),
		TEST(no_content_says_no_length),
		TEST(a_connection_stays_open_as_its_peer_asks),
		TEST(five_requests_at_once_are_answered_in_order),
		TEST(the_next_request_waits_until_the_one_before_is_answered),
		TEST(a_flood_of_requests_is_answered_to_the_last),
		TEST(a_peer_that_has_shut_its_side_still_gets_its_answers),
		TEST(an_answer_to_a_peer_that_has_left_goes_nowhere),
		TEST(a_peer_that_leaves_in_the_middle_is_forgotten),
		TEST(a_large_answer_arrives_whole),
		TEST(a_peer_that_reads_nothing_is_closed_and_one_that_reads_slowly_is_not),
		TEST(a_peer_that_takes_the_answer_in_crumbs_is_not_closed),
		TEST(what_admit_refuses_is_answered_at_once),
		TEST(what_admit_refuses_without_a_body_leaves_the_connection_open),
		TEST(a_peer_that_goes_on_sending_still_sees_why_it_was_refused),
		TEST(a_peer_that_goes_on_sending_for_ever_is_closed),
		TEST(a_body_may_be_as_long_as_admit_says),
		TEST(continue_is_said_only_after_admit_has_said_yes),
		TEST(a_trusted_proxy_tells_who_calls),
		TEST(a_head_that_takes_too_long_is_timed_out),
		TEST(a_head_that_trickles_is_timed_out),
		TEST(a_body_that_stands_still_is_timed_out),
		TEST(a_body_may_trickle_only_so_long),
		TEST(an_idle_connection_is_closed_without_a_word),
		TEST(a_body_stays_in_memory_up_to_the_limit_and_not_beyond),
		TEST(the_largest_upload_arrives_whole),
		TEST(a_spooled_body_has_no_name_and_no_other_reader),
		TEST(a_body_that_does_not_fit_on_the_disk_is_507),
		TEST(a_body_that_cannot_be_spooled_is_503),
		TEST(peers_that_leave_while_a_chunk_is_written_are_forgotten),
	};

	return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
