/*
 * A server on a loop of its own, a handler that tells what it saw, and clients on raw sockets, all in one
 * thread: whoever waits lets the loop turn meanwhile.
 */
#ifndef TEST_NET_HOUSE_H
#define TEST_NET_HOUSE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "net/http.h"

/* Last, for its fail() would hide ours. */
#include <cmocka.h>

#define PATIENCE_MS 20000 /* a test that waits longer has failed */
#define HELD_MAX    16
#define LARGE_SIZE  (12u << 20)

struct house {
	uv_loop_t loop;
	struct http_settings settings;
	struct http_server *server;
	struct arena *arena;
	struct error error;
	char folder[64];
	int admit_status;
	size_t admit_limit;                   /* 0: leaves the default */
	bool hold;                            /* keep exchanges instead of answering */
	struct http_exchange *held[HELD_MAX]; /* in order of arrival */
	size_t held_count;
	size_t admitted, handled, freed;
	struct stat spool;      /* of the last body in a file */
	const char *last_code;  /* of the last problem */
	const char *last_scene; /* path of its message, or NULL */
	bool stopped;
};

static inline uint64_t fingerprint(struct bytes bytes)
{
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < bytes.size; i++)
		sum = (sum ^ bytes.data[i]) * 1099511628211u;
	return sum;
}

/* What the handler answers with: the message in one line. */
static inline char *scene_text(struct house *house, const struct http_exchange *exchange)
{
	const struct http_message *message = &exchange->message;
	struct bytes body;

	assert_int_equal(http_body(message, exchange->arena, &body, &house->error), OK);
	return arena_printf(exchange->arena, "%s %s ?%s host %s from %s%s, %zu bytes %s %016llx",
		message->method, message->path, message->query, message->host, message->address,
		message->secure ? " secure" : "", body.size,
		message->body_file >= 0 ? "in a file" : "in memory",
		(unsigned long long)fingerprint(body));
}

static inline void count_free(void *data)
{
	(*(size_t *)data)++;
}

static inline void answer(struct house *house, struct http_exchange *exchange)
{
	static const char large[LARGE_SIZE];
	static const struct http_header headers[] = {
		{"X-Said", "yes"}, {"X-Split", "a\r\nX-Injected: b"}};
	struct http_reply reply = {
		.status = 200, .media_type = "text/plain", .headers = headers, .header_count = 2};
	const char *path = exchange->message.path;

	reply.free_body = count_free;
	reply.free_data = &house->freed;
	if (strcmp(path, "/large") == 0) {
		reply.body = bytes_of(large, sizeof(large));
	} else if (strcmp(path, "/nothing") == 0) {
		reply.status = 204;
		reply.media_type = NULL;
	} else {
		char *text = scene_text(house, exchange);
		reply.body = bytes_of(text, strlen(text));
	}
	reply.close = strcmp(path, "/close") == 0;
	http_answer(exchange, &reply);
}

static inline int house_admit(void *context, const struct http_message *message, size_t *body_limit)
{
	struct house *house = context;

	assert_non_null(message->path);
	house->admitted++;
	if (house->admit_limit > 0)
		*body_limit = house->admit_limit;
	return house->admit_status;
}

static inline void house_handle(void *context, struct http_exchange *exchange)
{
	struct house *house = context;

	house->handled++;
	if (exchange->message.body_file >= 0)
		assert_int_equal(fstat(exchange->message.body_file, &house->spool), 0);
	if (!house->hold) {
		answer(house, exchange);
		return;
	}
	assert_true(house->held_count < HELD_MAX);
	house->held[house->held_count++] = exchange;
}

static inline void house_problem(void *context, struct arena *arena,
	const struct http_message *message, int status, const char *code, struct http_reply *reply)
{
	struct house *house = context;
	char *text = arena_printf(arena, "%d %s", status, code);

	house->last_code = code;
	house->last_scene = message ? arena_text(house->arena, message->path) : NULL;
	reply->media_type = "application/problem+json";
	reply->body = bytes_of(text, strlen(text));
}

static inline int house_build(void **state)
{
	struct house *house = calloc(1, sizeof(*house));

	assert_non_null(house);
	assert_int_equal(uv_loop_init(&house->loop), 0);
	house->arena = arena_create(1u << 30);
	house->error.arena = house->arena;
	snprintf(house->folder, sizeof(house->folder), "/tmp/kaowu-net-XXXXXX");
	assert_non_null(mkdtemp(house->folder));
	house->settings = (struct http_settings){.address = "127.0.0.1",
		.spool_folder = house->folder,
		.admit = house_admit,
		.handle = house_handle,
		.problem = house_problem,
		.context = house};
	*state = house;
	return 0;
}

static inline void house_open(struct house *house)
{
	assert_int_equal(
		http_server_start(&house->loop, &house->settings, &house->server, &house->error),
		OK);
	assert_int_not_equal(http_server_port(house->server), 0);
}

/* One turn of the loop, after waiting a moment for something to happen. */
static inline void turn(struct house *house, int client)
{
	struct pollfd files[] = {{.fd = client, .events = POLLIN},
		{.fd = uv_backend_fd(&house->loop), .events = POLLIN}};

	uv_run(&house->loop, UV_RUN_NOWAIT);
	poll(files, COUNT(files), 2);
	uv_run(&house->loop, UV_RUN_NOWAIT);
}

/* Turns until the condition holds; a loop whose body is done between the turns. */
#define WHILE_NOT(house, condition)                                                                \
	for (int64_t until = clock_monotonic_ms() + PATIENCE_MS; !(condition);                     \
		assert_true(clock_monotonic_ms() < until), turn(house, -1))
#define UNTIL(house, condition)                                                                    \
	do {                                                                                       \
		WHILE_NOT(house, condition)                                                        \
		continue;                                                                          \
	} while (0)

static inline void house_stopped(void *context)
{
	((struct house *)context)->stopped = true;
}

/* Those that are held now: an answer lets the next request of its connection in. */
static inline void answer_all(struct house *house)
{
	struct http_exchange *held[HELD_MAX];
	size_t count = house->held_count;

	memcpy(held, house->held, sizeof(held));
	house->held_count = 0;
	for (size_t i = 0; i < count; i++)
		answer(house, held[i]);
}

static inline void house_close(struct house *house)
{
	answer_all(house);
	if (!house->stopped)
		http_server_stop(house->server, house_stopped, house);
	UNTIL(house, house->stopped);
	http_server_destroy(house->server);
	house->server = NULL;
}

static inline int house_pull_down(void **state)
{
	struct house *house = *state;

	if (house->server)
		house_close(house);
	uv_run(&house->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&house->loop), 0);
	assert_int_equal(rmdir(house->folder), 0); /* empty: no body has left its name there */
	arena_destroy(house->arena);
	free(house);
	return 0;
}

/* With a receive buffer of that size, or the system's if 0. */
static inline int dial_with_buffer(struct house *house, int size)
{
	struct sockaddr_in address;
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int yes = 1;

	setsockopt(
		client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)); /* pieces as they are cut */
	if (size > 0)
		setsockopt(client, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	assert_int_equal(uv_ip4_addr("127.0.0.1", http_server_port(house->server), &address), 0);
	assert_int_equal(connect(client, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(fcntl(client, F_SETFL, O_NONBLOCK), 0);
	return client;
}

static inline int dial(struct house *house)
{
	return dial_with_buffer(house, 0);
}

static inline void say_bytes(struct house *house, int client, const void *bytes, size_t size)
{
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	const char *at = bytes;

	while (size > 0) {
		ssize_t sent = send(client, at, size, MSG_NOSIGNAL);

		assert_true(clock_monotonic_ms() < until);
		if (sent < 0 && errno != EAGAIN)
			return; /* the server has closed: what it said tells why */
		if (sent < 0)
			turn(house, client);
		else
			at += sent, size -= (size_t)sent;
	}
}

static inline void say(struct house *house, int client, const char *text)
{
	say_bytes(house, client, text, strlen(text));
}

struct heard {
	char *text; /* all of it, NUL-terminated */
	size_t size;
	bool closed; /* by the server */
	bool reset;  /* and not in an orderly way */
};

/* The size of the answer that `text` begins with, or 0 if it is not all there. */
static inline size_t answer_size(const char *text, size_t size, bool head_only)
{
	const char *end = memmem(text, size, "\r\n\r\n", 4);
	const char *length = end ? memmem(text, size, "\r\nContent-Length: ", 18) : NULL;
	size_t head = end ? (size_t)(end + 4 - text) : 0;

	if (!end || !length || length > end || head_only)
		return head;
	head += strtoul(length + 18, NULL, 10);
	return head <= size ? head : 0;
}

static inline size_t count_answers(const struct heard *heard, bool head_only)
{
	size_t count = 0, at = 0, size;

	while (at < heard->size &&
		(size = answer_size(heard->text + at, heard->size - at, head_only)) > 0) {
		at += size;
		count++;
	}
	return count;
}

/* Listens until `count` whole answers are there, or the server closes; 0: until it closes. */
static inline struct heard hear_some(struct house *house, int client, size_t count, bool head_only)
{
	int64_t until = clock_monotonic_ms() + PATIENCE_MS;
	struct buffer text = buffer_in(house->arena, 2 * LARGE_SIZE);
	struct heard heard = {.size = 0};

	buffer_text(&text, "");
	while (!heard.closed && (count == 0 || count_answers(&heard, head_only) < count)) {
		char piece[65536];
		ssize_t got = recv(client, piece, sizeof(piece), 0);

		assert_true(clock_monotonic_ms() < until);
		if (got > 0)
			buffer_append(&text, piece, (size_t)got);
		else if (got < 0 && errno == EAGAIN)
			turn(house, client);
		else
			heard.closed = true;
		heard.reset = got < 0 && heard.closed;
		heard.text = text.data;
		heard.size = text.size;
	}
	return heard;
}

static inline struct heard hear(struct house *house, int client)
{
	return hear_some(house, client, 1, false);
}

/* Everything until the server closes. */
static inline struct heard hear_out(struct house *house, int client)
{
	return hear_some(house, client, 0, false);
}

static inline int status_of(const struct heard *heard)
{
	return heard->size > 12 ? (int)strtol(heard->text + 9, NULL, 10) : 0;
}

static inline const char *body_of(const struct heard *heard)
{
	const char *end = strstr(heard->text, "\r\n\r\n");

	return end ? end + 4 : "";
}

static inline void assert_heard(const struct heard *heard, const char *text)
{
	if (!strstr(heard->text, text))
		fail_msg("not heard: \"%s\" in:\n%s", text, heard->text);
}

static inline void assert_not_heard(const struct heard *heard, const char *text)
{
	if (strstr(heard->text, text))
		fail_msg("heard: \"%s\" in:\n%s", text, heard->text);
}

/* A new connection, one request, everything that is said until the server closes. */
static inline struct heard ask(struct house *house, const char *request)
{
	int client = dial(house);
	struct heard heard;

	say(house, client, request);
	heard = hear_out(house, client);
	close(client);
	return heard;
}

#endif
