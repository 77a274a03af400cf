/*
 * JSON as text again. Not by cJSON_Print: it takes two doubles for equal that differ in their last
 * digit, so that 9007199254740991 comes out as 9.00719925474099e+15.
 */
#include "json.h"

#include <assert.h>
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

static void print_text(struct buffer *out, const char *text)
{
	const char *end = text + strlen(text);

	buffer_append(out, "\"", 1);
	for (;;) {
		const char *stop = json_plain_end(text, end);

		buffer_append(out, text, (size_t)(stop - text));
		if (stop == end)
			break;
		print_escaped(out, *stop);
		text = stop + 1;
	}
	buffer_append(out, "\"", 1);
}

/* As few digits as give the same double back. */
static void print_number(struct buffer *out, const json *value)
{
	char text[32];
	double number = json_number(value);

	if (json_is_integer(value)) {
		buffer_integer(out, json_integer(value));
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

static void print_container(struct buffer *out, const json *value, int indent)
{
	bool object = json_is_object(value);
	int inner = indent == NO_INDENT ? NO_INDENT : indent + 1;

	buffer_append(out, object ? "{" : "[", 1);
	json_each(item, value)
	{
		if (item != json_first(value))
			buffer_append(out, ",", 1);
		new_line(out, inner);
		if (object) {
			print_text(out, json_name(item));
			buffer_text(out, indent == NO_INDENT ? ":" : ": ");
		}
		print_value(out, item, inner);
	}
	if (json_first(value))
		new_line(out, indent);
	buffer_append(out, object ? "}" : "]", 1);
}

static void print_value(struct buffer *out, const json *value, int indent)
{
	switch (json_kind(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		print_container(out, value, indent);
		break;
	case JSON_TEXT:
		print_text(out, json_text(value));
		break;
	case JSON_NUMBER:
		print_number(out, value);
		break;
	case JSON_BOOLEAN:
		buffer_text(out, json_true(value) ? "true" : "false");
		break;
	case JSON_EMBEDDED:
		buffer_text(out, json_embedded(value));
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
