/*
 * Page after page of the roster, each in an arena of its own that goes with it.
 */
#include "export.h"

#include <inttypes.h>

#include "application.h"
#include "audit.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "document/spreadsheet.h"
#include "roster.h"

static const struct column {
	const char *member, *heading; /* of the roster's row; a message's code */
	double width;
} columns[] = {
	{"number", "export.number", 15},
	{"name", "export.name", 12},
	{"id_masked", "export.id_number", 21},
	{"mobile", "export.mobile", 14},
	{"plan_name", "export.plan", 40},
	{"occupation_name", "export.occupation", 18},
	{"status", "export.status", 24},
	{"submitted_at", "export.submitted_at", 17},
	{"due_at", "export.due_at", 17},
	{"ticket_number", "export.ticket_number", 18},
	{"room", "export.room", 14},
	{"seat", "export.seat", 8},
};

static bool in_full(const json *body)
{
	return text_equal(json_get_text(body, "numbers"), "full");
}

static enum result permit(struct transaction *tx, const json *body)
{
	if (in_full(body) && !(tx->actor.roles & ROLE_ADMIN))
		return fail(tx->error, FORBIDDEN, "export.numbers", NULL);
	if (in_full(body) && text_blank(json_get_text(body, "purpose")))
		fault_add(tx->error, "/purpose", "export.purpose", NULL);
	return refuse_faults(tx->error);
}

/* "2026-12-03 18:00", which sorts as it reads; an end at midnight is the end of the day before. */
static const char *moment_cell(struct arena *arena, int64_t at, bool ends)
{
	struct date day = date_of_moment(at);
	int64_t minutes = (at - moment_of_date(day)) / MINUTE_MS;

	if (!at)
		return NULL;
	if (ends && minutes == 0) {
		day = date_add_days(day, -1);
		minutes = 24 * 60;
	}
	return arena_printf(arena, "%s %02" PRId64 ":%02" PRId64, date_text(arena, day),
		minutes / 60, minutes % 60);
}

static const char *cell(struct transaction *tx, const json *row, const char *member)
{
	const char *text = json_get_text(row, member);

	if (text && text_equal(member, "status"))
		return application_status_text(tx, text);
	if (text_equal(member, "submitted_at") || text_equal(member, "due_at"))
		return moment_cell(
			tx->arena, json_get_moment(row, member), text_equal(member, "due_at"));
	if (text_equal(member, "seat") && json_get_integer(row, member))
		return arena_printf(tx->arena, "%" PRId64, json_get_integer(row, member));
	return text;
}

static enum result rows_write(
	struct transaction *tx, const json *applications, struct spreadsheet *sheet)
{
	json_each(row, applications)
	{
		const char *cells[COUNT(columns)];

		for (size_t i = 0; i < COUNT(columns); i++)
			cells[i] = cell(tx, row, columns[i].member);
		enum result rc = spreadsheet_row(sheet, cells, tx->error);
		if (rc)
			return rc;
	}
	return OK;
}

/* Writes one page, and leaves the place of the next in `cursor`, which is NULL behind the last. */
static enum result page_write(struct transaction *tx, const json *body, const char **cursor,
	struct spreadsheet *sheet, int64_t *rows)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct transaction reading = *tx;
	json *filter, *view;

	reading.arena = scratch;
	filter = json_copy(scratch, body);
	json_set_text(scratch, filter, "cursor", *cursor);
	enum result rc = roster_list(&reading, filter, &view);
	if (rc)
		return rc;
	*rows += (int64_t)json_count(json_get(view, "applications"));
	if (*rows > LIMIT_EXPORT_ROWS)
		return fail(tx->error, CONFLICT, "export.many", "most",
			arena_printf(tx->arena, "%d", LIMIT_EXPORT_ROWS), NULL);
	rc = rows_write(&reading, json_get(view, "applications"), sheet);
	*cursor = arena_text(tx->arena, json_get_text(view, "next"));
	return rc;
}

enum result export_make(struct transaction *tx, const json *body, struct export *out)
{
	struct spreadsheet *sheet CLEANUP(spreadsheet_close) = NULL;
	const char *headings[COUNT(columns)], *cursor = NULL;
	double widths[COUNT(columns)];
	struct export made = {.rows = 0};
	enum result rc = permit(tx, body);

	if (rc)
		return rc;
	for (size_t i = 0; i < COUNT(columns); i++) {
		headings[i] = message_text(tx->arena, tx->language, columns[i].heading, NULL);
		widths[i] = columns[i].width;
	}
	rc = spreadsheet_open(message_text(tx->arena, tx->language, "export.sheet", NULL), headings,
		widths, COUNT(columns), &sheet, tx->error);
	if (rc)
		return rc;
	do {
		rc = page_write(tx, body, &cursor, sheet, &made.rows);
	} while (!rc && cursor);
	rc = rc ? rc : spreadsheet_finish(sheet, tx->arena, &made.content, tx->error);
	if (rc)
		return rc;
	*out = made;
	return OK;
}

/* What was searched for may be a person's number: it is not for the log. */
enum result export_take(struct transaction *tx, const json *body, const struct export *made)
{
	static const char *const members[] = {"numbers", "purpose", "status", "plan"};
	json *detail = json_new_object(tx->arena);
	enum result rc = permit(tx, body);

	if (rc)
		return rc;
	json_set_integer(tx->arena, detail, "rows", made->rows);
	for (size_t i = 0; i < COUNT(members); i++) {
		const json *member = json_get(body, members[i]);

		if (member)
			json_set(tx->arena, detail, members[i], json_copy(tx->arena, member));
	}
	return audit_append(tx, "export.applications", NULL, detail);
}
