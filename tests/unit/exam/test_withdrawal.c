/*
 * Withdrawing: before the approval, after it, and what it says of the place, the money and the way back.
 */
#include "office.h"

#include <string.h>

#include "exam/deadline.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"
#include "exam/personal.h"
#include "exam/plan_count.h"
#include "exam/submission.h"
#include "exam/ticket.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define REASON    "考生来电说明撤回有误"
#define PAY_UNTIL "2026-12-18T17:00:00+08:00" /* of the scene's plan */
#define LAST_HOUR "2026-12-18T16:00:00+08:00"
#define CLOSED    "2026-12-16T09:00:00+08:00" /* applying is over, paying is not */

static void withdrawn(struct scene *scene, struct application *application)
{
	office_as_owner(scene, application);
	assert_ok(scene, application_withdraw(&scene->tx, application));
	office_reload(scene, application);
	assert_int_equal(application->state, APPLICATION_WITHDRAWN);
}

static json *told(struct scene *scene, struct application *application)
{
	json *view;

	office_as_owner(scene, application);
	assert_ok(scene, application_view(&scene->tx, application, &view));
	return json_get(view, "withdrawal");
}

static void assert_told(struct scene *scene, struct application *application, bool reopens,
	bool ends, int64_t refund_fen)
{
	const json *withdrawal = told(scene, application);

	assert_true(json_is_object(withdrawal));
	assert_int_equal(json_get_true(withdrawal, "reopens"), reopens);
	assert_int_equal(!json_is_null(json_get(withdrawal, "until")), ends);
	assert_int_equal(json_get_integer(withdrawal, "refund_fen"), refund_fen);
}

static int64_t places_taken(struct scene *scene)
{
	int64_t taken;

	assert_ok(scene, plan_count_standing(&scene->tx, scene->plan_id, &taken));
	return taken;
}

static void approved(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
}

static void paid(struct scene *scene, struct application *application)
{
	approved(scene, application);
	office_take_fee(scene, application);
}

static void an_approved_one_gives_its_place_back_and_does_not_begin_again(void **state)
{
	struct scene *scene = *state;
	struct application application, again;
	bool created;
	json *order;

	approved(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	assert_int_equal(places_taken(scene), 1);
	assert_told(scene, &application, false, true, 0);
	withdrawn(scene, &application);
	assert_int_equal(places_taken(scene), 0);
	assert_true(json_is_null(told(scene, &application)));
	assert_non_null(strstr(scene_message(scene), "名额不再保留"));
	assert_null(strstr(scene_message(scene), "重新打开"));
	assert_ok(scene,
		payment_order_view(&scene->tx, application.id, json_get_text(order, "id"), &order));
	assert_string_equal(json_get_text(order, "state"), "closed");
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &again, &created));
	assert_false(created);
	assert_int_equal(again.state, APPLICATION_WITHDRAWN);
	json *view;
	assert_ok(scene, application_view(&scene->tx, &again, &view));
	assert_string_equal(json_get_text(view, "next_action"), "none");
}

static void of_what_was_paid_a_refund_is_asked_for(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct page page = {.most = 20};
	json *refund = NULL, *list;

	paid(scene, &application);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx,
				 scene_text(scene, "SELECT number FROM payment_order"), 8000,
				 "多收了材料费", &refund));
	assert_told(scene, &application, false, true, 60000);
	withdrawn(scene, &application);
	assert_non_null(strstr(scene_message(scene), "已缴600元已登记退款申请"));

	/* Anybody of the administrators decides it: nobody of them has asked. */
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, payment_refund_list(&scene->tx, "asked", &page, &list));
	const json *asked = json_first(json_get(list, "refunds"));
	assert_int_equal(json_count(json_get(list, "refunds")), 2);
	assert_int_equal(json_get_integer(asked, "amount_fen"), 60000);
	assert_non_null(strstr(json_get_text(asked, "reason"), "撤回"));
	assert_ok(scene, payment_refund_decide(
				 &scene->tx, json_get_text(asked, "number"), true, NULL, &refund));
}

static void until_its_fee_would_be_due_and_not_with_a_ticket(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *opened;

	paid(scene, &application);
	scene_at(scene, LAST_HOUR);
	assert_told(scene, &application, false, true, 68000);
	scene_at(scene, PAY_UNTIL);
	assert_true(json_is_null(told(scene, &application)));
	assert_fails(
		scene, application_withdraw(&scene->tx, &application), CONFLICT, "withdrawal.over");
	assert_non_null(scene_param(scene, "until"));

	office_receive_papers(scene, &application);
	assert_ok(scene, ticket_open(&scene->tx, scene->plan_id, &opened));
	office_reload(scene, &application);
	assert_int_equal(application.state, APPLICATION_TICKETED);
	assert_true(json_is_null(told(scene, &application)));
	assert_fails(scene, application_withdraw(&scene->tx, &application), CONFLICT,
		"application.state");
}

static void staff_restore_it_with_all_that_was_judged(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct payment_facts facts;
	int64_t pictures;

	paid(scene, &application);
	pictures = scene_number(scene, "SELECT COUNT(*) FROM material");
	withdrawn(scene, &application);
	/* What was approved is the centre's to archive, consent or not. */
	assert_ok(scene, personal_consent(&scene->tx, "portrait", false, "撤回同意"));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM material"), pictures);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, deadline_restore(&scene->tx, &application, REASON));
	office_reload(scene, &application);
	assert_int_equal(application.state, APPLICATION_APPROVED);
	assert_int_equal(application.approved_revision, 1);
	assert_int_equal(places_taken(scene), 1);
	assert_ok(scene, payment_facts(&scene->tx, &application, &facts));
	assert_true(facts.paid);
}

static void one_that_nobody_approved_is_not_restored(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_told(scene, &application, true, false, 0);
	withdrawn(scene, &application);
	assert_non_null(strstr(scene_message(scene), "报名截止前可重新打开"));
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(scene, deadline_restore(&scene->tx, &application, REASON), CONFLICT,
		"deadline.never_approved");
}

static void when_applying_is_over_nothing_is_said_of_opening_it_again(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_at(scene, CLOSED);
	assert_told(scene, &application, false, false, 0);
	withdrawn(scene, &application);
	assert_null(strstr(scene_message(scene), "重新打开"));
	assert_non_null(strstr(scene_message(scene), "已撤回"));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(an_approved_one_gives_its_place_back_and_does_not_begin_again),
		IN_SCENE(of_what_was_paid_a_refund_is_asked_for),
		IN_SCENE(until_its_fee_would_be_due_and_not_with_a_ticket),
		IN_SCENE(staff_restore_it_with_all_that_was_judged),
		IN_SCENE(one_that_nobody_approved_is_not_restored),
		IN_SCENE(when_applying_is_over_nothing_is_said_of_opening_it_again),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
