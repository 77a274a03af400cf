/*
 * Is a manifest fit to be used? First its shape, by the schema; then what a schema cannot say; last the worked
 * examples, by the same evaluator that judges candidates (manifest.h). Each fault names its place and says what to
 * change.
 */
#include "manifest.h"

#include <string.h>

#include "base/embedded.h"
#include "base/limits.h"
#include "base/schema.h"
#include "base/text.h"
#include "eligibility.h"
#include "relation.h"

#define SCHEMA_FILE "plugin-manifest.schema.json"

static const char *place(struct error *error, const char *table, int index, const char *member)
{
	return arena_printf(error->arena, "/%s/%d/%s", table, index, member);
}

static enum result check_shape(struct arena *arena, const json *manifest, struct error *error)
{
	const struct embedded_file *file = embedded_find(SCHEMA_FILE);
	struct schema_set *set = schema_set_create();
	json *document;
	enum result rc = json_parse(
		arena, (const char *)file->content.data, file->content.size, &document, error);
	if (!rc)
		rc = schema_set_add(set, SCHEMA_FILE, document, error);
	if (!rc)
		rc = schema_set_link(set, error);
	if (!rc)
		rc = schema_validate(schema_find(set, "kaowu:plugin-manifest"), manifest, error);
	schema_set_destroy(set);
	return rc;
}

/* ---- Names and references ---- */

static void check_identity(const json *manifest, struct error *error)
{
	static const char *const names[] = {
		NULL, KAOWU_LEVEL_1, KAOWU_LEVEL_2, KAOWU_LEVEL_3, KAOWU_LEVEL_4, KAOWU_LEVEL_5};
	int level = (int)json_get_integer(manifest, "level");
	const char *id = json_get_text(manifest, "id");
	if (id[strlen(id) - 1] - '0' != level)
		fault_add(error, "/id", "plugin.id_level", "level",
			arena_printf(error->arena, "%d", level), NULL);
	if (!text_equal(json_get_text(manifest, "level_name"), names[level]))
		fault_add(error, "/level_name", "plugin.level_name", "name", names[level], NULL);
	json *narrowed;
	const char *set = json_get_text(manifest, "condition_set");
	if (!manifest_for_set(error->arena, manifest, set, &narrowed))
		fault_add(error, "/condition_set", "plugin.set_empty", "set", set, "sets",
			manifest_sets(error->arena, manifest), NULL);
}

/* Occupations are compared with what people type, which is brought to this form (relation.h). */
static void check_form(
	struct arena *arena, const char *pointer, const char *name, struct error *error)
{
	const char *form = text_normalise(arena, name);
	if (!text_equal(name, form))
		fault_add(
			error, pointer, "plugin.occupation_form", "name", name, "form", form, NULL);
}

static void check_related(struct arena *arena, const json *manifest, struct error *error)
{
	const json *related = json_get(manifest, "related");
	int index = 0;
	check_form(arena, "/occupation/name", relation_occupation(manifest), error);
	json_each(row, json_get(related, "names"))
	{
		const char *name = json_text(row);
		const char *pointer = arena_printf(error->arena, "/related/names/%d", index++);
		if (text_equal(name, relation_occupation(manifest)))
			fault_add(error, pointer, "plugin.related_self", "name", name, NULL);
		check_form(arena, pointer, name, error);
	}
	if (index > 0 && !json_get_text(related, "text"))
		fault_add(error, "/related/text", "plugin.related_text", NULL);
}

static void check_ids(const json *manifest, const char *table, struct error *error)
{
	int index = 0;
	json_each(row, json_get(manifest, table))
	{
		const char *id = json_get_text(row, "id");
		if (json_find(json_get(manifest, table), "id", id) != row)
			fault_add(error, place(error, table, index, "id"), "plugin.id_twice", "id",
				id, NULL);
		index++;
	}
}

static void check_materials(const json *manifest, struct error *error)
{
	int index = 0;
	json_each(condition, json_get(manifest, "conditions"))
	{
		json_each(id, json_get(condition, "materials"))
		{
			if (!json_find(json_get(manifest, "materials"), "id", json_text(id)))
				fault_add(error, place(error, "conditions", index, "materials"),
					"plugin.material_unknown", "id", json_text(id), NULL);
		}
		index++;
	}
}

static void check_fields(const json *manifest, struct error *error)
{
	int index = 0;
	json_each(field, json_get(manifest, "fields"))
	{
		bool choice = text_equal(json_get_text(field, "kind"), "choice");
		size_t choices = json_count(json_get(field, "choices"));
		if (choice ? choices < 2 : choices > 0)
			fault_add(error, place(error, "fields", index, "choices"), "plugin.choices",
				"id", json_get_text(field, "id"), NULL);
		index++;
	}
}

static void check_subjects(const json *manifest, struct error *error)
{
	int index = 0;
	json_each(subject, json_get(manifest, "subjects"))
	{
		if (json_get_integer(subject, "pass") > json_get_integer(subject, "full"))
			fault_add(error, place(error, "subjects", index, "pass"),
				"plugin.pass_mark", "id", json_get_text(subject, "id"), NULL);
		index++;
	}
}

/* ---- Requirements ---- */

static int count_kind(const json *parts, const char *kind)
{
	int count = 0;
	json_each(part, parts) count += text_equal(json_get_text(part, "kind"), kind);
	return count;
}

/* Work since a certificate needs one in its own list to be counted from; two of a kind could not be told apart. */
static void check_anchors(const json *parts, bool all, const char *pointer, const char *condition,
	struct error *error)
{
	static const char *const anchors[] = {"certificate", "title", "diploma", "training"};
	for (size_t i = 0; i < COUNT(anchors); i++) {
		int there = count_kind(parts, anchors[i]);
		if (all && there > 1)
			fault_add(error, pointer, "plugin.anchor_twice", "condition", condition,
				"kind", anchors[i], NULL);
		json_each(part, parts)
		{
			bool since = text_equal(json_get_text(part, "since"), anchors[i]);
			if (since && (!all || there == 0))
				fault_add(error, pointer, "plugin.anchor_missing", "condition",
					condition, "kind", anchors[i], NULL);
		}
	}
}

/* How many requirements there are, lists and leaves. */
static int check_requirement(
	const json *part, const char *pointer, const char *condition, struct error *error)
{
	const json *all = json_get(part, "all"), *parts = all ? all : json_get(part, "any");
	int count = 1, index = 0;
	if (!parts)
		return count;

	const char *below = arena_printf(error->arena, "%s/%s", pointer, all ? "all" : "any");
	check_anchors(parts, all, below, condition, error);
	json_each(child, parts) count += check_requirement(
		child, arena_printf(error->arena, "%s/%d", below, index++), condition, error);
	return count;
}

static void check_requirements(const json *manifest, struct error *error)
{
	int index = 0;
	json_each(condition, json_get(manifest, "conditions"))
	{
		const char *pointer = place(error, "conditions", index++, "requirement");
		const char *id = json_get_text(condition, "id");
		int count =
			check_requirement(json_get(condition, "requirement"), pointer, id, error);
		if (count > MANIFEST_REQUIREMENTS)
			fault_add(error, pointer, "plugin.requirements_many", "condition", id,
				"limit", arena_printf(error->arena, "%d", MANIFEST_REQUIREMENTS),
				NULL);
	}
}

/* ---- Worked examples ---- */

static void compare(const json *example, const json *verdict, int index, struct error *error)
{
	static const char *const members[][2] = {
		{"outcome", "plugin.example_outcome"}, {"eligible_from", "plugin.example_day"}};
	for (size_t i = 0; i < COUNT(members); i++) {
		const char *wanted = json_get_text(example, members[i][0]);
		const char *found = json_get_text(verdict, members[i][0]);
		if (!text_equal(wanted, found))
			fault_add(error, place(error, "examples", index, members[i][0]),
				members[i][1], "name", json_get_text(example, "name"), "wanted",
				wanted ? wanted : "null", "found", found ? found : "null", NULL);
	}
}

static void check_example(const json *manifest, const json *example, int index, struct error *error)
{
	const char *condition = json_get_text(example, "condition");
	if (!eligibility_condition(manifest, condition))
		fault_add(error, place(error, "examples", index, "condition"),
			"plugin.example_condition", "condition", condition, NULL);
	eligibility_check_facts(
		error, place(error, "examples", index, "facts"), json_get(example, "facts"));
}

/* In memory of its own: a manifest may hold a hundred of them. */
static void run_example(const json *manifest, const json *example, int index, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	json *verdict;
	eligibility_evaluate(arena, manifest, json_get_text(example, "condition"), NULL,
		json_get(example, "facts"), &verdict);
	compare(example, verdict, index, error);
}

/* A condition whose examples all come out alike says little about where its border is. */
static void check_both_sides(const json *manifest, struct error *error)
{
	int index = 0;
	json_each(condition, json_get(manifest, "conditions"))
	{
		const char *id = json_get_text(condition, "id");
		bool admits = false, refuses = false;
		json_each(example, json_get(manifest, "examples"))
		{
			if (!text_equal(json_get_text(example, "condition"), id))
				continue;
			bool refused = text_equal(json_get_text(example, "outcome"), "not_met");
			admits |= !refused;
			refuses |= refused;
		}
		if (!admits || !refuses)
			fault_add(error, place(error, "conditions", index, "id"),
				"plugin.example_one_sided", "condition", id, NULL);
		index++;
	}
}

static void check_consistency(struct arena *arena, const json *manifest, struct error *error)
{
	static const char *const tables[] = {"conditions", "materials", "fields", "subjects"};
	int index = 0;
	check_identity(manifest, error);
	check_related(arena, manifest, error);
	for (size_t i = 0; i < COUNT(tables); i++)
		check_ids(manifest, tables[i], error);
	check_materials(manifest, error);
	check_fields(manifest, error);
	check_subjects(manifest, error);
	check_requirements(manifest, error);
	json_each(example, json_get(manifest, "examples"))
		check_example(manifest, example, index++, error);
	check_both_sides(manifest, error);
}

enum result manifest_check(struct arena *arena, const json *manifest, struct error *error)
{
	int index = 0;
	enum result rc = check_shape(arena, manifest, error);
	if (rc)
		return rc;
	check_consistency(arena, manifest, error);
	rc = refuse_faults(error);
	if (rc)
		return rc;

	json_each(example, json_get(manifest, "examples"))
		run_example(manifest, example, index++, error);
	return refuse_faults(error);
}
