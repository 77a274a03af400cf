/*
 * Assessment plans: reading them, showing them to the public, and applying plans/<code>.json.
 *
 * The one hard thing: a plan pins its plugin. Applying the same document again must never move applicants to other
 * rules, so the pin changes only while nobody has applied.
 */
#include "plan.h"

#include <inttypes.h>
#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "deployment.h"
#include "parsed.h"
#include "plan_exam.h"
#include "plan_rules.h"
#include "plugin/catalogue.h"

#define PLAN_COLUMNS                                                                               \
	"id, code, filing_no, name, state, occupation_code, occupation_name, level, sequence,"     \
	" plugin_id, plugin_version, plugin_sha256, manifest, document, apply_from, apply_until,"  \
	" pay_until, papers_until, tickets_from, fee_fen, places, version"

static enum result plan_read(struct transaction *tx, const struct cursor *row, struct plan *out)
{
	struct plan plan = {
		.id = cursor_text(row, 0, tx->arena),
		.code = cursor_text(row, 1, tx->arena),
		.filing_no = cursor_text(row, 2, tx->arena),
		.name = cursor_text(row, 3, tx->arena),
		.state = cursor_text(row, 4, tx->arena),
		.occupation_code = cursor_text(row, 5, tx->arena),
		.occupation_name = cursor_text(row, 6, tx->arena),
		.level = (int)cursor_integer(row, 7),
		.sequence = cursor_integer(row, 8),
		.plugin_id = cursor_text(row, 9, tx->arena),
		.plugin_version = cursor_text(row, 10, tx->arena),
		.plugin_sha256 = cursor_text(row, 11, tx->arena),
		.apply_from = cursor_integer(row, 14),
		.apply_until = cursor_integer(row, 15),
		.pay_until = cursor_integer(row, 16),
		.papers_until = cursor_integer(row, 17),
		.tickets_from = cursor_integer(row, 18),
		.fee_fen = cursor_integer(row, 19),
		.places = cursor_integer(row, 20),
		.version = cursor_integer(row, 21),
	};
	enum result rc;

	rc = parsed_json(tx, cursor_text(row, 12, tx->arena), &plan.manifest);
	if (rc)
		return rc;
	rc = parsed_json(tx, cursor_text(row, 13, tx->arena), &plan.document);
	if (rc)
		return rc;

	*out = plan;
	return OK;
}

/* Staff see drafts as well; everybody else only what has been published. */
static bool plan_visible(const struct transaction *tx, const struct plan *plan)
{
	return tx->actor.kind > ACTOR_CANDIDATE || !text_equal(plan->state, "draft");
}

enum result plan_load(struct transaction *tx, const char *id, struct plan *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct plan plan = {0};
	enum result rc;

	rc = store_query(tx->db, &rows, "SELECT " PLAN_COLUMNS " FROM plan WHERE id = ?1",
		BIND(TEXT(id)), tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows))
		rc = plan_read(tx, &rows, &plan);
	if (rc)
		return rc;
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!plan.id || !plan_visible(tx, &plan))
		return fail(tx->error, NOT_FOUND, "plan.unknown", NULL);

	*out = plan;
	return OK;
}

enum result plan_expect_open(struct transaction *tx, const struct plan *plan)
{
	if (text_equal(plan->state, "published") && plan->apply_from <= tx->now &&
		tx->now < plan->apply_until)
		return OK;

	return fail(tx->error, CONFLICT, "plan.not_open", "from",
		moment_text(tx->arena, plan->apply_from), "until",
		moment_text(tx->arena, plan->apply_until), NULL);
}

/* What everybody may see, as JSON. Places taken count whoever holds one: handed in and not given up. */
#define PLAN_VIEW_COLUMNS                                                                          \
	"id, code, filing_no, name, state, occupation_code, occupation_name, level, fee_fen,"      \
	" apply_from AS \"apply_from@\", apply_until AS \"apply_until@\","                         \
	" pay_until AS \"pay_until@\", papers_until AS \"papers_until@\","                         \
	" tickets_from AS \"tickets_from@\", places,"                                              \
	" (SELECT COUNT(*) FROM application a WHERE a.plan_id = plan.id AND a.state IN"            \
	" ('reviewing', 'rejected', 'approved', 'ticketed')) AS places_taken"

/* Both lists of plans: by closing moment, the latest first, then by code. */
#define PLAN_PAGE_SQL                                                                              \
	" apply_until AS " PAGE_NUMBER ","                                                         \
	" (apply_from <= ?1 AND apply_until > ?1 AND state = 'published') AS \"open?\" FROM plan"  \
	" WHERE (?2 = 0 OR apply_until < ?3 OR (apply_until = ?3 AND code > ?4))"
#define PLAN_PAGE_ORDER " ORDER BY apply_until DESC, code LIMIT ?5"
#define PLAN_PAGE(tx, page)                                                                        \
	INTEGER((tx)->now), INTEGER((page)->begun), INTEGER((page)->number), TEXT((page)->text),   \
		INTEGER((page)->most + 1)

enum result plan_list(struct transaction *tx, const char *occupation_code, int level,
	const struct page *page, json **out)
{
	json *view = json_new_object(tx->arena);
	json *plans;
	enum result rc;

	rc = store_array(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS "," PLAN_PAGE_SQL
		" AND state = 'published' AND (?6 IS NULL OR occupation_code = ?6)"
		" AND (?7 = 0 OR level = ?7)" PLAN_PAGE_ORDER,
		BIND(PLAN_PAGE(tx, page), TEXT(occupation_code), INTEGER(level)), &plans,
		tx->error);
	if (rc)
		return rc;

	page_end(tx->arena, page, view, "plans", plans, PAGE_NUMBER, "code");
	*out = view;
	return OK;
}

enum result plan_list_all(struct transaction *tx, const struct page *page, json **out)
{
	json *view = json_new_object(tx->arena);
	json *plans;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS
		", plugin_id, plugin_version, version," PLAN_PAGE_SQL PLAN_PAGE_ORDER,
		BIND(PLAN_PAGE(tx, page)), &plans, tx->error);

	if (rc)
		return rc;
	page_end(tx->arena, page, view, "plans", plans, PAGE_NUMBER, "code");
	*out = view;
	return OK;
}

json *plan_identities(struct transaction *tx, const struct plan *plan)
{
	const json *list = json_get(plan->document, "identities");

	if (list)
		return json_copy(tx->arena, list);
	json *everyone = json_new_array(tx->arena);
	json_append(tx->arena, everyone, json_new_text(tx->arena, "职工"));
	return everyone;
}

/* The part of the manifest that candidates are shown before they apply. */
static void manifest_view(struct transaction *tx, const struct plan *plan, json *view)
{
	static const char *const members[] = {"level_name", "condition_set", "related",
		"conditions", "materials", "work_types", "majors", "subjects", "fields"};

	for (size_t i = 0; i < COUNT(members); i++) {
		json *member = json_get(plan->manifest, members[i]);

		if (member)
			json_set(tx->arena, view, members[i], json_copy(tx->arena, member));
	}
}

enum result plan_view(struct transaction *tx, const struct plan *plan, json **out)
{
	static const char *const members[] = {"exam", "payment", "work_type", "note"};
	json *view, *overlays;
	enum result rc;

	rc = store_object(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS ","
		" (apply_from <= ?2 AND apply_until > ?2 AND state = 'published') AS \"open?\""
		" FROM plan WHERE id = ?1",
		BIND(TEXT(plan->id), INTEGER(tx->now)), &view, tx->error);
	if (rc)
		return rc;
	rc = plan_overlays(tx, plan, &overlays);
	if (rc)
		return rc;

	for (size_t i = 0; i < COUNT(members); i++) {
		json *member = json_get(plan->document, members[i]);

		if (member)
			json_set(tx->arena, view, members[i], json_copy(tx->arena, member));
	}
	manifest_view(tx, plan, view);
	json_set(tx->arena, view, "identities", plan_identities(tx, plan));
	json_set(tx->arena, view, "overlays", overlays);
	*out = view;
	return OK;
}

enum result plan_next_change(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MIN(moment), 0) FROM (SELECT apply_from AS moment FROM plan"
		" WHERE apply_from > ?1 UNION ALL SELECT apply_until FROM plan WHERE apply_until > ?1) t",
		BIND(INTEGER(tx->now)), at, tx->error);
}

enum result plan_overlays(struct transaction *tx, const struct plan *plan, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT id, kind, occupation_code, name, reason, valid_from AS \"from\","
		" valid_until AS \"until\" FROM overlay WHERE occupation_code = ?1 ORDER BY id",
		BIND(TEXT(plan->occupation_code)), out, tx->error);
}

/* The moments of a document, checked for their order. */
struct plan_moments {
	int64_t apply_from, apply_until, pay_until, papers_until;
};

static enum result moments_read(
	struct transaction *tx, const json *document, struct plan_moments *out)
{
	static const char *const pointers[] = {
		"/apply/from", "/apply/until", "/pay_until", "/papers_until"};
	int64_t moments[COUNT(pointers)] = {0};

	for (size_t i = 0; i < COUNT(pointers); i++) {
		if (moment_parse(json_text(json_at_pointer(document, pointers[i])), &moments[i]))
			fault_add(tx->error, pointers[i], "plan.moment", NULL);
		else if (i > 0 &&
			 (moments[i] < moments[i - 1] || (i == 1 && moments[i] == moments[i - 1])))
			fault_add(tx->error, pointers[i], "plan.order", "before", pointers[i - 1],
				NULL);
	}
	*out = (struct plan_moments){moments[0], moments[1], moments[2], moments[3]};
	return refuse_faults(tx->error);
}

/* What is there already under this code: NULL id if nothing. */
struct plan_known {
	const char *id, *plugin_id, *sha256;
	const char *condition_set; /* of the manifest that it keeps */
	int64_t applications;
};

static enum result known_load(struct transaction *tx, const char *code, struct plan_known *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct plan_known known = {0};
	const json *manifest = NULL;
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT id, plugin_id, plugin_sha256, (SELECT COUNT(*) FROM application a WHERE a.plan_id = plan.id),"
		" manifest FROM plan WHERE code = ?1",
		BIND(TEXT(code)), tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		known = (struct plan_known){.id = cursor_text(&rows, 0, tx->arena),
			.plugin_id = cursor_text(&rows, 1, tx->arena),
			.sha256 = cursor_text(&rows, 2, tx->arena),
			.applications = cursor_integer(&rows, 3)};
		rc = parsed_json(tx, cursor_text(&rows, 4, tx->arena), &manifest);
	}
	if (rc)
		return rc;
	known.condition_set = json_get_text(manifest, "condition_set");
	*out = known;
	return cursor_end(&rows, tx->error);
}

static enum result plan_insert(struct transaction *tx, const char *id, const json *document,
	const struct catalogue_entry *plugin)
{
	return store_run(tx->db,
		"INSERT INTO plan (id, code, sequence, name, state, occupation_code, occupation_name, level,"
		" plugin_id, plugin_version, plugin_sha256, manifest, apply_from, apply_until, pay_until,"
		" papers_until, fee_fen, places, document, created_at, changed_at) VALUES (?1, ?2,"
		" (SELECT COALESCE(MAX(sequence), 0) + 1 FROM plan), '', 'draft', ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
		" 0, 0, 0, 0, 0, 0, '{}', ?10, ?10)",
		BIND(TEXT(id), TEXT(json_get_text(document, "code")),
			TEXT(json_get_text(document, "occupation_code")),
			TEXT(json_text(json_at_pointer(plugin->manifest, "/occupation/name"))),
			INTEGER(json_get_integer(document, "level")), TEXT(plugin->id),
			TEXT(plugin->version), TEXT(plugin->sha256),
			TEXT(json_print(tx->arena, plugin->manifest)), INTEGER(tx->now)),
		tx->error);
}

static enum result plan_update(struct transaction *tx, const char *id, const json *document,
	const struct plan_moments *moments)
{
	return store_run(tx->db,
		"UPDATE plan SET filing_no = ?2, name = ?3, state = ?4, apply_from = ?5, apply_until = ?6,"
		" pay_until = ?7, papers_until = ?8, fee_fen = ?9, places = ?10, document = ?11,"
		" changed_at = ?12, version = version + 1 WHERE id = ?1",
		BIND(TEXT(id), TEXT(json_get_text(document, "filing_no")),
			TEXT(json_get_text(document, "name")),
			TEXT(json_get_text(document, "state")), INTEGER(moments->apply_from),
			INTEGER(moments->apply_until), INTEGER(moments->pay_until),
			INTEGER(moments->papers_until),
			INTEGER(json_get_integer(document, "fee_fen")),
			INTEGER(json_get_integer(document, "places")),
			TEXT(json_print(tx->arena, document)), INTEGER(tx->now)),
		tx->error);
}

static enum result plan_repin(
	struct transaction *tx, const char *id, const struct catalogue_entry *plugin)
{
	return store_run(tx->db,
		"UPDATE plan SET plugin_id = ?2, plugin_version = ?3, plugin_sha256 = ?4, manifest = ?5,"
		" occupation_code = ?6, occupation_name = ?7, level = ?8 WHERE id = ?1",
		BIND(TEXT(id), TEXT(plugin->id), TEXT(plugin->version), TEXT(plugin->sha256),
			TEXT(json_print(tx->arena, plugin->manifest)),
			TEXT(plugin->occupation_code), TEXT(plugin->occupation_name),
			INTEGER(plugin->level)),
		tx->error);
}

static bool pin_holds(
	const struct plan_known *known, const json *document, const struct catalogue_entry *plugin)
{
	return text_equal(known->sha256, plugin->sha256) &&
	       text_equal(known->condition_set, json_get_text(plugin->manifest, "condition_set")) &&
	       text_equal(json_get_text(document, "occupation_code"), plugin->occupation_code) &&
	       json_get_integer(document, "level") == plugin->level;
}

/* New, or moved to the plugin that was picked, or left alone; never moved once somebody has applied. */
static enum result pin(struct transaction *tx, const struct plan_known *known, const char **id,
	const json *document, const struct catalogue_entry *plugin)
{
	if (!known->id) {
		*id = id_create(tx->arena);
		return plan_insert(tx, *id, document, plugin);
	}

	*id = known->id;
	if (pin_holds(known, document, plugin))
		return OK;
	if (known->applications == 0)
		return plan_repin(tx, known->id, plugin);
	return fail(
		tx->error, CONFLICT, "plan.pinned", "code", json_get_text(document, "code"), NULL);
}

/*
 * The plugin that the document names, or the newest active one of its occupation and level; for a plan with
 * applications, unless a version is named, the one that it has, whatever has become of it.
 */
static enum result plugin_pick(struct transaction *tx, const json *document,
	const struct plan_known *known, struct catalogue_entry *out)
{
	const char *version = json_text(json_at_pointer(document, "/plugin/version"));

	if (known->applications > 0 && !version)
		return catalogue_load(tx->deployment->catalogue, tx->arena, known->plugin_id, NULL,
			known->sha256, out, tx->error);
	return catalogue_pick(tx->deployment->catalogue, tx->arena,
		json_get_text(document, "occupation_code"),
		(int)json_get_integer(document, "level"),
		json_text(json_at_pointer(document, "/plugin/id")), version, out, tx->error);
}

/* What the database or the candidates would make of it: told where it is written. */
static enum result standing_check(
	struct transaction *tx, const json *document, const struct plan_known *known)
{
	int64_t others;
	enum result rc = store_integer(tx->db,
		"SELECT COUNT(*) FROM plan WHERE filing_no = ?1 AND code <> ?2",
		BIND(TEXT(json_get_text(document, "filing_no")),
			TEXT(json_get_text(document, "code"))),
		&others, tx->error);

	if (rc)
		return rc;
	if (others > 0)
		fault_add(tx->error, "/filing_no", "plan.filing_no_taken", NULL);
	if (known->applications > 0 && text_equal(json_get_text(document, "state"), "draft"))
		fault_add(tx->error, "/state", "plan.has_applications", NULL);
	return refuse_faults(tx->error);
}

enum result plan_apply(struct transaction *tx, const json *document, const char **id)
{
	struct catalogue_entry plugin;
	struct plan_moments moments;
	struct plan_known known;
	const char *plan_id = NULL;
	enum result rc;

	rc = moments_read(tx, document, &moments);
	if (rc)
		return rc;
	rc = known_load(tx, json_get_text(document, "code"), &known);
	if (rc)
		return rc;
	rc = plugin_pick(tx, document, &known, &plugin);
	if (rc)
		return rc;
	rc = plan_rules_choose(tx, document, &plugin.manifest);
	if (rc)
		return rc;
	rc = plan_exam_check(tx, document, plugin.manifest, moments.papers_until);
	if (rc)
		return rc;
	rc = pin(tx, &known, &plan_id, document, &plugin);
	if (rc)
		return rc;
	rc = standing_check(tx, document, &known);
	if (rc)
		return rc;
	rc = plan_update(tx, plan_id, document, &moments);
	if (rc)
		return rc;

	json *detail = json_new_object(tx->arena);
	json_set_text(tx->arena, detail, "code", json_get_text(document, "code"));
	json_set_text(tx->arena, detail, "state", json_get_text(document, "state"));
	tenant_publish(tx->tenant);
	*id = plan_id;
	return audit_append(tx, "plan.applied", plan_id, detail);
}
