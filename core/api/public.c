/*
 * What everybody may see: the centre, its plans, and whether one can apply.
 */
#include "handlers.h"

#include "base/clock.h"
#include "exam/plan.h"
#include "exam/profile.h"
#include "exam/reason.h"
#include "exam/ticket_check.h"
#include "plugin/eligibility.h"

enum result public_profile(struct request *request)
{
	return profile_view(&request->tx, &request->reply.body);
}

enum result public_plans(struct request *request)
{
	struct page page;
	int level = plan_level(&request->tx, request_query(request, "level"));
	enum result rc = request_page(request, &page);

	if (rc)
		return rc;
	return plan_list(&request->tx, request_query(request, "occupation"), level, &page,
		&request->reply.body);
}

enum result public_plan(struct request *request)
{
	struct plan plan;
	enum result rc = plan_load(&request->tx, request->parameters[0], &plan);

	if (rc)
		return rc;
	return plan_view(&request->tx, &plan, &request->reply.body);
}

enum result public_reasons(struct request *request)
{
	struct arena *arena = request->tx.arena;

	request->reply.body = json_new_object(arena);
	json_set(arena, request->reply.body, "reasons", reasons_list(arena, request->tx.language));
	return OK;
}

enum result public_ticket(struct request *request)
{
	return ticket_check(&request->tx, request->parameters[0], &request->reply.body);
}

/* The facts are those of a form that nobody has handed in; the day is today whatever was sent. */
enum result public_eligibility(struct request *request)
{
	struct transaction *tx = &request->tx;
	const char *condition = json_get_text(request->body, "condition");
	json *facts = json_get(request->body, "facts");
	struct plan plan;
	json *overlays, *verdict;
	enum result rc;

	rc = plan_load(tx, json_get_text(request->body, "plan_id"), &plan);
	if (rc)
		return rc;
	if (!eligibility_condition(plan.manifest, condition))
		fault_add(tx->error, "/condition", "application.condition", "condition", condition,
			NULL);
	json_set_text(tx->arena, facts, "on", date_text(tx->arena, date_of_moment(tx->now)));
	eligibility_check_facts(tx->error, "/facts", facts);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	rc = profile_overlays(tx, plan.occupation_code, &overlays);
	if (rc)
		return rc;
	eligibility_evaluate(tx->arena, plan.manifest, condition, overlays, facts, &verdict);
	request->reply.body = verdict;
	return OK;
}
