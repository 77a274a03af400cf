/*
 * `sms` of tenant.json: what does not fit together is told by JSON pointer, all of it at once.
 */
#include "scene.h"

#include <string.h>

#include "base/embedded.h"
#include "exam/message_settings.h"
#include "exam/profile.h"

#include <cmocka.h>

/* A template for every event that there is, with its number or nothing. */
static json *all_templates(struct scene *scene)
{
	const struct embedded_file *file = embedded_find("messages/sms.json");
	json *templates = scene_json(scene, "{}"), *texts = NULL;

	assert_ok(scene, json_parse(scene->tx.arena, (const char *)file->content.data,
				 file->content.size, &texts, &scene->error));
	assert_true(json_count(texts) > 10);
	json_each(text, texts) json_set(scene->tx.arena, templates,
		json_name(text) + strlen("sms."), scene_json(scene, "{'id': '1', 'params': []}"));
	return templates;
}

static json *tencent(struct scene *scene)
{
	json *sms =
		scene_json(scene, "{'provider': 'tencent', 'sign': '示例',"
				  " 'tencent': {'secret_id': 'AKIDEXAMPLE', 'app_id': '1400'}}");

	json_set(scene->tx.arena, sms, "templates", all_templates(scene));
	return sms;
}

static void check(struct scene *scene, const json *sms)
{
	scene_forget(scene);
	message_settings_check(scene->tx.arena, sms, &scene->error);
}

static void assert_fault(struct scene *scene, const char *pointer, const char *code)
{
	const char *found = scene_fault(scene, pointer);

	assert_non_null(found);
	assert_string_equal(found, code);
}

static void what_fits_together_has_no_fault(void **state)
{
	struct scene *scene = *state;

	check(scene, NULL);
	assert_null(scene->error.faults);
	check(scene, scene_json(scene, "{'provider': 'spool'}"));
	assert_null(scene->error.faults);
	check(scene, tencent(scene));
	assert_null(scene->error.faults);
	check(scene, scene_json(scene, "{'provider': 'webhook', 'webhook': {'url': 'https://a'}}"));
	assert_null(scene->error.faults);
}

static void a_provider_needs_its_section_and_its_sign(void **state)
{
	struct scene *scene = *state;

	check(scene, scene_json(scene, "{'provider': 'aliyun', 'templates': {}}"));
	assert_fault(scene, "/sms/aliyun", "sms_settings.no_section");
	assert_fault(scene, "/sms/sign", "sms_settings.no_sign");
	check(scene, scene_json(scene, "{'provider': 'webhook'}"));
	assert_fault(scene, "/sms/webhook", "sms_settings.no_section");
	assert_null(scene_fault(scene, "/sms/sign"));
}

static void every_event_needs_a_template_where_there_are_templates(void **state)
{
	struct scene *scene = *state;
	json *sms = tencent(scene);

	json_remove(json_get(sms, "templates"), "approved");
	json_remove(json_get(sms, "templates"), "ticket");
	check(scene, sms);
	assert_fault(scene, "/sms/templates/approved", "sms_settings.no_template");
	assert_fault(scene, "/sms/templates/ticket", "sms_settings.no_template");
	assert_null(scene_fault(scene, "/sms/templates/rejected"));
}

static void a_template_for_nothing_is_a_slip_of_the_pen(void **state)
{
	struct scene *scene = *state;
	json *sms = tencent(scene);

	json_set(scene->tx.arena, json_get(sms, "templates"), "aproved",
		scene_json(scene, "{'id': '1', 'params': []}"));
	check(scene, sms);
	assert_fault(scene, "/sms/templates/aproved", "sms_settings.event_unknown");
}

static void a_parameter_is_one_of_the_text(void **state)
{
	struct scene *scene = *state;
	json *sms = tencent(scene);

	json_set(scene->tx.arena, json_get(sms, "templates"), "approved",
		scene_json(scene, "{'id': '1', 'params': [{'name': 'number'}, {'name': 'fee'},"
				  " {'name': 'room'}]}"));
	check(scene, sms);
	assert_fault(scene, "/sms/templates/approved/params/2/name", "sms_settings.param_unknown");
	assert_null(scene_fault(scene, "/sms/templates/approved/params/0/name"));
	assert_null(scene_fault(scene, "/sms/templates/approved/params/1/name"));
}

static void applying_what_does_not_fit_changes_nothing(void **state)
{
	struct scene *scene = *state;
	const json *now;

	assert_ok(scene, profile_load(&scene->tx, &now));
	json *document = json_copy(scene->tx.arena, now);
	json_set(scene->tx.arena, document, "sms", scene_json(scene, "{'provider': 'tencent'}"));
	assert_fails(scene, profile_apply(&scene->tx, document), INVALID, "input.invalid");
	assert_fault(scene, "/sms/tencent", "sms_settings.no_section");
	assert_ok(scene, profile_load(&scene->tx, &now));
	assert_null(json_get(now, "sms"));
	json_set(scene->tx.arena, document, "sms", tencent(scene));
	assert_ok(scene, profile_apply(&scene->tx, document));
	assert_ok(scene, profile_load(&scene->tx, &now));
	assert_string_equal(json_text(json_at_pointer(now, "/sms/provider")), "tencent");
}

static void a_budget_that_is_not_told_is_the_usual_one(void **state)
{
	struct scene *scene = *state;
	struct message_budget budget = message_budget_of(NULL);

	assert_int_equal(budget.day, LIMIT_SMS_DAY_CENTRE);
	assert_int_equal(budget.codes, LIMIT_CODES_DAY_CENTRE);
	assert_int_equal(budget.number, LIMIT_SMS_DAY_NUMBER);
	budget = message_budget_of(scene_json(scene, "{'budget': {'day': 7}}"));
	assert_int_equal(budget.day, 7);
	assert_int_equal(budget.codes, LIMIT_CODES_DAY_CENTRE);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(what_fits_together_has_no_fault),
		IN_SCENE(a_provider_needs_its_section_and_its_sign),
		IN_SCENE(every_event_needs_a_template_where_there_are_templates),
		IN_SCENE(a_template_for_nothing_is_a_slip_of_the_pen),
		IN_SCENE(a_parameter_is_one_of_the_text),
		IN_SCENE(applying_what_does_not_fit_changes_nothing),
		IN_SCENE(a_budget_that_is_not_told_is_the_usual_one),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
