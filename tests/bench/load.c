/*
 * Hands in prepared applications over HTTP, on so many connections at once, each with one request in flight.
 *
 * load PORT CONNECTIONS SLUG < lines of prepare: prints how many were handed in and how fast. Every answer is read
 * to its end and must be 200; the first that is not is printed, and ends the program.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MOST 1024
#define ANSWER_MOST      (256u << 10)
#define REQUESTS_MOST    65536

struct connection {
	int descriptor;
	int64_t asked_at;
	size_t size;
	char answer[ANSWER_MOST];
};

static struct {
	const char *slug;
	int poll;
	int open; /* connections with a request in flight */
	int count;
	int32_t took_us[REQUESTS_MOST];
} load;

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

/* The next prepared application, handed in on this connection; false when there is none left. */
static bool ask(struct connection *connection)
{
	char token[128], id[64], version[32], request[1024];

	if (scanf("%127s %63s %31s", token, id, version) != 3)
		return false;
	int size = snprintf(request, sizeof(request),
		"POST /t/%s/api/v1/applications/%s/submit HTTP/1.1\r\nHost: 127.0.0.1\r\n"
		"Authorization: Bearer %s\r\nIf-Match: \"%s\"\r\nContent-Length: 0\r\n\r\n",
		load.slug, id, token, version);
	connection->size = 0;
	connection->asked_at = now_us();
	must(send(connection->descriptor, request, (size_t)size, MSG_NOSIGNAL) == size, "send");
	return true;
}

static struct connection *connection_open(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
		.sin_port = htons(port)};
	struct connection *connection = calloc(1, sizeof(*connection));
	struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = connection}};
	int now = 1;

	must(connection != NULL, "memory");
	connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
	must(connect(connection->descriptor, (struct sockaddr *)&address, sizeof(address)) == 0,
		"connect");
	(void)setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
	must(epoll_ctl(load.poll, EPOLL_CTL_ADD, connection->descriptor, &event) == 0, "epoll");
	return connection;
}

/* Is all of the answer there? */
static bool complete(struct connection *connection)
{
	const char *length, *end;

	connection->answer[connection->size] = '\0';
	end = strstr(connection->answer, "\r\n\r\n");
	if (!end)
		return false;
	length = strcasestr(connection->answer, "\r\nContent-Length:");
	must(length && length < end, "an answer without a length");
	return connection->size >=
	       (size_t)(end + 4 - connection->answer) + (size_t)strtoul(length + 17, NULL, 10);
}

/* One answer's time, and the next question. */
static void answered(struct connection *connection)
{
	if (strncmp(connection->answer, "HTTP/1.1 200 ", 13) != 0) {
		(void)fprintf(stderr, "%s\n", connection->answer);
		exit(1);
	}
	load.took_us[load.count++ % REQUESTS_MOST] = (int32_t)(now_us() - connection->asked_at);
	if (!ask(connection)) {
		(void)close(connection->descriptor);
		load.open--;
	}
}

static void readable(struct connection *connection)
{
	ssize_t size = recv(connection->descriptor, connection->answer + connection->size,
		ANSWER_MOST - 1 - connection->size, 0);

	must(size > 0, "the server has closed");
	connection->size += (size_t)size;
	if (complete(connection))
		answered(connection);
}

static void run(void)
{
	struct epoll_event events[64];

	while (load.open > 0) {
		int ready = epoll_wait(load.poll, events, 64, 30000);

		must(ready > 0, "no answer in 30 seconds");
		for (int i = 0; i < ready; i++)
			readable(events[i].data.ptr);
	}
}

static int compare(const void *left, const void *right)
{
	int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;

	return (a > b) - (a < b);
}

static void report(int64_t took_us)
{
	size_t count = load.count < REQUESTS_MOST ? (size_t)load.count : REQUESTS_MOST;

	qsort(load.took_us, count, sizeof(load.took_us[0]), compare);
	(void)printf("{\"submissions\":%d,\"per_second\":%" PRId64
		     ",\"p50_ms\":%.1f,\"p99_ms\":%.1f}\n",
		load.count, load.count * INT64_C(1000000) / (took_us ? took_us : 1),
		load.took_us[count / 2] / 1e3, load.took_us[count * 99 / 100] / 1e3);
}

int main(int count, char **words)
{
	struct connection *connections[CONNECTIONS_MOST];
	int wanted = count == 4 ? (int)strtol(words[2], NULL, 10) : 0;

	if (wanted < 1 || wanted > CONNECTIONS_MOST) {
		(void)fputs("usage: load PORT CONNECTIONS SLUG < PREPARED\n", stderr);
		return 2;
	}
	load.slug = words[3];
	load.poll = epoll_create1(0);
	for (int i = 0; i < wanted; i++)
		connections[i] = connection_open((uint16_t)strtol(words[1], NULL, 10));

	int64_t from = now_us();
	for (int i = 0; i < wanted; i++)
		load.open += ask(connections[i]);
	run();
	report(now_us() - from);
	return 0;
}
