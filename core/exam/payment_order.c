/*
 * Reading orders. What state an order is in follows from its events and the clock.
 */
#include "payment_order.h"

#include "applicant.h"
#include "base/text.h"
#include "identifier.h"
#include "payment.h"
#include "payment_ledger.h"

/* ?1 is now. Money that is all back is refunded; otherwise the event that weighs most makes the state: what wants
 * somebody's attention before what does not. */
#define ORDERS                                                                                     \
	" FROM (SELECT o.*, COALESCE((SELECT CASE"                                                 \
	" WHEN MAX(CASE e.kind WHEN 'refunded' THEN 1 ELSE 0 END) = 1"                             \
	" AND SUM(" LEDGER_ADDS_SQL ") <= 0"                                                       \
	" THEN 'refunded' ELSE"                                                                    \
	" CASE MAX(CASE e.kind WHEN 'mismatch' THEN 6 WHEN 'paid_again' THEN 5"                    \
	" WHEN 'paid_late' THEN 4 WHEN 'paid' THEN 3 WHEN 'closed' THEN 2 WHEN 'closing' THEN 1"   \
	" ELSE 0 END) WHEN 6 THEN 'mismatch' WHEN 5 THEN 'again' WHEN 4 THEN 'late'"               \
	" WHEN 3 THEN 'paid' WHEN 2 THEN 'closed' WHEN 1 THEN 'closing' END END"                   \
	" FROM payment_event e WHERE e.order_id = o.id),"                                          \
	" CASE WHEN o.expires_at <= ?1 THEN 'expired' WHEN o.provider = 'wechat' AND NOT EXISTS"   \
	" (SELECT 1 FROM payment_event e WHERE e.order_id = o.id AND e.kind = 'placed')"           \
	" THEN 'placing' ELSE 'open' END) AS state FROM payment_order o) o"                        \
	" JOIN application a ON a.id = o.application_id JOIN plan p ON p.id = a.plan_id"

#define APPLICANT_COLUMN 12 /* the sealed form, behind these */
#define ORDER_COLUMNS                                                                              \
	"SELECT o.id, o.number, o.application_id, a.number AS application_number,"                 \
	" p.name AS plan_name, o.provider, o.amount_fen, COALESCE(o.code_url, (SELECT e.reference" \
	" FROM payment_event e WHERE e.order_id = o.id AND e.kind = 'placed')) AS code_url,"       \
	" o.state, o.created_at AS \"created_at@\", o.expires_at AS \"expires_at@\","              \
	" " LEDGER_BALANCE_SQL " AS balance_fen"

static enum result order_find(
	struct transaction *tx, const char *sql, struct binding binding, json **order)
{
	json *found;
	enum result rc = store_find(tx->db, tx->arena, sql, binding, &found, tx->error);

	if (rc)
		return rc;
	if (!found)
		return fail(tx->error, NOT_FOUND, "payment.unknown", NULL);
	*order = found;
	return OK;
}

enum result payment_order_by_number(struct transaction *tx, const char *number, json **order)
{
	return order_find(tx, ORDER_COLUMNS ORDERS " WHERE o.number = ?2",
		BIND(INTEGER(tx->now), TEXT(number)), order);
}

enum result payment_order_by_id(struct transaction *tx, const char *id, json **order)
{
	return order_find(tx, ORDER_COLUMNS ORDERS " WHERE o.id = ?2",
		BIND(INTEGER(tx->now), TEXT(id)), order);
}

enum result payment_order_by_url(struct transaction *tx, const char *code_url, json **order)
{
	return order_find(tx, ORDER_COLUMNS ORDERS " WHERE o.code_url = ?2",
		BIND(INTEGER(tx->now), TEXT(code_url)), order);
}

enum result payment_order_view(
	struct transaction *tx, const char *application_id, const char *order, json **out)
{
	json *view;
	enum result rc = order_find(tx,
		ORDER_COLUMNS ORDERS
		" WHERE o.application_id = ?2 AND (o.id = ?3 OR o.number = ?3)",
		BIND(INTEGER(tx->now), TEXT(application_id), TEXT(order)), &view);

	if (rc)
		return rc;
	rc = payment_order_events(tx, view);
	if (rc)
		return rc;
	*out = view;
	return OK;
}

enum result payment_order_open(struct transaction *tx, const char *application_id,
	const char *provider, int64_t amount_fen, json **order)
{
	return store_find(tx->db, tx->arena,
		ORDER_COLUMNS ORDERS " WHERE o.application_id = ?2 AND o.provider = ?3"
				     " AND o.amount_fen = ?4 AND o.state IN ('open', 'placing')"
				     " ORDER BY o.id DESC LIMIT 1",
		BIND(INTEGER(tx->now), TEXT(application_id), TEXT(provider), INTEGER(amount_fen)),
		order, tx->error);
}

enum result payment_orders_unpaid(
	struct transaction *tx, const char *application_id, bool expired_only, json **rows)
{
	return store_array(tx->db, tx->arena,
		ORDER_COLUMNS ORDERS
		" WHERE o.application_id = ?2 AND (o.state = 'expired'"
		" OR (o.state IN ('open', 'placing') AND ?3 = 0)) ORDER BY o.id",
		BIND(INTEGER(tx->now), TEXT(application_id), INTEGER(expired_only)), rows,
		tx->error);
}

enum result payment_order_events(struct transaction *tx, json *order)
{
	json *events;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT e.kind, e.amount_fen, e.reference, r.number AS refund_number, e.note,"
		" e.happened_at AS \"happened_at@\", e.provider_at AS \"provider_at@\""
		" FROM payment_event e LEFT JOIN payment_refund r ON r.id = e.refund_id"
		" WHERE e.order_id = ?1 ORDER BY e.id",
		BIND(TEXT(json_get_text(order, "id"))), &events, tx->error);

	if (rc)
		return rc;
	json_set(tx->arena, order, "events", events);
	return OK;
}

/* What is looked for may be each of these. A receipt's number is not made of digits and letters alone. */
struct sought {
	const char *number, *mobile_index, *receipt;
};

static struct sought search_read(struct transaction *tx, const char *search)
{
	struct error none = {.arena = tx->arena};
	struct sought sought = {0};
	const char *mobile;

	if (text_blank(search))
		return sought;
	sought.number = document_number(tx->arena, search);
	sought.receipt = text_compact(tx->arena, search);
	if (mobile_read(&none, "", search, &mobile))
		sought.mobile_index = blind_index(tx->arena, tx->keys, "mobile", mobile);
	return sought;
}

/* Everything by which an order may be looked for has an index. */
#define FOUND                                                                                      \
	"o.id IN (SELECT id FROM payment_order WHERE number = ?6"                                  \
	" UNION ALL SELECT w.id FROM application s JOIN payment_order w"                           \
	" ON w.application_id = s.id WHERE s.number = ?6"                                          \
	" UNION ALL SELECT w.id FROM account c JOIN application s ON s.account_id = c.id"          \
	" JOIN payment_order w ON w.application_id = s.id"                                         \
	" WHERE c.kind = 'candidate' AND c.mobile_index = ?7"                                      \
	" UNION ALL SELECT order_id FROM payment_refund WHERE number = ?6"                         \
	" UNION ALL SELECT order_id FROM payment_event"                                            \
	" WHERE " LEDGER_RECEIPT_SQL("reference") " = UPPER(?8))"
#define NOTHING_LOOKED_FOR "?6 IS NULL AND ?7 IS NULL AND ?8 IS NULL"

/* An order's state follows from its events. Most are paid and met on any page; the few of another state are asked for
 * once more, in words that an index is for. */
static const char *narrowing(const char *state)
{
#define SOME_EVENT(kind) "o.id IN (SELECT order_id FROM payment_event WHERE kind = '" kind "')"
#define STILL_RUNS       "o.id IN (SELECT id FROM payment_order WHERE expires_at > ?1)"
	static const struct {
		const char *state, *sql;
	} few[] = {
		{"placing", STILL_RUNS},
		{"open", STILL_RUNS},
		{"closing", "o.id IN (SELECT subject_id FROM payment_call)"},
		{"late", SOME_EVENT("paid_late")},
		{"again", SOME_EVENT("paid_again")},
		{"mismatch", SOME_EVENT("mismatch")},
		{"refunded", SOME_EVENT("refunded")},
	};

	for (size_t i = 0; i < COUNT(few); i++) {
		if (text_equal(few[i].state, state))
			return few[i].sql;
	}
	return "TRUE";
}

/* What hinders that the provider is asked, in words. */
static void trouble_view(struct transaction *tx, json *order)
{
	const char *code = json_get_text(order, "trouble");

	if (code)
		json_set_text(tx->arena, order, "trouble",
			message_text(tx->arena, tx->language, code, NULL));
}

/* One row of the cashier's list: the order, who it is for, what happened to it. */
static enum result row_view(struct transaction *tx, const struct cursor *row, json *orders)
{
	json *order = json_append(orders, cursor_object(row, tx->arena));
	struct applicant applicant;
	enum result rc = applicant_of_row(tx, row, 2, APPLICANT_COLUMN, &applicant);

	if (rc)
		return rc;
	json_remove(order, "form_sealed"); /* null of whoever was erased */
	trouble_view(tx, order);
	json_set_text(tx->arena, order, "candidate_name", applicant.name);
	return payment_order_events(tx, order);
}

enum result payment_list(struct transaction *tx, const char *state, const char *search,
	const struct page *page, json **out)
{
	static const char *const states[] = {"placing", "open", "expired", "closing", "closed",
		"paid", "late", "again", "mismatch", "refunded"};
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *view = json_new_object(tx->arena);
	json *orders = json_new_array(tx->arena);
	const struct sought sought = search_read(tx, search);

	page_choice(tx, "state", state, states, COUNT(states));
	enum result rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	const char *sql = arena_printf(tx->arena,
		ORDER_COLUMNS ", a.form_sealed, (SELECT c.last_error FROM payment_call c"
			      " WHERE c.subject_id = o.id) AS trouble" ORDERS
			      " WHERE %s AND %s AND (?2 IS NULL OR o.state = ?2)"
			      " AND (?3 = 0 OR o.id < ?4) ORDER BY o.id DESC LIMIT ?5",
		narrowing(state), sought.number ? FOUND : NOTHING_LOOKED_FOR);
	rc = store_query(tx->db, &rows, sql,
		BIND(INTEGER(tx->now), TEXT(state), INTEGER(page->begun), TEXT(page->text),
			INTEGER(page->most + 1), TEXT(sought.number), TEXT(sought.mobile_index),
			TEXT(sought.receipt)),
		tx->error);
	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		rc = row_view(tx, &rows, orders);
		if (rc)
			return rc;
	}
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;

	page_end(tx->arena, page, view, "orders", orders, NULL, "id");
	*out = view;
	return OK;
}
