/*
 * Drawing the cover sheet: the upper part is cut off and stuck on the parcel, so it holds the address and no
 * personal data but the sender's line that the candidate fills in; the lower part goes inside, for intake to scan
 * and tick.
 */
#include "cover.h"

#include "code.h"
#include "page.h"

#include "base/text.h"

#define LABEL_TOP    18.0
#define LABEL_HEIGHT 92.0
#define CUT          118.0
#define LIST_TOP     126.0
#define ROW          10.0
#define PAPERS_END   260.0 /* of the list on the first page, */
#define PAPERS_FIRST 9     /* and how many it has room for */
#define PAPERS_TOP   20.0  /* where it goes on, on pages of their own */
#define PAPERS_MORE  24

char *cover_code(struct arena *arena, const struct cover_facts *facts)
{
	if (!facts->revision_hash)
		return arena_printf(arena, "kaowu:papers:%s", facts->application_number);
	return arena_printf(
		arena, "kaowu:papers:%s:%.16s", facts->application_number, facts->revision_hash);
}

/* "label  value", nothing where there is no value; returns the y below. */
static double line(struct page *page, double y, double height, double size, const char *label,
	const char *value)
{
	const struct style name = {.size = TYPE_HEADING, .ink = INK_GREY};
	const struct style text = {.size = size, .leading = 1.3};

	if (!value)
		return y;

	page_text(page, (struct box){PAGE_MARGIN + 8, y, 24, height}, name, label);
	page_text(page, (struct box){PAGE_MARGIN + 32, y, PAGE_INNER - 40, height}, text, value);
	return y + height;
}

static const char *recipient(struct arena *arena, const struct cover_facts *facts)
{
	const char *who = facts->recipient ? facts->recipient : facts->centre_name;

	if (!facts->contact_name || text_equal(facts->contact_name, who))
		return who;
	return arena_printf(arena, "%s　%s", who, facts->contact_name);
}

static void draw_label(struct page *page, const struct cover_facts *facts)
{
	const struct style hint = {.size = TYPE_NOTE, .ink = INK_GREY, .align = ALIGN_CENTRE};
	const struct style sender = {.size = TYPE_TEXT};
	const struct box box = {PAGE_MARGIN, LABEL_TOP, PAGE_INNER, LABEL_HEIGHT};
	double y = LABEL_TOP + 6;

	page_frame(page, box, LINE_BOLD);
	y = line(page, y, 22, 18, "寄　　至", facts->address);
	y = line(page, y, 13, 16, "收 件 人", recipient(page_arena(page), facts));
	y = line(page, y, 11, 14, "电　　话", facts->telephone);
	line(page, y, 11, 14, "邮政编码", facts->postcode);

	y = LABEL_TOP + LABEL_HEIGHT - 25;
	page_line(page, PAGE_MARGIN + 8, y, PAGE_WIDTH - PAGE_MARGIN - 8, y);
	page_text(page, (struct box){PAGE_MARGIN + 8, y + 2, PAGE_INNER - 16, 9}, sender,
		"寄件人：　　　　　　　　　　　　　　　电话：");
	page_text(page, (struct box){PAGE_MARGIN + 8, y + 13, PAGE_INNER - 16, 9}, sender,
		"内　件：职业技能等级认定纸质材料，请勿折叠");
	page_dashes(page, 0, CUT, PAGE_WIDTH, CUT);
	page_text(page, (struct box){PAGE_MARGIN, CUT - 6, PAGE_INNER, 5}, hint,
		"沿虚线剪下，贴在信封或快递文件袋上；下半页与材料一起放入袋内");
}

static enum result draw_codes(
	struct page *page, const struct cover_facts *facts, struct error *error)
{
	const struct style number = {.size = TYPE_HEADING, .align = ALIGN_CENTRE, .tracking = 1};
	const struct box bars = {PAGE_MARGIN, LIST_TOP + 14, 100, 16};
	const struct box qr = {PAGE_WIDTH - PAGE_MARGIN - 32, LIST_TOP, 32, 32};
	enum result rc;

	rc = code_draw_128(page, bars, facts->application_number, error);
	if (rc)
		return rc;

	page_text(page, (struct box){bars.x, bars.y + bars.height + 0.5, bars.width, 7}, number,
		facts->application_number);
	return code_draw_qr(page, qr, cover_code(page_arena(page), facts), error);
}

static const char *or_dash(const char *text)
{
	return text ? text : "—";
}

static double draw_candidate(struct page *page, double y, const struct cover_facts *facts)
{
	const struct cell person[] = {
		{24, CELL_LABEL, "姓　　名", 0},
		{63, CELL_VALUE, or_dash(facts->candidate_name), 0},
		{24, CELL_LABEL, "手机号码", 0},
		{63, CELL_VALUE, or_dash(facts->mobile_masked), 0},
	};
	const struct cell occupation[] = {
		{24, CELL_LABEL, "申报职业", 0},
		{63, CELL_VALUE, or_dash(facts->occupation_name), 0},
		{24, CELL_LABEL, "申报等级", 0},
		{63, CELL_VALUE, or_dash(facts->level_name), 0},
	};
	const struct cell plan[] = {
		{24, CELL_LABEL, "认定计划", 0},
		{PAGE_INNER - 24, CELL_VALUE, or_dash(facts->plan_name), 0},
	};

	y = page_row(page, PAGE_MARGIN, y, ROW, person, COUNT(person));
	y = page_row(page, PAGE_MARGIN, y, ROW, occupation, COUNT(occupation));
	return page_row(page, PAGE_MARGIN, y, ROW, plan, COUNT(plan));
}

/* The candidate ticks what is inside; intake ticks what has arrived. */
static double draw_papers(struct page *page, double y, double height,
	const struct cover_facts *facts, size_t from, size_t to)
{
	static const struct cell head[] = {
		{14, CELL_LABEL, "序号", 0},
		{96, CELL_LABEL, "材料名称", 0},
		{20, CELL_LABEL, "份数", 0},
		{22, CELL_LABEL, "已放入", 0},
		{22, CELL_LABEL, "收件核对", 0},
	};

	y = page_row(page, PAGE_MARGIN, y, height, head, COUNT(head));
	for (size_t i = from; i < to; i++) {
		const struct cover_paper *paper = &facts->papers[i];
		const struct cell cells[] = {
			{14, CELL_CENTRE, arena_printf(page_arena(page), "%zu", i + 1), 0},
			{96, CELL_VALUE, paper->name, 0},
			{20, CELL_CENTRE, arena_printf(page_arena(page), "%u", paper->copies), 0},
			{22, CELL_CENTRE, "□", 15},
			{22, CELL_CENTRE, "□", 15},
		};

		y = page_row(page, PAGE_MARGIN, y, height, cells, COUNT(cells));
	}
	return y;
}

static const char *deadline_text(struct arena *arena, const struct cover_facts *facts)
{
	const int64_t day = page_end_day(facts->deadline_at);

	if (!facts->deadline_at)
		return "请在报名期限内寄出；逾期未寄出的，视为放弃考试资格。";
	return arena_printf(arena, "请于 %s（%s）%s 前寄出；逾期未寄出的，视为放弃考试资格。",
		page_day(arena, day), page_weekday(day), page_end_clock(arena, facts->deadline_at));
}

static void draw_list(struct page *page, const struct cover_facts *facts)
{
	const struct style title = {.size = 18, .tracking = 2};
	const struct style deadline = {.size = 11, .top = true, .leading = 1.5};
	const double top = LIST_TOP + 41;
	const size_t count = facts->paper_count < PAPERS_FIRST ? facts->paper_count : PAPERS_FIRST;
	double y, height;

	page_text(page, (struct box){PAGE_MARGIN, LIST_TOP, 130, 10}, title, "纸质材料清单");
	y = draw_candidate(page, top, facts);
	height = (PAPERS_END - y) / (double)(count + 1);
	y = draw_papers(page, y, height < ROW ? height : ROW, facts, 0, count);
	page_frame(page, (struct box){PAGE_MARGIN, top, PAGE_INNER, y - top}, LINE_BOLD);
	page_text(page, (struct box){PAGE_MARGIN, y + 4, PAGE_INNER, PAGE_FOOT - y - 5}, deadline,
		deadline_text(page_arena(page), facts));
}

static unsigned further_pages(const struct cover_facts *facts)
{
	if (facts->paper_count <= PAPERS_FIRST)
		return 0;
	return (unsigned)((facts->paper_count - PAPERS_FIRST + PAPERS_MORE - 1) / PAPERS_MORE);
}

static void draw_further(struct page *page, const struct cover_facts *facts)
{
	for (size_t from = PAPERS_FIRST; from < facts->paper_count; from += PAPERS_MORE) {
		size_t left = facts->paper_count - from;
		double y;

		page_begin(page);
		y = draw_papers(page, PAPERS_TOP, ROW, facts, from,
			from + (left < PAPERS_MORE ? left : PAPERS_MORE));
		page_frame(page, (struct box){PAGE_MARGIN, PAPERS_TOP, PAGE_INNER, y - PAPERS_TOP},
			LINE_BOLD);
	}
}

enum result cover_render(struct arena *arena, const struct cover_facts *facts, struct bytes *pdf,
	struct error *error)
{
	const struct page_about about = {
		.title = arena_printf(arena, "纸质材料清单 %s", facts->application_number),
		.author = facts->centre_name,
		.foot = page_foot_text(arena, facts->application_number, facts->revision_hash),
		.made_at = facts->made_at,
		.pages = 1 + further_pages(facts),
	};
	CLEANUP(page_close) struct page *page = page_open(arena, &about);
	enum result rc;

	page_begin(page);
	draw_label(page, facts);
	draw_list(page, facts);
	rc = draw_codes(page, facts, error);
	if (rc)
		return rc;

	draw_further(page, facts);
	return page_finish(page, pdf, error);
}
