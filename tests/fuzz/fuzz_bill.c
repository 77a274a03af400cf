/*
 * Fuzzes the reading of a trade bill (CSV): no bytes make it fail, a refusal tells what is wrong, and what is taken
 * adds up: the rows, counted and summed once more, come to what the bill says.
 *
 * Input that does not begin with the bill's first line is put behind one, so that rows are reached.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "outbound/trade_bill.h"

static const char head[] =
	"交易时间,商户号,商户订单号,微信订单号,交易状态,货币种类,订单金额,微信退款单号,商户退款单号,"
	"申请退款金额,退款状态\n";

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* Each text of a row ends inside of a line, and where the next one begins. */
static void check_text(const char *text)
{
	expect(text && !strchr(text, '\n') && !strstr(text, ",`"));
}

static void check_bill(const struct trade_bill *bill, size_t size)
{
	struct trade_bill again = {0};

	expect(bill->count <= size);
	for (size_t i = 0; i < bill->count; i++) {
		const struct bill_row *row = &bill->rows[i];

		check_text(row->at);
		check_text(row->mchid);
		check_text(row->number);
		check_text(row->transaction_id);
		check_text(row->refund_number);
		expect(row->total_fen >= 0 && row->refund_fen >= 0);
		again.payments += !row->refund;
		again.refunds += row->refund;
		again.payments_fen += row->refund ? 0 : row->total_fen;
		again.refunds_fen += row->refund_fen;
	}
	expect(again.payments == bill->payments && again.refunds == bill->refunds);
	expect(again.payments + again.refunds == bill->count);
	expect(again.payments_fen == bill->payments_fen && again.refunds_fen == bill->refunds_fen);
}

static void read_bill(struct arena *arena, struct bytes text)
{
	struct error error = {.arena = arena};
	struct trade_bill bill;

	if (trade_bill_read(arena, text, &bill, &error)) {
		expect(error.result == INVALID && text_starts(error.code, "bill."));
		return;
	}
	check_bill(&bill, text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct buffer text = buffer_in(arena, size + sizeof(head));

	read_bill(arena, bytes_of(input, size));
	buffer_text(&text, head);
	buffer_append(&text, input, size);
	read_bill(arena, buffer_bytes(&text));
	return 0;
}
