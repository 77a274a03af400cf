/*
 * A few fields out of a sealed form. Lists do it for a hundred forms at a time, so a form lies in an arena
 * of its own and goes at once.
 */
#include "applicant.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "identifier.h"

#define ID_NUMBER_LONG 15 /* characters: a resident's has 18 */

/* Of a resident's number the region and the last four; of a passport's, which is half as long, the first and the last
 * three, so that it can still be held against the document. */
static const char *id_masked(struct arena *arena, const json *details)
{
	const char *number = json_get_text(details, "id_number");
	bool is_long = number && text_length(number) >= ID_NUMBER_LONG;

	return number ? text_mask(arena, number, is_long ? 6 : 1, is_long ? 4 : 3) : NULL;
}

static enum result form_read(struct transaction *tx, struct arena *scratch, const char *id,
	struct bytes form_sealed, struct applicant *out)
{
	struct transaction reading = *tx;
	json *form;

	reading.arena = scratch;
	enum result rc = application_form_of_row(&reading, id, form_sealed, &form);
	if (rc)
		return rc;

	const json *details = json_get(form, "details");
	*out = (struct applicant){
		.name = arena_text(tx->arena, json_get_text(details, "name")),
		.gender = arena_text(tx->arena, json_get_text(details, "gender")),
		.id_type = arena_text(tx->arena, json_get_text(details, "id_type")),
		.id_masked = id_masked(tx->arena, details),
		.id_number = arena_text(tx->arena, json_get_text(details, "id_number")),
		.mobile_masked = mobile_masked(tx->arena, json_get_text(details, "mobile")),
	};
	return OK;
}

enum result applicant_of(
	struct transaction *tx, const struct application *application, struct applicant *out)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);

	return form_read(tx, scratch, application->id, application->form_sealed, out);
}

enum result applicant_of_row(struct transaction *tx, const struct cursor *row, int id_column,
	int form_column, struct applicant *out)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *id = cursor_text(row, id_column, scratch);
	enum result rc = form_read(tx, scratch, id, cursor_blob(row, form_column, scratch), out);

	if (!rc || !text_equal(tx->error->code, "seal.damaged"))
		return rc;
	log_event(LOG_ERROR, "application.form_damaged", "tenant", tenant_slug(tx->tenant),
		"application", id, "code", tx->error->code, "detail", tx->error->internal, NULL);
	error_forget(tx->error);
	*out = (struct applicant){0};
	return OK;
}
