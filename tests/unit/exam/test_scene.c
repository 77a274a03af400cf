/*
 * The scene's own promise: an application can be carried through it to review, and no test sees another's rows.
 */
#include "scene.h"

#include <string.h>

#include <cmocka.h>

static void an_application_comes_under_review(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_int_equal(application.state, APPLICATION_REVIEWING);
	assert_int_equal(application.revision, 1);
	assert_false(application.manual);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM application"), 1);
	assert_int_equal(scene_audited(scene, "application.submitted"), 1);
	assert_non_null(strstr(scene_message(scene), application.number));
}

static void what_a_test_writes_is_gone_after_it(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM application"), 0);
	assert_int_equal(scene_messages(scene), 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(an_application_comes_under_review),
		IN_SCENE(what_a_test_writes_is_gone_after_it),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
