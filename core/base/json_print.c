/*
 * JSON as text again. Not by cJSON_Print: it takes two doubles for equal that differ in their last
 * digit, so that 9007199254740991 comes out as 9.00719925474099e+15.
 */
#include "json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "limits.h"

#define NO_INDENT (-1)

static void print_value(struct buffer *out, const json *value, int indent);

static void print_text(struct buffer *out, const char *text)
{
	const char *plain = text;

	buffer_append(out, "\"", 1);
	for (; *text; text++) {
		if ((unsigned char)*text >= 0x20 && *text != '"' && *text != '\\')
			continue;
		buffer_append(out, plain, (size_t)(text - plain));
		plain = text + 1;
		switch (*text) {
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
			buffer_printf(out, "\\u%04x", (unsigned)*text);
		}
	}
	buffer_append(out, plain, (size_t)(text - plain));
	buffer_append(out, "\"", 1);
}

/* As few digits as give the same double back. */
static void print_number(struct buffer *out, const json *value)
{
	char text[32];
	double number = json_number(value);

	if (json_is_integer(value)) {
		snprintf(text, sizeof(text), "%" PRId64, json_integer(value));
	} else {
		for (int digits = 15; digits <= 17; digits++) {
			snprintf(text, sizeof(text), "%.*g", digits, number);
			if (strtod(text, NULL) == number)
				break;
		}
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
	if (json_is_object(value) || json_is_array(value))
		print_container(out, value, indent);
	else if (json_is_text(value))
		print_text(out, json_text(value));
	else if (json_is_number(value))
		print_number(out, value);
	else if (json_is_boolean(value))
		buffer_text(out, json_true(value) ? "true" : "false");
	else
		buffer_text(out, "null");
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
