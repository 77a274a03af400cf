/*
 * Handing in (S7, S15, S16): what is missing is told by place, the verdict and the revision are kept, and an edit
 * under review is a revision of its own.
 */
#include "office.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "exam/plan.h"
#include "exam/plan_desk.h"
#include "exam/submission.h"
#include "exam/topics.h"
#include "exam/withdrawal.h"
#include "plugin/catalogue.h"

#include <cmocka.h>

#define DUE_FROM_MONDAY  "2026-11-26T00:00:00+08:00" /* the end of the second working day after */
#define DUE_FROM_TUESDAY "2026-11-27T00:00:00+08:00"

static int64_t moment(const char *text)
{
	int64_t at;

	assert_int_equal(moment_parse(text, &at), OK);
	return at;
}

static json *work(struct scene *scene, const char *from)
{
	return scene_json(scene,
		arena_printf(scene->tx.arena,
			"{'work': [{'from': '%s', 'to': null, 'employer': '示例供应链有限公司',"
			" 'occupation': '供应链管理师', 'relation': 'same', 'witness': '李四',"
			" 'witness_phone': '010-00000000'}]}",
			from));
}

static const char *revision_hash(struct scene *scene, int revision)
{
	return scene_text(
		scene, arena_printf(scene->tx.arena,
			       "SELECT hash FROM revision WHERE revision = %d", revision));
}

static void an_empty_draft_lacks_its_topics(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_fails(scene, application_submit(&scene->tx, &application), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/details"), "application.missing");
	assert_string_equal(scene_fault(scene, "/identity"), "application.missing");
	assert_string_equal(scene_fault(scene, "/condition"), "application.missing");
	assert_null(scene_fault(scene, "/materials/portrait"));
}

static void a_chosen_condition_tells_what_else_it_needs(void **state)
{
	static const char *const needed[] = {"/certificates", "/work", "/materials/id_card_front",
		"/materials/id_card_back", "/materials/portrait", "/materials/application_form",
		"/materials/certificate", "/materials/work_pledge"};
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-1'}")));
	scene_upload(scene, &application, "portrait");
	assert_fails(scene, application_submit(&scene->tx, &application), INVALID, "input.invalid");
	for (size_t i = 0; i < COUNT(needed); i++) {
		if (text_equal(needed[i], "/materials/portrait"))
			assert_null(scene_fault(scene, needed[i]));
		else
			assert_string_equal(scene_fault(scene, needed[i]), "application.missing");
	}
	assert_null(scene_fault(scene, "/titles"));
	assert_null(scene_fault(scene, "/condition"));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 0);
}

static void the_verdict_and_the_revision_are_kept(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *verdict;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene, json_parse(scene->tx.arena, application.verdict,
				 strlen(application.verdict), &verdict, &scene->error));
	assert_string_equal(json_get_text(verdict, "outcome"), "met");
	assert_string_equal(json_get_text(verdict, "on"), "2026-11-23");
	assert_string_equal(scene_text(scene, "SELECT verdict FROM revision"), application.verdict);
	assert_string_equal(scene_text(scene, "SELECT condition_id FROM revision"), "1-1");
	assert_int_equal(strlen(revision_hash(scene, 1)), 64);
	assert_int_equal(
		scene_number(scene, "SELECT json_array_length(materials) FROM revision"), 6);
	assert_int_equal(application.due_at, moment(DUE_FROM_MONDAY));
	assert_int_equal(application.submitted_at, scene->tx.now);
	assert_int_equal(scene_messages(scene), 1);
}

static void who_is_not_eligible_yet_hears_from_when(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2024-01")));
	assert_fails(scene, application_submit(&scene->tx, &application), INVALID,
		"eligibility.not_met");
	assert_string_equal(scene_param(scene, "eligible_from"), "2028-12-31");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 0);
	assert_string_equal(scene_text(scene, "SELECT state FROM application"), "draft");
	assert_int_equal(scene_messages(scene), 0);
}

static void a_plugin_in_quarantine_refuses_nobody(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct plan plan;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2024-01")));
	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	assert_ok(scene, catalogue_quarantine(scene->deployment.catalogue, plan.plugin_sha256,
				 "plugin.crashed", &scene->error));
	enum result rc = application_submit(&scene->tx, &application);
	/* The catalogue is every test's. */
	assert_ok(scene,
		catalogue_readmit(scene->deployment.catalogue, plan.plugin_sha256, &scene->error));
	assert_int_equal(rc, OK);
	assert_true(application.manual);
	assert_int_equal(scene_number(scene, "SELECT manual FROM application"), 1);
	assert_string_equal(scene_text(scene, "SELECT json_extract(verdict, '$.outcome')"
					      " FROM revision"),
		"not_met");
}

static void handing_in_twice_is_refused(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_fails(
		scene, application_submit(&scene->tx, &application), CONFLICT, "application.state");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 1);
}

static void after_the_plan_has_closed_nothing_is_handed_in(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	scene_at(scene, "2026-12-15T17:00:00+08:00");
	assert_fails(
		scene, application_submit(&scene->tx, &application), CONFLICT, "plan.not_open");
}

static void close_the_plan(struct scene *scene)
{
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, plan_desk_close(&scene->tx, scene->plan_id,
				 scene_number(scene, "SELECT version FROM plan")));
}

/* Closing takes no new applications; it takes nothing from those that are there. */
static void after_the_office_has_closed_the_plan_what_was_handed_in_goes_on(void **state)
{
	struct scene *scene = *state;
	struct application draft, application;

	scene_draft(scene, "13800000002", &draft);
	scene_fill(scene, 2, &draft);
	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	close_the_plan(scene);
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	assert_int_equal(application.revision, 2);

	office_reject(scene, &application, "material:portrait");
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_int_equal(application.state, APPLICATION_REVIEWING);
	office_as_owner(scene, &draft);
	assert_fails(scene, application_submit(&scene->tx, &draft), CONFLICT, "plan.not_open");
}

static void an_edit_under_review_is_a_revision_with_a_hash_of_its_own(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *hash;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	int64_t version = application.version;
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2019-01")));
	assert_int_equal(application.state, APPLICATION_REVIEWING);
	assert_int_equal(application.revision, 2);
	assert_int_equal(application.version, version + 1);
	assert_string_not_equal(revision_hash(scene, 1), revision_hash(scene, 2));
	assert_ok(scene, submission_hash(&scene->tx, &application, 2, &hash));
	assert_string_equal(hash, revision_hash(scene, 2));
	assert_int_equal(scene_audited(scene, "application.edited"), 1);
	assert_int_equal(scene_messages(scene), 1);
}

/* Handed in, and changed as often as a day allows. */
static void revise_all_day(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	for (int i = 1; i < LIMIT_DAY_REVISIONS; i++)
		assert_ok(scene, application_put_work(&scene->tx, application,
					 work(scene, i % 2 ? "2019-01" : "2018-01")));
}

/* Each is kept for ever. */
static void a_day_has_so_many_revisions_and_no_more(void **state)
{
	struct scene *scene = *state;
	struct application application;

	revise_all_day(scene, &application);
	assert_int_equal(application.revision, LIMIT_DAY_REVISIONS);
	scene_pass(scene, DAY_MS - MINUTE_MS);
	assert_fails(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")),
		TOO_MANY, "application.day_revisions");
	assert_string_equal(scene->error.params[1], "60");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), LIMIT_DAY_REVISIONS);
	scene_pass(scene, MINUTE_MS);
	office_reload(scene, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")));
}

/* Each is a row of the audit log for ever. */
static void a_day_has_so_many_changes_of_a_draft_and_no_more(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	for (int i = 1; i < LIMIT_DAY_ACTS; i++)
		assert_ok(scene,
			application_put_work(&scene->tx, &application, work(scene, "2018-01")));
	scene_pass(scene, DAY_MS - MINUTE_MS);
	assert_fails(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")),
		TOO_MANY, "audit.day_acts");
	scene_pass(scene, MINUTE_MS);
	office_reload(scene, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")));
}

static void revisions_of_a_clock_that_is_put_back_are_of_no_day(void **state)
{
	struct scene *scene = *state;
	struct application application;

	revise_all_day(scene, &application);
	scene_pass(scene, -HOUR_MS);
	office_reload(scene, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")));
}

/* What is printed on paper is told apart by its hash: the same content has the same. */
static void the_hash_follows_the_content_and_the_files(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2020-06")));
	assert_string_equal(revision_hash(scene, 1), revision_hash(scene, 2));
	scene_upload(scene, &application, "portrait");
	assert_string_not_equal(revision_hash(scene, 2), revision_hash(scene, 3));
}

static void an_edit_under_review_that_would_leave_it_incomplete_is_refused(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_fails(scene,
		application_put_work(&scene->tx, &application, scene_json(scene, "{'work': []}")),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/work"), "application.missing");
	assert_fails(scene, application_put_work(&scene->tx, &application, work(scene, "2024-01")),
		INVALID, "eligibility.not_met");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 1);
}

static void an_edit_under_review_starts_the_time_anew(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_at(scene, "2026-11-24T10:00:00+08:00");
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2019-01")));
	assert_int_equal(application.due_at, moment(DUE_FROM_TUESDAY));
}

static void rules_set(struct scene *scene, const char *rules)
{
	assert_ok(scene, store_run(scene->db,
				 "UPDATE setting SET value = json_set(value, '$.rules', json(?1))"
				 " WHERE key = 'profile'",
				 BIND(TEXT(rules)), &scene->error));
}

static void where_the_centre_says_so_an_edit_keeps_the_time(void **state)
{
	struct scene *scene = *state;
	struct application application;

	rules_set(scene, "{\"review_days\": 2, \"edit_restarts_review\": false}");
	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_at(scene, "2026-11-24T10:00:00+08:00");
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2019-01")));
	assert_int_equal(application.revision, 2);
	assert_int_equal(application.due_at, moment(DUE_FROM_MONDAY));

	/* Not what is handed in again after a rejection: that is a review of its own. */
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2018-01")));
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_int_equal(application.due_at, moment(DUE_FROM_TUESDAY));
}

static void the_centre_says_how_many_days_and_without_a_word_it_is_two(void **state)
{
	struct scene *scene = *state;
	struct application application, other;

	rules_set(scene, "{\"review_days\": 3}");
	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_int_equal(application.due_at, moment("2026-11-27T00:00:00+08:00"));
	rules_set(scene, "{}");
	scene_submitted(scene, "13800000002", 2, &other);
	assert_int_equal(other.due_at, moment(DUE_FROM_MONDAY));
}

static void an_edit_undoes_the_judgement_of_its_item_only(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_claim(scene, &application);
	office_judge(scene, &application, "details", NULL);
	office_judge(scene, &application, "work", "OTHER");
	office_as_owner(scene, &application);
	office_reload(scene, &application);
	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2019-01")));
	assert_string_equal(
		scene_text(scene, "SELECT group_concat(item) FROM judgement"), "details");
}

static void what_failed_must_be_answered_before_it_is_handed_in_again(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	assert_fails(scene, application_submit(&scene->tx, &application), CONFLICT,
		"application.unchanged");

	assert_ok(scene, application_put_work(&scene->tx, &application, work(scene, "2019-01")));
	assert_int_equal(application.state, APPLICATION_REJECTED);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 1);
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_int_equal(application.revision, 2);
	assert_int_equal(application.decided_at, 0);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM judgement WHERE outcome = 'fail'"), 0);
	assert_true(
		scene_number(scene, "SELECT COUNT(*) FROM judgement WHERE outcome = 'pass'") > 5);
}

/* The failure was of another picture. */
static void what_was_answered_before_it_was_withdrawn_is_judged_anew(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;
	bool created;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "material:portrait");
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	assert_ok(scene, application_withdraw(&scene->tx, &application));
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &application, &created));
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_ok(scene, application_view(&scene->tx, &application, &view));
	assert_int_equal(json_count(json_get(view, "answered_items")), 0);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM judgement WHERE outcome = 'fail'"), 0);
}

static void a_preview_tells_what_is_missing_and_hands_nothing_in(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_preview(&scene->tx, &application, &view));
	assert_int_equal(json_count(json_get(view, "missing")), 3);
	assert_true(json_is_null(json_get(view, "verdict")));
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_preview(&scene->tx, &application, &view));
	assert_int_equal(json_count(json_get(view, "missing")), 0);
	assert_string_equal(json_text(json_at_pointer(view, "/verdict/outcome")), "met");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 0);
	assert_int_equal(scene_audited(scene, "application.submitted"), 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(an_empty_draft_lacks_its_topics),
		IN_SCENE(a_chosen_condition_tells_what_else_it_needs),
		IN_SCENE(the_verdict_and_the_revision_are_kept),
		IN_SCENE(who_is_not_eligible_yet_hears_from_when),
		IN_SCENE(a_plugin_in_quarantine_refuses_nobody),
		IN_SCENE(handing_in_twice_is_refused),
		IN_SCENE(after_the_plan_has_closed_nothing_is_handed_in),
		IN_SCENE(after_the_office_has_closed_the_plan_what_was_handed_in_goes_on),
		IN_SCENE(an_edit_under_review_is_a_revision_with_a_hash_of_its_own),
		IN_SCENE(a_day_has_so_many_revisions_and_no_more),
		IN_SCENE(a_day_has_so_many_changes_of_a_draft_and_no_more),
		IN_SCENE(revisions_of_a_clock_that_is_put_back_are_of_no_day),
		IN_SCENE(the_hash_follows_the_content_and_the_files),
		IN_SCENE(an_edit_under_review_that_would_leave_it_incomplete_is_refused),
		IN_SCENE(an_edit_under_review_starts_the_time_anew),
		IN_SCENE(where_the_centre_says_so_an_edit_keeps_the_time),
		IN_SCENE(the_centre_says_how_many_days_and_without_a_word_it_is_two),
		IN_SCENE(an_edit_undoes_the_judgement_of_its_item_only),
		IN_SCENE(what_failed_must_be_answered_before_it_is_handed_in_again),
		IN_SCENE(what_was_answered_before_it_was_withdrawn_is_judged_anew),
		IN_SCENE(a_preview_tells_what_is_missing_and_hands_nothing_in),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
