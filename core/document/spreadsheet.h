/*
 * One table as a spreadsheet (.xlsx), written row by row in constant memory, by libxlsxwriter.
 *
 * Every cell is text, so that no number of a person loses a digit or becomes 1.1E+17. Nothing of it ever lies on a
 * disk: the library wants files, and is given memory that looks like one. Any thread, one spreadsheet each.
 */
#ifndef KAOWU_DOCUMENT_SPREADSHEET_H
#define KAOWU_DOCUMENT_SPREADSHEET_H

#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/result.h"

struct spreadsheet;

/* A heading row, which stays in view. `widths` are in characters. BROKEN ("export.not_built"). */
enum result spreadsheet_open(const char *sheet_name, const char *const *headings,
	const double *widths, size_t columns, struct spreadsheet **out,
	struct error *error) MUST_CHECK;
/* As many cells as there are headings; NULL is left empty. */
enum result spreadsheet_row(
	struct spreadsheet *book, const char *const *cells, struct error *error) MUST_CHECK;
/* The whole file, in `arena`. */
enum result spreadsheet_finish(struct spreadsheet *book, struct arena *arena, struct bytes *out,
	struct error *error) MUST_CHECK;
void spreadsheet_close(struct spreadsheet **book); /* finished or not; NULL is fine */

#endif
