/*
 * A run of bytes that somebody else owns, and a buffer that grows inside an arena.
 */
#ifndef KAOWU_BASE_BYTES_H
#define KAOWU_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct bytes {
	const uint8_t *data;
	size_t size;
};

/* Born with a maximum; past it `overflowed` is set and further appends do nothing. */
struct buffer {
	struct arena *arena;
	char *data;                     /* NUL-terminated whenever data is not NULL */
	size_t size, capacity, maximum; /* `capacity` is at most one more than the maximum */
	int overflowed;
};

struct buffer buffer_in(struct arena *arena, size_t maximum);
/* Makes room for `more` bytes and the NUL; 0 once the maximum is passed. */
int buffer_grow(struct buffer *buffer, size_t more);
/* Where `size` bytes belong, of which buffer_filled() then tells how many were written; NULL once the maximum is
 * passed. */
static inline char *buffer_room(struct buffer *buffer, size_t size)
{
	if (size >= buffer->capacity - buffer->size && !buffer_grow(buffer, size))
		return NULL;
	return buffer->data + buffer->size;
}

static inline void buffer_filled(struct buffer *buffer, size_t size)
{
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
}

/* Inline, since most of what is appended is a byte or two whose number the compiler knows. */
static inline void buffer_append(struct buffer *buffer, const void *data, size_t size)
{
	char *room = buffer_room(buffer, size);

	if (!room)
		return;
	if (size > 0)
		memcpy(room, data, size);
	buffer_filled(buffer, size);
}

void buffer_text(struct buffer *buffer, const char *text);
void buffer_integer(struct buffer *buffer, int64_t number);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct bytes buffer_bytes(const struct buffer *buffer);

/* Eight bytes at once, each of them this one. */
static inline uint64_t word_of(uint8_t byte)
{
	return UINT64_C(0x0101010101010101) * byte;
}

/* Not 0 if one of eight bytes is less than `limit` (at most 0x80), or equal to `byte`. */
static inline uint64_t word_below(uint64_t word, uint8_t limit)
{
	return (word - word_of(limit)) & ~word & word_of(0x80);
}

static inline uint64_t word_holds(uint64_t word, char byte)
{
	return word_below(word ^ word_of((uint8_t)byte), 1);
}

#define INTEGER_SIZE 21 /* bytes of the longest number: a sign, 19 digits, the NUL */
/* Its digits, NUL behind them; they end where `room` does, so that they begin where the result says. */
const char *integer_write(char room[INTEGER_SIZE], int64_t number);

static inline struct bytes bytes_of(const void *data, size_t size)
{
	return (struct bytes){(const uint8_t *)data, size};
}

/* Lower-case hexadecimal, and base64url without padding, both ways. Decoding returns -1 on bad text. */
char *hex_encode(struct arena *arena, const void *data, size_t size);
int hex_decode(const char *text, uint8_t *out, size_t size); /* exactly `size` bytes */
char *base64url_encode(struct arena *arena, const void *data, size_t size);
int base64url_decode(struct arena *arena, const char *text, struct bytes *out);
/* With '+', '/' and padding, as others write it. */
char *base64_encode(struct arena *arena, const void *data, size_t size);
int base64_decode(struct arena *arena, const char *text, struct bytes *out);

/* RFC 3986: all but letters, digits, '-', '.', '_' and '~' become %XX. */
char *percent_encode(struct arena *arena, const char *text);

#endif
