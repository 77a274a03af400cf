/*
 * Refunds: never by one person alone, never more than there is, and in the ledger from asking to the end.
 */
#include "office.h"

#include "base/text.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"

#include <cmocka.h>

#define FEE    68000
#define REASON "考生申请退考"
#define ADMIN  "admin"

/* An order that was paid at the desk. */
static const char *paid_order(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	office_take_fee(scene, application);
	return scene_text(scene, "SELECT number FROM payment_order");
}

static const char *asked(struct scene *scene, const char *order, int64_t amount_fen)
{
	json *refund = NULL;

	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx, order, amount_fen, REASON, &refund));
	assert_string_equal(json_get_text(refund, "state"), "asked");
	return json_get_text(refund, "number");
}

static json *decided(struct scene *scene, const char *number, bool approve)
{
	json *refund = NULL;

	(void)scene_as_staff(scene, ADMIN);
	assert_ok(scene, payment_refund_decide(&scene->tx, number, approve, REASON, &refund));
	return refund;
}

static void who_asks_does_not_decide(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *number = asked(scene, paid_order(scene, &application), 0);
	json *refund;

	scene->tx.actor.roles = ROLE_ADMIN | ROLE_CASHIER;
	assert_fails(scene, payment_refund_decide(&scene->tx, number, true, NULL, &refund),
		FORBIDDEN, "payment.refund_same");
	refund = decided(scene, number, true);
	assert_string_equal(json_get_text(refund, "state"), "approved");
	assert_string_not_equal(
		json_get_text(refund, "asked_by"), json_get_text(refund, "decided_by"));
	assert_fails(scene, payment_refund_decide(&scene->tx, number, true, NULL, &refund),
		CONFLICT, "payment.refund_decided");
	assert_int_equal(scene_audited(scene, "payment.refund_asked"), 1);
	assert_int_equal(scene_audited(scene, "payment.refund_approved"), 1);
}

static void who_asked_by_mistake_takes_it_back_and_the_candidate_hears_nothing(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *order = paid_order(scene, &application);
	const char *number = asked(scene, order, 0);
	int64_t told = scene_messages(scene);
	json *refund;

	assert_fails(scene, payment_refund_take_back(&scene->tx, number, "错", &refund), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/reason"), "reason.written");
	assert_ok(scene, payment_refund_take_back(&scene->tx, number, REASON, &refund));
	assert_string_equal(json_get_text(refund, "state"), "declined");
	assert_string_equal(json_get_text(refund, "note"), REASON);
	assert_true(json_get_true(refund, "own"));
	assert_true(json_get_true(refund, "taken_back"));
	assert_int_equal(scene_messages(scene), told);
	assert_int_equal(scene_audited(scene, "payment.refund_taken_back"), 1);
	assert_int_equal(scene_audited(scene, "payment.refund_declined"), 0);
	assert_fails(scene, payment_refund_take_back(&scene->tx, number, REASON, &refund), CONFLICT,
		"payment.refund_decided");
	(void)asked(scene, order, 0);
}

static void nobody_takes_back_what_another_has_asked_for(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *number = asked(scene, paid_order(scene, &application), 0);
	json *refund;

	(void)scene_as_staff(scene, ADMIN);
	assert_fails(scene, payment_refund_take_back(&scene->tx, number, REASON, &refund),
		FORBIDDEN, "payment.refund_others");
	assert_ok(scene, payment_refund_list(&scene->tx, NULL, &PAGE_FIRST, &refund));
	assert_false(json_get_true(json_at_pointer(refund, "/refunds/0"), "own"));
}

static void no_more_goes_back_than_came(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *order = paid_order(scene, &application);
	json *refund;

	(void)asked(scene, order, FEE - 100);
	assert_fails(scene, payment_refund_ask(&scene->tx, order, 101, REASON, &refund), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/amount_fen"), "payment.refund_more");
	const char *rest = asked(scene, order, 0);
	assert_fails(scene, payment_refund_ask(&scene->tx, order, 1, REASON, &refund), CONFLICT,
		"payment.refund_nothing");
	(void)decided(scene, rest, false);
	(void)asked(scene, order, 100);
}

/* The provider may carry out what was declined after it had failed: then it is under way, and its money with it. */
static void what_goes_back_although_it_was_declined_is_not_asked_for_again(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *order = paid_order(scene, &application);
	const char *number = asked(scene, order, 0);
	json *refund;

	(void)decided(scene, number, true);
	assert_ok(scene, payment_refund_by_number(&scene->tx, number, &refund));
	assert_ok(scene, payment_refund_failed(&scene->tx, refund, "ABNORMAL"));
	(void)decided(scene, number, false);
	assert_ok(scene, payment_refund_by_number(&scene->tx, number, &refund));
	assert_ok(scene, payment_refund_told(&scene->tx, refund, "PROCESSING", NULL, 0));

	assert_fails(scene, payment_refund_ask(&scene->tx, order, 0, REASON, &refund), CONFLICT,
		"payment.refund_nothing");
}

static void nothing_can_be_asked_back_of_what_was_not_paid(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order, *refund;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, payment_order_create(&scene->tx, &application, "offline", &order));
	assert_fails(scene,
		payment_refund_ask(&scene->tx, json_get_text(order, "number"), 0, REASON, &refund),
		CONFLICT, "payment.refund_nothing");
}

static void an_application_is_paid_as_long_as_something_is_left(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct payment_facts facts;
	const char *order = paid_order(scene, &application);
	json *refund;

	for (int part = 0; part < 2; part++) {
		const char *number = asked(scene, order, part == 0 ? 100 : 0);
		const char *receipt = arena_printf(scene->tx.arena, "P-%d", part);

		assert_fails(scene, payment_refund_pay_out(&scene->tx, number, receipt, &refund),
			CONFLICT, "payment.refund_not_approved");
		(void)decided(scene, number, true);
		assert_ok(scene, payment_refund_pay_out(&scene->tx, number, receipt, &refund));
		assert_string_equal(json_get_text(refund, "state"), "refunded");
		assert_ok(scene, payment_facts(&scene->tx, &application, &facts));
		assert_int_equal(facts.paid, part == 0);
	}
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_event e WHERE"
					     " e.kind = 'refunded' AND e.refund_id IS NOT NULL"),
		2);
}

static void a_decision_against_it_says_why(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *number = asked(scene, paid_order(scene, &application), 0);
	json *refund;

	int64_t before = scene_messages(scene);
	(void)scene_as_staff(scene, ADMIN);
	assert_fails(scene, payment_refund_decide(&scene->tx, number, false, "不", &refund),
		INVALID, "input.invalid");
	assert_int_equal(scene_messages(scene), before);
	refund = decided(scene, number, false);
	assert_string_equal(json_get_text(refund, "note"), REASON);
	assert_int_equal(scene_messages(scene), before + 1);
	assert_string_equal(scene_message(scene),
		arena_printf(scene->tx.arena,
			"【海淀】申报%s的退款680元未获批准，有疑问请联系我们。原因：" REASON,
			application.number));
	assert_fails(scene, payment_refund_pay_out(&scene->tx, number, "P-1", &refund), CONFLICT,
		"payment.refund_not_approved");
}

/* The ledger grows and does nothing else: no statement of the tree changes or removes an event. */
static void what_the_ledger_says_stays(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *number = asked(scene, paid_order(scene, &application), 0);
	int64_t before = scene_number(scene, "SELECT COUNT(*) FROM payment_event");
	const char *rows = scene_text(
		scene, "SELECT GROUP_CONCAT(id || kind || amount_fen) FROM payment_event");

	(void)decided(scene, number, true);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_event"), before + 1);
	assert_true(
		text_starts(scene_text(scene, "SELECT GROUP_CONCAT(id || kind || amount_fen) FROM"
					      " (SELECT * FROM payment_event ORDER BY id)"),
			rows));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(who_asks_does_not_decide),
		IN_SCENE(who_asked_by_mistake_takes_it_back_and_the_candidate_hears_nothing),
		IN_SCENE(nobody_takes_back_what_another_has_asked_for),
		IN_SCENE(no_more_goes_back_than_came),
		IN_SCENE(what_goes_back_although_it_was_declined_is_not_asked_for_again),
		IN_SCENE(nothing_can_be_asked_back_of_what_was_not_paid),
		IN_SCENE(an_application_is_paid_as_long_as_something_is_left),
		IN_SCENE(a_decision_against_it_says_why),
		IN_SCENE(what_the_ledger_says_stays),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
