/*
 * The states of an application.
 *
 * The table below is the only place where an edge is written down; docs/architecture.md shows the diagram that is
 * printed from it, and tests/unit/exam/test_application_state.c tries every pair. What is true in each state:
 *
 *   draft       never handed in, or withdrawn or expired and opened again; no due time, no lease
 *   reviewing   a revision row of the current revision exists; due_at is set; no approved revision
 *   rejected    the newest decision is "rejected" with at least one failed item; only failed items are open
 *   approved    approved_revision names the revision that was judged, or what a correction has made of it; nothing of
 *               the content changes but by a correction
 *   ticketed    as approved; paid, papers accepted, and a ticket row exists
 *   withdrawn   nothing is open but to start again while the plan is, if it was never approved
 *   expired     was draft, rejected, or approved and unpaid when the moment passed
 *   forfeited   was approved and its papers were not posted in time
 *   voided      found untrue; the end
 *   cancelled   had not ended when its plan was cancelled; the end
 */
#include "application_state.h"

#include "application.h"
#include "audit.h"
#include "plan_count.h"

enum { CANDIDATE = 1u << ACTOR_CANDIDATE, STAFF = 1u << ACTOR_STAFF, SYSTEM = 1u << ACTOR_SYSTEM };

static const char *const state_names[APPLICATION_STATE_COUNT] = {
	[APPLICATION_DRAFT] = "draft",
	[APPLICATION_REVIEWING] = "reviewing",
	[APPLICATION_REJECTED] = "rejected",
	[APPLICATION_APPROVED] = "approved",
	[APPLICATION_TICKETED] = "ticketed",
	[APPLICATION_WITHDRAWN] = "withdrawn",
	[APPLICATION_EXPIRED] = "expired",
	[APPLICATION_FORFEITED] = "forfeited",
	[APPLICATION_VOIDED] = "voided",
	[APPLICATION_CANCELLED] = "cancelled",
};

static const char *const event_names[APPLICATION_EVENT_COUNT] = {
	[EVENT_SUBMIT] = "submitted",
	[EVENT_EDIT] = "edited",
	[EVENT_WITHDRAW] = "withdrawn",
	[EVENT_REOPEN] = "reopened",
	[EVENT_APPROVE] = "approved",
	[EVENT_REJECT] = "rejected",
	[EVENT_EXPIRE] = "expired",
	[EVENT_FORFEIT] = "forfeited",
	[EVENT_RESTORE] = "restored",
	[EVENT_TICKET] = "ticketed",
	[EVENT_VOID] = "voided",
	[EVENT_CORRECT] = "corrected",
	[EVENT_CANCEL] = "cancelled",
};

static const struct machine_edge edges[] = {
	{APPLICATION_DRAFT, EVENT_SUBMIT, APPLICATION_REVIEWING, CANDIDATE},
	{APPLICATION_DRAFT, EVENT_WITHDRAW, APPLICATION_WITHDRAWN, CANDIDATE},
	{APPLICATION_DRAFT, EVENT_EXPIRE, APPLICATION_EXPIRED, SYSTEM},
	{APPLICATION_DRAFT, EVENT_CANCEL, APPLICATION_CANCELLED, SYSTEM},

	{APPLICATION_REVIEWING, EVENT_EDIT, APPLICATION_REVIEWING, CANDIDATE},
	{APPLICATION_REVIEWING, EVENT_WITHDRAW, APPLICATION_WITHDRAWN, CANDIDATE},
	{APPLICATION_REVIEWING, EVENT_APPROVE, APPLICATION_APPROVED, STAFF},
	{APPLICATION_REVIEWING, EVENT_REJECT, APPLICATION_REJECTED, STAFF},
	{APPLICATION_REVIEWING, EVENT_VOID, APPLICATION_VOIDED, STAFF},
	{APPLICATION_REVIEWING, EVENT_CANCEL, APPLICATION_CANCELLED, SYSTEM},

	{APPLICATION_REJECTED, EVENT_SUBMIT, APPLICATION_REVIEWING, CANDIDATE},
	{APPLICATION_REJECTED, EVENT_WITHDRAW, APPLICATION_WITHDRAWN, CANDIDATE},
	{APPLICATION_REJECTED, EVENT_EXPIRE, APPLICATION_EXPIRED, SYSTEM},
	{APPLICATION_REJECTED, EVENT_VOID, APPLICATION_VOIDED, STAFF},
	{APPLICATION_REJECTED, EVENT_CANCEL, APPLICATION_CANCELLED, SYSTEM},

	{APPLICATION_APPROVED, EVENT_WITHDRAW, APPLICATION_WITHDRAWN, CANDIDATE},
	{APPLICATION_APPROVED, EVENT_EXPIRE, APPLICATION_EXPIRED, SYSTEM},
	{APPLICATION_APPROVED, EVENT_FORFEIT, APPLICATION_FORFEITED, SYSTEM},
	{APPLICATION_APPROVED, EVENT_TICKET, APPLICATION_TICKETED, STAFF | SYSTEM},
	{APPLICATION_APPROVED, EVENT_VOID, APPLICATION_VOIDED, STAFF},
	{APPLICATION_APPROVED, EVENT_CORRECT, APPLICATION_APPROVED, STAFF},
	{APPLICATION_APPROVED, EVENT_CANCEL, APPLICATION_CANCELLED, SYSTEM},

	{APPLICATION_TICKETED, EVENT_VOID, APPLICATION_VOIDED, STAFF},
	{APPLICATION_TICKETED, EVENT_CORRECT, APPLICATION_TICKETED, STAFF},
	{APPLICATION_TICKETED, EVENT_CANCEL, APPLICATION_CANCELLED, SYSTEM},

	{APPLICATION_WITHDRAWN, EVENT_REOPEN, APPLICATION_DRAFT, CANDIDATE},
	{APPLICATION_WITHDRAWN, EVENT_RESTORE, APPLICATION_APPROVED, STAFF},

	{APPLICATION_EXPIRED, EVENT_REOPEN, APPLICATION_DRAFT, CANDIDATE},
	{APPLICATION_EXPIRED, EVENT_RESTORE, APPLICATION_APPROVED, STAFF},
	{APPLICATION_FORFEITED, EVENT_RESTORE, APPLICATION_APPROVED, STAFF},
};

const struct machine application_machine = {
	.name = "application",
	.states = state_names,
	.state_count = APPLICATION_STATE_COUNT,
	.events = event_names,
	.event_count = APPLICATION_EVENT_COUNT,
	.edges = edges,
	.edge_count = COUNT(edges),
};

static enum result edge_find(struct transaction *tx, enum application_state from,
	enum application_event event, const struct machine_edge **out)
{
	const struct machine_edge *edge =
		machine_edge_for(&application_machine, (int)from, (int)event);

	if (!edge)
		return fail(tx->error, CONFLICT, "application.state", "state", state_names[from],
			"event", event_names[event], NULL);
	*out = edge;
	return OK;
}

enum result application_expect_event(
	struct transaction *tx, const struct application *application, enum application_event event)
{
	const struct machine_edge *edge;

	return edge_find(tx, application->state, event, &edge);
}

static enum result edge_for(struct transaction *tx, enum application_state from,
	enum application_event event, const struct machine_edge **out)
{
	const struct machine_edge *edge = NULL;
	enum result rc = edge_find(tx, from, event, &edge);

	if (rc)
		return rc;
	if (!(edge->actors & (1u << tx->actor.kind)))
		return fail(tx->error, FORBIDDEN, "application.actor", "event", event_names[event],
			NULL);

	*out = edge;
	return OK;
}

/* Members of `extra` after ours; audit detail never holds personal data. */
static json *move_detail(struct transaction *tx, const struct application *application, int from,
	int to, const json *extra)
{
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "from", state_names[from]);
	json_set_text(tx->arena, detail, "to", state_names[to]);
	json_set_integer(tx->arena, detail, "revision", application->revision);
	json_each(member, extra)
		json_set(tx->arena, detail, json_name(member), json_copy(tx->arena, member));
	return detail;
}

/* As APPLICATION_STANDS_SQL has it. */
static bool stands(int state)
{
	return state == APPLICATION_REVIEWING || state == APPLICATION_REJECTED ||
	       state == APPLICATION_APPROVED || state == APPLICATION_TICKETED;
}

static enum result place_note(
	struct transaction *tx, const struct application *application, int from, int to)
{
	int change = (int)stands(to) - (int)stands(from);

	return change == 0 ? OK : plan_count_stand(tx, application->plan_id, change);
}

enum result application_move(struct transaction *tx, struct application *application,
	enum application_event event, const json *detail)
{
	const struct machine_edge *edge = NULL;
	enum application_state from =
		event == EVENT_CANCEL ? application->written : application->state;
	enum result rc;

	rc = edge_for(tx, from, event, &edge);
	if (rc)
		return rc;

	application->state = application->written = (enum application_state)edge->to;
	rc = application_save(tx, application);
	rc = rc ? rc : place_note(tx, application, (int)from, edge->to);
	if (rc)
		return rc;

	return audit_append(tx, arena_printf(tx->arena, "application.%s", event_names[event]),
		application->id, move_detail(tx, application, (int)from, edge->to, detail));
}
