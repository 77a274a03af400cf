/*
 * The row that cancels a plan, and the errand, which speaks with nobody, that writes down the ends.
 *
 * What is left is told by the applications themselves, so that nothing else can be wrong about it: whoever has ended is
 * not among them any more, and is not ended twice.
 */
#include "plan_cancel.h"

#include "application.h"
#include "audit.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "errand.h"
#include "notice.h"
#include "payment.h"
#include "payment_refund.h"
#include "reason.h"
#include "ticket_book.h"
#include "wording.h"

/* ---- Saying so ---- */

static enum result cancellable(struct transaction *tx, const struct plan *plan)
{
	int64_t over = plan_exam_end(plan);

	if (text_equal(plan->state, "draft"))
		return fail(tx->error, CONFLICT, "plan.cancel_draft", NULL);
	if (over && over <= tx->now)
		return fail(tx->error, CONFLICT, "plan.exam_over", "at",
			moment_text(tx->arena, over), NULL);
	return OK;
}

static enum result row_write(struct transaction *tx, const struct plan *plan, const char *reason)
{
	enum result rc = store_run(tx->db,
		"INSERT INTO plan_cancel (plan_id, reason, cancelled_by, cancelled_at)"
		" VALUES (?1, ?2, ?3, ?4)",
		BIND(TEXT(plan->id), TEXT(reason), TEXT(tx->actor.id), INTEGER(tx->now)),
		tx->error);

	return rc ? rc
		  : store_run(tx->db,
			    "UPDATE plan SET state = 'closed', changed_at = ?2, version = version + 1"
			    " WHERE id = ?1",
			    BIND(TEXT(plan->id), INTEGER(tx->now)), tx->error);
}

enum result plan_cancel(struct transaction *tx, const char *id, int64_t version, const json *body)
{
	const char *reason = json_get_text(body, "reason");
	json *detail = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = plan_load(tx, id, &plan);

	rc = rc ? rc : plan_expect_seen(tx, &plan, version);
	rc = rc ? rc : cancellable(tx, &plan);
	if (rc)
		return rc;
	reason_written(tx, "/reason", reason);
	if (!text_equal(text_compact(tx->arena, json_get_text(body, "code")),
		    text_compact(tx->arena, plan.code)))
		fault_add(tx->error, "/code", "plan.cancel_code", "code", plan.code, NULL);
	rc = refuse_faults(tx->error);
	rc = rc ? rc : row_write(tx, &plan, reason);
	rc = rc ? rc : ticket_book_forget(tx, plan.id);
	if (rc)
		return rc;
	tenant_publish(tx->tenant);
	json_set_text(tx->arena, detail, "code", plan.code);
	json_set_text(tx->arena, detail, "reason", reason);
	return audit_append(tx, "plan.cancelled", plan.id, detail);
}

/* ---- Telling ---- */

#define KEPT_SHOWN 20 /* applications; the office finds the others by their state */

/* What has not ended, and what has ended by it. */
#define CONCERNED_SQL "a.plan_id = ?1 AND (" APPLICATION_LIVES_SQL " OR a.state = 'cancelled')"

static enum result members_add(
	struct transaction *tx, const char *sql, struct binding binding, json *view)
{
	json *found = NULL;
	enum result rc = store_object(tx->db, tx->arena, sql, binding, &found, tx->error);

	json_each(member, rc ? NULL : found)
		json_set(tx->arena, view, json_name(member), json_copy(tx->arena, member));
	return rc;
}

/* What had ended before, whose money cancelling the plan does not touch. */
#define ENDED_BEFORE_SQL                                                                           \
	"a.plan_id = ?1 AND (a.state = 'withdrawn' OR a.state = 'expired'"                         \
	" OR a.state = 'forfeited' OR a.state = 'voided')"

/* Orders of such applications, with what is left of their money. */
#define MONEY_SQL(which)                                                                           \
	" FROM (SELECT a.id, a.number, a.state, " LEDGER_BALANCE_SQL                               \
	" AS balance FROM application a JOIN payment_order o ON o.application_id = a.id"           \
	" WHERE " which ") AS orders WHERE balance > 0"

/* How much is left with what had ended before, and where: nobody has decided about it with the plan. */
static enum result kept_add(struct transaction *tx, const struct plan *plan, json *view)
{
	json *rows = NULL;
	enum result rc = members_add(tx,
		"SELECT COUNT(DISTINCT id) AS kept,"
		" COALESCE(SUM(balance), 0) AS kept_fen" MONEY_SQL(ENDED_BEFORE_SQL),
		BIND(TEXT(plan->id)), view);

	rc = rc ? rc
		: store_array(tx->db, tx->arena,
			  "SELECT number, state, SUM(balance) AS kept_fen" MONEY_SQL(
				  ENDED_BEFORE_SQL) " GROUP BY number, state ORDER BY number LIMIT ?2",
			  BIND(TEXT(plan->id), INTEGER(KEPT_SHOWN)), &rows, tx->error);
	if (rc)
		return rc;
	json_set(tx->arena, view, "kept_applications", rows);
	return OK;
}

static enum result money_add(struct transaction *tx, const struct plan *plan, json *view)
{
	enum result rc = members_add(tx,
		"SELECT COUNT(DISTINCT id) AS paid,"
		" COALESCE(SUM(balance), 0) AS refund_fen" MONEY_SQL(CONCERNED_SQL),
		BIND(TEXT(plan->id)), view);

	rc = rc ? rc : kept_add(tx, plan, view);

	return rc ? rc
		  : members_add(tx,
			    "SELECT COALESCE(SUM(CASE kind WHEN 'refund_asked' THEN 1"
			    " WHEN 'refund_approved' THEN 1 WHEN 'refund_sent' THEN 1 ELSE 0 END), 0)"
			    " AS refunds_waiting,"
			    " COALESCE(SUM(CASE WHEN kind = 'refund_failed' THEN 1 ELSE 0 END), 0)"
			    " AS refunds_failed,"
			    " COALESCE(SUM(CASE WHEN kind = 'refunded' THEN 1 ELSE 0 END), 0) AS refunded,"
			    " COALESCE(SUM(CASE WHEN kind = 'refunded' THEN amount_fen ELSE 0 END), 0)"
			    " AS refunded_fen FROM (SELECT e.kind, e.amount_fen FROM application a"
			    " JOIN payment_order o ON o.application_id = a.id"
			    " JOIN payment_refund r ON r.order_id = o.id JOIN payment_event e ON e.id ="
			    " (SELECT MAX(x.id) FROM payment_event x WHERE x.refund_id = r.id)"
			    " WHERE a.plan_id = ?1 AND a.state = 'cancelled' AND e.happened_at >= ?2) AS refunds",
			    BIND(TEXT(plan->id), INTEGER(plan->cancelled_at)), view);
}

enum result plan_cancel_view(struct transaction *tx, const char *id, json **out)
{
	json *view = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = plan_load(tx, id, &plan);

	rc = rc ? rc
		: members_add(tx,
			  "SELECT COUNT(*) AS applications,"
			  " COALESCE(SUM(CASE WHEN a.revision > 0 AND a.state <> 'draft' THEN 1 ELSE 0 END), 0)"
			  " AS handed_in,"
			  " COALESCE(SUM(CASE WHEN a.state = 'cancelled' THEN 1 ELSE 0 END), 0) AS ended"
			  " FROM application a WHERE " CONCERNED_SQL,
			  BIND(TEXT(id)), view);
	rc = rc ? rc : money_add(tx, &plan, view);
	rc = rc ? rc
		: members_add(tx,
			  "SELECT k.cancelled_at AS \"cancelled_at@\", k.reason, s.name AS cancelled_by,"
			  " k.finished_at AS \"finished_at@\" FROM (SELECT 1) AS one"
			  " LEFT JOIN plan_cancel k ON k.plan_id = ?1"
			  " LEFT JOIN account s ON s.id = k.cancelled_by",
			  BIND(TEXT(id)), view);
	if (rc)
		return rc;
	*out = view;
	return OK;
}

/* ---- The errand ---- */

struct batch {
	const char *plan_id;
	json *rows; /* [{id}] */
};

static enum result claim(struct transaction *tx, struct errands *out)
{
	struct batch *batch = NEW(tx->arena, struct batch);
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT plan_id FROM plan_cancel WHERE finished_at IS NULL"
		" ORDER BY cancelled_at LIMIT 1",
		BIND_NONE, &batch->plan_id, tx->error);

	if (rc)
		return rc;
	*out = (struct errands){.count = batch->plan_id != NULL, .batch = batch};
	return OK;
}

static enum result prepare(struct transaction *tx, struct errands *errands)
{
	struct batch *batch = errands->batch;

	return store_array(tx->db, tx->arena,
		"SELECT a.id FROM application a WHERE a.plan_id = ?1 AND " APPLICATION_LIVES_SQL
		" LIMIT ?2",
		BIND(TEXT(batch->plan_id), INTEGER(LIMIT_PAGE)), &batch->rows, tx->error);
}

static enum result application_tell(
	struct transaction *tx, const struct application *application, int64_t refund_fen)
{
	return notice_account(tx, application->account_id,
		refund_fen > 0 ? "cancelled_paid" : "cancelled", application->id,
		arena_printf(tx->arena, "cancelled:%s", application->id), "number",
		application->number, "fee", yuan_words(tx->arena, refund_fen), NULL);
}

static enum result application_end(struct transaction *tx, const char *id)
{
	struct application application;
	int64_t refund_fen = 0;
	enum result rc = application_load(tx, id, &application);

	if (rc == NOT_FOUND) { /* a draft that was erased meanwhile */
		error_forget(tx->error);
		return OK;
	}
	if (rc || application.written == APPLICATION_CANCELLED)
		return rc;
	bool draft = application.written == APPLICATION_DRAFT;

	application.lease_account = NULL;
	application.lease_until = 0;
	application.due_at = 0;
	rc = application_move(tx, &application, EVENT_CANCEL, NULL);
	rc = rc ? rc : payment_orders_close(tx, id);
	rc = rc ? rc : payment_refund_all(tx, id, &refund_fen);
	return rc || draft ? rc : application_tell(tx, &application, refund_fen);
}

static enum result settle(struct transaction *tx, struct errands *errands)
{
	const struct batch *batch = errands->batch;
	enum result rc = OK;

	json_each(row, batch->rows) rc = rc ? rc : application_end(tx, json_get_text(row, "id"));
	if (rc || json_count(batch->rows) == LIMIT_PAGE)
		return rc;
	return store_run(tx->db,
		"UPDATE plan_cancel SET finished_at = ?2 WHERE plan_id = ?1 AND finished_at IS NULL",
		BIND(TEXT(batch->plan_id), INTEGER(tx->now)), tx->error);
}

const struct errand_kind cancel_errands = {
	.name = "cancel", .claim = claim, .prepare = prepare, .settle = settle};
