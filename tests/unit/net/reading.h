/*
 * A reader fed by hand, and all that it tells as one text, so that two readings can be compared. For the unit tests and
 * the fuzzer.
 */
#ifndef TEST_NET_READING_H
#define TEST_NET_READING_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "net/reader.h"

struct reading {
	struct arena *arena;
	struct http_limits limits;
	struct http_message message;
	struct reader reader;
	bool ended;
	size_t used;
};

static inline void reading_begin(struct reading *reading, const struct http_limits *limits)
{
	*reading = (struct reading){.arena = arena_create(8u << 20), .limits = *limits};
	reader_begin(&reading->reader, reading->arena, &reading->limits, &reading->message);
}

static inline void reading_end(struct reading *reading)
{
	arena_destroy(reading->arena);
}

/* One call for the head or for the body, whichever is due. The piece is gone afterwards: a reader that has kept a
 * pointer into it is found out by AddressSanitizer. */
static inline size_t reading_step(struct reading *reading, const char *data, size_t size)
{
	struct reader *reader = &reading->reader;
	char *piece = malloc(size);
	enum progress progress;
	size_t used = 0;

	assert(piece);
	memcpy(piece, data, size);
	if (!reader->understood) {
		progress = reader_head(reader, piece, size, &used);
		reading->ended = progress == PROGRESS_REFUSED ||
				 (progress == PROGRESS_DONE && !reader->has_body);
	} else {
		progress = reader_body(reader, piece, size, &used);
		reading->ended = progress != PROGRESS_MORE;
	}
	free(piece);
	assert(used > 0 && used <= size);
	return used;
}

static inline void reading_feed(struct reading *reading, const char *data, size_t size)
{
	for (size_t done = 0; done < size && !reading->ended;) {
		size_t piece = size - done < READ_SIZE ? size - done : READ_SIZE;
		size_t used = reading_step(reading, data + done, piece);

		done += used;
		reading->used += used;
	}
}

static inline const char *reading_told(const struct reading *reading)
{
	const struct http_message *message = &reading->message;
	const struct reader *reader = &reading->reader;
	struct buffer text = buffer_in(reading->arena, 1u << 20);

	if (!reading->ended)
		return "unfinished";
	if (reader->code) {
		buffer_printf(&text, "%d %s", reader->status, reader->code);
		return text.data;
	}
	buffer_printf(&text, "200 %s target=%s path=%s query=%s host=%s\n", message->method,
		message->target, message->path, message->query, message->host);
	for (size_t i = 0; i < message->header_count; i++)
		buffer_printf(
			&text, "%s: %s\n", message->headers[i].name, message->headers[i].value);
	buffer_printf(&text, "keep %d continue %d body %zu:", reader->keep_alive,
		reader->expects_continue, reader->body_held);
	if (reader->body_held > 0)
		buffer_append(&text, reader->body, reader->body_held);
	return text.data;
}

#endif
