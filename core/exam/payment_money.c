/*
 * Money that comes.
 *
 * The one hard thing: money is a fact. It is judged by what the application is at that moment, and by the moment at
 * which it was paid, but whatever the judgement is, an event is written. At the desk a wrong amount is refused, because
 * then it is not this order's money.
 */
#include "payment_money.h"

#include <inttypes.h>
#include <strings.h>

#include "audit.h"
#include "base/text.h"
#include "deadline.h"
#include "notice.h"
#include "paper.h"
#include "payment.h"
#include "payment_ledger.h"
#include "payment_order.h"
#include "payment_provider.h"
#include "payment_refund.h"
#include "wording.h"

/* What the money that comes now is. */
static enum result kind_of_money(struct transaction *tx, const struct application *application,
	const struct plan *plan, int64_t paid_at, const char **kind)
{
	struct payment_facts facts;
	struct deadlines deadlines;
	enum result rc;

	rc = payment_facts(tx, application, &facts);
	if (rc)
		return rc;
	rc = deadlines_of(tx, plan, application->id, &deadlines);
	if (rc)
		return rc;

	if (facts.paid)
		*kind = "paid_again";
	else if (application->state != APPLICATION_APPROVED || paid_at >= deadlines.pay_until)
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

static enum result money_audit(
	struct transaction *tx, const json *order, const char *kind, int64_t amount_fen)
{
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "order", json_get_text(order, "number"));
	json_set_text(tx->arena, detail, "provider", json_get_text(order, "provider"));
	json_set_integer(tx->arena, detail, "amount_fen", amount_fen);
	return audit_append(tx, arena_printf(tx->arena, "payment.%s", kind),
		json_get_text(order, "application_id"), detail);
}

static enum result paid_tell(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *order, const char *kind)
{
	struct deadlines deadlines;
	struct paper_facts papers;
	enum result rc = deadlines_of(tx, plan, application->id, &deadlines);

	rc = rc ? rc : paper_facts(tx, application->id, &papers);
	if (rc)
		return rc;
	return notice_account(tx, application->account_id,
		plan->cancelled_at                            ? "cancelled_paid"
		: text_equal(kind, "paid") && papers.accepted ? "paid_ready"
							      : kind,
		application->id,
		arena_printf(
			tx->arena, "%s:%s:%" PRId64, kind, json_get_text(order, "id"), tx->now),
		"number", application->number, "papers_until",
		moment_words(tx->arena, deadlines.papers_until), "fee",
		yuan_words(tx->arena, json_get_integer(order, "amount_fen")), NULL);
}

static bool reference_equal(struct arena *arena, const char *left, const char *right)
{
	return strcasecmp(text_compact(arena, left), text_compact(arena, right)) == 0;
}

enum result payment_money_known(struct transaction *tx, const char *order_id, const char *reference,
	bool *paid, bool *known)
{
	json *events;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT reference FROM payment_event WHERE order_id = ?1"
		" AND " LEDGER_MONEY_SQL,
		BIND(TEXT(order_id)), &events, tx->error);

	if (rc)
		return rc;
	*paid = json_count(events) > 0;
	*known = false;
	json_each(event, events) *known =
		*known || reference_equal(tx->arena, json_get_text(event, "reference"), reference);
	return OK;
}

static enum result money_write(struct transaction *tx, const json *order,
	const struct payment_money *money, bool order_paid)
{
	const char *order_id = json_get_text(order, "id");
	struct application application;
	struct plan plan;
	const char *kind;
	enum result rc;

	rc = application_load(tx, json_get_text(order, "application_id"), &application);
	rc = rc ? rc : plan_load(tx, application.plan_id, &plan);
	rc = rc ? rc
		: kind_of_money(tx, &application, &plan, money->paid_at ? money->paid_at : tx->now,
			  &kind);
	rc = rc ? rc
		: ledger_write(tx, &(struct payment_event){.order_id = order_id,
					   .kind = kind,
					   .amount_fen = money->amount_fen,
					   .reference = money->reference,
					   .provider_at = money->paid_at});
	rc = rc ? rc : payment_orders_close(tx, application.id);
	rc = rc ? rc : money_audit(tx, order, kind, money->amount_fen);
	if (!rc && told(order, order_paid))
		rc = paid_tell(tx, &application, &plan, order, kind);
	if (!rc && (money->paid_at || plan.cancelled_at) && !text_equal(kind, "paid"))
		rc = payment_refund_by_system(tx, order_id, money->amount_fen, kind);
	return rc;
}

/* Another amount than was asked for is nobody's fee: it is kept, flagged, and put to refund. */
static enum result mismatch_write(
	struct transaction *tx, const json *order, const struct payment_money *money)
{
	const char *order_id = json_get_text(order, "id");
	enum result rc = ledger_write(tx, &(struct payment_event){.order_id = order_id,
						  .kind = "mismatch",
						  .amount_fen = money->amount_fen,
						  .reference = money->reference,
						  .provider_at = money->paid_at});

	rc = rc ? rc : money_audit(tx, order, "mismatch", money->amount_fen);
	return rc ? rc : payment_refund_by_system(tx, order_id, money->amount_fen, "mismatch");
}

enum result payment_money_take(
	struct transaction *tx, const json *order, const struct payment_money *money, bool *fresh)
{
	bool paid = false, known = true;
	enum result rc = payment_money_known(
		tx, json_get_text(order, "id"), money->reference, &paid, &known);

	*fresh = !known;
	if (rc || known)
		return rc;
	if (money->amount_fen != json_get_integer(order, "amount_fen"))
		return mismatch_write(tx, order, money);
	return money_write(tx, order, money, paid);
}

/* A confirmation of `order`; answers with the order as it stands then. */
static enum result confirm(
	struct transaction *tx, const json *order, const char *reference, json **out)
{
	const struct payment_money money = {reference, json_get_integer(order, "amount_fen"), 0};
	json *view;
	bool fresh;
	enum result rc = payment_money_take(tx, order, &money, &fresh);

	rc = rc ? rc : payment_order_by_number(tx, json_get_text(order, "number"), &view);
	rc = rc ? rc : payment_order_events(tx, view);
	if (rc)
		return rc;

	*out = view;
	return OK;
}

enum result payment_receipt_other(
	struct transaction *tx, const char *receipt, const char *order_id, const char **number)
{
	return store_find_text(tx->db, tx->arena,
		"SELECT o.number FROM payment_event e JOIN payment_order o ON o.id = e.order_id"
		" WHERE " LEDGER_RECEIPT_SQL(
			"e.reference") " = UPPER(?1)"
				       " AND " LEDGER_MONEY_SQL
				       " AND o.provider = 'offline' AND o.id <> ?2 ORDER BY e.id LIMIT 1",
		BIND(TEXT(text_compact(tx->arena, receipt)), TEXT(order_id)), number, tx->error);
}

/* A receipt is given once for one sum: a second order of the same number is a slip, or somebody else's money. */
static enum result receipt_check(struct transaction *tx, const json *order, const char *receipt)
{
	const char *other;
	enum result rc = payment_receipt_other(tx, receipt, json_get_text(order, "id"), &other);

	if (!rc && other)
		fault_add(
			tx->error, "/receipt_number", "payment.receipt_used", "order", other, NULL);
	return rc;
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
	else
		rc = receipt_check(tx, found, receipt);
	if (rc)
		return rc;
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
