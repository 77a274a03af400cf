/*
 * What WeChat Pay can answer, and what is asked of it next (S17, S18): nothing is given up while money may be on its
 * way, and nothing is believed that is about something else.
 */
#include "merchant.h"

#include "exam/payment.h"
#include "exam/payment_account.h"
#include "exam/payment_call.h"
#include "exam/payment_refund.h"
#include "exam/secret.h"

#include <cmocka.h>

/* One question, one answer to it, and what follows. */
struct step {
	const char *what;
	int status;
	const char *body, *next;
};

/* `subject`: an order, or a refund of it. The step is part of what is compared, so that a failure names it. */
static void go(struct scene *scene, const json *subject, const char *order_id,
	const struct step *steps, size_t count)
{
	struct arena *arena = scene->tx.arena;

	for (size_t i = 0; i < count; i++) {
		const char *done = arena_printf(
			arena, "%s, %d %s", steps[i].what, steps[i].status, steps[i].body);

		assert_ok(scene, payment_call_put(&scene->tx, json_get_text(subject, "id"),
					 order_id, steps[i].what, scene->tx.now));
		merchant_visited(scene, steps[i].status, steps[i].body);
		assert_string_equal(arena_printf(arena, "%s: %s", done, merchant_next(scene)),
			arena_printf(arena, "%s: %s", done, steps[i].next));
	}
}

#define GO(scene, subject, order_id, steps) go(scene, subject, order_id, steps, COUNT(steps))

/* ---- Orders ---- */

static void an_order_is_placed_whatever_is_said_at_first(void **state)
{
	static const struct step steps[] = {
		{"place", 500, "", "place later payment.provider_silent"},
		{"place", 429, "{'code': 'RATELIMIT'}", "place later payment.provider_silent"},
		{"place", 401, "{'code': 'SIGN_ERROR'}", "place later payment.provider_refuses"},
		{"place", 200, "{}", "place later payment.provider_silent"},
		{"place", 400, "{'code': 'ORDERPAID'}", "query now"},
		{"place", 400, "{'code': 'ORDER_CLOSED'}", "query now"},
		/* It is there, but its code was lost on the way; or it never arrived. */
		{"query", 200, "{'trade_state': 'NOTPAY'}", "place now"},
		{"query", 404, "{'code': 'ORDER_NOT_EXIST'}", "place now"},
		{"query", 404, "{'code': 'ORDERNOTEXIST'}", "place now"},
		{"place", 200, "{'code_url': 'weixin://placeholder'}", "query later"},
		{"query", 200, "{'trade_state': 'NOTPAY'}", "query later"},
		{"query", 200, "{'trade_state': 'USERPAYING'}", "query later"},
		{"query", 200, "{'trade_state': 'ACCEPT'}", "query later payment.provider_silent"},
		{"query", 500, "", "query later payment.provider_silent"},
		{"query", 404, "{'code': 'ORDER_NOT_EXIST'}",
			"query later payment.provider_refuses"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);

	assert_string_equal(merchant_next(scene), "place now");
	assert_string_equal(merchant_order_state(scene, &application, order), "placing");
	GO(scene, order, json_get_text(order, "id"), steps);
	assert_string_equal(merchant_order_state(scene, &application, order), "open");
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM payment_event WHERE kind = 'placed'"), 1);
}

static void an_order_that_is_there_with_other_content_makes_place_for_the_next(void **state)
{
	static const struct step steps[] = {
		{"place", 403, "{'code': 'OUT_TRADE_NO_USED'}", "query now"},
		{"query", 200, "{'trade_state': 'NOTPAY'}", "close now"},
		{"close", 204, "", "nothing"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *next;
	const char *id = json_get_text(order, "id");

	go(scene, order, id, steps, 1);
	assert_string_equal(merchant_order_state(scene, &application, order), "closing");
	go(scene, order, id, steps + 1, COUNT(steps) - 1);
	assert_string_equal(merchant_order_state(scene, &application, order), "closed");
	next = merchant_order(scene, &application);
	assert_string_not_equal(json_get_text(next, "number"), json_get_text(order, "number"));
}

static void an_order_without_its_code_is_over_when_it_cannot_be_placed_any_more(void **state)
{
	struct scene *scene = *state;
	struct application application;

	(void)merchant_first_order(scene, &application);
	scene_pass(scene, LIMIT_ORDER_LIFE - MINUTE_MS / 2);
	merchant_visited(scene, 200, "{'trade_state': 'NOTPAY'}");
	assert_string_equal(merchant_next(scene), "close now");
}

static void who_contradicts_himself_is_asked_later_and_later(void **state)
{
	static const struct step steps[] = {
		{"close", 400, "{'code': 'ORDERPAID'}", "query now"},
		{"query", 200, "{'trade_state': 'NOTPAY'}", "close now"},
		{"close", 400, "{'code': 'ORDERPAID'}", "query later"},
		{"query", 200, "{'trade_state': 'NOTPAY'}", "close now"},
		{"close", 400, "{'code': 'ORDERPAID'}", "query later"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	scene_pass(scene, LIMIT_ORDER_LIFE);
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	for (size_t i = 0; i < COUNT(steps); i++) {
		merchant_visited(scene, steps[i].status, steps[i].body);
		assert_string_equal(merchant_next(scene), steps[i].next);
		scene_pass(scene, MINUTE_MS);
	}
}

static void a_host_that_is_down_is_left_for_the_other_before_it_is_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	(void)merchant_first_order(scene, &application);
	merchant_visited(scene, MERCHANT_UNREACHABLE, "");
	assert_string_equal(merchant_next(scene), "place now");
	merchant_visited(scene, MERCHANT_UNREACHABLE, "");
	assert_string_equal(merchant_next(scene), "place later payment.provider_silent");
}

static void an_order_that_is_over_is_asked_about_until_it_is_closed(void **state)
{
	static const struct step steps[] = {
		{"place", 200, "{'code_url': 'weixin://placeholder'}", "query later"},
	};
	static const struct step over[] = {
		/* It is not placed any more: that became a question. */
		{"place", 200, "{'trade_state': 'NOTPAY'}", "close now"},
		{"query", 200, "{'trade_state': 'NOTPAY'}", "close now"},
		{"close", 500, "", "close later payment.provider_silent"},
		{"close", 400, "{'code': 'ORDERPAID'}", "query now"},
		{"close", 400, "{'code': 'PARAM_ERROR'}", "query later"},
		{"close", 400, "{'code': 'ORDER_CLOSED'}", "nothing"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *other;

	GO(scene, order, json_get_text(order, "id"), steps);
	scene_pass(scene, LIMIT_ORDER_LIFE);
	office_as_owner(scene, &application);
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &other),
		CONFLICT, "payment.pending");
	assert_string_equal(merchant_order_state(scene, &application, order), "expired");
	GO(scene, order, json_get_text(order, "id"), over);
	assert_string_equal(merchant_order_state(scene, &application, order), "closed");
}

static void an_order_that_is_closed_there_is_closed_here(void **state)
{
	static const struct step ends[] = {
		{"query", 200, "{'trade_state': 'CLOSED'}", "nothing"},
		{"query", 200, "{'trade_state': 'REVOKED'}", "nothing"},
		{"query", 200, "{'trade_state': 'PAYERROR'}", "nothing"},
		{"close", 204, "", "nothing"},
	};
	static const struct step never_placed = {
		"query", 404, "{'code': 'ORDER_NOT_EXIST'}", "nothing"};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);

	for (size_t i = 0; i < COUNT(ends); i++) {
		go(scene, order, json_get_text(order, "id"), &ends[i], 1);
		assert_string_equal(merchant_order_state(scene, &application, order), "closed");
		order = merchant_order(scene, &application);
	}
	scene_pass(scene, LIMIT_ORDER_LIFE);
	go(scene, order, json_get_text(order, "id"), &never_placed, 1);
	assert_string_equal(merchant_order_state(scene, &application, order), "closed");
}

static void an_answer_counts_only_while_it_is_still_asked(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");
	struct errands errands = merchant_asked(scene);

	/* A notice has told more, meanwhile. */
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	merchant_answered(scene, &errands, 200, "{'code_url': 'weixin://placeholder'}");
	assert_string_equal(merchant_next(scene), "close now");
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM payment_event WHERE kind = 'placed'"), 0);
}

/* ---- Money ---- */

static void a_payment_of_something_else_is_for_a_person_and_is_asked_again(void **state)
{
	static const struct {
		const char *within, *member, *value;
	} changes[] = {
		{NULL, "mchid", "1900000110"},
		{NULL, "appid", "wx0000000000000002"},
		{NULL, "out_trade_no", "KW0000000000000000"},
		{"amount", "currency", "USD"},
		{"amount", "total", "not told"},
		{NULL, "transaction_id", ""},
		{NULL, "success_time", "yesterday"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	for (size_t i = 0; i < COUNT(changes); i++) {
		json *said = merchant_payment(scene, order);
		json *within = changes[i].within ? json_get(said, changes[i].within) : said;

		json_set_text(scene->tx.arena, within, changes[i].member, changes[i].value);
		assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
		merchant_visited(scene, 200, json_print(scene->tx.arena, said));
		assert_string_equal(merchant_next(scene), "query later payment.provider_silent");
		assert_string_not_equal(merchant_order_state(scene, &application, order), "paid");
	}
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_difference"
					     " WHERE kind = 'strange_answer'"),
		1);
	merchant_pay(scene, order);
	assert_string_equal(merchant_next(scene), "nothing");
	assert_string_equal(merchant_order_state(scene, &application, order), "paid");
}

static void another_amount_is_kept_and_put_to_refund_and_is_nobodys_fee(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *said;
	const char *id = json_get_text(order, "id");
	struct payment_facts facts;

	said = merchant_payment(scene, order);
	json_set_integer(scene->tx.arena, json_get(said, "amount"), "total", MERCHANT_FEE - 1);
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	merchant_visited(scene, 200, json_print(scene->tx.arena, said));
	assert_string_equal(merchant_order_state(scene, &application, order), "mismatch");
	assert_string_equal(merchant_next(scene), "nothing");
	assert_int_equal(
		scene_number(scene, "SELECT amount_fen FROM payment_refund"), MERCHANT_FEE - 1);
	assert_int_equal(scene_number(scene,
				 "SELECT COUNT(*) FROM payment_event WHERE kind = 'refund_asked'"),
		1);
	assert_ok(scene, payment_facts(&scene->tx, &application, &facts));
	assert_false(facts.paid);
	assert_string_not_equal(json_get_text(merchant_order(scene, &application), "id"), id);
}

static void money_counts_though_it_is_not_asked_about_any_more(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	struct errands errands = merchant_asked(scene);
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	merchant_answered(
		scene, &errands, 200, json_print(scene->tx.arena, merchant_payment(scene, order)));
	assert_string_equal(merchant_order_state(scene, &application, order), "paid");
	assert_string_equal(merchant_next(scene), "nothing");
}

/* ---- Refunds ---- */

static json *approved_refund(struct scene *scene, const json *order)
{
	json *refund = merchant_decided(scene, merchant_refund(scene, order, MERCHANT_FEE), true);

	assert_string_equal(merchant_next(scene), "refund now");
	return refund;
}

static struct step about(struct scene *scene, const json *refund, const char *what,
	const char *rest, const char *then)
{
	const char *body =
		arena_printf(scene->tx.arena, "{'out_refund_no': '%s', 'refund_id': '503', %s}",
			json_get_text(refund, "number"), rest);

	return (struct step){what, 200, body, then};
}

static void money_goes_back_or_a_person_is_told_why_not(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	merchant_pay(scene, order);
	json *refund = approved_refund(scene, order);
	const struct step steps[] = {
		/* What another moment sets right. */
		{"refund", 403, "{'code': 'NOT_ENOUGH'}", "refund later payment.provider_refuses"},
		{"refund", 401, "{'code': 'SIGN_ERROR'}", "refund later payment.provider_refuses"},
		{"refund", 403, "{'code': 'NO_AUTH'}", "refund later payment.provider_refuses"},
		{"refund", 500, "", "refund later payment.provider_silent"},
		{"refund", 200, "{}", "refund later payment.provider_silent"},
		/* Another refund, another amount. */
		{"refund", 200,
			"{'out_refund_no': 'KR0', 'status': 'SUCCESS', 'amount': {'refund': 68000}}",
			"refund later payment.provider_silent"},
		about(scene, refund, "refund", "'status': 'SUCCESS', 'amount': {'refund': 67999}",
			"refund later payment.provider_silent"),
		/* It never arrived. */
		{"query_refund", 404, "{'code': 'RESOURCE_NOT_EXISTS'}", "refund now"},
		{"query_refund", 404, "{'code': 'RESOURCE_NOT_EXIST'}", "refund now"},
		{"query_refund", 400, "{'code': 'PARAM_ERROR'}",
			"query_refund later payment.provider_refuses"},
		about(scene, refund, "refund",
			"'status': 'PROCESSING', 'amount': {'refund': 68000}",
			"query_refund later"),
	};
	const struct step refused = {"refund", 400, "{'code': 'PARAM_ERROR'}", "nothing"};
	const struct step done = about(scene, refund, "query_refund",
		"'status': 'SUCCESS', 'success_time': '2026-11-23T09:00:09+08:00',"
		" 'amount': {'refund': 68000}",
		"nothing");

	GO(scene, refund, id, steps);
	assert_string_equal(merchant_refund_state(scene, refund), "sent");
	go(scene, refund, id, &refused, 1);
	assert_string_equal(merchant_refund_state(scene, refund), "failed");
	(void)merchant_decided(scene, refund, true);
	go(scene, refund, id, &done, 1);
	assert_string_equal(merchant_refund_state(scene, refund), "refunded");
	assert_string_equal(merchant_order_state(scene, &application, order), "refunded");
}

static void a_declined_refund_that_is_unknown_there_is_not_made(void **state)
{
	static const struct step steps[] = {{"refund", 400, "{'code': 'PARAM_ERROR'}", "nothing"}};
	static const struct step unknown = {
		"query_refund", 404, "{'code': 'RESOURCE_NOT_EXISTS'}", "nothing"};
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	merchant_pay(scene, order);
	json *refund = approved_refund(scene, order);
	GO(scene, refund, id, steps);
	(void)merchant_decided(scene, refund, false);
	go(scene, refund, id, &unknown, 1);
	assert_string_equal(merchant_refund_state(scene, refund), "declined");
	assert_string_equal(merchant_order_state(scene, &application, order), "paid");
}

/* ---- The account ---- */

static void without_an_account_nothing_is_asked_and_nothing_forgotten(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct errands errands;

	(void)merchant_first_order(scene, &application);
	assert_ok(scene, store_run(scene->db, "DELETE FROM secret WHERE name LIKE '%wechat%'",
				 BIND_NONE, &scene->error));
	errands = merchant_asked(scene);
	assert_int_equal(errands.exchange_count, 0);
	assert_ok(scene, payment_errands.settle(&scene->tx, &errands));
	assert_string_equal(merchant_next(scene), "place later payment.account_none");
	assert_ok(scene, payment_account_configure(&scene->tx, merchant_account(scene)));
	assert_string_equal(merchant_next(scene), "place now payment.account_none");
}

/* As it could be set before anybody looked at it. */
static void an_account_that_cannot_be_read_is_none_and_a_right_one_takes_its_place(void **state)
{
	static const char *const unreadable[] = {"not json", "{}", "[]", "{\"mchid\": 1900000109}"};
	struct scene *scene = *state;
	struct application application;
	struct wechat_account account;
	json *other = merchant_account(scene);

	(void)merchant_first_order(scene, &application);
	json_set_text(scene->tx.arena, other, "mchid", "1900000110");
	for (size_t i = 0; i < COUNT(unreadable); i++) {
		assert_ok(scene, secret_set(&scene->tx, PAYMENT_ACCOUNT_SECRET, unreadable[i]));
		assert_fails(scene, payment_account_load(&scene->tx, &account), NOT_FOUND,
			"payment.account_none");
		struct errands errands = merchant_asked(scene);
		assert_ok(scene, payment_errands.settle(&scene->tx, &errands));
		assert_string_equal(merchant_next(scene), "place later payment.account_none");
		assert_ok(scene, payment_account_configure(&scene->tx, other));
		assert_string_equal(merchant_next(scene), "place now payment.account_none");
	}
}

static void another_merchant_waits_until_nothing_is_asked_of_this_one(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *mchid = merchant_account(scene),
	     *appid = merchant_account(scene);

	json_set_text(scene->tx.arena, mchid, "mchid", "1900000110");
	json_set_text(scene->tx.arena, appid, "appid", "wx0000000000000002");
	assert_fails(scene, payment_account_configure(&scene->tx, mchid), CONFLICT,
		"payment.account_in_use");
	assert_string_equal(scene_param(scene, "mchid"), "1900000109");
	assert_fails(scene, payment_account_configure(&scene->tx, appid), CONFLICT,
		"payment.account_in_use");
	assert_ok(scene, payment_account_configure(&scene->tx, merchant_account(scene)));
	assert_ok(scene, payment_call_drop(&scene->tx, json_get_text(order, "id")));
	assert_ok(scene, payment_account_configure(&scene->tx, mchid));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		AT_THE_PROVIDER(an_order_is_placed_whatever_is_said_at_first),
		AT_THE_PROVIDER(an_order_that_is_there_with_other_content_makes_place_for_the_next),
		AT_THE_PROVIDER(
			an_order_without_its_code_is_over_when_it_cannot_be_placed_any_more),
		AT_THE_PROVIDER(who_contradicts_himself_is_asked_later_and_later),
		AT_THE_PROVIDER(a_host_that_is_down_is_left_for_the_other_before_it_is_told),
		AT_THE_PROVIDER(an_order_that_is_over_is_asked_about_until_it_is_closed),
		AT_THE_PROVIDER(an_order_that_is_closed_there_is_closed_here),
		AT_THE_PROVIDER(an_answer_counts_only_while_it_is_still_asked),
		AT_THE_PROVIDER(a_payment_of_something_else_is_for_a_person_and_is_asked_again),
		AT_THE_PROVIDER(another_amount_is_kept_and_put_to_refund_and_is_nobodys_fee),
		AT_THE_PROVIDER(money_counts_though_it_is_not_asked_about_any_more),
		AT_THE_PROVIDER(money_goes_back_or_a_person_is_told_why_not),
		AT_THE_PROVIDER(a_declined_refund_that_is_unknown_there_is_not_made),
		AT_THE_PROVIDER(without_an_account_nothing_is_asked_and_nothing_forgotten),
		AT_THE_PROVIDER(
			an_account_that_cannot_be_read_is_none_and_a_right_one_takes_its_place),
		AT_THE_PROVIDER(another_merchant_waits_until_nothing_is_asked_of_this_one),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, merchant_build, merchant_remove);
}
