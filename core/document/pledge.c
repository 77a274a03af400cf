/*
 * Drawing the pledge on work history (工作经历承诺书): who, which work, and the signed promise that it is true.
 */
#include "form.h"
#include "page.h"
#include "sheet.h"

static void draw_person(struct sheet *sheet)
{
	const struct form_facts *facts = sheet->facts;
	const struct cell person[] = {
		{24, CELL_LABEL, "姓　　名", 0},
		{62, CELL_HAND, sheet_hand(sheet, "张三"), 0},
		{26, CELL_LABEL, "手机号码", 0},
		{62, CELL_HAND, sheet_hand(sheet, "138********"), 0},
	};
	const struct cell occupation[] = {
		{24, CELL_LABEL, "申报职业", 0},
		{62, CELL_VALUE, facts->occupation_name, 0},
		{26, CELL_LABEL, "申报等级", 0},
		{62, CELL_VALUE, facts->level_name, 0},
	};
	const struct cell work_type[] = {
		{24, CELL_LABEL, "工种/方向", 0},
		{PAGE_INNER - 24, facts->work_type ? CELL_VALUE : CELL_HAND,
			facts->work_type ? facts->work_type : sheet_hand(sheet, "无"), 0},
	};
	double top = sheet->y;

	sheet_row(sheet, SHEET_ROW, person, COUNT(person));
	sheet_digits(sheet, PAGE_INNER, "证件号码", 18, "11010819900307****");
	sheet_row(sheet, SHEET_ROW, occupation, COUNT(occupation));
	sheet_row(sheet, SHEET_ROW, work_type, COUNT(work_type));
	sheet_frame(sheet, top);
}

static void draw_total(struct sheet *sheet)
{
	const struct cell cells[] = {
		{92, CELL_LABEL, "累计从事本职业（相关职业）工作", 0},
		{PAGE_INNER - 92, sheet->copy == FORM_EXAMPLE ? CELL_HAND : CELL_VALUE,
			sheet->copy == FORM_EXAMPLE ? "10 年　0 个月"
						    : "　　　　　年　　　　　个月",
			0},
	};

	sheet_row(sheet, SHEET_ROW, cells, COUNT(cells));
}

static void draw_promise(struct sheet *sheet)
{
	const struct style text = {.size = 11, .top = true, .leading = 1.6};
	double top = sheet->y;

	page_text(sheet->page, (struct box){PAGE_MARGIN + 3, top + 3, PAGE_INNER - 6, 14}, text,
		"　　本人承诺：以上内容真实有效，如有虚假，愿承担取消考试资格、成绩、证书等后果。");
	sheet->y = top + 17;
	sheet_signature(sheet);
	sheet->y += 2;
	sheet_frame(sheet, top);
}

static void draw_employer(struct sheet *sheet)
{
	const struct style text = {.size = TYPE_TEXT};
	double top = sheet->y;

	page_text(sheet->page, (struct box){PAGE_MARGIN + 3, top + 1, PAGE_INNER - 6, 8}, text,
		"工作单位意见（选填）：");
	page_text(sheet->page, (struct box){PAGE_MARGIN + 90, top + 14, PAGE_INNER - 93, 8}, text,
		"（单位盖章）　　　　　年　　　月　　　日");
	sheet->y = top + 24;
	sheet_frame(sheet, top);
}

enum result pledge_render(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	struct bytes *pdf, struct error *error)
{
	struct sheet sheet = sheet_open(arena, facts, copy, "工作经历承诺书", 1);
	CLEANUP(page_close) struct page *page = sheet.page;
	enum result rc = sheet_begin(&sheet, error);

	if (rc)
		return rc;

	draw_person(&sheet);
	sheet.y += 3;
	sheet_heading(&sheet, "本人从事本职业（相关职业）的工作经历如下，与申报表一致：");
	sheet_work(&sheet);
	draw_total(&sheet);
	sheet.y += 4;
	draw_promise(&sheet);
	draw_employer(&sheet);
	sheet.y += 2;
	sheet_notes(&sheet,
		"填写说明：1. 本承诺书由本人用黑色签字笔手写，一次填写完成，涂改、破损、不完整、有误或不属实的无效。"
		"2. 每段工作一行，行数与申报表相同；累计时，重叠的时间只计一次。写不下的，另附续页。"
		"3. “从事”后填写职业名称：本职业须与申报职业一致，相关职业须与申报条件原文页所列名称一致。");
	rc = sheet_work_continue(&sheet, error);
	if (rc)
		return rc;

	return page_finish(page, pdf, error);
}
