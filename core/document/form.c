/*
 * Drawing the application form (申报表): the fields of the official sheet, in rows that a pen can fill.
 */
#include "form.h"

#include "page.h"
#include "sheet.h"

#define PHOTO_COLUMN    29.0
#define CONDITION_LINES 5
#define FIELD_ROW       16.0
#define FIELDS_A_PAGE   14

static void draw_photo_box(struct page *page, struct box cell)
{
	const struct style hint = {.size = TYPE_NOTE, .ink = INK_GREY, .align = ALIGN_CENTRE};
	struct box photo = {
		cell.x + (cell.width - 25) / 2, cell.y + (cell.height - 35) / 2, 25, 35};

	page_frame(page, photo, LINE_THIN);
	page_text(page, photo, hint, "贴一寸\n白底照片\n25×35 毫米");
}

/* The four rows beside the photograph. */
static void draw_identity(struct sheet *sheet)
{
	const struct cell person[] = {
		{24, CELL_LABEL, "姓　　名", 0},
		{39, CELL_HAND, sheet_hand(sheet, "张三"), 0},
		{14, CELL_LABEL, "性别", 0},
		{16, CELL_HAND, sheet_hand(sheet, "男"), 0},
		{20, CELL_LABEL, "出生年月", 0},
		{32, CELL_HAND, sheet_hand(sheet, "1990年3月"), 0},
	};
	const struct cell origin[] = {
		{24, CELL_LABEL, "民　　族", 0},
		{25, CELL_HAND, sheet_hand(sheet, "汉族"), 0},
		{20, CELL_LABEL, "政治面貌", 0},
		{24, CELL_HAND, sheet_hand(sheet, "群众"), 0},
		{20, CELL_LABEL, "文化程度", 0},
		{32, CELL_HAND, sheet_hand(sheet, "大学本科"), 0},
	};
	const struct cell document[] = {
		{24, CELL_LABEL, "证件类型", 0},
		{45, CELL_HAND, sheet_hand(sheet, "居民身份证"), 0},
		{24, CELL_LABEL, "户籍所在地", 0},
		{52, CELL_HAND, sheet_hand(sheet, "北京市石景山区"), 0},
	};
	struct box photo = {
		PAGE_MARGIN + PAGE_INNER - PHOTO_COLUMN, sheet->y, PHOTO_COLUMN, 4 * SHEET_ROW};

	draw_photo_box(sheet->page, photo);
	sheet_row(sheet, SHEET_ROW, person, COUNT(person));
	sheet_row(sheet, SHEET_ROW, origin, COUNT(origin));
	sheet_row(sheet, SHEET_ROW, document, COUNT(document));
	sheet_digits(sheet, PAGE_INNER - PHOTO_COLUMN, "证件号码", 18, "11010819900307****");
}

/* Label, hand, label, hand over the full width. */
static void pair_row(struct sheet *sheet, double width, const char *first,
	const char *first_example, const char *second, const char *second_example)
{
	const struct cell cells[] = {
		{24, CELL_LABEL, first, 0},
		{width, CELL_HAND, sheet_hand(sheet, first_example), 0},
		{26, CELL_LABEL, second, 0},
		{PAGE_INNER - 50 - width, CELL_HAND, sheet_hand(sheet, second_example), 0},
	};

	sheet_row(sheet, SHEET_ROW, cells, COUNT(cells));
}

static void draw_mobile(struct sheet *sheet)
{
	const struct cell mail[] = {
		{26, CELL_LABEL, "电子邮箱", 0},
		{PAGE_INNER - 24 - 72 - 26, CELL_HAND, sheet_hand(sheet, "name@example.com"), 0},
	};

	page_row(sheet->page, PAGE_MARGIN + 96, sheet->y, SHEET_ROW, mail, COUNT(mail));
	sheet_digits(sheet, 96, "手机号码", 11, "138********");
}

/* S6: two fields of the official form that are left empty here; S14: everyone applies as 职工. */
static void draw_choices(struct sheet *sheet)
{
	static const struct cell not_needed[] = {
		{24, CELL_LABEL, "学信网验证码", 0},
		{62, CELL_CENTRE, "（无需填写）", 0},
		{26, CELL_LABEL, "技工院校学历", 0},
		{62, CELL_CENTRE, "（无需填写）", 0},
	};
	static const struct cell choices[] = {
		{24, CELL_LABEL, "申报身份", 0},
		{62, CELL_VALUE, "□ 职工　　□ 学生　　□ 其他", TYPE_HEADING},
		{26, CELL_LABEL, "考试类型", 0},
		{62, CELL_VALUE, "□ 正考　　□ 补考", TYPE_HEADING},
	};
	const struct cell tick = {62, CELL_HAND, "√", TYPE_HEADING};

	sheet_row(sheet, SHEET_ROW, not_needed, COUNT(not_needed));
	if (sheet->copy == FORM_EXAMPLE) {
		page_row(sheet->page, PAGE_MARGIN + 24, sheet->y, SHEET_ROW, &tick, 1);
		page_row(sheet->page, PAGE_MARGIN + 112, sheet->y, SHEET_ROW, &tick, 1);
	}
	sheet_row(sheet, SHEET_ROW, choices, COUNT(choices));
}

static void draw_person(struct sheet *sheet)
{
	double top;

	sheet_heading(sheet, "一、基本信息");
	top = sheet->y;
	draw_identity(sheet);
	draw_mobile(sheet);
	pair_row(sheet, 86, "通讯地址", "北京市石景山区示例路1号", "邮政编码", "100000");
	pair_row(sheet, 86, "现工作单位", "示例科技有限公司", "单位电话", "010-00000000");
	pair_row(sheet, 62, "考生来源", "私营企业", "参加工作时间", "2012年7月");
	pair_row(sheet, 62, "最高学历", "大学本科", "毕业院校", "示例大学");
	pair_row(sheet, 62, "所学专业", "物流管理", "毕业时间", "2012年7月");
	draw_choices(sheet);
	sheet_frame(sheet, top);
}

/* What the plan fixes is printed; the rest is written. */
static void draw_applied_for(struct sheet *sheet)
{
	const struct form_facts *facts = sheet->facts;
	const bool holds = facts->previous_level_name != NULL;
	const struct cell plan[] = {
		{24, CELL_LABEL, "认定计划", 0},
		{PAGE_INNER - 24, CELL_VALUE, facts->plan_name, 0},
	};
	const struct cell occupation[] = {
		{24, CELL_LABEL, "申报职业", 0},
		{62, CELL_VALUE, facts->occupation_name, 0},
		{26, CELL_LABEL, "申报等级", 0},
		{62, CELL_VALUE, facts->level_name, 0},
	};
	const struct cell work_type[] = {
		{24, CELL_LABEL, "工种/方向", 0},
		{62, facts->work_type ? CELL_VALUE : CELL_HAND,
			facts->work_type ? facts->work_type : sheet_hand(sheet, "无"), 0},
		{26, CELL_LABEL, "从事本职业年限", 9.5},
		{62, CELL_HAND, sheet_hand(sheet, "10 年"), 0},
	};
	double top;

	sheet_heading(sheet, "二、申报信息");
	top = sheet->y;
	sheet_row(sheet, SHEET_ROW, plan, COUNT(plan));
	sheet_row(sheet, SHEET_ROW, occupation, COUNT(occupation));
	sheet_row(sheet, SHEET_ROW, work_type, COUNT(work_type));
	pair_row(sheet, 62, "现持证书职业", holds ? facts->occupation_name : "无", "证书等级",
		holds ? facts->previous_level_name : "无");
	pair_row(sheet, 62, "证书编号", holds ? "1611000000******" : "无", "取得证书时间",
		holds ? "2016年3月1日" : "无");
	sheet_frame(sheet, top);
}

/* S10: the condition is copied out in full, on ruled lines. */
static void draw_condition(struct sheet *sheet)
{
	const double size = 13, width = PAGE_INNER - 24;
	const struct cell label = {24, CELL_LABEL, "申报条件\n（须由本人\n完整手抄\n原文）", 0};
	const struct style hand = {
		.size = size, .ink = INK_RED, .top = true, .leading = SHEET_ROW / 25.4 * 72 / size};
	double top;

	sheet_heading(sheet, "三、申报条件（抄写所选条件的原文，一字不漏；不得打印、粘贴、涂改）");
	top = sheet->y;
	for (int line = 1; line < CONDITION_LINES; line++)
		page_line(sheet->page, PAGE_MARGIN + 27, top + line * SHEET_ROW,
			PAGE_WIDTH - PAGE_MARGIN - 3, top + line * SHEET_ROW);
	page_text(sheet->page,
		(struct box){PAGE_MARGIN + 27, top + 1, width - 6, CONDITION_LINES * SHEET_ROW - 1},
		hand, sheet_hand(sheet, sheet->facts->conditions[0].text));
	sheet_row(sheet, CONDITION_LINES * SHEET_ROW, &label, 1);
	sheet_frame(sheet, top);
}

#define COLUMNS 4

/* A table to fill in, as many rows as there are examples, of which some may be empty. */
static void draw_table(struct sheet *sheet, const struct cell head[static COLUMNS],
	const char *const (*examples)[COLUMNS], size_t rows)
{
	double top = sheet->y;

	sheet_row(sheet, 8, head, COLUMNS);
	for (size_t row = 0; row < rows; row++) {
		struct cell cells[COLUMNS];

		for (size_t i = 0; i < COLUMNS; i++)
			cells[i] = (struct cell){
				head[i].width, CELL_HAND, sheet_hand(sheet, examples[row][i]), 0};
		sheet_row(sheet, SHEET_ROW, cells, COLUMNS);
	}
	sheet_frame(sheet, top);
}

static void draw_education(struct sheet *sheet)
{
	static const struct cell head[] = {
		{30, CELL_LABEL, "文化程度", 0},
		{60, CELL_LABEL, "所在院校", 0},
		{48, CELL_LABEL, "所学专业", 0},
		{36, CELL_LABEL, "毕业时间", 0},
	};
	static const char *const examples[4][COLUMNS] = {
		{"高中", "示例中学", "—", "2008年7月"},
		{"大学本科", "示例大学", "物流管理", "2012年7月"},
	};

	sheet_heading(sheet, "四、学习经历（从高中或中专起，按时间先后填写）");
	draw_table(sheet, head, examples, COUNT(examples));
}

static void draw_titles(struct sheet *sheet)
{
	static const struct cell head[] = {
		{30, CELL_LABEL, "职称级别", 0},
		{60, CELL_LABEL, "职称名称（专业）", 0},
		{36, CELL_LABEL, "取得时间", 0},
		{48, CELL_LABEL, "证书编号", 0},
	};
	static const char *const examples[4][COLUMNS] = {
		{"中级", "经济师（工商管理）", "2018年11月", "2018****"},
	};

	sheet_heading(sheet, "职称（专业技术人员职业资格）");
	draw_table(sheet, head, examples, COUNT(examples));
}

static void draw_trainings(struct sheet *sheet)
{
	static const struct cell head[] = {
		{36, CELL_LABEL, "学徒或培训", 0},
		{60, CELL_LABEL, "职业、等级", 0},
		{48, CELL_LABEL, "期满或结业时间", 0},
		{30, CELL_LABEL, "标准学时", 0},
	};
	static const char *const examples[4][COLUMNS] = {
		{"培训", "示例职业 一级/高级技师", "2020年6月", "72"},
	};

	sheet_heading(sheet, "学徒与培训经历（学徒期满的不填学时）");
	draw_table(sheet, head, examples, COUNT(examples));
}

/* What some conditions ask for besides; no page where none does. */
static enum result draw_evidence(struct sheet *sheet, struct error *error)
{
	const struct form_facts *facts = sheet->facts;
	enum result rc;

	if (!facts->titles && !facts->trainings)
		return OK;
	rc = sheet_begin(sheet, error);
	if (rc)
		return rc;

	if (facts->titles)
		draw_titles(sheet);
	if (facts->trainings)
		draw_trainings(sheet);
	return OK;
}

static void draw_declaration(struct sheet *sheet)
{
	const struct style text = {.size = TYPE_TEXT, .top = true, .leading = 1.5};
	double top;

	sheet_heading(sheet, "六、本人承诺");
	top = sheet->y;
	page_text(sheet->page, (struct box){PAGE_MARGIN + 3, top + 2, PAGE_INNER - 6, 14}, text,
		"　　本人已阅读认定公告和申报条件，承诺本表所填内容和所交材料真实、准确、完整，与网上申报一致；"
		"如有虚假，自愿承担取消考试资格、成绩和证书等后果。");
	sheet->y = top + 16;
	sheet_signature(sheet);
	sheet_frame(sheet, top);
}

static void draw_judgement(struct sheet *sheet)
{
	const struct style text = {.size = TYPE_TEXT};
	double top;

	sheet_heading(sheet, "七、审核意见（由考试机构填写）");
	top = sheet->y;
	page_text(sheet->page, (struct box){PAGE_MARGIN + 3, top + 1, PAGE_INNER - 6, 8}, text,
		"□ 符合申报条件　　　□ 不符合申报条件，原因：");
	page_text(sheet->page, (struct box){PAGE_MARGIN + 3, top + 11, PAGE_INNER - 6, 8}, text,
		"审核人：　　　　　　　　　　复核人：　　　　　　　　　　（盖章）　　　　　年　　　月　　　日");
	sheet->y = top + 20;
	sheet_frame(sheet, top);
}

static const char *how_to_fill_in(const struct sheet *sheet)
{
	struct arena *arena = page_arena(sheet->page);
	unsigned copies = sheet->facts->form.copies;

	return arena_printf(arena,
		"填写说明：1. %s%s%s全部由本人用黑色签字笔手写，一次填写完成，涂改、破损、不完整、有误或不属实的无效。"
		"2. “从事”后填写职业名称：本职业须与申报职业一致，相关职业须与申报条件原文页所列名称一致。"
		"3. 学信网验证码、技工院校学历无需填写。4. 工作经历写不下的，另附续页。",
		copies > 0 ? "本表" : "", copies_words(arena, copies),
		copies > 0 ? "，均为原件；" : "");
}

static enum result draw_second_page(struct sheet *sheet, struct error *error)
{
	enum result rc = sheet_begin(sheet, error);

	if (rc)
		return rc;

	draw_education(sheet);
	sheet_heading(sheet, "五、工作经历（每段一行，按时间先后填写；重叠的时间只计一次）");
	sheet_work(sheet);
	draw_declaration(sheet);
	draw_judgement(sheet);
	sheet->y += 2;
	sheet_notes(sheet, how_to_fill_in(sheet));
	return OK;
}

static unsigned field_pages(const struct form_facts *facts)
{
	return (unsigned)((facts->field_count + FIELDS_A_PAGE - 1) / FIELDS_A_PAGE);
}

/* What there is to choose from is printed below the line to write on. */
static void draw_field(struct sheet *sheet, const struct form_field *field)
{
	const struct style hint = {.size = TYPE_NOTE, .ink = INK_GREY};
	const struct cell cells[] = {
		{50, CELL_LABEL, field->name, 0},
		{PAGE_INNER - 50, CELL_VALUE, NULL, 0},
	};
	const struct cell hand = {PAGE_INNER - 50, CELL_HAND, sheet_hand(sheet, field->value), 0};
	double line = field->choices ? SHEET_ROW : FIELD_ROW, x = PAGE_MARGIN + 50;

	page_row(sheet->page, x, sheet->y, line, &hand, 1);
	if (field->choices)
		page_text(sheet->page,
			(struct box){x + 2, sheet->y + line, PAGE_INNER - 54, FIELD_ROW - line},
			hint,
			arena_printf(
				page_arena(sheet->page), "从以下各项中选一项：%s", field->choices));
	sheet_row(sheet, FIELD_ROW, cells, COUNT(cells));
}

/* The plugin's own fields; no page where it has none. */
static enum result draw_fields(struct sheet *sheet, struct error *error)
{
	const struct form_facts *facts = sheet->facts;

	for (size_t first = 0; first < facts->field_count; first += FIELDS_A_PAGE) {
		enum result rc = sheet_begin(sheet, error);
		double top;

		if (rc)
			return rc;

		sheet_heading(sheet, "补充信息（本职业等级要求填写，须与网上申报一致）");
		top = sheet->y;
		for (size_t i = first; i < facts->field_count && i < first + FIELDS_A_PAGE; i++)
			draw_field(sheet, &facts->fields[i]);
		sheet_frame(sheet, top);
	}
	return OK;
}

enum result form_render(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	struct bytes *pdf, struct error *error)
{
	unsigned pages = (facts->titles || facts->trainings ? 3 : 2) + field_pages(facts);
	struct sheet sheet = sheet_open(arena, facts, copy, "职业技能等级认定申报表", pages);
	CLEANUP(page_close) struct page *page = sheet.page;
	enum result rc = sheet_begin(&sheet, error);

	if (rc)
		return rc;

	draw_person(&sheet);
	draw_applied_for(&sheet);
	draw_condition(&sheet);
	rc = draw_second_page(&sheet, error);
	if (rc)
		return rc;

	rc = sheet_work_continue(&sheet, error);
	rc = rc ? rc : draw_evidence(&sheet, error);
	rc = rc ? rc : draw_fields(&sheet, error);
	if (rc)
		return rc;

	return page_finish(page, pdf, error);
}
