/*
 * One JSON object a line, in one write.
 */
#include "log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "clock.h"

#define LINE_SIZE 4096

static _Atomic int least_level = LOG_INFO;

/* A line under construction; what does not fit is left out, and the line stays valid JSON. */
struct line {
	char data[LINE_SIZE];
	size_t size;
};

void log_set_level(enum log_level level)
{
	atomic_store(&least_level, (int)level);
}

/* Writes text as a JSON string at `out`, if it fits before `end`: the place behind it, or NULL. */
static char *quote(char *out, const char *end, const char *text)
{
	if (out + 2 > end)
		return NULL;
	*out++ = '"';
	for (; *text; text++) {
		unsigned char character = (unsigned char)*text;

		if (end - out < 8)
			return NULL;
		if (character < 0x20 || character == 0x7f)
			out += snprintf(out, 7, "\\u%04x", character);
		else if (character == '"' || character == '\\')
			out += snprintf(out, 3, "\\%c", character);
		else
			*out++ = (char)character;
	}
	*out++ = '"';
	return out;
}

static void field(struct line *line, const char *name, const char *text)
{
	const char *end = line->data + LINE_SIZE - 3; /* for "}\n" and the NUL */
	char *out = line->data + line->size;

	*out = line->size == 0 ? '{' : ',';
	out = quote(out + 1, end, name);
	if (!out || out >= end)
		return;
	*out++ = ':';
	out = quote(out, end, text);
	if (out)
		line->size = (size_t)(out - line->data);
}

static const char *level_name(enum log_level level)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};

	return names[level];
}

static void now_field(struct line *line)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(4096);

	field(line, "at", moment_text(arena, clock_now_ms()));
}

void log_event(enum log_level level, const char *event, ...)
{
	struct line line = {.size = 0};
	va_list arguments;

	if ((int)level < atomic_load(&least_level))
		return;

	now_field(&line);
	field(&line, "level", level_name(level));
	field(&line, "event", event);
	va_start(arguments, event);
	for (const char *name = va_arg(arguments, const char *); name;
		name = va_arg(arguments, const char *)) {
		const char *text = va_arg(arguments, const char *);

		if (text)
			field(&line, name, text);
	}
	va_end(arguments);

	line.data[line.size++] = '}';
	line.data[line.size++] = '\n';
	if (write(STDERR_FILENO, line.data, line.size) < 0)
		return; /* nobody left to tell */
}

const char *log_number(long long number)
{
	static _Thread_local char slots[8][24];
	static _Thread_local unsigned next;
	char *slot = slots[next++ % COUNT(slots)];

	(void)snprintf(slot, sizeof(slots[0]), "%lld", number);
	return slot;
}
