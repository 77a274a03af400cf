/*
 * The table of kaowu-drawing: what of core/document it is made of follows from it.
 */
#include "drawing.h"

const struct drawing kaowu_drawing = {
	.font_find = font_find,
	.font_check = font_check,
	.font_covers = font_covers,
	.cover_render = cover_render,
	.package_build = package_build,
	.ticket_render = ticket_render,
	.tickets_open = tickets_open,
	.tickets_add = tickets_add,
	.page_finish = page_finish,
	.page_close = page_close,
	.spreadsheet_open = spreadsheet_open,
	.spreadsheet_row = spreadsheet_row,
	.spreadsheet_finish = spreadsheet_finish,
	.spreadsheet_close = spreadsheet_close,
};
