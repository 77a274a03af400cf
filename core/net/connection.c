/*
 * One connection: its socket and its stages.
 *
 *          first byte      head complete        complete          http_answer
 *     IDLE ---------> HEAD ------------> BODY ---------> HANDLE ------------> WRITE ---> LINGER
 *      ^               |                ^    |                                ^ | |
 *      |               |                |    | more than memory holds, once   | | |
 *      |               |                SPOOL  the handler has allowed it     | | |
 *      |               +------------------------ refused ---------------------+ | |
 *      +------------------------------------------------------------------------+
 *
 * Every arrow is connection_enter(); without a body it goes from HEAD to HANDLE; an answer in parts goes from WRITE to
 * HANDLE and back for each, and a body asks in HANDLE whether it may be spooled; every stage may end in CLOSED.
 * While an exchange is with the handler the socket is still watched, so that a request costs no call to epoll_ctl;
 * what comes then is kept, READ_SIZE bytes at the most, and stops the reading. The hard thing is to go through
 * pipelined requests in a loop rather than by recursion: `feeding` tells an answer given at once that its caller
 * will read on.
 */
#include "connection.h"

#include <assert.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "exchange.h"
#include "forwarded.h"

#define BIT(stage) (1u << (stage))

static const unsigned successors[STAGE_COUNT] = {
	[STAGE_IDLE] = BIT(STAGE_HEAD) | BIT(STAGE_CLOSED),
	[STAGE_HEAD] = BIT(STAGE_BODY) | BIT(STAGE_HANDLE) | BIT(STAGE_WRITE) | BIT(STAGE_CLOSED),
	[STAGE_BODY] = BIT(STAGE_BODY) | BIT(STAGE_SPOOL) | BIT(STAGE_HANDLE) | BIT(STAGE_WRITE) |
		       BIT(STAGE_CLOSED),
	[STAGE_SPOOL] = BIT(STAGE_BODY) | BIT(STAGE_HANDLE) | BIT(STAGE_WRITE) | BIT(STAGE_CLOSED),
	[STAGE_HANDLE] = BIT(STAGE_SPOOL) | BIT(STAGE_WRITE) | BIT(STAGE_CLOSED),
	[STAGE_WRITE] = BIT(STAGE_WRITE) | BIT(STAGE_HANDLE) | BIT(STAGE_IDLE) | BIT(STAGE_LINGER) |
			BIT(STAGE_CLOSED),
	[STAGE_LINGER] = BIT(STAGE_CLOSED),
};

static void list_remove(struct connection_list *list, struct connection *connection)
{
	*(connection->previous ? &connection->previous->next : &list->first) = connection->next;
	*(connection->next ? &connection->next->previous : &list->last) = connection->previous;
}

static void list_append(struct connection_list *list, struct connection *connection)
{
	connection->next = NULL;
	connection->previous = list->last;
	*(list->last ? &list->last->next : &list->first) = connection;
	list->last = connection;
}

static void begin_stage(struct connection *connection, enum stage stage)
{
	struct http_server *server = connection->server;

	connection->stage = stage;
	connection->deadline = (int64_t)uv_now(server->loop) + server->durations_ms[stage];
	list_append(&server->stages[stage], connection);
}

void connection_enter(struct connection *connection, enum stage stage)
{
	assert(successors[connection->stage] & BIT(stage));
	list_remove(&connection->server->stages[connection->stage], connection);
	begin_stage(connection, stage);
}

static void on_closed(uv_handle_t *handle)
{
	struct connection *connection = (struct connection *)handle;
	struct http_server *server = connection->server;

	list_remove(&server->stages[STAGE_CLOSED], connection);
	free(connection);
	server_connection_gone(server);
}

static void drop_pending(struct connection *connection)
{
	free(connection->pending);
	connection->pending = NULL;
}

void connection_close(struct connection *connection)
{
	enum stage before = connection->stage;

	if (before == STAGE_CLOSED)
		return;

	connection_enter(connection, STAGE_CLOSED);
	if (connection->exchange)
		exchange_abandon(connection->exchange, before);
	connection->exchange = NULL;
	drop_pending(connection);
	uv_close((uv_handle_t *)&connection->socket, on_closed);
}

static bool takes_bytes(const struct connection *connection)
{
	return connection->stage == STAGE_IDLE || connection->stage == STAGE_HEAD ||
	       connection->stage == STAGE_BODY;
}

static size_t feed(struct connection *connection, const char *data, size_t size)
{
	size_t used = 0;

	connection->feeding = true;
	while (used < size && takes_bytes(connection))
		used += exchange_feed(connection, data + used, size - used);
	connection->feeding = false;
	return used;
}

static void keep_pending(struct connection *connection, const char *data, size_t size)
{
	assert(!connection->pending && size <= READ_SIZE);
	connection->pending = malloc(size);
	if (!connection->pending)
		abort();
	memcpy(connection->pending, data, size);
	connection->pending_from = 0;
	connection->pending_size = size;
	connection_stop_reading(connection);
}

/* Holds the bytes itself meanwhile: what it calls may end the connection. */
static void feed_pending(struct connection *connection)
{
	char *pending = connection->pending;

	connection->pending = NULL;
	connection->pending_from += feed(connection, pending + connection->pending_from,
		connection->pending_size - connection->pending_from);
	if (connection->pending_from == connection->pending_size ||
		connection->stage == STAGE_LINGER || connection->stage == STAGE_CLOSED)
		free(pending);
	else
		connection->pending = pending;
}

/* A peer that has shut its side may still wait for the answer; the next read tells again that it has. */
static void on_read_end(struct connection *connection, ssize_t status)
{
	if (status == UV_EOF && !takes_bytes(connection) && connection->stage != STAGE_LINGER)
		connection_stop_reading(connection);
	else
		connection_close(connection);
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
	struct connection *connection = (struct connection *)stream;
	size_t used;

	if (size < 0) {
		on_read_end(connection, size);
		return;
	}
	connection->server->counters.bytes_in += (uint64_t)size;
	if (connection->stage == STAGE_LINGER)
		return;

	used = feed(connection, buffer->base, (size_t)size);
	if (used < (size_t)size && connection->stage != STAGE_LINGER &&
		connection->stage != STAGE_CLOSED)
		keep_pending(connection, buffer->base + used, (size_t)size - used);
}

static void on_read_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
	struct http_server *server = ((struct connection *)handle)->server;

	(void)suggested;
	*buffer = uv_buf_init(server->read_buffer, sizeof(server->read_buffer));
}

static void start_reading(struct connection *connection)
{
	if (connection->reading)
		return;
	connection->reading = true;
	if (uv_read_start((uv_stream_t *)&connection->socket, on_read_buffer, on_read) != 0)
		connection_close(connection);
}

void connection_stop_reading(struct connection *connection)
{
	if (connection->reading)
		uv_read_stop((uv_stream_t *)&connection->socket);
	connection->reading = false;
}

void connection_continue(struct connection *connection)
{
	if (connection->feeding || !takes_bytes(connection))
		return;

	if (connection->pending)
		feed_pending(connection);
	if (takes_bytes(connection))
		start_reading(connection);
}

/* Closing a socket that holds unread bytes resets it, and the reset can overtake the answer: so shut only our side,
 * and read into the void until the peer has shut its own. */
void connection_linger(struct connection *connection)
{
	uv_os_fd_t file;

	drop_pending(connection);
	connection_enter(connection, STAGE_LINGER);
	if (uv_fileno((uv_handle_t *)&connection->socket, &file) != 0 ||
		shutdown(file, SHUT_WR) != 0)
		connection_close(connection);
	else
		start_reading(connection);
}

/* The kernel holds megabytes, and takes more only when it has got rid of many: what it holds is not taken yet. */
size_t connection_untaken(const struct connection *connection)
{
	uv_os_fd_t file;
	int held = 0;

	if (uv_fileno((const uv_handle_t *)&connection->socket, &file) == 0)
		(void)ioctl(file, SIOCOUTQ, &held);
	return uv_stream_get_write_queue_size((const uv_stream_t *)&connection->socket) +
	       (size_t)held;
}

/* A peer that takes little is slow; one that takes nothing is gone. */
static void expire_write(struct connection *connection)
{
	size_t untaken = connection_untaken(connection);

	if (untaken >= connection->untaken) {
		connection_close(connection);
		return;
	}
	connection->untaken = untaken;
	connection_enter(connection, STAGE_WRITE);
}

void connection_expire(struct connection *connection)
{
	if (connection->stage == STAGE_HEAD || connection->stage == STAGE_BODY)
		exchange_refuse(connection->exchange, 408, "http.timeout", true);
	else if (connection->stage == STAGE_WRITE)
		expire_write(connection);
	else
		connection_close(connection);
}

static void learn_address(struct connection *connection)
{
	struct sockaddr_storage address;
	int size = sizeof(address);

	if (uv_tcp_getpeername(&connection->socket, (struct sockaddr *)&address, &size) == 0)
		address_text((const struct sockaddr *)&address, connection->address);
	connection->trusted =
		address_trusted(connection->address, connection->server->settings.proxies);
}

void connection_accept(struct http_server *server)
{
	struct connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		abort();
	connection->server = server;
	uv_tcp_init(server->loop, &connection->socket);
	server->counters.open++;
	server->counters.connections++;
	begin_stage(connection, STAGE_IDLE);
	if (uv_accept((uv_stream_t *)&server->listener, (uv_stream_t *)&connection->socket) != 0) {
		connection_close(connection);
		return;
	}
	uv_tcp_nodelay(&connection->socket, 1);
	learn_address(connection);
	start_reading(connection);
}
