/*
 * Sessions: who a token stands for, and when it does not any more.
 */
#include "scene.h"

#include <string.h>

#include "base/text.h"
#include "exam/session.h"

#include <cmocka.h>

static const char *opened(struct scene *scene, const char *account_id)
{
	const char *token = NULL;

	assert_ok(scene, session_open(&scene->tx, account_id, &token));
	scene_as_nobody(scene);
	return token;
}

static const char *candidates(struct scene *scene)
{
	return opened(scene, scene_as_candidate(scene, SCENE_MOBILE));
}

static const char *staffs(struct scene *scene)
{
	return opened(scene, scene_as_staff(scene, "reviewer1"));
}

static bool resumed(struct scene *scene, const char *token)
{
	bool touch = false;

	assert_ok(scene, session_resume(&scene->tx, token, &touch));
	return touch;
}

static void assert_ended(struct scene *scene, const char *token)
{
	bool touch = false;

	scene_as_nobody(scene);
	assert_fails(scene, session_resume(&scene->tx, token, &touch), UNAUTHENTICATED,
		"session.expired");
	assert_int_equal(scene->tx.actor.kind, ACTOR_NOBODY);
	assert_false(touch);
}

static void a_token_stands_for_its_account(void **state)
{
	struct scene *scene = *state;
	const char *id = scene_as_candidate(scene, SCENE_MOBILE);
	const char *token = opened(scene, id);

	assert_false(resumed(scene, token));
	assert_int_equal(scene->tx.actor.kind, ACTOR_CANDIDATE);
	assert_string_equal(scene->tx.actor.id, id);
	assert_int_equal(scene->tx.actor.roles, 0);
	(void)resumed(scene, staffs(scene));
	assert_int_equal(scene->tx.actor.kind, ACTOR_STAFF);
	assert_int_equal(scene->tx.actor.roles, ROLE_REVIEWER);
}

static void only_a_tokens_hash_is_kept(void **state)
{
	struct scene *scene = *state;
	const char *token = candidates(scene);
	const char *kept = scene_text(scene, "SELECT token_hash FROM session");

	assert_int_equal(strlen(token), 43);
	assert_string_equal(kept, token_hash(&scene->tx, token));
	assert_int_equal(strspn(kept, "0123456789abcdef"), 64);
}

static void what_is_no_token_opens_nothing(void **state)
{
	struct scene *scene = *state;
	const char *token = candidates(scene);

	assert_ended(scene, "");
	assert_ended(scene, "x");
	assert_ended(scene, token + 1);
	assert_ended(scene, token_hash(&scene->tx, token));
}

static void a_candidates_session_ends_after_a_day_unused(void **state)
{
	struct scene *scene = *state;
	const char *token = candidates(scene);

	scene_pass(scene, DAY_MS - 1);
	assert_true(resumed(scene, token));
	assert_ok(scene, session_touch(&scene->tx, token));
	scene_pass(scene, DAY_MS - 1);
	assert_true(resumed(scene, token));
	scene_pass(scene, 1);
	assert_ended(scene, token);
}

/* In use all the time, until its end. */
static void kept_in_use(struct scene *scene, const char *token, int64_t step, int64_t life)
{
	for (int64_t age = step; age < life; age += step) {
		scene_pass(scene, step);
		assert_true(resumed(scene, token));
		assert_ok(scene, session_touch(&scene->tx, token));
	}
	scene_pass(scene, step - 1);
	assert_true(resumed(scene, token));
	scene_pass(scene, 1);
	assert_ended(scene, token);
}

static void a_candidates_session_ends_after_two_weeks_in_any_case(void **state)
{
	kept_in_use(*state, candidates(*state), 12 * HOUR_MS, 14 * DAY_MS);
}

static void a_staff_members_session_ends_after_half_an_hour_unused(void **state)
{
	struct scene *scene = *state;
	const char *token = staffs(scene);

	scene_pass(scene, 30 * MINUTE_MS - 1);
	assert_true(resumed(scene, token));
	scene_pass(scene, 1);
	assert_ended(scene, token);
}

static void a_staff_members_session_ends_after_twelve_hours_in_any_case(void **state)
{
	kept_in_use(*state, staffs(*state), 20 * MINUTE_MS, 12 * HOUR_MS);
}

static void a_session_is_touched_once_a_minute(void **state)
{
	struct scene *scene = *state;
	const char *token = candidates(scene);

	scene_pass(scene, MINUTE_MS - 1);
	assert_false(resumed(scene, token));
	scene_pass(scene, 1);
	assert_true(resumed(scene, token));
	assert_ok(scene, session_touch(&scene->tx, token));
	assert_false(resumed(scene, token));
}

static void a_closed_session_is_over_and_others_go_on(void **state)
{
	struct scene *scene = *state;
	const char *phone = candidates(scene), *computer = candidates(scene);

	assert_ok(scene, session_close(&scene->tx, phone));
	assert_ended(scene, phone);
	assert_false(resumed(scene, computer));
}

static void the_eleventh_session_ends_the_oldest(void **state)
{
	struct scene *scene = *state;
	const char *other = opened(scene, scene_as_candidate(scene, "13800000002"));
	const char *tokens[11];

	for (size_t i = 0; i < COUNT(tokens); i++) {
		tokens[i] = candidates(scene);
		scene_pass(scene, 1);
	}
	assert_ended(scene, tokens[0]);
	for (size_t i = 1; i < COUNT(tokens); i++)
		assert_false(resumed(scene, tokens[i]));
	assert_false(resumed(scene, other));
}

static void the_newest_session_stays_even_in_one_moment(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 30; i++)
		assert_false(resumed(scene, candidates(scene)));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM session"), 10);
}

static json *listed(struct scene *scene, const char *token)
{
	json *view = NULL;

	(void)resumed(scene, token);
	assert_ok(scene, session_list(&scene->tx, token, &view));
	return json_get(view, "sessions");
}

static bool is_current(const json *list, const char *place)
{
	return json_get_true(json_at_pointer(list, place), "current");
}

static void one_sees_where_one_is_signed_in(void **state)
{
	struct scene *scene = *state;
	const char *other = opened(scene, scene_as_candidate(scene, "13800000002"));
	const char *ended = candidates(scene), *phone, *computer;

	scene_pass(scene, DAY_MS);
	phone = candidates(scene);
	scene_pass(scene, MINUTE_MS);
	computer = candidates(scene);
	const json *list = listed(scene, phone);

	assert_ended(scene, ended);
	assert_int_equal(json_count(list), 2);
	assert_false(is_current(list, "/0"));
	assert_true(is_current(list, "/1"));
	assert_true(is_current(listed(scene, computer), "/0"));
	assert_ended(scene, other);
}

static void every_other_session_ends_and_nobody_elses(void **state)
{
	struct scene *scene = *state;
	const char *others = opened(scene, scene_as_candidate(scene, "13800000002"));
	const char *phone = candidates(scene), *computer = candidates(scene);

	(void)resumed(scene, phone);
	assert_ok(scene, session_end_others(&scene->tx, phone));
	assert_int_equal(scene_audited(scene, "account.signed_out_elsewhere"), 1);
	assert_ended(scene, computer);
	assert_int_equal(json_count(listed(scene, phone)), 1);
	assert_false(resumed(scene, others));
}

static void roles_taken_away_are_gone_at_the_next_request(void **state)
{
	struct scene *scene = *state;
	const char *token = staffs(scene);

	assert_ok(scene,
		store_run(scene->db, "UPDATE account SET roles = 0 WHERE login = 'reviewer1'",
			BIND_NONE, &scene->error));
	(void)resumed(scene, token);
	assert_int_equal(scene->tx.actor.roles, 0);
}

static void a_disabled_account_has_no_session(void **state)
{
	struct scene *scene = *state;
	const char *token = staffs(scene);

	assert_ok(scene, store_run(scene->db,
				 "UPDATE account SET state = 'disabled' WHERE login = 'reviewer1'",
				 BIND_NONE, &scene->error));
	assert_ended(scene, token);
}

static void a_candidate_sees_its_number_masked(void **state)
{
	struct scene *scene = *state;
	const char *id = scene_as_candidate(scene, SCENE_MOBILE);
	json *view = NULL;

	assert_ok(scene, session_view(&scene->tx, &view));
	assert_string_equal(json_get_text(view, "kind"), "candidate");
	assert_string_equal(json_get_text(view, "id"), id);
	assert_string_equal(json_get_text(view, "mobile"), "138****0001");
	assert_int_equal(json_count(json_get(view, "roles")), 0);
	assert_true(json_is_null(json_get(view, "name")));
}

static void a_staff_member_sees_name_and_roles(void **state)
{
	struct scene *scene = *state;
	json *view = NULL;

	(void)scene_as_staff(scene, "reviewer1");
	assert_ok(scene, session_view(&scene->tx, &view));
	assert_string_equal(json_get_text(view, "kind"), "staff");
	assert_string_equal(json_get_text(view, "name"), "海淀审核一");
	assert_string_equal(json_text(json_at_pointer(view, "/roles/0")), "reviewer");
	assert_true(json_is_null(json_get(view, "mobile")));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_token_stands_for_its_account),
		IN_SCENE(only_a_tokens_hash_is_kept),
		IN_SCENE(what_is_no_token_opens_nothing),
		IN_SCENE(a_candidates_session_ends_after_a_day_unused),
		IN_SCENE(a_candidates_session_ends_after_two_weeks_in_any_case),
		IN_SCENE(a_staff_members_session_ends_after_half_an_hour_unused),
		IN_SCENE(a_staff_members_session_ends_after_twelve_hours_in_any_case),
		IN_SCENE(a_session_is_touched_once_a_minute),
		IN_SCENE(a_closed_session_is_over_and_others_go_on),
		IN_SCENE(the_eleventh_session_ends_the_oldest),
		IN_SCENE(the_newest_session_stays_even_in_one_moment),
		IN_SCENE(one_sees_where_one_is_signed_in),
		IN_SCENE(every_other_session_ends_and_nobody_elses),
		IN_SCENE(roles_taken_away_are_gone_at_the_next_request),
		IN_SCENE(a_disabled_account_has_no_session),
		IN_SCENE(a_candidate_sees_its_number_masked),
		IN_SCENE(a_staff_member_sees_name_and_roles),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
