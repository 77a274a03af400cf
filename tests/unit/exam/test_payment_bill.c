/*
 * A day's trade bill against the ledger (S17): whatever either says otherwise is a difference, and what the provider
 * may know better is asked of it.
 */
#include "merchant.h"

#include <string.h>

#include "exam/payment.h"
#include "exam/payment_bill.h"
#include "exam/payment_call.h"
#include "exam/ticket.h"

#include <cmocka.h>

#define DAY         "2026-11-23"
#define TRANSACTION "4200000001"
#define AT          "`2026-11-23 09:00:01,`1900000109,"

struct line {
	const char *transaction, *number;
	int fen;
	const char *refund_number, *refund_state; /* NULL of a payment */
};

static const char *yuan(struct scene *scene, int fen)
{
	return arena_printf(scene->tx.arena, "%d.%02d", fen / 100, fen % 100);
}

static const char *printed(struct scene *scene, const struct line *line)
{
	const char *money = yuan(scene, line->fen);

	if (!line->refund_number)
		return arena_printf(scene->tx.arena,
			AT "`%s,`%s,`SUCCESS,`CNY,`%s,`0,`0,`0.00,`\r\n", line->transaction,
			line->number, money);
	return arena_printf(scene->tx.arena, AT "`%s,`%s,`REFUND,`CNY,`0.00,`5030,`%s,`%s,`%s\r\n",
		line->transaction, line->number, line->refund_number, money, line->refund_state);
}

static struct bytes bill(struct scene *scene, const struct line *lines, size_t count)
{
	const char *text = "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,订单金额,"
			   "微信退款单号,商户退款单号,申请退款金额,退款状态\r\n";
	int paid = 0, back = 0;

	for (size_t i = 0; i < count; i++) {
		*(lines[i].refund_number ? &back : &paid) += lines[i].fen;
		text = arena_printf(scene->tx.arena, "%s%s", text, printed(scene, &lines[i]));
	}
	text = arena_printf(scene->tx.arena,
		"%s总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,"
		"申请退款总金额\r\n`%zu,`%s,`%s,`0.00,`0.00,`%s,`%s\r\n",
		text, count, yuan(scene, paid), yuan(scene, back), yuan(scene, paid),
		yuan(scene, back));
	return bytes_of(text, strlen(text));
}

/* How many differences the day has by a bill of these lines. */
static int64_t differences(struct scene *scene, const struct line *lines, size_t count)
{
	json *view = NULL;

	assert_ok(scene, payment_bill_match(&scene->tx, DAY, bill(scene, lines, count), &view));
	return json_get_integer(view, "differences");
}

/* The newest: "bill_only 4200000001". */
static const char *newest(struct scene *scene)
{
	return scene_text(scene,
		"SELECT kind || ' ' || subject FROM payment_difference ORDER BY id DESC LIMIT 1");
}

static const char *number_of(const json *row)
{
	return json_get_text(row, "number");
}

/* Paid on that day, which is over. */
static json *paid_order(struct scene *scene)
{
	struct application application;
	json *order = merchant_first_order(scene, &application);

	merchant_pay(scene, order);
	scene_pass(scene, DAY_MS);
	return order;
}

static void what_a_bill_says_otherwise_of_a_payment_is_a_difference(void **state)
{
	struct scene *scene = *state;
	json *order = paid_order(scene);
	struct line right = {
		.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE};
	struct line amount = right, number = right, strange[] = {right, right};

	assert_int_equal(differences(scene, &right, 1), 0);
	amount.fen--;
	assert_int_equal(differences(scene, &amount, 1), 1);
	assert_string_equal(newest(scene), "bill_otherwise " TRANSACTION);
	number.number = "KW0000000000000000";
	assert_int_equal(differences(scene, &number, 1), 1);
	strange[1].transaction = "4200000002";
	strange[1].number = "KW0000000000000000";
	assert_int_equal(differences(scene, strange, COUNT(strange)), 1);
	assert_string_equal(newest(scene), "bill_only 4200000002");
	assert_int_equal(differences(scene, NULL, 0), 1);
	assert_string_equal(newest(scene), "ledger_only " TRANSACTION);
	/* The order is known to be paid, and the stranger's is none of ours. */
	assert_string_equal(merchant_next(scene), "nothing");
}

static void a_payment_that_only_the_bill_has_is_asked_about(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application);
	const struct line only = {
		.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE};

	assert_ok(scene, payment_call_drop(&scene->tx, json_get_text(order, "id")));
	scene_pass(scene, DAY_MS);
	assert_int_equal(differences(scene, &only, 1), 1);
	assert_string_equal(newest(scene), "bill_only " TRANSACTION);
	assert_string_equal(merchant_next(scene), "query now");
}

/* What a receipt is called at the desk is the desk's affair: the candidate may have shown the transaction's number. */
static void a_receipt_of_the_desk_is_no_payment_of_the_provider(void **state)
{
	struct scene *scene = *state;
	struct application desk, application;
	json *at_desk = NULL, *order;

	scene_submitted(scene, "13800000002", 2, &desk);
	office_approve(scene, &desk);
	office_as_owner(scene, &desk);
	assert_ok(scene, payment_order_create(&scene->tx, &desk, "offline", &at_desk));
	scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_confirm_offline(&scene->tx, number_of(at_desk), TRANSACTION,
				 MERCHANT_FEE, &at_desk));

	order = merchant_first_order(scene, &application);
	const struct line line = {
		.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE};
	scene_pass(scene, DAY_MS);
	assert_int_equal(differences(scene, &line, 1), 1);
	assert_string_equal(newest(scene), "bill_only " TRANSACTION);
	merchant_pay(scene, order);
	assert_int_equal(differences(scene, &line, 1), 0);
}

/* One refund in the bill, beside its payment. */
static int64_t differences_by(struct scene *scene, const json *order, const char *refund_number,
	int fen, const char *refund_state)
{
	const struct line lines[] = {
		{.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE},
		{TRANSACTION, number_of(order), fen, refund_number, refund_state},
	};

	return differences(scene, lines, COUNT(lines));
}

static void what_a_bill_says_otherwise_of_a_refund_is_a_difference(void **state)
{
	struct scene *scene = *state;
	json *order = paid_order(scene), *refund = merchant_refund(scene, order, MERCHANT_FEE);
	const char *number = number_of(refund);

	/* Not ours; and ours, but nobody has agreed to it. */
	assert_int_equal(differences_by(scene, order, "KR0", MERCHANT_FEE, "SUCCESS"), 1);
	assert_string_equal(newest(scene), "bill_refund_only 5030");
	assert_string_equal(merchant_next(scene), "nothing");
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE, "SUCCESS"), 1);
	assert_string_equal(
		newest(scene), arena_printf(scene->tx.arena, "bill_refund_only %s", number));
	assert_string_equal(merchant_next(scene), "query_refund now");

	(void)merchant_decided(scene, refund, true);
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE - 1, "SUCCESS"), 1);
	assert_string_equal(
		newest(scene), arena_printf(scene->tx.arena, "bill_refund_otherwise %s", number));
	assert_string_equal(merchant_next(scene), "refund now");
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE, "PROCESSING"), 0);
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE, "SUCCESS"), 1);
	assert_string_equal(
		newest(scene), arena_printf(scene->tx.arena, "bill_refund_done %s", number));
	assert_string_equal(merchant_next(scene), "query_refund now");
}

static void a_declined_refund_that_goes_back_all_the_same_is_a_difference(void **state)
{
	struct scene *scene = *state;
	json *order = paid_order(scene), *refund = merchant_refund(scene, order, MERCHANT_FEE);
	const char *number = number_of(refund);

	(void)merchant_decided(scene, refund, false);
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE, "ABNORMAL"), 0);
	assert_string_equal(merchant_next(scene), "nothing");
	assert_int_equal(differences_by(scene, order, number, MERCHANT_FEE, "PROCESSING"), 1);
	assert_string_equal(
		newest(scene), arena_printf(scene->tx.arena, "refund_declined %s", number));
	assert_string_equal(merchant_next(scene), "query_refund now");
}

/* Approved, asked for, and made at that moment. */
static void refund_done(struct scene *scene, const json *refund, const char *at)
{
	(void)merchant_decided(scene, refund, true);
	merchant_visited(scene, 200,
		arena_printf(scene->tx.arena,
			"{'out_refund_no': '%s', 'refund_id': '5030', 'status': 'SUCCESS',"
			" 'success_time': '%s', 'amount': {'refund': %d}}",
			number_of(refund), at, MERCHANT_FEE));
	assert_string_equal(merchant_refund_state(scene, refund), "refunded");
}

static int64_t unpaid_tickets(struct scene *scene, const char *day)
{
	json *view = NULL;

	assert_ok(scene, payment_bill_match_none(&scene->tx, day, &view));
	return scene_number(
		scene, "SELECT COUNT(*) FROM payment_difference WHERE kind = 'ticket_unpaid'");
}

static void whose_money_goes_back_after_the_ticket_is_told_of(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *opened;

	merchant_pay(scene, order);
	office_receive_papers(scene, &application);
	assert_ok(scene, ticket_open(&scene->tx, application.plan_id, &opened));
	scene_pass(scene, 2 * DAY_MS);
	assert_int_equal(unpaid_tickets(scene, DAY), 0);
	refund_done(
		scene, merchant_refund(scene, order, MERCHANT_FEE), "2026-11-25T09:00:00+08:00");
	scene_pass(scene, DAY_MS);
	assert_int_equal(unpaid_tickets(scene, "2026-11-24"), 0);
	assert_int_equal(unpaid_tickets(scene, "2026-11-25"), 1);
	assert_string_equal(scene_text(scene, "SELECT subject || ' ' || day FROM payment_difference"
					      " WHERE kind = 'ticket_unpaid'"),
		arena_printf(scene->tx.arena, "%s 2026-11-25", application.number));
}

static void a_bill_of_another_day_is_refused(void **state)
{
	struct scene *scene = *state;
	json *order = paid_order(scene), *view = NULL;
	const struct line right = {
		.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE};

	assert_fails(scene,
		payment_bill_match(&scene->tx, "2026-11-22", bill(scene, &right, 1), &view),
		INVALID, "payment.bill_other_day");
	assert_string_equal(scene_param(scene, "day"), DAY);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_bill"), 0);
}

/* Made at a quarter to twelve; that it was, is known at half past. */
static void a_refund_belongs_to_the_day_that_the_provider_names(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *order = merchant_first_order(scene, &application), *view = NULL;

	merchant_pay(scene, order);
	scene_pass(scene, 15 * HOUR_MS + HOUR_MS / 2);
	const json *refund = merchant_refund(scene, order, MERCHANT_FEE);
	refund_done(scene, refund, "2026-11-23T23:45:00+08:00");
	scene_pass(scene, DAY_MS);
	assert_ok(scene, payment_bill_match_none(&scene->tx, "2026-11-24", &view));
	assert_int_equal(json_get_integer(view, "differences"), 0);
	assert_int_equal(
		differences_by(scene, order, number_of(refund), MERCHANT_FEE, "SUCCESS"), 0);
	const struct line paid = {
		.transaction = TRANSACTION, .number = number_of(order), .fen = MERCHANT_FEE};
	assert_int_equal(differences(scene, &paid, 1), 1);
	assert_string_equal(newest(scene),
		arena_printf(scene->tx.arena, "ledger_refund_only %s", number_of(refund)));
}

/* Another shop takes money by the same merchant; how much memory the day takes does not depend on what it lacks. */
static void a_long_bill_of_which_the_ledger_has_nothing_is_matched(void **state)
{
	struct scene *scene = *state;
	struct line lines[500];
	size_t before;
	json *view;

	(void)paid_order(scene);
	for (size_t i = 0; i < COUNT(lines); i++)
		lines[i] = (struct line){
			.transaction = arena_printf(scene->tx.arena, "42000001%04zu", i),
			.number = arena_printf(scene->tx.arena, "SHOP%04zu", i),
			.fen = 100};
	struct bytes text = bill(scene, lines, COUNT(lines));
	before = arena_used(scene->tx.arena);
	assert_ok(scene, payment_bill_match(&scene->tx, DAY, text, &view));
	assert_int_equal(json_get_integer(view, "differences"), COUNT(lines) + 1);
	assert_true(arena_used(scene->tx.arena) - before < COUNT(lines) * 512);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		AT_THE_PROVIDER(what_a_bill_says_otherwise_of_a_payment_is_a_difference),
		AT_THE_PROVIDER(a_payment_that_only_the_bill_has_is_asked_about),
		AT_THE_PROVIDER(a_receipt_of_the_desk_is_no_payment_of_the_provider),
		AT_THE_PROVIDER(what_a_bill_says_otherwise_of_a_refund_is_a_difference),
		AT_THE_PROVIDER(a_declined_refund_that_goes_back_all_the_same_is_a_difference),
		AT_THE_PROVIDER(a_bill_of_another_day_is_refused),
		AT_THE_PROVIDER(whose_money_goes_back_after_the_ticket_is_told_of),
		AT_THE_PROVIDER(a_long_bill_of_which_the_ledger_has_nothing_is_matched),
		AT_THE_PROVIDER(a_refund_belongs_to_the_day_that_the_provider_names),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, merchant_build, merchant_remove);
}
