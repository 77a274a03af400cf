/*
 * What WeChat Pay can answer, and what is asked of it next (S17, S18): nothing is given up while money may be on its
 * way, and nothing is believed that is about something else.
 */
#include "office.h"

#include <string.h>

#include "../outbound/keys.h"
#include "base/log.h"
#include "base/rsa.h"
#include "base/text.h"
#include "exam/errand.h"
#include "exam/payment.h"
#include "exam/payment_account.h"
#include "exam/payment_call.h"
#include "exam/payment_refund.h"

#include <cmocka.h>

#define FEE    68000
#define REASON "考生申请退考"
#define SILENT (LOG_ERROR + 1)

#define UNREACHABLE 0 /* in the place of a status */

static struct arena *keys_arena;
static struct keys keys; /* of the merchant and of the provider: nobody tells them apart here */

static int build(void **state)
{
	keys_arena = arena_create(1 << 20);
	keys = key_pair_create(keys_arena, 2048);
	return scene_build(state);
}

static int take_down(void **state)
{
	arena_destroy(keys_arena);
	return scene_remove(state);
}

static json *account(struct scene *scene)
{
	json *document = scene_json(scene,
		"{'mchid': '1900000109', 'appid': 'wx0000000000000001', 'merchant_serial': 'AB',"
		" 'api_v3_key': '0123456789abcdef0123456789abcdef', 'platform': [{'id': 'KEY'}],"
		" 'notify_base': 'https://haidian.kaowu.example/api/v1'}");

	json_set_text(scene->tx.arena, document, "private_key", keys.private_pem);
	json_set_text(scene->tx.arena, json_first(json_get(document, "platform")), "public_key",
		keys.public_pem);
	return document;
}

/* A scene whose plan is paid by WeChat Pay, too. */
static int begin(void **state)
{
	int status = scene_begin(state);
	struct scene *scene = *state;

	log_set_level(SILENT);
	assert_ok(scene, payment_account_configure(&scene->tx, account(scene)));
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET document ="
			" json_set(document, '$.payment', json('[\"wechat\", \"offline\"]'))",
			BIND_NONE, &scene->error));
	return status;
}

#define AT_THE_PROVIDER(test) cmocka_unit_test_setup_teardown(test, begin, scene_end)

static json *order_of(struct scene *scene, struct application *application)
{
	json *order = NULL;

	office_as_owner(scene, application);
	assert_ok(scene, payment_order_create(&scene->tx, application, "wechat", &order));
	return order;
}

static json *first_order(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	return order_of(scene, application);
}

static const char *state_of(struct scene *scene, const struct application *application, json *order)
{
	json *view = NULL;

	assert_ok(scene,
		payment_order_view(&scene->tx, application->id, json_get_text(order, "id"), &view));
	return json_get_text(view, "state");
}

/* ---- An answer ---- */

/* Signed, as all that the provider says. */
static struct https_answer answer_of(struct scene *scene, int status, const char *body)
{
	struct arena *arena = scene->tx.arena;
	const char *seconds = arena_printf(arena, "%lld", (long long)(scene->tx.now / 1000));
	const char *text = arena_printf(arena, "%s\nnonce\n%s\n", seconds, body);
	struct bytes raw = rsa_sign(arena, keys.private_pem, bytes_of(text, strlen(text)));
	struct https_header *headers = NEW_ARRAY(arena, struct https_header, 4);

	if (status == UNREACHABLE)
		return (struct https_answer){
			.outcome = HTTPS_UNREACHABLE, .trouble = "placeholder"};
	headers[0] = (struct https_header){"wechatpay-timestamp", seconds};
	headers[1] = (struct https_header){"wechatpay-nonce", "nonce"};
	headers[2] = (struct https_header){"wechatpay-serial", "KEY"};
	headers[3] = (struct https_header){
		"wechatpay-signature", base64_encode(arena, raw.data, raw.size)};
	return (struct https_answer){.outcome = HTTPS_ANSWERED,
		.status = status,
		.headers = headers,
		.header_count = 4,
		.body = bytes_of(body, strlen(body))};
}

/* Single quotes stand for double ones. */
static const char *printed(struct scene *scene, const char *body)
{
	return *body ? json_print(scene->tx.arena, scene_json(scene, body)) : body;
}

static struct errands asked(struct scene *scene)
{
	struct errands errands = {0};

	assert_ok(scene, payment_errands.claim(&scene->tx, &errands));
	assert_int_equal(errands.count, 1);
	assert_ok(scene, payment_errands.prepare(&scene->tx, &errands));
	return errands;
}

static void answered(struct scene *scene, struct errands *errands, int status, const char *body)
{
	assert_int_equal(errands->exchange_count, 1);
	errands->exchanges[0]->answer = answer_of(scene, status, body);
	assert_ok(scene, payment_errands.settle(&scene->tx, errands));
}

static void visited(struct scene *scene, int status, const char *body)
{
	struct errands errands = asked(scene);

	answered(scene, &errands, status, body);
}

/* What is to be asked next, when, and what is wrong: "query later payment.provider_silent"; "nothing". */
static const char *next(struct scene *scene)
{
	return scene_text(scene,
		arena_printf(scene->tx.arena,
			"SELECT COALESCE((SELECT what || CASE WHEN next_at > %lld THEN ' later'"
			" ELSE ' now' END || COALESCE(' ' || last_error, '') FROM payment_call),"
			" 'nothing')",
			(long long)scene->tx.now));
}

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
		visited(scene, steps[i].status, printed(scene, steps[i].body));
		assert_string_equal(arena_printf(arena, "%s: %s", done, next(scene)),
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
		{"place", 403, "{'code': 'OUT_TRADE_NO_USED'}", "query now"},
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
	json *order = first_order(scene, &application);

	assert_string_equal(next(scene), "place now");
	GO(scene, order, json_get_text(order, "id"), steps);
	assert_string_equal(state_of(scene, &application, order), "open");
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM payment_event WHERE kind = 'placed'"), 1);
}

static void a_host_that_is_down_is_left_for_the_other_before_it_is_told(void **state)
{
	struct scene *scene = *state;
	struct application application;

	(void)first_order(scene, &application);
	visited(scene, UNREACHABLE, "");
	assert_string_equal(next(scene), "place now");
	visited(scene, UNREACHABLE, "");
	assert_string_equal(next(scene), "place later payment.provider_silent");
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
	json *order = first_order(scene, &application), *other;

	GO(scene, order, json_get_text(order, "id"), steps);
	scene_pass(scene, LIMIT_ORDER_LIFE);
	office_as_owner(scene, &application);
	assert_fails(scene, payment_order_create(&scene->tx, &application, "offline", &other),
		CONFLICT, "payment.pending");
	GO(scene, order, json_get_text(order, "id"), over);
	assert_string_equal(state_of(scene, &application, order), "closed");
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
	json *order = first_order(scene, &application);

	for (size_t i = 0; i < COUNT(ends); i++) {
		go(scene, order, json_get_text(order, "id"), &ends[i], 1);
		assert_string_equal(state_of(scene, &application, order), "closed");
		order = order_of(scene, &application);
	}
	scene_pass(scene, LIMIT_ORDER_LIFE);
	go(scene, order, json_get_text(order, "id"), &never_placed, 1);
	assert_string_equal(state_of(scene, &application, order), "closed");
}

static void an_answer_counts_only_while_it_is_still_asked(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = first_order(scene, &application);
	const char *id = json_get_text(order, "id");
	struct errands errands = asked(scene);

	/* A notice has told more, meanwhile. */
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	answered(scene, &errands, 200, printed(scene, "{'code_url': 'weixin://placeholder'}"));
	assert_string_equal(next(scene), "close now");
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM payment_event WHERE kind = 'placed'"), 0);
}

/* ---- Money ---- */

static json *payment(struct scene *scene, const json *order)
{
	json *said = scene_json(scene,
		"{'mchid': '1900000109', 'appid': 'wx0000000000000001', 'trade_state': 'SUCCESS',"
		" 'transaction_id': '4200000001', 'success_time': '2026-11-23T09:00:01+08:00',"
		" 'amount': {'total': 68000, 'currency': 'CNY'}}");

	json_set_text(scene->tx.arena, said, "out_trade_no", json_get_text(order, "number"));
	return said;
}

static void pay(struct scene *scene, const json *order)
{
	const char *id = json_get_text(order, "id");

	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	visited(scene, 200, json_print(scene->tx.arena, payment(scene, order)));
}

static void a_payment_of_something_else_is_for_a_person_and_is_asked_again(void **state)
{
	static const struct {
		const char *within, *member, *value;
	} changes[] = {
		{NULL, "mchid", "1900000110"},
		{NULL, "appid", "wx0000000000000002"},
		{NULL, "out_trade_no", "KW0000000000000000"},
		{"amount", "currency", "USD"},
		{NULL, "transaction_id", ""},
		{NULL, "success_time", "yesterday"},
	};
	struct scene *scene = *state;
	struct application application;
	json *order = first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	for (size_t i = 0; i < COUNT(changes); i++) {
		json *said = payment(scene, order);
		json *within = changes[i].within ? json_get(said, changes[i].within) : said;

		json_set_text(scene->tx.arena, within, changes[i].member, changes[i].value);
		assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
		visited(scene, 200, json_print(scene->tx.arena, said));
		assert_string_equal(next(scene), "query later payment.provider_silent");
		assert_string_not_equal(state_of(scene, &application, order), "paid");
	}
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_difference"
					     " WHERE kind = 'strange_answer'"),
		1);
	pay(scene, order);
	assert_string_equal(next(scene), "nothing");
	assert_string_equal(state_of(scene, &application, order), "paid");
}

static void money_counts_though_it_is_not_asked_about_any_more(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	assert_ok(scene, payment_call_put(&scene->tx, id, id, "query", scene->tx.now));
	struct errands errands = asked(scene);
	assert_ok(scene, payment_call_put(&scene->tx, id, id, "close", scene->tx.now));
	answered(scene, &errands, 200, json_print(scene->tx.arena, payment(scene, order)));
	assert_string_equal(state_of(scene, &application, order), "paid");
	assert_string_equal(next(scene), "nothing");
}

/* ---- Refunds ---- */

static json *decided(struct scene *scene, const json *refund, bool approve)
{
	json *out = NULL;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, payment_refund_decide(&scene->tx, json_get_text(refund, "number"), approve,
				 REASON, &out));
	return out;
}

static json *refund_of(struct scene *scene, const json *order)
{
	json *refund = NULL;

	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(
				 &scene->tx, json_get_text(order, "number"), FEE, REASON, &refund));
	refund = decided(scene, refund, true);
	assert_string_equal(next(scene), "refund now");
	assert_ok(scene,
		payment_refund_by_number(&scene->tx, json_get_text(refund, "number"), &refund));
	return refund;
}

static const char *refund_state(struct scene *scene, const json *refund)
{
	json *found = NULL;

	assert_ok(scene,
		payment_refund_by_number(&scene->tx, json_get_text(refund, "number"), &found));
	return json_get_text(found, "state");
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
	json *order = first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	pay(scene, order);
	json *refund = refund_of(scene, order);
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
	assert_string_equal(refund_state(scene, refund), "sent");
	go(scene, refund, id, &refused, 1);
	assert_string_equal(refund_state(scene, refund), "failed");
	(void)decided(scene, refund, true);
	go(scene, refund, id, &done, 1);
	assert_string_equal(refund_state(scene, refund), "refunded");
	assert_string_equal(state_of(scene, &application, order), "refunded");
}

static void a_declined_refund_that_is_unknown_there_is_not_made(void **state)
{
	static const struct step steps[] = {{"refund", 400, "{'code': 'PARAM_ERROR'}", "nothing"}};
	static const struct step unknown = {
		"query_refund", 404, "{'code': 'RESOURCE_NOT_EXISTS'}", "nothing"};
	struct scene *scene = *state;
	struct application application;
	json *order = first_order(scene, &application);
	const char *id = json_get_text(order, "id");

	pay(scene, order);
	json *refund = refund_of(scene, order);
	GO(scene, refund, id, steps);
	(void)decided(scene, refund, false);
	go(scene, refund, id, &unknown, 1);
	assert_string_equal(refund_state(scene, refund), "declined");
	assert_string_equal(state_of(scene, &application, order), "paid");
}

/* ---- The account ---- */

static void without_an_account_nothing_is_asked_and_nothing_forgotten(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct errands errands;

	(void)first_order(scene, &application);
	assert_ok(scene, store_run(scene->db, "DELETE FROM secret WHERE name LIKE '%wechat%'",
				 BIND_NONE, &scene->error));
	errands = asked(scene);
	assert_int_equal(errands.exchange_count, 0);
	assert_ok(scene, payment_errands.settle(&scene->tx, &errands));
	assert_string_equal(next(scene), "place later payment.no_account");
	assert_ok(scene, payment_account_configure(&scene->tx, account(scene)));
	assert_string_equal(next(scene), "place now payment.no_account");
}

static void another_merchant_waits_until_nothing_is_asked_of_this_one(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = first_order(scene, &application), *mchid = account(scene),
	     *appid = account(scene);

	json_set_text(scene->tx.arena, mchid, "mchid", "1900000110");
	json_set_text(scene->tx.arena, appid, "appid", "wx0000000000000002");
	assert_fails(scene, payment_account_configure(&scene->tx, mchid), CONFLICT,
		"payment.account_in_use");
	assert_string_equal(scene_param(scene, "mchid"), "1900000109");
	assert_fails(scene, payment_account_configure(&scene->tx, appid), CONFLICT,
		"payment.account_in_use");
	assert_ok(scene, payment_account_configure(&scene->tx, account(scene)));
	assert_ok(scene, payment_call_drop(&scene->tx, json_get_text(order, "id")));
	assert_ok(scene, payment_account_configure(&scene->tx, mchid));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		AT_THE_PROVIDER(an_order_is_placed_whatever_is_said_at_first),
		AT_THE_PROVIDER(a_host_that_is_down_is_left_for_the_other_before_it_is_told),
		AT_THE_PROVIDER(an_order_that_is_over_is_asked_about_until_it_is_closed),
		AT_THE_PROVIDER(an_order_that_is_closed_there_is_closed_here),
		AT_THE_PROVIDER(an_answer_counts_only_while_it_is_still_asked),
		AT_THE_PROVIDER(a_payment_of_something_else_is_for_a_person_and_is_asked_again),
		AT_THE_PROVIDER(money_counts_though_it_is_not_asked_about_any_more),
		AT_THE_PROVIDER(money_goes_back_or_a_person_is_told_why_not),
		AT_THE_PROVIDER(a_declined_refund_that_is_unknown_there_is_not_made),
		AT_THE_PROVIDER(without_an_account_nothing_is_asked_and_nothing_forgotten),
		AT_THE_PROVIDER(another_merchant_waits_until_nothing_is_asked_of_this_one),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, build, take_down);
}
