/*
 * A spreadsheet in a memfd. In constant memory a row is final as soon as the next one begins, which is how a table is
 * written anyhow; the rows themselves lie in /dev/shm until they are packed.
 */
#include "spreadsheet.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

struct spreadsheet {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	size_t columns;
	lxw_row_t row;
	int file;
};

static enum result not_built(struct error *error, const char *what)
{
	return trouble(error, BROKEN, "export.not_built", "spreadsheet: %s", what);
}

static lxw_workbook *book_in_memory(int file)
{
	static char memory[] = "/dev/shm";
	lxw_workbook_options options = {
		.constant_memory = LXW_TRUE, .tmpdir = access(memory, W_OK) ? NULL : memory};
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return workbook_new_opt(path, &options);
}

static void headings_write(
	struct spreadsheet *book, const char *const *headings, const double *widths)
{
	lxw_format *bold = workbook_add_format(book->book);

	format_set_bold(bold);
	for (size_t i = 0; i < book->columns; i++) {
		worksheet_set_column(book->sheet, (lxw_col_t)i, (lxw_col_t)i, widths[i], NULL);
		worksheet_write_string(book->sheet, 0, (lxw_col_t)i, headings[i], bold);
	}
	worksheet_freeze_panes(book->sheet, 1, 0);
}

/* One thread at a time: the library asks gmtime(), which answers all of them in the same place. */
static lxw_error book_pack(lxw_workbook *book)
{
	static pthread_mutex_t packing = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&packing);
	lxw_error failed = workbook_close(book);
	pthread_mutex_unlock(&packing);
	return failed;
}

/* An unfinished one is finished into nothing, which is how the library lets go of it. */
void spreadsheet_close(struct spreadsheet **book)
{
	if (!*book)
		return;
	if ((*book)->book)
		(void)book_pack((*book)->book);
	if ((*book)->file >= 0)
		(void)close((*book)->file);
	free(*book);
	*book = NULL;
}

enum result spreadsheet_open(const char *sheet_name, const char *const *headings,
	const double *widths, size_t columns, struct spreadsheet **out, struct error *error)
{
	struct spreadsheet *book = calloc(1, sizeof(*book));

	if (!book)
		abort();
	book->columns = columns;
	book->file = memfd_create("spreadsheet", MFD_CLOEXEC);
	book->book = book->file < 0 ? NULL : book_in_memory(book->file);
	book->sheet = book->book ? workbook_add_worksheet(book->book, sheet_name) : NULL;
	if (!book->sheet) {
		spreadsheet_close(&book);
		return not_built(error, "cannot begin");
	}
	headings_write(book, headings, widths);
	*out = book;
	return OK;
}

enum result spreadsheet_row(struct spreadsheet *book, const char *const *cells, struct error *error)
{
	book->row++;
	for (size_t i = 0; i < book->columns; i++) {
		lxw_error failed = cells[i] ? worksheet_write_string(book->sheet, book->row,
						      (lxw_col_t)i, cells[i], NULL)
					    : LXW_NO_ERROR;

		if (failed)
			return not_built(error, lxw_strerror(failed));
	}
	return OK;
}

enum result spreadsheet_finish(
	struct spreadsheet *book, struct arena *arena, struct bytes *out, struct error *error)
{
	lxw_workbook *finished = book->book;
	struct stat facts;

	book->book = NULL;
	lxw_error failed = book_pack(finished);
	if (failed)
		return not_built(error, lxw_strerror(failed));
	if (fstat(book->file, &facts))
		return not_built(error, "cannot be read");

	size_t size = (size_t)facts.st_size;
	uint8_t *bytes = arena_alloc(arena, size);
	if (pread(book->file, bytes, size, 0) != (ssize_t)size)
		return not_built(error, "cannot be read");
	*out = bytes_of(bytes, size);
	return OK;
}
