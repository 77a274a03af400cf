/*
 * Cancelling a plan: at once for whoever looks, written down afterwards, each application once, and all money back.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/deadline.h"
#include "exam/erasure.h"
#include "exam/errand.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"
#include "exam/personal.h"
#include "exam/plan_cancel.h"
#include "exam/plan_count.h"
#include "exam/plan_desk.h"
#include "exam/reminder.h"
#include "exam/review.h"
#include "exam/submission.h"
#include "exam/ticket.h"
#include "exam/ticket_book.h"
#include "exam/ticket_check.h"
#include "exam/topics.h"
#include "exam/voiding.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define REASON       "考点停电，考试无法举行"
#define OTHER_MOBILE "13800000002"
#define THIRD_MOBILE "13800000003"
#define AFTERWARDS   "2026-12-28T09:30:00+08:00" /* the end of the last subject */
#define MANY         250

static struct plan plan_now(struct scene *scene)
{
	struct plan plan = {0};

	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	return plan;
}

static enum result cancel(struct scene *scene, const char *reason, const char *code)
{
	json *body = json_new_object(scene->tx.arena);

	json_set_text(scene->tx.arena, body, "reason", reason);
	json_set_text(scene->tx.arena, body, "code", code);
	return plan_cancel(&scene->tx, scene->plan_id, plan_now(scene).version, body);
}

static void cancelled(struct scene *scene)
{
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, cancel(scene, REASON, "2026-scm-1"));
}

/* One batch; false if nothing is left to do. */
static bool errand_once(struct scene *scene)
{
	struct errands errands = {0};

	scene_as_system(scene);
	assert_ok(scene, cancel_errands.claim(&scene->tx, &errands));
	if (errands.count == 0)
		return false;
	assert_ok(scene, cancel_errands.prepare(&scene->tx, &errands));
	assert_ok(scene, cancel_errands.settle(&scene->tx, &errands));
	return true;
}

static void errand_to_the_end(struct scene *scene)
{
	while (errand_once(scene))
		continue;
}

static json *figures(struct scene *scene)
{
	json *view = NULL;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, plan_cancel_view(&scene->tx, scene->plan_id, &view));
	return view;
}

static const char *state_of(struct scene *scene, const struct application *application)
{
	return scene_text(
		scene, arena_printf(scene->tx.arena,
			       "SELECT state FROM application WHERE id = '%s'", application->id));
}

static json *view_of(struct scene *scene, struct application *application)
{
	json *view = NULL;

	office_as_owner(scene, application);
	office_reload(scene, application);
	assert_ok(scene, application_view(&scene->tx, application, &view));
	return view;
}

/* ---- Saying so ---- */

static void only_a_plan_that_was_published_and_not_examined_is_cancelled(void **state)
{
	struct scene *scene = *state;
	const char *draft;

	(void)scene_as_staff(scene, "admin");
	assert_ok(
		scene, plan_desk_create(&scene->tx,
			       scene_json(scene, "{'code': '2027-scm-9', 'name': '2027年第9批认定',"
						 " 'occupation_code': '4-02-06-05', 'level': 1}"),
			       &draft));
	json *body = scene_json(scene, "{'code': '2027-scm-9', 'reason': '考点停电，不能举行'}");
	struct plan plan;
	assert_ok(scene, plan_load(&scene->tx, draft, &plan));
	assert_fails(scene, plan_cancel(&scene->tx, draft, plan.version, body), CONFLICT,
		"plan.cancel_draft");
	assert_fails(scene, plan_cancel(&scene->tx, "0", 1, body), NOT_FOUND, "plan.unknown");

	scene_at(scene, AFTERWARDS);
	assert_fails(scene, cancel(scene, REASON, "2026-scm-1"), CONFLICT, "plan.exam_over");
	scene_at(scene, AFTERWARDS);
	scene_pass(scene, -1);
	assert_ok(scene, cancel(scene, REASON, "2026-scm-1"));
}

static void nobody_cancels_by_accident(void **state)
{
	struct scene *scene = *state;

	(void)scene_as_staff(scene, "admin");
	assert_fails(scene, cancel(scene, " 停 电 ", "2026-scm-1"), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/reason"), "reason.written");
	assert_null(scene_fault(scene, "/code"));
	assert_fails(scene, cancel(scene, REASON, "2026-ecs-1"), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/code"), "plan.cancel_code");
	json *body = scene_json(scene, "{'code': '2026-scm-1', 'reason': '考点停电，不能举行'}");
	assert_fails(scene,
		plan_cancel(&scene->tx, scene->plan_id, plan_now(scene).version + 1, body), STALE,
		"plan.stale");
	assert_string_equal(plan_now(scene).state, "published");
	assert_int_equal(scene_audited(scene, "plan.cancelled"), 0);
}

static void there_is_no_way_back_and_no_second_time(void **state)
{
	struct scene *scene = *state;
	json *plans;

	(void)scene_as_staff(scene, "admin");
	json *document = json_copy(scene->tx.arena, plan_now(scene).document);
	cancelled(scene);
	struct plan plan = plan_now(scene);
	assert_string_equal(plan.state, "cancelled");
	assert_string_equal(plan.cancel_reason, REASON);
	assert_int_equal(scene_audited(scene, "plan.cancelled"), 1);
	assert_fails(scene, cancel(scene, REASON, "2026-scm-1"), CONFLICT, "plan.cancelled");
	assert_string_equal(scene_param(scene, "reason"), REASON);
	assert_fails(scene, plan_desk_publish(&scene->tx, plan.id, plan.version), CONFLICT,
		"plan.cancelled");
	assert_fails(scene, plan_desk_close(&scene->tx, plan.id, plan.version), CONFLICT,
		"plan.cancelled");
	assert_fails(scene, plan_desk_save(&scene->tx, plan.id, plan.version, document), CONFLICT,
		"plan.cancelled");
	const char *id;
	assert_fails(scene, plan_apply(&scene->tx, document, &id), CONFLICT, "plan.cancelled_file");
	assert_int_equal(plan_now(scene).version, plan.version);
	scene_as_nobody(scene);
	assert_ok(scene, plan_list(&scene->tx, NULL, 0, &(struct page){.most = 100}, &plans));
	assert_null(json_find(json_get(plans, "plans"), "id", plan.id));
	assert_ok(scene, plan_view(&scene->tx, &plan, &plans));
	assert_string_equal(json_get_text(plans, "state"), "cancelled");
	assert_string_equal(json_get_text(plans, "cancel_reason"), REASON);
	assert_false(json_get_true(plans, "open"));
}

/* An application that was paid and then found untrue. */
static void voided_with_money(
	struct scene *scene, const char *mobile, struct application *application)
{
	scene_submitted(scene, mobile, 1, application);
	office_approve(scene, application);
	office_take_fee(scene, application);
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, application_void(&scene->tx, application, "工作经历经核实不属实"));
}

static void assert_kept(struct scene *scene, const struct application *application)
{
	json *view = figures(scene);
	const json *kept = json_first(json_get(view, "kept_applications"));

	assert_int_equal(json_get_integer(view, "refund_fen"), 0);
	assert_int_equal(json_get_integer(view, "kept"), 1);
	assert_int_equal(json_get_integer(view, "kept_fen"), 68000);
	assert_int_equal(json_count(json_get(view, "kept_applications")), 1);
	assert_string_equal(json_get_text(kept, "number"), application->number);
	assert_string_equal(json_get_text(kept, "state"), "voided");
	assert_int_equal(json_get_integer(kept, "kept_fen"), 68000);
}

static void money_of_what_had_ended_before_stays_and_is_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	voided_with_money(scene, SCENE_MOBILE, &application);
	assert_kept(scene, &application);
	cancelled(scene);
	errand_to_the_end(scene);
	assert_kept(scene, &application);
}

/* ---- At once ---- */

static void a_draft_takes_nothing_any_more(void **state)
{
	struct scene *scene = *state;
	struct application application;
	bool created;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	cancelled(scene);
	json *view = view_of(scene, &application);
	assert_string_equal(json_get_text(view, "status"), "cancelled");
	assert_string_equal(json_get_text(view, "next_action"), "none");
	assert_string_equal(json_get_text(view, "cancel_reason"), REASON);
	assert_int_equal(json_count(json_get(view, "open_items")), 0);
	assert_fails(
		scene, application_submit(&scene->tx, &application), CONFLICT, "application.state");
	assert_fails(scene,
		application_put_identity(
			&scene->tx, &application, scene_json(scene, "{'identity': '职工'}")),
		CONFLICT, "plan.cancelled");
	assert_fails(scene, application_withdraw(&scene->tx, &application), CONFLICT,
		"application.state");
	(void)scene_as_candidate(scene, OTHER_MOBILE);
	assert_fails(scene, application_create(&scene->tx, scene->plan_id, &application, &created),
		CONFLICT, "plan.cancelled");
	assert_string_equal(scene_text(scene, "SELECT state FROM application"), "draft");
}

static void the_candidates_list_says_so_at_once_as_well(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	cancelled(scene);
	office_as_owner(scene, &application);
	for (int written = 0; written < 2; written++) {
		assert_ok(scene, application_list_own(&scene->tx, &PAGE_FIRST, &view));
		const json *listed = json_first(json_get(view, "applications"));
		assert_string_equal(json_get_text(listed, "state"), "cancelled");
		assert_string_equal(json_get_text(listed, "status"), "cancelled");
		errand_to_the_end(scene);
		office_as_owner(scene, &application);
	}
}

static void nothing_is_reviewed_paid_posted_or_seated_any_more(void **state)
{
	struct scene *scene = *state;
	struct application waiting, approved, ready;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &waiting);
	scene_submitted(scene, OTHER_MOBILE, 2, &approved);
	office_approve(scene, &approved);
	scene_submitted(scene, THIRD_MOBILE, 3, &ready);
	office_approve(scene, &ready);
	office_take_fee(scene, &ready);
	office_receive_papers(scene, &ready);
	office_claim(scene, &waiting);
	office_judge_all(scene, &waiting, NULL);
	cancelled(scene);
	office_reload(scene, &waiting);
	office_reload(scene, &approved);
	office_reload(scene, &ready);

	(void)scene_as_staff(scene, OFFICE_REVIEWER);
	assert_fails(scene, review_claim(&scene->tx, &waiting, false, &view), CONFLICT,
		"review.not_waiting");
	assert_fails(scene,
		review_decide(
			&scene->tx, &waiting, scene_json(scene, "{'outcome': 'approved'}"), &view),
		CONFLICT, "review.not_waiting");
	office_as_owner(scene, &approved);
	assert_fails(scene, payment_order_create(&scene->tx, &approved, "offline", &view), CONFLICT,
		"payment.not_approved");
	assert_fails(scene,
		paper_post(&scene->tx, &approved,
			scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF1'}")),
		CONFLICT, "paper.over");
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(
		scene, reminder_send(&scene->tx, &approved, &view), CONFLICT, "reminder.nothing");
	assert_fails(
		scene, ticket_open(&scene->tx, scene->plan_id, &view), CONFLICT, "plan.cancelled");
	(void)scene_as_staff(scene, "admin");
	assert_fails(scene, application_void(&scene->tx, &ready, "经核实工作经历不属实"), CONFLICT,
		"application.state");
}

static void a_ticket_says_that_there_is_no_exam(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct ticket_facts facts;
	json *view;

	office_ticket(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, ticket_book_ask(&scene->tx, scene->plan_id, "", &view));
	const char *code =
		ticket_check_code(&scene->tx, scene_text(scene, "SELECT number FROM ticket"));
	cancelled(scene);
	for (int written = 0; written < 2; written++) {
		scene_as_nobody(scene);
		assert_ok(scene, ticket_check(&scene->tx, code, &view));
		assert_false(json_get_true(view, "valid"));
		assert_string_equal(json_get_text(view, "cancel_reason"), REASON);
		office_as_owner(scene, &application);
		office_reload(scene, &application);
		assert_fails(scene, ticket_facts_load(&scene->tx, &application, "", &facts),
			CONFLICT, "ticket.not_open");
		(void)scene_as_staff(scene, OFFICE_REGISTRAR);
		assert_fails(scene, ticket_book_view(&scene->tx, scene->plan_id, &view), NOT_FOUND,
			"ticket.no_book");
		assert_fails(scene, ticket_book_ask(&scene->tx, scene->plan_id, "", &view),
			CONFLICT, "plan.cancelled");
		errand_to_the_end(scene);
	}
}

static void who_was_approved_once_is_not_restored(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	scene_as_system(scene);
	assert_ok(scene, application_move(&scene->tx, &application, EVENT_EXPIRE, NULL));
	cancelled(scene);
	errand_to_the_end(scene);
	assert_string_equal(state_of(scene, &application), "expired");
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	office_reload(scene, &application);
	assert_fails(scene, deadline_restore(&scene->tx, &application, "理由足够长"), CONFLICT,
		"plan.cancelled");
}

static void no_deadline_ends_what_ends_with_its_plan(void **state)
{
	struct scene *scene = *state;
	struct application draft, approved;
	struct deadline_counts counts;
	bool more;

	scene_draft(scene, SCENE_MOBILE, &draft);
	scene_submitted(scene, OTHER_MOBILE, 2, &approved);
	office_approve(scene, &approved);
	cancelled(scene);
	scene_at(scene, "2026-12-26T09:00:00+08:00");
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(counts.expired + counts.forfeited, 0);
	errand_to_the_end(scene);
	assert_string_equal(state_of(scene, &draft), "cancelled");
	assert_string_equal(state_of(scene, &approved), "cancelled");
}

/* Taking a consent back takes the pictures; it does not write an end that nobody has counted. */
static void a_consent_that_is_taken_back_ends_nothing(void **state)
{
	struct scene *scene = *state;
	struct application draft;

	scene_draft(scene, SCENE_MOBILE, &draft);
	scene_fill(scene, 1, &draft);
	cancelled(scene);
	for (int written = 0; written < 2; written++) {
		office_as_owner(scene, &draft);
		assert_ok(scene, personal_consent(&scene->tx, written ? "id_images" : "portrait",
					 false, "我收回同意（示例）。"));
		assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM material WHERE"
						     " material = 'portrait'"),
			0);
		assert_string_equal(state_of(scene, &draft), written ? "cancelled" : "draft");
		errand_to_the_end(scene);
	}
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM material WHERE"
					     " material LIKE 'id_card%'"),
		0);
	assert_int_equal(scene_audited(scene, "application.cancelled"), 1);
}

/* ---- Written down ---- */

static void each_ends_with_its_plan_and_who_had_handed_in_is_told(void **state)
{
	struct scene *scene = *state;
	struct application draft, waiting, withdrawn;
	int64_t standing;

	scene_draft(scene, SCENE_MOBILE, &draft);
	scene_submitted(scene, THIRD_MOBILE, 3, &withdrawn);
	assert_ok(scene, application_withdraw(&scene->tx, &withdrawn));
	scene_submitted(scene, OTHER_MOBILE, 2, &waiting);
	office_claim(scene, &waiting);
	json *before = figures(scene);
	assert_int_equal(json_get_integer(before, "applications"), 2);
	assert_int_equal(json_get_integer(before, "handed_in"), 1);
	assert_true(json_is_null(json_get(before, "cancelled_at")));
	int64_t messages = scene_messages(scene);
	cancelled(scene);
	errand_to_the_end(scene);

	assert_string_equal(state_of(scene, &draft), "cancelled");
	assert_string_equal(state_of(scene, &waiting), "cancelled");
	assert_string_equal(state_of(scene, &withdrawn), "withdrawn");
	assert_int_equal(scene_messages(scene), messages + 1);
	assert_non_null(strstr(scene_message(scene), waiting.number));
	assert_null(strstr(scene_message(scene), "元"));
	assert_int_equal(scene_audited(scene, "application.cancelled"), 2);
	office_reload(scene, &waiting);
	assert_null(waiting.lease_account);
	assert_int_equal(waiting.due_at, 0);
	assert_ok(scene, plan_count_standing(&scene->tx, scene->plan_id, &standing));
	assert_int_equal(standing, 0);
	json *after = figures(scene);
	assert_int_equal(json_get_integer(after, "applications"), 2);
	assert_int_equal(json_get_integer(after, "ended"), 2);
	assert_string_equal(json_get_text(after, "reason"), REASON);
	assert_non_null(json_get_text(after, "cancelled_by"));
	assert_non_null(json_get_text(after, "finished_at"));
}

/* Drafts of placeholder accounts, without going the whole way to them. */
static void drafts_fill(struct scene *scene, int count)
{
	for (int i = 0; i < count; i++) {
		const char *mobile = arena_printf(scene->tx.arena, "139%08d", i);
		const char *id = scene_as_candidate(scene, mobile);

		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO application (id, number, plan_id, account_id, state,"
				" version, revision, created_at, changed_at)"
				" VALUES (?1, ?2, ?3, ?1, 'reviewing', 1, 1, 1, 1)",
				BIND(TEXT(id), TEXT(mobile), TEXT(scene->plan_id)), &scene->error));
	}
	assert_ok(scene, store_run(scene->db,
				 "INSERT INTO plan_count (plan_id, numbered, standing)"
				 " VALUES (?1, ?2, ?2)",
				 BIND(TEXT(scene->plan_id), INTEGER(count)), &scene->error));
}

static void the_work_goes_in_batches_and_each_is_ended_once(void **state)
{
	struct scene *scene = *state;
	struct errands errands = {0};
	int batches = 0;

	drafts_fill(scene, MANY);
	int64_t messages = scene_messages(scene);
	cancelled(scene);
	scene_as_system(scene);
	assert_ok(scene, cancel_errands.claim(&scene->tx, &errands));
	assert_ok(scene, cancel_errands.prepare(&scene->tx, &errands));
	while (errand_once(scene)) {
		int64_t left = MANY - ++batches * LIMIT_PAGE;

		assert_int_equal(scene_audited(scene, "application.cancelled"),
			left > 0 ? MANY - left : MANY);
	}
	assert_int_equal(batches, MANY / LIMIT_PAGE + 1);
	/* A batch that was prepared before and comes late, as after a server that died. */
	assert_ok(scene, cancel_errands.settle(&scene->tx, &errands));
	assert_int_equal(scene_audited(scene, "application.cancelled"), MANY);
	assert_int_equal(scene_messages(scene), messages + MANY);
	assert_ok(scene, plan_count_verify(&scene->tx));
}

static void a_draft_that_is_erased_meanwhile_is_none_of_them(void **state)
{
	struct scene *scene = *state;
	struct application draft;
	struct errands errands = {0};
	json *view;

	scene_draft(scene, SCENE_MOBILE, &draft);
	assert_ok(scene, personal_erasure(&scene->tx, true));
	cancelled(scene);
	scene_as_system(scene);
	assert_ok(scene, cancel_errands.claim(&scene->tx, &errands));
	assert_ok(scene, cancel_errands.prepare(&scene->tx, &errands));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, erasure_carry_out(&scene->tx, draft.account_id, &view));
	scene_as_system(scene);
	assert_ok(scene, cancel_errands.settle(&scene->tx, &errands));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM application"), 0);
	assert_non_null(json_get_text(figures(scene), "finished_at"));
}

static void a_number_that_is_damaged_keeps_nobody_waiting(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	scene_submitted(scene, SCENE_MOBILE, 1, &first);
	scene_submitted(scene, OTHER_MOBILE, 2, &second);
	assert_ok(scene,
		store_run(scene->db, "UPDATE account SET mobile_sealed = ?2 WHERE id = ?1",
			BIND(TEXT(first.account_id), BLOB(bytes_of("damaged", 7))), &scene->error));
	int64_t messages = scene_messages(scene);
	cancelled(scene);
	errand_to_the_end(scene);
	assert_string_equal(state_of(scene, &first), "cancelled");
	assert_string_equal(state_of(scene, &second), "cancelled");
	assert_int_equal(scene_messages(scene), messages + 1);
	assert_non_null(strstr(scene_message(scene), second.number));
}

static void pictures_of_who_was_never_approved_go(void **state)
{
	struct scene *scene = *state;
	struct application waiting;
	struct deadline_counts counts;
	bool more;

	scene_submitted(scene, SCENE_MOBILE, 1, &waiting);
	cancelled(scene);
	errand_to_the_end(scene);
	scene_at(scene, "2026-12-20T17:00:00+08:00");
	scene_pass(scene, LIMIT_PICTURES_DAYS * DAY_MS);
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM material"), 0);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM revision WHERE materials <> '[]'"), 0);
}

/* ---- Money ---- */

static void all_money_goes_back_without_a_second_person(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *refund, *list;

	office_ticket(scene, &application);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx,
				 scene_text(scene, "SELECT number FROM payment_order"), 8000,
				 "多收了材料费", &refund));
	json *before = figures(scene);
	assert_int_equal(json_get_integer(before, "paid"), 1);
	assert_int_equal(json_get_integer(before, "refund_fen"), 68000);
	cancelled(scene);
	errand_to_the_end(scene);
	assert_non_null(strstr(scene_message(scene), "已缴680元全额退还"));
	assert_ok(scene,
		payment_refund_list(&scene->tx, "approved", &(struct page){.most = 10}, &list));
	assert_int_equal(json_count(json_get(list, "refunds")), 2);
	assert_int_equal(scene_number(scene, "SELECT SUM(amount_fen) FROM payment_refund"), 68000);
	json_each(each, json_get(list, "refunds"))
	{
		(void)scene_as_staff(scene, OFFICE_CASHIER);
		assert_ok(scene, payment_refund_pay_out(&scene->tx, json_get_text(each, "number"),
					 json_get_text(each, "number"), &refund));
	}
	json *after = figures(scene);
	assert_int_equal(json_get_integer(after, "paid"), 0);
	assert_int_equal(json_get_integer(after, "refund_fen"), 0);
	assert_int_equal(json_get_integer(after, "refunds_waiting"), 0);
	assert_int_equal(json_get_integer(after, "refunded"), 2);
	assert_int_equal(json_get_integer(after, "refunded_fen"), 68000);
	assert_true(json_get_true(json_get(view_of(scene, &application), "payment"), "refunded"));
}

static void an_order_that_is_open_is_closed(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order, *seen;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	cancelled(scene);
	errand_to_the_end(scene);
	office_as_owner(scene, &application);
	assert_ok(scene,
		payment_order_view(&scene->tx, application.id, json_get_text(order, "id"), &seen));
	assert_string_equal(json_get_text(seen, "state"), "closed");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_refund"), 0);
}

/* Before the end is written down, and after it. */
static void money_that_comes_too_late_goes_back_once(void **state)
{
	struct scene *scene = *state;

	for (int written = 0; written < 2; written++) {
		struct application application;
		json *order;

		assert_int_equal(scene_end(state), 0);
		assert_int_equal(scene_begin(state), 0);
		scene_submitted(scene, SCENE_MOBILE, 1, &application);
		office_approve(scene, &application);
		office_as_owner(scene, &application);
		assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
		cancelled(scene);
		if (written)
			errand_to_the_end(scene);
		(void)scene_as_staff(scene, OFFICE_CASHIER);
		assert_ok(scene, payment_confirm_offline(&scene->tx, json_get_text(order, "number"),
					 "R-1", 68000, &order));
		assert_string_equal(json_get_text(order, "state"), "late");
		assert_non_null(strstr(scene_message(scene), "已缴680元全额退还"));
		errand_to_the_end(scene);
		assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_refund"), 1);
		assert_int_equal(scene_audited(scene, "payment.refund_approved"), 1);
		assert_int_equal(json_get_integer(figures(scene), "refunds_waiting"), 1);
	}
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(only_a_plan_that_was_published_and_not_examined_is_cancelled),
		IN_SCENE(nobody_cancels_by_accident),
		IN_SCENE(there_is_no_way_back_and_no_second_time),
		IN_SCENE(money_of_what_had_ended_before_stays_and_is_told),
		IN_SCENE(a_draft_takes_nothing_any_more),
		IN_SCENE(the_candidates_list_says_so_at_once_as_well),
		IN_SCENE(nothing_is_reviewed_paid_posted_or_seated_any_more),
		IN_SCENE(a_ticket_says_that_there_is_no_exam),
		IN_SCENE(who_was_approved_once_is_not_restored),
		IN_SCENE(no_deadline_ends_what_ends_with_its_plan),
		IN_SCENE(a_consent_that_is_taken_back_ends_nothing),
		IN_SCENE(each_ends_with_its_plan_and_who_had_handed_in_is_told),
		IN_SCENE(the_work_goes_in_batches_and_each_is_ended_once),
		IN_SCENE(a_draft_that_is_erased_meanwhile_is_none_of_them),
		IN_SCENE(a_number_that_is_damaged_keeps_nobody_waiting),
		IN_SCENE(pictures_of_who_was_never_approved_go),
		IN_SCENE(all_money_goes_back_without_a_second_person),
		IN_SCENE(an_order_that_is_open_is_closed),
		IN_SCENE(money_that_comes_too_late_goes_back_once),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
