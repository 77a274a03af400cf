/*
 * Parts of the candidate's own view, so that the desk says nothing else than the candidate reads.
 */
#include "application_desk.h"

#include "applicant.h"

static json *materials_named(struct transaction *tx, const json *materials)
{
	json *named = json_new_array(tx->arena);

	json_each(material, materials)
	{
		json *each = json_append(named, json_new_object(tx->arena));

		json_set_text(tx->arena, each, "id", json_get_text(material, "id"));
		json_set_text(tx->arena, each, "name", json_get_text(material, "name"));
	}
	return named;
}

enum result application_desk_view(
	struct transaction *tx, struct application *application, json **out)
{
	static const char *const told[] = {"number", "plan_id", "plan_name", "state", "status",
		"status_text", "next_action", "submitted_at", "due_at", "decided_at",
		"submit_until", "decisions", "timeline", "payment", "papers", "void_reason",
		"cancelled_at", "cancel_reason"};
	struct applicant applicant;
	json *whole, *view = json_new_object(tx->arena);
	enum result rc = application_view(tx, application, &whole);

	rc = rc ? rc : applicant_of(tx, application, &applicant);
	if (rc)
		return rc;
	for (size_t i = 0; i < COUNT(told); i++)
		json_set(tx->arena, view, told[i], json_share(tx->arena, json_get(whole, told[i])));
	json_set(tx->arena, view, "materials", materials_named(tx, json_get(whole, "materials")));
	json_set_text(tx->arena, view, "candidate_name", applicant.name);
	json_set_text(tx->arena, view, "id_masked", applicant.id_masked);
	json_set_text(tx->arena, view, "mobile", applicant.mobile_masked);
	*out = view;
	return OK;
}
