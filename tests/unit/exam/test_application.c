/*
 * The application's row: its number, whose it is, its version, and the place that it takes.
 */
#include "office.h"

#include <string.h>

#include "base/limits.h"
#include "exam/audit.h"
#include "exam/plan.h"
#include "exam/submission.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"
#define APPLY_UNTIL  "2026-12-15T17:00:00+08:00"

static void places_set(struct scene *scene, int64_t places)
{
	assert_ok(scene, store_run(scene->db, "UPDATE plan SET places = ?1", BIND(INTEGER(places)),
				 &scene->error));
}

/* By the book: from the right, every second digit doubled, the sum divides by ten. */
static bool luhn_holds(const char *number)
{
	int sum = 0;

	for (size_t i = 0, length = strlen(number); i < length; i++) {
		int digit = number[length - 1 - i] - '0';

		if (i % 2)
			digit = digit * 2 / 10 + digit * 2 % 10;
		sum += digit;
	}
	return sum % 10 == 0;
}

static void a_number_is_year_plan_running_number_and_check_digit(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	scene_draft(scene, SCENE_MOBILE, &first);
	scene_draft(scene, OTHER_MOBILE, &second);
	assert_int_equal(strlen(first.number), 12);
	assert_memory_equal(first.number, "26000100001", 11);
	assert_memory_equal(second.number, "26000100002", 11);
	assert_true(luhn_holds(first.number));
	assert_true(luhn_holds(second.number));
	assert_int_not_equal(first.number[11], second.number[11]);
}

static void every_check_digit_finds_a_wrong_digit(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 20; i++) {
		struct application application;

		scene_draft(scene, arena_printf(scene->tx.arena, "139%08d", i), &application);
		assert_true(luhn_holds(application.number));
		char *wrong = arena_text(scene->tx.arena, application.number);
		wrong[i % 11] = wrong[i % 11] == '9' ? '0' : (char)(wrong[i % 11] + 1);
		assert_false(luhn_holds(wrong));
	}
}

static void a_number_is_found_as_people_type_it(void **state)
{
	struct scene *scene = *state;
	struct application application, found;

	scene_draft(scene, SCENE_MOBILE, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	const char *spaced = arena_printf(scene->tx.arena, " %.4s-%.4s %s ", application.number,
		application.number + 4, application.number + 8);
	assert_ok(scene, application_load_number(&scene->tx, spaced, &found));
	assert_string_equal(found.id, application.id);
	assert_fails(scene, application_load_number(&scene->tx, "260001000099", &found), NOT_FOUND,
		"application.unknown");
}

static void a_candidate_has_one_draft_for_a_plan(void **state)
{
	struct scene *scene = *state;
	struct application first, again;
	bool created = false;

	(void)scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &first, &created));
	assert_true(created);
	assert_int_equal(first.state, APPLICATION_DRAFT);
	assert_int_equal(first.version, 1);
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &again, &created));
	assert_false(created);
	assert_string_equal(again.id, first.id);
	assert_int_equal(again.version, 1);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM application"), 1);
	assert_int_equal(scene_audited(scene, "application.created"), 1);
}

/* All that an account has is shown at once (personal.h): there is an end to it. */
static void an_account_has_so_many_applications_and_no_more(void **state)
{
	struct scene *scene = *state;
	struct application out;
	bool created;

	(void)scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene,
		store_run(scene->db,
			"WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ?1)"
			" INSERT INTO plan SELECT i, i, i, NULL, name, state, occupation_code,"
			" occupation_name, level, plugin_id, plugin_version, plugin_sha256, manifest,"
			" apply_from, apply_until, pay_until, papers_until, tickets_from, fee_fen, places,"
			" document, 1, 1, 1 FROM n, plan",
			BIND(INTEGER(LIMIT_ACCOUNT_APPLICATIONS)), &scene->error));
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO application (id, number, plan_id, account_id, state, version, revision,"
			" created_at, changed_at) SELECT id, id, id, ?1, 'expired', 1, 0, 1, 1 FROM plan"
			" WHERE sequence BETWEEN 2 AND ?2",
			BIND(TEXT(scene->tx.actor.id), INTEGER(LIMIT_ACCOUNT_APPLICATIONS)),
			&scene->error));
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &out, &created));
	assert_true(created);
	const char *one_more = arena_printf(scene->tx.arena, "%d", LIMIT_ACCOUNT_APPLICATIONS + 1);
	assert_fails(scene, application_create(&scene->tx, one_more, &out, &created), CONFLICT,
		"application.many");
	assert_ok(scene, application_create(&scene->tx, "2", &out, &created));
	assert_false(created);
	(void)scene_as_candidate(scene, "13800000002");
	assert_ok(scene, application_create(&scene->tx, one_more, &out, &created));
}

static void a_withdrawn_one_opens_again_with_what_was_in_it(void **state)
{
	struct scene *scene = *state;
	struct application application, again;
	bool created = true;
	json *form;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene, application_withdraw(&scene->tx, &application));
	assert_int_equal(application.state, APPLICATION_WITHDRAWN);
	assert_int_equal(application.due_at, 0);
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &again, &created));
	assert_false(created);
	assert_string_equal(again.number, application.number);
	assert_int_equal(again.state, APPLICATION_DRAFT);
	assert_ok(scene, application_form(&scene->tx, &again, &form));
	assert_string_equal(json_text(json_at_pointer(form, "/details/name")), "张三");
	assert_ok(scene, application_submit(&scene->tx, &again));
	assert_int_equal(again.revision, 2);
}

static void nobody_finds_anothers_application(void **state)
{
	struct scene *scene = *state;
	struct application application, found = {0};

	scene_draft(scene, SCENE_MOBILE, &application);
	(void)scene_as_candidate(scene, OTHER_MOBILE);
	assert_fails(scene, application_load(&scene->tx, application.id, &found), NOT_FOUND,
		"application.unknown");
	assert_fails(scene, application_load_number(&scene->tx, application.number, &found),
		NOT_FOUND, "application.unknown");
	assert_null(found.id);
	assert_fails(scene, application_load(&scene->tx, "none", &found), NOT_FOUND,
		"application.unknown");

	(void)scene_as_staff(scene, OFFICE_REVIEWER);
	assert_ok(scene, application_load(&scene->tx, application.id, &found));
	assert_string_equal(found.id, application.id);
}

static void an_older_version_is_refused_with_both(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_expect_version(&scene->tx, &application, 1));
	assert_fails(scene, application_expect_version(&scene->tx, &application, 7), STALE,
		"application.stale");
	assert_string_equal(scene_param(scene, "yours"), "7");
	assert_string_equal(scene_param(scene, "current"), "1");
}

static void what_somebody_else_has_saved_is_not_written_over(void **state)
{
	struct scene *scene = *state;
	struct application application, other;

	scene_draft(scene, SCENE_MOBILE, &application);
	other = application;
	application.condition_id = "1-1";
	assert_ok(scene, application_save(&scene->tx, &application));
	assert_int_equal(application.version, 2);
	other.condition_id = "other";
	assert_fails(scene, application_save(&scene->tx, &other), STALE, "application.stale");
	assert_string_equal(scene_text(scene, "SELECT condition_id FROM application"), "1-1");
}

static void assert_told_full(struct scene *scene, struct application *application, bool full)
{
	json *view;

	assert_ok(scene, application_view(&scene->tx, application, &view));
	assert_non_null(json_get(view, "plan_full"));
	assert_int_equal(json_get_true(view, "plan_full"), full);
}

static const char *action_of(struct scene *scene, struct application *application)
{
	json *view;

	assert_ok(scene, application_view(&scene->tx, application, &view));
	return json_get_text(view, "next_action");
}

static void a_full_plan_takes_nobody_more(void **state)
{
	struct scene *scene = *state;
	struct application drafted, submitted, out;
	bool created;

	scene_draft(scene, OTHER_MOBILE, &drafted);
	scene_fill(scene, 2, &drafted);
	assert_told_full(scene, &drafted, false);
	scene_submitted(scene, SCENE_MOBILE, 1, &submitted);
	places_set(scene, 1);
	(void)scene_as_candidate(scene, "13800000003");
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.full");
	office_as_owner(scene, &drafted);
	assert_told_full(scene, &drafted, true);
	assert_fails(scene, application_submit(&scene->tx, &drafted), CONFLICT, "plan.full");

	/* Who has a draft still sees it; who gives up a place makes room. */
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &out, &created));
	assert_string_equal(out.id, drafted.id);
	office_as_owner(scene, &submitted);
	assert_ok(scene, application_withdraw(&scene->tx, &submitted));
	office_reload(scene, &submitted);
	assert_told_full(scene, &submitted, false);
	assert_string_equal(action_of(scene, &submitted), "apply_again");
	office_as_owner(scene, &drafted);
	assert_told_full(scene, &drafted, false);
	assert_ok(scene, application_submit(&scene->tx, &drafted));

	/* Nor does one begin again what one had given up, or hear that one could. */
	office_as_owner(scene, &submitted);
	assert_told_full(scene, &submitted, true);
	assert_string_equal(action_of(scene, &submitted), "none");
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.full");
}

/* Otherwise somebody else would have it while one's own is corrected. */
static void who_was_rejected_keeps_the_place(void **state)
{
	struct scene *scene = *state;
	struct application rejected, out;
	bool created;

	scene_submitted(scene, SCENE_MOBILE, 1, &rejected);
	office_reject(scene, &rejected, "material:portrait");
	places_set(scene, 1);
	(void)scene_as_candidate(scene, OTHER_MOBILE);
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.full");
	office_as_owner(scene, &rejected);
	scene_upload(scene, &rejected, "portrait");
	assert_ok(scene, application_submit(&scene->tx, &rejected));
}

static void a_plan_without_a_number_of_places_is_never_full(void **state)
{
	struct scene *scene = *state;
	struct application submitted, out;

	scene_submitted(scene, SCENE_MOBILE, 1, &submitted);
	places_set(scene, 0);
	scene_draft(scene, OTHER_MOBILE, &out);
	assert_int_equal(out.state, APPLICATION_DRAFT);
}

static void outside_of_its_period_a_plan_takes_no_drafts(void **state)
{
	struct scene *scene = *state;
	struct application out;
	bool created;

	(void)scene_as_candidate(scene, SCENE_MOBILE);
	scene_at(scene, "2026-11-01T08:59:59+08:00");
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.not_open");
	scene_at(scene, APPLY_UNTIL);
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.not_open");
	assert_fails(scene, application_create(&scene->tx, "none", &out, &created), NOT_FOUND,
		"plan.unknown");
}

static void who_has_applied_is_given_the_application_of_a_plan_that_is_over(void **state)
{
	struct scene *scene = *state;
	struct application submitted, out;
	bool created = true;

	scene_submitted(scene, SCENE_MOBILE, 1, &submitted);
	scene_at(scene, APPLY_UNTIL);
	office_as_owner(scene, &submitted);
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &out, &created));
	assert_false(created);
	assert_string_equal(out.id, submitted.id);
	assert_int_equal(out.state, APPLICATION_REVIEWING);
	assert_ok(scene, application_withdraw(&scene->tx, &out));
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &out, &created),
		CONFLICT, "plan.not_open");
}

static void the_form_is_sealed_and_fits_its_own_application_only(void **state)
{
	struct scene *scene = *state;
	struct application application, other;
	json *form;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_form(&scene->tx, &application, &form));
	assert_int_equal(json_count(form), 0);
	scene_fill(scene, 1, &application);
	assert_int_equal(scene_number(scene, "SELECT INSTR(form_sealed, CAST('张三' AS BLOB))"
					     " FROM application"),
		0);

	scene_draft(scene, OTHER_MOBILE, &other);
	other.form_sealed = application.form_sealed;
	assert_fails(scene, application_form(&scene->tx, &other, &form), BROKEN, NULL);
}

static void expect_status(
	struct scene *scene, const struct application *application, const char *expected)
{
	const char *status;

	assert_ok(scene, application_status(&scene->tx, application, &status));
	assert_string_equal(status, expected);
}

static void an_approved_one_is_called_by_what_it_waits_for(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	expect_status(scene, &application, "draft");
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_submit(&scene->tx, &application));
	expect_status(scene, &application, "reviewing");
	office_approve(scene, &application);
	expect_status(scene, &application, "awaiting_payment");
	office_take_fee(scene, &application);
	expect_status(scene, &application, "awaiting_papers");
	office_receive_papers(scene, &application);
	expect_status(scene, &application, "awaiting_ticket");
}

static void the_list_has_ones_own_only(void **state)
{
	struct scene *scene = *state;
	struct application own, other;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &other);
	scene_submitted(scene, OTHER_MOBILE, 2, &own);
	assert_ok(scene, application_list_own(&scene->tx, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
	assert_string_equal(json_text(json_at_pointer(view, "/applications/0/id")), own.id);
	assert_string_equal(
		json_text(json_at_pointer(view, "/applications/0/status")), "reviewing");
}

static void the_timeline_keeps_what_is_newest(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view = NULL;

	scene_draft(scene, SCENE_MOBILE, &application);
	for (int i = 1; i <= LIMIT_PAGE + 20; i++) {
		scene_pass(scene, MINUTE_MS);
		assert_ok(
			scene, audit_append(&scene->tx, arena_printf(scene->tx.arena, "test.%d", i),
				       application.id, NULL));
	}
	assert_ok(scene, application_view(&scene->tx, &application, &view));
	const json *timeline = json_get(view, "timeline");
	assert_int_equal(json_count(timeline), LIMIT_PAGE);
	int number = 21; /* oldest first, of the newest */
	json_each(each, timeline) assert_string_equal(
		json_get_text(each, "action"), arena_printf(scene->tx.arena, "test.%d", number++));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_number_is_year_plan_running_number_and_check_digit),
		IN_SCENE(every_check_digit_finds_a_wrong_digit),
		IN_SCENE(a_number_is_found_as_people_type_it),
		IN_SCENE(a_candidate_has_one_draft_for_a_plan),
		IN_SCENE(an_account_has_so_many_applications_and_no_more),
		IN_SCENE(a_withdrawn_one_opens_again_with_what_was_in_it),
		IN_SCENE(nobody_finds_anothers_application),
		IN_SCENE(an_older_version_is_refused_with_both),
		IN_SCENE(what_somebody_else_has_saved_is_not_written_over),
		IN_SCENE(a_full_plan_takes_nobody_more),
		IN_SCENE(who_was_rejected_keeps_the_place),
		IN_SCENE(a_plan_without_a_number_of_places_is_never_full),
		IN_SCENE(outside_of_its_period_a_plan_takes_no_drafts),
		IN_SCENE(who_has_applied_is_given_the_application_of_a_plan_that_is_over),
		IN_SCENE(the_form_is_sealed_and_fits_its_own_application_only),
		IN_SCENE(an_approved_one_is_called_by_what_it_waits_for),
		IN_SCENE(the_list_has_ones_own_only),
		IN_SCENE(the_timeline_keeps_what_is_newest),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
