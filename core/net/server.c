/*
 * The server: listens, lets connections in, keeps their time, stops.
 *
 * When as many connections are open as may be, the one that has been idle longest makes room; if none is idle, the
 * newcomer waits, accepted by libuv but not by us, and libuv then leaves the others in the kernel's queue. An answer
 * of 503 would cost a descriptor and time just where these are short, and would make clients ask again; waiting costs
 * nothing, and a proxy in front counts it as what it is. There is no timer for each connection: see enum stage.
 */
#include "server.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#include "base/limits.h"
#include "connection.h"

#define BACKLOG        1024
#define LINGER_TIME_MS 2000
#define TICK_MAX_MS    500 /* how late a deadline may be noticed */

struct arena *server_take_arena(struct http_server *server)
{
	server->exchange_count++;
	if (server->arena_count == 0)
		return arena_create(LIMIT_REQUEST_ARENA);
	return server->arenas[--server->arena_count];
}

static void server_free(struct http_server *server)
{
	while (server->arena_count > 0)
		arena_destroy(server->arenas[--server->arena_count]);
	free(server);
}

void server_return_arena(struct http_server *server, struct arena *arena)
{
	assert(server->exchange_count > 0);
	server->exchange_count--;
	if (server->arena_count < ARENAS_KEPT) {
		arena_reset(arena);
		server->arenas[server->arena_count++] = arena;
	} else {
		arena_destroy(arena);
	}
	if (server->destroyed && server->exchange_count == 0)
		server_free(server);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct http_server *server = handle->data;

	if (--server->open_handles == 0)
		server->stopped(server->stopped_context);
}

static void end_stop_if_empty(struct http_server *server)
{
	if (server->stopping && server->counters.open == 0 &&
		!uv_is_closing((uv_handle_t *)&server->timer))
		uv_close((uv_handle_t *)&server->timer, on_handle_closed);
}

static void close_stage(struct http_server *server, enum stage stage)
{
	while (server->stages[stage].first)
		connection_close(server->stages[stage].first);
}

static void expire_stage(struct http_server *server, enum stage stage, int64_t now)
{
	struct connection_list *list = &server->stages[stage];

	while (list->first && list->first->deadline <= now)
		connection_expire(list->first);
}

static void on_tick(uv_timer_t *timer)
{
	struct http_server *server = timer->data;
	int64_t now = (int64_t)uv_now(server->loop);

	for (enum stage stage = 0; stage < STAGE_CLOSED; stage++) {
		if (server->stopping && now >= server->stop_deadline)
			close_stage(server, stage);
		else if (server->durations_ms[stage] > 0)
			expire_stage(server, stage, now);
	}
}

static void let_in(struct http_server *server)
{
	struct connection *idle = server->stages[STAGE_IDLE].first;

	server->waiting = server->counters.open >= server->settings.limits.connections;
	if (!server->waiting) {
		if (server->counters.open == 0)
			uv_timer_start(&server->timer, on_tick, server->tick_ms, server->tick_ms);
		connection_accept(server);
	} else if (idle) {
		connection_close(idle);
	}
}

/* Where accept() fails for want of descriptors, libuv has turned the peer away itself. */
static void on_connection(uv_stream_t *listener, int status)
{
	struct http_server *server = listener->data;

	if (status == 0)
		let_in(server);
	else
		server->counters.refused++;
}

void server_connection_gone(struct http_server *server)
{
	server->counters.open--;
	if (server->counters.open == 0)
		uv_timer_stop(&server->timer);
	if (server->stopping)
		end_stop_if_empty(server);
	else if (server->waiting)
		let_in(server);
}

static void or_default(size_t *limit, size_t standard)
{
	if (*limit == 0)
		*limit = standard;
}

static void or_default_ms(int64_t *limit, int64_t standard_ms)
{
	if (*limit == 0)
		*limit = standard_ms;
}

static void fill_limits(struct http_limits *limits)
{
	or_default(&limits->target, LIMIT_HTTP_TARGET);
	or_default(&limits->headers, LIMIT_HTTP_HEADERS);
	or_default(&limits->header_count, LIMIT_HTTP_HEADER_COUNT);
	or_default(&limits->body_memory, LIMIT_HTTP_BODY_MEMORY);
	or_default(&limits->body, LIMIT_HTTP_BODY);
	or_default(&limits->connections, LIMIT_HTTP_CONNECTIONS);
	or_default_ms(&limits->header_time_ms, LIMIT_HTTP_HEADER_TIME);
	or_default_ms(&limits->body_time_ms, LIMIT_HTTP_BODY_TIME);
	or_default_ms(&limits->body_total_time_ms, LIMIT_HTTP_BODY_TOTAL_TIME);
	or_default_ms(&limits->idle_time_ms, LIMIT_HTTP_IDLE_TIME);
	or_default_ms(&limits->write_time_ms, LIMIT_HTTP_WRITE_TIME);
	or_default_ms(&limits->drain_time_ms, LIMIT_HTTP_DRAIN_TIME);
	or_default_ms(&limits->linger_time_ms, LINGER_TIME_MS);
}

/* A quarter of the shortest time, so that short times in tests are kept as well. */
static void set_durations(struct http_server *server)
{
	const struct http_limits *limits = &server->settings.limits;
	int64_t shortest = limits->drain_time_ms;

	server->durations_ms[STAGE_IDLE] = limits->idle_time_ms;
	server->durations_ms[STAGE_HEAD] = limits->header_time_ms;
	server->durations_ms[STAGE_BODY] = limits->body_time_ms;
	server->durations_ms[STAGE_WRITE] = limits->write_time_ms;
	server->durations_ms[STAGE_LINGER] = limits->linger_time_ms;
	for (enum stage stage = 0; stage < STAGE_COUNT; stage++)
		if (server->durations_ms[stage] > 0 && server->durations_ms[stage] < shortest)
			shortest = server->durations_ms[stage];
	server->tick_ms = shortest / 4 < TICK_MAX_MS ? (uint64_t)(shortest / 4 + 1) : TICK_MAX_MS;
}

static int read_address(const char *text, uint16_t port, struct sockaddr_storage *out)
{
	if (uv_ip4_addr(text, port, (struct sockaddr_in *)out) == 0)
		return 0;
	return uv_ip6_addr(text, port, (struct sockaddr_in6 *)out);
}

/* 0, or what libuv calls the fault. */
static int listen_on(struct http_server *server)
{
	struct sockaddr_storage address;
	int size = sizeof(address);
	int fault = read_address(server->settings.address, server->settings.port, &address);

	if (!fault)
		fault = uv_tcp_bind(&server->listener, (const struct sockaddr *)&address, 0);
	if (!fault)
		fault = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
	if (!fault)
		fault = uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &size);
	if (!fault) /* the port stands at the same place in both families */
		server->port = ntohs(((const struct sockaddr_in *)&address)->sin_port);
	return fault;
}

static void on_failed_closed(uv_handle_t *handle)
{
	free(handle->data);
}

enum result http_server_start(uv_loop_t *loop, const struct http_settings *settings,
	struct http_server **out, struct error *error)
{
	struct http_server *server = calloc(1, sizeof(*server));
	int fault;

	if (!server)
		abort();
	assert(settings->admit && settings->handle && settings->problem);
	signal(SIGPIPE, SIG_IGN); /* a peer that has left is no reason to end */
	server->loop = loop;
	server->settings = *settings;
	server->date.second = -1;
	fill_limits(&server->settings.limits);
	set_durations(server);
	uv_tcp_init(loop, &server->listener);
	server->listener.data = server;
	fault = listen_on(server);
	if (fault) {
		uv_close((uv_handle_t *)&server->listener, on_failed_closed);
		return trouble(error, BROKEN, "http.listen", "%s port %u: %s", settings->address,
			settings->port, uv_strerror(fault));
	}
	uv_timer_init(loop, &server->timer);
	server->timer.data = server;
	server->open_handles = 2;
	*out = server;
	return OK;
}

uint16_t http_server_port(const struct http_server *server)
{
	return server->port;
}

struct http_counters http_server_counters(const struct http_server *server)
{
	return server->counters;
}

void http_server_stop(struct http_server *server, void (*stopped)(void *), void *context)
{
	assert(!server->stopping);
	server->stopping = true;
	server->stopped = stopped;
	server->stopped_context = context;
	server->stop_deadline =
		(int64_t)uv_now(server->loop) + server->settings.limits.drain_time_ms;
	uv_close((uv_handle_t *)&server->listener, on_handle_closed);
	close_stage(server, STAGE_IDLE);
	end_stop_if_empty(server);
}

void http_server_destroy(struct http_server *server)
{
	if (!server)
		return;
	assert(server->stopping && server->open_handles == 0);
	server->destroyed = true;
	if (server->exchange_count == 0)
		server_free(server);
}
