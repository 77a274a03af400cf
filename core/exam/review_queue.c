/*
 * The reviewers' queue.
 *
 * Names are sealed, so a search by name unseals row after row; it stops after SCAN_MOST of them and goes on
 * with the next call.
 */
#include <string.h>

#include "applicant.h"
#include "base/limits.h"
#include "base/text.h"
#include "identifier.h"
#include "page.h"
#include "plan.h"
#include "review.h"
#include "review_lease.h"

#define SCAN_MOST 1000

struct filter {
	const char *state, *plan, *occupation, *holder, *name, *number;
	int64_t level;
	bool nobody, overdue;
	struct page page; /* its key: due_at and id */
};

static enum result filter_read(struct transaction *tx, const json *filter, struct filter *out)
{
	const char *state = json_get_text(filter, "state");
	const char *holder = json_get_text(filter, "holder");

	*out = (struct filter){
		.state = state ? state : application_machine.states[APPLICATION_REVIEWING],
		.plan = json_get_text(filter, "plan"),
		.occupation = json_get_text(filter, "occupation"),
		.level = plan_level(tx, json_get_text(filter, "level")),
		.nobody = text_equal(holder, "nobody"),
		.name = person_name(tx->arena, json_get_text(filter, "name")),
		.number = text_compact(tx->arena, json_get_text(filter, "number")),
		.overdue = page_flag(tx, "overdue", json_get_text(filter, "overdue")),
	};
	if (!out->nobody)
		out->holder = text_equal(holder, "me") ? tx->actor.id : holder;
	page_choice(tx, "state", state, application_machine.states, APPLICATION_STATE_COUNT);
	return page_read(
		tx, json_get_text(filter, "cursor"), json_get_text(filter, "limit"), &out->page);
}

/* The last columns are not for the row as it is shown, but to make it. */
enum { COLUMN_FORM = 16, COLUMN_LEASE_ACCOUNT, COLUMN_LEASE_NAME, COLUMN_LEASE_UNTIL, COLUMN_DUE };

/* Only what was handed in: a draft is its candidate's own business. */
static enum result queue_open(
	struct transaction *tx, const struct filter *filter, struct cursor *rows)
{
	return store_query(tx->db, rows,
		"SELECT a.id, a.number, a.version, a.state, a.plan_id, p.name AS plan_name,"
		" p.occupation_code, p.occupation_name, p.level, a.condition_id AS \"condition\","
		" a.revision, (SELECT COUNT(*) FROM decision d WHERE d.application_id = a.id"
		" AND d.outcome = 'rejected') + CASE WHEN a.state = 'rejected' THEN 0 ELSE 1 END"
		" AS round, a.manual AS \"manual?\", a.submitted_at AS \"submitted_at@\","
		" a.due_at AS \"due_at@\", CASE WHEN a.state = 'reviewing' AND a.due_at <= ?1 THEN 1"
		" ELSE 0 END AS \"overdue?\", a.form_sealed, a.lease_account, s.name AS lease_name,"
		" a.lease_until, COALESCE(a.due_at, 0) AS due"
		" FROM application a JOIN plan p ON p.id = a.plan_id"
		" LEFT JOIN account s ON s.id = a.lease_account WHERE a.state = ?2 AND a.revision > 0"
		" AND (?3 IS NULL OR a.plan_id = ?3) AND (?4 IS NULL OR p.occupation_code = ?4)"
		" AND (?5 = 0 OR p.level = ?5) AND (?6 IS NULL OR a.number = ?6)"
		" AND (?7 = 0 OR (a.state = 'reviewing' AND a.due_at <= ?1))"
		" AND (?8 = 0 OR a.lease_account IS NULL OR a.lease_until <= ?1)"
		" AND (?9 IS NULL OR (a.lease_account = ?9 AND a.lease_until > ?1))"
		" AND (COALESCE(a.due_at, 0), a.id) > (?10, ?11)"
		" ORDER BY COALESCE(a.due_at, 0), a.id",
		BIND(INTEGER(tx->now), TEXT(filter->state), TEXT(filter->plan),
			TEXT(filter->occupation), INTEGER(filter->level), TEXT(filter->number),
			INTEGER(filter->overdue), INTEGER(filter->nobody), TEXT(filter->holder),
			INTEGER(filter->page.number), TEXT(filter->page.text)),
		tx->error);
}

/* The row as it is shown, without its lease and its missing materials. */
static json *row_object(
	struct transaction *tx, const struct cursor *row, const struct applicant *applicant)
{
	static const char *const hidden[] = {
		"form_sealed", "lease_account", "lease_name", "lease_until", "due"};
	json *view = cursor_object(row, tx->arena);

	for (size_t i = 0; i < COUNT(hidden); i++)
		json_remove(view, hidden[i]);
	json_set_text(tx->arena, view, "name", applicant->name);
	json_set_text(tx->arena, view, "id_masked", applicant->id_masked);
	json_set(tx->arena, view, "lease",
		lease_json(tx, cursor_text(row, COLUMN_LEASE_ACCOUNT, tx->arena),
			cursor_text(row, COLUMN_LEASE_NAME, tx->arena),
			cursor_integer(row, COLUMN_LEASE_UNTIL)));
	return view;
}

/*
 * What a plan's condition asks for. `known` keeps it, since most rows share it; the plan itself is not kept.
 */
static enum result asked_for(struct transaction *tx, json *known, const char *plan_id,
	const char *condition_id, const json **asked)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const char *key = arena_printf(tx->arena, "%s %s", plan_id, condition_id);
	struct transaction looking = *tx;
	struct plan plan;
	enum result rc;

	*asked = json_get(known, key);
	if (*asked)
		return OK;
	looking.arena = scratch;
	rc = plan_load(&looking, plan_id, &plan);
	if (rc)
		return rc;
	*asked = json_set(tx->arena, known, key,
		json_copy(tx->arena,
			application_materials_asked(&looking, plan.manifest, condition_id)));
	return OK;
}

/* Names of the materials that the condition asks for and nobody uploaded. */
static enum result missing_add(struct transaction *tx, json *known, json *view)
{
	json *files, *missing = json_new_array(tx->arena);
	const char *condition_id = json_get_text(view, "condition");
	const json *asked = NULL;
	enum result rc = OK;

	if (condition_id)
		rc = asked_for(tx, known, json_get_text(view, "plan_id"), condition_id, &asked);
	if (rc)
		return rc;
	rc = store_array(tx->db, tx->arena,
		"SELECT material FROM material WHERE application_id = ?1",
		BIND(TEXT(json_get_text(view, "id"))), &files, tx->error);
	if (rc)
		return rc;

	json_each(material, asked)
	{
		if (!json_find(files, "material", json_get_text(material, "id")))
			json_append(
				missing, json_new_text(tx->arena, json_get_text(material, "name")));
	}
	json_set(tx->arena, view, "missing", missing);
	return OK;
}

static bool name_fits(const struct filter *filter, const struct applicant *applicant)
{
	return !*filter->name || (applicant->name && strstr(applicant->name, filter->name));
}

/* Puts the row on the page if its name fits. */
static enum result row_take(struct transaction *tx, const struct filter *filter,
	const struct cursor *row, json *known, json *page)
{
	struct applicant applicant;
	enum result rc = applicant_of_row(tx, row, 0, COLUMN_FORM, &applicant);

	if (rc || !name_fits(filter, &applicant))
		return rc;
	return missing_add(tx, known, json_append(page, row_object(tx, row, &applicant)));
}

/* Fills a page; *next tells the place after which there may be more. */
static enum result page_fill(
	struct transaction *tx, const struct filter *filter, json *page, const char **next)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *known = json_new_object(tx->arena);
	const char *place = NULL;
	int scanned = 0;
	enum result rc = queue_open(tx, filter, &rows);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		if (scanned++ == SCAN_MOST || (int64_t)json_count(page) == filter->page.most) {
			*next = place;
			break;
		}
		rc = row_take(tx, filter, &rows, known, page);
		if (rc)
			return rc;
		place = page_cursor(tx->arena, cursor_integer(&rows, COLUMN_DUE),
			cursor_text(&rows, 0, tx->arena));
	}
	return cursor_end(&rows, tx->error);
}

/* What waits in all, whatever the filter: counted once, with the first page. */
static enum result counts_add(struct transaction *tx, const struct filter *filter, json *view)
{
	json *counts;
	enum result rc;

	json_set(tx->arena, view, "counts", json_new_null(tx->arena));
	if (filter->page.begun)
		return OK;
	rc = store_object(tx->db, tx->arena,
		"SELECT COUNT(*) AS waiting,"
		" COALESCE(SUM(CASE WHEN due_at <= ?1 THEN 1 ELSE 0 END), 0) AS overdue,"
		" COALESCE(SUM(CASE WHEN lease_account = ?2 AND lease_until > ?1 THEN 1 ELSE 0 END), 0)"
		" AS mine FROM application WHERE state = 'reviewing' AND revision > 0",
		BIND(INTEGER(tx->now), TEXT(tx->actor.id)), &counts, tx->error);
	if (rc)
		return rc;
	json_set(tx->arena, view, "counts", counts);
	return OK;
}

enum result review_queue(struct transaction *tx, const json *filter, json **out)
{
	json *view = json_new_object(tx->arena);
	json *page = json_set(tx->arena, view, "applications", json_new_array(tx->arena));
	const char *next = NULL;
	struct filter wanted;
	enum result rc;

	rc = filter_read(tx, filter, &wanted);
	if (rc)
		return rc;
	rc = page_fill(tx, &wanted, page, &next);
	if (rc)
		return rc;
	rc = counts_add(tx, &wanted, view);
	if (rc)
		return rc;

	json_set_text(tx->arena, view, "next", next);
	*out = view;
	return OK;
}
