/*
 * Drawing the page to copy from: each condition in large red type with its number of characters, and the names of
 * related occupations as the standard spells them (S4, S10).
 */
#include "form.h"
#include "page.h"

#include "base/text.h"

#define CONDITIONS_TOP    58.0
#define CONDITIONS_BOTTOM 225.0
#define CONDITION_HEIGHT  44.0 /* at most */

static void draw_head(struct page *page, const struct form_facts *facts)
{
	const struct style title = {.size = 20, .align = ALIGN_CENTRE, .tracking = 3};
	const struct style plan = {.size = TYPE_TEXT, .ink = INK_GREY, .align = ALIGN_CENTRE};
	const struct style text = {.size = TYPE_TEXT, .top = true, .leading = 1.5};
	struct arena *arena = page_arena(page);

	page_text(page, (struct box){PAGE_MARGIN, 17, PAGE_INNER, 11}, title, "申报条件原文");
	page_text(page, (struct box){PAGE_MARGIN, 29, PAGE_INNER, 7}, plan,
		arena_printf(arena, "%s　%s　%s", facts->plan_name, facts->occupation_name,
			facts->level_name));
	page_text(page, (struct box){PAGE_MARGIN, 41, PAGE_INNER, 15}, text,
		"请选定一项，将红色原文完整抄写到申报表的“申报条件”栏：字和标点均须一致，不得增减、缩写；"
		"用黑色签字笔手写，一次写完，写错请换新表重填。");
}

static void draw_condition(
	struct page *page, struct box box, const struct form_condition *condition)
{
	const struct style small = {.size = TYPE_NOTE, .ink = INK_GREY};
	const struct style text = {.size = 17, .ink = INK_RED, .leading = 1.7};
	struct box inner = {box.x + 5, box.y + 8, box.width - 10, box.height - 10};
	struct arena *arena = page_arena(page);
	const char *code =
		condition->code ? arena_printf(arena, "条件 %s　　", condition->code) : "";

	page_frame(page, box, LINE_BOLD);
	page_text(page, (struct box){box.x + 5, box.y + 1.5, box.width - 10, 6}, small,
		arena_printf(arena, "%s共 %zu 字（含标点）", code, text_length(condition->text)));
	page_text(page, inner, text, condition->text);
}

/* As many as there are share the height; their text shrinks with it. */
static double draw_conditions(struct page *page, const struct form_facts *facts)
{
	const double gap = 4;
	double share = (CONDITIONS_BOTTOM - CONDITIONS_TOP) / (double)facts->condition_count - gap;
	double height = share < CONDITION_HEIGHT ? share : CONDITION_HEIGHT, y = CONDITIONS_TOP;

	for (size_t i = 0; i < facts->condition_count; i++) {
		draw_condition(page, (struct box){PAGE_MARGIN, y, PAGE_INNER, height},
			&facts->conditions[i]);
		y += height + gap;
	}
	return y;
}

static void draw_occupations(struct page *page, double y, const struct form_facts *facts)
{
	const struct style heading = {.size = 11, .top = true};
	const struct style names = {
		.size = TYPE_HEADING, .ink = INK_RED, .top = true, .leading = 1.7};
	struct arena *arena = page_arena(page);
	struct buffer list = buffer_in(arena, 65536);
	struct box box = {PAGE_MARGIN, y + 9, PAGE_INNER, PAGE_FOOT - 3 - y - 9};

	buffer_printf(&list, "本职业：%s", facts->occupation_name);
	for (size_t i = 0; i < facts->related_count; i++)
		buffer_printf(&list, "%s%s", i == 0 ? "\n相关职业：" : "、",
			facts->related_occupations[i]);

	page_text(page, (struct box){PAGE_MARGIN, y + 2, PAGE_INNER, 7}, heading,
		"工作经历“从事”后填写的职业名称，须与下列名称之一完全一致：");
	page_text(page, box, names, list.data);
}

enum result sentence_render(
	struct arena *arena, const struct form_facts *facts, struct bytes *pdf, struct error *error)
{
	const struct page_about about = {
		.title = "申报条件原文",
		.author = facts->centre_name,
		.foot = facts->centre_name,
		.made_at = facts->made_at,
		.pages = 1,
	};
	CLEANUP(page_close) struct page *page = page_open(arena, &about);

	page_begin(page);
	draw_head(page, facts);
	draw_occupations(page, draw_conditions(page, facts), facts);
	return page_finish(page, pdf, error);
}
