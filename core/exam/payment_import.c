/*
 * A row is looked at before it is confirmed, by the same function in the preview and in earnest; payment.h then judges
 * it again. Its refusals write nothing, so that the rows before and behind stay.
 */
#include "payment_import.h"

#include <strings.h>

#include "base/limits.h"
#include "base/text.h"
#include "payment.h"
#include "payment_money.h"
#include "payment_order.h"

struct table {
	const json *rows;
	const char **receipts; /* of the rows, as they are compared */
	size_t index;          /* of the row that is looked at */
	bool dry;
};

/* What became of a row: the error has the reason where it is refused. */
static void row_tell(
	struct transaction *tx, json *row, const char *outcome, const struct error *error)
{
	const struct fault *fault = error->faults;
	const char *code = fault ? fault->code : error->code;

	json_set_text(tx->arena, row, "outcome", outcome);
	json_set_text(tx->arena, row, "code", code);
	json_set_text(tx->arena, row, "detail",
		code ? message_text(
			       tx->arena, tx->language, code, fault ? fault->params : error->params)
		     : NULL);
}

/* The table's receipts, as they are compared: made once, for each row is held against all before it. */
static const char **receipts_of(struct arena *arena, const json *rows)
{
	const char **receipts = NEW_ARRAY(arena, const char *, json_count(rows) + 1);
	size_t count = 0;

	json_each(row, rows) receipts[count++] =
		text_compact(arena, json_get_text(row, "receipt_number"));
	return receipts;
}

/* The code of what a row says again of an earlier one; NULL if it says something of its own. */
static const char *said_before(const struct table *table, const json *row)
{
	const char **earlier_receipt = table->receipts, *receipt = table->receipts[table->index];

	for (const json *earlier = json_first(table->rows); earlier != row;
		earlier = json_next(earlier), earlier_receipt++) {
		if (text_equal(json_get_text(earlier, "order"), json_get_text(row, "order")))
			return "payment_import.twice";
		if (strcasecmp(*earlier_receipt, receipt) == 0)
			return "payment_import.receipt_twice";
	}
	return NULL;
}

/* The same by the ledger: has this receipt confirmed another order? */
static enum result receipt_free(struct transaction *tx, const json *order, const char *receipt)
{
	const char *other;
	enum result rc = payment_receipt_other(tx, receipt, json_get_text(order, "id"), &other);

	if (rc || !other)
		return rc;
	return fail(tx->error, CONFLICT, "payment.receipt_used", "order", other, NULL);
}

/* May this row be confirmed? *known: it has been, by this very receipt. */
static enum result row_check(struct transaction *tx, const struct table *table, const json *row,
	json **order, bool *known)
{
	const char *again = said_before(table, row);
	const char *receipt = json_get_text(row, "receipt_number");
	bool paid;
	enum result rc = payment_order_by_number(tx, json_get_text(row, "order"), order);

	if (rc)
		return rc;
	if (again)
		return fail(tx->error, CONFLICT, again, NULL);
	if (!text_equal(json_get_text(*order, "provider"), "offline"))
		return fail(tx->error, CONFLICT, "payment.not_offline", NULL);
	if (json_get_integer(row, "amount_fen") != json_get_integer(*order, "amount_fen"))
		return fail(tx->error, INVALID, "payment_import.amount", NULL);

	rc = payment_money_known(tx, json_get_text(*order, "id"), receipt, &paid, known);
	return rc ? rc : receipt_free(tx, *order, receipt);
}

static enum result row_take(struct transaction *tx, const struct table *table, const json *row,
	const char **application_number, const char **outcome)
{
	json *order = NULL;
	bool known = false;
	enum result rc = row_check(tx, table, row, &order, &known);

	*application_number = json_get_text(order, "application_number");
	if (!rc && !known && !table->dry)
		rc = payment_confirm_offline(tx, json_get_text(row, "order"),
			json_get_text(row, "receipt_number"), json_get_integer(row, "amount_fen"),
			&order);
	*outcome = rc ? "refused" : known ? "known" : table->dry ? "ready" : "confirmed";
	return rc;
}

/* Each row with memory of its own: five hundred orders with their applications may be more than a request may hold. */
enum result payment_import(struct transaction *tx, const json *rows, bool dry, json **out)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	json *view = json_new_object(tx->arena);
	json *list = json_set(tx->arena, view, "rows", json_new_array(tx->arena));
	struct table table = {rows, receipts_of(tx->arena, rows), 0, dry};
	int64_t confirmed = 0, refused = 0;

	json_each(row, rows)
	{
		struct error error = {.arena = tx->arena};
		struct transaction one = *tx;
		json *told = json_append(list, json_new_object(tx->arena));
		const char *number, *outcome;

		one.arena = scratch;
		one.error = &error;
		json_set_text(tx->arena, told, "order", json_get_text(row, "order"));
		enum result rc = row_take(&one, &table, row, &number, &outcome);
		json_set_text(tx->arena, told, "application_number", number);
		arena_reset(scratch);
		if (rc > TOO_MANY) {
			*tx->error = error;
			return rc;
		}
		row_tell(tx, told, outcome, &error);
		confirmed += text_equal(outcome, "confirmed");
		refused += rc != OK;
		table.index++;
	}
	json_set_integer(tx->arena, view, "confirmed", confirmed);
	json_set_integer(tx->arena, view, "refused", refused);
	*out = view;
	return OK;
}
