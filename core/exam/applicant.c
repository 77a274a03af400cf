/*
 * A few fields out of a sealed form. Lists do it for a hundred forms at a time, so a form lies in an arena
 * of its own and goes at once.
 */
#include "applicant.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"

static const char *masked(struct arena *arena, const json *details, const char *name, size_t head)
{
	const char *text = json_get_text(details, name);

	return text ? text_mask(arena, text, head, 4) : NULL;
}

static enum result form_read(struct transaction *tx, struct arena *scratch,
	const char *application_id, struct bytes form_sealed, struct applicant *out)
{
	json *form;
	enum result rc;

	if (form_sealed.size == 0) {
		*out = (struct applicant){0};
		return OK;
	}
	rc = unseal_json(scratch, tx->keys,
		arena_printf(scratch, "application.form:%s", application_id), form_sealed, &form,
		tx->error);
	if (rc)
		return rc;

	const json *details = json_get(form, "details");
	*out = (struct applicant){
		.name = arena_text(tx->arena, json_get_text(details, "name")),
		.gender = arena_text(tx->arena, json_get_text(details, "gender")),
		.id_type = arena_text(tx->arena, json_get_text(details, "id_type")),
		.id_masked = masked(tx->arena, details, "id_number", 6),
		.id_number = arena_text(tx->arena, json_get_text(details, "id_number")),
		.mobile_masked = masked(tx->arena, details, "mobile", 3),
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

	return form_read(tx, scratch, cursor_text(row, id_column, scratch),
		cursor_blob(row, form_column, scratch), out);
}
