/*
 * A recursive descent over the grammar of RFC 8259 that builds nothing: cJSON takes over forty
 * kinds of text that are not JSON, so nothing reaches it that has not passed here.
 *
 * The hard thing is numbers: grammar alone is not enough, because a number is kept as a double.
 * One is refused if printing that double with as many digits would not give the same digits back.
 */
#include "json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "limits.h"
#include "text.h"

#define NUMBER_SIZE_MAX   63 /* what cJSON looks at; it would cut a longer one */
#define DIGITS_ALWAYS_FIT 15 /* decimal digits that any double keeps */
#define DIGITS_MAX        17 /* more never come back */

struct scan {
	const char *text, *at, *end;
	int depth;
	struct json_flaw *flaw;
};

static bool scan_value(struct scan *scan);

static bool flawed(struct scan *scan, const char *code, const char *where)
{
	scan->flaw->code = code;
	scan->flaw->offset = (size_t)(where - scan->text);
	return false;
}

static bool unexpected(struct scan *scan)
{
	return flawed(
		scan, scan->at == scan->end ? "json.incomplete" : "json.unexpected", scan->at);
}

static bool next_is(const struct scan *scan, char character)
{
	return scan->at < scan->end && *scan->at == character;
}

static bool take(struct scan *scan, char character)
{
	if (!next_is(scan, character))
		return false;
	scan->at++;
	return true;
}

static void skip_space(struct scan *scan)
{
	while (next_is(scan, ' ') || next_is(scan, '\n') || next_is(scan, '\t') ||
		next_is(scan, '\r'))
		scan->at++;
}

static bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

/* Four hexadecimal digits, or -1. */
static int hex_unit(struct scan *scan)
{
	int unit = 0;

	if (scan->end - scan->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = *scan->at++;
		if (is_digit(c))
			unit = unit * 16 + (c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			unit = unit * 16 + ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return unit;
}

/* Behind "\u": a code point, or two halves of one. */
static bool scan_unicode_escape(struct scan *scan, const char *escape)
{
	int low, unit = hex_unit(scan);

	if (unit < 0)
		return flawed(scan, "json.escape", escape);
	if (unit == 0)
		return flawed(scan, "json.nul", escape);
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit > 0xDBFF || !take(scan, '\\') || !take(scan, 'u'))
		return flawed(scan, "json.surrogate", escape);

	low = hex_unit(scan);
	if (low < 0xDC00 || low > 0xDFFF)
		return flawed(scan, "json.surrogate", escape);
	return true;
}

static bool scan_escape(struct scan *scan)
{
	const char *escape = scan->at++;

	if (scan->at == scan->end)
		return unexpected(scan);
	if (take(scan, 'u'))
		return scan_unicode_escape(scan, escape);
	if (!memchr("\"\\/bfnrt", *scan->at, 8))
		return flawed(scan, "json.escape", escape);
	scan->at++;
	return true;
}

static bool scan_text(struct scan *scan)
{
	const char *start = ++scan->at;

	for (;;) {
		scan->at = json_plain_end(scan->at, scan->end);
		if (scan->at == scan->end || *scan->at == '"')
			break;
		if (*scan->at != '\\')
			return flawed(scan, "json.control", scan->at);
		if (!scan_escape(scan))
			return false;
	}
	if (scan->at == scan->end)
		return flawed(scan, "json.incomplete", scan->at);
	if (!text_is_utf8(start, (size_t)(scan->at - start)))
		return flawed(scan, "json.encoding", start);
	scan->at++;
	return true;
}

/* Goes over a run of digits; tells how many there were. */
static size_t skip_digits(struct scan *scan)
{
	const char *start = scan->at;

	while (scan->at < scan->end && is_digit(*scan->at))
		scan->at++;
	return (size_t)(scan->at - start);
}

/* The digits that count, without leading and trailing zeros, point and exponent. */
static size_t significant_digits(const char *number, char out[NUMBER_SIZE_MAX + 1])
{
	size_t count = 0;

	for (; *number && *number != 'e' && *number != 'E'; number++)
		if (is_digit(*number) && (count || *number != '0'))
			out[count++] = *number;
	while (count && out[count - 1] == '0')
		count--;
	out[count] = '\0';
	return count;
}

static bool survives_as_double(const char *start, size_t size)
{
	char number[NUMBER_SIZE_MAX + 1], digits[NUMBER_SIZE_MAX + 1];
	char again[NUMBER_SIZE_MAX + 1], digits_again[NUMBER_SIZE_MAX + 1];
	size_t count;
	double value;

	if (size > NUMBER_SIZE_MAX)
		return false;
	memcpy(number, start, size);
	number[size] = '\0';
	count = significant_digits(number, digits);
	if (count == 0 || (count <= DIGITS_ALWAYS_FIT && !strpbrk(number, "eE")))
		return true;
	if (count > DIGITS_MAX)
		return false;

	value = strtod(number, NULL);
	snprintf(again, sizeof(again), "%.*e", (int)count - 1, value);
	significant_digits(again, digits_again);
	return strcmp(digits, digits_again) == 0;
}

static bool scan_number(struct scan *scan)
{
	const char *start = scan->at;

	take(scan, '-');
	if (!take(scan, '0') && skip_digits(scan) == 0)
		return flawed(scan, "json.number", start);
	if (scan->at < scan->end && is_digit(*scan->at))
		return flawed(scan, "json.number", start);
	if (take(scan, '.') && skip_digits(scan) == 0)
		return flawed(scan, "json.number", start);
	if (take(scan, 'e') || take(scan, 'E')) {
		if (!take(scan, '+'))
			take(scan, '-');
		if (skip_digits(scan) == 0)
			return flawed(scan, "json.number", start);
	}
	if (!survives_as_double(start, (size_t)(scan->at - start)))
		return flawed(scan, "json.digits", start);
	return true;
}

static bool scan_word(struct scan *scan, const char *word)
{
	size_t size = strlen(word);

	if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
		return flawed(scan, "json.unexpected", scan->at);
	scan->at += size;
	return true;
}

static bool scan_array(struct scan *scan)
{
	scan->at++;
	skip_space(scan);
	if (take(scan, ']'))
		return true;
	do {
		skip_space(scan);
		if (!scan_value(scan))
			return false;
		skip_space(scan);
	} while (take(scan, ','));
	return take(scan, ']') || unexpected(scan);
}

static bool scan_object(struct scan *scan)
{
	scan->at++;
	skip_space(scan);
	if (take(scan, '}'))
		return true;
	do {
		skip_space(scan);
		if (!next_is(scan, '"'))
			return unexpected(scan);
		if (!scan_text(scan))
			return false;
		skip_space(scan);
		if (!take(scan, ':'))
			return unexpected(scan);
		skip_space(scan);
		if (!scan_value(scan))
			return false;
		skip_space(scan);
	} while (take(scan, ','));
	return take(scan, '}') || unexpected(scan);
}

static bool scan_container(struct scan *scan)
{
	bool sound;

	if (scan->depth == LIMIT_JSON_DEPTH)
		return flawed(scan, "json.depth", scan->at);
	scan->depth++;
	sound = *scan->at == '{' ? scan_object(scan) : scan_array(scan);
	scan->depth--;
	return sound;
}

static bool scan_value(struct scan *scan)
{
	if (scan->at == scan->end)
		return unexpected(scan);
	switch (*scan->at) {
	case '{':
	case '[':
		return scan_container(scan);
	case '"':
		return scan_text(scan);
	case 't':
		return scan_word(scan, "true");
	case 'f':
		return scan_word(scan, "false");
	case 'n':
		return scan_word(scan, "null");
	default:
		return *scan->at == '-' || is_digit(*scan->at) ? scan_number(scan)
							       : unexpected(scan);
	}
}

bool json_scan(const char *text, size_t size, struct json_flaw *flaw)
{
	struct scan scan = {.text = text, .at = text, .end = text + size, .flaw = flaw};

	skip_space(&scan);
	if (scan.at == scan.end)
		return flawed(&scan, "json.empty", scan.at);
	if (!scan_value(&scan))
		return false;
	skip_space(&scan);
	if (scan.at < scan.end)
		return flawed(&scan, "json.trailing", scan.at);
	return true;
}

size_t json_scan_name(const char *text, size_t size, size_t number)
{
	struct json_flaw none;
	struct scan scan = {.text = text, .at = text, .end = text + size, .flaw = &none};

	while (scan.at < scan.end) {
		const char *start = scan.at;
		if (*start != '"') {
			scan.at++;
			continue;
		}
		if (!scan_text(&scan))
			return size;
		skip_space(&scan);
		if (next_is(&scan, ':') && number-- == 0)
			return (size_t)(start - text);
	}
	return size;
}
