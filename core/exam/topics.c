/*
 * What a candidate fills in, topic by topic, and the rules that a schema cannot say.
 */
#include "topics.h"

#include <string.h>

#include "base/text.h"
#include "document/font.h"
#include "identifier.h"
#include "material.h"
#include "openness.h"
#include "plugin/eligibility.h"
#include "profile.h"
#include "submission.h"
#include "wording.h"

/* People who may apply at all: 16 whole years (conditions with a higher age say so themselves). */
#define MINIMUM_AGE 16

static const char *const resident_card = "居民身份证";
static const char *const residence_permit = "港澳台居民居住证";

/* Those of foreigners. */
static const char *const foreign_documents[] = {"护照", "外国人永久居留身份证"};

static struct date today(const struct transaction *tx)
{
	return date_of_moment(tx->now);
}

json *topics_facts(struct transaction *tx, const json *form)
{
	static const char *const members[] = {
		"certificates", "titles", "diplomas", "trainings", "work"};
	const char *birth = json_text(json_at_pointer(form, "/details/birth"));
	json *facts = json_new_object(tx->arena);

	json_set_text(tx->arena, facts, "on", date_text(tx->arena, today(tx)));
	json_set_text(tx->arena, facts, "birth", birth);
	for (size_t i = 0; i < COUNT(members); i++) {
		json *list = json_get(form, members[i]);

		json_set(tx->arena, facts, members[i],
			list ? json_share(tx->arena, list) : json_new_array(tx->arena));
	}
	return facts;
}

/* The lists of the form by which leaves of a requirement tree are judged. */
static const struct {
	const char *kind, *list, *name;
} parts[] = {
	{"certificate", "certificates", "application.part_certificates"},
	{"work", "work", "application.part_work"},
	{"title", "titles", "application.part_titles"},
	{"diploma", "diplomas", "application.part_diplomas"},
	{"training", "trainings", "application.part_trainings"},
};

/* Which of `parts` a requirement needs and the form lacks, as bits. Of alternatives one is enough: what counts is the
 * one that lacks least, the first of equals. */
static unsigned parts_missing(const json *node, const json *form)
{
	unsigned missing = 0, least = ~0u;

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (text_equal(json_get_text(node, "kind"), parts[i].kind) &&
			!json_count(json_get(form, parts[i].list)))
			missing |= 1u << i;
	}
	json_each(child, json_get(node, "all")) missing |= parts_missing(child, form);
	json_each(child, json_get(node, "any"))
	{
		unsigned found = parts_missing(child, form);

		if (__builtin_popcount(found) < __builtin_popcount(least))
			least = found;
	}
	return json_get(node, "any") ? least : missing;
}

void topics_requirements(
	struct transaction *tx, const struct plan *plan, const char *condition_id, const json *form)
{
	unsigned missing = parts_missing(
		json_get(eligibility_condition(plan->manifest, condition_id), "requirement"), form);

	for (size_t i = 0; i < COUNT(parts); i++) {
		if (missing >> i & 1)
			fault_add(tx->error, arena_printf(tx->arena, "/%s", parts[i].list),
				"application.missing", "name",
				message_text(tx->arena, tx->language, parts[i].name, NULL), NULL);
	}
}

enum result topic_open(struct transaction *tx, const struct application *application,
	const char *item, struct plan *plan)
{
	enum result rc = plan_load(tx, application->plan_id, plan);

	if (rc)
		return rc;
	rc = application_expect_open(tx, application, plan);
	if (rc)
		return rc;
	return application_item_open(tx, application, item);
}

enum result topic_put(struct transaction *tx, struct application *application, const char *item,
	const json *topic)
{
	json *form;
	enum result rc = application_form(tx, application, &form);

	if (rc)
		return rc;
	json_each(member, topic)
		json_set(tx->arena, form, json_name(member), json_copy(tx->arena, member));
	application_form_put(tx, application, form);
	return submission_changed(tx, application, item);
}

static void glyphs_check(struct transaction *tx, const char *pointer, const char *text)
{
	const char *missing;

	if (!font_covers(tx->arena, text, &missing))
		fault_add(
			tx->error, pointer, "document.glyph_missing", "characters", missing, NULL);
}

void topic_printable(struct transaction *tx, const char *pointer, const char *text)
{
	if (strpbrk(text, "\r\n"))
		fault_add(tx->error, pointer, "application.one_line", NULL);
	else
		glyphs_check(tx, pointer, text);
}

static void texts_printable(struct transaction *tx, const json *object, const char *pointer)
{
	json_each(member, object)
	{
		const char *place = arena_printf(tx->arena, "%s/%s", pointer, json_name(member));

		if (text_equal(json_name(member), "argument") && json_text(member))
			glyphs_check(tx, place, json_text(member));
		else if (json_text(member))
			topic_printable(tx, place, json_text(member));
	}
}

/* What a resident's number tells by itself must be told for any other document. */
static void other_document_check(struct transaction *tx, json *details)
{
	const char *number;
	struct date birth;

	if (!json_get_text(details, "gender"))
		fault_add(tx->error, "/gender", "schema.required", "name", "gender", NULL);
	if (date_parse(json_get_text(details, "birth"), &birth))
		fault_add(tx->error, "/birth", "schema.required", "name", "birth", NULL);
	else if (birth_fault(birth, today(tx), MINIMUM_AGE))
		fault_add(tx->error, "/birth", birth_fault(birth, today(tx), MINIMUM_AGE), "age",
			arena_printf(tx->arena, "%d", MINIMUM_AGE), NULL);
	if (document_number_read(
		    tx->error, "/id_number", json_get_text(details, "id_number"), &number))
		json_set_text(tx->arena, details, "id_number", number);
}

/* Birth and gender follow from the number of a resident card, and of a permit that has a number by the same rule. */
static void identity_document_check(struct transaction *tx, json *details)
{
	const char *type = json_get_text(details, "id_type");
	bool card = text_equal(type, resident_card);
	struct resident_id resident;

	if (!card && !text_equal(type, residence_permit)) {
		other_document_check(tx, details);
		return;
	}
	if (!resident_id_read(tx->error, "/id_number", card ? RESIDENT_CARD : RESIDENCE_PERMIT,
		    json_get_text(details, "id_number"), today(tx), MINIMUM_AGE, &resident))
		return;
	json_set_text(tx->arena, details, "id_number", resident.number);
	json_set_text(tx->arena, details, "birth", date_text(tx->arena, resident.birth));
	json_set_text(tx->arena, details, "gender", resident.male ? "男" : "女");
}

/* The 56 are China's. */
static void ethnicity_check(struct transaction *tx, const json *details)
{
	for (size_t i = 0; i < COUNT(foreign_documents); i++) {
		if (text_equal(json_get_text(details, "id_type"), foreign_documents[i]))
			return;
	}
	if (!json_get_text(details, "ethnicity"))
		fault_add(tx->error, "/ethnicity", "schema.required", "name", "ethnicity", NULL);
}

/*
 * Only what stands counts. Typing a number proves nothing, and if a draft counted, whoever knows another's number could
 * keep that person out of the plan; so the first who hands in has it, with all that this takes. Should that be somebody
 * else, staff void what was handed in untruly, and the number is free again.
 */
enum result topics_person_once(
	struct transaction *tx, const struct application *application, const char *pointer)
{
	bool others;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM application WHERE plan_id = ?1 AND id_index = ?2 AND id <> ?3"
		" AND " APPLICATION_STANDS_SQL,
		BIND(TEXT(application->plan_id), TEXT(application->id_index),
			TEXT(application->id)),
		&others, tx->error);

	if (rc)
		return rc;
	if (others)
		fault_add(tx->error, pointer, "application.duplicate", NULL);
	return OK;
}

void topics_details(struct transaction *tx, json *details)
{
	const char *mobile = NULL;

	json_set_text(
		tx->arena, details, "name", person_name(tx->arena, json_get_text(details, "name")));
	if (strpbrk(json_get_text(details, "name"), "0123456789"))
		fault_add(tx->error, "/name", "identity.name", NULL);
	identity_document_check(tx, details);
	ethnicity_check(tx, details);
	if (mobile_read(tx->error, "/mobile", json_get_text(details, "mobile"), &mobile))
		json_set_text(tx->arena, details, "mobile", mobile);
	texts_printable(tx, details, "");
}

enum result application_put_details(
	struct transaction *tx, struct application *application, const json *body)
{
	json *details = json_copy(tx->arena, body);
	json *topic = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = topic_open(tx, application, "details", &plan);

	if (rc)
		return rc;
	topics_details(tx, details);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;

	application->id_index =
		blind_index(tx->arena, tx->keys, "id_number", json_get_text(details, "id_number"));
	rc = topics_person_once(tx, application, "/id_number");
	rc = rc ? rc : refuse_faults(tx->error);
	if (rc)
		return rc;
	json_set(tx->arena, topic, "details", details);
	return topic_put(tx, application, "details", topic);
}

void topics_identity(struct transaction *tx, const struct plan *plan, const char *identity)
{
	const json *list = plan_identities(tx, plan);
	const char **names = NEW_ARRAY(tx->arena, const char *, json_count(list));
	size_t count = 0;

	json_each(name, list) names[count++] = json_text(name);
	if (!json_holds(list, identity))
		fault_add(tx->error, "/identity", "application.identity", "accepted",
			list_words(tx->arena, names, count), NULL);
}

enum result application_put_identity(
	struct transaction *tx, struct application *application, const json *body)
{
	const char *identity = json_get_text(body, "identity");
	struct plan plan;
	enum result rc = topic_open(tx, application, "identity", &plan);

	if (rc)
		return rc;
	topics_identity(tx, &plan, identity);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	application->identity = identity;
	return submission_changed(tx, application, "identity");
}

/* The handwritten form has the condition copied out in full, and is good for no other. One that failed has failed. */
static enum result form_unpass(struct transaction *tx, const struct application *application)
{
	return store_run(tx->db,
		"DELETE FROM judgement WHERE application_id = ?1 AND outcome = 'pass'"
		" AND item = 'material:" MATERIAL_FORM "'",
		BIND(TEXT(application->id)), tx->error);
}

enum result application_put_condition(
	struct transaction *tx, struct application *application, const json *body)
{
	const char *condition_id = json_get_text(body, "condition");
	bool another = !text_equal(condition_id, application->condition_id);
	struct plan plan;
	enum result rc = topic_open(tx, application, "condition", &plan);

	if (rc)
		return rc;
	if (!eligibility_condition(plan.manifest, condition_id))
		fault_add(tx->error, "/condition", "application.condition", "condition",
			condition_id, NULL);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	application->condition_id = condition_id;
	rc = another ? form_unpass(tx, application) : OK;
	return rc ? rc : submission_changed(tx, application, "condition");
}

static void certificate_check(struct transaction *tx, json *certificate, const char *pointer)
{
	const char *number;

	if (certificate_number_read(tx->error, arena_printf(tx->arena, "%s/number", pointer),
		    json_get_text(certificate, "number"),
		    (int)json_get_integer(certificate, "level"), &number))
		json_set_text(tx->arena, certificate, "number", number);
	texts_printable(tx, certificate, pointer);
}

/* As with work, whoever asks for it says why. */
static void considered_check(struct transaction *tx, const json *row, const char *pointer)
{
	if (json_get_true(row, "consider") && text_blank(json_get_text(row, "argument")))
		fault_add(tx->error, arena_printf(tx->arena, "%s/argument", pointer),
			"eligibility.row_argument", "occupation", json_get_text(row, "occupation"),
			NULL);
}

enum result application_put_certificates(
	struct transaction *tx, struct application *application, const json *body)
{
	static const char *const lists[] = {"certificates", "titles", "diplomas", "trainings"};
	json *topic = json_new_object(tx->arena);
	struct plan plan;
	enum result rc = topic_open(tx, application, "certificates", &plan);

	if (rc)
		return rc;
	for (size_t i = 0; i < COUNT(lists); i++) {
		json *list = json_set(tx->arena, topic, lists[i], json_new_array(tx->arena));
		int number = 0;

		json_each(entry, json_get(body, lists[i]))
		{
			const char *pointer = arena_printf(tx->arena, "/%s/%d", lists[i], number++);
			json *row = json_append(list, json_copy(tx->arena, entry));

			if (i == 0)
				certificate_check(tx, row, pointer);
			else
				texts_printable(tx, row, pointer);
			considered_check(tx, row, pointer);
		}
	}
	eligibility_check_facts(tx->error, "", topics_facts(tx, topic));
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	return topic_put(tx, application, "certificates", topic);
}

enum result application_put_work(
	struct transaction *tx, struct application *application, const json *body)
{
	json *topic = json_new_object(tx->arena);
	json *work = json_set(tx->arena, topic, "work", json_new_array(tx->arena));
	json *overlays;
	struct plan plan;
	int number = 0;
	enum result rc = topic_open(tx, application, "work", &plan);

	if (rc)
		return rc;
	rc = profile_overlays(tx, plan.occupation_code, &overlays);
	if (rc)
		return rc;
	json_each(entry, json_get(body, "work"))
	{
		const char *pointer = arena_printf(tx->arena, "/work/%d", number++);
		json *row = json_append(work, json_copy(tx->arena, entry));

		eligibility_check_work_row(tx->error, pointer, plan.manifest, overlays,
			date_text(tx->arena, today(tx)), row);
		texts_printable(tx, row, pointer);
	}
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	return topic_put(tx, application, "work", topic);
}
