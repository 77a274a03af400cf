/*
 * What the connections of one server share. Internal to core/net; loop thread only.
 */
#ifndef KAOWU_NET_SERVER_H
#define KAOWU_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "base/arena.h"
#include "http.h"
#include "reader.h"
#include "reply.h"

#define ARENAS_KEPT 64 /* for requests to come */

struct connection;

/* Where a connection stands. In each stage they all have the same time, so a list in order of arrival is also one in
 * order of deadlines; the diagram stands in connection.c. */
enum stage {
	STAGE_IDLE,   /* between requests */
	STAGE_HEAD,   /* a first byte has come */
	STAGE_BODY,   /* admitted */
	STAGE_SPOOL,  /* a chunk of the body is being written; the socket waits */
	STAGE_HANDLE, /* the exchange is with the handler */
	STAGE_WRITE,  /* the answer is on its way */
	STAGE_LINGER, /* our side is shut; what still comes is thrown away */
	STAGE_CLOSED, /* libuv is letting go of the handle */
	STAGE_COUNT
};

struct connection_list {
	struct connection *first, *last;
};

struct http_server {
	uv_loop_t *loop;
	uv_tcp_t listener;
	uv_timer_t timer; /* runs while there are connections */
	struct http_settings settings;
	struct http_counters counters;
	struct connection_list stages[STAGE_COUNT];
	int64_t durations_ms[STAGE_COUNT]; /* 0: no limit */
	uint64_t tick_ms;
	struct date_cache date;
	struct arena *arenas[ARENAS_KEPT];
	size_t arena_count;
	size_t exchange_count; /* begun and not released */
	bool waiting;          /* a connection stands at the door */
	bool stopping, destroyed;
	int64_t stop_deadline;
	unsigned open_handles; /* listener and timer */
	void (*stopped)(void *);
	void *stopped_context;
	uint16_t port;
	char read_buffer[READ_SIZE]; /* of whichever connection is being read */
};

struct arena *server_take_arena(struct http_server *server);
void server_return_arena(struct http_server *server, struct arena *arena);

/* A connection is gone for good: lets in the one that waits, or ends a stop. */
void server_connection_gone(struct http_server *server);

#endif
