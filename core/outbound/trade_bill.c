/*
 * Reading the bill, line by line. Each value has a ` before it, so that a spreadsheet takes it for text; nothing is
 * quoted, so that a comma without a ` behind it belongs to its value.
 */
#include "trade_bill.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#define FIELDS_MOST 64
#define YUAN_DIGITS 9

enum column {
	AT,
	MCHID,
	NUMBER,
	TRANSACTION,
	STATE,
	CURRENCY,
	TOTAL,
	REFUND_ID,
	REFUND_NUMBER,
	REFUND,
	REFUND_STATE,
	COLUMNS
};

static const char *const names[COLUMNS] = {"交易时间", "商户号", "商户订单号", "微信订单号",
	"交易状态", "货币种类", "订单金额", "微信退款单号", "商户退款单号", "申请退款金额",
	"退款状态"};

struct reading {
	char *rest, *end; /* a copy of the bill, taken apart where it lies */
	size_t line;
	size_t columns; /* that the first line names */
	size_t places[COLUMNS];
};

/* The next line's values, each with its NUL in place of what was behind it; false at the end. The names of columns have
 * no ` before them: such a line is split at each comma. */
static bool line_read(struct reading *from, const char *fields[FIELDS_MOST], size_t *count)
{
	char *at = from->rest;
	const char *between = *at == '`' ? ",`" : ",";
	size_t found = 0;

	if (at >= from->end)
		return false;
	char *end = at + strcspn(at, "\n");
	from->rest = end < from->end ? end + 1 : from->end;
	*end = '\0';
	if (end > at && end[-1] == '\r')
		end[-1] = '\0';
	from->line++;
	while (at && found < FIELDS_MOST) {
		char *comma = strstr(at, between);

		if (comma)
			*comma = '\0';
		fields[found++] = at + (*at == '`');
		at = comma ? comma + 1 : NULL;
	}
	*count = found;
	return true;
}

static bool columns_find(struct reading *from)
{
	const char *fields[FIELDS_MOST];
	size_t count, found = 0;

	if (from->end - from->rest >= 3 && memcmp(from->rest, "\xEF\xBB\xBF", 3) == 0)
		from->rest += 3;
	if (!line_read(from, fields, &count))
		return false;
	from->columns = count;
	for (size_t column = 0; column < COLUMNS; column++) {
		for (size_t i = 0; i < count; i++) {
			if (!text_equal(fields[i], names[column]))
				continue;
			from->places[column] = i;
			found++;
			break;
		}
	}
	return found == COLUMNS;
}

/* "680.00", to the fen. */
static bool fen_read(const char *text, int64_t *out)
{
	size_t whole = strspn(text, "0123456789"), part = 0;
	int64_t fen = 0;

	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	if (whole == 0 || whole > YUAN_DIGITS || part > 2 ||
		text[whole + (part ? part + 1 : 0)] != '\0')
		return false;
	for (size_t i = 0; i < whole; i++)
		fen = fen * 10 + (text[i] - '0');
	for (size_t i = 0; i < 2; i++)
		fen = fen * 10 + (i < part ? text[whole + 1 + i] - '0' : 0);
	*out = fen;
	return true;
}

static bool row_read(
	const struct reading *from, const char *const *fields, size_t count, struct bill_row *row)
{
	const char *values[COLUMNS];

	if (count != from->columns) /* one more or less, and each behind it is another's */
		return false;
	for (size_t column = 0; column < COLUMNS; column++)
		values[column] = fields[from->places[column]];
	*row = (struct bill_row){
		.refund = text_equal(values[STATE], "REFUND"),
		.at = values[AT],
		.mchid = values[MCHID],
		.number = values[NUMBER],
		.transaction_id = values[TRANSACTION],
		.currency = values[CURRENCY],
		.refund_number = values[REFUND_NUMBER],
		.refund_id = values[REFUND_ID],
		.refund_state = values[REFUND_STATE],
	};
	return (row->refund || text_equal(values[STATE], "SUCCESS")) &&
	       fen_read(values[TOTAL], &row->total_fen) &&
	       (!row->refund || fen_read(values[REFUND], &row->refund_fen));
}

static void count_row(struct trade_bill *bill, const struct bill_row *row)
{
	bill->count++;
	if (row->refund) {
		bill->refunds++;
		bill->refunds_fen += row->refund_fen;
	} else {
		bill->payments++;
		bill->payments_fen += row->total_fen;
	}
}

/* 总交易单数 first, 订单总金额 sixth, 申请退款总金额 seventh: the number of rows, and what they come to. */
static bool adds_up(const char *const *fields, size_t count, const struct trade_bill *bill)
{
	int64_t rows, payments_fen, refunds_fen;

	return count >= 7 && fen_read(fields[0], &rows) && fen_read(fields[5], &payments_fen) &&
	       fen_read(fields[6], &refunds_fen) && rows == (int64_t)bill->count * 100 &&
	       payments_fen == bill->payments_fen && refunds_fen == bill->refunds_fen;
}

static size_t lines_of(struct bytes text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.size; i++)
		lines += text.data[i] == '\n';
	return lines;
}

enum result trade_bill_read(
	struct arena *arena, struct bytes text, struct trade_bill *out, struct error *error)
{
	char *copy = arena_text_part(arena, (const char *)text.data, text.size);
	struct reading from = {.rest = copy, .end = copy + strlen(copy)};
	struct trade_bill bill = {0};
	const char *fields[FIELDS_MOST];
	size_t count = 0, lines = lines_of(text);

	if (!text_is_utf8((const char *)text.data, text.size))
		return fail(error, INVALID, "bill.bytes", NULL);
	if (!columns_find(&from))
		return fail(error, INVALID, "bill.columns", NULL);
	if (lines > LIMIT_TRADE_BILL_LINES)
		return fail(error, INVALID, "bill.lines", "limit",
			arena_printf(arena, "%d", LIMIT_TRADE_BILL_LINES), NULL);
	struct bill_row *rows = NEW_ARRAY(arena, struct bill_row, lines);
	bill.rows = rows;
	while (line_read(&from, fields, &count) && !text_equal(fields[0], "总交易单数")) {
		if (!row_read(&from, fields, count, &rows[bill.count]))
			return fail(error, INVALID, "bill.row", "line",
				arena_printf(arena, "%zu", from.line), NULL);
		count_row(&bill, &rows[bill.count]);
	}
	if (!line_read(&from, fields, &count) || !adds_up(fields, count, &bill))
		return fail(error, INVALID, "bill.sum", NULL);
	*out = bill;
	return OK;
}
