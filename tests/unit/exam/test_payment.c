/*
 * Payment (S17, S18): paid once whatever is confirmed twice, and no money is lost.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/deadline.h"
#include "exam/payment.h"
#include "exam/payment_import.h"
#include "exam/payment_provider.h"

#include <cmocka.h>

#define FEE          68000
#define OTHER_MOBILE "13800000002"

static void approved(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	office_as_owner(scene, application);
}

static json *order_of(struct scene *scene, struct application *application, const char *provider)
{
	json *order = NULL;

	office_as_owner(scene, application);
	assert_ok(scene, payment_order_create(&scene->tx, application, provider, &order));
	return order;
}

static json *confirmed(struct scene *scene, const json *order, const char *receipt)
{
	json *view = NULL;

	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_confirm_offline(
				 &scene->tx, json_get_text(order, "number"), receipt, FEE, &view));
	return view;
}

static struct payment_facts facts_of(struct scene *scene, const struct application *application)
{
	struct payment_facts facts;

	assert_ok(scene, payment_facts(&scene->tx, application, &facts));
	return facts;
}

static const char *newest_event(struct scene *scene)
{
	return scene_text(scene, "SELECT kind FROM payment_event ORDER BY id DESC LIMIT 1");
}

static const char *code_of(const json *order)
{
	return strrchr(json_get_text(order, "code_url"), '/') + 1;
}

static void only_an_approved_application_can_be_paid(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &order),
		CONFLICT, "payment.not_approved");
}

static void an_open_order_is_given_back(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	assert_int_equal(strlen(json_get_text(order, "number")), 22);
	assert_true(text_starts(json_get_text(order, "number"), "KW20261123"));
	assert_int_equal(json_get_integer(order, "amount_fen"), FEE);
	assert_string_equal(json_get_text(order, "state"), "open");
	assert_true(json_is_null(json_get(order, "code_url")));
	assert_string_equal(json_get_text(order, "expires_at"), "2026-12-18T17:00:00.000+08:00");

	assert_string_equal(json_get_text(order_of(scene, &application, "offline"), "id"),
		json_get_text(order, "id"));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_order"), 1);
	struct payment_facts facts = facts_of(scene, &application);
	assert_false(facts.paid);
	assert_string_equal(facts.order_number, json_get_text(order, "number"));
}

static void an_order_is_seen_by_its_own_application_only(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	assert_ok(scene, payment_order_view(&scene->tx, application.id,
				 json_get_text(order, "number"), &view));
	assert_int_equal(json_count(json_get(view, "events")), 1);
	assert_fails(scene,
		payment_order_view(&scene->tx, scene->plan_id, json_get_text(order, "id"), &view),
		NOT_FOUND, "payment.unknown");
}

static void a_plan_is_paid_only_as_it_says(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order;

	approved(scene, &application);
	assert_fails(scene, payment_order_create(&scene->tx, &application, "cheque", &order),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/provider"), "payment.provider");
	assert_fails(scene, payment_order_create(&scene->tx, &application, "simulated", &order),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/provider"), "payment.demo_only");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_order"), 0);
}

static void a_confirmed_order_is_paid_and_the_candidate_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *view = confirmed(scene, order_of(scene, &application, "offline"), "R-1");
	struct payment_facts facts = facts_of(scene, &application);

	assert_string_equal(json_get_text(view, "state"), "paid");
	assert_true(facts.paid);
	assert_false(facts.late);
	assert_int_equal(facts.left_fen, FEE);
	assert_int_equal(facts.paid_at, scene->tx.now);
	assert_int_equal(scene_audited(scene, "payment.paid"), 1);
	assert_non_null(strstr(scene_message(scene), "缴费成功，请于12月20日17:00前"));
	office_as_owner(scene, &application);
	json *order;
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &order),
		CONFLICT, "payment.paid_already");
}

static void who_has_posted_already_is_not_asked_to(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	office_receive_papers(scene, &application);
	scene_pass(scene, 1000);
	(void)confirmed(scene, order_of(scene, &application, "offline"), "R-1");
	assert_non_null(strstr(scene_message(scene), "缴费成功，材料已齐"));
}

static void another_amount_is_refused_with_both_and_nothing_written(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_fails(scene,
		payment_confirm_offline(
			&scene->tx, json_get_text(order, "number"), "R-1", FEE + 50, &view),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/amount_fen"), "payment.amount");
	const char *const *params = scene->error.faults->params;
	assert_string_equal(params[1], "680");
	assert_string_equal(params[3], "680.50");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_event"), 1);
	assert_false(facts_of(scene, &application).paid);
}

static void the_same_receipt_twice_changes_nothing_and_answers_alike(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	json *first = confirmed(scene, order, "R-1");
	int64_t audited = scene_number(scene, "SELECT COUNT(*) FROM audit");
	int64_t messages = scene_messages(scene);
	scene_pass(scene, DAY_MS);
	json *second = confirmed(scene, order, " R-1 ");

	assert_true(json_equal(first, second));
	assert_true(json_equal(first, confirmed(scene, order, "ｒ 1")));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM audit"), audited);
	assert_int_equal(scene_messages(scene), messages);
}

/* Most likely it was mistyped: the desk sees it, the candidate hears nothing of a second payment. */
static void another_receipt_for_a_paid_order_is_kept_and_flagged_and_not_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	(void)confirmed(scene, order, "R-1");
	int64_t messages = scene_messages(scene);
	json *view = confirmed(scene, order, "R-2");

	assert_string_equal(json_get_text(view, "state"), "again");
	assert_string_equal(newest_event(scene), "paid_again");
	assert_int_equal(scene_audited(scene, "payment.paid_again"), 1);
	assert_int_equal(scene_messages(scene), messages);
}

static void refunded(struct scene *scene, const json *order)
{
	scene_pass(scene, DAY_MS);
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO payment_event (id, order_id, kind, amount_fen, reference, actor,"
			" happened_at) VALUES ('zz', ?1, 'refunded', ?2, 'F-1', 'staff', ?3)",
			BIND(TEXT(json_get_text(order, "id")), INTEGER(FEE),
				INTEGER(scene->tx.now)),
			&scene->error));
}

static void money_after_the_deadline_is_kept_and_flagged(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct deadline_counts counts;
	bool more;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	scene_at(scene, "2026-12-18T17:00:00+08:00");
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(counts.expired, 1);
	json *view = confirmed(scene, order, "R-1");

	assert_string_equal(json_get_text(view, "state"), "late");
	assert_true(facts_of(scene, &application).late);
	assert_non_null(strstr(scene_message(scene), "已过缴费时间"));
	office_reload(scene, &application);
	assert_int_equal(application.state, APPLICATION_EXPIRED);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, deadline_restore(&scene->tx, &application, "柜台当天已收款"));
	assert_true(facts_of(scene, &application).paid);
	refunded(scene, order);
	assert_false(facts_of(scene, &application).paid);
	assert_true(facts_of(scene, &application).refunded);
}

static void nobody_begins_to_pay_after_the_deadline(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order;

	approved(scene, &application);
	scene_at(scene, "2026-12-18T17:00:00+08:00");
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &order),
		CONFLICT, "payment.too_late");
	assert_non_null(scene_param(scene, "until"));
}

static void an_expired_order_is_closed_and_a_new_one_made(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene->deployment.demo = true;
	approved(scene, &application);
	json *first = order_of(scene, &application, "simulated");
	scene_pass(scene, LIMIT_ORDER_LIFE);
	json *second = order_of(scene, &application, "simulated");

	assert_string_not_equal(json_get_text(first, "id"), json_get_text(second, "id"));
	assert_ok(scene,
		payment_order_view(&scene->tx, application.id, json_get_text(first, "id"), &view));
	assert_string_equal(json_get_text(view, "state"), "closed");
	assert_fails(scene, payment_confirm_simulated(&scene->tx, code_of(first), &view), CONFLICT,
		"payment.order_over");
	scene->deployment.demo = false;
}

static void a_simulated_payment_counts_once_and_closes_the_other_order(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene->deployment.demo = true;
	approved(scene, &application);
	json *offline = order_of(scene, &application, "offline");
	json *order = order_of(scene, &application, "simulated");
	scene_as_nobody(scene);
	assert_ok(scene, payment_simulated_view(&scene->tx, code_of(order), &view));
	assert_string_equal(json_get_text(view, "state"), "open");
	for (int times = 0; times < 3; times++)
		assert_ok(scene, payment_confirm_simulated(&scene->tx, code_of(order), &view));
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM payment_event WHERE kind = 'paid'"), 1);
	assert_ok(scene, payment_order_view(
				 &scene->tx, application.id, json_get_text(offline, "id"), &view));
	assert_string_equal(json_get_text(view, "state"), "closed");

	view = confirmed(scene, offline, "R-9");
	assert_string_equal(json_get_text(view, "state"), "again");
	assert_non_null(strstr(scene_message(scene), "重复缴费"));
	scene->deployment.demo = false;
}

static void outside_a_demo_there_is_no_simulated_payment(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene->deployment.demo = true;
	approved(scene, &application);
	json *order = order_of(scene, &application, "simulated");
	scene->deployment.demo = false;
	assert_fails(scene, payment_confirm_simulated(&scene->tx, code_of(order), &view), NOT_FOUND,
		"payment.unknown");
	assert_fails(scene, payment_simulated_view(&scene->tx, code_of(order), &view), NOT_FOUND,
		"payment.unknown");
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_fails(scene,
		payment_confirm_offline(
			&scene->tx, json_get_text(order, "number"), "R-1", FEE, &view),
		CONFLICT, "payment.not_offline");
}

static void nothing_to_pay_is_paid_with_the_approval(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *status;
	json *order;

	assert_ok(scene,
		store_run(scene->db, "UPDATE plan SET fee_fen = 0", BIND_NONE, &scene->error));
	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_false(facts_of(scene, &application).paid);
	office_approve(scene, &application);
	struct payment_facts facts = facts_of(scene, &application);
	assert_true(facts.paid);
	assert_int_equal(facts.left_fen, 0);
	assert_int_equal(facts.paid_at, application.decided_at);
	assert_non_null(strstr(scene_message(scene), "无需缴费"));
	assert_ok(scene, application_status(&scene->tx, &application, &status));
	assert_string_equal(status, "awaiting_papers");
	office_as_owner(scene, &application);
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &order),
		CONFLICT, "payment.paid_already");
}

static void a_receipt_confirms_one_order_and_the_other_is_named(void **state)
{
	struct scene *scene = *state;
	struct application application, other;
	json *view;

	approved(scene, &application);
	json *first = order_of(scene, &application, "offline");
	(void)confirmed(scene, first, "R-30");
	scene_submitted(scene, OTHER_MOBILE, 2, &other);
	office_approve(scene, &other);
	json *second = order_of(scene, &other, "offline");
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_fails(scene,
		payment_confirm_offline(
			&scene->tx, json_get_text(second, "number"), "ｒ 30", FEE, &view),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/receipt_number"), "payment.receipt_used");
	assert_string_equal(scene->error.faults->params[1], json_get_text(first, "number"));
	assert_false(facts_of(scene, &other).paid);
	(void)confirmed(scene, second, "R-31");
}

static void refunded_money_does_not_count(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *order = order_of(scene, &application, "offline");
	(void)confirmed(scene, order, "R-1");
	assert_false(facts_of(scene, &application).refunded);
	refunded(scene, order);
	assert_false(facts_of(scene, &application).paid);
	assert_true(facts_of(scene, &application).refunded);
	json *again = order_of(scene, &application, "offline");
	assert_string_equal(json_get_text(confirmed(scene, again, "R-2"), "state"), "paid");
}

static void the_cashier_sees_orders_by_state_with_their_events(void **state)
{
	struct scene *scene = *state;
	struct application application, other;
	json *view;

	approved(scene, &application);
	(void)confirmed(scene, order_of(scene, &application, "offline"), "R-1");
	scene_submitted(scene, OTHER_MOBILE, 2, &other);
	office_approve(scene, &other);
	(void)order_of(scene, &other, "offline");
	(void)scene_as_staff(scene, OFFICE_CASHIER);

	assert_ok(scene, payment_list(&scene->tx, NULL, NULL, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "orders")), 2);
	assert_string_equal(
		json_text(json_at_pointer(view, "/orders/0/application_number")), other.number);
	assert_ok(scene, payment_list(&scene->tx, "paid", NULL, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "orders")), 1);
	assert_string_equal(json_text(json_at_pointer(view, "/orders/0/candidate_name")), "张三");
	assert_string_equal(
		json_text(json_at_pointer(view, "/orders/0/events/1/reference")), "R-1");
	assert_null(json_at_pointer(view, "/orders/0/form_sealed"));
	assert_ok(scene, payment_list(&scene->tx, "late", NULL, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "orders")), 0);
	assert_fails(scene, payment_list(&scene->tx, "lost", NULL, &PAGE_FIRST, &view), INVALID,
		"input.invalid");
}

static void an_order_is_found_by_its_receipt_however_it_is_typed(void **state)
{
	static const char *const typed[] = {
		"京财（2026）第A-15号", "京财(2026)第a15号", " 京财(2026) 第A-15号"};
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	(void)confirmed(scene, order_of(scene, &application, "offline"), typed[0]);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	for (size_t i = 0; i < COUNT(typed); i++) {
		assert_ok(scene, payment_list(&scene->tx, NULL, typed[i], &PAGE_FIRST, &view));
		assert_int_equal(json_count(json_get(view, "orders")), 1);
	}
	assert_ok(scene, payment_list(&scene->tx, NULL, "京财(2026)第A-16号", &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "orders")), 0);
}

/* However much each order brings along. */
static void a_long_table_takes_the_memory_of_its_answer(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *rows = json_new_array(scene->tx.arena), *view;

	approved(scene, &application);
	const char *number = json_get_text(order_of(scene, &application, "offline"), "number");
	for (int i = 0; i < 100; i++) {
		json *row = json_append(rows, json_new_object(scene->tx.arena));

		json_set_text(scene->tx.arena, row, "order", number);
		json_set_text(scene->tx.arena, row, "receipt_number",
			arena_printf(scene->tx.arena, "R-%d", i));
		json_set_integer(scene->tx.arena, row, "amount_fen", FEE);
	}
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	size_t before = arena_used(scene->tx.arena);
	assert_ok(scene, payment_import(&scene->tx, rows, true, &view));
	assert_int_equal(json_get_integer(view, "refused"), 99);
	assert_string_equal(json_text(json_at_pointer(view, "/rows/99/application_number")),
		application.number);
	assert_true(arena_used(scene->tx.arena) - before < (size_t)100 * 1500);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(only_an_approved_application_can_be_paid),
		IN_SCENE(an_open_order_is_given_back),
		IN_SCENE(an_order_is_seen_by_its_own_application_only),
		IN_SCENE(a_plan_is_paid_only_as_it_says),
		IN_SCENE(a_confirmed_order_is_paid_and_the_candidate_told),
		IN_SCENE(who_has_posted_already_is_not_asked_to),
		IN_SCENE(a_long_table_takes_the_memory_of_its_answer),
		IN_SCENE(another_amount_is_refused_with_both_and_nothing_written),
		IN_SCENE(the_same_receipt_twice_changes_nothing_and_answers_alike),
		IN_SCENE(another_receipt_for_a_paid_order_is_kept_and_flagged_and_not_told),
		IN_SCENE(money_after_the_deadline_is_kept_and_flagged),
		IN_SCENE(nobody_begins_to_pay_after_the_deadline),
		IN_SCENE(an_expired_order_is_closed_and_a_new_one_made),
		IN_SCENE(a_simulated_payment_counts_once_and_closes_the_other_order),
		IN_SCENE(outside_a_demo_there_is_no_simulated_payment),
		IN_SCENE(nothing_to_pay_is_paid_with_the_approval),
		IN_SCENE(a_receipt_confirms_one_order_and_the_other_is_named),
		IN_SCENE(refunded_money_does_not_count),
		IN_SCENE(the_cashier_sees_orders_by_state_with_their_events),
		IN_SCENE(an_order_is_found_by_its_receipt_however_it_is_typed),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
