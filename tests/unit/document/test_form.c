/*
 * The papers to fill in by hand (S6, S9, S10): what is printed, what stays empty, what an example shows in red.
 */
#include "paper.h"

#include <zip.h>

#include "document/form.h"
#include "document/sheet.h"

#define CONDITION                                                                                  \
	"取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。"
#define NUMBER "SJS-2026-000123-7"

static const struct form_condition conditions[] = {
	{"1-1", CONDITION},
	{"1-3", "取得符合专业对应关系的高级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。"},
};
static const char *const related[] = {
	"采购员", "销售员", "装卸搬运和运输代理服务人员", "轨道货物运输人员"};

static struct form_facts facts(void)
{
	return (struct form_facts){
		.centre_name = "北京市石景山区示例职业技能评价中心",
		.plan_name = "2026年第四批供应链管理师一级/高级技师职业技能等级认定",
		.occupation_name = "供应链管理师",
		.level_name = "一级/高级技师",
		.previous_level_name = "二级/技师",
		.conditions = conditions,
		.condition_count = COUNT(conditions),
		.related_occupations = related,
		.related_count = COUNT(related),
		.form = {true, 2},
		.pledge = {true, 1},
		.made_at = PAPER_AT,
	};
}

typedef enum result render_function(struct arena *arena, const struct form_facts *facts,
	enum form_copy copy, struct bytes *pdf, struct error *error);

static struct bytes render(
	render_function *function, const struct form_facts *facts, enum form_copy copy)
{
	struct error error = {.arena = arena};
	struct bytes pdf = {NULL, 0};

	if (function(arena, facts, copy, &pdf, &error) != OK)
		fail_msg("%s: %s", error.code, error.internal);
	return pdf;
}

static struct bytes render_sentence(const struct form_facts *facts)
{
	struct error error = {.arena = arena};
	struct bytes pdf;

	assert_int_equal(sentence_render(arena, facts, &pdf, &error), OK);
	return pdf;
}

static void the_blank_form_has_every_field_of_the_official_sheet(void **state)
{
	struct form_facts form = facts();
	struct bytes pdf = render(form_render, &form, FORM_BLANK);

	(void)state;
	assert_says(pdf, "职业技能等级认定申报表", "姓名", "性别", "出生年月", "民族", "政治面貌",
		"文化程度", "证件类型", "证件号码", "户籍所在地", "手机号码", "电子邮箱",
		"通讯地址", "邮政编码", "现工作单位", "单位电话", "考生来源", "参加工作时间",
		"最高学历", "毕业院校", "所学专业", "毕业时间", "申报身份", "考试类型", "工种/方向",
		"从事本职业年限", "现持证书职业", "证书等级", "证书编号", "取得证书时间",
		"申报条件", "学习经历", "工作经历", "起止年月", "工作单位（全称）",
		"从事何职业（工种）", "证明人及电话", "（职业、工种）", "本人承诺",
		"承诺人（手写签名）", "审核意见", "一式两份", "黑色签字笔", "涂改、破损");
	assert_int_equal(paper_pages(pdf), 2);
	assert_fonts_embedded(pdf);
}

static void the_plan_its_occupation_and_level_are_printed(void **state)
{
	struct form_facts form = facts();

	(void)state;
	form.work_type = "示例工种";
	assert_says(render(form_render, &form, FORM_BLANK),
		"2026年第四批供应链管理师一级/高级技师职业技能等级认定",
		"申报职业供应链管理师申报等级一级/高级技师", "示例工种");
}

static void s6_two_fields_are_marked_as_not_needed(void **state)
{
	struct form_facts form = facts();

	(void)state;
	assert_says(render(form_render, &form, FORM_BLANK),
		"学信网验证码（无需填写）技工院校学历（无需填写）");
}

static void s9_only_the_example_shows_what_to_write_and_in_red(void **state)
{
	struct form_facts form = facts();
	struct bytes blank = render(form_render, &form, FORM_BLANK);
	struct bytes example = render(form_render, &form, FORM_EXAMPLE);

	(void)state;
	assert_says(example, "填写示例", "张三", "群众", "大学本科", "从事采购员",
		"从事供应链管理师", "二级/技师", "示例科技有限公司");
	/* A certificate of 2016: 16 digits, which begin with the year. */
	assert_says(example, "证书编号1611000000******取得证书时间2016年3月1日");
	assert_null(strstr(paper_words(blank), "张三"));
	assert_null(strstr(paper_words(blank), "示例科技"));
	assert_int_equal(paper_red(blank), 0);
	assert_true(paper_red(example) > 500);
}

static void s10_the_example_copies_the_condition_out_in_full_and_the_blank_leaves_it(void **state)
{
	struct form_facts form = facts();

	(void)state;
	assert_says(render(form_render, &form, FORM_EXAMPLE), CONDITION);
	assert_null(strstr(paper_words(render(form_render, &form, FORM_BLANK)),
		"累计从事本职业或相关职业工作"));
}

static void an_example_for_a_plan_without_lower_certificate_says_none(void **state)
{
	struct form_facts form = facts();

	(void)state;
	form.previous_level_name = NULL;
	form.related_count = 0;
	assert_says(render(form_render, &form, FORM_EXAMPLE), "现持证书职业无证书等级无",
		"从事供应链管理师");
	assert_null(strstr(paper_words(render(form_render, &form, FORM_EXAMPLE)), "从事采购员"));
}

static void the_form_of_an_application_carries_its_number_and_revision_on_each_page(void **state)
{
	struct form_facts form = facts();
	const char *words, *first, *read;
	struct bytes pdf;

	(void)state;
	form.application_number = NUMBER;
	form.revision_hash = "9f86d081884c7d659a2feaa0c55ad015";
	pdf = render(form_render, &form, FORM_BLANK);
	words = paper_words(pdf);
	first = strstr(words, "申报编号" NUMBER "内容校验9f86d081884c7d65");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "申报编号" NUMBER "内容校验9f86d081884c7d65"));

	read = paper_scan(pdf);
	first = strstr(read, "CODE-128:" NUMBER "\n");
	assert_non_null(first);
	assert_non_null(strstr(first + 1, "CODE-128:" NUMBER "\n"));
}

static void s5_more_work_makes_more_pages(void **state)
{
	static const struct {
		unsigned rows, pages;
	} cases[] = {{0, 2}, {6, 2}, {7, 3}, {22, 3}, {23, 4}, {LIMIT_WORK_PERIODS, 4}, {1000, 4}};
	struct form_facts form = facts();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		form.work_rows = cases[i].rows;
		assert_int_equal(
			paper_pages(render(form_render, &form, FORM_BLANK)), cases[i].pages);
		assert_int_equal(
			paper_pages(render(pledge_render, &form, FORM_BLANK)), cases[i].pages - 1);
	}
	assert_says(render(pledge_render, &form, FORM_BLANK), "工作经历（续页");
}

static void s22_what_a_plugin_asks_for_besides_is_printed_with_what_there_is_to_choose(void **state)
{
	static const struct form_field fields[] = {
		{"印章编号", NULL, "2026-0001"}, {"所在片区", "东片、西片", NULL}};
	struct form_facts form = facts();
	struct form_field many[50];

	(void)state;
	form.fields = fields;
	form.field_count = COUNT(fields);
	struct bytes blank = render(form_render, &form, FORM_BLANK);
	assert_int_equal(paper_pages(blank), 3);
	assert_says(blank, "印章编号");
	assert_says(blank, "所在片区");
	assert_says(blank, "从以下各项中选一项：东片、西片");
	assert_null(strstr(paper_words(blank), "2026-0001")); /* S10: by hand */
	assert_says(render(form_render, &form, FORM_EXAMPLE), "2026-0001");

	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = fields[i % 2];
	form.fields = many;
	form.field_count = COUNT(many);
	blank = render(form_render, &form, FORM_BLANK);
	assert_int_equal(paper_pages(blank), 2 + 4);
	assert_words_within(blank, 18, 8, 192, 291);
}

static void titles_and_trainings_have_rows_where_a_condition_asks_for_them(void **state)
{
	struct form_facts form = facts();

	(void)state;
	assert_null(strstr(paper_words(render(form_render, &form, FORM_BLANK)), "职称级别"));
	form.titles = true;
	struct bytes blank = render(form_render, &form, FORM_BLANK);
	assert_int_equal(paper_pages(blank), 3);
	assert_says(blank, "职称级别", "取得时间");
	assert_null(strstr(paper_words(blank), "学徒与培训经历"));
	assert_null(strstr(paper_words(blank), "经济师")); /* S10: by hand */

	form.trainings = true;
	struct bytes example = render(form_render, &form, FORM_EXAMPLE);
	assert_int_equal(paper_pages(example), 3);
	assert_says(example, "经济师（工商管理）", "学徒与培训经历", "期满或结业时间", "标准学时");
	assert_words_within(example, 18, 8, 192, 291);
}

static void a_pen_has_room(void **state)
{
	(void)state;
	assert_true(SHEET_ROW >= 9);
	assert_true(SHEET_WORK_ROW >= 9);
}

static void the_pledge_holds_person_work_total_promise_and_signature(void **state)
{
	struct form_facts form = facts();
	struct bytes pdf = render(pledge_render, &form, FORM_BLANK);

	(void)state;
	assert_says(pdf, "工作经历承诺书", "姓名", "手机号码", "证件号码", "申报职业供应链管理师",
		"申报等级一级/高级技师", "起止年月", "累计从事本职业（相关职业）工作",
		"如有虚假，愿承担取消考试资格、成绩、证书等后果", "承诺人（手写签名）",
		"工作单位意见（选填）");
	assert_int_equal(paper_pages(pdf), 1);
	assert_int_equal(paper_red(pdf), 0);
	assert_true(paper_red(render(pledge_render, &form, FORM_EXAMPLE)) > 300);
	assert_fonts_embedded(pdf);
}

static void s1_paper_forbids_no_jobs_at_the_same_time(void **state)
{
	struct form_facts form = facts();
	struct bytes pledge, application;

	(void)state;
	form.work_rows = FORM_WORK_ROWS + 1;
	pledge = render(pledge_render, &form, FORM_BLANK);
	application = render(form_render, &form, FORM_BLANK);
	assert_says(pledge, "重叠的时间只计一次");
	assert_says(application, "重叠的时间只计一次");
	assert_null(strstr(paper_words(pledge), "不得重叠"));
	assert_null(strstr(paper_words(application), "不得重叠"));
}

static void s10_the_sentence_page_has_the_conditions_in_red_with_their_length(void **state)
{
	struct form_facts form = facts();
	struct bytes pdf = render_sentence(&form);

	(void)state;
	assert_says(pdf, "条件1-1共49字（含标点）", CONDITION, "条件1-3共47字（含标点）",
		conditions[1].text, "本职业：供应链管理师",
		"相关职业：采购员、销售员、装卸搬运和运输代理服务人员、轨道货物运输人员");
	assert_true(paper_red(pdf) > 1000);
	assert_int_equal(paper_pages(pdf), 1);
}

/* The longest list of the three published ones, and more conditions than any level has. */
static void a_long_list_of_occupations_and_conditions_stays_on_the_page(void **state)
{
	struct form_condition many[8];
	const char *names[60];
	struct form_facts form = facts();
	struct bytes pdf;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = conditions[0];
	for (size_t i = 0; i < COUNT(names); i++)
		names[i] = "数据分析处理工程技术人员";
	names[59] = "会展设计师";
	form.conditions = many;
	form.condition_count = COUNT(many);
	form.related_occupations = names;
	form.related_count = COUNT(names);
	pdf = render_sentence(&form);
	assert_words_within(pdf, 18, 14, 192, 291);
	assert_says(pdf, "、会展设计师");
}

static void long_names_of_plan_and_centre_stay_on_the_page(void **state)
{
	struct form_facts form = facts();

	(void)state;
	form.centre_name =
		"北京市石景山区人力资源和社会保障示例职业技能等级评价与考试服务中心（示例分中心）";
	form.plan_name =
		"二〇二六年第四季度面向全市从业人员的供应链管理师一级/高级技师职业技能等级认定（含晋级认定与补考）"
		"第十二批次第三考区认定计划";
	form.occupation_name = "轨道道路航空水上货物运输及装卸搬运服务管理师";
	form.work_type = "平台管理员、选品员、直播销售员、视频创推员";
	form.application_number = NUMBER;
	assert_words_within(render(form_render, &form, FORM_EXAMPLE), 18, 8, 192, 291);
	assert_words_within(render(pledge_render, &form, FORM_EXAMPLE), 18, 8, 192, 291);
	assert_says(render(form_render, &form, FORM_BLANK), "第三考区认定计划");
}

static void assert_package(const struct form_facts *form, const char *const *names, size_t count)
{
	struct error error = {.arena = arena};
	struct bytes package, again;
	zip_t *zip;

	assert_int_equal(package_build(arena, form, &package, &error), OK);
	zip = zip_open_from_source(
		zip_source_buffer_create(package.data, package.size, 0, NULL), ZIP_CHECKCONS, NULL);
	assert_int_equal(zip_get_num_entries(zip, 0), count);
	for (size_t i = 0; i < count; i++) {
		zip_file_t *file = zip_fopen_index(zip, i, 0);
		char start[5];

		assert_string_equal(zip_get_name(zip, i, 0), names[i]);
		assert_int_equal(zip_fread(file, start, sizeof start), sizeof start);
		assert_memory_equal(start, "%PDF-", sizeof start);
		zip_fclose(file);
	}
	zip_discard(zip);

	assert_int_equal(package_build(arena, form, &again, &error), OK);
	assert_same_bytes(package, again);
}

static void s9_the_package_holds_all_papers_in_the_order_of_need(void **state)
{
	static const char *const names[] = {"1-申报表（空白，打印后手写，一式两份）.pdf",
		"2-申报表（填写示例）.pdf", "3-工作经历承诺书（空白，打印后手写，一份）.pdf",
		"4-工作经历承诺书（填写示例）.pdf", "5-申报条件原文（供抄写）.pdf"};
	struct form_facts form = facts();

	(void)state;
	assert_package(&form, names, COUNT(names));
}

static void s9_it_holds_none_that_nobody_asks_for_and_says_how_many_are_posted(void **state)
{
	static const char *const no_pledge[] = {"1-申报表（空白，打印后手写，一式三份）.pdf",
		"2-申报表（填写示例）.pdf", "3-申报条件原文（供抄写）.pdf"};
	static const char *const no_form[] = {"1-工作经历承诺书（空白，打印后手写）.pdf",
		"2-工作经历承诺书（填写示例）.pdf", "3-申报条件原文（供抄写）.pdf"};
	struct form_facts form = facts();

	(void)state;
	form.form.copies = 3;
	form.pledge.asked = false;
	assert_package(&form, no_pledge, COUNT(no_pledge));
	assert_says(render(form_render, &form, FORM_BLANK), "本表一式三份，均为原件");
	form.form.asked = false;
	form.pledge.asked = true;
	form.pledge.copies = 0;
	assert_package(&form, no_form, COUNT(no_form));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_blank_form_has_every_field_of_the_official_sheet),
		cmocka_unit_test(the_plan_its_occupation_and_level_are_printed),
		cmocka_unit_test(s6_two_fields_are_marked_as_not_needed),
		cmocka_unit_test(s9_only_the_example_shows_what_to_write_and_in_red),
		cmocka_unit_test(
			s10_the_example_copies_the_condition_out_in_full_and_the_blank_leaves_it),
		cmocka_unit_test(an_example_for_a_plan_without_lower_certificate_says_none),
		cmocka_unit_test(
			the_form_of_an_application_carries_its_number_and_revision_on_each_page),
		cmocka_unit_test(s5_more_work_makes_more_pages),
		cmocka_unit_test(
			s22_what_a_plugin_asks_for_besides_is_printed_with_what_there_is_to_choose),
		cmocka_unit_test(titles_and_trainings_have_rows_where_a_condition_asks_for_them),
		cmocka_unit_test(a_pen_has_room),
		cmocka_unit_test(the_pledge_holds_person_work_total_promise_and_signature),
		cmocka_unit_test(s1_paper_forbids_no_jobs_at_the_same_time),
		cmocka_unit_test(s10_the_sentence_page_has_the_conditions_in_red_with_their_length),
		cmocka_unit_test(a_long_list_of_occupations_and_conditions_stays_on_the_page),
		cmocka_unit_test(long_names_of_plan_and_centre_stay_on_the_page),
		cmocka_unit_test(s9_the_package_holds_all_papers_in_the_order_of_need),
		cmocka_unit_test(
			s9_it_holds_none_that_nobody_asks_for_and_says_how_many_are_posted),
	};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
