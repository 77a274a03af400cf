/*
 * UTF-8 text.
 */
#include "text.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "bytes.h"

#define IDEOGRAPHIC_SPACE 0x3000
#define FULL_WIDTH_FIRST  0xff01
#define FULL_WIDTH_LAST   0xff5e
#define FULL_WIDTH_OFFSET 0xfee0

/* Length of the sequence that a lead byte begins, and the least code point that it may encode; 0 if it may not lead. */
static size_t sequence_length(uint8_t lead, uint32_t *least)
{
	static const uint32_t leasts[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = lead < 0x80                    ? 1
			: lead >= 0xc2 && lead <= 0xdf ? 2
			: lead >= 0xe0 && lead <= 0xef ? 3
			: lead >= 0xf0 && lead <= 0xf4 ? 4
						       : 0;

	*least = leasts[length];
	return length;
}

/* One code point from at most `size` bytes: its length, or 0 if the bytes are not UTF-8. */
static size_t decode(const uint8_t *data, size_t size, uint32_t *point)
{
	uint32_t least, value;
	size_t length = sequence_length(data[0], &least);

	if (length == 0 || length > size)
		return 0;
	value = length == 1 ? data[0] : data[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (data[i] & 0x3fu);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return length;
}

size_t text_unit(const char *text, size_t size)
{
	uint32_t point;

	return size > 0 ? decode((const uint8_t *)text, size, &point) : 0;
}

/* How many of the bytes are ASCII before the first that is not, eight at a time. */
static size_t ascii_run(const char *text, size_t size)
{
	const uint64_t high_bits = UINT64_C(0x8080808080808080);
	uint64_t word;
	size_t run = 0;

	for (; size - run >= sizeof(word); run += sizeof(word)) {
		memcpy(&word, text + run, sizeof(word));
		if (word & high_bits)
			break;
	}
	while (run < size && !((unsigned char)text[run] & 0x80))
		run++;
	return run;
}

bool text_is_utf8(const char *text, size_t size)
{
	for (size_t i = ascii_run(text, size); i < size; i += ascii_run(text + i, size - i)) {
		size_t length = text_unit(text + i, size - i);

		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

int32_t text_next(const char **text)
{
	uint32_t point;
	size_t length;

	if (!**text)
		return -1;
	length = decode((const uint8_t *)*text, strnlen(*text, 4), &point);
	assert(length > 0);
	*text += length;
	return (int32_t)point;
}

size_t text_length(const char *text)
{
	size_t length = 0;

	for (; *text; text++)
		length += ((uint8_t)*text & 0xc0) != 0x80;
	return length;
}

bool text_equal(const char *left, const char *right)
{
	if (!left || !right)
		return left == right;
	return strcmp(left, right) == 0;
}

bool text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Unicode's white space, and what cannot be seen: zero-width spaces, and the marks of direction that some
 * address books put around a number. */
static bool is_space(int32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0xa0 ||
	       point == 0x1680 || (point >= 0x2000 && point <= 0x200f) ||
	       (point >= 0x2028 && point <= 0x202f) || (point >= 0x205f && point <= 0x2064) ||
	       (point >= 0x2066 && point <= 0x2069) || point == IDEOGRAPHIC_SPACE ||
	       point == 0xfeff;
}

uint32_t text_hash(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

bool text_has_control(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < ' ' || *at == 0x7f || (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
			return true;
	return false;
}

bool text_blank(const char *text)
{
	int32_t point = 0;

	while (text && (point = text_next(&text)) >= 0) {
		if (!is_space(point))
			return false;
	}
	return true;
}

static void append_point(struct buffer *buffer, uint32_t point)
{
	uint8_t bytes[4];
	size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (size_t i = length - 1; i > 0; i--) {
		bytes[i] = (uint8_t)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	bytes[0] = (uint8_t)(length == 1 ? point : (0xf00u >> length & 0xffu) | point);
	buffer_append(buffer, bytes, length);
}

static int32_t half_width(int32_t point)
{
	if (point == IDEOGRAPHIC_SPACE)
		return ' ';
	if (point >= FULL_WIDTH_FIRST && point <= FULL_WIDTH_LAST)
		return point - FULL_WIDTH_OFFSET;
	return point;
}

/* Letters and digits alone: what stands between them is how Chinese is written. */
static int32_t half_width_word(int32_t point)
{
	int32_t half = half_width(point);
	bool word = half < 0x80 && isalnum(half);

	return word || point == IDEOGRAPHIC_SPACE ? half : point;
}

static char *buffer_string(struct buffer *buffer)
{
	return buffer->data ? buffer->data : arena_text(buffer->arena, "");
}

static char *normalised(struct arena *arena, const char *text, int32_t (*shape)(int32_t point))
{
	if (!text)
		return NULL;

	struct buffer out = buffer_in(arena, strlen(text) + 1);
	size_t end = 0;
	int32_t point;

	while ((point = text_next(&text)) >= 0) {
		if (is_space(point) && out.size == 0)
			continue;
		append_point(&out, (uint32_t)shape(point));
		if (!is_space(point))
			end = out.size;
	}
	if (out.data)
		out.data[end] = '\0';
	return buffer_string(&out);
}

char *text_normalise(struct arena *arena, const char *text)
{
	return normalised(arena, text, half_width);
}

char *text_normalise_prose(struct arena *arena, const char *text)
{
	return normalised(arena, text, half_width_word);
}

char *text_compact(struct arena *arena, const char *text)
{
	if (!text)
		return NULL;

	struct buffer out = buffer_in(arena, strlen(text) + 1);
	int32_t point;

	while ((point = text_next(&text)) >= 0) {
		point = half_width(point);
		if (!is_space(point) && point != '-')
			append_point(&out, (uint32_t)point);
	}
	return buffer_string(&out);
}

char *text_mask(struct arena *arena, const char *text, size_t head, size_t tail)
{
	size_t length = text_length(text), number = 0;
	struct buffer out = buffer_in(arena, strlen(text) + 1);
	int32_t point;

	while ((point = text_next(&text)) >= 0) {
		bool shown = head + tail < length && (number < head || number + tail >= length);

		append_point(&out, shown ? (uint32_t)point : '*');
		number++;
	}
	return buffer_string(&out);
}
