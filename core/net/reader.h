/*
 * One request being read: bytes in pieces of any size on one side, a struct http_message on the other.
 *
 * Knows no socket and no clock: the connection feeds it, tests and the fuzzer feed it as well. How the bytes were
 * cut into pieces never changes what comes out. First reader_head() until it is done, then, if has_body,
 * reader_body() until it is done; between the two the owner sets body_limit. As soon as more than body_memory bytes are
 * held, the owner takes them away (to a file) and sets body_held to zero, before it feeds the next piece.
 */
#ifndef KAOWU_NET_READER_H
#define KAOWU_NET_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "http.h"

#define READ_SIZE 16384 /* bytes of a piece, at most */

enum progress { PROGRESS_MORE, PROGRESS_DONE, PROGRESS_REFUSED };

/* Where a chunked body stands; body.c */
enum chunk_place {
	CHUNK_SIZE_BEGIN,
	CHUNK_SIZE,
	CHUNK_EXTENSION,
	CHUNK_SIZE_LF,
	CHUNK_DATA, /* and the CR behind it */
	CHUNK_DATA_LF,
	TRAILER_BEGIN,
	TRAILER_NAME,
	TRAILER_VALUE,
	TRAILER_LF,
	CHUNK_END_LF,
};

struct reader {
	struct arena *arena;
	const struct http_limits *limits;
	struct http_message *message;

	struct buffer head;
	size_t line_start, request_line_end;
	size_t line_count; /* complete lines, the request line included */
	bool blank_skipped;
	size_t header_capacity, last_value_size;

	bool head_done;
	bool understood;  /* the message can be looked at */
	bool old_version; /* HTTP/1.0 */
	bool has_body, chunked, keep_alive, expects_continue;

	char *body; /* what the owner has not taken away yet */
	size_t body_held, body_capacity;
	uint64_t body_limit;
	uint64_t body_size;      /* so far */
	uint64_t body_remaining; /* of the body, or of the chunk */
	uint64_t framing_size;   /* chunked: bytes that are not body */
	enum chunk_place place;

	int status;       /* of the refusal */
	const char *code; /* "http.host" */
};

/* `message` is filled as the head is understood; all memory comes from the arena. */
void reader_begin(struct reader *reader, struct arena *arena, const struct http_limits *limits,
	struct http_message *message);

/* Both take as many bytes as belong to their part and tell how many in *used. */
enum progress reader_head(struct reader *reader, const char *data, size_t size, size_t *used);
enum progress reader_body(struct reader *reader, const char *data, size_t size, size_t *used);

/* For the reader's own files: notes the refusal. */
enum progress reader_refuse(struct reader *reader, int status, const char *code);

/* The lower case of a byte that may stand in a token (RFC 9110, 5.6.2); 0 for any other. */
extern const char token_lower[256];

#endif
