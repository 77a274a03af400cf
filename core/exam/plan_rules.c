/*
 * Choosing by name, told where it is written if there is no such thing (plan_rules.h).
 */
#include "plan_rules.h"

#include "base/text.h"
#include "plugin/manifest.h"

static void work_type_check(struct transaction *tx, const json *document, const json *manifest)
{
	const char *chosen = json_get_text(document, "work_type");
	const char *accepted = "";

	json_each(name, json_get(manifest, "work_types"))
	{
		if (text_equal(json_text(name), chosen))
			return;
		accepted = arena_printf(
			tx->arena, "%s%s%s", accepted, *accepted ? "、" : "", json_text(name));
	}
	if (chosen && *accepted)
		fault_add(tx->error, "/work_type", "plan.work_type", "work_type", chosen,
			"accepted", accepted, NULL);
	else if (chosen)
		fault_add(tx->error, "/work_type", "plan.work_type_none", "level",
			json_get_text(manifest, "level_name"), NULL);
}

enum result plan_rules_choose(struct transaction *tx, const json *document, json **manifest)
{
	const char *set = json_get_text(document, "condition_set");
	json *narrowed;

	if (!set)
		set = json_get_text(*manifest, "condition_set");
	if (!manifest_for_set(tx->arena, *manifest, set, &narrowed))
		fault_add(tx->error, "/condition_set", "plan.condition_set", "set", set, "sets",
			manifest_sets(tx->arena, *manifest), NULL);
	work_type_check(tx, document, *manifest);
	*manifest = narrowed;
	return refuse_faults(tx->error);
}
