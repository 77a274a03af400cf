/*
 * The table `payment_refund`, and its events in the ledger.
 */
#include "payment_refund.h"

#include "audit.h"
#include "base/id.h"
#include "base/text.h"
#include "notice.h"
#include "payment_call.h"
#include "payment_count.h"
#include "payment_difference.h"
#include "payment_ledger.h"
#include "payment_order.h"
#include "plan.h"
#include "reason.h"
#include "wording.h"

#define REFUND_DAYS 365 /* from the payment on, as the provider takes it */

/* Of refund r: its newest event is its state. */
#define NEWEST_EVENT_SQL "(SELECT MAX(x.id) FROM payment_event x WHERE x.refund_id = r.id)"
#define REFUNDS                                                                                    \
	"SELECT r.id, r.order_id, r.number, o.number AS order_number, a.id AS application_id,"     \
	" a.number AS application_number, o.provider, r.amount_fen, r.reason,"                     \
	" CASE e.kind WHEN 'refunded' THEN 'refunded' ELSE SUBSTR(e.kind, 8) END AS state,"        \
	" q.name AS asked_by, d.name AS decided_by, r.asked_by AS asker,"                          \
	" e.kind = 'refund_declined' AND e.actor = 'staff:' || r.asked_by AS taken_back, e.note,"  \
	" (SELECT c.last_error FROM payment_call c WHERE c.subject_id = r.id)"                     \
	" AS trouble, r.created_at AS \"created_at@\", e.happened_at AS \"changed_at@\""           \
	" FROM payment_refund r JOIN payment_order o ON o.id = r.order_id"                         \
	" JOIN application a ON a.id = o.application_id"                                           \
	" JOIN payment_event e ON e.id = " NEWEST_EVENT_SQL                                        \
	" LEFT JOIN account q ON q.id = r.asked_by"                                                \
	" LEFT JOIN account d ON d.id = (SELECT SUBSTR(x.actor, LENGTH('staff:') + 1)"             \
	" FROM payment_event x WHERE x.refund_id = r.id"                                           \
	" AND x.kind IN ('refund_approved', 'refund_declined') ORDER BY x.id DESC LIMIT 1)"

static bool is(const json *refund, const char *state)
{
	return text_equal(json_get_text(refund, "state"), state);
}

static enum result refund_find(
	struct transaction *tx, const char *sql, const char *key, json **refund)
{
	json *found;
	enum result rc = store_find(tx->db, tx->arena, sql, BIND(TEXT(key)), &found, tx->error);

	if (rc)
		return rc;
	if (!found)
		return fail(tx->error, NOT_FOUND, "payment.refund_unknown", NULL);
	*refund = found;
	return OK;
}

enum result payment_refund_by_number(struct transaction *tx, const char *number, json **refund)
{
	return refund_find(tx, REFUNDS " WHERE r.number = ?1", number, refund);
}

enum result payment_refund_by_id(struct transaction *tx, const char *id, json **refund)
{
	return refund_find(tx, REFUNDS " WHERE r.id = ?1", id, refund);
}

static bool asked_by_actor(const struct transaction *tx, const json *refund)
{
	return text_equal(json_get_text(refund, "asker"), tx->actor.id);
}

/* As it is shown: without what only we need. */
static void refund_show(struct transaction *tx, json *refund)
{
	const char *code = json_get_text(refund, "trouble");

	if (code)
		json_set_text(tx->arena, refund, "trouble",
			message_text(tx->arena, tx->language, code, NULL));
	json_set_boolean(tx->arena, refund, "own", asked_by_actor(tx, refund));
	json_set_boolean(
		tx->arena, refund, "taken_back", json_get_integer(refund, "taken_back") == 1);
	json_remove(refund, "order_id");
	json_remove(refund, "application_id");
	json_remove(refund, "asker");
}

static enum result refund_view(struct transaction *tx, const char *number, json **out)
{
	json *view;
	enum result rc = payment_refund_by_number(tx, number, &view);

	if (rc)
		return rc;
	refund_show(tx, view);
	*out = view;
	return OK;
}

/* An event of the refund, and its row in the audit log, as `what`: without the note, which may name somebody. */
static enum result step_as(
	struct transaction *tx, const json *refund, struct payment_event event, const char *what)
{
	json *detail = json_new_object(tx->arena);

	event.order_id = json_get_text(refund, "order_id");
	event.refund_id = json_get_text(refund, "id");
	event.amount_fen = json_get_integer(refund, "amount_fen");
	enum result rc = ledger_write(tx, &event);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "refund", json_get_text(refund, "number"));
	json_set_text(tx->arena, detail, "order", json_get_text(refund, "order_number"));
	json_set_integer(tx->arena, detail, "amount_fen", event.amount_fen);
	return audit_append(tx, arena_printf(tx->arena, "payment.%s", what),
		json_get_text(refund, "application_id"), detail);
}

static enum result step(struct transaction *tx, const json *refund, struct payment_event event)
{
	return step_as(tx, refund, event, event.kind);
}

/* ---- Asking ---- */

static enum result refund_insert(struct transaction *tx, const json *order, int64_t amount_fen,
	const char *reason, const char *asked_by, const char **number)
{
	const char *id = id_create(tx->arena);
	json *refund;

	*number = payment_number(tx, "KR");
	enum result rc = store_run(tx->db,
		"INSERT INTO payment_refund (id, number, order_id, amount_fen, reason, asked_by,"
		" created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		BIND(TEXT(id), TEXT(*number), TEXT(json_get_text(order, "id")), INTEGER(amount_fen),
			TEXT(reason), TEXT(asked_by), INTEGER(tx->now)),
		tx->error);
	if (rc)
		return rc;
	refund = json_new_object(tx->arena);
	json_set_text(tx->arena, refund, "id", id);
	json_set_text(tx->arena, refund, "order_id", json_get_text(order, "id"));
	json_set_text(tx->arena, refund, "number", *number);
	json_set_text(tx->arena, refund, "order_number", json_get_text(order, "number"));
	json_set_text(tx->arena, refund, "application_id", json_get_text(order, "application_id"));
	json_set_integer(tx->arena, refund, "amount_fen", amount_fen);
	return step(tx, refund, (struct payment_event){.kind = "refund_asked"});
}

/* What is left of the order's money and not asked back yet; and when the first of it came. */
static enum result room(
	struct transaction *tx, const char *order_id, int64_t *room_fen, int64_t *paid_at)
{
	int64_t balance = 0, open = 0;
	enum result rc = ledger_balance(tx, order_id, &balance);

	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COALESCE(SUM(r.amount_fen), 0) FROM payment_refund r"
			  " JOIN payment_event e ON e.id = " NEWEST_EVENT_SQL
			  " WHERE r.order_id = ?1 AND e.kind NOT IN ('refunded', 'refund_declined')",
			  BIND(TEXT(order_id)), &open, tx->error);
	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COALESCE(MIN(COALESCE(provider_at, happened_at)), 0)"
			  " FROM payment_event WHERE order_id = ?1"
			  " AND " LEDGER_MONEY_SQL,
			  BIND(TEXT(order_id)), paid_at, tx->error);
	*room_fen = balance - open;
	return rc;
}

enum result payment_refund_ask(struct transaction *tx, const char *order_number, int64_t amount_fen,
	const char *reason, json **out)
{
	int64_t room_fen, paid_at;
	const char *number;
	json *order;
	enum result rc = payment_order_by_number(tx, order_number, &order);

	if (rc)
		return rc;
	rc = room(tx, json_get_text(order, "id"), &room_fen, &paid_at);
	if (rc)
		return rc;
	if (room_fen <= 0)
		return fail(tx->error, CONFLICT, "payment.refund_nothing", NULL);
	if (text_equal(json_get_text(order, "provider"), "wechat") &&
		tx->now >= paid_at + REFUND_DAYS * DAY_MS)
		return fail(tx->error, CONFLICT, "payment.refund_old", NULL);
	reason_written(tx, "/reason", reason);
	if (amount_fen > room_fen)
		fault_add(tx->error, "/amount_fen", "payment.refund_more", "most",
			yuan_words(tx->arena, room_fen), NULL);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: refund_insert(tx, order, amount_fen ? amount_fen : room_fen, reason, tx->actor.id,
			  &number);
	return rc ? rc : refund_view(tx, number, out);
}

/* The application's orders that money came by: {id, room_fen}. */
static enum result orders_with_room(
	struct transaction *tx, const char *application_id, json **orders)
{
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT o.id FROM payment_order o WHERE o.application_id = ?1 AND " LEDGER_BALANCE_SQL
		" > 0 ORDER BY o.id",
		BIND(TEXT(application_id)), orders, tx->error);

	json_each(order, rc ? NULL : *orders)
	{
		int64_t room_fen = 0, paid_at;

		rc = rc ? rc : room(tx, json_get_text(order, "id"), &room_fen, &paid_at);
		json_set_integer(tx->arena, order, "room_fen", room_fen);
	}
	return rc;
}

enum result payment_refund_left(
	struct transaction *tx, const char *application_id, int64_t *left_fen)
{
	json *orders;
	int64_t sum = 0;
	enum result rc = orders_with_room(tx, application_id, &orders);

	if (rc)
		return rc;
	json_each(order, orders) sum += json_get_integer(order, "room_fen");
	*left_fen = sum;
	return OK;
}

enum result payment_refund_ask_all(
	struct transaction *tx, const char *application_id, const char *why)
{
	json *orders;
	enum result rc = orders_with_room(tx, application_id, &orders);

	json_each(order, rc ? NULL : orders)
	{
		int64_t room_fen = json_get_integer(order, "room_fen");

		if (!rc && room_fen > 0)
			rc = payment_refund_by_system(
				tx, json_get_text(order, "id"), room_fen, why);
	}
	return rc;
}

/* The candidate, of its end; `reason`, if there is one, is the last parameter of the text. */
static enum result refund_tell(
	struct transaction *tx, const json *refund, const char *event, const char *reason)
{
	const char *application = json_get_text(refund, "application_id"), *account;
	enum result rc =
		store_text(tx->db, tx->arena, "SELECT account_id FROM application WHERE id = ?1",
			BIND(TEXT(application)), &account, tx->error);

	if (rc)
		return rc;
	return notice_account(tx, account, event, application,
		arena_printf(tx->arena, "%s:%s", event, json_get_text(refund, "id")), "number",
		json_get_text(refund, "application_number"), "amount",
		yuan_words(tx->arena, json_get_integer(refund, "amount_fen")),
		reason ? "reason" : NULL, reason, NULL);
}

/* ---- Deciding ---- */

/* Who is to say yes sees what he says it to, and is not who asked. */
static enum result may_decide(struct transaction *tx, const json *refund)
{
	if (!is(refund, "asked") && !is(refund, "failed"))
		return fail(tx->error, CONFLICT, "payment.refund_decided", NULL);
	if (asked_by_actor(tx, refund))
		return fail(tx->error, FORBIDDEN, "payment.refund_same", NULL);
	return OK;
}

static enum result approved(struct transaction *tx, const json *refund)
{
	const char *provider = json_get_text(refund, "provider");
	const char *number = json_get_text(refund, "number");

	if (text_equal(provider, "wechat"))
		return payment_call_put(tx, json_get_text(refund, "id"),
			json_get_text(refund, "order_id"), "refund", tx->now);
	if (text_equal(provider, "simulated"))
		return payment_refund_told(
			tx, refund, "SUCCESS", arena_printf(tx->arena, "SIM%s", number), 0);
	return OK; /* the desk pays out */
}

enum result payment_refund_decide(
	struct transaction *tx, const char *number, bool approve, const char *note, json **out)
{
	json *refund;
	enum result rc = payment_refund_by_number(tx, number, &refund);

	rc = rc ? rc : may_decide(tx, refund);
	if (rc)
		return rc;
	if (!approve)
		reason_written(tx, "/note", note);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: step(tx, refund,
			  (struct payment_event){
				  .kind = approve ? "refund_approved" : "refund_declined",
				  .note = note});
	if (rc)
		return rc;
	rc = approve ? approved(tx, refund)
		     : refund_tell(tx, refund, "refund_declined",
			       text_normalise_prose(tx->arena, note));
	return rc ? rc : refund_view(tx, number, out);
}

enum result payment_refund_take_back(
	struct transaction *tx, const char *number, const char *note, json **out)
{
	json *refund;
	enum result rc = payment_refund_by_number(tx, number, &refund);

	if (rc)
		return rc;
	if (!asked_by_actor(tx, refund))
		return fail(tx->error, FORBIDDEN, "payment.refund_others", NULL);
	if (!is(refund, "asked"))
		return fail(tx->error, CONFLICT, "payment.refund_decided", NULL);
	reason_written(tx, "/reason", note);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: step_as(tx, refund,
			  (struct payment_event){.kind = "refund_declined", .note = note},
			  "refund_taken_back");
	return rc ? rc : refund_view(tx, number, out);
}

enum result payment_refund_pay_out(
	struct transaction *tx, const char *number, const char *receipt_number, json **out)
{
	const char *receipt = text_normalise(tx->arena, receipt_number);
	json *refund;
	enum result rc = payment_refund_by_number(tx, number, &refund);

	if (rc)
		return rc;
	if (!text_equal(json_get_text(refund, "provider"), "offline"))
		return fail(tx->error, CONFLICT, "payment.refund_not_offline", NULL);
	if (!is(refund, "approved"))
		return fail(tx->error, CONFLICT, "payment.refund_not_approved", NULL);
	if (text_blank(receipt))
		fault_add(tx->error, "/receipt_number", "payment.receipt", NULL);
	rc = refuse_faults(tx->error);
	rc = rc ? rc : payment_refund_told(tx, refund, "SUCCESS", receipt, 0);
	return rc ? rc : refund_view(tx, number, out);
}

/* ---- By itself ---- */

static enum result approved_by_system(struct transaction *tx, const json *refund)
{
	enum result rc = step(tx, refund, (struct payment_event){.kind = "refund_approved"});

	return rc ? rc : approved(tx, refund);
}

static enum result approved_if_cancelled(
	struct transaction *tx, const json *order, const char *number)
{
	json *refund;
	bool cancelled;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM application a WHERE a.id = ?1 AND " PLAN_CANCELLED_SQL(a.plan_id),
		BIND(TEXT(json_get_text(order, "application_id"))), &cancelled, tx->error);

	if (rc || !cancelled)
		return rc;
	rc = payment_refund_by_number(tx, number, &refund);
	return rc ? rc : approved_by_system(tx, refund);
}

enum result payment_refund_by_system(
	struct transaction *tx, const char *order_id, int64_t amount_fen, const char *why)
{
	const char *code = arena_printf(tx->arena, "payment.refund_%s", why), *number;
	json *order;
	enum result rc = store_object(tx->db, tx->arena,
		"SELECT id, number, application_id FROM payment_order WHERE id = ?1",
		BIND(TEXT(order_id)), &order, tx->error);

	rc = rc ? rc
		: refund_insert(tx, order, amount_fen,
			  message_text(tx->arena, LANGUAGE_ZH, code, NULL), NULL, &number);
	return rc ? rc : approved_if_cancelled(tx, order, number);
}

/* What somebody has asked for, or the system, and nobody has decided. */
static enum result asked_approve(
	struct transaction *tx, const char *application_id, int64_t *amount_fen)
{
	json *refunds = NULL;
	enum result rc = store_array(tx->db, tx->arena,
		REFUNDS " WHERE a.id = ?1 AND e.kind = 'refund_asked' ORDER BY r.id",
		BIND(TEXT(application_id)), &refunds, tx->error);

	json_each(refund, refunds)
	{
		rc = rc ? rc : approved_by_system(tx, refund);
		*amount_fen += json_get_integer(refund, "amount_fen");
	}
	return rc;
}

enum result payment_refund_all(
	struct transaction *tx, const char *application_id, int64_t *amount_fen)
{
	int64_t asked = 0, left = 0;
	enum result rc = asked_approve(tx, application_id, &asked);

	rc = rc ? rc : payment_refund_left(tx, application_id, &left);
	rc = rc ? rc : payment_refund_ask_all(tx, application_id, "cancelled");
	if (rc)
		return rc;
	*amount_fen = asked + left;
	return OK;
}

/* ---- What the provider says ---- */

static enum result refunded(
	struct transaction *tx, const json *refund, const char *reference, int64_t success_at)
{
	enum result rc = step(tx, refund,
		(struct payment_event){
			.kind = "refunded", .reference = reference, .provider_at = success_at});

	rc = rc ? rc : payment_call_drop(tx, json_get_text(refund, "id"));
	if (rc)
		return rc;
	payment_count(COUNT_REFUNDED);
	return refund_tell(tx, refund, "refunded", NULL);
}

bool payment_refund_wanted(const json *refund)
{
	return is(refund, "approved") || is(refund, "sent");
}

enum result payment_refund_failed(struct transaction *tx, const json *refund, const char *said)
{
	enum result rc =
		step(tx, refund, (struct payment_event){.kind = "refund_failed", .note = said});

	return rc ? rc : payment_call_drop(tx, json_get_text(refund, "id"));
}

enum result payment_refund_doubted(struct transaction *tx, const json *refund)
{
	if (!is(refund, "sent"))
		return OK; /* it is being asked for, and the answer will tell; or nobody wants it */
	return payment_call_put(tx, json_get_text(refund, "id"), json_get_text(refund, "order_id"),
		"query_refund", tx->now);
}

/* It goes back although somebody has said no: the ledger follows, and a person is to know. */
static enum result declined_tell(struct transaction *tx, const json *refund, const char *state)
{
	const char *number = json_get_text(refund, "number");
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "number", number);
	json_set_text(tx->arena, detail, "state", state);
	json_set_integer(tx->arena, detail, "amount_fen", json_get_integer(refund, "amount_fen"));
	return difference_found(tx, "refund_declined", number, NULL, detail);
}

static enum result under_way(struct transaction *tx, const json *refund)
{
	enum result rc = OK;

	if (!is(refund, "sent"))
		rc = step(tx, refund, (struct payment_event){.kind = "refund_sent"});
	return rc ? rc
		  : payment_call_put(tx, json_get_text(refund, "id"),
			    json_get_text(refund, "order_id"), "query_refund", tx->now + MINUTE_MS);
}

enum result payment_refund_told(struct transaction *tx, const json *refund, const char *state,
	const char *reference, int64_t success_at)
{
	bool done = text_equal(state, "SUCCESS"), going = text_equal(state, "PROCESSING");
	enum result rc = OK;

	if (is(refund, "refunded"))
		return OK;
	if (!done && !going)
		return payment_refund_wanted(refund) ? payment_refund_failed(tx, refund, state)
						     : OK;
	if (is(refund, "declined"))
		rc = declined_tell(tx, refund, state);
	if (rc)
		return rc;
	return done ? refunded(tx, refund, reference, success_at) : under_way(tx, refund);
}

/* ---- The list ---- */

enum result payment_refund_list(
	struct transaction *tx, const char *state, const struct page *page, json **out)
{
	static const char *const states[] = {
		"asked", "declined", "approved", "sent", "failed", "refunded"};
	json *rows, *view = json_new_object(tx->arena);
	const char *kind = NULL;

	page_choice(tx, "state", state, states, COUNT(states));
	enum result rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	if (state)
		kind = text_equal(state, "refunded") ? state
						     : arena_printf(tx->arena, "refund_%s", state);
	rc = store_array(tx->db, tx->arena,
		REFUNDS " WHERE (?1 IS NULL OR e.kind = ?1) AND (?2 = 0 OR r.id < ?3)"
			" ORDER BY r.id DESC LIMIT ?4",
		BIND(TEXT(kind), INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1)),
		&rows, tx->error);
	if (rc)
		return rc;
	json_each(row, rows) refund_show(tx, row);
	page_end(tx->arena, page, view, "refunds", rows, NULL, "id");
	*out = view;
	return OK;
}
