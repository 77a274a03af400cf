/*
 * One generation of the rules out of a manifest that carries several (manifest.h): its conditions, the materials that
 * they ask for, and their worked examples.
 */
#include "manifest.h"

#include "base/text.h"
#include "eligibility.h"

/* A manifest kept before conditions had sets has one. */
static const char *set_of(const json *manifest, const json *condition)
{
	const char *set = json_get_text(condition, "set");
	return set ? set : json_get_text(manifest, "condition_set");
}

const char *manifest_sets(struct arena *arena, const json *manifest)
{
	const json *conditions = json_get(manifest, "conditions");
	const char *sets = "";
	json_each(condition, conditions)
	{
		const char *set = set_of(manifest, condition);
		const json *first = json_first(conditions);
		while (!text_equal(set_of(manifest, first), set))
			first = json_next(first);
		if (first == condition)
			sets = arena_printf(arena, "%s%s%s", sets, *sets ? "、" : "", set);
	}
	return sets;
}

bool manifest_asks_for(const json *manifest, const char *material_id)
{
	json_each(condition, json_get(manifest, "conditions"))
	{
		if (json_holds(json_get(condition, "materials"), material_id))
			return true;
	}
	return false;
}

bool manifest_for_set(struct arena *arena, const json *manifest, const char *set, json **out)
{
	json *narrowed = json_copy(arena, manifest);
	json *conditions = json_set(arena, narrowed, "conditions", json_new_array(arena));
	json *materials = json_set(arena, narrowed, "materials", json_new_array(arena));
	json *examples = json_set(arena, narrowed, "examples", json_new_array(arena));

	json_set_text(arena, narrowed, "condition_set", set);
	json_each(condition, json_get(manifest, "conditions"))
	{
		if (text_equal(set_of(manifest, condition), set))
			json_append(conditions, json_copy(arena, condition));
	}
	json_each(material, json_get(manifest, "materials"))
	{
		if (manifest_asks_for(narrowed, json_get_text(material, "id")))
			json_append(materials, json_copy(arena, material));
	}
	json_each(example, json_get(manifest, "examples"))
	{
		if (eligibility_condition(narrowed, json_get_text(example, "condition")))
			json_append(examples, json_copy(arena, example));
	}
	*out = narrowed;
	return json_count(conditions) > 0;
}
