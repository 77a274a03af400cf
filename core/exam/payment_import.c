/*
 * A row is looked at before it is confirmed, by the same function in the preview and in earnest; payment.h then judges
 * it again. Its refusals write nothing, so that the rows before and behind stay.
 */
#include "payment_import.h"

#include "base/text.h"
#include "payment.h"
#include "payment_order.h"

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

static bool named_before(const json *rows, const json *row)
{
	for (const json *earlier = json_first(rows); earlier != row; earlier = json_next(earlier)) {
		if (text_equal(json_get_text(earlier, "order"), json_get_text(row, "order")))
			return true;
	}
	return false;
}

/* May this row be confirmed? *known: it has been, by this very receipt. */
static enum result row_check(
	struct transaction *tx, const json *rows, const json *row, json **order, bool *known)
{
	enum result rc = payment_order_by_number(tx, json_get_text(row, "order"), order);

	rc = rc ? rc : payment_order_events(tx, *order);
	if (rc)
		return rc;
	if (named_before(rows, row))
		return fail(tx->error, CONFLICT, "payment_import.twice", NULL);
	if (!text_equal(json_get_text(*order, "provider"), "offline"))
		return fail(tx->error, CONFLICT, "payment.not_offline", NULL);
	if (json_get_integer(row, "amount_fen") != json_get_integer(*order, "amount_fen"))
		return fail(tx->error, INVALID, "payment_import.amount", NULL);

	*known = false;
	json_each(event, json_get(*order, "events"))
	{
		if (!text_equal(json_get_text(event, "kind"), "created") &&
			text_equal(json_get_text(event, "reference"),
				json_get_text(row, "receipt_number")))
			*known = true;
	}
	return OK;
}

static enum result row_take(struct transaction *tx, const json *rows, const json *row, bool dry,
	json *view, const char **outcome)
{
	json *order = NULL;
	bool known = false;
	enum result rc = row_check(tx, rows, row, &order, &known);

	json_set_text(
		tx->arena, view, "application_number", json_get_text(order, "application_number"));
	if (!rc && !known && !dry)
		rc = payment_confirm_offline(tx, json_get_text(row, "order"),
			json_get_text(row, "receipt_number"), json_get_integer(row, "amount_fen"),
			&order);
	*outcome = rc ? "refused" : known ? "known" : dry ? "ready" : "confirmed";
	return rc;
}

enum result payment_import(struct transaction *tx, const json *rows, bool dry, json **out)
{
	json *view = json_new_object(tx->arena);
	json *list = json_set(tx->arena, view, "rows", json_new_array(tx->arena));
	int64_t confirmed = 0, refused = 0;

	json_each(row, rows)
	{
		struct error error = {.arena = tx->arena};
		struct transaction one = *tx;
		json *told = json_append(tx->arena, list, json_new_object(tx->arena));
		const char *outcome;

		one.error = &error;
		json_set_text(tx->arena, told, "order", json_get_text(row, "order"));
		enum result rc = row_take(&one, rows, row, dry, told, &outcome);
		if (rc > TOO_MANY)
			return trouble(tx->error, rc, error.code, "%s",
				error.internal ? error.internal : "");
		row_tell(tx, told, outcome, &error);
		confirmed += text_equal(outcome, "confirmed");
		refused += rc != OK;
	}
	json_set_integer(tx->arena, view, "confirmed", confirmed);
	json_set_integer(tx->arena, view, "refused", refused);
	*out = view;
	return OK;
}
