/*
 * Deadlines (S16, S17, S19): what happens by itself, each with its audit row and SMS, and the way back.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/deadline.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/submission.h"
#include "exam/sweep.h"
#include "exam/topics.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"

#define APPLY_UNTIL  "2026-12-15T17:00:00+08:00"
#define PAY_UNTIL    "2026-12-18T17:00:00+08:00"
#define PAPERS_UNTIL "2026-12-20T17:00:00+08:00"

static struct deadline_counts run_at(struct scene *scene, const char *moment)
{
	struct deadline_counts counts = {0};
	bool more;

	scene_at(scene, moment);
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_false(more);
	return counts;
}

static enum application_state state_of(struct scene *scene, struct application *application)
{
	scene_as_system(scene);
	office_reload(scene, application);
	return application->state;
}

static void approved(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
}

static void a_draft_expires_when_the_plan_closes(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_int_equal(run_at(scene, "2026-12-15T16:59:59.999+08:00").expired, 0);
	assert_int_equal(state_of(scene, &application), APPLICATION_DRAFT);
	assert_int_equal(run_at(scene, APPLY_UNTIL).expired, 1);
	assert_int_equal(state_of(scene, &application), APPLICATION_EXPIRED);
	assert_int_equal(scene_audited(scene, "application.expired"), 1);
	assert_int_equal(scene_messages(scene), 1);
	assert_non_null(strstr(scene_message(scene), application.number));
	assert_int_equal(run_at(scene, APPLY_UNTIL).expired, 0);
	assert_int_equal(scene_messages(scene), 1);
}

static void a_rejected_one_expires_and_one_under_review_does_not(void **state)
{
	struct scene *scene = *state;
	struct application rejected, waiting;

	scene_submitted(scene, SCENE_MOBILE, 1, &rejected);
	office_reject(scene, &rejected, "work");
	scene_submitted(scene, OTHER_MOBILE, 2, &waiting);
	assert_int_equal(run_at(scene, APPLY_UNTIL).expired, 1);
	assert_int_equal(state_of(scene, &rejected), APPLICATION_EXPIRED);
	assert_int_equal(state_of(scene, &waiting), APPLICATION_REVIEWING);
}

static void who_has_not_paid_expires_and_who_has_does_not(void **state)
{
	struct scene *scene = *state;
	struct application unpaid, paid;

	approved(scene, &unpaid);
	scene_submitted(scene, OTHER_MOBILE, 2, &paid);
	office_approve(scene, &paid);
	office_take_fee(scene, &paid);
	assert_int_equal(run_at(scene, "2026-12-18T16:59:59.999+08:00").expired, 0);
	assert_int_equal(run_at(scene, PAY_UNTIL).expired, 1);
	assert_int_equal(state_of(scene, &unpaid), APPLICATION_EXPIRED);
	assert_int_equal(state_of(scene, &paid), APPLICATION_APPROVED);
}

static void who_has_not_posted_forfeits(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	office_take_fee(scene, &application);
	assert_int_equal(run_at(scene, "2026-12-20T16:59:59.999+08:00").forfeited, 0);
	assert_int_equal(run_at(scene, PAPERS_UNTIL).forfeited, 1);
	assert_int_equal(state_of(scene, &application), APPLICATION_FORFEITED);
	assert_int_equal(scene_audited(scene, "application.forfeited"), 1);
	assert_non_null(strstr(scene_message(scene), "视为放弃考试"));
}

static void papers_posted_or_received_are_not_forfeited(void **state)
{
	struct scene *scene = *state;
	struct application posted, received;
	json *view;

	approved(scene, &posted);
	office_take_fee(scene, &posted);
	office_as_owner(scene, &posted);
	assert_ok(scene,
		paper_post(&scene->tx, &posted,
			scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF0001'}")));
	scene_submitted(scene, OTHER_MOBILE, 2, &received);
	office_approve(scene, &received);
	office_take_fee(scene, &received);
	office_receive_papers(scene, &received);
	assert_int_equal(run_at(scene, "2027-01-31T00:00:00+08:00").forfeited, 0);
	assert_int_equal(state_of(scene, &posted), APPLICATION_APPROVED);
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
}

static void a_forfeited_one_is_restored_with_seven_days(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	office_take_fee(scene, &application);
	(void)run_at(scene, PAPERS_UNTIL);
	office_reload(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, deadline_restore(&scene->tx, &application, "快递延误，有凭证"));
	assert_int_equal(state_of(scene, &application), APPLICATION_APPROVED);
	assert_non_null(strstr(scene_text(scene, "SELECT detail FROM audit"
						 " WHERE action = 'application.restored'"),
		"快递延误，有凭证"));
	assert_non_null(strstr(scene_message(scene), "已恢复"));
	assert_ok(scene, application_view(&scene->tx, &application, &view));
	assert_string_equal(json_get_text(json_get(view, "papers"), "deadline_at"),
		"2026-12-28T00:00:00.000+08:00");

	assert_int_equal(run_at(scene, "2026-12-27T23:59:59+08:00").forfeited, 0);
	int64_t messages = scene_messages(scene);
	assert_int_equal(run_at(scene, "2026-12-28T00:00:00+08:00").forfeited, 1);
	assert_int_equal(scene_messages(scene), messages + 1);
}

static void an_unpaid_one_that_is_restored_can_still_pay(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order;

	approved(scene, &application);
	(void)run_at(scene, PAY_UNTIL);
	office_reload(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, deadline_restore(&scene->tx, &application, "系统故障未能缴费"));
	assert_int_equal(run_at(scene, "2026-12-19T00:00:00+08:00").expired, 0);
	office_reload(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	assert_string_equal(json_get_text(order, "expires_at"), "2026-12-26T00:00:00.000+08:00");
	assert_int_equal(run_at(scene, "2026-12-26T00:00:00+08:00").expired, 1);
}

static void restoring_needs_a_reason_and_an_approval(void **state)
{
	struct scene *scene = *state;
	struct application application, waiting;

	scene_draft(scene, SCENE_MOBILE, &application);
	(void)run_at(scene, APPLY_UNTIL);
	office_reload(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(scene, deadline_restore(&scene->tx, &application, " 太短了 "), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/reason"), "reason.written");
	assert_fails(
		scene, deadline_restore(&scene->tx, &application, NULL), INVALID, "input.invalid");
	assert_fails(scene, deadline_restore(&scene->tx, &application, "理由足够长"), CONFLICT,
		"deadline.never_approved");

	scene_at(scene, SCENE_MORNING);
	scene_submitted(scene, OTHER_MOBILE, 2, &waiting);
	office_approve(scene, &waiting);
	assert_fails(scene, deadline_restore(&scene->tx, &waiting, "理由足够长"), CONFLICT,
		"application.state");
	office_as_owner(scene, &waiting);
	assert_int_equal(scene_audited(scene, "application.restored"), 0);
}

static void nobody_is_restored_to_an_exam_that_is_over(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct plan plan;

	approved(scene, &application);
	office_take_fee(scene, &application);
	(void)run_at(scene, PAPERS_UNTIL);
	office_reload(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	scene_pass(scene, plan_exam_end(&plan) - scene->tx.now);
	assert_fails(scene, deadline_restore(&scene->tx, &application, "快递延误，有凭证"),
		CONFLICT, "deadline.exam_over");
	assert_string_equal(
		scene_param(scene, "at"), moment_text(scene->tx.arena, plan_exam_end(&plan)));
	scene_pass(scene, -1);
	assert_ok(scene, deadline_restore(&scene->tx, &application, "快递延误，有凭证"));
}

static void extend_to(struct scene *scene, const char *moment)
{
	int64_t until = 0;

	assert_int_equal(moment_parse(moment, &until), OK);
	assert_ok(scene, store_run(scene->db, "UPDATE plan SET apply_until = ?1",
				 BIND(INTEGER(until)), &scene->error));
}

static const char *action_of(struct scene *scene, struct application *application)
{
	json *view;

	office_as_owner(scene, application);
	assert_ok(scene, application_view(&scene->tx, application, &view));
	return json_get_text(view, "next_action");
}

static void what_was_never_approved_begins_again_when_the_plan_is_extended(void **state)
{
	struct scene *scene = *state;
	struct application draft, rejected, again;
	bool created;

	scene_submitted(scene, SCENE_MOBILE, 1, &rejected);
	office_reject(scene, &rejected, "work");
	scene_draft(scene, OTHER_MOBILE, &draft);
	assert_int_equal(run_at(scene, APPLY_UNTIL).expired, 2);
	office_reload(scene, &draft);
	office_reload(scene, &rejected);
	assert_string_equal(action_of(scene, &draft), "none");
	extend_to(scene, "2026-12-17T17:00:00+08:00");
	assert_string_equal(action_of(scene, &draft), "apply_again");
	assert_string_equal(action_of(scene, &rejected), "apply_again");
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &again, &created));
	assert_false(created);
	assert_int_equal(again.state, APPLICATION_DRAFT);
	assert_string_equal(action_of(scene, &again), "complete_and_submit");
	assert_ok(scene, application_submit(&scene->tx, &again));
}

static void what_was_approved_once_is_for_staff_to_restore(void **state)
{
	struct scene *scene = *state;
	struct application application, again;
	bool created;

	approved(scene, &application);
	(void)run_at(scene, PAY_UNTIL);
	extend_to(scene, "2026-12-30T17:00:00+08:00");
	office_reload(scene, &application);
	assert_string_equal(action_of(scene, &application), "none");
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &again, &created));
	assert_int_equal(again.state, APPLICATION_EXPIRED);
}

static void who_is_rejected_near_the_end_has_two_days_to_correct(void **state)
{
	struct scene *scene = *state;
	struct application corrects, does_not;

	scene_submitted(scene, SCENE_MOBILE, 1, &corrects);
	scene_submitted(scene, OTHER_MOBILE, 2, &does_not);
	scene_at(scene, "2026-12-16T09:00:00+08:00");
	office_reject(scene, &corrects, "material:portrait");
	office_reject(scene, &does_not, "material:portrait");
	assert_int_equal(run_at(scene, "2026-12-18T08:59:59.999+08:00").expired, 0);
	office_reload(scene, &corrects);
	assert_string_equal(action_of(scene, &corrects), "correct_and_submit");
	scene_upload(scene, &corrects, "portrait");
	assert_ok(scene, application_submit(&scene->tx, &corrects));
	assert_int_equal(run_at(scene, "2026-12-18T09:00:00+08:00").expired, 1);
	assert_int_equal(state_of(scene, &corrects), APPLICATION_REVIEWING);
	assert_int_equal(state_of(scene, &does_not), APPLICATION_EXPIRED);
	office_as_owner(scene, &corrects);
	assert_fails(scene,
		application_put_identity(
			&scene->tx, &corrects, scene_json(scene, "{'identity': '职工'}")),
		CONFLICT, "plan.not_open");
}

static void who_is_approved_just_before_a_moment_has_as_long_as_who_is_just_after(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_at(scene, "2026-12-18T16:59:00+08:00");
	office_approve(scene, &application);
	assert_non_null(strstr(scene_message(scene), "12月20日16:59前缴费"));
	assert_int_equal(run_at(scene, "2026-12-20T16:58:59.999+08:00").expired, 0);
	assert_int_equal(run_at(scene, "2026-12-20T16:59:00+08:00").expired, 1);
}

static void who_applies_twice_is_not_restored_beside_the_other(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	approved(scene, &first);
	(void)run_at(scene, PAY_UNTIL);
	scene_at(scene, SCENE_MORNING);
	scene_submitted(scene, OTHER_MOBILE, 1, &second);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	office_reload(scene, &first);
	assert_fails(scene, deadline_restore(&scene->tx, &first, "系统故障未能缴费"), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, ""), "application.duplicate");
}

static void a_parcel_is_not_waited_for_for_ever(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	office_take_fee(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene,
		paper_post(&scene->tx, &application,
			scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF0001'}")));
	assert_int_equal(run_at(scene, "2027-02-18T16:59:59.999+08:00").forfeited, 0);
	assert_int_equal(run_at(scene, "2027-02-18T17:00:00+08:00").forfeited, 1);
	assert_int_equal(state_of(scene, &application), APPLICATION_FORFEITED);
}

static void a_number_that_is_damaged_keeps_nobody_waiting(void **state)
{
	struct scene *scene = *state;
	struct application damaged, whole;

	scene_draft(scene, SCENE_MOBILE, &damaged);
	scene_draft(scene, OTHER_MOBILE, &whole);
	assert_ok(scene, store_run(scene->db, "UPDATE account SET mobile_sealed = ?2 WHERE id = ?1",
				 BIND(TEXT(damaged.account_id), BLOB(bytes_of("damaged", 7))),
				 &scene->error));
	assert_int_equal(run_at(scene, APPLY_UNTIL).expired, 2);
	assert_int_equal(state_of(scene, &damaged), APPLICATION_EXPIRED);
	assert_int_equal(scene_messages(scene), 1);
	assert_non_null(strstr(scene_message(scene), whole.number));
}

static void a_run_takes_a_hundred_and_tells_that_there_are_more(void **state)
{
	struct scene *scene = *state;
	struct deadline_counts counts;
	bool more;

	for (int i = 0; i < LIMIT_PAGE + 3; i++) {
		const char *mobile = arena_printf(scene->tx.arena, "139%08d", i);
		const char *account = scene_as_candidate(scene, mobile);

		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO application (id, number, plan_id, account_id, state,"
				" version, revision, created_at, changed_at)"
				" VALUES (?1, ?2, ?3, ?1, 'draft', 1, 0, 1, 1)",
				BIND(TEXT(account), TEXT(mobile), TEXT(scene->plan_id)),
				&scene->error));
	}
	scene_at(scene, APPLY_UNTIL);
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(counts.expired, LIMIT_PAGE);
	assert_true(more);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(counts.expired, 3);
	assert_false(more);
}

static void what_nobody_can_use_any_more_is_swept(void **state)
{
	struct scene *scene = *state;

	scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO session (token_hash, account_id, created_at, seen_at, expires_at)"
			" SELECT 'old', id, 1, 1, ?1 FROM account WHERE kind = 'candidate' UNION ALL"
			" SELECT 'new', id, 1, 1, ?1 + 1 FROM account WHERE kind = 'candidate'",
			BIND(INTEGER(scene->tx.now)), &scene->error));
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO code (id, purpose, mobile_index, address_index, code_hash,"
			" created_at, expires_at) VALUES ('old', 'reset', 'm', 'a', 'h', ?1 - 1, 1),"
			" ('new', 'reset', 'm', 'a', 'h', ?1, 1)",
			BIND(INTEGER(scene->tx.now - DAY_MS)), &scene->error));
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO idempotency (actor, key, request_hash, status, answer, created_at)"
			" VALUES ('a', 'old', 'h', 201, '{}', ?1 - 1), ('a', 'new', 'h', 201, '{}', ?1)",
			BIND(INTEGER(scene->tx.now - LIMIT_IDEMPOTENCY_LIFE)), &scene->error));
	assert_int_equal(run_at(scene, SCENE_MORNING).swept, 3);
	assert_string_equal(scene_text(scene, "SELECT token_hash FROM session"), "new");
	assert_string_equal(scene_text(scene, "SELECT id FROM code"), "new");
	assert_string_equal(scene_text(scene, "SELECT key FROM idempotency"), "new");
}

static const char *portrait_of(struct scene *scene, const struct application *application)
{
	return scene_text(scene, arena_printf(scene->tx.arena,
					 "SELECT file_id FROM material WHERE material = 'portrait'"
					 " AND application_id = '%s'",
					 application->id));
}

/* Once what nothing names is swept. */
static bool file_left(struct scene *scene, const char *file_id)
{
	struct sweep sweep = {""};
	struct files *files;
	json *ids;

	for (int i = 0; i < 5; i++)
		assert_ok(scene, sweep_plan(&scene->tx, &sweep));
	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	assert_ok(scene, files_list(files, scene->tx.arena, INT64_MAX, &ids, &scene->error));
	json_each(id, ids)
	{
		if (text_equal(json_text(id), file_id))
			return true;
	}
	return false;
}

static void pictures_of_who_was_never_approved_go_within_ninety_days_of_the_plans_end(void **state)
{
	struct scene *scene = *state;
	struct application refused, kept;

	approved(scene, &kept);
	scene_submitted(scene, OTHER_MOBILE, 2, &refused);
	office_reject(scene, &refused, "work");
	const char *refused_face = portrait_of(scene, &refused),
		   *kept_face = portrait_of(scene, &kept);
	(void)run_at(scene, PAY_UNTIL); /* both have expired, one of them approved */
	(void)run_at(scene, "2027-03-10T16:59:59.999+08:00");
	assert_true(file_left(scene, refused_face));
	(void)run_at(scene, "2027-03-10T17:00:00+08:00");
	assert_false(file_left(scene, refused_face));
	assert_true(file_left(scene, kept_face));

	/* What it said stays, and that it was handed in. */
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM revision"), 2);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM revision WHERE materials = '[]'"), 1);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(DISTINCT application_id) FROM material"), 1);
	assert_int_equal(run_at(scene, "2027-03-11T17:00:00+08:00").swept, 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_draft_expires_when_the_plan_closes),
		IN_SCENE(a_rejected_one_expires_and_one_under_review_does_not),
		IN_SCENE(who_has_not_paid_expires_and_who_has_does_not),
		IN_SCENE(who_has_not_posted_forfeits),
		IN_SCENE(papers_posted_or_received_are_not_forfeited),
		IN_SCENE(a_forfeited_one_is_restored_with_seven_days),
		IN_SCENE(an_unpaid_one_that_is_restored_can_still_pay),
		IN_SCENE(restoring_needs_a_reason_and_an_approval),
		IN_SCENE(nobody_is_restored_to_an_exam_that_is_over),
		IN_SCENE(what_was_never_approved_begins_again_when_the_plan_is_extended),
		IN_SCENE(what_was_approved_once_is_for_staff_to_restore),
		IN_SCENE(who_is_rejected_near_the_end_has_two_days_to_correct),
		IN_SCENE(who_is_approved_just_before_a_moment_has_as_long_as_who_is_just_after),
		IN_SCENE(who_applies_twice_is_not_restored_beside_the_other),
		IN_SCENE(a_parcel_is_not_waited_for_for_ever),
		IN_SCENE(a_number_that_is_damaged_keeps_nobody_waiting),
		IN_SCENE(a_run_takes_a_hundred_and_tells_that_there_are_more),
		IN_SCENE(what_nobody_can_use_any_more_is_swept),
		IN_SCENE(pictures_of_who_was_never_approved_go_within_ninety_days_of_the_plans_end),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
