/*
 * The details with some of them otherwise, judged as a whole as where they were typed.
 */
#include "correction.h"

#include <inttypes.h>

#include "applicant.h"
#include "base/text.h"
#include "notice.h"
#include "reason.h"
#include "submission.h"
#include "ticket_book.h"
#include "topics.h"

static const char *const correctable[] = {"name", "gender", "ethnicity", "mobile", "education",
	"province", "candidate_source", "employer", "address", "postcode", "email",
	"political_status", "certificate_delivery"};

static enum result form_load(
	struct transaction *tx, const struct application *application, json **form)
{
	if (application->revision == 0)
		return fail(tx->error, CONFLICT, "correction.never_handed_in", NULL);
	if (application->form_sealed.size == 0)
		return fail(tx->error, CONFLICT, "erasure.nothing_left", NULL);
	return application_form(tx, application, form);
}

enum result correction_view(
	struct transaction *tx, const struct application *application, json **out)
{
	json *form, *view = json_new_object(tx->arena);
	json *details = json_new_object(tx->arena);
	struct applicant person;
	struct plan plan;
	enum result rc = form_load(tx, application, &form);

	rc = rc ? rc : application_head(tx, application, view);
	rc = rc ? rc : applicant_of(tx, application, &person);
	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	if (rc)
		return rc;
	for (size_t i = 0; i < COUNT(correctable); i++) {
		const char *text = json_get_text(json_get(form, "details"), correctable[i]);

		if (text)
			json_set_text(tx->arena, details, correctable[i], text);
	}
	json_set_text(tx->arena, view, "plan_name", plan.name);
	json_set_text(tx->arena, view, "id_type", person.id_type);
	json_set_text(tx->arena, view, "id_masked", person.id_masked);
	json_set_boolean(tx->arena, view, "possible",
		machine_edge_for(&application_machine, (int)application->state, EVENT_CORRECT));
	json_set(tx->arena, view, "details", details);
	*out = view;
	return OK;
}

/* As `body` says it, and otherwise as they were; the schema lets in nothing but what is correctable. */
static json *details_corrected(struct transaction *tx, const json *details, const json *body)
{
	json *corrected = json_copy(tx->arena, details);

	for (size_t i = 0; i < COUNT(correctable); i++) {
		const char *text = json_get_text(body, correctable[i]);

		if (text)
			json_set_text(tx->arena, corrected, correctable[i], text);
	}
	topics_details(tx, corrected);
	return corrected;
}

static json *fields_changed(struct transaction *tx, const json *before, const json *after)
{
	json *fields = json_new_array(tx->arena);

	for (size_t i = 0; i < COUNT(correctable); i++) {
		if (!text_equal(json_get_text(before, correctable[i]),
			    json_get_text(after, correctable[i])))
			json_append(fields, json_new_text(tx->arena, correctable[i]));
	}
	return fields;
}

/* Who has a ticket prints it anew; so does the centre. */
static enum result corrected_tell(struct transaction *tx, const struct application *application)
{
	bool ticketed = application->state == APPLICATION_TICKETED;
	enum result rc = ticketed ? ticket_book_renew(tx, application->plan_id) : OK;

	return rc ? rc
		  : notice_account(tx, application->account_id,
			    ticketed ? "corrected_ticket" : "corrected", application->id,
			    arena_printf(tx->arena, "corrected:%s:%" PRId64, application->id,
				    application->revision),
			    "number", application->number, NULL);
}

enum result application_correct(
	struct transaction *tx, struct application *application, const json *body)
{
	json *form, *detail = json_new_object(tx->arena);
	enum result rc = application_expect_event(tx, application, EVENT_CORRECT);

	rc = rc ? rc : form_load(tx, application, &form);
	if (rc)
		return rc;
	const json *before = json_get(form, "details");
	json *after = details_corrected(tx, before, body);
	json *fields = fields_changed(tx, before, after);
	reason_written(tx, "/reason", json_get_text(body, "reason"));
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	if (json_count(fields) == 0)
		return fail(tx->error, CONFLICT, "correction.nothing", NULL);

	json_set(tx->arena, form, "details", after);
	json_set(tx->arena, detail, "fields", fields);
	json_set_text(tx->arena, detail, "reason", json_get_text(body, "reason"));
	rc = submission_corrected(tx, application, form);
	rc = rc ? rc : application_move(tx, application, EVENT_CORRECT, detail);
	return rc ? rc : corrected_tell(tx, application);
}
