/*
 * Handing in an application: what must be there, what the rules say, and the revision that is kept.
 */
#include "submission.h"

#include <inttypes.h>
#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "calendar.h"
#include "consultation.h"
#include "deployment.h"
#include "fields.h"
#include "material.h"
#include "notice.h"
#include "openness.h"
#include "plugin/eligibility.h"
#include "profile.h"
#include "topics.h"
#include "wording.h"

/*
 * Evaluates the pinned manifest with the tenant's overlays on the form as it stands today, and has the plugin's own
 * function judge it (consultation.h): a fault for each thing that it refuses; *manual is true where a reviewer has to
 * judge eligibility because the plugin failed. Only a `whole` form, with nothing missing, is shown to the plugin.
 */
static enum result verdict_of(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *form, bool whole, json **verdict, bool *manual)
{
	json *overlays;
	enum result rc = profile_overlays(tx, plan->occupation_code, &overlays);

	if (rc)
		return rc;
	eligibility_evaluate(tx->arena, plan->manifest, application->condition_id, overlays,
		topics_facts(tx, form), verdict);
	return consultation_judge(tx, application, plan, whole ? form : NULL, *verdict, manual);
}

static void missing(struct transaction *tx, const char *pointer, const char *name)
{
	fault_add(tx->error, pointer, "application.missing", "name", name, NULL);
}

static void part_missing(struct transaction *tx, const char *pointer, const char *name_code)
{
	missing(tx, pointer, message_text(tx->arena, tx->language, name_code, NULL));
}

/* [{"material","file_id","sha256"}]: enough to find the files and to see what changed. */
static enum result materials_pinned(
	struct transaction *tx, const struct application *application, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT material, file_id, sha256 FROM material WHERE application_id = ?1"
		" ORDER BY material",
		BIND(TEXT(application->id)), out, tx->error);
}

/* A fault for each material asked for and not uploaded. */
static void materials_complete(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *uploaded)
{
	json *asked = application_materials_asked(tx, plan->manifest, application->condition_id);
	json_each(material, asked)
	{
		const char *id = json_get_text(material, "id");

		if (json_get_true(material, "required") && !json_find(uploaded, "material", id))
			missing(tx, arena_printf(tx->arena, "/materials/%s", id),
				json_get_text(material, "name"));
	}
}

/* Adds a fault for each thing that is missing or stands in the way before it can be handed in. */
static enum result complete(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *form, const json *materials)
{
	enum result rc = topics_person_once(tx, application, "/details/id_number");

	if (rc)
		return rc;
	if (!json_get(form, "details"))
		part_missing(tx, "/details", "application.part_details");
	if (application->identity)
		topics_identity(tx, plan, application->identity);
	else
		part_missing(tx, "/identity", "application.part_identity");
	if (!application->condition_id)
		part_missing(tx, "/condition", "application.part_condition");
	/* What each topic could not know of the others: work before one was born. */
	eligibility_check_facts(tx->error, "", topics_facts(tx, form));
	fields_check(tx, plan, json_get(form, "fields"));
	if (application->condition_id) {
		materials_complete(tx, application, plan, materials);
		topics_requirements(tx, plan, application->condition_id, form);
	}
	return refuse_faults(tx->error);
}

static const char *revision_hash(struct transaction *tx, const struct application *application,
	const char *form, const char *materials)
{
	const char *identity = application->identity, *condition = application->condition_id;
	const char *const parts[] = {identity ? identity : "", "\n", condition ? condition : "",
		"\n", form, "\n", materials};
	struct sha256_stream *stream = sha256_begin();
	uint8_t digest[SHA256_SIZE];

	for (size_t i = 0; i < COUNT(parts); i++)
		sha256_more(stream, bytes_of(parts[i], strlen(parts[i])));
	sha256_end(stream, digest);
	return hex_encode(tx->arena, digest, sizeof(digest));
}

char *revision_context(struct transaction *tx, const char *application_id, int64_t revision)
{
	return arena_printf(tx->arena, "revision.form:%s:%" PRId64, application_id, revision);
}

static enum result revision_insert(struct transaction *tx, const struct application *application,
	const char *form, const json *materials)
{
	const char *pinned = json_print(tx->arena, materials);
	struct bytes sealed = seal_text(tx->arena, tx->keys,
		revision_context(tx, application->id, application->revision), form);

	return store_run(tx->db,
		"INSERT INTO revision (application_id, revision, identity, condition_id, form_sealed,"
		" materials, verdict, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		BIND(TEXT(application->id), INTEGER(application->revision),
			TEXT(application->identity), TEXT(application->condition_id), BLOB(sealed),
			TEXT(pinned), TEXT(application->verdict),
			TEXT(revision_hash(tx, application, form, pinned)), INTEGER(tx->now)),
		tx->error);
}

/* By the end of the second working day; a year without a calendar is told in the audit row of the move. */
static enum result due_set(struct transaction *tx, struct application *application, json *detail)
{
	const json *profile;
	bool known;
	enum result rc = profile_load(tx, &profile);

	if (rc)
		return rc;

	const json *rules = json_get(profile, "rules");
	bool keep = application->due_at && json_get(rules, "edit_restarts_review") &&
		    !json_get_true(rules, "edit_restarts_review");
	if (keep && application->state == APPLICATION_REVIEWING)
		return OK;

	application->due_at = calendar_due(
		tx->deployment->calendars, tx->now, profile_review_days(profile), &known);
	if (!known)
		json_set_boolean(tx->arena, detail, "calendar_unknown", true);
	return OK;
}

/* The newest ones are looked at by their number: however many there are, that is one row. What a clock wrote that was
 * put back since is of no day. */
static enum result expect_day_has_room(
	struct transaction *tx, const struct application *application)
{
	int64_t at;
	enum result rc = store_integer(tx->db,
		"SELECT COALESCE(MAX(created_at), 0) FROM revision"
		" WHERE application_id = ?1 AND revision = ?2",
		BIND(TEXT(application->id),
			INTEGER(application->revision - LIMIT_DAY_REVISIONS + 1)),
		&at, tx->error);

	if (rc || at > tx->now || at + DAY_MS <= tx->now)
		return rc;
	return fail_too_soon(tx->error, "application.day_revisions", at + DAY_MS - tx->now);
}

/* Judges what stands now and writes it as the next revision; the caller moves the state. */
static enum result revise(struct transaction *tx, struct application *application,
	const struct plan *plan, json *detail)
{
	json *form, *materials, *verdict;
	enum result rc;

	rc = application_expect_open(tx, application, plan);
	rc = rc ? rc : expect_day_has_room(tx, application);
	rc = rc ? rc : application_form(tx, application, &form);
	rc = rc ? rc : materials_pinned(tx, application, &materials);
	rc = rc ? rc : complete(tx, application, plan, form, materials);
	if (rc)
		return rc;
	rc = verdict_of(tx, application, plan, form, true, &verdict, &application->manual);
	rc = rc ? rc : refuse_faults(tx->error);
	if (rc)
		return rc;
	if (!application->manual && text_equal(json_get_text(verdict, "outcome"), "not_met"))
		return fail(tx->error, INVALID, "eligibility.not_met", "eligible_from",
			json_get_text(verdict, "eligible_from"), NULL);

	application->verdict = json_print(tx->arena, verdict);
	application->revision++;
	json_set_text(tx->arena, detail, "verdict", json_get_text(verdict, "outcome"));
	rc = due_set(tx, application, detail);
	if (rc)
		return rc;
	return revision_insert(tx, application, json_print(tx->arena, form), materials);
}

static enum result expect_answered(struct transaction *tx, const struct application *application)
{
	bool answered;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM judgement WHERE application_id = ?1 AND outcome = 'fail'"
		" AND answered_at IS NOT NULL",
		BIND(TEXT(application->id)), &answered, tx->error);

	if (rc)
		return rc;
	return answered ? OK : fail(tx->error, CONFLICT, "application.unchanged", NULL);
}

/* What was changed waits for a new judgement, also where it was withdrawn since; what failed and stayed as it is keeps
 * its failure, for the reviewer to see. */
static enum result answered_clear(struct transaction *tx, const struct application *application)
{
	if (application->revision == 0)
		return OK; /* nobody has judged it yet */
	return store_run(tx->db,
		"DELETE FROM judgement WHERE application_id = ?1 AND answered_at IS NOT NULL",
		BIND(TEXT(application->id)), tx->error);
}

static enum result submitted_notice(struct transaction *tx, const struct application *application)
{
	return notice_account(tx, application->account_id, "submitted", application->id,
		arena_printf(
			tx->arena, "submitted:%s:%" PRId64, application->id, application->revision),
		"number", application->number, "due",
		day_words(tx->arena, date_of_moment(application->due_at - 1)), NULL);
}

enum result application_submit(struct transaction *tx, struct application *application)
{
	json *detail = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = application_expect_event(tx, application, EVENT_SUBMIT);

	rc = rc ? rc : material_expect_consents(tx, application);
	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	if (rc)
		return rc;
	rc = application->state == APPLICATION_REJECTED ? expect_answered(tx, application)
							: application_expect_place(tx, &plan);
	rc = rc ? rc : answered_clear(tx, application);
	if (rc)
		return rc;
	rc = revise(tx, application, &plan, detail);
	if (rc)
		return rc;

	application->submitted_at = tx->now;
	application->decided_at = 0;
	rc = application_move(tx, application, EVENT_SUBMIT, detail);
	if (rc)
		return rc;
	return submitted_notice(tx, application);
}

/* What a reviewer judged before the change no longer holds; a failed item of a rejection counts as answered. */
static enum result judgement_touched(
	struct transaction *tx, const struct application *application, const char *item)
{
	const char *sql =
		application->state == APPLICATION_REJECTED
			? "UPDATE judgement SET answered_at = ?3 WHERE application_id = ?1 AND item = ?2"
			: "DELETE FROM judgement WHERE application_id = ?1 AND item = ?2 AND ?3 > 0";

	return store_run(
		tx->db, sql, BIND(TEXT(application->id), TEXT(item), INTEGER(tx->now)), tx->error);
}

enum result submission_changed(
	struct transaction *tx, struct application *application, const char *item)
{
	json *detail = json_new_object(tx->arena);
	struct plan plan;
	enum result rc;

	json_set_text(tx->arena, detail, "item", item);
	rc = judgement_touched(tx, application, item);
	if (rc)
		return rc;
	if (application->state == APPLICATION_REVIEWING) {
		rc = plan_load(tx, application->plan_id, &plan);
		rc = rc ? rc : revise(tx, application, &plan, detail);
		if (rc)
			return rc;
		return application_move(tx, application, EVENT_EDIT, detail);
	}
	rc = application_save(tx, application);
	if (rc)
		return rc;
	return audit_append(tx, "application.changed", application->id, detail);
}

enum result submission_corrected(
	struct transaction *tx, struct application *application, const json *form)
{
	const char *text;
	json *materials;
	enum result rc = store_text(tx->db, tx->arena,
		"SELECT materials FROM revision WHERE application_id = ?1 AND revision = ?2",
		BIND(TEXT(application->id), INTEGER(application->approved_revision)), &text,
		tx->error);

	rc = rc ? rc : json_parse(tx->arena, text, strlen(text), &materials, tx->error);
	if (rc)
		return rc;
	application_form_put(tx, application, form);
	application->approved_revision = ++application->revision;
	return revision_insert(tx, application, json_print(tx->arena, form), materials);
}

enum result submission_hash(struct transaction *tx, const struct application *application,
	int64_t revision, const char **hash)
{
	return store_text(tx->db, tx->arena,
		"SELECT hash FROM revision WHERE application_id = ?1 AND revision = ?2",
		BIND(TEXT(application->id), INTEGER(revision)), hash, tx->error);
}

enum result application_preview(struct transaction *tx, struct application *application, json **out)
{
	struct error missing_parts = {.arena = tx->arena};
	struct transaction looking = *tx;
	struct plan plan;
	json *form, *materials, *verdict = NULL;
	json *view = json_new_object(tx->arena);
	bool manual = false;
	enum result rc;

	rc = plan_load(tx, application->plan_id, &plan);
	if (rc)
		return rc;
	rc = application_form(tx, application, &form);
	if (rc)
		return rc;
	rc = materials_pinned(tx, application, &materials);
	if (rc)
		return rc;
	looking.error = &missing_parts;
	rc = complete(&looking, application, &plan, form, materials);
	if (rc && rc != INVALID) {
		*tx->error = missing_parts;
		return rc;
	}
	if (application->condition_id) {
		bool whole = rc == OK;

		rc = verdict_of(&looking, application, &plan, form, whole, &verdict, &manual);
		if (rc) {
			*tx->error = missing_parts;
			return rc;
		}
	}
	json_set(tx->arena, view, "missing", faults_json(tx->arena, tx->language, &missing_parts));
	json_set(tx->arena, view, "verdict", verdict ? verdict : json_new_null(tx->arena));
	json_set_boolean(tx->arena, view, "manual", manual);
	*out = view;
	return OK;
}
