/*
 * The office's list of applications.
 *
 * Numbers are found by their blind indexes. Names are sealed, so a search by name unseals row after row; it stops after
 * SCAN_MOST of them and goes on with the next call.
 */
#include "roster.h"

#include <string.h>

#include "account.h"
#include "applicant.h"
#include "base/clock.h"
#include "base/text.h"
#include "identifier.h"
#include "paper.h"
#include "payment.h"

#define DIGITS             "0123456789"
#define SCAN_MOST          1000
#define MOBILE_NUMBER_SIZE 11
#define ID_NUMBER_SIZE     18

struct wanted {
	const char *state, *status, *plan;
	const char *number, *mobile_index, *id_index, *name; /* of what is searched for, one */
	bool overdue, pay_soon, not_arrived, full;
	struct page page; /* its key: id */
};

/* A number is a mobile's, an application's or, by its length or a letter in it, a document's (军字第1234567号); all else
 * is a name. */
static void search_read(struct transaction *tx, const char *search, struct wanted *out)
{
	if (text_blank(search))
		return;

	struct error none = {.arena = tx->arena};
	const char *number = document_number(tx->arena, search), *mobile;
	size_t size = strlen(number);
	if (!strpbrk(number, DIGITS)) /* which no name has */
		out->name = person_name(tx->arena, search);
	else if (mobile_read(&none, "", search, &mobile))
		out->mobile_index = blind_index(tx->arena, tx->keys, "mobile", mobile);
	else if (strspn(number, DIGITS) < size || size <= MOBILE_NUMBER_SIZE ||
		 size == ID_NUMBER_SIZE)
		out->id_index = blind_index(tx->arena, tx->keys, "id_number", number);
	else
		out->number = number;
}

/* What is approved, told apart by what it waits for, is not among the states. */
static void status_read(struct transaction *tx, const char *status, struct wanted *out)
{
	static const char *const approved[] = {
		"awaiting_payment", "awaiting_papers", "awaiting_ticket"};
	const char *known[APPLICATION_STATE_COUNT + COUNT(approved)];

	memcpy(known, application_machine.states, sizeof(*known) * APPLICATION_STATE_COUNT);
	memcpy(known + APPLICATION_STATE_COUNT, approved, sizeof(approved));
	page_choice(tx, "status", status, known, COUNT(known));
	out->status = status;
	out->state = status;
	for (size_t i = 0; i < COUNT(approved); i++) {
		if (text_equal(approved[i], status))
			out->state = application_machine.states[APPLICATION_APPROVED];
	}
}

/* What is urgent is so in one state only, whose index finds it among all that is over. */
static const char *state_of_urgent(const struct wanted *wanted)
{
	if (wanted->overdue)
		return application_machine.states[APPLICATION_REVIEWING];
	return wanted->pay_soon || wanted->not_arrived
		       ? application_machine.states[APPLICATION_APPROVED]
		       : NULL;
}

static enum result filter_read(struct transaction *tx, const json *filter, struct wanted *out)
{
	*out = (struct wanted){
		.plan = json_get_text(filter, "plan"),
		.overdue = page_flag(tx, "overdue", json_get_text(filter, "overdue")),
		.pay_soon = page_flag(tx, "pay_soon", json_get_text(filter, "pay_soon")),
		.not_arrived = page_flag(tx, "not_arrived", json_get_text(filter, "not_arrived")),
		.full = text_equal(json_get_text(filter, "numbers"), "full"),
	};
	status_read(tx, json_get_text(filter, "status"), out);
	if (!out->state)
		out->state = state_of_urgent(out);
	search_read(tx, json_get_text(filter, "search"), out);
	return page_read(
		tx, json_get_text(filter, "cursor"), json_get_text(filter, "limit"), &out->page);
}

/* The last columns are not for the row as it is shown, but to make it. */
enum { COLUMN_REVISION = 15, COLUMN_FORM, COLUMN_MOBILE, COLUMN_ACCOUNT };

/* What an index finds is asked for once more, in words that the index is for: who is looked for is not to be met among
 * a million others, nor those of a plan or of a state. */
static const char *narrowing(const struct wanted *wanted)
{
	if (wanted->number)
		return "a.number = ?6";
	if (wanted->mobile_index)
		return "c.kind = 'candidate' AND c.mobile_index = ?7";
	if (wanted->id_index)
		return "a.id_index = ?8";
	if (wanted->plan)
		return "a.plan_id = ?5";
	return wanted->state ? "a.state = ?3" : "TRUE";
}

static enum result rows_open(
	struct transaction *tx, const struct wanted *wanted, struct cursor *rows)
{
	const char *sql = arena_printf(tx->arena,
		"SELECT a.id, a.number, a.state, " APPLICATION_STATUS_SQL " AS status, a.plan_id,"
		" p.name AS plan_name, p.occupation_name, p.level, a.submitted_at AS \"submitted_at@\","
		" a.due_at AS \"due_at@\", CASE WHEN a.state = 'reviewing' AND a.due_at <= ?1 THEN 1"
		" ELSE 0 END AS \"overdue?\", CASE WHEN c.state = 'active' THEN 0 ELSE 1 END"
		" AS \"closed?\", t.number AS ticket_number, t.room, t.seat, a.revision,"
		" a.form_sealed, c.mobile_sealed, a.account_id"
		" FROM application a JOIN plan p ON p.id = a.plan_id JOIN account c ON c.id = a.account_id"
		" LEFT JOIN paper pp ON pp.application_id = a.id"
		" LEFT JOIN ticket t ON t.application_id = a.id AND a.state = 'ticketed'"
		" WHERE %s AND (?3 IS NULL OR a.state = ?3) AND (?4 IS NULL OR " APPLICATION_STATUS_SQL
		" = ?4)"
		" AND (?5 IS NULL OR a.plan_id = ?5) AND (?6 IS NULL OR a.number = ?6)"
		" AND (?7 IS NULL OR c.mobile_index = ?7) AND (?8 IS NULL OR a.id_index = ?8)"
		" AND (?9 = 0 OR (a.state = 'reviewing' AND a.due_at <= ?1))"
		" AND (?10 = 0 OR " ROSTER_PAY_SOON_SQL ") AND (?11 = 0 OR " PAPER_NOT_ARRIVED_SQL
		")"
		" AND (?12 = 0 OR a.id < ?13) ORDER BY a.id DESC",
		narrowing(wanted));

	return store_query(tx->db, rows, sql,
		BIND(INTEGER(tx->now), INTEGER(tx->now + ROSTER_SOON), TEXT(wanted->state),
			TEXT(wanted->status), TEXT(wanted->plan), TEXT(wanted->number),
			TEXT(wanted->mobile_index), TEXT(wanted->id_index),
			INTEGER(wanted->overdue), INTEGER(wanted->pay_soon),
			INTEGER(wanted->not_arrived), INTEGER(wanted->page.begun),
			TEXT(wanted->page.text)),
		tx->error);
}

/* A draft is its candidate's own business. */
static enum result person_of(
	struct transaction *tx, const struct cursor *row, struct applicant *out)
{
	*out = (struct applicant){0};
	if (cursor_integer(row, COLUMN_REVISION) > 0)
		return applicant_of_row(tx, row, 0, COLUMN_FORM, out);
	return OK;
}

/* Puts the row on the page if its name fits. */
static enum result row_take(
	struct transaction *tx, const struct wanted *wanted, const struct cursor *row, json *page)
{
	static const char *const hidden[] = {
		"revision", "form_sealed", "mobile_sealed", "account_id"};
	struct applicant person;
	const char *mobile;
	enum result rc = person_of(tx, row, &person);

	if (rc)
		return rc;
	if (wanted->name && (!person.name || !strstr(person.name, wanted->name)))
		return OK;
	rc = account_mobile_of_row(tx, cursor_text(row, COLUMN_ACCOUNT, tx->arena),
		cursor_blob(row, COLUMN_MOBILE, tx->arena), &mobile);
	if (rc)
		return rc;

	json *view = json_append(page, cursor_object(row, tx->arena));
	for (size_t i = 0; i < COUNT(hidden); i++)
		json_remove(view, hidden[i]);
	json_set_text(tx->arena, view, "name", person.name);
	json_set_text(
		tx->arena, view, "id_masked", wanted->full ? person.id_number : person.id_masked);
	json_set_text(tx->arena, view, "mobile",
		wanted->full ? mobile : mobile_masked(tx->arena, mobile));
	return OK;
}

/* Fills a page; *next tells the place after which there may be more. */
static enum result page_fill(
	struct transaction *tx, const struct wanted *wanted, json *page, const char **next)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char *place = NULL;
	int scanned = 0;
	enum result rc = rows_open(tx, wanted, &rows);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		if (scanned++ == SCAN_MOST || (int64_t)json_count(page) == wanted->page.most) {
			*next = page_cursor(tx->arena, 0, place);
			break;
		}
		rc = row_take(tx, wanted, &rows, page);
		if (rc)
			return rc;
		place = cursor_text(&rows, 0, tx->arena);
	}
	return cursor_end(&rows, tx->error);
}

enum result roster_list(struct transaction *tx, const json *filter, json **out)
{
	json *view = json_new_object(tx->arena);
	json *page = json_set(tx->arena, view, "applications", json_new_array(tx->arena));
	const char *next = NULL;
	struct wanted wanted;
	enum result rc = filter_read(tx, filter, &wanted);

	if (rc)
		return rc;
	rc = page_fill(tx, &wanted, page, &next);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "next", next);
	*out = view;
	return OK;
}
