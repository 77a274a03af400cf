/*
 * Keywords about objects. A member that is missing is told at the place where it should stand, so
 * that a form can mark the field.
 */
#include <stdlib.h>
#include <string.h>

#include "schema_parts.h"

static int compare_to_branch(const void *name, const void *branch)
{
	return strcmp(name, ((const struct branch *)branch)->name);
}

const struct branch *schema_branch(const struct rule *rule, const char *name)
{
	if (!rule || rule->branch_count == 0)
		return NULL;
	return bsearch(name, rule->branches, rule->branch_count, sizeof(*rule->branches),
		compare_to_branch);
}

bool check_properties(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t index = 0;
	bool holds = true;

	json_each(member, place->value)
	{
		const struct branch *branch = schema_branch(rule, json_name(member));
		if (run_ends(run, holds))
			break;
		if (branch)
			holds = schema_apply_child(
					run, rule, branch->schema, place, member, index) &&
				holds;
		index++;
	}
	return holds;
}

bool check_pattern_properties(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t index = 0;
	bool holds = true;

	json_each(member, place->value)
	{
		for (size_t i = 0; i < rule->branch_count; i++) {
			const struct branch *branch = &rule->branches[i];
			if (!pattern_matches(run, branch->pattern, json_name(member)))
				continue;
			holds = schema_apply_child(
					run, rule, branch->schema, place, member, index) &&
				holds;
		}
		if (run_ends(run, holds))
			break;
		index++;
	}
	return holds;
}

static bool any_pattern_matches(struct run *run, const struct rule *patterns, const char *name)
{
	for (size_t i = 0; patterns && i < patterns->branch_count; i++)
		if (pattern_matches(run, patterns->branches[i].pattern, name))
			return true;
	return false;
}

/* What neither "properties" nor "patternProperties" beside it describes. */
bool check_additional(struct run *run, const struct rule *rule, const struct place *place)
{
	const struct rule *properties = schema_rule(rule->owner, "properties");
	const struct rule *patterns = schema_rule(rule->owner, "patternProperties");
	size_t index = 0;
	bool holds = true;

	json_each(member, place->value)
	{
		const char *name = json_name(member);
		if (run_ends(run, holds))
			break;
		if (!schema_branch(properties, name) && !any_pattern_matches(run, patterns, name))
			holds = schema_apply_child(
					run, rule, rule->branches->schema, place, member, index) &&
				holds;
		index++;
	}
	return holds;
}

bool check_property_names(struct run *run, const struct rule *rule, const struct place *place)
{
	bool holds = true;

	json_each(member, place->value)
	{
		const char *name = json_name(member);
		struct place at_member = {.parent = place, .value = member, .name = name};
		struct place at_name = {.value = json_new_text(run->arena, name)};
		if (schema_try(run, rule->branches->schema, &at_name))
			continue;
		holds = schema_wrong(run, &at_member, "propertyNames", "name", name, NULL);
		if (run_ends(run, holds))
			break;
	}
	return holds;
}

/* Every one of the names is there, or a fault at its own place tells that it is not. */
static bool check_names(struct run *run, const struct place *place, const json *names,
	const char *what, const char *because)
{
	bool holds = true;

	json_each(item, names)
	{
		const char *name = json_text(item);
		struct place missing = {.parent = place, .name = name};
		if (json_get(place->value, name))
			continue;
		holds = schema_wrong(run, &missing, what, "name", name, because ? "because" : NULL,
			because, NULL);
		if (run_ends(run, holds))
			break;
	}
	return holds;
}

bool check_required(struct run *run, const struct rule *rule, const struct place *place)
{
	return check_names(run, place, rule->operand, "required", NULL);
}

bool check_dependent_required(struct run *run, const struct rule *rule, const struct place *place)
{
	bool holds = true;

	json_each(names, rule->operand)
	{
		const char *because = json_name(names);
		if (json_get(place->value, because))
			holds = check_names(run, place, names, "dependentRequired", because) &&
				holds;
	}
	return holds;
}
