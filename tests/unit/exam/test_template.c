/*
 * What the paper forms are made for (S9, S10): occupation, level and conditions of the plan, and after handing in
 * the hash that tells paper and revision apart.
 */
#include "scene.h"

#include <string.h>

#include "exam/template.h"
#include "exam/topics.h"

#include <cmocka.h>

static struct form_facts facts_of(struct scene *scene, struct application *application)
{
	struct form_facts facts;

	assert_ok(scene, template_facts(&scene->tx, application, &facts));
	return facts;
}

static void a_draft_has_plan_occupation_level_and_number(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_string_equal(facts.centre_name, "海淀职业技能等级认定中心（示例）");
	assert_string_equal(facts.plan_name, "2026年12月海淀第1批供应链管理师一级认定");
	assert_string_equal(facts.occupation_name, "供应链管理师");
	assert_string_equal(facts.level_name, "一级/高级技师");
	assert_string_equal(facts.previous_level_name, "二级/技师");
	assert_string_equal(facts.application_number, application.number);
	assert_int_equal(facts.made_at, scene->tx.now);
	assert_int_equal(facts.work_rows, 0);
	assert_null(facts.revision_hash);
}

static void related_occupations_stand_as_the_plugin_spells_them(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_int_equal(facts.related_count, 9);
	assert_string_equal(facts.related_occupations[0], "采购员");
	assert_string_equal(facts.related_occupations[8], "水上货物运输人员");
}

static void what_the_district_denies_is_not_among_the_names_to_write(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene,
		store_run(scene->tx.db,
			"INSERT INTO overlay (id, kind, occupation_code, name, reason, valid_from)"
			" VALUES ('x', 'deny_related', '4-02-06-05', '采购员', '本区不计。', '2026-11-23'),"
			" ('y', 'deny_related', '4-02-06-05', '销售员', '以后不计。', '2026-11-24')",
			BIND_NONE, scene->tx.error));
	struct form_facts facts = facts_of(scene, &application);
	assert_int_equal(facts.related_count, 8);
	assert_string_equal(facts.related_occupations[0], "销售员");
}

static void without_a_choice_every_condition_is_printed_and_with_one_that_one(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_int_equal(facts.condition_count, 3);
	assert_string_equal(facts.conditions[0].code, "1-1");
	assert_string_equal(facts.conditions[2].code, "1-3");

	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-1'}")));
	facts = facts_of(scene, &application);
	assert_int_equal(facts.condition_count, 1);
	assert_string_equal(facts.conditions[0].code, "1-1");
	assert_string_equal(facts.conditions[0].text,
		"取得本职业或相关职业二级/技师职业资格（职业技能等级）证书后，累计从事本职业或相关职业工作满5年。");
}

static void titles_are_asked_for_where_a_condition_that_is_printed_asks_for_one(void **state)
{
	static const struct {
		const char *body;
		bool titles;
	} choices[] = {{"{'condition': '1-1'}", false}, {"{'condition': '1-2'}", true},
		{"{'condition': '1-3'}", true}};
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_true(facts_of(scene, &application).titles);
	for (size_t i = 0; i < COUNT(choices); i++) {
		assert_ok(scene, application_put_condition(&scene->tx, &application,
					 scene_json(scene, choices[i].body)));
		struct form_facts facts = facts_of(scene, &application);
		assert_int_equal(facts.titles, choices[i].titles);
		assert_false(facts.trainings);
	}
}

static void what_the_plugin_asks_for_itself_stands_with_its_choices(void **state)
{
	struct scene *scene = *state;
	struct application application;

	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET manifest = json_set(manifest, '$.fields',"
			" json('[{\"id\":\"shift\",\"name\":\"班次\",\"choices\":[\"早班\",\"晚班\"]},"
			"{\"id\":\"tool\",\"name\":\"自带工具\"}]'))",
			BIND_NONE, &scene->error));
	scene_draft(scene, SCENE_MOBILE, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_int_equal(facts.field_count, 2);
	assert_string_equal(facts.fields[0].name, "班次");
	assert_string_equal(facts.fields[0].choices, "早班、晚班");
	assert_string_equal(facts.fields[1].name, "自带工具");
	assert_null(facts.fields[1].choices);
	assert_null(facts.fields[1].value);
}

static void the_papers_are_those_of_the_condition(void **state)
{
	struct scene *scene = *state;
	struct application application;

	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET manifest = json_set(manifest, '$.conditions[0].materials',"
			" json('[\"portrait\", \"application_form\"]'))",
			BIND_NONE, &scene->error));
	scene_draft(scene, SCENE_MOBILE, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_true(facts.form.asked && facts.pledge.asked); /* by some condition */
	assert_int_equal(facts.form.copies, 2);
	assert_int_equal(facts.pledge.copies, 1);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-1'}")));
	facts = facts_of(scene, &application);
	assert_true(facts.form.asked);
	assert_false(facts.pledge.asked);
}

static void handed_in_it_carries_the_revision(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	struct form_facts facts = facts_of(scene, &application);
	assert_string_equal(facts.revision_hash, scene_text(scene, "SELECT hash FROM revision"));
	assert_int_equal(facts.work_rows, 1);
}

static void the_lowest_level_has_none_before_it(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(
		scene, store_run(scene->db, "UPDATE plan SET level = 5", BIND_NONE, &scene->error));
	assert_null(facts_of(scene, &application).previous_level_name);
	assert_ok(
		scene, store_run(scene->db, "UPDATE plan SET level = 4", BIND_NONE, &scene->error));
	assert_string_equal(facts_of(scene, &application).previous_level_name, "五级/初级工");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_draft_has_plan_occupation_level_and_number),
		IN_SCENE(related_occupations_stand_as_the_plugin_spells_them),
		IN_SCENE(what_the_district_denies_is_not_among_the_names_to_write),
		IN_SCENE(without_a_choice_every_condition_is_printed_and_with_one_that_one),
		IN_SCENE(titles_are_asked_for_where_a_condition_that_is_printed_asks_for_one),
		IN_SCENE(what_the_plugin_asks_for_itself_stands_with_its_choices),
		IN_SCENE(the_papers_are_those_of_the_condition),
		IN_SCENE(handed_in_it_carries_the_revision),
		IN_SCENE(the_lowest_level_has_none_before_it),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
