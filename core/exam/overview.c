/*
 * Counts by index: what is final is counted in application_plan_state alone; only what is approved is looked at row by
 * row, since payment and papers are facts of their own.
 */
#include "overview.h"

#include "base/clock.h"
#include "base/limits.h"
#include "paper.h"
#include "payment.h"
#include "plan.h"
#include "roster.h"

#define ROSTER     "/admin/applications?"
#define DAYS_SHOWN 28

static void figure_set(struct transaction *tx, json *view, const char *name, const char *list,
	int64_t count, int64_t since)
{
	json *figure = json_set(tx->arena, view, name, json_new_object(tx->arena));

	json_set_integer(tx->arena, figure, "count", count);
	json_set_moment(tx->arena, figure, "since", since);
	json_set_text(tx->arena, figure, "list", list);
}

/* In queries, the plans that are shown, ?1 of them at most; what others have behind them is not counted each time. */
#define SHOWN_SQL                                                                                  \
	" FROM plan WHERE state = 'published' OR EXISTS (SELECT 1 FROM application a"              \
	" WHERE a.plan_id = plan.id"                                                               \
	" AND (a.state = 'reviewing' OR a.state = 'rejected' OR a.state = 'approved'))"            \
	" ORDER BY apply_until DESC, code LIMIT ?1"

/* Each plan under its id, with no counts yet. */
static enum result plans_load(struct transaction *tx, json **out)
{
	json *rows, *plans = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT id, code, name, " PLAN_STATE_SQL
		" AS state, apply_until AS \"apply_until@\","
		" pay_until AS \"pay_until@\", papers_until AS \"papers_until@\", places" SHOWN_SQL,
		BIND(INTEGER(LIMIT_PAGE)), &rows, tx->error);

	if (rc)
		return rc;
	json_each(row, rows)
	{
		const char *id = json_get_text(row, "id");
		json *plan = json_set(tx->arena, plans, id, json_copy(tx->arena, row));

		json_set(tx->arena, plan, "counts", json_new_array(tx->arena));
		figure_set(tx, plan, "not_arrived",
			arena_printf(tx->arena, ROSTER "not_arrived=true&plan=%s", id), 0, 0);
	}
	*out = plans;
	return OK;
}

static void count_add(
	struct transaction *tx, json *plan, const char *status, const char *plan_id, int64_t count)
{
	json *entry;

	if (!plan)
		return;
	entry = json_append(json_get(plan, "counts"), json_new_object(tx->arena));
	json_set_text(tx->arena, entry, "status", status);
	json_set_integer(tx->arena, entry, "count", count);
	json_set_text(tx->arena, entry, "list",
		arena_printf(tx->arena, ROSTER "status=%s&plan=%s", status, plan_id));
}

static enum result states_count(struct transaction *tx, json *plans)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT plan_id, state, COUNT(*) FROM application WHERE state <> 'approved'"
		" AND plan_id IN (SELECT id" SHOWN_SQL ") GROUP BY plan_id, state",
		BIND(INTEGER(LIMIT_PAGE)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		const char *plan_id = cursor_text(&rows, 0, tx->arena);

		count_add(tx, json_get(plans, plan_id), cursor_text(&rows, 1, tx->arena), plan_id,
			cursor_integer(&rows, 2));
	}
	return cursor_end(&rows, tx->error);
}

/* Of what is approved. */
struct approved {
	int64_t pay_soon, not_arrived;
};

static void plan_not_arrived(struct transaction *tx, json *plan, int64_t more)
{
	json *figure = json_get(plan, "not_arrived");

	if (figure)
		json_set_integer(
			tx->arena, figure, "count", json_get_integer(figure, "count") + more);
}

static enum result approved_count(struct transaction *tx, json *plans, struct approved *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct approved all = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.plan_id, " APPLICATION_STATUS_SQL " AS status, COUNT(*),"
		" SUM(CASE WHEN " ROSTER_PAY_SOON_SQL " THEN 1 ELSE 0 END),"
		" SUM(CASE WHEN " PAPER_NOT_ARRIVED_SQL " THEN 1 ELSE 0 END)"
		" FROM application a JOIN plan p ON p.id = a.plan_id"
		" LEFT JOIN paper pp ON pp.application_id = a.id WHERE a.state = 'approved'"
		" GROUP BY a.plan_id, status",
		BIND(INTEGER(tx->now), INTEGER(tx->now + ROSTER_SOON)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		const char *plan_id = cursor_text(&rows, 0, tx->arena);
		json *plan = json_get(plans, plan_id);

		count_add(tx, plan, cursor_text(&rows, 1, tx->arena), plan_id,
			cursor_integer(&rows, 2));
		plan_not_arrived(tx, plan, cursor_integer(&rows, 4));
		all.pay_soon += cursor_integer(&rows, 3);
		all.not_arrived += cursor_integer(&rows, 4);
	}
	*out = all;
	return cursor_end(&rows, tx->error);
}

/* A count and the oldest moment of whatever the query counts. */
static enum result figure_count(struct transaction *tx, json *view, const char *name,
	const char *list, const char *sql, struct binding binding)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows, sql, binding, tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		figure_set(
			tx, view, name, list, cursor_integer(&rows, 0), cursor_integer(&rows, 1));
	return cursor_end(&rows, tx->error);
}

static enum result figures_count(struct transaction *tx, json *view)
{
	enum result rc = figure_count(tx, view, "reviewing", ROSTER "status=reviewing",
		"SELECT COUNT(*), MIN(submitted_at) FROM application WHERE state = 'reviewing'",
		BIND_NONE);

	rc = rc ? rc
		: figure_count(tx, view, "overdue", ROSTER "overdue=true",
			  "SELECT COUNT(*), MIN(due_at) FROM application WHERE state = 'reviewing'"
			  " AND due_at <= ?1",
			  BIND(INTEGER(tx->now)));
	rc = rc ? rc
		: figure_count(tx, view, "dead_messages", "/admin/messages?state=dead",
			  "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE state = 'dead'",
			  BIND_NONE);
	return rc ? rc
		  : figure_count(tx, view, "erasures", "/admin/erasures?waiting=true",
			    "SELECT COUNT(*), MIN(asked_at) FROM erasure WHERE carried_out_at IS NULL",
			    BIND_NONE);
}

static json *day_new(struct transaction *tx, struct date date)
{
	static const char *const counts[] = {"handed_in", "approved", "rejected"};
	json *day = json_new_object(tx->arena);

	json_set_text(tx->arena, day, "date", date_text(tx->arena, date));
	for (size_t i = 0; i < COUNT(counts); i++)
		json_set_integer(tx->arena, day, counts[i], 0);
	return day;
}

static enum result days_count(
	struct transaction *tx, struct date first, json *const days[DAYS_SHOWN])
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	int64_t from = moment_of_date(first);
	enum result rc = store_query(tx->db, &rows,
		"SELECT (happened_at - ?1) / ?3 AS day, what, COUNT(*) FROM"
		" (SELECT 'handed_in' AS what, created_at AS happened_at FROM revision"
		" WHERE created_at >= ?1 AND created_at < ?2 UNION ALL"
		" SELECT outcome, decided_at FROM decision"
		" WHERE decided_at >= ?1 AND decided_at < ?2) AS happened GROUP BY day, what",
		BIND(INTEGER(from), INTEGER(from + DAYS_SHOWN * DAY_MS), INTEGER(DAY_MS)),
		tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows))
		json_set_integer(tx->arena, days[cursor_integer(&rows, 0)],
			cursor_text(&rows, 1, tx->arena), cursor_integer(&rows, 2));
	return cursor_end(&rows, tx->error);
}

static enum result days_add(struct transaction *tx, json *view)
{
	struct date first = date_add_days(date_of_moment(tx->now), 1 - DAYS_SHOWN);
	json *list = json_set(tx->arena, view, "days", json_new_array(tx->arena));
	json *days[DAYS_SHOWN];

	for (int i = 0; i < DAYS_SHOWN; i++)
		days[i] = json_append(list, day_new(tx, date_add_days(first, i)));
	return days_count(tx, first, days);
}

enum result overview_view(struct transaction *tx, json **out)
{
	json *view = json_new_object(tx->arena);
	json *plans, *list = json_set(tx->arena, view, "plans", json_new_array(tx->arena));
	struct approved approved;
	enum result rc = plans_load(tx, &plans);

	rc = rc ? rc : states_count(tx, plans);
	rc = rc ? rc : approved_count(tx, plans, &approved);
	rc = rc ? rc : days_add(tx, view);
	rc = rc ? rc : figures_count(tx, view);
	if (rc)
		return rc;

	json_each(plan, plans) json_append(list, json_copy(tx->arena, plan));
	figure_set(tx, view, "pay_soon", ROSTER "pay_soon=true", approved.pay_soon, 0);
	figure_set(tx, view, "not_arrived", ROSTER "not_arrived=true", approved.not_arrived, 0);
	*out = view;
	return OK;
}
