/*
 * A plugin's word on a form: what it is asked and never told, when it is asked again, and what its answer does to the
 * verdict. The answers are put in by hand; tests/plugin and tests/http ask processes.
 */
#include "scene.h"

#include <string.h>

#include "base/text.h"
#include "exam/consultation.h"
#include "exam/plan.h"

#include <cmocka.h>

static const struct application application = {
	.id = "one", .condition_id = "1-1", .identity = "职工"};

/* What nobody tells a plugin stands beside what it needs. */
static const char form_text[] =
	"{'details': {'name': '张三', 'id_number': '11010819900307001X', 'mobile': '13800000000',"
	" 'address': '示例路1号', 'employer': '示例公司', 'birth': '1990-03-07', 'gender': '男',"
	" 'education': '大学本科'}, 'fields': {'kiln': '隧道窑', 'years': 7, 'licensed': true,"
	" 'none': null}, 'work': [{'from': '2020-06', 'to': null, 'occupation': '焊工', 'relation':"
	" 'same', 'employer': '示例公司', 'witness': '李四', 'witness_phone': '010-00000000'}],"
	" 'certificates': [{'occupation': '焊工', 'level': 2, 'issued': '2020-05-01',"
	" 'number': 'S000011000001202000001'}]}";

struct asking {
	struct scene *scene;
	struct plan plan;
	struct consultation consultation;
	json *verdict, *form;
	bool manual;
};

static json *met(struct scene *scene)
{
	return scene_json(scene, "{'outcome': 'met', 'eligible_from': '2025-01-01',"
				 " 'eligible_from_if_accepted': '2025-01-01', 'trace': []}");
}

static void begin(struct asking *asking, struct scene *scene)
{
	*asking = (struct asking){.scene = scene, .form = scene_json(scene, form_text)};
	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &asking->plan));
	asking->plan.manifest = scene_json(scene, "{'functions': ['check_form']}");
	scene->tx.consultation = &asking->consultation;
}

static enum result judge(struct asking *asking)
{
	asking->verdict = met(asking->scene);
	return consultation_judge(&asking->scene->tx, &application, &asking->plan, asking->form,
		asking->verdict, &asking->manual);
}

/* Asked, and then answered so. */
static void answer(struct asking *asking, const char *findings)
{
	assert_fails(asking->scene, judge(asking), CONFLICT, "consultation.wanted");
	asking->consultation.answered = true;
	asking->consultation.findings = scene_json(asking->scene, findings);
	assert_ok(asking->scene, judge(asking));
}

static const char *told(const struct asking *asking, const char *pointer)
{
	return json_text(json_at_pointer(asking->verdict, pointer));
}

static void a_plugin_without_the_function_is_not_asked(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	asking.plan.manifest = scene_json(asking.scene, "{'functions': ['another']}");
	assert_ok(asking.scene, judge(&asking));
	assert_false(asking.manual);
	assert_string_equal(told(&asking, "/outcome"), "met");
	assert_int_equal(json_count(json_get(asking.verdict, "trace")), 0);
}

static void nothing_is_asked_about_a_form_that_is_not_whole(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	asking.form = NULL;
	assert_ok(asking.scene, judge(&asking));
	assert_false(consultation_wanted(&asking.consultation));
}

static void the_question_has_what_rules_need_and_nobody_in_it(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	assert_fails(asking.scene, judge(&asking), CONFLICT, "consultation.wanted");
	assert_true(consultation_wanted(&asking.consultation));
	assert_string_equal(asking.consultation.plugin_sha256, asking.plan.plugin_sha256);
	assert_true(json_equal(asking.consultation.form,
		scene_json(asking.scene,
			"{'kiln': '隧道窑', 'years': '7', 'licensed': 'true', 'form.on': '2026-11-23',"
			" 'form.condition': '1-1', 'form.identity': '职工', 'details.birth': '1990-03-07',"
			" 'details.gender': '男', 'details.education': '大学本科', 'work.0.from': '2020-06',"
			" 'work.0.occupation': '焊工', 'work.0.relation': 'same', 'certificates.0.occupation':"
			" '焊工', 'certificates.0.level': '2', 'certificates.0.issued': '2020-05-01'}")));
}

static void an_answer_is_for_its_own_question_and_plugin(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	answer(&asking, "[]");
	asking.consultation.plugin_sha256 = "another";
	assert_fails(asking.scene, judge(&asking), CONFLICT, "consultation.wanted");
	asking.consultation.answered = true;
	assert_ok(asking.scene, judge(&asking));

	json_set_text(asking.scene->tx.arena, json_get(asking.form, "fields"), "kiln", "梭式窑");
	assert_fails(asking.scene, judge(&asking), CONFLICT, "consultation.wanted");
	assert_true(consultation_wanted(&asking.consultation));
}

static void without_a_finding_the_trace_says_that_it_was_asked(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	answer(&asking, "[]");
	assert_false(asking.manual);
	assert_string_equal(told(&asking, "/outcome"), "met");
	assert_string_equal(told(&asking, "/eligible_from"), "2025-01-01");
	assert_string_equal(told(&asking, "/trace/0/outcome"), "met");
	assert_string_equal(told(&asking, "/trace/0/source"),
		arena_printf(asking.scene->tx.arena, "%s %s", asking.plan.plugin_id,
			asking.plan.plugin_version));
	assert_null(asking.scene->error.faults);
}

static void a_finding_that_refuses_is_told_at_its_field(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	answer(&asking, "[{'finding': 'refuse', 'field': 'kiln', 'text': '窑型不符'},"
			" {'finding': 'refuse', 'field': 'work.0.from', 'text': '太早'},"
			" {'finding': 'refuse', 'field': 'form.condition', 'text': '条件不符'},"
			" {'finding': 'refuse', 'field': '', 'text': '不收'}]");
	assert_string_equal(scene_fault(asking.scene, "/fields/kiln"), "consultation.finding");
	assert_string_equal(scene_fault(asking.scene, "/work/0/from"), "consultation.finding");
	assert_string_equal(scene_fault(asking.scene, "/condition"), "consultation.finding");
	assert_string_equal(scene_fault(asking.scene, ""), "consultation.finding");
	assert_string_equal(told(&asking, "/outcome"), "not_met");
	assert_null(told(&asking, "/eligible_from"));
	assert_null(told(&asking, "/eligible_from_if_accepted"));
	assert_string_equal(told(&asking, "/trace/0/used/0"), "/fields/kiln");
	assert_false(asking.manual);
}

static void a_finding_that_asks_leaves_it_to_a_reviewer(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	answer(&asking, "[{'finding': 'review', 'field': 'form.on', 'text': '请核对'}]");
	assert_null(asking.scene->error.faults);
	assert_string_equal(told(&asking, "/outcome"), "review");
	assert_null(told(&asking, "/eligible_from"));
	assert_string_equal(told(&asking, "/eligible_from_if_accepted"), "2025-01-01");
	assert_int_equal(json_count(json_at_pointer(asking.verdict, "/trace/0/used")), 0);

	/* What refuses is worse, in whichever order. */
	asking.consultation.findings = scene_json(asking.scene,
		"[{'finding': 'refuse', 'field': 'kiln', 'text': '窑型不符'},"
		" {'finding': 'review', 'field': 'kiln', 'text': '请核对'}]");
	assert_ok(asking.scene, judge(&asking));
	assert_string_equal(told(&asking, "/outcome"), "not_met");
}

static void a_plugin_that_fails_refuses_nobody(void **state)
{
	struct asking asking;
	static const char *const failures[] = {"plugin.crashed", "plugin.hung", "plugin.garbage",
		"plugin.unsteady", "plugin.file_differs", "plugin.something_new"};

	begin(&asking, *state);
	assert_fails(asking.scene, judge(&asking), CONFLICT, "consultation.wanted");
	asking.consultation.answered = true;
	for (size_t i = 0; i < COUNT(failures); i++) {
		asking.consultation.failure = failures[i];
		assert_ok(asking.scene, judge(&asking));
		assert_true(asking.manual);
		assert_null(asking.scene->error.faults);
		assert_string_equal(told(&asking, "/outcome"), "review");
		assert_string_equal(told(&asking, "/trace/0/outcome"), "review");
		assert_false(text_blank(told(&asking, "/trace/0/text")));
	}
}

static void a_plugin_that_is_not_there_any_more_is_not_asked(void **state)
{
	struct asking asking;

	begin(&asking, *state);
	asking.plan.plugin_sha256 = "gone";
	assert_ok(asking.scene, judge(&asking));
	assert_true(asking.manual);
	assert_false(consultation_wanted(&asking.consultation));
	assert_string_equal(told(&asking, "/outcome"), "review");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_plugin_without_the_function_is_not_asked),
		IN_SCENE(nothing_is_asked_about_a_form_that_is_not_whole),
		IN_SCENE(the_question_has_what_rules_need_and_nobody_in_it),
		IN_SCENE(an_answer_is_for_its_own_question_and_plugin),
		IN_SCENE(without_a_finding_the_trace_says_that_it_was_asked),
		IN_SCENE(a_finding_that_refuses_is_told_at_its_field),
		IN_SCENE(a_finding_that_asks_leaves_it_to_a_reviewer),
		IN_SCENE(a_plugin_that_fails_refuses_nobody),
		IN_SCENE(a_plugin_that_is_not_there_any_more_is_not_asked),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
