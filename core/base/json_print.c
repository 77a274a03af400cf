/*
 * JSON as text again. Not by cJSON_Print: it takes two doubles for equal that differ in their last
 * digit, so that 9007199254740991 comes out as 9.00719925474099e+15.
 *
 * Every answer goes through here: cJSON's nodes are read as they lie, without a call for each.
 */
#include "json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "json_scan.h"
#include "limits.h"

#define NO_INDENT (-1)

static void print_value(struct buffer *out, const json *value, int indent);

static void print_escaped(struct buffer *out, char character)
{
	switch (character) {
	case '"':
		buffer_append(out, "\\\"", 2);
		break;
	case '\\':
		buffer_append(out, "\\\\", 2);
		break;
	case '\n':
		buffer_append(out, "\\n", 2);
		break;
	default:
		buffer_printf(out, "\\u%04x", (unsigned)character);
	}
}

static void print_pieces(struct buffer *out, const char *text, const char *end)
{
	for (;;) {
		const char *stop = json_plain_end(text, end);

		buffer_append(out, text, (size_t)(stop - text));
		if (stop == end)
			return;
		print_escaped(out, *stop);
		text = stop + 1;
	}
}

/* Between quotes, with what stands before and behind in the same piece: most texts go there as they are. Inline in each
 * call, since only there the compiler knows how long those are. */
__attribute__((always_inline)) static inline void print_text(
	struct buffer *out, const char *before, const char *text, const char *behind)
{
	size_t size = strlen(text), first = strlen(before), last = strlen(behind);
	char *room = buffer_room(out, first + size + last);

	if (!room)
		return;
	memcpy(room, before, first);
	if (json_plain_copy(room + first, text, size)) {
		memcpy(room + first + size, behind, last);
		buffer_filled(out, first + size + last);
		return;
	}
	buffer_filled(out, first);
	print_pieces(out, text, text + size);
	buffer_append(out, behind, last);
}

/* As few digits as give the same double back. */
static void print_number(struct buffer *out, const json *value)
{
	char text[32];
	double number = value->valuedouble;

	if (json_is_integer(value)) {
		buffer_integer(out, (int64_t)number);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, number);
		if (strtod(text, NULL) == number)
			break;
	}
	buffer_text(out, text);
}

static void new_line(struct buffer *out, int indent)
{
	if (indent == NO_INDENT)
		return;
	buffer_append(out, "\n", 1);
	for (int i = 0; i < indent; i++)
		buffer_append(out, "  ", 2);
}

/* What stands before a value: a comma if it is not the first, its own line, its name if it has one. */
static void print_lead(struct buffer *out, bool next, const char *name, int indent)
{
	if (name && indent == NO_INDENT && next) {
		print_text(out, ",\"", name, "\":");
	} else if (name && indent == NO_INDENT) {
		print_text(out, "\"", name, "\":");
	} else {
		buffer_append(out, ",", next);
		new_line(out, indent);
		if (name)
			print_text(out, "\"", name, "\": ");
	}
}

static void print_container(struct buffer *out, const json *value, int indent)
{
	bool object = (value->type & 0xff) == cJSON_Object;
	int inner = indent == NO_INDENT ? NO_INDENT : indent + 1;

	buffer_append(out, object ? "{" : "[", 1);
	for (const json *item = value->child; item; item = item->next) {
		print_lead(out, item != value->child, object ? item->string : NULL, inner);
		print_value(out, item, inner);
	}
	if (value->child)
		new_line(out, indent);
	buffer_append(out, object ? "}" : "]", 1);
}

static void print_value(struct buffer *out, const json *value, int indent)
{
	switch (value->type & 0xff) {
	case cJSON_Object:
	case cJSON_Array:
		print_container(out, value, indent);
		break;
	case cJSON_String:
		print_text(out, "\"", value->valuestring, "\"");
		break;
	case cJSON_Number:
		print_number(out, value);
		break;
	case cJSON_True:
		buffer_append(out, "true", 4);
		break;
	case cJSON_False:
		buffer_append(out, "false", 5);
		break;
	case cJSON_Raw:
		buffer_text(out, value->valuestring);
		break;
	default:
		buffer_append(out, "null", 4);
	}
}

static char *print(struct arena *arena, const json *value, int indent)
{
	struct buffer out = buffer_in(arena, LIMIT_REQUEST_ARENA);

	print_value(&out, value, indent);
	assert(!out.overflowed);
	return out.data;
}

char *json_print(struct arena *arena, const json *value)
{
	return print(arena, value, NO_INDENT);
}

char *json_print_pretty(struct arena *arena, const json *value)
{
	return print(arena, value, 0);
}
