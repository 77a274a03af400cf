/*
 * Orders and the ledger of what happened to them.
 *
 * The one hard thing: money is a fact. A confirmation is judged by what the application is at that moment,
 * but whatever the judgement is, an event is written; only a wrong amount is refused, because then it is not
 * this order's money.
 */
#include "payment.h"

#include <inttypes.h>
#include <strings.h>

#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "deadline.h"
#include "notice.h"
#include "payment_order.h"
#include "payment_provider.h"
#include "wording.h"

/* From the approval on, nothing to pay is paid. */
static enum result free_of_charge(
	struct transaction *tx, const char *application_id, struct payment_facts *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.decided_at FROM application a JOIN plan p ON p.id = a.plan_id"
		" WHERE a.id = ?1 AND p.fee_fen = 0 AND a.approved_revision IS NOT NULL",
		BIND(TEXT(application_id)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		out->paid = true;
		out->paid_at = cursor_integer(&rows, 0);
	}
	return cursor_end(&rows, tx->error);
}

static void event_count(
	struct transaction *tx, const struct cursor *row, struct payment_facts *facts)
{
	const char *number = cursor_text(row, 0, tx->arena);
	const char *kind = cursor_text(row, 1, tx->arena);
	bool refunded = cursor_integer(row, 4) != 0, open = cursor_integer(row, 5) != 0;
	bool late = text_equal(kind, "paid_late");

	facts->late = facts->late || late;
	if (!facts->paid && open)
		facts->order_number = number;
	if (facts->paid || refunded || !(late || text_equal(kind, "paid")))
		return;
	facts->paid = true;
	facts->order_number = number;
	facts->amount_fen = cursor_integer(row, 2);
	facts->paid_at = cursor_integer(row, 3);
}

enum result payment_facts(
	struct transaction *tx, const char *application_id, struct payment_facts *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct payment_facts facts = {0};
	enum result rc;

	rc = free_of_charge(tx, application_id, &facts);
	if (rc)
		return rc;
	rc = store_query(tx->db, &rows,
		"SELECT o.number, e.kind, e.amount_fen, e.happened_at,"
		" EXISTS (SELECT 1 FROM payment_event r WHERE r.order_id = o.id"
		" AND r.kind = 'refunded'),"
		" o.expires_at > ?2 AND NOT EXISTS (SELECT 1 FROM payment_event x"
		" WHERE x.order_id = o.id AND x.kind <> 'created')"
		" FROM payment_order o JOIN payment_event e ON e.order_id = o.id"
		" WHERE o.application_id = ?1 ORDER BY e.id",
		BIND(TEXT(application_id), INTEGER(tx->now)), tx->error);
	if (rc)
		return rc;
	while (cursor_next(&rows))
		event_count(tx, &rows, &facts);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;

	*out = facts;
	return OK;
}

static enum result event_write(struct transaction *tx, const char *order_id, const char *kind,
	int64_t amount_fen, const char *reference)
{
	const char *kind_of_actor = actor_kind_name(tx->actor.kind);
	const char *actor = tx->actor.id
				    ? arena_printf(tx->arena, "%s:%s", kind_of_actor, tx->actor.id)
				    : kind_of_actor;

	return store_run(tx->db,
		"INSERT INTO payment_event (id, order_id, kind, amount_fen, reference, actor,"
		" happened_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		BIND(TEXT(id_create(tx->arena)), TEXT(order_id), TEXT(kind), INTEGER(amount_fen),
			TEXT(reference), TEXT(actor), INTEGER(tx->now)),
		tx->error);
}

/* Nobody shall pay by an order that is over, or by a second one. */
static enum result orders_close(
	struct transaction *tx, const char *application_id, bool expired_only)
{
	json *orders;
	enum result rc = payment_orders_unpaid(tx, application_id, expired_only, &orders);

	json_each(order, rc ? NULL : orders)
	{
		rc = event_write(tx, json_get_text(order, "id"), "closed",
			json_get_integer(order, "amount_fen"), NULL);
		if (rc)
			return rc;
	}
	return rc;
}

enum result payment_orders_close(struct transaction *tx, const char *application_id)
{
	return orders_close(tx, application_id, false);
}

/* May this plan be paid this way, here? */
static enum result provider_check(struct transaction *tx, const struct plan *plan, const char *name,
	const struct payment_provider **out)
{
	const struct payment_provider *provider = payment_provider_find(name);
	bool offered = false;

	json_each(offer, json_get(plan->document, "payment")) offered =
		offered || text_equal(json_text(offer), name);
	if (!provider || !offered)
		fault_add(tx->error, "/provider", "payment.provider", "provider", name, NULL);
	else if (!provider->available(tx->deployment))
		fault_add(tx->error, "/provider", "payment.demo_only", NULL);
	*out = provider;
	return refuse_faults(tx->error);
}

/* Approved, not paid, and still in time. */
static enum result payable(struct transaction *tx, const struct application *application,
	const struct deadlines *deadlines)
{
	struct payment_facts facts;
	enum result rc;

	if (application->state != APPLICATION_APPROVED)
		return fail(tx->error, CONFLICT, "payment.not_approved", NULL);
	rc = payment_facts(tx, application->id, &facts);
	if (rc)
		return rc;
	if (facts.paid)
		return fail(tx->error, CONFLICT, "payment.paid_already", NULL);
	if (tx->now >= deadlines->pay_until)
		return fail(tx->error, CONFLICT, "payment.too_late", "until",
			moment_text(tx->arena, deadlines->pay_until), NULL);
	return OK;
}

/* "KW", the day, and twelve digits that nobody can guess: twice the same is as likely as a broken disk. */
static const char *number_create(struct transaction *tx)
{
	struct date day = date_of_moment(tx->now);

	return arena_printf(tx->arena, "KW%04d%02d%02d%s", day.year, day.month, day.day,
		digits_create(tx->arena, 12));
}

static enum result order_insert(struct transaction *tx, const char *application_id,
	const struct payment_provider *provider, int64_t amount_fen, int64_t pay_until,
	json **order)
{
	const char *id = id_create(tx->arena);
	const char *number = number_create(tx);
	int64_t expires_at = tx->now + provider->order_life_ms;
	enum result rc;

	if (provider->order_life_ms == 0 || expires_at > pay_until)
		expires_at = pay_until;
	rc = store_run(tx->db,
		"INSERT INTO payment_order (id, number, application_id, provider, amount_fen, code_url,"
		" created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		BIND(TEXT(id), TEXT(number), TEXT(application_id), TEXT(provider->name),
			INTEGER(amount_fen), TEXT(provider->code_url(tx, number)), INTEGER(tx->now),
			INTEGER(expires_at)),
		tx->error);
	if (rc)
		return rc;
	rc = event_write(tx, id, "created", amount_fen, NULL);
	if (rc)
		return rc;
	return payment_order_by_number(tx, number, order);
}

enum result payment_order_create(struct transaction *tx, struct application *application,
	const char *provider_name, json **order)
{
	const struct payment_provider *provider;
	struct deadlines deadlines;
	struct plan plan;
	json *view;
	enum result rc;

	rc = plan_load(tx, application->plan_id, &plan);
	if (rc)
		return rc;
	rc = deadlines_of(tx, &plan, application->id, &deadlines);
	if (rc)
		return rc;
	rc = payable(tx, application, &deadlines);
	if (rc)
		return rc;
	rc = provider_check(tx, &plan, provider_name, &provider);
	if (rc)
		return rc;
	rc = orders_close(tx, application->id, true);
	if (rc)
		return rc;
	rc = payment_order_open(tx, application->id, provider->name, plan.fee_fen, &view);
	if (!rc && !view)
		rc = order_insert(
			tx, application->id, provider, plan.fee_fen, deadlines.pay_until, &view);
	if (rc)
		return rc;
	rc = payment_order_events(tx, view);
	if (rc)
		return rc;

	*order = view;
	return OK;
}

/* What the money that comes now is. */
static enum result kind_of_money(struct transaction *tx, const struct application *application,
	const struct plan *plan, const char **kind)
{
	struct payment_facts facts;
	struct deadlines deadlines;
	enum result rc;

	rc = payment_facts(tx, application->id, &facts);
	if (rc)
		return rc;
	rc = deadlines_of(tx, plan, application->id, &deadlines);
	if (rc)
		return rc;

	if (facts.paid)
		*kind = "paid_again";
	else if (application->state != APPLICATION_APPROVED || tx->now >= deadlines.pay_until)
		*kind = "paid_late";
	else
		*kind = "paid";
	return OK;
}

/*
 * A second receipt for an order of the desk is the desk's affair: as a rule somebody has mistyped the first. It is kept
 * and flagged like any money, but the candidate, who has paid once, is not told of a refund.
 */
static bool told(const json *order, bool order_paid)
{
	return !(order_paid && text_equal(json_get_text(order, "provider"), "offline"));
}

static enum result paid_audit(struct transaction *tx, const struct application *application,
	const json *order, const char *kind)
{
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "order", json_get_text(order, "number"));
	json_set_text(tx->arena, detail, "provider", json_get_text(order, "provider"));
	json_set_integer(tx->arena, detail, "amount_fen", json_get_integer(order, "amount_fen"));
	return audit_append(
		tx, arena_printf(tx->arena, "payment.%s", kind), application->id, detail);
}

static enum result paid_tell(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *order, const char *kind)
{
	struct deadlines deadlines;
	enum result rc = deadlines_of(tx, plan, application->id, &deadlines);

	if (rc)
		return rc;
	return notice_account(tx, application->account_id, kind, application->id,
		arena_printf(
			tx->arena, "%s:%s:%" PRId64, kind, json_get_text(order, "id"), tx->now),
		"number", application->number, "papers_until",
		moment_words(tx->arena, deadlines.papers_until), NULL);
}

/* "r-30", "R 30" and "R-30" are one receipt: how a number is compared. */
static bool references_equal(struct arena *arena, const char *left, const char *right)
{
	return strcasecmp(text_compact(arena, left), text_compact(arena, right)) == 0;
}

/* What is written down of an order already: any money at all, and this very payment? */
static enum result known_payment(struct transaction *tx, const char *order_id,
	const char *reference, bool *paid, bool *known)
{
	json *events;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT reference FROM payment_event WHERE order_id = ?1"
		" AND kind IN ('paid', 'paid_late', 'paid_again')",
		BIND(TEXT(order_id)), &events, tx->error);

	if (rc)
		return rc;
	*paid = json_count(events) > 0;
	*known = false;
	json_each(event, events) *known =
		*known || references_equal(tx->arena, json_get_text(event, "reference"), reference);
	return OK;
}

static enum result money_write(
	struct transaction *tx, const json *order, const char *reference, bool order_paid)
{
	struct application application;
	struct plan plan;
	const char *kind;
	enum result rc;

	rc = application_load(tx, json_get_text(order, "application_id"), &application);
	if (rc)
		return rc;
	rc = plan_load(tx, application.plan_id, &plan);
	if (rc)
		return rc;
	rc = kind_of_money(tx, &application, &plan, &kind);
	if (rc)
		return rc;
	rc = event_write(tx, json_get_text(order, "id"), kind,
		json_get_integer(order, "amount_fen"), reference);
	if (rc)
		return rc;
	rc = orders_close(tx, application.id, false);
	if (rc)
		return rc;
	rc = paid_audit(tx, &application, order, kind);
	if (rc || !told(order, order_paid))
		return rc;
	return paid_tell(tx, &application, &plan, order, kind);
}

/* A confirmation of `order`; answers with the order as it stands then. */
static enum result confirm(
	struct transaction *tx, const json *order, const char *reference, json **out)
{
	const char *number = json_get_text(order, "number");
	json *view;
	bool paid, known;
	enum result rc;

	rc = known_payment(tx, json_get_text(order, "id"), reference, &paid, &known);
	if (!rc && !known)
		rc = money_write(tx, order, reference, paid);
	if (rc)
		return rc;
	rc = payment_order_by_number(tx, number, &view);
	if (rc)
		return rc;
	rc = payment_order_events(tx, view);
	if (rc)
		return rc;

	*out = view;
	return OK;
}

enum result payment_confirm_offline(struct transaction *tx, const char *order_number,
	const char *receipt_number, int64_t amount_fen, json **order)
{
	const char *receipt = text_normalise(tx->arena, receipt_number);
	json *found;
	enum result rc = payment_order_by_number(tx, order_number, &found);

	if (rc)
		return rc;
	if (!text_equal(json_get_text(found, "provider"), "offline"))
		return fail(tx->error, CONFLICT, "payment.not_offline", NULL);
	if (text_blank(receipt))
		fault_add(tx->error, "/receipt_number", "payment.receipt", NULL);
	if (amount_fen != json_get_integer(found, "amount_fen"))
		fault_add(tx->error, "/amount_fen", "payment.amount", "expected",
			yuan_words(tx->arena, json_get_integer(found, "amount_fen")), "given",
			yuan_words(tx->arena, amount_fen), NULL);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	return confirm(tx, found, receipt, order);
}

static enum result simulated_order(struct transaction *tx, const char *code, json **order)
{
	if (!tx->deployment->demo)
		return fail(tx->error, NOT_FOUND, "payment.unknown", NULL);
	return payment_order_by_url(tx, payment_simulated_url(tx->arena, code), order);
}

enum result payment_simulated_view(struct transaction *tx, const char *code, json **order)
{
	json *found;
	enum result rc = simulated_order(tx, code, &found);

	if (rc)
		return rc;
	rc = payment_order_events(tx, found);
	if (rc)
		return rc;
	*order = found;
	return OK;
}

/* As a real provider would, it takes no money for an order that is over. */
enum result payment_confirm_simulated(struct transaction *tx, const char *code, json **order)
{
	json *found;
	enum result rc = simulated_order(tx, code, &found);

	if (rc)
		return rc;
	if (text_equal(json_get_text(found, "state"), "expired") ||
		text_equal(json_get_text(found, "state"), "closed"))
		return fail(tx->error, CONFLICT, "payment.order_over", NULL);
	return confirm(
		tx, found, arena_printf(tx->arena, "SIM%s", json_get_text(found, "number")), order);
}
