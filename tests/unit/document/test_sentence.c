/*
 * The page to copy from stays legible where a plan has as many conditions as the national rules have at a level.
 */
#include "paper.h"

#include "document/form.h"

#define HEADS_END 57.0 /* millimetres from the top */
#define BOX_LEAST 3.0  /* of a word's box, for type of 7.4 points */

static const struct form_condition conditions[] = {
	{"3-1", "累计从事本职业或相关职业工作满10年。"},
	{"3-2", "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满4年。"},
	{"3-3", "取得符合专业对应关系的初级职称（专业技术人员职业资格）后，累计从事本职业或相关职业工作满1年。"},
	{"3-4", "取得本专业或相关专业的技工院校高级工班及以上毕业证书（含在读应届毕业生）。"},
	{"3-5", "取得本职业或相关职业四级/中级工职业资格（职业技能等级）证书，并取得高等职业学校、专科及以上普通高等学校本专业或相关专业毕业证书（含在读应届毕业生）。"},
	{"3-6", "取得经评估论证的高等职业学校、专科及以上普通高等学校本专业或相关专业的毕业证书（含在读应届毕业生）。"},
};
static const char *const related[] = {"营销员", "商品营业员", "摊商", "互联网营销师"};

static void six_conditions_are_printed_large_enough_to_copy(void **state)
{
	struct error error = {.arena = arena};
	struct bytes pdf;
	double least = 1000;
	struct word word;
	const struct form_facts facts = {
		.centre_name = "北京市海淀区示例职业技能评价中心",
		.plan_name = "2026年第四批电子商务师三级/高级工职业技能等级认定",
		.occupation_name = "电子商务师",
		.level_name = "三级/高级工",
		.conditions = conditions,
		.condition_count = COUNT(conditions),
		.related_occupations = related,
		.related_count = COUNT(related),
		.made_at = PAPER_AT,
	};

	(void)state;
	assert_int_equal(sentence_render(arena, &facts, &pdf, &error), OK);
	const char *at = paper_tool(pdf, "pdftotext -bbox", "-");
	while (paper_next_word(&at, &word))
		if (word.top > HEADS_END && word.bottom - word.top < least)
			least = word.bottom - word.top;
	assert_true(least >= BOX_LEAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_conditions_are_printed_large_enough_to_copy)};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
