/*
 * The cover sheet (S19): where to, until when, what must be inside; and intake's scanner can read whose it is.
 */
#include "paper.h"

#include "document/cover.h"

#define NUMBER "SJS-2026-000123-7"

static const struct cover_paper papers[] = {
	{"职业技能等级认定申报表（原件）", 2},
	{"工作经历承诺书（原件）", 1},
};

static struct cover_facts facts(void)
{
	return (struct cover_facts){
		.centre_name = "北京市石景山区示例职业技能评价中心",
		.recipient = "石景山示例评价中心",
		.address = "北京市石景山区玉泉路63号远洋时代广场313",
		.postcode = "100000",
		.contact_name = "考务组",
		.telephone = "010-00000000",
		.deadline_at = PAPER_AT + 8 * DAY_MS,
		.application_number = NUMBER,
		.revision_hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		.plan_name = "2026年第四批供应链管理师一级/高级技师职业技能等级认定",
		.occupation_name = "供应链管理师",
		.level_name = "一级/高级技师",
		.candidate_name = "张三",
		.mobile_masked = "138****0000",
		.papers = papers,
		.paper_count = COUNT(papers),
		.made_at = PAPER_AT,
	};
}

static struct bytes render(const struct cover_facts *facts)
{
	struct error error = {.arena = arena};
	struct bytes pdf;

	assert_int_equal(cover_render(arena, facts, &pdf, &error), OK);
	return pdf;
}

static void s19_the_sheet_tells_address_deadline_and_what_to_enclose(void **state)
{
	struct cover_facts cover = facts();
	struct bytes pdf = render(&cover);

	(void)state;
	assert_says(pdf, "北京市石景山区玉泉路63号远洋时代广场313", "石景山示例评价中心考务组",
		"010-00000000", "100000", "请于2026年11月30日（星期一）09:00前寄出",
		"视为放弃考试资格", "职业技能等级认定申报表（原件）2", "工作经历承诺书（原件）1",
		"张三", "138****0000", "供应链管理师", "申报编号" NUMBER,
		"内容校验9f86d081884c7d65");
	assert_int_equal(paper_pages(pdf), 1);
	assert_fonts_embedded(pdf);
}

static void s19_the_scanner_reads_the_number_and_the_revision(void **state)
{
	struct cover_facts cover = facts();
	const char *read = paper_scan(render(&cover));

	(void)state;
	assert_non_null(strstr(read, "CODE-128:" NUMBER "\n"));
	assert_non_null(strstr(read, "QR-Code:kaowu:papers:" NUMBER ":9f86d081884c7d65\n"));
}

static void midnight_is_shown_as_the_end_of_the_day_before(void **state)
{
	struct cover_facts cover = facts();

	(void)state;
	cover.deadline_at = moment_of_date_end((struct date){2026, 11, 30});
	assert_says(render(&cover), "请于2026年11月30日（星期一）24:00前寄出");
}

static void who_is_recipient_and_contact_at_once_stands_there_once(void **state)
{
	struct cover_facts twice = facts();
	struct bytes pdf;

	(void)state;
	twice.recipient = twice.contact_name = "考务组";
	pdf = render(&twice);
	assert_says(pdf, "考务组");
	assert_null(strstr(strstr(paper_words(pdf), "考务组") + strlen("考务组"), "考务组"));
}

static void what_is_not_known_is_left_out(void **state)
{
	const struct cover_facts least = {.centre_name = "示例中心",
		.address = "示例路1号",
		.application_number = "1",
		.made_at = PAPER_AT};
	struct bytes pdf = render(&least);
	const char *words = paper_words(pdf);

	(void)state;
	assert_says(pdf, "示例路1号", "示例中心", "请在报名期限内寄出");
	assert_null(strstr(words, "邮政编码"));
	assert_null(strstr(words, "null"));
	assert_string_equal(cover_code(arena, &least), "kaowu:papers:1");
}

static void long_texts_stay_on_the_page(void **state)
{
	static const struct cover_paper many[] = {
		{"工作经历承诺书（原件，由本人用黑色签字笔手写并签名，不得涂改）", 1},
		{"二级/技师职业资格证书复印件（正反面，A4 纸）", 1}, {"甲", 1}, {"乙", 1},
		{"丙", 1}, {"丁", 1}, {"戊", 1}, {"己", 1}, {"庚", 1}, {"辛", 1}};
	struct cover_facts cover = facts();
	struct bytes pdf;

	(void)state;
	cover.candidate_name = "阿卜杜热合曼·示例·麦麦提依明江·示例·托合提·示例";
	cover.address =
		"新疆维吾尔自治区乌鲁木齐市天山区示例路一百二十三号示例大厦二十层二零零一室示例职业技能等级评价中心考务办公室收件窗口";
	cover.plan_name =
		"二〇二六年第四季度面向全市从业人员的供应链管理师一级/高级技师职业技能等级认定（含晋级认定与补考）第十二批次第三考区认定计划";
	cover.papers = many;
	cover.paper_count = COUNT(many);
	pdf = render(&cover);
	assert_true(assert_words_within(pdf, 18, 9, 192, 291) > 20);
	assert_says(pdf, "收件窗口", "第三考区认定计划", "示例·托合提·示例", "辛");
}

static void more_papers_than_the_first_page_has_room_for_go_on_behind_it(void **state)
{
	struct cover_paper many[34];
	struct cover_facts cover = facts();
	const double usual = paper_smallest(render(&cover));
	struct bytes pdf;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct cover_paper){
			arena_printf(arena, "第%zu项材料（原件，加盖单位公章）", i), 1};
	cover.papers = many;
	cover.paper_count = 30;
	pdf = render(&cover);
	assert_int_equal(paper_pages(pdf), 2);
	assert_says(pdf, "第0项材料", "第8项材料", "第9项材料", "第29项材料", "30");
	assert_true(assert_words_within(pdf, 18, 9, 192, 291) > 60);
	assert_true(paper_smallest(pdf) >= 0.9 * usual);
	cover.paper_count = COUNT(many);
	assert_int_equal(paper_pages(render(&cover)), 3);
	cover.paper_count = 9;
	assert_int_equal(paper_pages(render(&cover)), 1);
}

static void the_same_facts_give_the_same_bytes(void **state)
{
	struct cover_facts cover = facts();

	(void)state;
	assert_same_bytes(render(&cover), render(&cover));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s19_the_sheet_tells_address_deadline_and_what_to_enclose),
		cmocka_unit_test(s19_the_scanner_reads_the_number_and_the_revision),
		cmocka_unit_test(midnight_is_shown_as_the_end_of_the_day_before),
		cmocka_unit_test(who_is_recipient_and_contact_at_once_stands_there_once),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(long_texts_stay_on_the_page),
		cmocka_unit_test(more_papers_than_the_first_page_has_room_for_go_on_behind_it),
		cmocka_unit_test(the_same_facts_give_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
