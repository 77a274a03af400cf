/*
 * The administrator's plans. A document is judged by the same rules as `kaowu tenant apply` judges a file; a fault that
 * says only again that something is missing, because it lies inside of it, is not told twice.
 */
#include "plan_desk.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "calendar.h"
#include "deployment.h"
#include "plan_change.h"
#include "plan_document.h"
#include "profile.h"

#define YEARS_TOLD 3 /* of those without a calendar: nobody can do anything about later ones yet */

/* The plan as somebody saw it who wants to change it. */
static enum result seen_load(
	struct transaction *tx, const char *id, int64_t version, struct plan *plan)
{
	enum result rc = plan_load(tx, id, plan);

	return rc ? rc : plan_expect_seen(tx, plan, version);
}

static json *document_of(struct transaction *tx, const json *body, const char *state)
{
	json *document = json_copy(tx->arena, body);

	json_set_text(tx->arena, document, "state", state);
	return document;
}

/* Is the place, or one around it, told already? */
static bool told(const struct error *error, const char *pointer)
{
	for (const struct fault *fault = error->faults; fault; fault = fault->next) {
		size_t size = strlen(fault->pointer);

		if (strncmp(fault->pointer, pointer, size) == 0 &&
			(!pointer[size] || pointer[size] == '/'))
			return true;
	}
	return false;
}

static void told_remove(struct error *found, const struct error *error)
{
	struct fault **link = &found->faults;

	found->last_fault = NULL;
	while (*link) {
		if (told(error, (*link)->pointer)) {
			*link = (*link)->next;
			continue;
		}
		found->last_fault = *link;
		link = &(*link)->next;
	}
}

/* A plan that is published now but takes no applications any more helps nobody. */
static void over_check(struct transaction *tx, const struct plan_reading *reading)
{
	if (reading->moments.apply_until && reading->moments.apply_until <= tx->now)
		fault_add(tx->error, "/apply/until", "plan.over", NULL);
}

/* INVALID with everything that keeps the document, which has been placed, from being published. */
static enum result whole_check(
	struct transaction *tx, const json *document, const struct plan_reading *reading)
{
	struct error found = {.arena = tx->arena};
	struct transaction judging = *tx;
	enum result rc = schema_validate(
		schema_find(tx->deployment->schemas(), "kaowu:plan"), document, tx->error);

	if (rc && rc != INVALID)
		return rc;
	judging.error = &found;
	rc = plan_document_judge(&judging, document, reading);
	if (rc && rc != INVALID) {
		*tx->error = found;
		return rc;
	}
	told_remove(&found, tx->error);
	fault_join(tx->error, &found);
	return refuse_faults(tx->error);
}

static enum result publishable_check(
	struct transaction *tx, const json *document, const struct plan_reading *reading)
{
	over_check(tx, reading);
	return whole_check(tx, document, reading);
}

/* No plugin for what was chosen is a fault of the choice. */
static enum result place(struct transaction *tx, const json *document, struct plan_reading *reading)
{
	struct error none = {.arena = tx->arena};
	struct transaction placing = *tx;
	enum result rc;

	placing.error = &none;
	rc = plan_document_place(&placing, document, reading);
	if (rc && rc != NOT_FOUND && rc != INVALID) {
		*tx->error = none;
		return rc;
	}
	fault_join(tx->error, &none);
	if (rc == NOT_FOUND)
		fault_of_failure(tx->error, "/occupation_code", &none);
	return refuse_faults(tx->error);
}

static enum result missing_set(struct transaction *tx, const struct plan *plan, json *view)
{
	struct error found = {.arena = tx->arena};
	struct transaction looking = *tx;
	const json *document = plan->document;
	struct plan_reading reading;
	enum result rc = OK;

	looking.error = &found;
	if (text_equal(plan->state, "draft")) {
		document = document_of(tx, document, "published");
		rc = place(&looking, document, &reading);
		rc = rc ? rc : publishable_check(&looking, document, &reading);
	}
	if (rc && rc != INVALID) {
		*tx->error = found;
		return rc;
	}
	json_set(tx->arena, view, "missing", faults_json(tx->arena, tx->language, &found));
	return OK;
}

static void from_manifest(struct transaction *tx, const struct plan *plan, json *view)
{
	static const char *const members[] = {
		"level_name", "condition_set", "subjects", "work_types"};

	for (size_t i = 0; i < COUNT(members); i++) {
		const json *member = json_get(plan->manifest, members[i]);

		json_set(tx->arena, view, members[i],
			member ? json_copy(tx->arena, member) : json_new_array(tx->arena));
	}
}

/* In which answers to it fall due, from now on, and Monday to Friday count for want of better knowledge. */
static enum result years_set(struct transaction *tx, const struct plan *plan, json *view)
{
	const struct calendars *calendars = tx->deployment->calendars;
	int64_t from = plan->apply_from > tx->now ? plan->apply_from : tx->now, last = 0;
	json *years =
		json_set(tx->arena, view, "years_without_calendar", json_new_array(tx->arena));
	const json *profile;
	bool known;
	enum result rc = profile_load(tx, &profile);

	if (rc)
		return rc;
	if (plan->apply_until > from)
		last = calendar_due(
			calendars, plan->apply_until, profile_review_days(profile), &known);
	for (int year = date_of_moment(from).year; year <= date_of_moment(last).year; year++) {
		if (!calendar_knows(calendars, year) && json_count(years) < YEARS_TOLD)
			json_append(years, json_new_integer(tx->arena, year));
	}
	return OK;
}

enum result plan_desk_view(struct transaction *tx, const char *id, json **out)
{
	struct plan plan;
	json *view;
	enum result rc = plan_load(tx, id, &plan);

	rc = rc ? rc
		: store_object(tx->db, tx->arena,
			  "SELECT id, version, " PLAN_STATE_SQL
			  " AS state, tickets_from AS \"tickets_from@\", plugin_id,"
			  " plugin_version, occupation_name, (SELECT COUNT(*) FROM application a"
			  " WHERE a.plan_id = plan.id) AS applications FROM plan WHERE id = ?1",
			  BIND(TEXT(id)), &view, tx->error);
	if (rc)
		return rc;

	json *document = json_set(tx->arena, view, "document", json_copy(tx->arena, plan.document));
	json_remove(document, "state");
	plan_cancelled_show(tx, &plan, view);
	from_manifest(tx, &plan, view);
	rc = missing_set(tx, &plan, view);
	rc = rc ? rc : years_set(tx, &plan, view);
	if (rc)
		return rc;
	*out = view;
	return OK;
}

/* A new row of a document that may say little. */
static enum result code_check(struct transaction *tx, const char *code)
{
	bool taken;
	enum result rc = store_has(
		tx->db, "SELECT 1 FROM plan WHERE code = ?1", BIND(TEXT(code)), &taken, tx->error);

	if (rc)
		return rc;
	if (taken)
		fault_add(tx->error, "/code", "plan.code_taken", NULL);
	return refuse_faults(tx->error);
}

static enum result begin(struct transaction *tx, const json *document, const char **id)
{
	struct plan_reading reading;
	enum result rc = code_check(tx, json_get_text(document, "code"));

	rc = rc ? rc : place(tx, document, &reading);
	return rc ? rc : plan_document_write(tx, document, &reading, id);
}

enum result plan_desk_create(struct transaction *tx, const json *body, const char **id)
{
	return begin(tx, document_of(tx, body, "draft"), id);
}

enum result plan_desk_clone(
	struct transaction *tx, const char *from, const json *body, const char **id)
{
	struct plan plan;
	json *document;
	enum result rc = plan_load(tx, from, &plan);

	if (rc)
		return rc;
	document = document_of(tx, plan.document, "draft");
	json_remove(document, "filing_no");
	json_set_text(tx->arena, document, "code", json_get_text(body, "code"));
	json_set_text(tx->arena, document, "name", json_get_text(body, "name"));
	return begin(tx, document, id);
}

enum result plan_desk_save(
	struct transaction *tx, const char *id, int64_t version, const json *body)
{
	struct plan_reading reading;
	struct plan plan;
	json *document;
	enum result rc = seen_load(tx, id, version, &plan);

	if (rc)
		return rc;
	document = document_of(tx, body, plan.state);
	if (!text_equal(json_get_text(document, "code"), plan.code)) {
		fault_add(tx->error, "/code", "plan.code_fixed", NULL);
		return refuse_faults(tx->error);
	}
	rc = place(tx, document, &reading);
	if (!rc && !text_equal(plan.state, "draft")) {
		rc = plan_change_check(tx, &plan, document, &reading);
		rc = rc ? rc : whole_check(tx, document, &reading);
	}
	return rc ? rc : plan_document_write(tx, document, &reading, &id);
}

static enum result publish(struct transaction *tx, const struct plan *plan)
{
	json *document = document_of(tx, plan->document, "published");
	struct plan_reading reading;
	const char *id;
	enum result rc = place(tx, document, &reading);

	rc = rc ? rc : publishable_check(tx, document, &reading);
	return rc ? rc : plan_document_write(tx, document, &reading, &id);
}

enum result plan_desk_publish(struct transaction *tx, const char *id, int64_t version)
{
	struct plan plan;
	enum result rc = seen_load(tx, id, version, &plan);

	if (rc)
		return rc;
	return text_equal(plan.state, "published") ? OK : publish(tx, &plan);
}

/* Whatever has become of its plugin. */
enum result plan_desk_close(struct transaction *tx, const char *id, int64_t version)
{
	struct plan plan;
	enum result rc = seen_load(tx, id, version, &plan);

	if (rc)
		return rc;
	if (!text_equal(plan.state, "published"))
		return fail(tx->error, CONFLICT, "plan.not_published", NULL);
	return plan_document_keep(tx, plan.id, document_of(tx, plan.document, "closed"));
}

enum result plan_desk_preview(struct transaction *tx, const char *id, json **out)
{
	struct plan_reading reading;
	struct plan plan;
	enum result rc = plan_load(tx, id, &plan);

	if (!rc && text_equal(plan.state, "draft")) {
		json *document = document_of(tx, plan.document, "published");

		rc = place(tx, document, &reading);
		rc = rc ? rc : whole_check(tx, document, &reading);
	}
	return rc ? rc : plan_view(tx, &plan, out);
}

/* Of each occupation and level the first that is active: catalogue_list() has the highest version first. */
static bool plugin_offered(const json *plugin, const json *offered)
{
	return text_equal(json_get_text(plugin, "state"), "active") &&
	       !(offered &&
		       text_equal(json_get_text(offered, "occupation_code"),
			       json_get_text(plugin, "occupation_code")) &&
		       json_get_integer(offered, "level") == json_get_integer(plugin, "level"));
}

static bool plugin_after(const struct page *page, const json *plugin)
{
	int order = page->begun ? strcmp(json_get_text(plugin, "occupation_code"), page->text) : 1;

	return order > 0 || (order == 0 && json_get_integer(plugin, "level") > page->number);
}

enum result plan_desk_plugins(struct transaction *tx, const struct page *page, json **out)
{
	static const char *const shown[] = {
		"id", "version", "occupation_code", "occupation_name", "level"};
	json *plugins, *view = json_new_object(tx->arena), *rows = json_new_array(tx->arena);
	const json *offered = NULL;
	enum result rc = catalogue_list(tx->deployment->catalogue, tx->arena, &plugins, tx->error);

	if (rc)
		return rc;
	json_each(plugin, plugins)
	{
		if (!plugin_offered(plugin, offered))
			continue;
		offered = plugin;
		if (!plugin_after(page, plugin) || (int64_t)json_count(rows) > page->most)
			continue;
		json *row = json_append(rows, json_new_object(tx->arena));
		for (size_t i = 0; i < COUNT(shown); i++)
			json_set(tx->arena, row, shown[i],
				json_copy(tx->arena, json_get(plugin, shown[i])));
	}
	page_end(tx->arena, page, view, "plugins", rows, "level", "occupation_code");
	*out = view;
	return OK;
}
