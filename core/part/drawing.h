/*
 * What the server has of drawing: the one table of the part kaowu-drawing, in which Pango, Cairo, fontconfig and the
 * like are.
 *
 * The functions are those of core/document, which callers go on calling by their names: the server is linked with
 * drawing_door.c in their place, tests with themselves.
 */
#ifndef KAOWU_PART_DRAWING_H
#define KAOWU_PART_DRAWING_H

#include "document/cover.h"
#include "document/font.h"
#include "document/form.h"
#include "document/page.h"
#include "document/spreadsheet.h"
#include "document/ticket.h"

struct drawing {
	__typeof__(font_find) *font_find;
	__typeof__(font_check) *font_check;
	__typeof__(font_covers) *font_covers;
	__typeof__(cover_render) *cover_render;
	__typeof__(package_build) *package_build;
	__typeof__(ticket_render) *ticket_render;
	__typeof__(tickets_open) *tickets_open;
	__typeof__(tickets_add) *tickets_add;
	__typeof__(page_finish) *page_finish;
	__typeof__(page_close) *page_close;
	__typeof__(spreadsheet_open) *spreadsheet_open;
	__typeof__(spreadsheet_row) *spreadsheet_row;
	__typeof__(spreadsheet_finish) *spreadsheet_finish;
	__typeof__(spreadsheet_close) *spreadsheet_close;
};

extern __attribute__((visibility("default"))) const struct drawing kaowu_drawing;

#endif
