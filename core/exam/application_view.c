/*
 * An application as its candidate sees it: what is done, what is open, what comes next.
 */
#include "application.h"
#include "base/limits.h"
#include "base/text.h"
#include "deadline.h"
#include "material.h"
#include "openness.h"
#include "paper.h"
#include "payment.h"
#include "voiding.h"
#include "withdrawal.h"

/* The reviewer's word on each item, once a decision has told it to the candidate. */
static enum result items_view(
	struct transaction *tx, const struct application *application, json **out)
{
	json *decided;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT outcome, items AS \"items{=}\", note, decided_at AS \"decided_at@\", revision"
		" FROM decision WHERE application_id = ?1 ORDER BY revision DESC LIMIT ?2",
		BIND(TEXT(application->id), INTEGER(LIMIT_PAGE)), &decided, tx->error);

	if (rc)
		return rc;
	*out = decided;
	return OK;
}

/* What has happened last, from the audit log: actions and moments only, and nothing of the desk's own affairs. */
static enum result timeline_view(
	struct transaction *tx, const struct application *application, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT action, happened_at AS \"happened_at@\" FROM (SELECT sequence, action,"
		" happened_at FROM audit WHERE subject = ?1 AND action <> 'application.changed'"
		" AND action NOT LIKE 'review.%' ORDER BY sequence DESC LIMIT ?2) AS newest"
		" ORDER BY sequence",
		BIND(TEXT(application->id), INTEGER(LIMIT_PAGE)), out, tx->error);
}

/* The materials asked for, each with its file if there is one. */
static enum result materials_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, json **out)
{
	json *asked = application_materials_asked(tx, plan->manifest, application->condition_id);
	json *files;
	enum result rc = material_list(tx, application->id, &files);

	if (rc)
		return rc;
	json_each(material, asked)
	{
		const json *file = json_find(files, "material", json_get_text(material, "id"));

		if (file)
			json_set(tx->arena, material, "file", json_share(tx->arena, file));
	}
	*out = asked;
	return OK;
}

static void open_add(
	struct transaction *tx, const struct openness *openness, const char *item, json *open)
{
	if (openness_of(openness, item))
		json_append(open, json_new_text(tx->arena, item));
}

static enum result taken_find(struct transaction *tx, const struct application *application,
	const struct plan *plan, bool *taken)
{
	enum result rc = application_expect_open(tx, application, plan);

	*taken = rc == OK;
	if (rc != CONFLICT)
		return rc;
	error_forget(tx->error);
	return OK;
}

/* Which items can be changed now: names, so that a page asks nothing twice. None when the plan takes no changes. */
static json *open_items_view(struct transaction *tx, const struct openness *openness,
	const struct plan *plan, const json *materials)
{
	static const char *const topics[] = {
		"details", "identity", "condition", "certificates", "work"};
	json *open = json_new_array(tx->arena);

	for (size_t i = 0; i < COUNT(topics); i++)
		open_add(tx, openness, topics[i], open);
	if (json_count(json_get(plan->manifest, "fields")) > 0)
		open_add(tx, openness, "fields", open);
	json_each(material, materials) open_add(tx, openness,
		arena_printf(tx->arena, "material:%s", json_get_text(material, "id")), open);
	return open;
}

/* The ONE next step, by status. What is for the candidate to write is one only while it is taken. */
static const char *next_action(const struct application *application, bool taken, bool full,
	bool posted, const char *status)
{
	static const struct {
		const char *status, *action;
	} actions[] = {
		{"draft", "complete_and_submit"},
		{"reviewing", "wait_for_review"},
		{"rejected", "correct_and_submit"},
		{"awaiting_payment", "pay"},
		{"awaiting_papers", "post_papers"},
		{"awaiting_ticket", "wait_for_ticket"},
		{"ticketed", "print_ticket"},
	};

	bool reopens = application_reopens(application);

	if (!taken && (reopens || application->state == APPLICATION_DRAFT ||
			      application->state == APPLICATION_REJECTED))
		return "none";
	if (reopens)
		return full ? "none" : "apply_again";
	if (posted && text_equal(status, "awaiting_papers"))
		return "wait_for_papers";
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (text_equal(actions[i].status, status))
			return actions[i].action;
	}
	return "none";
}

static enum result payment_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, const struct deadlines *deadlines, json *view)
{
	struct payment_facts facts;
	json *payment = json_new_object(tx->arena);
	enum result rc = payment_facts(tx, application, &facts);

	if (rc)
		return rc;
	json_set_boolean(tx->arena, payment, "paid", facts.paid);
	json_set_moment(tx->arena, payment, "paid_at", facts.paid_at);
	json_set_boolean(tx->arena, payment, "late", facts.late);
	json_set_boolean(tx->arena, payment, "refunded", facts.refunded);
	json_set_text(tx->arena, payment, "order_number", facts.order_number);
	json_set_integer(tx->arena, payment, "fee_fen", plan->fee_fen);
	json_set_moment(tx->arena, payment, "pay_until", deadlines->pay_until);
	json_set(tx->arena, view, "payment", payment);
	return OK;
}

static void row_view(struct transaction *tx, const struct application *application, json *view)
{
	json_set_text(tx->arena, view, "plan_id", application->plan_id);
	json_set_integer(tx->arena, view, "revision", application->revision);
	json_set_text(tx->arena, view, "identity", application->identity);
	json_set_text(tx->arena, view, "condition", application->condition_id);
	json_set_moment(tx->arena, view, "submitted_at", application->submitted_at);
	json_set_moment(tx->arena, view, "due_at", application->due_at);
	json_set_moment(tx->arena, view, "decided_at", application->decided_at);
	json_set_boolean(tx->arena, view, "manual", application->manual);
}

/* Neither a draft holds a place nor what would be begun again: that none is left is heard now, not at the click. */
static enum result full_view(struct transaction *tx, const struct application *application,
	const struct plan *plan, bool taken, json *view)
{
	enum result rc;

	if (application->state != APPLICATION_DRAFT && !(taken && application_reopens(application)))
		return OK;
	rc = application_expect_place(tx, plan);
	if (rc && rc != CONFLICT)
		return rc;
	json_set_boolean(tx->arena, view, "plan_full", rc == CONFLICT);
	error_forget(tx->error);
	return OK;
}

static enum result status_view(struct transaction *tx, const struct application *application,
	const struct paper_row *row, bool taken, json *view)
{
	enum result rc = application_head(tx, application, view);

	if (rc)
		return rc;
	json_set_text(tx->arena, view, "next_action",
		next_action(application, taken, json_get_true(view, "plan_full"),
			row->posted_at > row->received_at, json_get_text(view, "status")));
	return OK;
}

static enum result void_view(
	struct transaction *tx, const struct application *application, json *view)
{
	const char *reason;
	enum result rc = application_void_reason(tx, application, &reason);

	if (reason)
		json_set_text(tx->arena, view, "void_reason", reason);
	return rc;
}

enum result application_view(struct transaction *tx, struct application *application, json **out)
{
	json *view = json_new_object(tx->arena);
	json *form, *materials, *decisions, *timeline, *papers, *withdrawal;
	struct openness openness;
	struct paper_row row;
	struct plan plan;
	enum result rc;

	row_view(tx, application, view);
	rc = plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : paper_row_load(tx, application->id, &row);
	if (rc)
		return rc;

	const struct deadlines deadlines = deadlines_within(&plan, row.grace_until);
	bool taken;
	rc = taken_find(tx, application, &plan, &taken);
	rc = rc ? rc : full_view(tx, application, &plan, taken, view);
	rc = rc ? rc : status_view(tx, application, &row, taken, view);
	rc = rc ? rc : application_form_shown(tx, application, &form);
	rc = rc ? rc : materials_view(tx, application, &plan, &materials);
	rc = rc ? rc : openness_load(tx, application, &openness);
	rc = rc ? rc : items_view(tx, application, &decisions);
	rc = rc ? rc : timeline_view(tx, application, &timeline);
	rc = rc ? rc : payment_view(tx, application, &plan, &deadlines, view);
	rc = rc ? rc : paper_view(tx, application, &row, &deadlines, materials, &papers);
	rc = rc ? rc : void_view(tx, application, view);
	rc = rc ? rc : withdrawal_view(tx, application, &plan, &withdrawal);
	if (rc)
		return rc;

	json_set_text(tx->arena, view, "plan_name", plan.name);
	if (application->state == APPLICATION_CANCELLED)
		plan_cancelled_show(tx, &plan, view);
	if (application->state == APPLICATION_DRAFT)
		json_set_moment(tx->arena, view, "submit_until", plan.apply_until);
	if (application->state == APPLICATION_REJECTED)
		json_set_moment(tx->arena, view, "submit_until", deadlines.correct_until);
	json_set(tx->arena, view, "form", form);
	json_set(tx->arena, view, "verdict",
		application->verdict ? json_embed_own(tx->arena, application->verdict)
				     : json_new_null(tx->arena));
	json_set(tx->arena, view, "materials", materials);
	json_set(tx->arena, view, "open_items",
		taken ? open_items_view(tx, &openness, &plan, materials)
		      : json_new_array(tx->arena));
	json_set(tx->arena, view, "answered_items", openness_answered(tx, &openness));
	json_set(tx->arena, view, "decisions", decisions);
	json_set(tx->arena, view, "timeline", timeline);
	json_set(tx->arena, view, "papers", papers);
	json_set(tx->arena, view, "withdrawal", withdrawal);
	*out = view;
	return OK;
}
