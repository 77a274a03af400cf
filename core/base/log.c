/*
 * One JSON object a line, in one write.
 *
 * A line has room for LINE_SIZE bytes. A text that is too long for what is left is cut between two characters and the
 * fields behind it are left out; the line is whole JSON in any case.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "clock.h"
#include "text.h"

#define LINE_SIZE 4096
#define RESERVED  3 /* for the last quotation mark, "}" and "\n" */

static _Atomic int least_level = LOG_INFO;

struct line {
	char data[LINE_SIZE];
	size_t size;
};

void log_set_level(enum log_level level)
{
	atomic_store(&least_level, (int)level);
}

static bool append(struct line *line, const char *data, size_t size)
{
	if (size > LINE_SIZE - RESERVED - line->size)
		return false;
	memcpy(line->data + line->size, data, size);
	line->size += size;
	return true;
}

/* One character of `unit` bytes, as JSON wants it; 0 stands for a byte that is not UTF-8. */
static bool append_character(struct line *line, const char *character, size_t unit)
{
	char escape[8];

	if (unit == 0)
		return append(line, "\xef\xbf\xbd", 3); /* U+FFFD */
	if (*character == '"' || *character == '\\')
		return append(line, (const char[]){'\\', *character}, 2);
	if ((unsigned char)*character < 0x20 || *character == 0x7f) {
		(void)snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)*character);
		return append(line, escape, 6);
	}
	return append(line, character, unit);
}

static bool append_text(struct line *line, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t unit = text_unit(text, left), step = unit ? unit : 1;

		if (!append_character(line, text, unit))
			return false;
		text += step;
		left -= step;
	}
	return true;
}

/* False once the line is full. A name that does not fit is taken back. */
static bool append_field(struct line *line, const char *name, const char *text)
{
	size_t start = line->size;

	if (!append(line, start == 0 ? "{\"" : ",\"", 2) || !append_text(line, name) ||
		!append(line, "\":\"", 3)) {
		line->size = start;
		return false;
	}

	bool whole = append_text(line, text);
	line->data[line->size++] = '"'; /* reserved */
	return whole && line->size < LINE_SIZE - RESERVED;
}

static bool append_head(struct line *line, enum log_level level, const char *event)
{
	static const char *const names[] = {"debug", "info", "warning", "error"};
	char now[MOMENT_SIZE];

	moment_write(clock_now_ms(), now);
	return append_field(line, "ts", now) && append_field(line, "level", names[level]) &&
	       append_field(line, "event", event);
}

void log_event(enum log_level level, const char *event, ...)
{
	struct line line = {.size = 0};
	va_list arguments;
	const char *name;

	if ((int)level < atomic_load(&least_level))
		return;

	bool room = append_head(&line, level, event);
	va_start(arguments, event);
	while (room && (name = va_arg(arguments, const char *))) {
		const char *text = va_arg(arguments, const char *);

		if (text)
			room = append_field(&line, name, text);
	}
	va_end(arguments);
	line.data[line.size++] = '}';
	line.data[line.size++] = '\n';

	while (write(STDERR_FILENO, line.data, line.size) < 0 && errno == EINTR)
		; /* any other failure: nobody is left to be told */
}

const char *log_number(long long number)
{
	static _Thread_local char slots[8][24];
	static _Thread_local unsigned next;
	char *slot = slots[next++ % COUNT(slots)];

	(void)snprintf(slot, sizeof(slots[0]), "%lld", number);
	return slot;
}
