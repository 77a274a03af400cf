/*
 * What a plan chooses of its plugin by name, and what candidates type into the plugin's own fields: both are held
 * against the manifest, and everything that is wrong is told at once.
 */
#include "scene.h"

#include "exam/fields.h"
#include "exam/plan.h"
#include "exam/plan_rules.h"

#include <cmocka.h>

static json *manifest_of(struct scene *scene)
{
	return scene_json(scene,
		"{'condition_set': 'gc2023', 'level_name': '三级/高级工', 'work_types': ['网商', '跨境电子商务师'],"
		" 'conditions': [{'id': '3-1', 'set': 'gc2023', 'materials': ['form']},"
		" {'id': '3-1', 'set': 'gc2018', 'materials': ['diploma']}],"
		" 'materials': [{'id': 'form'}, {'id': 'diploma'}],"
		" 'examples': [{'condition': '3-1'}], 'fields': ["
		" {'id': 'seal', 'name': '印章编号', 'kind': 'line', 'required': true},"
		" {'id': 'count', 'name': '人数', 'kind': 'number', 'required': false},"
		" {'id': 'since', 'name': '日期', 'kind': 'date', 'required': false},"
		" {'id': 'side', 'name': '片区', 'kind': 'choice', 'required': false, 'choices': ['东片', '西片']}]}");
}

static void a_plan_takes_the_plugins_own_set_unless_it_names_another(void **state)
{
	struct scene *scene = *state;
	static const char *const documents[][2] = {
		{"{}", "gc2023"}, {"{'condition_set': 'gc2018'}", "gc2018"}};

	for (size_t i = 0; i < COUNT(documents); i++) {
		json *manifest = manifest_of(scene);

		assert_ok(scene, plan_rules_choose(&scene->tx, scene_json(scene, documents[i][0]),
					 &manifest));
		assert_string_equal(json_get_text(manifest, "condition_set"), documents[i][1]);
		assert_int_equal(json_count(json_get(manifest, "conditions")), 1);
		assert_string_equal(
			json_get_text(json_first(json_get(manifest, "conditions")), "set"),
			documents[i][1]);
	}
}

static void a_set_and_a_work_type_that_there_are_not_are_told_together(void **state)
{
	struct scene *scene = *state;
	json *manifest = manifest_of(scene);
	const json *document =
		scene_json(scene, "{'condition_set': 'gc1999', 'work_type': '选品员'}");

	assert_fails(scene, plan_rules_choose(&scene->tx, document, &manifest), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/condition_set"), "plan.condition_set");
	assert_string_equal(scene_fault(scene, "/work_type"), "plan.work_type");
}

static void a_work_type_is_one_of_the_levels_or_there_is_none(void **state)
{
	struct scene *scene = *state;
	json *manifest = manifest_of(scene);
	const json *document = scene_json(scene, "{'work_type': '网商'}");

	assert_ok(scene, plan_rules_choose(&scene->tx, document, &manifest));
	manifest = manifest_of(scene);
	json_set(scene->tx.arena, manifest, "work_types", json_new_array(scene->tx.arena));
	assert_fails(scene, plan_rules_choose(&scene->tx, document, &manifest), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/work_type"), "plan.work_type_none");
}

/* ---- Fields ---- */

static enum result check_fields(struct scene *scene, const char *values)
{
	struct plan plan = {.manifest = manifest_of(scene)};

	fields_check(&scene->tx, &plan, scene_json(scene, values));
	return refuse_faults(scene->tx.error);
}

static void what_fits_its_field_is_taken(void **state)
{
	struct scene *scene = *state;
	static const char *const good[] = {"{'seal': 'a'}", "{'seal': '编号 1', 'count': '-12.5'}",
		"{'seal': 'a', 'count': '0'}", "{'seal': 'a', 'count': '123456789012.123456'}",
		"{'seal': 'a', 'since': '2024-02-29'}", "{'seal': 'a', 'side': '西片'}"};

	for (size_t i = 0; i < COUNT(good); i++)
		assert_ok(scene, check_fields(scene, good[i]));
}

static void what_does_not_fit_is_told_at_its_field(void **state)
{
	struct scene *scene = *state;
	static const char *const bad[][3] = {
		{"{'seal': 'a', 'count': '1.'}", "/fields/count", "field.number"},
		{"{'seal': 'a', 'count': '1e3'}", "/fields/count", "field.number"},
		{"{'seal': 'a', 'count': '1234567890123'}", "/fields/count", "field.number"},
		{"{'seal': 'a', 'count': '1.1234567'}", "/fields/count", "field.number"},
		{"{'seal': 'a', 'since': '2023-02-29'}", "/fields/since", "field.date"},
		{"{'seal': 'a', 'side': '南片'}", "/fields/side", "field.choice"},
		{"{'seal': 'a', 'salary': '1'}", "/fields/salary", "field.unknown"},
		{"{}", "/fields/seal", "application.missing"},
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_fails(scene, check_fields(scene, bad[i][0]), INVALID, "input.invalid");
		assert_string_equal(scene_fault(scene, bad[i][1]), bad[i][2]);
	}
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
	struct scene *scene = *state;

	assert_fails(scene, check_fields(scene, "{'count': 'x', 'since': 'x', 'side': 'x'}"),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/fields/seal"), "application.missing");
	assert_string_equal(scene_fault(scene, "/fields/count"), "field.number");
	assert_string_equal(scene_fault(scene, "/fields/since"), "field.date");
	assert_string_equal(scene_fault(scene, "/fields/side"), "field.choice");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_plan_takes_the_plugins_own_set_unless_it_names_another),
		IN_SCENE(a_set_and_a_work_type_that_there_are_not_are_told_together),
		IN_SCENE(a_work_type_is_one_of_the_levels_or_there_is_none),
		IN_SCENE(what_fits_its_field_is_taken),
		IN_SCENE(what_does_not_fit_is_told_at_its_field),
		IN_SCENE(all_that_is_wrong_is_told_at_once),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
