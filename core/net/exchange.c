/*
 * One request and its answer: from the first byte to the last.
 *
 * The hard thing is who owns an exchange when the peer leaves: the connection while it is being read (HEAD, BODY), the
 * job that writes a chunk (SPOOL), the handler (HANDLE: also while a body waits for leave to be spooled, or the next
 * part of an answer is asked for), the write request (WRITE). Its owner releases it; the connection only lets go.
 */
#include "exchange.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "forwarded.h"

static void exchange_begin(struct connection *connection)
{
	struct http_server *server = connection->server;
	struct arena *arena = server_take_arena(server);
	struct exchange *exchange = NEW(arena, struct exchange);

	exchange->outside.arena = arena;
	exchange->server = server;
	exchange->connection = connection;
	exchange->began_at = (int64_t)uv_now(server->loop);
	reader_begin(
		&exchange->reader, arena, &server->settings.limits, &exchange->outside.message);
	spool_begin(&exchange->spool, server->settings.spool_folder);
	connection->exchange = exchange;
	connection_enter(connection, STAGE_HEAD);
}

static void exchange_release(struct exchange *exchange)
{
	if (exchange->free_body)
		exchange->free_body(exchange->free_data);
	spool_end(&exchange->spool);
	server_return_arena(exchange->server, exchange->outside.arena);
}

void exchange_abandon(struct exchange *exchange, enum stage stage)
{
	exchange->connection = NULL;
	if (stage == STAGE_HEAD || stage == STAGE_BODY)
		exchange_release(exchange);
}

/* Writing. */

/* libuv's buffers are not const, but those that are written are only read from. */
static uv_buf_t as_buffer(struct bytes bytes)
{
	uv_buf_t buffer = {.len = bytes.size};

	memcpy(&buffer.base, &bytes.data, sizeof(buffer.base));
	return buffer;
}

/* Others wait for the connections of those who have their answers. */
static bool gives_way(const struct http_server *server)
{
	return server->stopping || server->waiting;
}

/* It may have to give way only since its head was written, which then did not say so. */
static void answer_written(struct exchange *exchange)
{
	struct connection *connection = exchange->connection;
	bool close = exchange->close || gives_way(exchange->server);

	if (exchange->missing > 0) {
		connection_enter(connection, STAGE_HANDLE);
		exchange->next(exchange->next_data);
		return;
	}
	connection->exchange = NULL;
	exchange_release(exchange);
	if (close) {
		connection_linger(connection);
		return;
	}
	connection_enter(connection, STAGE_IDLE);
	connection_continue(connection);
}

/* The write request has the exchange: if the connection is closed, it comes here with UV_ECANCELED. */
static void on_written(uv_write_t *request, int status)
{
	struct exchange *exchange = request->data;

	if (status == 0 && exchange->connection) {
		answer_written(exchange);
		return;
	}
	if (exchange->connection)
		connection_close(exchange->connection);
	exchange_release(exchange);
}

/* What the socket did not take at once. */
static void write_rest(struct exchange *exchange, uv_buf_t *parts, unsigned count, size_t written)
{
	struct connection *connection = exchange->connection;
	uv_stream_t *stream = (uv_stream_t *)&connection->socket;

	for (; written >= parts->len; parts++, count--)
		written -= parts->len;
	parts->base += written;
	parts->len -= written;

	exchange->write.data = exchange;
	if (uv_write(&exchange->write, stream, parts, count, on_written) != 0) {
		connection_close(connection);
		exchange_release(exchange);
		return;
	}
	connection->untaken = connection_untaken(connection);
}

static void write_parts(struct exchange *exchange, uv_buf_t *parts, unsigned count, size_t size)
{
	struct connection *connection = exchange->connection;
	int written = uv_try_write((uv_stream_t *)&connection->socket, parts, count);

	exchange->server->counters.bytes_out += size;
	if (written >= 0 && (size_t)written == size) {
		answer_written(exchange);
	} else if (written >= 0 || written == UV_EAGAIN) {
		write_rest(exchange, parts, count, written < 0 ? 0 : (size_t)written);
	} else {
		connection_close(connection);
		exchange_release(exchange);
	}
}

static bool has_no_body(const struct exchange *exchange, const struct http_reply *reply)
{
	const char *method = exchange->outside.message.method;

	return reply->status == 204 || reply->status == 304 ||
	       (method && strcmp(method, "HEAD") == 0);
}

static enum persistence persistence_of(const struct exchange *exchange)
{
	if (exchange->close)
		return PERSISTENCE_CLOSE;
	return exchange->reader.old_version ? PERSISTENCE_KEEP_ALIVE : PERSISTENCE_PLAIN;
}

/* What still comes of its body would be taken for the next request. */
static bool half_read(const struct exchange *exchange)
{
	return exchange->reader.has_body && !exchange->complete;
}

static void exchange_write(struct exchange *exchange, const struct http_reply *reply)
{
	struct http_server *server = exchange->server;
	struct bytes body = has_no_body(exchange, reply) ? (struct bytes){NULL, 0} : reply->body;
	struct bytes head;
	uv_buf_t parts[2];

	exchange->close = reply->close || !exchange->reader.keep_alive || gives_way(server) ||
			  half_read(exchange);
	head = reply_head(exchange->outside.arena, &server->date, reply, persistence_of(exchange));
	parts[0] = as_buffer(head);
	parts[1] = as_buffer(body);
	connection_enter(exchange->connection, STAGE_WRITE);
	write_parts(exchange, parts, body.size > 0 ? 2 : 1, head.size + body.size);
}

void http_answer_part(struct http_exchange *outside, struct bytes part)
{
	struct exchange *exchange = (struct exchange *)outside;
	uv_buf_t buffer = as_buffer(part);

	assert(part.size <= exchange->missing);
	if (exchange->connection && part.size == 0)
		connection_close(exchange->connection);
	if (!exchange->connection) {
		exchange_release(exchange);
		return;
	}
	exchange->missing -= part.size;
	connection_enter(exchange->connection, STAGE_WRITE);
	write_parts(exchange, &buffer, 1, part.size);
}

void http_answer(struct http_exchange *outside, const struct http_reply *reply)
{
	struct exchange *exchange = (struct exchange *)outside;

	exchange->free_body = reply->free_body;
	exchange->free_data = reply->free_data;
	exchange->next = reply->next;
	exchange->next_data = reply->next_data;
	exchange->missing = reply->next && !has_no_body(exchange, reply) ? reply->length : 0;
	if (exchange->connection)
		exchange_write(exchange, reply);
	else
		exchange_release(exchange);
}

void exchange_refuse(struct exchange *exchange, int status, const char *code, bool close)
{
	const struct http_settings *settings = &exchange->server->settings;
	const struct http_message *message =
		exchange->reader.understood ? &exchange->outside.message : NULL;
	struct http_reply reply = {.status = status};

	exchange->server->counters.refused++;
	settings->problem(
		settings->context, exchange->outside.arena, message, status, code, &reply);
	reply.close = reply.close || close;
	http_answer(&exchange->outside, &reply);
}

/* Reading. */

static void exchange_dispatch(struct exchange *exchange)
{
	const struct http_settings *settings = &exchange->server->settings;
	struct http_message *message = &exchange->outside.message;

	if (exchange->spool.file >= 0) {
		message->body_file = exchange->spool.file;
		message->body.size = exchange->spool.size;
	} else if (exchange->reader.has_body) {
		message->body = bytes_of(exchange->reader.body, exchange->reader.body_held);
	}
	exchange->server->counters.requests++;
	connection_enter(exchange->connection, STAGE_HANDLE);
	settings->handle(settings->context, &exchange->outside);
}

static void refuse_unspooled(struct exchange *exchange)
{
	int fault = exchange->spool.fault;
	bool full = fault == ENOSPC || fault == EDQUOT || fault == EFBIG;

	log_event(LOG_ERROR, "http.spool_failed", "folder", exchange->spool.folder, "error",
		uv_err_name(uv_translate_sys_error(fault)), NULL);
	if (full)
		exchange_refuse(exchange, 507, "http.disk_full", true);
	else
		exchange_refuse(exchange, 503, "http.spool", true);
}

static void on_spooled(struct spool *spool)
{
	struct exchange *exchange =
		(struct exchange *)(void *)((char *)spool - offsetof(struct exchange, spool));

	if (!exchange->connection) {
		exchange_release(exchange);
		return;
	}
	exchange->reader.body_held = 0;
	if (spool->fault) {
		refuse_unspooled(exchange);
	} else if (exchange->complete) {
		exchange_dispatch(exchange);
	} else {
		connection_enter(exchange->connection, STAGE_BODY);
		connection_continue(exchange->connection);
	}
}

/* The socket waits while the chunk is written: that is what bounds the memory of an upload. */
static void spool_held(struct exchange *exchange)
{
	connection_stop_reading(exchange->connection);
	connection_enter(exchange->connection, STAGE_SPOOL);
	spool_write(exchange->server->loop, &exchange->spool,
		bytes_of(exchange->reader.body, exchange->reader.body_held), on_spooled);
}

/* Nobody fills the disk unasked: who may, the handler knows. */
static void spool_ask(struct exchange *exchange)
{
	const struct http_settings *settings = &exchange->server->settings;

	connection_enter(exchange->connection, STAGE_HANDLE);
	settings->spool(settings->context, &exchange->outside);
}

void http_spool_allow(struct http_exchange *outside)
{
	struct exchange *exchange = (struct exchange *)outside;

	exchange->spool_allowed = true;
	if (exchange->connection)
		spool_held(exchange);
	else
		exchange_release(exchange);
}

static void body_progressed(struct exchange *exchange)
{
	const struct http_limits *limits = &exchange->server->settings.limits;
	int64_t now = (int64_t)uv_now(exchange->server->loop);
	size_t held = exchange->reader.body_held;

	if (held > limits->body_memory && !exchange->spool_allowed &&
		exchange->server->settings.spool)
		spool_ask(exchange);
	else if (held > limits->body_memory ||
		 (exchange->complete && exchange->spool.file >= 0 && held > 0))
		spool_held(exchange);
	else if (exchange->complete)
		exchange_dispatch(exchange);
	else if (now - exchange->began_at > limits->body_total_time_ms)
		exchange_refuse(exchange, 408, "http.timeout", true);
	else
		connection_enter(exchange->connection, STAGE_BODY);
}

/* If the socket takes none of it, the peer sends its body anyway, a little later; a part of it would be garbage. */
static void await_body(struct exchange *exchange)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	uv_buf_t part = as_buffer(bytes_of(text, sizeof(text) - 1));
	struct connection *connection = exchange->connection;
	int written;

	connection_enter(connection, STAGE_BODY);
	if (!exchange->reader.expects_continue)
		return;

	written = uv_try_write((uv_stream_t *)&connection->socket, &part, 1);
	if (written != UV_EAGAIN && written != (int)part.len)
		connection_close(connection);
}

static void head_understood(struct exchange *exchange)
{
	const struct http_settings *settings = &exchange->server->settings;
	struct http_message *message = &exchange->outside.message;
	struct reader *reader = &exchange->reader;
	size_t body_limit = settings->limits.body;
	int refusal;

	forwarded_read(message, exchange->outside.arena, exchange->connection->address,
		exchange->connection->trusted, settings->proxies);
	refusal = settings->admit(settings->context, message, &body_limit);
	reader->body_limit = body_limit;
	if (refusal != 0) {
		exchange_refuse(exchange, refusal, reply_code(refusal), reader->has_body);
	} else if (reader->body_remaining > body_limit) {
		exchange_refuse(exchange, 413, "http.body_size", true);
	} else if (!reader->has_body) {
		exchange_dispatch(exchange);
	} else {
		await_body(exchange);
	}
}

size_t exchange_feed(struct connection *connection, const char *data, size_t size)
{
	bool in_body = connection->stage == STAGE_BODY;
	struct exchange *exchange;
	enum progress progress;
	size_t used;

	if (connection->stage == STAGE_IDLE)
		exchange_begin(connection);
	exchange = connection->exchange;
	progress = in_body ? reader_body(&exchange->reader, data, size, &used)
			   : reader_head(&exchange->reader, data, size, &used);
	if (progress == PROGRESS_REFUSED) {
		exchange_refuse(exchange, exchange->reader.status, exchange->reader.code, true);
	} else if (in_body) {
		exchange->complete = progress == PROGRESS_DONE;
		body_progressed(exchange);
	} else if (progress == PROGRESS_DONE) {
		head_understood(exchange);
	}
	return used;
}
