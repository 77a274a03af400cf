/*
 * Drawing the admission ticket: who, beside the photograph; where and when, subject by subject; what to heed.
 *
 * The hard thing is that it is one page as long as its notes can be read there, which is known before the first line is
 * drawn, since every foot says how many pages there are. Otherwise the notes go on behind it, each on one page.
 */
#include "ticket.h"

#include <assert.h>

#include "base/text.h"
#include "code.h"
#include "page.h"

#define ROW          10.0
#define LABEL_WIDTH  26.0
#define PHOTO_COLUMN 38.0
#define SUBJECT_ROW  15.0
#define SUBJECTS_MAX (6 * SUBJECT_ROW) /* more than six subjects share the height of six */
#define NAME_ROOM    24                /* characters of a subject's name and */
#define PLACE_ROOM   48                /* of its place that one row has room for */
#define PERSON_TOP   56.0
#define SUBJECTS_TOP (PERSON_TOP + 5 * ROW + 6)
#define HEAD_ROW     9.0
#define NOTES_GAP    8.0
#define NOTES_END    252.0 /* on the first page; below it is the seal's place */
#define NOTES_SIDE   46.0  /* beside them, for the code */
#define NOTES_LEAST  7.0   /* points: notes that would be smaller get more pages */
#define NOTES_RULES  5     /* that stand on every ticket */

static const char *or_dash(const char *text)
{
	return text ? text : "—";
}

static void draw_title(struct page *page, const struct ticket_facts *facts)
{
	const struct style centre = {.size = 13, .align = ALIGN_CENTRE, .tracking = 1};
	const struct style title = {.size = 28, .align = ALIGN_CENTRE, .tracking = 16};
	const struct style plan = {.size = TYPE_HEADING, .ink = INK_GREY, .align = ALIGN_CENTRE};

	page_text(page, (struct box){PAGE_MARGIN, 16, PAGE_INNER, 8}, centre, facts->centre_name);
	page_text(page, (struct box){PAGE_MARGIN, 25, PAGE_INNER, 15}, title, "准考证");
	page_text(page, (struct box){PAGE_MARGIN, 41, PAGE_INNER, 12}, plan, facts->plan_name);
}

static enum result draw_photo(
	struct page *page, struct box cell, const struct ticket_facts *facts, struct error *error)
{
	const struct style hint = {.size = TYPE_NOTE, .ink = INK_FAINT, .align = ALIGN_CENTRE};
	struct box photo = {
		cell.x + (cell.width - 25) / 2, cell.y + (cell.height - 35) / 2, 25, 35};

	page_frame(page, cell, LINE_THIN);
	if (facts->photo.size > 0)
		return page_photo(page, photo, facts->photo, error);

	page_frame(page, photo, LINE_THIN);
	page_text(page, photo, hint, "贴一寸\n白底照片");
	return OK;
}

/* Two labels and two values, beside the photograph. */
static double pair_row(struct page *page, double y, const char *first, const char *first_value,
	const char *second, const char *second_value)
{
	const double width = (PAGE_INNER - PHOTO_COLUMN) / 2 - LABEL_WIDTH;
	const struct cell cells[] = {
		{LABEL_WIDTH, CELL_LABEL, first, 0},
		{width - 4, CELL_VALUE, or_dash(first_value), 0},
		{LABEL_WIDTH - 4, CELL_LABEL, second, 0},
		{width + 8, CELL_VALUE, or_dash(second_value), 0},
	};

	return page_row(page, PAGE_MARGIN, y, ROW, cells, COUNT(cells));
}

static enum result draw_person(
	struct page *page, const struct ticket_facts *facts, struct error *error)
{
	double y = PERSON_TOP;
	const struct cell number[] = {
		{LABEL_WIDTH, CELL_LABEL, "准考证号", 0},
		{PAGE_INNER - PHOTO_COLUMN - LABEL_WIDTH, CELL_VALUE, facts->number, 15},
	};
	const struct cell name[] = {
		{LABEL_WIDTH, CELL_LABEL, "姓　　名", 0},
		{78, CELL_VALUE, or_dash(facts->candidate_name), 12},
		{16, CELL_LABEL, "性别", 0},
		{16, CELL_CENTRE, or_dash(facts->gender), 0},
	};
	struct box all = {PAGE_MARGIN, y, PAGE_INNER, 5 * ROW};
	struct box photo = {PAGE_MARGIN + PAGE_INNER - PHOTO_COLUMN, y, PHOTO_COLUMN, 5 * ROW};
	enum result rc;

	y = page_row(page, PAGE_MARGIN, y, ROW, number, COUNT(number));
	y = page_row(page, PAGE_MARGIN, y, ROW, name, COUNT(name));
	y = pair_row(page, y, "证件类型", facts->identity_kind, "证件号码", facts->identity_masked);
	y = pair_row(page, y, "申报职业", facts->occupation_name, "申报等级", facts->level_name);
	y = pair_row(page, y, "工种/方向", facts->work_type ? facts->work_type : "--", "考试类型",
		facts->exam_kind);

	rc = draw_photo(page, photo, facts, error);
	if (rc)
		return rc;

	page_frame(page, all, LINE_BOLD);
	return OK;
}

static const char *subject_time(struct arena *arena, const struct ticket_subject *subject)
{
	const char *day = page_day(arena, subject->starts_at);
	const char *last = page_day(arena, page_end_day(subject->ends_at));
	const char *from = page_clock(arena, subject->starts_at);
	const char *until = page_end_clock(arena, subject->ends_at);

	if (!subject->starts_at)
		return "另行通知";
	if (!text_equal(day, last))
		return arena_printf(arena, "%s %s\n至\n%s %s", day, from, last, until);
	return arena_printf(
		arena, "%s\n%s　%s—%s", day, page_weekday(subject->starts_at), from, until);
}

static const char *subject_place(struct arena *arena, const struct ticket_subject *subject)
{
	if (!subject->address)
		return or_dash(subject->venue);
	return arena_printf(arena, "%s\n%s", or_dash(subject->venue), subject->address);
}

/* For how many rows' height a text asks, if for more than `rows`; for two at most, or the notes would give way. */
static double rows_wanted(double rows, const char *text, double room)
{
	double wanted = (double)text_length(text) / room;

	return wanted <= rows ? rows : wanted < 2 ? wanted : 2;
}

/* Of each row. Few subjects with long names or places take some of the height that six would have. */
static double subject_height(struct arena *arena, const struct ticket_facts *facts)
{
	const double share = SUBJECTS_MAX / (double)facts->subject_count;
	double rows = 1;

	for (size_t i = 0; i < facts->subject_count; i++) {
		const struct ticket_subject *subject = &facts->subjects[i];

		rows = rows_wanted(rows, or_dash(subject->name), NAME_ROOM);
		rows = rows_wanted(rows, subject_place(arena, subject), PLACE_ROOM);
	}
	return share < rows * SUBJECT_ROW ? share : rows * SUBJECT_ROW;
}

static void draw_subjects(struct page *page, const struct ticket_facts *facts)
{
	static const struct cell head[] = {
		{32, CELL_LABEL, "考试科目", 0},
		{40, CELL_LABEL, "考试时间", 0},
		{62, CELL_LABEL, "考点及地址", 0},
		{23, CELL_LABEL, "考场", 0},
		{17, CELL_LABEL, "座位号", 0},
	};
	struct arena *arena = page_arena(page);
	const double top = SUBJECTS_TOP, height = subject_height(arena, facts);
	double y = page_row(page, PAGE_MARGIN, top, HEAD_ROW, head, COUNT(head));

	for (size_t i = 0; i < facts->subject_count; i++) {
		const struct ticket_subject *subject = &facts->subjects[i];
		const struct cell cells[] = {
			{32, CELL_CENTRE, or_dash(subject->name), 0},
			{40, CELL_CENTRE, subject_time(arena, subject), 10},
			{62, CELL_VALUE, subject_place(arena, subject), 0},
			{23, CELL_CENTRE, or_dash(subject->room), 12},
			{17, CELL_CENTRE, or_dash(subject->seat), 12},
		};

		y = page_row(page, PAGE_MARGIN, y, height, cells, COUNT(cells));
	}
	page_frame(page, (struct box){PAGE_MARGIN, top, PAGE_INNER, y - top}, LINE_BOLD);
}

/* ---- Notes ---- */

static const struct style notes_style = {.size = TYPE_TEXT, .top = true, .leading = 1.65};

/* How they are laid out: the text of each page that they take. */
struct notes {
	double size; /* points; what stands on one page may still shrink */
	const char **texts;
	unsigned pages;
};

/* All of them, numbered. */
static const char **notes_list(struct arena *arena, const struct ticket_facts *facts)
{
	const char **list = NEW_ARRAY(arena, const char *, NOTES_RULES + facts->note_count);
	size_t count = 0;

	list[count++] = "1. 凭本准考证和有效身份证件原件参加考试，两证缺一不得入场。";
	list[count++] =
		facts->late_minutes == 0
			? "2. 请提前 30 分钟到达考点；开考后不得入场。"
			: arena_printf(arena, "2. 请提前 30 分钟到达考点；开考 %u 分钟后不得入场。",
				  facts->late_minutes);
	list[count++] = "3. 入场时签到，对号入座，将两证放在桌面左上角备查。";
	list[count++] = "4. 手机等通讯工具和与考试无关的物品不得带入座位。";
	list[count++] = "5. 服从监考人员安排；考试结束前不得提前离场，违纪者按有关规定处理。";
	assert(count == NOTES_RULES);
	for (size_t i = 0; i < facts->note_count; i++, count++)
		list[count] = arena_printf(arena, "%zu. %s", count + 1, facts->notes[i]);
	return list;
}

static const char *notes_joined(struct arena *arena, const char *const *list, size_t count)
{
	struct buffer text = buffer_in(arena, 32768);

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s%s", i > 0 ? "\n" : "", list[i]);
	return text.data;
}

static double notes_top(struct arena *arena, const struct ticket_facts *facts)
{
	return SUBJECTS_TOP + HEAD_ROW +
	       (double)facts->subject_count * subject_height(arena, facts) + NOTES_GAP;
}

/* Where they stand, below their heading: on the first page beside the code, on the others across the page. */
static struct box notes_box(struct arena *arena, const struct ticket_facts *facts, unsigned page)
{
	const double top = page == 0 ? notes_top(arena, facts) + 8 : 28;

	return (struct box){PAGE_MARGIN, top, PAGE_INNER - (page == 0 ? NOTES_SIDE : 0),
		(page == 0 ? NOTES_END : PAGE_FOOT - 4) - top};
}

static bool notes_fit(
	struct page *page, struct box box, double size, const char *const *list, size_t count)
{
	struct style style = notes_style;

	style.size = size;
	return page_text_height(page, box.width, style,
		       notes_joined(page_arena(page), list, count)) <= box.height;
}

/* All on the first page, or as many as each has room for, one at least. */
static struct notes notes_lay(struct page *page, const struct ticket_facts *facts)
{
	struct arena *arena = page_arena(page);
	const char **list = notes_list(arena, facts);
	const size_t all = NOTES_RULES + facts->note_count;
	struct notes notes = {.size = TYPE_TEXT, .texts = NEW_ARRAY(arena, const char *, all)};
	const bool one = notes_fit(page, notes_box(arena, facts, 0), NOTES_LEAST, list, all);

	if (!one)
		notes.size = TYPE_NOTE;
	for (size_t from = 0, count; from < all; from += count) {
		struct box box = notes_box(arena, facts, notes.pages);

		count = one ? all : 1;
		while (from + count < all &&
			notes_fit(page, box, notes.size, list + from, count + 1))
			count++;
		notes.texts[notes.pages++] = notes_joined(arena, list + from, count);
	}
	return notes;
}

static void draw_notes(struct page *page, const struct ticket_facts *facts,
	const struct notes *notes, unsigned number)
{
	const struct style heading = {.size = TYPE_HEADING, .top = true};
	struct box box = notes_box(page_arena(page), facts, number);
	struct style style = notes_style;

	style.size = notes->size;
	page_text(page, (struct box){PAGE_MARGIN, box.y - 8, PAGE_INNER - NOTES_SIDE, 7}, heading,
		number > 0         ? "考生须知（续）"
		: notes->pages > 1 ? "考生须知（后接第 2 页）"
				   : "考生须知");
	page_text(page, box, style, notes->texts[number]);
}

/* What it is checked by: the code, and the seal's place. */
static enum result draw_proofs(
	struct page *page, const struct ticket_facts *facts, struct error *error)
{
	const struct style caption = {
		.size = 8, .ink = INK_GREY, .align = ALIGN_CENTRE, .top = true};
	const struct style seal = {.size = TYPE_TEXT, .align = ALIGN_RIGHT, .leading = 1.8};
	struct arena *arena = page_arena(page);
	const double side = 34, column = 40, y = notes_top(arena, facts);
	const double right = PAGE_MARGIN + PAGE_INNER - column;

	page_text(page, (struct box){right, y + side + 1, column, 10}, caption, "扫码核验准考证");
	page_text(page, (struct box){PAGE_MARGIN + 60, 256, PAGE_INNER - 60, 18}, seal,
		arena_printf(arena, "%s（盖章）\n%s", facts->centre_name,
			page_day(arena, facts->made_at)));
	return code_draw_qr(page, (struct box){right + (column - side) / 2, y, side, side},
		facts->check_address, error);
}

static const char *foot_text(struct arena *arena, const struct ticket_facts *facts)
{
	if (!facts->audit_head)
		return arena_printf(arena, "准考证号 %s", facts->number);
	return arena_printf(arena, "准考证号 %s　　审计链 %.16s", facts->number, facts->audit_head);
}

static enum result ticket_draw(
	struct page *page, const struct ticket_facts *facts, struct error *error)
{
	const struct notes notes = notes_lay(page, facts);
	enum result rc;

	page_paper(page, foot_text(page_arena(page), facts), notes.pages);
	page_begin(page);
	draw_title(page, facts);
	rc = draw_person(page, facts, error);
	if (rc)
		return rc;

	draw_subjects(page, facts);
	draw_notes(page, facts, &notes, 0);
	rc = draw_proofs(page, facts, error);
	for (unsigned number = 1; number < notes.pages && !rc; number++) {
		page_begin(page);
		draw_notes(page, facts, &notes, number);
	}
	return rc;
}

enum result ticket_render(struct arena *arena, const struct ticket_facts *facts, struct bytes *pdf,
	struct error *error)
{
	const struct page_about about = {
		.title = arena_printf(arena, "准考证 %s", facts->number),
		.author = facts->centre_name,
		.made_at = facts->made_at,
	};
	CLEANUP(page_close) struct page *page = page_open(arena, &about);
	enum result rc = ticket_draw(page, facts, error);

	return rc ? rc : page_finish(page, pdf, error);
}

enum result tickets_open(struct arena *arena, const char *title, int64_t made_at, struct page **out,
	struct error *error)
{
	const struct page_about about = {.title = title, .author = "", .made_at = made_at};

	(void)error; /* page_finish() tells of what goes wrong */
	*out = page_open(arena, &about);
	return OK;
}

enum result tickets_add(struct page *tickets, const struct ticket_facts *facts, struct error *error)
{
	return ticket_draw(tickets, facts, error);
}
