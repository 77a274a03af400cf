/*
 * Applying plans/<code>.json, and what an administrator writes in its place.
 *
 * The one hard thing: a plan pins its plugin. Applying the same document again must never move applicants to other
 * rules, so the pin changes only while nobody has applied.
 */
#include "plan_document.h"

#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "deployment.h"
#include "parsed.h"
#include "plan_change.h"
#include "plan_exam.h"
#include "plan_rules.h"

static const char *const moment_pointers[] = {
	"/apply/from", "/apply/until", "/pay_until", "/papers_until"};

static struct plan_moments moments_read(const json *document)
{
	int64_t moments[COUNT(moment_pointers)];

	for (size_t i = 0; i < COUNT(moments); i++)
		moments[i] = json_moment(json_at_pointer(document, moment_pointers[i]));
	return (struct plan_moments){moments[0], moments[1], moments[2], moments[3]};
}

/* Each can be read, and they follow each other. */
static void moments_check(struct transaction *tx, const struct plan_moments *from)
{
	const int64_t moments[COUNT(moment_pointers)] = {
		from->apply_from, from->apply_until, from->pay_until, from->papers_until};

	for (size_t i = 0; i < COUNT(moments); i++) {
		if (!moments[i])
			fault_add(tx->error, moment_pointers[i], "plan.moment", NULL);
		else if (i > 0 &&
			 (moments[i] < moments[i - 1] || (i == 1 && moments[i] == moments[i - 1])))
			fault_add(tx->error, moment_pointers[i], "plan.order", "before",
				moment_text(tx->arena, moments[i - 1]), NULL);
	}
}

static enum result known_load(struct transaction *tx, const char *code, struct plan_known *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct plan_known known = {0};
	const json *manifest = NULL;
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT id, plugin_id, plugin_sha256, (SELECT COUNT(*) FROM application a WHERE a.plan_id = plan.id),"
		" manifest, plugin_version FROM plan WHERE code = ?1",
		BIND(TEXT(code)), tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		known = (struct plan_known){.id = cursor_text(&rows, 0, tx->arena),
			.plugin_id = cursor_text(&rows, 1, tx->arena),
			.version = cursor_text(&rows, 5, tx->arena),
			.sha256 = cursor_text(&rows, 2, tx->arena),
			.applications = cursor_integer(&rows, 3)};
		rc = parsed_json(tx, cursor_peek(&rows, 4), &manifest);
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

static enum result plan_update(struct transaction *tx, const char *id, const json *document)
{
	const struct plan_moments moments = moments_read(document);

	return store_run(tx->db,
		"UPDATE plan SET filing_no = ?2, name = ?3, state = ?4, apply_from = ?5, apply_until = ?6,"
		" pay_until = ?7, papers_until = ?8, fee_fen = ?9, places = ?10, document = ?11,"
		" changed_at = ?12, version = version + 1 WHERE id = ?1",
		BIND(TEXT(id), TEXT(json_get_text(document, "filing_no")),
			TEXT(json_get_text(document, "name")),
			TEXT(json_get_text(document, "state")), INTEGER(moments.apply_from),
			INTEGER(moments.apply_until), INTEGER(moments.pay_until),
			INTEGER(moments.papers_until),
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
 * applications, unless another version is named, the one that it has, whatever has become of it.
 */
static enum result plugin_pick(struct transaction *tx, const json *document,
	const struct plan_known *known, struct catalogue_entry *out)
{
	const char *id = json_text(json_at_pointer(document, "/plugin/id"));
	const char *version = json_text(json_at_pointer(document, "/plugin/version"));
	bool pinned = !version || (text_equal(version, known->version) &&
					  (!id || text_equal(id, known->plugin_id)));

	if (known->applications > 0 && pinned)
		return catalogue_load(tx->deployment->catalogue, tx->arena, known->plugin_id, NULL,
			known->sha256, out, tx->error);
	return catalogue_pick(tx->deployment->catalogue, tx->arena,
		json_get_text(document, "occupation_code"),
		(int)json_get_integer(document, "level"), id, version, out, tx->error);
}

/* What the database or the candidates would make of it: told where it is written. */
static enum result standing_check(
	struct transaction *tx, const json *document, const struct plan_known *known)
{
	bool others;
	enum result rc = store_has(tx->db, "SELECT 1 FROM plan WHERE filing_no = ?1 AND code <> ?2",
		BIND(TEXT(json_get_text(document, "filing_no")),
			TEXT(json_get_text(document, "code"))),
		&others, tx->error);

	if (rc)
		return rc;
	if (others)
		fault_add(tx->error, "/filing_no", "plan.filing_no_taken", NULL);
	if (known->applications > 0 && text_equal(json_get_text(document, "state"), "draft"))
		fault_add(tx->error, "/state", "plan.has_applications", NULL);
	return refuse_faults(tx->error);
}

enum result plan_document_place(
	struct transaction *tx, const json *document, struct plan_reading *out)
{
	struct plan_reading reading = {.moments = moments_read(document)};
	enum result rc = known_load(tx, json_get_text(document, "code"), &reading.known);

	if (rc)
		return rc;
	rc = plugin_pick(tx, document, &reading.known, &reading.plugin);
	if (rc)
		return rc;
	rc = plan_rules_choose(tx, document, &reading.plugin.manifest);
	if (rc && rc != INVALID)
		return rc;
	rc = standing_check(tx, document, &reading.known);
	if (rc)
		return rc;
	*out = reading;
	return OK;
}

enum result plan_document_judge(
	struct transaction *tx, const json *document, const struct plan_reading *reading)
{
	moments_check(tx, &reading->moments);
	return plan_exam_check(
		tx, document, reading->plugin.manifest, reading->moments.papers_until);
}

enum result plan_document_keep(struct transaction *tx, const char *id, const json *document)
{
	json *detail = json_new_object(tx->arena);
	enum result rc = plan_update(tx, id, document);

	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "code", json_get_text(document, "code"));
	json_set_text(tx->arena, detail, "state", json_get_text(document, "state"));
	tenant_publish(tx->tenant);
	return audit_append(tx, "plan.applied", id, detail);
}

enum result plan_document_write(struct transaction *tx, const json *document,
	const struct plan_reading *reading, const char **id)
{
	const char *plan_id = NULL;
	enum result rc = pin(tx, &reading->known, &plan_id, document, &reading->plugin);

	rc = rc ? rc : plan_document_keep(tx, plan_id, document);
	if (rc)
		return rc;
	*id = plan_id;
	return OK;
}

/* What those who have applied were promised binds an operator's file as it binds the desk. */
static enum result promises_check(
	struct transaction *tx, const json *document, const struct plan_reading *reading)
{
	struct plan plan;
	enum result rc = reading->known.id ? plan_load(tx, reading->known.id, &plan) : OK;

	if (rc || !reading->known.id || text_equal(plan.state, "draft"))
		return rc;
	if (plan.cancelled_at)
		return fail(tx->error, CONFLICT, "plan.cancelled_file", NULL);
	rc = plan_change_check(tx, &plan, document, reading);
	return rc ? rc : refuse_faults(tx->error);
}

enum result plan_apply(struct transaction *tx, const json *document, const char **id)
{
	struct plan_reading reading;
	enum result rc = plan_document_place(tx, document, &reading);

	rc = rc ? rc : plan_document_judge(tx, document, &reading);
	rc = rc ? rc : promises_check(tx, document, &reading);
	return rc ? rc : plan_document_write(tx, document, &reading, id);
}
