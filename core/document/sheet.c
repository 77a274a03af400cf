/*
 * Drawing what the hand-filled papers share.
 *
 * On an example, everything that is to be written by hand is red (S9); what is printed stays black, so that nobody
 * copies a label.
 */
#include "sheet.h"

#include "base/limits.h"
#include "code.h"

#define WORK_ROWS_CONTINUED 16 /* on a page that holds nothing else */

/* Placeholders: no such people, companies or numbers. */
static const struct work_example {
	const char *period, *employer, *witness;
} work_examples[] = {
	{"2016年3月 至 2019年6月", "示例商贸有限公司", "李四\n010-00000000"},
	{"2019年7月 至 2026年2月", "示例科技有限公司", "王五\n010-00000000"},
};

static unsigned work_rows(const struct form_facts *facts)
{
	if (facts->work_rows < FORM_WORK_ROWS)
		return FORM_WORK_ROWS;
	return facts->work_rows < LIMIT_WORK_PERIODS ? facts->work_rows : LIMIT_WORK_PERIODS;
}

static unsigned continued_pages(const struct form_facts *facts)
{
	return (work_rows(facts) - FORM_WORK_ROWS + WORK_ROWS_CONTINUED - 1) / WORK_ROWS_CONTINUED;
}

struct sheet sheet_open(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	const char *title, unsigned pages)
{
	const struct page_about about = {
		.title = arena_printf(
			arena, "%s%s", title, copy == FORM_EXAMPLE ? "（填写示例）" : ""),
		.author = facts->centre_name,
		.foot = facts->application_number ? page_foot_text(arena, facts->application_number,
							    facts->revision_hash)
						  : facts->centre_name,
		.made_at = facts->made_at,
		.pages = pages + continued_pages(facts),
	};

	return (struct sheet){
		.page = page_open(arena, &about), .facts = facts, .copy = copy, .title = title};
}

static enum result draw_barcode(struct sheet *sheet, struct error *error)
{
	const struct style number = {.size = 7.5, .ink = INK_GREY, .align = ALIGN_CENTRE};
	const struct box bars = {PAGE_WIDTH - PAGE_MARGIN - 70, 9, 70, 6};

	if (!sheet->facts->application_number)
		return OK;

	page_text(sheet->page, (struct box){bars.x, 15.2, bars.width, 4}, number,
		sheet->facts->application_number);
	return code_draw_128(sheet->page, bars, sheet->facts->application_number, error);
}

enum result sheet_begin(struct sheet *sheet, struct error *error)
{
	const struct style mark = {.size = TYPE_TEXT, .ink = INK_RED};
	const struct style title = {.size = 20, .align = ALIGN_CENTRE, .tracking = 3};
	const struct style plan = {.size = TYPE_TEXT, .ink = INK_GREY, .align = ALIGN_CENTRE};
	struct arena *arena = page_arena(sheet->page);

	page_begin(sheet->page);
	if (sheet->copy == FORM_EXAMPLE)
		page_text(sheet->page, (struct box){PAGE_MARGIN, 9, 100, 7}, mark,
			"【填写示例】红色内容由本人手写，本页请勿上交");
	page_text(sheet->page, (struct box){PAGE_MARGIN, 19, PAGE_INNER, 11}, title, sheet->title);
	page_text(sheet->page, (struct box){PAGE_MARGIN, 30.5, PAGE_INNER, 6}, plan,
		arena_printf(
			arena, "%s　　%s", sheet->facts->centre_name, sheet->facts->plan_name));
	sheet->y = 38;
	return draw_barcode(sheet, error);
}

const char *sheet_hand(const struct sheet *sheet, const char *text)
{
	return sheet->copy == FORM_EXAMPLE ? text : NULL;
}

void sheet_heading(struct sheet *sheet, const char *text)
{
	const struct style style = {.size = 11};

	page_text(sheet->page,
		(struct box){PAGE_MARGIN, sheet->y + 1.5, PAGE_INNER, SHEET_HEADING - 1.5}, style,
		text);
	sheet->y += SHEET_HEADING;
}

void sheet_row(struct sheet *sheet, double height, const struct cell *cells, size_t count)
{
	sheet->y = page_row(sheet->page, PAGE_MARGIN, sheet->y, height, cells, count);
}

void sheet_digits(
	struct sheet *sheet, double width, const char *label, unsigned count, const char *example)
{
	const struct cell cell = {24, CELL_LABEL, label, 0};
	struct box squares = {PAGE_MARGIN + cell.width, sheet->y, width - cell.width, SHEET_ROW};

	page_squares(sheet->page, squares, count, INK_RED, sheet_hand(sheet, example));
	sheet_row(sheet, SHEET_ROW, &cell, 1);
}

/* "label ________" with the example's red on the line. */
static void draw_blank(struct sheet *sheet, struct box box, double label_width, const char *label,
	const char *example)
{
	const struct style printed = {.size = TYPE_TEXT};
	const struct style hand = {.size = TYPE_HEADING, .ink = INK_RED, .align = ALIGN_CENTRE};
	struct box blank = {box.x + label_width, box.y, box.width - label_width, box.height};

	page_text(sheet->page, (struct box){box.x, box.y + 1, label_width, box.height}, printed,
		label);
	page_text(sheet->page, blank, hand, sheet_hand(sheet, example));
	page_line(sheet->page, blank.x, blank.y + blank.height, blank.x + blank.width,
		blank.y + blank.height);
}

void sheet_signature(struct sheet *sheet)
{
	const struct style date = {.size = TYPE_TEXT, .align = ALIGN_RIGHT};
	const struct style written = {.size = TYPE_HEADING, .ink = INK_RED, .align = ALIGN_RIGHT};
	struct box right = {PAGE_MARGIN + 114, sheet->y + 1, 57, 8};
	const char *day = page_day(page_arena(sheet->page), sheet->facts->made_at);

	draw_blank(sheet, (struct box){PAGE_MARGIN + 30, sheet->y, 80, 8}, 40,
		"承诺人（手写签名）：", "张三");
	if (sheet->copy == FORM_EXAMPLE)
		page_text(sheet->page, right, written, day);
	else
		page_text(sheet->page, right, date, "日期：　　　　年　　　月　　　日");
	sheet->y += 10;
}

void sheet_notes(struct sheet *sheet, const char *text)
{
	const struct style style = {
		.size = TYPE_NOTE, .ink = INK_GREY, .top = true, .leading = 1.45};
	struct box box = {PAGE_MARGIN, sheet->y, PAGE_INNER, PAGE_FOOT - 1.5 - sheet->y};

	sheet->y += page_text(sheet->page, box, style, text);
}

void sheet_frame(struct sheet *sheet, double top)
{
	page_frame(
		sheet->page, (struct box){PAGE_MARGIN, top, PAGE_INNER, sheet->y - top}, LINE_BOLD);
}

/* The occupation to write into row `index` of an example (S4): a related one first, then the plan's own. */
static const char *example_occupation(const struct form_facts *facts, size_t index)
{
	return index == 0 && facts->related_count > 0 ? facts->related_occupations[0]
						      : facts->occupation_name;
}

/* 从事 ______ over （职业、工种）. */
static void draw_occupation(struct sheet *sheet, struct box box, const char *example)
{
	const struct style hint = {.size = TYPE_NOTE, .align = ALIGN_RIGHT};
	struct box blank = {box.x + 1.6, box.y, box.width - 3.2, box.height * 0.58};
	struct box below = {blank.x, box.y + blank.height, blank.width, box.height - blank.height};

	draw_blank(sheet, blank, 9, "从事", example);
	page_text(sheet->page, below, hint, "（职业、工种）");
}

static void draw_work_row(struct sheet *sheet, size_t index)
{
	const bool shown = sheet->copy == FORM_EXAMPLE && index < COUNT(work_examples);
	const struct work_example *example = shown ? &work_examples[index] : NULL;
	const struct cell cells[] = {
		{46, shown ? CELL_HAND : CELL_VALUE,
			shown ? example->period : "　　　　　年　　　月 至\n　　　　　年　　　月",
			0},
		{46, CELL_HAND, shown ? example->employer : NULL, 0},
		{52, CELL_HAND, NULL, 0},
		{30, CELL_HAND, shown ? example->witness : NULL, 0},
	};
	struct box occupation = {PAGE_MARGIN + 92, sheet->y, 52, SHEET_WORK_ROW};

	sheet_row(sheet, SHEET_WORK_ROW, cells, COUNT(cells));
	draw_occupation(sheet, occupation, shown ? example_occupation(sheet->facts, index) : NULL);
}

static void draw_work_rows(struct sheet *sheet, unsigned first, unsigned end)
{
	static const struct cell head[] = {
		{46, CELL_LABEL, "起止年月", 0},
		{46, CELL_LABEL, "工作单位（全称）", 0},
		{52, CELL_LABEL, "从事何职业（工种）", 0},
		{30, CELL_LABEL, "证明人及电话", 0},
	};
	double top = sheet->y;

	sheet_row(sheet, 8, head, COUNT(head));
	for (unsigned index = first; index < end; index++)
		draw_work_row(sheet, index);
	sheet_frame(sheet, top);
}

void sheet_work(struct sheet *sheet)
{
	draw_work_rows(sheet, 0, FORM_WORK_ROWS);
}

enum result sheet_work_continue(struct sheet *sheet, struct error *error)
{
	unsigned rows = work_rows(sheet->facts);

	for (unsigned first = FORM_WORK_ROWS; first < rows; first += WORK_ROWS_CONTINUED) {
		unsigned left = rows - first;
		unsigned count = left < WORK_ROWS_CONTINUED ? left : WORK_ROWS_CONTINUED;
		enum result rc = sheet_begin(sheet, error);

		if (rc)
			return rc;

		sheet_heading(sheet, "工作经历（续页，每段一行，按时间先后填写）");
		draw_work_rows(sheet, first, first + count);
	}
	return OK;
}
