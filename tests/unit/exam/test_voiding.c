/*
 * Voiding (S10): from every state that stands, with a reason, for good; what becomes of the money is told.
 */
#include "office.h"

#include <string.h>

#include "exam/deadline.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"
#include "exam/submission.h"
#include "exam/ticket.h"
#include "exam/voiding.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define REASON       "经核实工作经历不属实"
#define OTHER_MOBILE "13800000002"

static void voided(struct scene *scene, struct application *application)
{
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, application_void(&scene->tx, application, REASON));
	office_reload(scene, application);
	assert_int_equal(application->state, APPLICATION_VOIDED);
	assert_null(application->lease_account);
	assert_int_equal(scene_audited(scene, "application.voided"), 1);
}

static json *view_of(struct scene *scene, struct application *application)
{
	json *view;

	office_as_owner(scene, application);
	assert_ok(scene, application_view(&scene->tx, application, &view));
	return view;
}

static void what_waits_for_review_is_voided_and_its_candidate_reads_why(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_null(json_get(view_of(scene, &application), "void_reason"));
	office_claim(scene, &application);
	voided(scene, &application);
	assert_non_null(strstr(scene_message(scene), "已作废"));
	assert_null(strstr(scene_message(scene), "已缴"));
	json *view = view_of(scene, &application);
	assert_string_equal(json_get_text(view, "void_reason"), REASON);
	assert_string_equal(json_get_text(view, "next_action"), "none");
	assert_int_equal(json_count(json_get(view, "open_items")), 0);
}

static void the_money_stays_and_the_candidate_is_told_so(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct payment_facts facts;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_take_fee(scene, &application);
	int64_t events = scene_number(scene, "SELECT COUNT(*) FROM payment_event");
	voided(scene, &application);
	assert_ok(scene, payment_facts(&scene->tx, &application, &facts));
	assert_true(facts.paid);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_event"), events);
	assert_non_null(strstr(scene_message(scene), "已缴680元不自动退还"));
}

static void who_has_a_part_back_is_told_of_the_rest(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *refund = NULL;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_take_fee(scene, &application);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx,
				 scene_text(scene, "SELECT number FROM payment_order"), 8000,
				 "多收了材料费", &refund));
	const char *number = json_get_text(refund, "number");
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, payment_refund_decide(&scene->tx, number, true, NULL, &refund));
	assert_ok(scene, payment_refund_pay_out(&scene->tx, number, "T-1", &refund));
	voided(scene, &application);
	assert_non_null(strstr(scene_message(scene), "已缴600元不自动退还"));
}

static void nobody_can_pay_by_an_order_of_a_voided_one(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	voided(scene, &application);
	office_as_owner(scene, &application);
	json *seen;
	assert_ok(scene,
		payment_order_view(&scene->tx, application.id, json_get_text(order, "id"), &seen));
	assert_string_equal(json_get_text(seen, "state"), "closed");
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &order),
		CONFLICT, "payment.not_approved");
}

static void a_ticket_is_void_and_its_seat_stays_empty(void **state)
{
	struct scene *scene = *state;
	struct application first, second;
	struct ticket_facts facts;
	json *opened;

	scene_submitted(scene, SCENE_MOBILE, 1, &first);
	office_approve(scene, &first);
	office_take_fee(scene, &first);
	office_receive_papers(scene, &first);
	assert_ok(scene, ticket_open(&scene->tx, first.plan_id, &opened));
	office_reload(scene, &first);
	voided(scene, &first);
	office_as_owner(scene, &first);
	assert_fails(scene, ticket_facts_load(&scene->tx, &first, "", &facts), CONFLICT,
		"ticket.not_open");

	/* The number is free: the person whose it is applies, and sits on a seat of their own. */
	scene_submitted(scene, OTHER_MOBILE, 1, &second);
	office_approve(scene, &second);
	office_take_fee(scene, &second);
	office_receive_papers(scene, &second);
	assert_ok(scene, ticket_open(&scene->tx, second.plan_id, &opened));
	assert_int_equal(json_get_integer(opened, "seated"), 1);
	assert_int_equal(scene_number(scene, "SELECT MAX(seat) FROM ticket"), 2);
}

static void there_is_no_way_back_and_no_second_time(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	voided(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(scene, deadline_restore(&scene->tx, &application, "理由足够长"), CONFLICT,
		"application.state");
	assert_fails(scene, application_void(&scene->tx, &application, REASON), CONFLICT,
		"application.state");
	office_as_owner(scene, &application);
	assert_fails(scene, application_withdraw(&scene->tx, &application), CONFLICT,
		"application.state");
}

static void voiding_needs_a_reason_and_something_that_stands(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	(void)scene_as_staff(scene, "admin");
	assert_fails(scene, application_void(&scene->tx, &application, "  造假  "), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/reason"), "reason.written");
	assert_fails(scene, application_void(&scene->tx, &application, REASON), CONFLICT,
		"application.state");
	office_as_owner(scene, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_fails(scene, application_void(&scene->tx, &application, REASON), FORBIDDEN,
		"application.actor");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(what_waits_for_review_is_voided_and_its_candidate_reads_why),
		IN_SCENE(the_money_stays_and_the_candidate_is_told_so),
		IN_SCENE(who_has_a_part_back_is_told_of_the_rest),
		IN_SCENE(nobody_can_pay_by_an_order_of_a_voided_one),
		IN_SCENE(a_ticket_is_void_and_its_seat_stays_empty),
		IN_SCENE(there_is_no_way_back_and_no_second_time),
		IN_SCENE(voiding_needs_a_reason_and_something_that_stands),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
