/*
 * What a new version of a plugin would have said of those who have handed in already.
 */
#include "scene.h"

#include "exam/plan.h"
#include "exam/replay.h"

#include <cmocka.h>

static json *manifest(struct scene *scene)
{
	struct plan plan;

	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	return json_copy(scene->tx.arena, plan.manifest);
}

static json *differing(struct scene *scene, const json *before, const json *after)
{
	int64_t judged = 0;
	json *out = NULL;

	assert_ok(scene, replay(&scene->tx, before, after, &judged, &out));
	assert_int_equal(judged, 1);
	return out;
}

static void the_same_rules_say_the_same(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_int_equal(json_count(differing(scene, manifest(scene), manifest(scene))), 0);
}

static void whose_condition_is_gone_is_told_with_the_outcome_of_before(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *without = manifest(scene), *rows;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	json_set(scene->tx.arena, without, "conditions", json_new_array(scene->tx.arena));
	rows = differing(scene, manifest(scene), without);
	assert_int_equal(json_count(rows), 1);
	assert_string_equal(json_text(json_at_pointer(rows, "/0/number")), application.number);
	assert_string_equal(json_text(json_at_pointer(rows, "/0/condition")), "1-1");
	assert_string_equal(json_text(json_at_pointer(rows, "/0/before")), "met");
	assert_null(json_text(json_at_pointer(rows, "/0/after")));
	assert_int_equal(json_count(differing(scene, without, without)), 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(the_same_rules_say_the_same),
		IN_SCENE(whose_condition_is_gone_is_told_with_the_outcome_of_before),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
