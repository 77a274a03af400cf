/*
 * Gathering what the paper forms are made for.
 */
#include "template.h"

#include "base/clock.h"
#include "base/text.h"
#include "erasure.h"
#include "material.h"
#include "plugin/relation.h"
#include "profile.h"
#include "submission.h"

static bool asks_for(const json *requirement, const char *kind)
{
	const json *all = json_get(requirement, "all");

	json_each(part, all ? all : json_get(requirement, "any"))
	{
		if (asks_for(part, kind))
			return true;
	}
	return text_equal(json_get_text(requirement, "kind"), kind);
}

static void paper_fill(
	const json *manifest, const json *condition, const char *material, struct form_paper *paper)
{
	json_each(id, json_get(condition, "materials"))
	{
		if (!text_equal(json_text(id), material))
			continue;
		paper->asked = true;
		paper->copies = (unsigned)json_get_integer(
			json_find(json_get(manifest, "materials"), "id", material), "paper_copies");
	}
}

static void conditions_fill(struct transaction *tx, const struct application *application,
	const struct plan *plan, struct form_facts *facts)
{
	const json *all = json_get(plan->manifest, "conditions");
	struct form_condition *conditions =
		NEW_ARRAY(tx->arena, struct form_condition, json_count(all));

	json_each(condition, all)
	{
		const json *requirement = json_get(condition, "requirement");

		if (application->condition_id &&
			!text_equal(json_get_text(condition, "id"), application->condition_id))
			continue;
		conditions[facts->condition_count++] = (struct form_condition){
			json_get_text(condition, "id"), json_get_text(condition, "text")};
		paper_fill(plan->manifest, condition, MATERIAL_FORM, &facts->form);
		paper_fill(plan->manifest, condition, MATERIAL_PLEDGE, &facts->pledge);
		facts->titles = facts->titles || asks_for(requirement, "title");
		facts->trainings = facts->trainings || asks_for(requirement, "training");
	}
	facts->conditions = conditions;
}

/* As they count today: what the district denies would be refused where it is written. */
static enum result related_fill(
	struct transaction *tx, const struct plan *plan, struct form_facts *facts)
{
	json *overlays;
	enum result rc = profile_overlays(tx, plan->occupation_code, &overlays);

	if (rc)
		return rc;
	const json *names = relation_names(
		tx->arena, plan->manifest, overlays, date_text(tx->arena, date_of_moment(tx->now)));
	const char **related = NEW_ARRAY(tx->arena, const char *, json_count(names) + 1);

	json_each(name, names) related[facts->related_count++] = json_text(name);
	facts->related_occupations = related;
	return OK;
}

static const char *choices_of(struct transaction *tx, const json *field)
{
	const char *all = NULL;

	json_each(choice, json_get(field, "choices")) all = arena_printf(
		tx->arena, "%s%s%s", all ? all : "", all ? "、" : "", json_text(choice));
	return all;
}

static void fields_fill(
	struct transaction *tx, const struct plan *plan, const json *form, struct form_facts *facts)
{
	const json *all = json_get(plan->manifest, "fields");
	const json *values = json_get(form, "fields");
	struct form_field *fields = NEW_ARRAY(tx->arena, struct form_field, json_count(all) + 1);

	json_each(field, all) fields[facts->field_count++] =
		(struct form_field){.name = json_get_text(field, "name"),
			.choices = choices_of(tx, field),
			.value = json_get_text(values, json_get_text(field, "id"))};
	facts->fields = fields;
}

enum result template_facts(
	struct transaction *tx, struct application *application, struct form_facts *out)
{
	struct form_facts facts = {.made_at = tx->now};
	struct plan plan;
	const json *profile;
	json *form;
	const char *hash = NULL;
	enum result rc;

	rc = erasure_expect_none(tx, application);
	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : profile_load(tx, &profile);
	rc = rc ? rc : application_form(tx, application, &form);
	rc = rc ? rc : related_fill(tx, &plan, &facts);
	if (!rc && application->revision > 0)
		rc = submission_hash(tx, application, application->revision, &hash);
	if (rc)
		return rc;

	facts.centre_name = json_get_text(profile, "name");
	facts.plan_name = plan.name;
	facts.occupation_name = plan.occupation_name;
	facts.level_name = json_get_text(plan.manifest, "level_name");
	facts.previous_level_name =
		plan.level < 5
			? message_text(tx->arena, LANGUAGE_ZH,
				  arena_printf(tx->arena, "template.level_%d", plan.level + 1),
				  NULL)
			: NULL;
	facts.work_type = json_get_text(plan.document, "work_type");
	facts.work_rows = (unsigned)json_count(json_get(form, "work"));
	facts.application_number = application->number;
	facts.revision_hash = hash;
	conditions_fill(tx, application, &plan, &facts);
	fields_fill(tx, &plan, form, &facts);
	*out = facts;
	return OK;
}
