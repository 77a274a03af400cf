/*
 * The trade bill: read by its columns' names, and refused unless it adds up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "outbound/trade_bill.h"

#include <cmocka.h>

/* clang-format off */
#define HEADS \
	"\xEF\xBB\xBF" "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,订单金额," \
	"微信退款单号,商户退款单号,申请退款金额,退款状态,商品名称\r\n"
#define SUMS \
	"总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
/* clang-format on */
#define PAYMENT "`2026-11-22 10:00:00,`19,`42,`KW1,`SUCCESS,`CNY,`680.50,`0,`0,`0.00,`,`plan\r\n"
#define REFUND  "`2026-11-22 11:00:00,`19,`42,`KW1,`REFUND,`CNY,`0.00,`50,`KR1,`80.5,`SUCCESS,`\r\n"
#define BILL    HEADS PAYMENT REFUND SUMS "`2,`680.50,`80.50,`0.00,`0.00,`680.50,`80.50\r\n"

static struct arena *arena;
static struct error error;

static int begin(void **state)
{
	(void)state;
	arena = arena_create(1 << 20);
	error = (struct error){.arena = arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static enum result read(const char *text, struct trade_bill *out)
{
	error = (struct error){.arena = arena};
	return trade_bill_read(arena, bytes_of(text, strlen(text)), out, &error);
}

static void payments_and_refunds_are_read_to_the_fen(void **state)
{
	struct trade_bill bill;

	(void)state;
	assert_int_equal(read(BILL, &bill), OK);
	assert_int_equal(bill.count, 2);
	assert_int_equal(bill.payments_fen, 68050);
	assert_int_equal(bill.refunds_fen, 8050);
	assert_false(bill.rows[0].refund);
	assert_string_equal(bill.rows[0].number, "KW1");
	assert_string_equal(bill.rows[0].transaction_id, "42");
	assert_string_equal(bill.rows[0].mchid, "19");
	assert_string_equal(bill.rows[0].at, "2026-11-22 10:00:00");
	assert_true(bill.rows[1].refund);
	assert_string_equal(bill.rows[1].refund_number, "KR1");
	assert_string_equal(bill.rows[1].refund_state, "SUCCESS");
	assert_int_equal(bill.rows[1].refund_fen, 8050);
}

static void what_is_no_text_is_no_bill(void **state)
{
	struct trade_bill bill;

	(void)state;
	assert_int_equal(read(HEADS "`2026-11-22 10:00:00,`19,`4\xFF\xFE\x80,`KW1,`SUCCESS,`CNY,"
				    "`680.50,`0,`0,`0.00,`,`plan\r\n" SUMS
				    "`1,`680.50,`0,`0,`0,`680.50,`0\r\n",
				 &bill),
		INVALID);
	assert_string_equal(error.code, "bill.bytes");
}

/* It stands before columns that are read. */
static void a_comma_in_a_name_belongs_to_it(void **state)
{
	struct trade_bill bill;

	(void)state;
	assert_int_equal(
		read("商品名称,商户号,微信订单号,商户订单号,交易状态,货币种类,订单金额,"
		     "微信退款单号,商户退款单号,申请退款金额,退款状态,交易时间\r\n"
		     "`,a,, plan,,`19,`42,`KW1,`SUCCESS,`CNY,`680.50,`0,`0,`0.00,`,`2026-11-22 10:00:00\r\n" SUMS
		     "`1,`680.50,`0,`0,`0,`680.50,`0\r\n",
			&bill),
		OK);
	assert_int_equal(bill.count, 1);
	assert_string_equal(bill.rows[0].mchid, "19");
	assert_string_equal(bill.rows[0].number, "KW1");
	assert_int_equal(bill.rows[0].total_fen, 68050);
	assert_string_equal(bill.rows[0].refund_state, "");
}

static void a_day_without_trades_is_a_bill(void **state)
{
	struct trade_bill bill;

	(void)state;
	assert_int_equal(read(HEADS SUMS "`0,`0.00,`0.00,`0.00,`0.00,`0.00,`0.00", &bill), OK);
	assert_int_equal(bill.count, 0);
}

/* But for its last bytes, which only end a line, nothing can be left out at the end. */
static void a_bill_that_was_cut_anywhere_is_refused(void **state)
{
	struct trade_bill bill;
	size_t whole = strlen(BILL) - strlen("0\r\n");

	(void)state;
	for (size_t size = 0; size < whole; size++) {
		const char *part = arena_text_part(arena, BILL, size);

		assert_int_equal(read(part, &bill), INVALID);
	}
}

static void a_file_of_ever_so_many_lines_is_refused_in_the_memory_of_a_request(void **state)
{
	struct arena *own = arena_create(LIMIT_REQUEST_ARENA);
	struct error refused = {.arena = own};
	struct buffer text = buffer_in(own, LIMIT_TRADE_BILL);
	struct trade_bill bill;

	(void)state;
	for (int i = 0; i < 800000; i++)
		buffer_text(&text, "13800000000\n");
	assert_int_equal(trade_bill_read(own, buffer_bytes(&text), &bill, &refused), INVALID);
	assert_string_equal(refused.code, "bill.columns");
	refused = (struct error){.arena = own};
	text = buffer_in(own, LIMIT_TRADE_BILL);
	buffer_text(&text, HEADS);
	for (int i = 0; i < LIMIT_TRADE_BILL_LINES; i++)
		buffer_text(&text, "\n");
	assert_int_equal(trade_bill_read(own, buffer_bytes(&text), &bill, &refused), INVALID);
	assert_string_equal(refused.code, "bill.lines");
	arena_destroy(own);
}

static void what_does_not_fit_is_told(void **state)
{
	static const struct {
		const char *text, *code;
	} wrong[] = {
		{"", "bill.columns"},
		{"placeholder", "bill.columns"},
		{SUMS, "bill.columns"},
		{HEADS "`1,`2\r\n" SUMS "`1,`0,`0,`0,`0,`0,`0", "bill.row"},
		{HEADS "`,`19,`42,`KW1,`PENDING,`CNY,`1,`0,`0,`0,`,`\r\n" SUMS, "bill.row"},
		{HEADS "`,`19,`42,`KW1,`SUCCESS,`CNY,`-1,`0,`0,`0,`,`\r\n" SUMS, "bill.row"},
		{HEADS "`,`19,`42,`KW1,`SUCCESS,`CNY,`1.005,`0,`0,`0,`,`\r\n" SUMS, "bill.row"},
		/* One value too few or too many: a mark that is missing, and one inside of a name. */
		{HEADS "`,`19,`42,`KW1,`SUCCESS,`CNY,`1,`0,`0,`0,plan\r\n" SUMS
		       "`1,`1,`0,`0,`0,`1,`0",
			"bill.row"},
		{HEADS "`,`19,`42,KW1,`SUCCESS,`CNY,`1,`0,`0,`0,`,`\r\n" SUMS
		       "`1,`1,`0,`0,`0,`1,`0",
			"bill.row"},
		{HEADS "`,`19,`42,`KW1,`SUCCESS,`CNY,`1,`0,`0,`0,`,`a,`b\r\n" SUMS
		       "`1,`1,`0,`0,`0,`1,`0",
			"bill.row"},
		{HEADS ",19,42,KW1,SUCCESS,CNY,1,0,0,0,,a,b\r\n" SUMS "`1,`1,`0,`0,`0,`1,`0",
			"bill.row"},
		{HEADS PAYMENT SUMS "`2,`680.50,`0,`0,`0,`680.50,`0", "bill.sum"},
		{HEADS PAYMENT SUMS "`1,`680.50,`0,`0,`0,`680.51,`0", "bill.sum"},
		{HEADS PAYMENT REFUND SUMS "`2,`680.50,`0,`0,`0,`680.50,`80", "bill.sum"},
	};
	struct trade_bill bill;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(read(wrong[i].text, &bill), INVALID);
		assert_string_equal(error.code, wrong[i].code);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(payments_and_refunds_are_read_to_the_fen),
		TEST(what_is_no_text_is_no_bill),
		TEST(a_comma_in_a_name_belongs_to_it),
		TEST(a_day_without_trades_is_a_bill),
		TEST(a_bill_that_was_cut_anywhere_is_refused),
		TEST(a_file_of_ever_so_many_lines_is_refused_in_the_memory_of_a_request),
		TEST(what_does_not_fit_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
