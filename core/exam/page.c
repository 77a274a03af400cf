/*
 * Cursors: "<number>.<text>". They are nobody's to make up, but one that was made up does no harm: it is a place in a
 * list that the caller may see.
 */
#include "page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define DIGITS_MOST 18 /* any of them fits */

/* A whole text of digits, from least to most. */
static bool number_read(const char *text, int64_t least, int64_t most, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	int64_t value = digits > 0 && digits <= DIGITS_MOST ? strtoll(text, NULL, 10) : -1;

	if (text[digits] || value < least || value > most)
		return false;
	*out = value;
	return true;
}

static bool cursor_read(struct transaction *tx, const char *cursor, struct page *out)
{
	const char *dot = strchr(cursor, '.');

	if (!dot || !number_read(arena_text_part(tx->arena, cursor, (size_t)(dot - cursor)), 0,
			    INT64_MAX, &out->number))
		return false;
	out->begun = true;
	out->text = dot + 1;
	return true;
}

enum result page_read(
	struct transaction *tx, const char *cursor, const char *limit, struct page *out)
{
	*out = PAGE_FIRST;
	if (cursor && !cursor_read(tx, cursor, out))
		fault_add(tx->error, "/cursor", "page.cursor", NULL);
	if (limit && !number_read(limit, 1, LIMIT_PAGE, &out->most))
		fault_add(tx->error, "/limit", "page.limit", "most",
			arena_printf(tx->arena, "%d", LIMIT_PAGE), NULL);
	return refuse_faults(tx->error);
}

void page_choice(struct transaction *tx, const char *name, const char *value,
	const char *const *known, size_t count)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++) {
		if (!value || text_equal(known[i], value))
			return;
		all = arena_printf(tx->arena, "%s%s%s", all, i > 0 ? " | " : "", known[i]);
	}
	fault_add(tx->error, arena_printf(tx->arena, "/%s", name), "page.choice", "name", name,
		"known", all, NULL);
}

bool page_flag(struct transaction *tx, const char *name, const char *value)
{
	static const char *const known[] = {"true"};

	page_choice(tx, name, value, known, COUNT(known));
	return value;
}

char *page_cursor(struct arena *arena, int64_t number, const char *text)
{
	return arena_printf(arena, "%" PRId64 ".%s", number, text ? text : "");
}

void page_end(struct arena *arena, const struct page *page, json *view, const char *name,
	json *rows, const char *number_member, const char *text_member)
{
	const char *next = NULL;
	int64_t count = 0;

	json_each(row, rows)
	{
		if (++count == page->most && json_next(row))
			next = page_cursor(arena,
				number_member ? json_get_integer(row, number_member) : 0,
				text_member ? json_get_text(row, text_member) : NULL);
		json_remove(row, PAGE_NUMBER);
	}
	json_shorten(rows, (size_t)page->most);
	json_set(arena, view, name, rows);
	json_set_text(arena, view, "next", next);
}
