/*
 * Drawing the page to copy from: each condition in large red type with its number of characters, and the names of
 * related occupations as the standard spells them (S4, S10).
 *
 * One page as long as all of it can be read there; where each part stands is known before the first is drawn, since
 * every foot says how many pages there are.
 */
#include "form.h"
#include "page.h"

#include "base/text.h"

#define CONDITIONS_TOP    58.0
#define CONDITIONS_BOTTOM 225.0
#define CONDITION_HEIGHT  44.0 /* at most, where they share a page */
#define CONDITION_BORDER  10.0 /* of it: above and below the text */
#define CONDITION_TYPE    17.0
#define CONDITION_LEAST   9.0  /* points: where they would be smaller they get more pages, */
#define CONDITION_FURTHER 13.0 /* in this size */
#define GAP               4.0
#define NAMES_BORDER      12.0 /* above and below the names */
#define NAMES_LEAST       8.0
#define FURTHER_TOP       20.0
#define FURTHER_BOTTOM    278.0

/* Of a condition, or of the names behind the last. */
struct place {
	unsigned page; /* from 0 */
	double y, height;
};

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

static struct style condition_style(double size)
{
	return (struct style){.size = size, .ink = INK_RED, .leading = 1.7};
}

static struct style names_style(double size)
{
	return (struct style){.size = size, .ink = INK_RED, .top = true, .leading = 1.7};
}

static const char *names_text(struct arena *arena, const struct form_facts *facts)
{
	struct buffer list = buffer_in(arena, 65536);

	buffer_printf(&list, "本职业：%s", facts->occupation_name);
	for (size_t i = 0; i < facts->related_count; i++)
		buffer_printf(&list, "%s%s", i == 0 ? "\n相关职业：" : "、",
			facts->related_occupations[i]);
	return list.data;
}

static double condition_height(
	struct page *page, const struct form_condition *condition, double size)
{
	return page_text_height(page, PAGE_INNER - CONDITION_BORDER, condition_style(size),
		       condition->text) +
	       CONDITION_BORDER;
}

/* As many as there are share the first page, and their text shrinks with their height: 0 if nobody could read it. */
static double height_shared(struct page *page, const struct form_facts *facts)
{
	double share = (CONDITIONS_BOTTOM - CONDITIONS_TOP) / (double)facts->condition_count - GAP;
	double height = share < CONDITION_HEIGHT ? share : CONDITION_HEIGHT;

	for (size_t i = 0; i < facts->condition_count; i++)
		if (condition_height(page, &facts->conditions[i], CONDITION_LEAST) > height)
			return 0;
	return height;
}

/* Where it stands, if it follows what ends at `y`. */
static struct place place_next(unsigned page, double y, double height, double bottom)
{
	return y + height > bottom ? (struct place){page + 1, FURTHER_TOP, height}
				   : (struct place){page, y, height};
}

/* Of each condition, and of the names. */
static struct place *places_lay(struct page *page, const struct form_facts *facts, double shared)
{
	struct place *places =
		NEW_ARRAY(page_arena(page), struct place, facts->condition_count + 1);
	struct place end = {0, CONDITIONS_TOP, 0};
	double names = page_text_height(
		page, PAGE_INNER, names_style(NAMES_LEAST), names_text(page_arena(page), facts));

	for (size_t i = 0; i < facts->condition_count; i++) {
		double height = shared > 0 ? shared
					   : condition_height(page, &facts->conditions[i],
						     CONDITION_FURTHER);

		places[i] = place_next(end.page, end.y, height, FURTHER_BOTTOM);
		end = (struct place){places[i].page, places[i].y + height + GAP, 0};
	}
	places[facts->condition_count] =
		place_next(end.page, end.y, names + NAMES_BORDER, PAGE_FOOT);
	return places;
}

static void draw_condition(struct page *page, const struct place *place,
	const struct form_condition *condition, double size)
{
	const struct style small = {.size = TYPE_NOTE, .ink = INK_GREY};
	const struct box box = {PAGE_MARGIN, place->y, PAGE_INNER, place->height};
	const struct box inner = {box.x + CONDITION_BORDER / 2, box.y + 8,
		box.width - CONDITION_BORDER, box.height - CONDITION_BORDER};
	struct arena *arena = page_arena(page);
	const char *code =
		condition->code ? arena_printf(arena, "条件 %s　　", condition->code) : "";

	page_frame(page, box, LINE_BOLD);
	page_text(page, (struct box){inner.x, box.y + 1.5, inner.width, 6}, small,
		arena_printf(arena, "%s共 %zu 字（含标点）", code, text_length(condition->text)));
	page_text(page, inner, condition_style(size), condition->text);
}

static void draw_names(struct page *page, const struct place *place, const struct form_facts *facts)
{
	const struct style heading = {.size = 11, .top = true};
	const double top = place->y + NAMES_BORDER - 3;

	page_text(page, (struct box){PAGE_MARGIN, place->y + 2, PAGE_INNER, 7}, heading,
		"工作经历“从事”后填写的职业名称，须与下列名称之一完全一致：");
	page_text(page, (struct box){PAGE_MARGIN, top, PAGE_INNER, PAGE_FOOT - 3 - top},
		names_style(TYPE_HEADING), names_text(page_arena(page), facts));
}

/* Begins the pages up to that of the place; `number` is of the one that was begun last. */
static void pages_begin(struct page *page, const struct place *place, unsigned *number)
{
	for (; *number < place->page; ++*number)
		page_begin(page);
}

enum result sentence_render(
	struct arena *arena, const struct form_facts *facts, struct bytes *pdf, struct error *error)
{
	const struct page_about about = {
		.title = "申报条件原文", .author = facts->centre_name, .made_at = facts->made_at};
	CLEANUP(page_close) struct page *page = page_open(arena, &about);
	const double shared = height_shared(page, facts);
	const struct place *places = places_lay(page, facts, shared);
	const struct place *names = &places[facts->condition_count];
	unsigned number = 0;

	page_paper(page, facts->centre_name, names->page + 1);
	page_begin(page);
	draw_head(page, facts);
	for (size_t i = 0; i < facts->condition_count; i++) {
		pages_begin(page, &places[i], &number);
		draw_condition(page, &places[i], &facts->conditions[i],
			shared > 0 ? CONDITION_TYPE : CONDITION_FURTHER);
	}
	pages_begin(page, names, &number);
	draw_names(page, names, facts);
	return page_finish(page, pdf, error);
}
