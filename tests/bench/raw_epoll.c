/*
 * The least that an HTTP server can do: one thread, epoll, and the very bytes of one answer for every request.
 *
 * raw_epoll FILE: answers with the file's bytes, head and all, on a free port of 127.0.0.1, which it prints. It
 * looks for no more than the blank line that ends a request, and is the measure of what libuv, llhttp, routing and
 * the cache cost.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

#define CONNECTIONS  1024
#define EVENTS       64
#define ANSWER_MOST  (1u << 20)
#define REQUEST_MOST 8192

static char answer[ANSWER_MOST];
static size_t answer_size;

/* How much of "\r\n\r\n" each connection has seen, by descriptor. */
static unsigned char seen[CONNECTIONS];

static void answer_read(const char *path)
{
	FILE *file = fopen(path, "rbe");

	must(file != NULL, path);
	answer_size = fread(answer, 1, sizeof(answer), file);
	must(answer_size > 0 && answer_size < sizeof(answer), path);
	(void)fclose(file);
}

static int listener_open(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	must(listener >= 0, "socket");
	must(bind(listener, (struct sockaddr *)&address, size) == 0, "bind");
	must(listen(listener, CONNECTIONS) == 0, "listen");
	must(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
	(void)printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
	(void)fflush(stdout);
	return listener;
}

static void watch(int poll, int descriptor)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = descriptor}};

	must(epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl");
}

static void connection_open(int poll, int listener)
{
	int connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	int now = 1;

	must(connection >= 0 && connection < CONNECTIONS, "accept");
	(void)setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
	seen[connection] = 0;
	watch(poll, connection);
}

/* How many requests end in these bytes. */
static unsigned requests_end(int connection, const char *bytes, size_t size)
{
	static const char end[] = "\r\n\r\n";
	unsigned requests = 0;
	unsigned char matched = seen[connection];

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == end[matched])
			matched++;
		else
			matched = bytes[i] == '\r';
		if (end[matched] == '\0') {
			requests++;
			matched = 0;
		}
	}
	seen[connection] = matched;
	return requests;
}

static bool answered(int connection)
{
	return send(connection, answer, answer_size, MSG_NOSIGNAL) == (ssize_t)answer_size;
}

/* An answer fits into the socket's buffer, or the peer has not read for too long: then it goes. */
static bool served(int connection)
{
	char bytes[REQUEST_MOST];
	ssize_t size = recv(connection, bytes, sizeof(bytes), 0);

	if (size <= 0)
		return false;
	for (unsigned left = requests_end(connection, bytes, (size_t)size); left > 0; left--) {
		if (!answered(connection))
			return false;
	}
	return true;
}

int main(int count, char **words)
{
	struct epoll_event events[EVENTS];
	int listener, poll = epoll_create1(0);

	if (count != 2) {
		(void)fputs("usage: raw_epoll FILE\n", stderr);
		return 2;
	}
	answer_read(words[1]);
	listener = listener_open();
	watch(poll, listener);
	for (;;) {
		int ready = epoll_wait(poll, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			if (events[i].data.fd == listener)
				connection_open(poll, listener);
			else if (!served(events[i].data.fd))
				(void)close(events[i].data.fd);
		}
	}
}
