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

/* The least height of a word's box below the head, on any page. */
static double least_word(struct bytes pdf)
{
	const char *at = paper_tool(pdf, "pdftotext -bbox", "-");
	double least = 1000;
	struct word word;

	while (paper_next_word(&at, &word))
		if (word.top > HEADS_END && word.bottom - word.top < least)
			least = word.bottom - word.top;
	return least;
}

static struct bytes rendered(const struct form_condition *shown, size_t condition_count,
	const char *const *names, size_t name_count)
{
	struct error error = {.arena = arena};
	struct bytes pdf = {NULL, 0};
	const struct form_facts facts = {
		.centre_name = "北京市海淀区示例职业技能评价中心",
		.plan_name = "2026年第四批电子商务师三级/高级工职业技能等级认定",
		.occupation_name = "电子商务师",
		.level_name = "三级/高级工",
		.conditions = shown,
		.condition_count = condition_count,
		.related_occupations = names,
		.related_count = name_count,
		.made_at = PAPER_AT,
	};

	assert_int_equal(sentence_render(arena, &facts, &pdf, &error), OK);
	return pdf;
}

static void six_conditions_are_printed_large_enough_to_copy(void **state)
{
	struct bytes pdf = rendered(conditions, COUNT(conditions), related, COUNT(related));

	(void)state;
	assert_int_equal(paper_pages(pdf), 1);
	assert_true(least_word(pdf) >= BOX_LEAST);
}

/* A plugin may have twenty, of a thousand characters each. */
static void what_one_page_has_no_room_for_goes_on_behind_it(void **state)
{
	struct form_condition many[20];
	char texts[COUNT(many)][3 * 400 + 64];

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++) {
		size_t size =
			(size_t)snprintf(texts[i], sizeof(texts[i]), "%s", conditions[4].text);

		while (i == 7 && size < 3 * 300) /* bytes */
			size += (size_t)snprintf(
				texts[i] + size, sizeof(texts[i]) - size, "%s", conditions[3].text);
		many[i] = (struct form_condition){arena_printf(arena, "3-%zu", i + 1), texts[i]};
	}
	struct bytes pdf = rendered(many, COUNT(many), related, COUNT(related));

	assert_true(least_word(pdf) >= BOX_LEAST);
	assert_in_range(paper_pages(pdf), 3, 6);
	for (size_t i = 0; i < COUNT(many); i++)
		assert_says(pdf, arena_printf(arena, "条件%s共", many[i].code));
	assert_says(pdf, many[7].text, "摊商、互联网营销师");
}

static void the_names_get_a_page_of_their_own_where_they_are_many(void **state)
{
	const char *names[200];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		names[i] = arena_printf(arena, "示例与相关服务人员%zu", i);
	struct bytes pdf = rendered(conditions, 1, names, COUNT(names));

	assert_true(least_word(pdf) >= BOX_LEAST);
	assert_int_equal(paper_pages(pdf), 2);
	assert_says(pdf, names[0], names[199]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(six_conditions_are_printed_large_enough_to_copy),
		cmocka_unit_test(what_one_page_has_no_room_for_goes_on_behind_it),
		cmocka_unit_test(the_names_get_a_page_of_their_own_where_they_are_many)};

	return cmocka_run_group_tests(tests, paper_setup, paper_teardown);
}
