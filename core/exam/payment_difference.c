/*
 * The table `payment_difference`.
 */
#include "payment_difference.h"

#include "application.h"
#include "audit.h"
#include "base/id.h"
#include "payment_order.h"
#include "reason.h"

#define DIFFERENCES                                                                                \
	"SELECT d.id, d.kind, d.subject, d.day, d.detail AS \"detail{}\","                         \
	" d.found_at AS \"found_at@\", d.settled_at AS \"settled_at@\", s.name AS settled_by,"     \
	" d.note FROM payment_difference d LEFT JOIN account s ON s.id = d.settled_by"

enum result difference_found(struct transaction *tx, const char *kind, const char *subject,
	const char *day, const json *detail)
{
	json *row = json_new_object(tx->arena);
	enum result rc = store_run(tx->db,
		"INSERT INTO payment_difference (id, kind, subject, day, detail, found_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, subject) DO NOTHING",
		BIND(TEXT(id_create(tx->arena)), TEXT(kind), TEXT(subject), TEXT(day),
			TEXT(json_print(tx->arena, detail)), INTEGER(tx->now)),
		tx->error);

	if (rc || store_changes(tx->db) == 0)
		return rc;
	json_set_text(tx->arena, row, "kind", kind);
	return audit_append(tx, "payment.difference", subject, row);
}

/* ---- The three sides ---- */

/* What the provider named: in its bill, or in a notice. */
static json *provider_side(struct arena *arena, const json *detail)
{
	int64_t bill_fen = json_get_integer(detail, "bill_fen");
	int64_t told_fen = json_get_integer(detail, "amount_fen");
	json *side;

	if (bill_fen == 0 && told_fen == 0)
		return json_new_null(arena);
	side = json_new_object(arena);
	json_set_text(arena, side, "number", json_get_text(detail, "number"));
	json_set_integer(arena, side, "amount_fen", bill_fen ? bill_fen : told_fen);
	return side;
}

/* The order that it is about, NULL for none of ours: the one that the ledger has for what the provider named, before
 * the one that the provider named. Each of what may name one has an index. */
static enum result order_of(struct transaction *tx, const json *row, json **order)
{
	const char *number;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT o.number FROM payment_order o WHERE o.id IN"
		" (SELECT id FROM payment_order WHERE number IN (?1, ?2)"
		" UNION ALL SELECT w.id FROM application a JOIN payment_order w"
		" ON w.application_id = a.id WHERE a.number = ?2"
		" UNION ALL SELECT order_id FROM payment_refund WHERE number IN (?1, ?2)"
		" UNION ALL SELECT order_id FROM payment_event WHERE reference = ?2)"
		" ORDER BY CASE WHEN o.number = ?1 THEN 1 ELSE 0 END, o.id DESC LIMIT 1",
		BIND(TEXT(json_get_text(json_get(row, "detail"), "number")),
			TEXT(json_get_text(row, "subject"))),
		&number, tx->error);

	*order = NULL;
	return rc || !number ? rc : payment_order_by_number(tx, number, order);
}

static json *ledger_side(struct arena *arena, const json *order)
{
	json *side;

	if (!order)
		return json_new_null(arena);
	side = json_new_object(arena);
	json_set_text(arena, side, "order_number", json_get_text(order, "number"));
	json_set_text(arena, side, "state", json_get_text(order, "state"));
	json_set_integer(arena, side, "amount_fen", json_get_integer(order, "amount_fen"));
	json_set_integer(arena, side, "balance_fen", json_get_integer(order, "balance_fen"));
	return side;
}

/* The application of the order, or that the difference names where there is no order. */
static enum result application_side(
	struct transaction *tx, const json *row, const json *order, json **side)
{
	const char *number = json_get_text(order, "application_number");
	struct application application;
	const char *status;
	enum result rc = application_load_number(
		tx, number ? number : json_get_text(row, "subject"), &application);

	*side = json_new_null(tx->arena);
	if (rc == NOT_FOUND) {
		error_forget(tx->error);
		return OK;
	}
	rc = rc ? rc : application_status(tx, &application, &status);
	if (rc)
		return rc;
	*side = json_new_object(tx->arena);
	json_set_text(tx->arena, *side, "number", application.number);
	json_set_text(tx->arena, *side, "status", status);
	return OK;
}

static void text_show(struct transaction *tx, json *row, const char *name, const char *code)
{
	json_set_text(tx->arena, row, name, message_text(tx->arena, tx->language, code, NULL));
}

static enum result difference_show(struct transaction *tx, json *row)
{
	const char *kind = json_get_text(row, "kind");
	json *order, *application;
	enum result rc = order_of(tx, row, &order);

	rc = rc ? rc : application_side(tx, row, order, &application);
	if (rc)
		return rc;
	text_show(tx, row, "text", arena_printf(tx->arena, "payment.difference_%s", kind));
	text_show(tx, row, "advice", arena_printf(tx->arena, "payment.advice_%s", kind));
	json_set(tx->arena, row, "provider", provider_side(tx->arena, json_get(row, "detail")));
	json_set(tx->arena, row, "ledger", ledger_side(tx->arena, order));
	json_set(tx->arena, row, "application", application);
	return OK;
}

/* ---- Listing and settling ---- */

enum result difference_list(
	struct transaction *tx, const char *state, const struct page *page, json **out)
{
	static const char *const states[] = {"open"};
	json *rows, *view = json_new_object(tx->arena);

	page_choice(tx, "state", state, states, COUNT(states));
	enum result rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	rc = store_array(tx->db, tx->arena,
		DIFFERENCES " WHERE (?1 = 0 OR d.settled_at IS NULL) AND (?2 = 0 OR d.id < ?3)"
			    " ORDER BY d.id DESC LIMIT ?4",
		BIND(INTEGER(state != NULL), INTEGER(page->begun), TEXT(page->text),
			INTEGER(page->most + 1)),
		&rows, tx->error);

	json_each(row, rc ? NULL : rows)
	{
		rc = difference_show(tx, row);
		if (rc)
			return rc;
	}
	if (rc)
		return rc;
	page_end(tx->arena, page, view, "differences", rows, NULL, "id");
	*out = view;
	return OK;
}

static enum result difference_load(struct transaction *tx, const char *id, json **out)
{
	enum result rc = store_find(
		tx->db, tx->arena, DIFFERENCES " WHERE d.id = ?1", BIND(TEXT(id)), out, tx->error);

	if (rc)
		return rc;
	if (!*out)
		return fail(tx->error, NOT_FOUND, "payment.difference_none", NULL);
	return difference_show(tx, *out);
}

enum result difference_settle(struct transaction *tx, const char *id, const char *note, json **out)
{
	json *row, *detail = json_new_object(tx->arena);
	enum result rc = difference_load(tx, id, &row);

	if (rc)
		return rc;
	if (!json_is_null(json_get(row, "settled_at")))
		return fail(tx->error, CONFLICT, "payment.difference_settled", NULL);
	reason_written(tx, "/note", note);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: store_run(tx->db,
			  "UPDATE payment_difference SET settled_at = ?2, settled_by = ?3, note = ?4"
			  " WHERE id = ?1",
			  BIND(TEXT(id), INTEGER(tx->now), TEXT(tx->actor.id), TEXT(note)),
			  tx->error);
	json_set_text(tx->arena, detail, "kind", json_get_text(row, "kind"));
	rc = rc ? rc
		: audit_append(
			  tx, "payment.difference_settled", json_get_text(row, "subject"), detail);
	return rc ? rc : difference_load(tx, id, out);
}
