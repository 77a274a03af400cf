/*
 * The code is long enough that nobody guesses one, and short enough for a QR code that a telephone reads off paper.
 */
#include "ticket_check.h"

#include <string.h>

#include "applicant.h"
#include "base/digest.h"
#include "base/seal.h"
#include "base/text.h"
#include "plan.h"

#define MARK_SIZE 24 /* hexadecimal digits: 96 bits */

const char *ticket_check_code(struct transaction *tx, const char *number)
{
	return arena_printf(tx->arena, "%s.%.*s", number, MARK_SIZE,
		blind_index(tx->arena, tx->keys, "ticket_check", number));
}

/* The number in the code; NULL if its mark is not ours. */
static const char *number_of(struct transaction *tx, const char *code)
{
	const char *dot = strrchr(code, '.');

	if (!dot)
		return NULL;
	const char *number = arena_text_part(tx->arena, code, (size_t)(dot - code));
	const char *right = ticket_check_code(tx, number);
	bool ours =
		strlen(code) == strlen(right) && equal_in_constant_time(code, right, strlen(right));

	return ours ? number : NULL;
}

struct seat {
	const char *plan_id, *room;
	int64_t number;
	bool valid;
	struct applicant applicant;
};

/* Not by application_load(): who has the code has the paper, whoever it is. */
static enum result seat_load(struct transaction *tx, const char *number, struct seat *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct seat seat = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.id, a.form_sealed, t.plan_id, t.room, t.seat, a.state = 'ticketed'"
		" FROM ticket t JOIN application a ON a.id = t.application_id WHERE t.number = ?1",
		BIND(TEXT(number)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		seat = (struct seat){.plan_id = cursor_text(&rows, 2, tx->arena),
			.room = cursor_text(&rows, 3, tx->arena),
			.number = cursor_integer(&rows, 4),
			.valid = cursor_integer(&rows, 5) != 0};
		rc = applicant_of_row(tx, &rows, 0, 1, &seat.applicant);
	}
	rc = rc ? rc : cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!seat.plan_id)
		return fail(tx->error, NOT_FOUND, "ticket.unknown", NULL);
	*out = seat;
	return OK;
}

static void exam_show(struct transaction *tx, const struct plan *plan, json *view)
{
	const json *exam = json_get(plan->document, "exam");
	json *subjects = json_new_array(tx->arena);

	json_set_text(tx->arena, view, "venue", json_get_text(exam, "venue"));
	json_set_text(tx->arena, view, "address", json_get_text(exam, "address"));
	json_each(subject, json_get(exam, "subjects"))
	{
		json *shown = json_new_object(tx->arena);

		json_set_text(tx->arena, shown, "name",
			plan_subject_name(plan, json_get_text(subject, "subject")));
		json_set_text(tx->arena, shown, "from", json_get_text(subject, "from"));
		json_set_text(tx->arena, shown, "until", json_get_text(subject, "until"));
		json_append(subjects, shown);
	}
	json_set(tx->arena, view, "subjects", subjects);
}

enum result ticket_check(struct transaction *tx, const char *code, json **out)
{
	const char *number = number_of(tx, code);
	json *view = json_new_object(tx->arena);
	struct seat seat = {0};
	struct plan plan = {0};

	if (!number)
		return fail(tx->error, NOT_FOUND, "ticket.unknown", NULL);
	enum result rc = seat_load(tx, number, &seat);
	rc = rc ? rc : plan_load(tx, seat.plan_id, &plan);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "number", number);
	json_set_boolean(tx->arena, view, "valid", seat.valid && !plan.cancelled_at);
	plan_cancelled_show(tx, &plan, view);
	json_set_text(tx->arena, view, "name",
		seat.applicant.name ? text_mask(tx->arena, seat.applicant.name, 1, 0) : "*");
	json_set_text(tx->arena, view, "plan_name", plan.name);
	json_set_text(tx->arena, view, "occupation_name", plan.occupation_name);
	json_set_integer(tx->arena, view, "level", plan.level);
	json_set_text(tx->arena, view, "room", seat.room);
	json_set_integer(tx->arena, view, "seat", seat.number);
	exam_show(tx, &plan, view);
	*out = view;
	return OK;
}
