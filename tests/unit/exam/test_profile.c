/*
 * The centre's profile: applied from its own document only, overlays as a whole, and what the public sees of it.
 */
#include "scene.h"

#include <string.h>

#include "exam/plan.h"
#include "exam/profile.h"

#include <cmocka.h>

#define OVERLAY(id, name)                                                                          \
	"{'id': '" id "', 'kind': 'deny_related', 'occupation_code': '4-02-06-05', 'name': '" name \
	"', 'reason': '示例', 'from': '2026-06-01', 'until': '2026-12-31'}"

/* A document of the centre with these overlays. */
static json *document(struct scene *scene, const char *slug, const char *overlays)
{
	return scene_json(scene,
		arena_printf(scene->tx.arena,
			"{'slug': '%s', 'name': '示例中心', 'short_name': '示例',"
			" 'hosts': ['other.kaowu.example'], 'rules': {'review_days': 3},"
			" 'address': {'recipient': '考务组', 'line': '示例路2号', 'postcode': '100000'},"
			" 'contact': {'name': '考务组', 'telephone': '010-00000000'},"
			" 'staff': [{'login': 'admin', 'name': '管理员', 'roles': ['admin']}],"
			" 'overlays': [%s]}",
			slug, overlays));
}

static json *overlays_of_plan(struct scene *scene)
{
	struct plan plan;
	json *overlays;

	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	assert_ok(scene, profile_overlays(&scene->tx, plan.occupation_code, &overlays));
	return overlays;
}

static void a_document_of_another_centre_is_refused(void **state)
{
	struct scene *scene = *state;
	int64_t audited = scene_audited(scene, "profile.applied");
	const json *profile;

	assert_fails(scene, profile_apply(&scene->tx, document(scene, "chaoyang", "")), INVALID,
		"profile.other_slug");
	assert_string_equal(scene_param(scene, "slug"), SCENE_SLUG);
	assert_int_equal(scene_audited(scene, "profile.applied"), audited);
	assert_ok(scene, profile_load(&scene->tx, &profile));
	assert_string_equal(json_get_text(profile, "short_name"), "海淀");
}

static void a_document_takes_the_place_of_the_one_before(void **state)
{
	struct scene *scene = *state;
	int64_t audited = scene_audited(scene, "profile.applied");
	const json *profile;

	assert_ok(scene, profile_apply(&scene->tx, document(scene, SCENE_SLUG, "")));
	assert_ok(scene, profile_load(&scene->tx, &profile));
	assert_string_equal(json_get_text(profile, "name"), "示例中心");
	assert_int_equal(json_integer(json_at_pointer(profile, "/rules/review_days")), 3);
	assert_null(json_get(profile, "ticket"));
	assert_int_equal(scene_audited(scene, "profile.applied"), audited + 1);
}

static void staff_and_overlays_are_not_kept_with_it(void **state)
{
	struct scene *scene = *state;
	const json *profile;

	assert_ok(scene, profile_load(&scene->tx, &profile));
	assert_null(json_get(profile, "staff"));
	assert_null(json_get(profile, "overlays"));
}

static void overlays_are_replaced_as_a_whole(void **state)
{
	struct scene *scene = *state;
	json *overlays = overlays_of_plan(scene);

	assert_int_equal(json_count(overlays), 1);
	assert_string_equal(json_get_text(json_first(overlays), "name"), "电子商务师");
	assert_true(json_is_null(json_get(json_first(overlays), "until")));

	assert_ok(scene, profile_apply(&scene->tx,
				 document(scene, SCENE_SLUG,
					 OVERLAY("b", "销售员") ", " OVERLAY("a", "采购员"))));
	overlays = overlays_of_plan(scene);
	assert_int_equal(json_count(overlays), 2);
	assert_string_equal(json_get_text(json_first(overlays), "name"), "采购员");
	assert_string_equal(json_get_text(json_first(overlays), "from"), "2026-06-01");
	assert_string_equal(json_get_text(json_first(overlays), "until"), "2026-12-31");

	assert_ok(scene, profile_apply(&scene->tx, document(scene, SCENE_SLUG, "")));
	assert_int_equal(json_count(overlays_of_plan(scene)), 0);
}

static void two_overlays_of_one_id_are_refused(void **state)
{
	struct scene *scene = *state;

	assert_fails(scene,
		profile_apply(
			&scene->tx, document(scene, SCENE_SLUG,
					    OVERLAY("a", "销售员") ", " OVERLAY("a", "采购员"))),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/overlays/1/id"), "profile.overlay_twice");
}

static void an_overlay_that_ends_before_it_begins_is_refused(void **state)
{
	struct scene *scene = *state;
	json *over = document(scene, SCENE_SLUG, OVERLAY("a", "销售员"));

	json_set_text(
		scene->tx.arena, json_first(json_get(over, "overlays")), "until", "2026-05-31");
	assert_fails(scene, profile_apply(&scene->tx, over), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/overlays/0/until"), "profile.overlay_dates");
}

/* And not when the tickets are opened. */
static void a_rule_of_ticket_numbers_that_cannot_work_is_refused(void **state)
{
	static const struct {
		const char *ticket, *code;
	} cases[] = {
		{"{'rule': '{plan}{room}'}", "ticket.rule"},
		{"{'rule': '{plan}/{room}{seat}'}", "ticket.rule"},
		{"{'rule': '{region:1}{plan}{room}{seat}'}", "ticket.narrow"},
	};
	struct scene *scene = *state;
	json *wrong = document(scene, SCENE_SLUG, "");

	json_set_text(scene->tx.arena, wrong, "region_code", "11");
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_set(scene->tx.arena, wrong, "ticket", scene_json(scene, cases[i].ticket));
		assert_fails(scene, profile_apply(&scene->tx, wrong), INVALID, "input.invalid");
		assert_string_equal(scene_fault(scene, "/ticket/rule"), cases[i].code);
	}
	json_set(scene->tx.arena, wrong, "ticket", scene_json(scene, "{'notes': ['请带笔']}"));
	assert_ok(scene, profile_apply(&scene->tx, wrong));
}

static void the_public_sees_who_and_where_and_the_district_rules(void **state)
{
	struct scene *scene = *state;
	static const char *const hidden[] = {"rules", "hosts", "ticket", "staff", "region_code"};
	json *view;

	assert_ok(scene, profile_view(&scene->tx, &view));
	assert_string_equal(json_get_text(view, "slug"), SCENE_SLUG);
	assert_string_equal(json_get_text(view, "short_name"), "海淀");
	assert_non_null(json_at_pointer(view, "/address/line"));
	assert_non_null(json_at_pointer(view, "/contact/telephone"));
	assert_string_equal(json_text(json_at_pointer(view, "/overlays/0/name")), "电子商务师");
	for (size_t i = 0; i < COUNT(hidden); i++)
		assert_null(json_get(view, hidden[i]));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_document_of_another_centre_is_refused),
		IN_SCENE(a_document_takes_the_place_of_the_one_before),
		IN_SCENE(staff_and_overlays_are_not_kept_with_it),
		IN_SCENE(overlays_are_replaced_as_a_whole),
		IN_SCENE(two_overlays_of_one_id_are_refused),
		IN_SCENE(an_overlay_that_ends_before_it_begins_is_refused),
		IN_SCENE(a_rule_of_ticket_numbers_that_cannot_work_is_refused),
		IN_SCENE(the_public_sees_who_and_where_and_the_district_rules),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
