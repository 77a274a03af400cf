/*
 * A day's bill as the server fetches it by itself (S17): whatever goes wrong on the way, the day is closed by a bill
 * that is whole, or waits and says why.
 */
#include "merchant.h"

#include <string.h>

#include "base/digest.h"
#include "exam/payment_closing.h"

#include <cmocka.h>

#define NO_BILL_YET "{'code': 'PARAM_ERROR'}"
#define UNSAID      "nothing"

/* A bill of a day on which nothing was paid. */
static const char empty[] =
	"交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,订单金额,微信退款单号,商户退款单号,"
	"申请退款金额,退款状态\r\n总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,"
	"订单总金额,申请退款总金额\r\n`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00\r\n";

/* What is asked now is answered; gives what is said of the day then. */
static const char *asked(struct scene *scene, struct https_answer answer)
{
	struct errands errands = {0};

	assert_ok(scene, store_run(scene->db, "UPDATE payment_closing SET next_at = 0", BIND_NONE,
				 &scene->error));
	assert_ok(scene, closing_errands.claim(&scene->tx, &errands));
	assert_int_equal(errands.count, 1);
	assert_ok(scene, closing_errands.prepare(&scene->tx, &errands));
	errands.exchanges[0]->answer = answer;
	assert_ok(scene, closing_errands.settle(&scene->tx, &errands));
	return scene_text(scene, "SELECT COALESCE((SELECT said FROM payment_closing"
				 " WHERE url IS NULL), '" UNSAID "')");
}

/* The provider names the place of a bill with this hash. */
static void placed(struct scene *scene, const char *bill)
{
	char hash[SHA1_HEX_SIZE];

	sha1_hex(bytes_of(bill, strlen(bill)), hash);
	const char *body = arena_printf(scene->tx.arena,
		"{'hash_type': 'SHA1', 'hash_value': '%s',"
		" 'download_url': 'https://api.example.invalid/bill'}",
		hash);
	assert_string_equal(asked(scene, merchant_answer(scene, 200, body)), UNSAID);
}

static struct https_answer file(int status, const char *text)
{
	return (struct https_answer){
		.outcome = HTTPS_ANSWERED, .status = status, .body = bytes_of(text, strlen(text))};
}

/* Something was paid the day before yesterday. */
static void bill_due(struct scene *scene)
{
	struct application application;

	merchant_pay(scene, merchant_first_order(scene, &application));
	scene_pass(scene, 2 * DAY_MS);
}

static int64_t bills(struct scene *scene)
{
	return scene_number(scene, "SELECT COUNT(*) FROM payment_bill WHERE day = '2026-11-23'");
}

static void a_bill_that_cannot_be_had_is_waited_for_and_told_of(void **state)
{
	struct scene *scene = *state;
	json *waiting = NULL;

	bill_due(scene);
	assert_string_equal(asked(scene, merchant_answer(scene, 400, NO_BILL_YET)), "PARAM_ERROR");
	assert_string_equal(asked(scene, merchant_answer(scene, 200, "{}")), "download_url");
	placed(scene, empty);
	assert_string_equal(
		asked(scene, (struct https_answer){.outcome = HTTPS_UNREACHABLE}), "unreachable");
	placed(scene, empty);
	assert_string_equal(asked(scene, file(404, "")), "404");

	assert_ok(scene, payment_closing_waiting(&scene->tx, &waiting));
	assert_int_equal(json_count(waiting), 1);
	assert_string_equal(json_text(json_at_pointer(waiting, "/0/day")), "2026-11-23");
	assert_string_equal(json_text(json_at_pointer(waiting, "/0/said")), "404");
	assert_int_equal(bills(scene), 0);
}

static void a_bill_that_is_altered_or_damaged_closes_nothing(void **state)
{
	struct scene *scene = *state;

	bill_due(scene);
	placed(scene, empty);
	assert_string_equal(asked(scene, file(200, arena_printf(scene->tx.arena, "%s ", empty))),
		"payment.bill_hash");
	placed(scene, "交易时间\r\n");
	assert_string_equal(asked(scene, file(200, "交易时间\r\n")), "bill.columns");
	assert_int_equal(bills(scene), 0);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM payment_difference"), 0);

	placed(scene, empty);
	assert_string_equal(asked(scene, file(200, empty)), UNSAID);
	assert_int_equal(bills(scene), 1);
	assert_string_equal(
		scene_text(scene, "SELECT kind FROM payment_difference"), "ledger_only");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		AT_THE_PROVIDER(a_bill_that_cannot_be_had_is_waited_for_and_told_of),
		AT_THE_PROVIDER(a_bill_that_is_altered_or_damaged_closes_nothing),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, merchant_build, merchant_remove);
}
