/*
 * Pages of a list, one way for all of them: rows in the order of a key, at most LIMIT_PAGE at a time, and a cursor that
 * holds the key of the last row shown, so that what comes or goes meanwhile neither repeats nor hides a row.
 *
 * A key is a number, a text, or both. A list of either kind asks for one row more than it shows:
 *
 *     "... WHERE (?1 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3",
 *     BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1))
 *     page_end(tx->arena, page, view, "orders", rows, NULL, "id");
 */
#ifndef KAOWU_EXAM_PAGE_H
#define KAOWU_EXAM_PAGE_H

#include "base/limits.h"
#include "transaction.h"

struct page {
	int64_t most; /* rows */
	bool begun;   /* what follows is the key of the last row of the page before */
	int64_t number;
	const char *text; /* "" if the key has none */
};

#define PAGE_FIRST ((struct page){.most = LIMIT_PAGE, .text = ""})

/* Of a request, as it came; NULL where it says nothing. INVALID at /cursor ("page.cursor") and /limit ("page.limit").
 */
enum result page_read(
	struct transaction *tx, const char *cursor, const char *limit, struct page *out) MUST_CHECK;

/* What a list is narrowed to by a parameter of a few words, NULL for nothing: a fault at /name ("page.choice", which
 * says what is possible) unless it is one of those known. */
void page_choice(struct transaction *tx, const char *name, const char *value,
	const char *const *known, size_t count);
/* Is one said whose only word is "true"? */
bool page_flag(struct transaction *tx, const char *name, const char *value);

/*
 * Puts `rows` (moved) into the view under `name`, without the one too many, and "next": the cursor of the next page, or
 * null. The key is in the members named; NULL where it has none. A number named PAGE_NUMBER is taken out of the rows.
 */
#define PAGE_NUMBER "page_number"
void page_end(struct arena *arena, const struct page *page, json *view, const char *name,
	json *rows, const char *number_member, const char *text_member);

/* The cursor that a page of this last key has. */
char *page_cursor(struct arena *arena, int64_t number, const char *text);

#endif
