/*
 * Growing buffers, hexadecimal, base64url, base64 and percent-encoding.
 */
#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "arena.h"

struct buffer buffer_in(struct arena *arena, size_t maximum)
{
	return (struct buffer){.arena = arena, .maximum = maximum};
}

int buffer_grow(struct buffer *buffer, size_t more)
{
	if (buffer->overflowed || more > buffer->maximum || buffer->size > buffer->maximum - more) {
		buffer->overflowed = 1;
		buffer->capacity = buffer->size; /* nothing has room from now on */
		return 0;
	}
	if (buffer->size + more + 1 <= buffer->capacity)
		return 1;

	size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
	while (capacity < buffer->size + more + 1)
		capacity *= 2;
	if (capacity - 1 > buffer->maximum)
		capacity = buffer->maximum + 1;

	buffer->data = arena_extend(
		buffer->arena, buffer->data, buffer->capacity, capacity - buffer->capacity);
	buffer->capacity = capacity;
	return 1;
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

const char *integer_write(char room[INTEGER_SIZE], int64_t number)
{
	char *at = room + INTEGER_SIZE - 1;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--at = '-';
	return at;
}

void buffer_integer(struct buffer *buffer, int64_t number)
{
	char room[INTEGER_SIZE];

	buffer_text(buffer, integer_write(room, number));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || !buffer_grow(buffer, (size_t)length))
		return;

	va_start(arguments, format);
	(void)vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->size += (size_t)length;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
	return bytes_of(buffer->data ? buffer->data : "", buffer->size);
}

char *hex_encode(struct arena *arena, const void *data, size_t size)
{
	char *text = arena_alloc(arena, size * 2 + 1);

	return sodium_bin2hex(text, size * 2 + 1, data, size);
}

int hex_decode(const char *text, uint8_t *out, size_t size)
{
	size_t written;

	if (strlen(text) != size * 2 || strspn(text, "0123456789abcdef") != size * 2)
		return -1;
	if (sodium_hex2bin(out, size, text, size * 2, NULL, &written, NULL) || written != size)
		return -1;
	return 0;
}

static char *base64_by(struct arena *arena, const void *data, size_t size, int variant)
{
	size_t room = sodium_base64_encoded_len(size, variant);

	return sodium_bin2base64(arena_alloc(arena, room), room, data, size, variant);
}

static int base64_read(struct arena *arena, const char *text, int variant, struct bytes *out)
{
	size_t length = strlen(text), size;
	uint8_t *data = arena_alloc(arena, length + 1);
	const char *end;

	if (sodium_base642bin(data, length, text, length, NULL, &size, &end, variant) ||
		end != text + length)
		return -1;
	*out = bytes_of(data, size);
	return 0;
}

char *base64url_encode(struct arena *arena, const void *data, size_t size)
{
	return base64_by(arena, data, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

int base64url_decode(struct arena *arena, const char *text, struct bytes *out)
{
	return base64_read(arena, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

char *base64_encode(struct arena *arena, const void *data, size_t size)
{
	return base64_by(arena, data, size, sodium_base64_VARIANT_ORIGINAL);
}

int base64_decode(struct arena *arena, const char *text, struct bytes *out)
{
	return base64_read(arena, text, sodium_base64_VARIANT_ORIGINAL, out);
}

char *percent_encode(struct arena *arena, const char *text)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~";
	struct buffer out = buffer_in(arena, 3 * strlen(text));

	buffer_text(&out, "");
	for (; *text; text++) {
		if (strchr(unreserved, *text))
			buffer_append(&out, text, 1);
		else
			buffer_printf(&out, "%%%02X", (unsigned char)*text);
	}
	return out.data;
}
