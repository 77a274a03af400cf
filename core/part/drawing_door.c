/*
 * Drawing as the server has it: each function loads kaowu-drawing, if it has not been, and goes on there.
 *
 * What stands here keeps the functions of core/document out of the server, since the linker takes the first of a name.
 * One that the server calls and that is missing here would come in behind, with its library, as a test of the server
 * would tell (tests/http/http.test.mjs).
 */
#include "drawing.h"

#include <stdlib.h>

#include "base/part.h"
#include "document/face.h"
#include "document/glib_log.h"

/* GLib aborts where there is no memory, which is clean; but its own allocator (until 2.76) then waits for a lock that
 * it holds itself. It reads this when it is loaded, and only here nobody else reads the environment yet. */
__attribute__((constructor)) static void glib_prepare(void)
{
	(void)setenv("G_SLICE", "always-malloc", 1);
}

/* NULL if it cannot be loaded, and then `error` (may be NULL) says why. */
static const struct drawing *loaded(struct error *error)
{
	static struct part part = {.symbol = "kaowu_drawing",
		.prepare = glib_listen,
		.lock = PTHREAD_MUTEX_INITIALIZER};

	return part_load(&part, embedded_find_in(part_files, part_count, "kaowu-drawing"), error);
}

/* ---- Faces ---- */

/* Files that lie where they usually do are there: nothing is loaded to hear that. */
enum result font_find(struct error *error)
{
	size_t found = 0;

	while (found < FACES && face_file(&faces[found]))
		found++;
	if (found == FACES)
		return OK;
	const struct drawing *drawing = loaded(error);
	return drawing ? drawing->font_find(error) : BROKEN;
}

enum result font_check(struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->font_check(error) : BROKEN;
}

/* What cannot be drawn at all is the operator's trouble, not that of who types. */
bool font_covers(struct arena *arena, const char *text, const char **missing)
{
	const struct drawing *drawing = loaded(NULL);

	return !drawing || drawing->font_covers(arena, text, missing);
}

/* ---- Papers ---- */

enum result cover_render(struct arena *arena, const struct cover_facts *facts, struct bytes *pdf,
	struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->cover_render(arena, facts, pdf, error) : BROKEN;
}

enum result package_build(
	struct arena *arena, const struct form_facts *facts, struct bytes *zip, struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->package_build(arena, facts, zip, error) : BROKEN;
}

enum result ticket_render(struct arena *arena, const struct ticket_facts *facts, struct bytes *pdf,
	struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->ticket_render(arena, facts, pdf, error) : BROKEN;
}

enum result tickets_open(struct arena *arena, const char *title, int64_t made_at, struct page **out,
	struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->tickets_open(arena, title, made_at, out, error) : BROKEN;
}

/* Who has a page or a spreadsheet has it from there. */

enum result tickets_add(struct page *tickets, const struct ticket_facts *facts, struct error *error)
{
	return loaded(error)->tickets_add(tickets, facts, error);
}

enum result page_finish(struct page *page, struct bytes *pdf, struct error *error)
{
	return loaded(error)->page_finish(page, pdf, error);
}

void page_close(struct page **page)
{
	if (*page)
		loaded(NULL)->page_close(page);
}

/* ---- Spreadsheets ---- */

enum result spreadsheet_open(const char *sheet_name, const char *const *headings,
	const double *widths, size_t columns, struct spreadsheet **out, struct error *error)
{
	const struct drawing *drawing = loaded(error);

	return drawing ? drawing->spreadsheet_open(
				 sheet_name, headings, widths, columns, out, error)
		       : BROKEN;
}

enum result spreadsheet_row(struct spreadsheet *book, const char *const *cells, struct error *error)
{
	return loaded(error)->spreadsheet_row(book, cells, error);
}

enum result spreadsheet_finish(
	struct spreadsheet *book, struct arena *arena, struct bytes *out, struct error *error)
{
	return loaded(error)->spreadsheet_finish(book, arena, out, error);
}

void spreadsheet_close(struct spreadsheet **book)
{
	if (*book)
		loaded(NULL)->spreadsheet_close(book);
}
