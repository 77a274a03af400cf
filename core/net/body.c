/*
 * The body of a request: counted bytes, or chunks whose trailers are dropped.
 *
 * The chunks are ours and not llhttp's: as Debian 12 builds it, it takes any two bytes for the CRLF behind a
 * chunk, and in every build a bare LF behind the last one, which is all that a smuggled request needs. The hard
 * thing is that framing costs nothing to send: it may not outgrow the body that it carries.
 */
#include <assert.h>
#include <string.h>

#include "reader.h"

#define FRAMING_PER_BYTE 8 /* chunks of one byte each cost five */

static size_t smaller(size_t size, uint64_t limit)
{
	return size < limit ? size : (size_t)limit;
}

/* Of a body of which less has come, nobody knows whether the rest will. */
#define SERIOUS_SIZE 4096

/* Grows in few steps, because an arena takes nothing back: soon it gets as much as will be held at once. */
static void make_room(struct reader *reader, size_t more)
{
	size_t needed = reader->body_held + more;
	size_t maximum = reader->limits->body_memory + READ_SIZE;
	size_t capacity = maximum;
	char *grown;

	assert(needed <= maximum);
	if (needed <= reader->body_capacity)
		return;

	if (!reader->chunked)
		capacity = smaller(maximum, reader->body_held + reader->body_remaining);
	if (needed < SERIOUS_SIZE)
		capacity = smaller(capacity, 2 * needed);
	grown = arena_alloc(reader->arena, capacity);
	if (reader->body_held > 0)
		memcpy(grown, reader->body, reader->body_held);
	reader->body = grown;
	reader->body_capacity = capacity;
}

static size_t take_data(struct reader *reader, const char *data, size_t size)
{
	size_t taken = smaller(size, reader->body_remaining);

	make_room(reader, taken);
	memcpy(reader->body + reader->body_held, data, taken);
	reader->body_held += taken;
	reader->body_remaining -= taken;
	reader->body_size += taken;
	return taken;
}

static int chunk_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit = (char)(digit | 0x20);
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static enum progress bad_chunk(struct reader *reader)
{
	return reader_refuse(reader, 400, "http.chunk");
}

static enum progress take_size_digit(struct reader *reader, char byte)
{
	int digit = chunk_digit(byte);

	if (digit < 0)
		return bad_chunk(reader);

	reader->body_remaining = reader->body_remaining * 16 + (uint64_t)digit;
	if (reader->body_remaining > reader->body_limit - reader->body_size)
		return reader_refuse(reader, 413, "http.body_size");
	reader->place = CHUNK_SIZE;
	return PROGRESS_MORE;
}

static enum progress expect_byte(
	struct reader *reader, char byte, char expected, enum chunk_place next)
{
	if (byte != expected)
		return bad_chunk(reader);
	reader->place = next;
	return PROGRESS_MORE;
}

/* Text up to the CR of its line. */
static enum progress take_text(struct reader *reader, char byte, enum chunk_place after)
{
	if (byte == '\r')
		reader->place = after;
	else if (((unsigned char)byte < ' ' && byte != '\t') || byte == 0x7f)
		return bad_chunk(reader);
	return PROGRESS_MORE;
}

static enum progress take_size(struct reader *reader, char byte)
{
	if (byte == '\r')
		return expect_byte(reader, byte, '\r', CHUNK_SIZE_LF);
	if (byte == ';')
		return expect_byte(reader, byte, ';', CHUNK_EXTENSION);
	return take_size_digit(reader, byte);
}

static enum progress take_trailer_name(struct reader *reader, char byte)
{
	if (byte == '\r' && reader->place == TRAILER_BEGIN)
		return expect_byte(reader, byte, '\r', CHUNK_END_LF);
	if (byte == ':' && reader->place == TRAILER_NAME)
		return expect_byte(reader, byte, ':', TRAILER_VALUE);
	if (!token_lower[(unsigned char)byte])
		return bad_chunk(reader);
	reader->place = TRAILER_NAME;
	return PROGRESS_MORE;
}

static enum progress take_framing(struct reader *reader, char byte)
{
	switch (reader->place) {
	case CHUNK_SIZE_BEGIN:
		return take_size_digit(reader, byte);
	case CHUNK_SIZE:
		return take_size(reader, byte);
	case CHUNK_EXTENSION:
		return take_text(reader, byte, CHUNK_SIZE_LF);
	case CHUNK_SIZE_LF:
		return expect_byte(reader, byte, '\n',
			reader->body_remaining > 0 ? CHUNK_DATA : TRAILER_BEGIN);
	case CHUNK_DATA:
		return expect_byte(reader, byte, '\r', CHUNK_DATA_LF);
	case CHUNK_DATA_LF:
		return expect_byte(reader, byte, '\n', CHUNK_SIZE_BEGIN);
	case TRAILER_BEGIN:
	case TRAILER_NAME:
		return take_trailer_name(reader, byte);
	case TRAILER_VALUE:
		return take_text(reader, byte, TRAILER_LF);
	case TRAILER_LF:
		return expect_byte(reader, byte, '\n', TRAILER_BEGIN);
	case CHUNK_END_LF:
		return byte == '\n' ? PROGRESS_DONE : bad_chunk(reader);
	}
	return bad_chunk(reader);
}

static enum progress take_framing_counted(struct reader *reader, char byte)
{
	reader->framing_size++;
	if (reader->framing_size > reader->limits->headers + FRAMING_PER_BYTE * reader->body_size)
		return bad_chunk(reader);
	return take_framing(reader, byte);
}

static enum progress read_chunks(struct reader *reader, const char *data, size_t size, size_t *used)
{
	enum progress progress = PROGRESS_MORE;
	size_t at = 0;

	while (at < size && progress == PROGRESS_MORE) {
		if (reader->place == CHUNK_DATA && reader->body_remaining > 0)
			at += take_data(reader, data + at, size - at);
		else
			progress = take_framing_counted(reader, data[at++]);
	}
	*used = at;
	return progress;
}

enum progress reader_body(struct reader *reader, const char *data, size_t size, size_t *used)
{
	assert(reader->head_done && reader->has_body && size <= READ_SIZE);
	if (reader->chunked)
		return read_chunks(reader, data, size, used);

	*used = take_data(reader, data, size);
	return reader->body_remaining > 0 ? PROGRESS_MORE : PROGRESS_DONE;
}
