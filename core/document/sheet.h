/*
 * What the papers filled in by hand have in common: title, foot, the example's red, work history, signature lines.
 *
 * Rows are at least 9 mm high, so that a pen has room.
 */
#ifndef KAOWU_DOCUMENT_SHEET_H
#define KAOWU_DOCUMENT_SHEET_H

#include "form.h"
#include "page.h"

#define SHEET_ROW      9.5
#define SHEET_HEADING  9.0 /* with the space above it */
#define SHEET_WORK_ROW 13.0

struct sheet {
	struct page *page;
	const struct form_facts *facts;
	enum form_copy copy;
	const char *title;
	double y; /* where the next thing goes */
};

/* Opens a document of `pages` sheets besides those that work history continues on; close sheet.page. */
struct sheet sheet_open(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	const char *title, unsigned pages);

/* Begins the next page with its title, and the barcode of the application where there is one. */
enum result sheet_begin(struct sheet *sheet, struct error *error) MUST_CHECK;

/* The text on an example, NULL on a blank sheet. */
const char *sheet_hand(const struct sheet *sheet, const char *text);

/* Each draws from sheet->y over the full width, and moves it. */
void sheet_heading(struct sheet *sheet, const char *text);
void sheet_row(struct sheet *sheet, double height, const struct cell *cells, size_t count);
/* A label and squares for the digits of a number. */
void sheet_digits(
	struct sheet *sheet, double width, const char *label, unsigned count, const char *example);
/* Signature and date. */
void sheet_signature(struct sheet *sheet);
/* Numbered notes in small type, shrunk so that they end above the foot. */
void sheet_notes(struct sheet *sheet, const char *text);
/* A bold frame around everything since `top`. */
void sheet_frame(struct sheet *sheet, double top);

/* The first rows of work history, as many as every sheet has (FORM_WORK_ROWS). */
void sheet_work(struct sheet *sheet);
/* Further pages for the rows that are left (S5); none if none are. */
enum result sheet_work_continue(struct sheet *sheet, struct error *error) MUST_CHECK;

#endif
