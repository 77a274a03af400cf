/*
 * Whether an application is paid, and the orders by which it can be.
 *
 * The one hard thing: an order at a provider is over only when the provider says so. Until then its fate is unknown,
 * and no other takes its place (payment_errand.c finds out).
 */
#include "payment.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "deadline.h"
#include "payment_call.h"
#include "payment_ledger.h"
#include "payment_order.h"
#include "payment_provider.h"

/* From the approval on, nothing to pay is paid. */
static enum result free_of_charge(
	struct transaction *tx, const struct application *application, struct payment_facts *out)
{
	bool free;
	enum result rc;

	if (!application->approved_revision)
		return OK;
	rc = store_has(tx->db, "SELECT 1 FROM plan WHERE id = ?1 AND fee_fen = 0",
		BIND(TEXT(application->plan_id)), &free, tx->error);
	if (rc || !free)
		return rc;
	out->paid = true;
	out->paid_at = application->decided_at;
	return OK;
}

static void event_count(
	struct transaction *tx, const struct cursor *row, struct payment_facts *facts)
{
	const char *number = cursor_text(row, 0, tx->arena);
	const char *kind = cursor_text(row, 1, tx->arena);
	int64_t left_fen = cursor_integer(row, 3);
	bool open = cursor_integer(row, 4) != 0;
	bool late = text_equal(kind, "paid_late");
	bool money = late || text_equal(kind, "paid") || text_equal(kind, "paid_again");

	facts->late = facts->late || late;
	facts->refunded = facts->refunded || (money && left_fen <= 0);
	if (!facts->paid && open)
		facts->order_number = number;
	if (facts->paid || !money || left_fen <= 0)
		return;
	facts->paid = true;
	facts->order_number = number;
	facts->left_fen = left_fen;
	facts->paid_at = cursor_integer(row, 2);
}

enum result payment_facts(
	struct transaction *tx, const struct application *application, struct payment_facts *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct payment_facts facts = {0};
	enum result rc;

	rc = free_of_charge(tx, application, &facts);
	if (rc)
		return rc;
	rc = store_query(tx->db, &rows,
		"SELECT o.number, e.kind, COALESCE(e.provider_at, e.happened_at), " LEDGER_BALANCE_SQL
		", o.expires_at > ?2 AND NOT EXISTS (SELECT 1 FROM payment_event x"
		" WHERE x.order_id = o.id AND x.kind NOT IN ('created', 'placed'))"
		" FROM payment_order o JOIN payment_event e ON e.order_id = o.id"
		" WHERE o.application_id = ?1 ORDER BY e.id",
		BIND(TEXT(application->id), INTEGER(tx->now)), tx->error);
	if (rc)
		return rc;
	while (cursor_next(&rows))
		event_count(tx, &rows, &facts);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;

	facts.refunded = facts.refunded && !facts.paid;
	*out = facts;
	return OK;
}

/* Nobody shall pay by this order any more. The provider is asked first, since somebody may just have. */
static enum result order_close(struct transaction *tx, const json *order)
{
	const char *id = json_get_text(order, "id");
	bool remote = payment_provider_find(json_get_text(order, "provider"))->remote;
	enum result rc = ledger_note(tx, order, remote ? "closing" : "closed", NULL);

	return rc || !remote ? rc : payment_call_put(tx, id, id, "query", tx->now);
}

static enum result orders_close(
	struct transaction *tx, const char *application_id, bool expired_only)
{
	json *orders;
	enum result rc = payment_orders_unpaid(tx, application_id, expired_only, &orders);

	json_each(order, rc ? NULL : orders)
	{
		rc = order_close(tx, order);
		if (rc)
			return rc;
	}
	return rc;
}

enum result payment_orders_close(struct transaction *tx, const char *application_id)
{
	return orders_close(tx, application_id, false);
}

/* An order that is over here and perhaps not at its provider. */
static enum result nothing_unknown(struct transaction *tx, const char *application_id)
{
	bool unknown;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM payment_order o JOIN payment_call c ON c.subject_id = o.id"
		" WHERE o.application_id = ?1 AND (o.expires_at <= ?2 OR EXISTS (SELECT 1"
		" FROM payment_event e WHERE e.order_id = o.id AND e.kind = 'closing'))",
		BIND(TEXT(application_id), INTEGER(tx->now)), &unknown, tx->error);

	if (rc)
		return rc;
	return unknown ? fail(tx->error, CONFLICT, "payment.pending", NULL) : OK;
}

/* May this plan be paid this way, here? */
static enum result provider_check(struct transaction *tx, const struct plan *plan, const char *name,
	const struct payment_provider **out)
{
	const struct payment_provider *provider = payment_provider_find(name);

	if (!provider || !json_holds(json_get(plan->document, "payment"), name))
		fault_add(tx->error, "/provider", "payment.provider", "provider", name, NULL);
	enum result rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	*out = provider;
	return provider->available(tx);
}

/* Approved, not paid, and still in time. */
static enum result payable(struct transaction *tx, const struct application *application,
	const struct deadlines *deadlines)
{
	struct payment_facts facts;
	enum result rc;

	if (application->state != APPLICATION_APPROVED)
		return fail(tx->error, CONFLICT, "payment.not_approved", NULL);
	rc = payment_facts(tx, application, &facts);
	if (rc)
		return rc;
	if (facts.paid)
		return fail(tx->error, CONFLICT, "payment.paid_already", NULL);
	if (tx->now >= deadlines->pay_until)
		return fail(tx->error, CONFLICT, "payment.too_late", "until",
			moment_text(tx->arena, deadlines->pay_until), NULL);
	return OK;
}

static enum result order_insert(struct transaction *tx, const char *application_id,
	const struct payment_provider *provider, int64_t amount_fen, int64_t pay_until,
	json **order)
{
	const char *id = id_create(tx->arena);
	const char *number = payment_number(tx, "KW");
	int64_t expires_at = tx->now + provider->order_life_ms;
	enum result rc;

	if (provider->order_life_ms == 0 || expires_at > pay_until)
		expires_at = pay_until;
	rc = store_run(tx->db,
		"INSERT INTO payment_order (id, number, application_id, provider, amount_fen, code_url,"
		" created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		BIND(TEXT(id), TEXT(number), TEXT(application_id), TEXT(provider->name),
			INTEGER(amount_fen),
			TEXT(provider->code_url ? provider->code_url(tx, number) : NULL),
			INTEGER(tx->now), INTEGER(expires_at)),
		tx->error);
	if (rc)
		return rc;
	rc = ledger_write(tx, &(struct payment_event){
				      .order_id = id, .kind = "created", .amount_fen = amount_fen});
	if (!rc && provider->remote)
		rc = payment_call_put(tx, id, id, "place", tx->now);
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
	rc = nothing_unknown(tx, application->id);
	rc = rc ? rc : orders_close(tx, application->id, true);
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
