/*
 * HTTP/1.1 server on one event loop: bytes to messages, replies to bytes. libuv and llhttp, strict framing.
 *
 * One request is in flight per connection (pipelined bytes wait in the socket). When a message is complete
 * `handle` is called on the loop thread with an exchange; whoever holds the exchange answers it exactly once with
 * http_answer(), on the loop thread, at any later time, and does not touch it again. If the peer leaves meanwhile,
 * the answer goes nowhere and the exchange is freed all the same. Everything in the message lives in
 * exchange->arena until http_answer() has written the last byte.
 *
 * Refused here, with 400 and close: bare LF, obs-fold, both lengths, duplicate or malformed lengths, anything but
 * "chunked" alone in Transfer-Encoding, every fault of Host (missing, twice, empty, with path, user info or comma),
 * asterisk-form with another method than OPTIONS, NUL or control bytes in the target, a header twice that may stand
 * once only. 408 on timeouts, 413, 414 (target), 431, 501 for other transfer codings and unknown methods, 505, 417
 * for any other Expect than 100-continue, 507 when a body finds no room on the disk. HTTP/1.0 may leave Host out.
 */
#ifndef KAOWU_NET_HTTP_H
#define KAOWU_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/result.h"

struct http_server;

struct http_header {
	const char *name;  /* lower case */
	const char *value; /* without white space around it; bytes over 0x7f as sent */
};

/*
 * The path is percent-decoded, valid UTF-8, without empty, "." or ".." segments (else 400); one slash at its end stays;
 * it is "*" for OPTIONS *. The query is raw, without '?': its escapes are well formed and stand for UTF-8 without
 * NUL. The host is in lower case, with the port if one was sent, and "" only if an HTTP/1.0 request has none. Each
 * header name stands once: lists that came in parts are joined by ", ".
 *
 * A body up to LIMIT_HTTP_BODY_MEMORY is in memory; a longer one is in an unlinked file of body.size bytes, which is
 * closed with the exchange, and body.data is NULL.
 */
struct http_message {
	const char *method; /* "GET" */
	const char *target; /* as sent */
	const char *path;
	const char *query; /* "" if none */
	const char *host;
	const char *address; /* the peer, or the client told by a trusted proxy's X-Forwarded-For */
	bool secure;         /* X-Forwarded-Proto: https from a trusted proxy */
	struct http_header *headers;
	size_t header_count;
	struct bytes body;
	int body_file; /* -1: in memory */
};

struct http_reply {
	int status;
	const char *media_type;            /* NULL: no body */
	struct bytes body;                 /* lives in the exchange's arena, or is static */
	const struct http_header *headers; /* names as they are to be written */
	size_t header_count;
	struct bytes lines; /* more of them, "name: value" and CRLF each, written as they stand */
	bool close;         /* close the connection afterwards */
	void (*free_body)(void *); /* NULL, or called with free_data once written */
	void *free_data;
	/* A body too large to be in memory at once comes in parts, as fast as the peer takes them: its length, and who
	 * is asked for the next part on the loop, when everything before it is written. NULL: the body is whole. */
	void (*next)(void *next_data);
	void *next_data;
	uint64_t length;
};

struct http_exchange {
	struct http_message message;
	struct arena *arena;
	void *user; /* for the handler */
};

/* Zero means the limit of base/limits.h (LIMIT_HTTP_...): tests set what they want to see happen. */
struct http_limits {
	size_t target, headers, header_count, body_memory, body, connections;
	int64_t header_time_ms, body_time_ms, body_total_time_ms, idle_time_ms, write_time_ms;
	int64_t drain_time_ms;
	int64_t linger_time_ms; /* after an answer that closes: for the peer to read it; 2 seconds */
};

/*
 * The texts, and what `context` stands for, must outlive the server. `proxies` are the addresses whose
 * X-Forwarded-* count, NULL-terminated; bodies over LIMIT_HTTP_BODY_MEMORY go to unlinked files in the spool folder.
 */
struct http_settings {
	const char *address; /* "127.0.0.1" */
	uint16_t port;       /* 0: any; see http_server_port() */
	const char *spool_folder;
	const char *const *proxies; /* NULL: none */
	/* Called when the headers are complete and before the body is read. Returns 0 to go on, or a status to refuse
	 * with (404, 405, 413 ...) without reading the body; sets *body_limit (bytes), LIMIT_HTTP_BODY by itself. */
	int (*admit)(void *context, const struct http_message *message, size_t *body_limit);
	void (*handle)(void *context, struct http_exchange *exchange);
	/* Called before the first byte of a body goes to the disk, with the exchange as far as it has come; its socket
	 * waits. Whoever holds it lets it go on with http_spool_allow() or refuses it with http_answer(), at any later
	 * time. NULL: every body may. */
	void (*spool)(void *context, struct http_exchange *exchange);
	/* Fills the body of an error that net itself answers (400, 408, 413, 431 ..., and what admit returned), in the
	 * caller's format. `message` is NULL if its headers could not be read. */
	void (*problem)(void *context, struct arena *arena, const struct http_message *message,
		int status, const char *code, struct http_reply *reply);
	void *context;
	struct http_limits limits;
};

/* Listens. Ignores SIGPIPE for the process. BROKEN ("http.listen") if the address cannot be had; the loop must
 * then still run once, to let go of the handle. */
enum result http_server_start(uv_loop_t *loop, const struct http_settings *settings,
	struct http_server **out, struct error *error) MUST_CHECK;
uint16_t http_server_port(const struct http_server *server);

/* Answers; HEAD gets the headers of GET without its body. Adds Date, Content-Length, Connection. Loop thread. May call
 * `handle` for the connection's next request before it returns. */
void http_answer(struct http_exchange *exchange, const struct http_reply *reply);

/* Lets a body that `spool` was asked about go to the disk; handle() gets the exchange when it is complete. Loop thread.
 */
void http_spool_allow(struct http_exchange *exchange);

/* What `next` asked for, later and on the loop: the bytes stay where they are until it asks again, or the exchange is
 * released. None (a size of 0) says that there will be none: the connection is cut, so that nobody takes what came for
 * the whole. */
void http_answer_part(struct http_exchange *exchange, struct bytes part);

/* NULL if absent. Headers that may stand once only are refused twice before this. */
const char *http_header(const struct http_message *message, const char *lower_case_name);
/* A parameter of the query, percent-decoded into the arena ('+' is a space); the first of several; NULL if absent. */
const char *http_query(const struct http_message *message, struct arena *arena, const char *name);
const char *http_cookie(const struct http_message *message, struct arena *arena, const char *name);
/* The whole body, from memory or read back from its file (any thread). */
enum result http_body(const struct http_message *message, struct arena *arena, struct bytes *out,
	struct error *error) MUST_CHECK;

const char *http_reason(int status); /* "Not Found"; "Status" for a number it does not know */

/* Stops accepting, lets requests in flight end (LIMIT_HTTP_DRAIN_TIME), closes the rest, then calls `stopped`.
 * Exchanges that are still out then may be answered later: to nobody, as long as the loop runs. */
void http_server_stop(struct http_server *server, void (*stopped)(void *), void *context);
void http_server_destroy(struct http_server *server); /* after `stopped`; or within it */

struct http_counters {
	uint64_t connections, requests, refused, bytes_in, bytes_out;
	uint64_t open; /* connections at this moment */
};
struct http_counters http_server_counters(const struct http_server *server); /* loop thread */

#endif
