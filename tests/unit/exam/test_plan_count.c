/*
 * How many places of a plan are taken is kept as applications move: each way of taking and giving back counts, and
 * what is kept is what counting would find.
 */
#include "office.h"

#include "exam/plan_count.h"
#include "exam/submission.h"
#include "exam/voiding.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

static void assert_standing(struct scene *scene, int64_t expected)
{
	int64_t standing;

	assert_ok(scene, plan_count_standing(&scene->tx, scene->plan_id, &standing));
	assert_int_equal(standing, expected);
	assert_ok(scene, plan_count_verify(&scene->tx));
}

static void a_place_is_taken_by_handing_in_and_given_back_by_withdrawing(void **state)
{
	struct scene *scene = *state;
	struct application application;
	bool created;

	assert_standing(scene, 0);
	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_standing(scene, 0);
	for (int i = 0; i < 2; i++) {
		assert_ok(scene, application_submit(&scene->tx, &application));
		assert_standing(scene, 1);
		assert_ok(scene, application_withdraw(&scene->tx, &application));
		assert_standing(scene, 0);
		assert_ok(scene,
			application_create(&scene->tx, scene->plan_id, &application, &created));
	}
}

static void a_place_is_kept_through_review_until_it_is_voided(void **state)
{
	static const char other[] = "13800000002";
	struct scene *scene = *state;
	struct application rejected, approved;

	scene_submitted(scene, SCENE_MOBILE, 1, &rejected);
	office_reject(scene, &rejected, "material:portrait");
	assert_standing(scene, 1);
	scene_submitted(scene, other, 2, &approved);
	office_approve(scene, &approved);
	assert_standing(scene, 2);

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, application_void(&scene->tx, &approved, "经核实工作经历不属实"));
	assert_standing(scene, 1);
}

static void what_is_kept_wrongly_is_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene,
		store_script(scene->db, "UPDATE plan_count SET standing = 7", &scene->error));
	assert_fails(scene, plan_count_verify(&scene->tx), BROKEN, "plan.miscounted");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_place_is_taken_by_handing_in_and_given_back_by_withdrawing),
		IN_SCENE(a_place_is_kept_through_review_until_it_is_voided),
		IN_SCENE(what_is_kept_wrongly_is_told),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
