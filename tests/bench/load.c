/*
 * Asks a server over HTTP, on so many connections at once, each with one request in flight.
 *
 * load PORT CONNECTIONS [--seconds S] [--rate R] [--any] < REQUESTS: prints how many were answered, how fast, and how
 * long they took. A request is a line, "METHOD PATH TOKEN VERSION BODY", with - for what it has not; the body is JSON,
 * or @ and the name of a picture's file, which is read once. Each is asked once, or all again and again for that many
 * seconds. With a rate each is due at its own moment and its time counts from there, so that an answer that comes late
 * delays nobody's clock. Every answer is read to its end and must be 2xx, or with --any may be a refusal; one that is
 * not is printed and ends the program.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

#define CONNECTIONS_MOST 1024
#define REQUESTS_MOST    (1 << 20)
#define TIMES_MOST       (1 << 22)
#define HEAD_MOST        16384
#define FILES_MOST       256

struct file {
	char *name, *bytes;
	size_t size;
};

struct request {
	char *text; /* head, and a body that is JSON */
	size_t size;
	const struct file *file; /* the body that is a picture, or NULL */
};

struct connection {
	int descriptor;
	bool busy, writing, fresh;     /* fresh: nothing was asked on it yet */
	const struct request *request; /* that is in flight */
	int64_t asked_at;
	size_t sent, head_size, body_left;
	bool head_read, closes;
	char head[HEAD_MOST];
};

static struct {
	uint16_t port;
	int connection_count, busy;
	int64_t seconds, rate;
	bool any;
	struct request requests[REQUESTS_MOST];
	int request_count, next;
	struct file files[FILES_MOST];
	int file_count;
	int64_t asked, until;
	int poll;
	struct connection *connections[CONNECTIONS_MOST];
	int64_t answered, refused;
	int32_t took_us[TIMES_MOST];
} load;

/* ---- What is asked ---- */

static const struct file *file_read(const char *name)
{
	for (int i = 0; i < load.file_count; i++) {
		if (strcmp(load.files[i].name, name) == 0)
			return &load.files[i];
	}
	must(load.file_count < FILES_MOST, "too many files");
	struct file *file = &load.files[load.file_count++];
	int descriptor = open(name, O_RDONLY);
	struct stat status;

	must(descriptor >= 0 && fstat(descriptor, &status) == 0, name);
	file->name = strdup(name);
	file->size = (size_t)status.st_size;
	file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, descriptor, 0);
	must(file->bytes != MAP_FAILED, name);
	(void)close(descriptor);
	return file;
}

/* `json` is NULL where there is none. */
static void body_print(struct request *request, FILE *text, const char *json, bool wanted)
{
	if (request->file)
		(void)fprintf(text, "Content-Type: image/jpeg\r\nContent-Length: %zu\r\n\r\n",
			request->file->size);
	else if (json)
		(void)fprintf(text,
			"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
			strlen(json), json);
	else
		(void)fprintf(text, "%s\r\n", wanted ? "Content-Length: 0\r\n" : "");
}

static void request_read(char *line)
{
	struct request *request = &load.requests[load.request_count];
	char method[16], path[2048], token[256], version[32];
	int end = 0;
	FILE *text = open_memstream(&request->text, &request->size);

	must(text && load.request_count < REQUESTS_MOST &&
			sscanf(line, "%15s %2047s %255s %31s %n", method, path, token, version,
				&end) == 4 &&
			end > 0,
		line);
	const char *body = line + end;

	if (body[0] == '@')
		request->file = file_read(body + 1);
	(void)fprintf(text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n", method, path, load.port);
	if (strcmp(token, "-") != 0)
		(void)fprintf(text, "Authorization: Bearer %s\r\n", token);
	if (strcmp(version, "-") != 0)
		(void)fprintf(text, "If-Match: \"%s\"\r\n", version);
	body_print(request, text, strcmp(body, "-") == 0 ? NULL : body, strcmp(method, "GET") != 0);
	must(fclose(text) == 0, "memory");
	load.request_count++;
}

static void requests_read(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t size;

	while ((size = getline(&line, &room, stdin)) > 0) {
		if (line[size - 1] == '\n')
			line[size - 1] = '\0';
		request_read(line);
	}
	free(line);
	must(load.request_count > 0, "no requests");
}

/* The next one that is to be asked; NULL when all have been. */
static const struct request *request_next(void)
{
	if (load.seconds ? now_us() >= load.until : load.next == load.request_count)
		return NULL;
	const struct request *request = &load.requests[load.next++];

	if (load.seconds && load.next == load.request_count)
		load.next = 0;
	load.asked++;
	return request;
}

/* ---- Connections ---- */

static void watch(struct connection *connection, int operation)
{
	struct epoll_event event = {.events = EPOLLIN | (connection->writing ? EPOLLOUT : 0U),
		.data = {.ptr = connection}};

	must(epoll_ctl(load.poll, operation, connection->descriptor, &event) == 0, "epoll");
}

static void connection_open(struct connection *connection)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
		.sin_port = htons(load.port)};
	int now = 1;

	connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
	must(connect(connection->descriptor, (struct sockaddr *)&address, sizeof(address)) == 0,
		"connect");
	(void)setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
	(void)fcntl(connection->descriptor, F_SETFL, O_NONBLOCK);
	connection->writing = false;
	connection->fresh = true;
	watch(connection, EPOLL_CTL_ADD);
}

static void connection_renew(struct connection *connection)
{
	(void)close(connection->descriptor);
	connection_open(connection);
}

/* What follows so many bytes of it: of its text, and then of its file. */
static ssize_t send_part(int descriptor, const struct request *request, size_t sent)
{
	if (sent < request->size)
		return send(descriptor, request->text + sent, request->size - sent,
			MSG_NOSIGNAL | (request->file ? MSG_MORE : 0));
	sent -= request->size;
	return send(
		descriptor, request->file->bytes + sent, request->file->size - sent, MSG_NOSIGNAL);
}

/* As much of it as the socket takes. */
static void send_more(struct connection *connection)
{
	const struct request *request = connection->request;
	size_t size = request->size + (request->file ? request->file->size : 0);

	while (connection->sent < size) {
		ssize_t sent = send_part(connection->descriptor, request, connection->sent);

		/* Whoever has closed is found out when the answer is read. */
		if (sent < 0)
			break;
		connection->sent += (size_t)sent;
	}
	bool writing = connection->sent < size && errno == EAGAIN;
	if (writing != connection->writing) {
		connection->writing = writing;
		watch(connection, EPOLL_CTL_MOD);
	}
}

static void ask_again(struct connection *connection)
{
	connection->sent = connection->head_size = 0;
	connection->head_read = connection->closes = false;
	send_more(connection);
}

static void ask(struct connection *connection, const struct request *request, int64_t at)
{
	connection->request = request;
	connection->asked_at = at;
	connection->busy = true;
	load.busy++;
	ask_again(connection);
}

/* ---- Answers ---- */

static size_t length_of(const struct connection *connection)
{
	const char *length = strcasestr(connection->head, "\r\nContent-Length:");

	must(!strcasestr(connection->head, "\r\nTransfer-Encoding:"), "an answer without a length");
	return length ? (size_t)strtoul(length + 17, NULL, 10) : 0;
}

static void answer_judge(const struct connection *connection)
{
	bool good = strncmp(connection->head, "HTTP/1.1 2", 10) == 0;

	load.refused += !good;
	if (good || load.any)
		return;
	(void)fprintf(stderr, "%.*s\n%s\n", 200, connection->request->text, connection->head);
	exit(1);
}

static void answered(struct connection *connection)
{
	answer_judge(connection);
	load.took_us[load.answered++ % TIMES_MOST] = (int32_t)(now_us() - connection->asked_at);
	connection->busy = connection->fresh = false;
	load.busy--;
	if (connection->closes)
		connection_renew(connection);
	if (load.rate)
		return;
	const struct request *next = request_next();

	if (next)
		ask(connection, next, now_us());
}

/* The head in its buffer; what follows it is counted only. */
static void take(struct connection *connection, const char *bytes, size_t size)
{
	if (connection->head_read) {
		must(size <= connection->body_left, "more than was asked for");
		connection->body_left -= size;
	} else {
		must(connection->head_size + size < HEAD_MOST, "a head too long");
		memcpy(connection->head + connection->head_size, bytes, size);
		connection->head_size += size;
		connection->head[connection->head_size] = '\0';
		char *end = strstr(connection->head, "\r\n\r\n");

		if (!end)
			return;
		size_t body = connection->head_size - (size_t)(end + 4 - connection->head);

		connection->head_read = true;
		end[2] = '\0';
		connection->body_left = length_of(connection);
		connection->closes = strcasestr(connection->head, "\r\nConnection: close");
		end[2] = '\r';
		must(body <= connection->body_left, "more than was asked for");
		connection->body_left -= body;
	}
	if (connection->body_left == 0)
		answered(connection);
}

/* A server may close between two requests, and then has not seen the second. */
static void closed(struct connection *connection)
{
	must(!connection->busy || (!connection->fresh && connection->head_size == 0),
		"the server has closed");
	connection_renew(connection);
	if (connection->busy)
		ask_again(connection);
}

static void readable(struct connection *connection)
{
	char bytes[8192];
	size_t room = connection->head_read ? sizeof(bytes) : HEAD_MOST - 1 - connection->head_size;
	ssize_t size =
		recv(connection->descriptor, bytes, room < sizeof(bytes) ? room : sizeof(bytes), 0);

	if (size > 0)
		take(connection, bytes, (size_t)size);
	else if (size == 0 || errno != EAGAIN)
		closed(connection);
}

/* ---- The whole ---- */

static struct connection *connection_idle(void)
{
	for (int i = 0; i < load.connection_count; i++) {
		if (!load.connections[i]->busy)
			return load.connections[i];
	}
	return NULL;
}

/* Asks what is due by now; when the next will be, or for ever. */
static int64_t ask_due(int64_t from)
{
	struct connection *idle;

	if (!load.rate)
		return INT64_MAX;
	for (;;) {
		int64_t due = from + load.asked * INT64_C(1000000) / load.rate;
		const struct request *request;

		if (due > now_us())
			return due;
		idle = connection_idle();
		request = idle ? request_next() : NULL;
		if (!request)
			return INT64_MAX;
		ask(idle, request, due);
	}
}

static bool more(void)
{
	return load.busy > 0 || (load.rate && (load.seconds ? now_us() < load.until
							    : load.next < load.request_count));
}

static void run(int64_t from)
{
	struct epoll_event events[64];

	while (more()) {
		int64_t due = ask_due(from), wait = due == INT64_MAX ? 30000000 : due - now_us();
		struct timespec timeout = {0};

		if (wait > 0)
			timeout = (struct timespec){wait / 1000000, wait % 1000000 * 1000};
		int ready = epoll_pwait2(load.poll, events, 64, &timeout, NULL);

		must(ready > 0 || due != INT64_MAX || load.busy == 0, "no answer in 30 seconds");
		for (int i = 0; i < ready; i++) {
			struct connection *connection = events[i].data.ptr;

			if ((events[i].events & EPOLLOUT) && connection->busy)
				send_more(connection);
			if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				readable(connection);
		}
	}
}

static int compare(const void *left, const void *right)
{
	int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;

	return (a > b) - (a < b);
}

static void report(int64_t took_us)
{
	size_t count = load.answered < TIMES_MOST ? (size_t)load.answered : TIMES_MOST;

	qsort(load.took_us, count, sizeof(load.took_us[0]), compare);
	(void)printf("{\"requests\":%" PRId64 ",\"refused\":%" PRId64 ",\"per_second\":%.1f"
		     ",\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"most_ms\":%.2f}\n",
		load.answered, load.refused,
		(double)load.answered * 1e6 / (double)(took_us ? took_us : 1),
		load.took_us[count / 2] / 1e3, load.took_us[count * 99 / 100] / 1e3,
		count ? load.took_us[count - 1] / 1e3 : 0);
}

static bool options_read(int count, char **words)
{
	for (int i = 0; i < count; i++) {
		bool valued = i + 1 < count;

		if (strcmp(words[i], "--any") == 0)
			load.any = true;
		else if (strcmp(words[i], "--seconds") == 0 && valued)
			load.seconds = strtol(words[++i], NULL, 10);
		else if (strcmp(words[i], "--rate") == 0 && valued)
			load.rate = strtol(words[++i], NULL, 10);
		else
			return false;
	}
	return true;
}

int main(int count, char **words)
{
	if (count < 3 || !options_read(count - 3, words + 3)) {
		(void)fputs("usage: load PORT CONNECTIONS [--seconds S] [--rate R] [--any]"
			    " < REQUESTS\n",
			stderr);
		return 2;
	}
	load.port = (uint16_t)strtol(words[1], NULL, 10);
	load.connection_count = (int)strtol(words[2], NULL, 10);
	must(load.connection_count > 0 && load.connection_count <= CONNECTIONS_MOST, words[2]);
	requests_read();
	load.poll = epoll_create1(0);
	for (int i = 0; i < load.connection_count; i++) {
		load.connections[i] = calloc(1, sizeof(struct connection));
		must(load.connections[i] != NULL, "memory");
		connection_open(load.connections[i]);
	}

	int64_t from = now_us();

	load.until = from + load.seconds * 1000000;
	for (int i = 0; i < load.connection_count && !load.rate; i++) {
		const struct request *request = request_next();

		if (request)
			ask(load.connections[i], request, now_us());
	}
	run(from);
	report(now_us() - from);
	return 0;
}
