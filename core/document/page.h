/*
 * A small layout layer over cairo-pdf and Pango: A4 pages, text that stays in its box, rows of cells.
 *
 * All measures are millimetres from the top left corner, type sizes are points. Text never leaves the box that it
 * was given, and nothing of it is left out: it wraps, then shrinks by half points down to TYPE_SMALLEST, far below
 * what named limits let happen. Drawing cannot fail; cairo keeps the first trouble and page_finish() tells it. The
 * same calls with the same `made_at` give the same bytes. One thread at a time per document; documents on different
 * threads are independent.
 */
#ifndef KAOWU_DOCUMENT_PAGE_H
#define KAOWU_DOCUMENT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/result.h"

#define PAGE_WIDTH  210.0
#define PAGE_HEIGHT 297.0
#define PAGE_MARGIN 18.0
#define PAGE_INNER  (PAGE_WIDTH - 2 * PAGE_MARGIN)
#define PAGE_FOOT   284.0 /* nothing but the foot below this line */

#define TYPE_NOTE     9.0  /* 小五 */
#define TYPE_TEXT     10.5 /* 五号 */
#define TYPE_HEADING  12.0 /* 小四 */
#define TYPE_SMALLEST 1.0

#define LINE_THIN 0.12
#define LINE_BOLD 0.35

struct page;

struct box {
	double x, y, width, height;
};

enum ink { INK_BLACK, INK_GREY, INK_RED, INK_TINT, INK_FAINT };
enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

/* Zero but for `size` is: black, left, in the middle of the height, leading 1.4. */
struct style {
	double size; /* points */
	enum ink ink;
	enum align align;
	bool top;        /* at the top of the box, not in the middle */
	double leading;  /* line height in sizes; 0: 1.4 */
	double tracking; /* points added between characters */
};

struct page_about {
	const char *title, *author; /* of the PDF */
	const char *foot;           /* left in every page's foot; may be NULL */
	int64_t made_at;            /* creation date */
	/* How many there will be: page_finish() asserts it. 0: papers of which page_paper() tells. */
	unsigned pages;
};

/* Opens a document; the first page begins with page_begin(). Close it with CLEANUP(page_close). */
struct page *page_open(struct arena *arena, const struct page_about *about);
void page_close(struct page **page); /* NULL is fine */
void page_begin(struct page *page);  /* next page, with its foot: "第 1 页 共 2 页" */
/* What stands in the feet of an application's papers: its number, and what their content hashes to, if anything. */
const char *page_foot_text(struct arena *arena, const char *number, const char *hash);
/* The pages that begin from now on are a paper of their own: what its feet say, and how many there will be. */
void page_paper(struct page *page, const char *foot, unsigned pages);
struct arena *page_arena(struct page *page);

/* Ends the document. BROKEN ("document.broken") with cairo's word for it, or what
 * font_check() said as it was opened. */
enum result page_finish(struct page *page, struct bytes *pdf, struct error *error) MUST_CHECK;

/* Text in a box; returns the height that it took. NULL draws nothing. */
double page_text(struct page *page, struct box box, struct style style, const char *text);
/* The height that it would take at its own size. Draws nothing, and may be asked before the first page. */
double page_text_height(struct page *page, double width, struct style style, const char *text);

void page_line(struct page *page, double x1, double y1, double x2, double y2);
void page_dashes(struct page *page, double x1, double y1, double x2, double y2);
void page_frame(struct page *page, struct box box, double weight);
/* Fills all boxes as one path, so that neighbours leave no seam. */
void page_fill(struct page *page, const struct box *boxes, size_t count, enum ink ink);

/* A square of `side` by `side` modules, black where the lowest bit of a module's byte is set. */
void page_modules(struct page *page, struct box box, const uint8_t *modules, unsigned side);

/* A JPEG, its bytes embedded as they are, as large as the box allows, in its middle. INVALID ("document.photo")
 * unless it is an 8-bit grey or colour JPEG. */
enum result page_photo(
	struct page *page, struct box box, struct bytes jpeg, struct error *error) MUST_CHECK;

/* Rows of a table. */
enum cell_kind {
	CELL_LABEL, /* tinted, centred */
	CELL_VALUE, /* printed */
	CELL_HAND,  /* written by hand: red where an example shows how */
	CELL_CENTRE /* printed, centred */
};

struct cell {
	double width;
	enum cell_kind kind;
	const char *text; /* NULL: empty */
	double size;      /* points; 0: TYPE_TEXT */
};

/* Draws a row of framed cells from the left; returns the y of the next row. */
double page_row(struct page *page, double x, double y, double height, const struct cell *cells,
	size_t count);
/* A cell divided into `count` squares for one character each. */
void page_squares(
	struct page *page, struct box box, unsigned count, enum ink ink, const char *text);

/* "2026年11月22日", "09:00", "星期日" in Asia/Shanghai. */
char *page_day(struct arena *arena, int64_t at);
char *page_clock(struct arena *arena, int64_t at);
const char *page_weekday(int64_t at);
/* As the end of something: midnight is that of the day before, "24:00", which is misread by nobody. Its day is that of
 * page_end_day(). */
const char *page_end_clock(struct arena *arena, int64_t at);
int64_t page_end_day(int64_t at);

#endif
