/*
 * Applying schemas: one to a value, and the keywords that apply several to the same value.
 *
 * The hard thing is to say what is wrong when none of several alternatives fits. All of them are
 * tried without telling first; then the one meant is guessed: not one of another type or with
 * another constant (the tag of a union), and of the rest the one that has most of the value's
 * members, then the one with the fewest faults.
 */
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "schema_parts.h"

const struct rule *schema_rule(const struct schema *owner, const char *keyword)
{
	for (size_t i = 0; i < owner->rule_count; i++)
		if (strcmp(owner->rules[i].keyword->name, keyword) == 0)
			return &owner->rules[i];
	return NULL;
}

static bool *nothing_seen(struct run *run, const json *value)
{
	size_t count = json_count(value);

	return count ? NEW_ARRAY(run->arena, bool, count) : NULL;
}

void schema_see(const struct place *place, const bool *seen)
{
	size_t count = place->seen && seen ? json_count(place->value) : 0;

	for (size_t i = 0; i < count; i++)
		place->seen[i] = place->seen[i] || seen[i];
}

static bool apply_rules(struct run *run, const struct schema *schema, const struct place *place)
{
	unsigned kinds = schema_kinds(place->value);
	bool holds = true;

	for (size_t i = 0; i < schema->rule_count; i++) {
		const struct rule *rule = &schema->rules[i];
		const struct keyword *keyword = rule->keyword;
		if (!(keyword->applies & kinds) || (!holds && (keyword->traits & LEFTOVERS)))
			continue;
		if (keyword->check(run, rule, place))
			continue;
		holds = false;
		if (run_ends(run, holds) || (keyword->traits & DECIDES))
			break;
	}
	return holds;
}

bool schema_apply(struct run *run, const struct rule *rule, const struct schema *schema,
	const struct place *place)
{
	struct place inside = *place;

	if (run->exhausted || ++run->effort > EFFORT_MAX) {
		run->exhausted = true;
		return false;
	}
	if (schema->never)
		return schema_wrong(run, place,
			!rule || (rule->keyword->traits & IN_PLACE) ? "false" : rule->keyword->name,
			place->name ? "name" : NULL, place->name, NULL);
	if (!schema->tracks)
		return apply_rules(run, schema, place);

	inside.seen = nothing_seen(run, place->value);
	if (!apply_rules(run, schema, &inside))
		return false;
	schema_see(place, inside.seen);
	return true;
}

bool schema_try(struct run *run, const struct schema *schema, const struct place *place)
{
	struct place apart = *place;
	enum mode mode = run->mode;
	bool holds;

	apart.seen = place->seen ? nothing_seen(run, place->value) : NULL;
	run->mode = ANSWERING;
	holds = schema_apply(run, NULL, schema, &apart);
	run->mode = mode;
	if (holds)
		schema_see(place, apart.seen);
	return holds;
}

bool schema_apply_child(struct run *run, const struct rule *rule, const struct schema *schema,
	const struct place *place, const json *child, size_t index)
{
	struct place inside = {
		.parent = place, .value = child, .name = json_name(child), .index = index};

	if (place->seen)
		place->seen[index] = true;
	return schema_apply(run, rule, schema, &inside);
}

/* "$ref" and "allOf". */
bool check_every(struct run *run, const struct rule *rule, const struct place *place)
{
	bool holds = true;

	for (size_t i = 0; i < rule->branch_count && !run_ends(run, holds); i++)
		holds = schema_apply(run, rule, rule->branches[i].schema, place) && holds;
	return holds;
}

/* How many branches hold. All are looked at if somebody asks which children were seen. */
static size_t count_matches(
	struct run *run, const struct rule *rule, const struct place *place, size_t enough)
{
	size_t matches = 0;

	for (size_t i = 0; i < rule->branch_count && (matches < enough || place->seen); i++)
		matches += schema_try(run, rule->branches[i].schema, place);
	return matches;
}

/* How far off the branch is, by the faults that it would tell; SIZE_MAX if it cannot be the one meant. */
static size_t distance(struct run *run, const struct schema *branch, const struct place *place)
{
	struct run counting = *run;

	counting.mode = COUNTING;
	counting.faults = 0;
	counting.alternative = place->value;
	counting.ruled_out = false;
	schema_apply(&counting, NULL, branch, place);
	run->match = counting.match;
	run->effort = counting.effort;
	run->exhausted = counting.exhausted;
	return counting.ruled_out ? SIZE_MAX : counting.faults;
}

static bool tell_nearest(struct run *run, const struct rule *rule, const struct place *place)
{
	const struct schema *nearest = NULL;
	size_t least = SIZE_MAX;

	for (size_t i = 0; run->mode == TELLING && i < rule->branch_count; i++) {
		size_t faults = distance(run, rule->branches[i].schema, place);
		if (faults >= least)
			continue;
		nearest = rule->branches[i].schema;
		least = faults;
	}
	if (!nearest)
		return schema_wrong(run, place, rule->keyword->name, "actual", "0", NULL);
	return schema_apply(run, rule, nearest, place);
}

bool check_any_of(struct run *run, const struct rule *rule, const struct place *place)
{
	return count_matches(run, rule, place, 1) > 0 || tell_nearest(run, rule, place);
}

bool check_one_of(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t matches = count_matches(run, rule, place, 2);

	if (matches == 1)
		return true;
	if (matches == 0)
		return tell_nearest(run, rule, place);
	return schema_wrong(
		run, place, "oneOf", "actual", arena_printf(run->arena, "%zu", matches), NULL);
}

bool check_not(struct run *run, const struct rule *rule, const struct place *place)
{
	struct place apart = *place;

	apart.seen = NULL;
	return !schema_try(run, rule->branches->schema, &apart) ||
	       schema_wrong(run, place, "not", NULL);
}

bool check_if(struct run *run, const struct rule *rule, const struct place *place)
{
	bool holds = schema_try(run, rule->branches->schema, place);
	const struct rule *next = schema_rule(rule->owner, holds ? "then" : "else");

	return !next || schema_apply(run, next, next->branches->schema, place);
}

bool check_dependent_schemas(struct run *run, const struct rule *rule, const struct place *place)
{
	bool holds = true;

	for (size_t i = 0; i < rule->branch_count && !run_ends(run, holds); i++)
		if (json_get(place->value, rule->branches[i].name))
			holds = schema_apply(run, rule, rule->branches[i].schema, place) && holds;
	return holds;
}

/* "unevaluatedProperties" and "unevaluatedItems". */
bool check_unevaluated(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t index = 0;
	bool holds = true;

	json_each(child, place->value)
	{
		if (run_ends(run, holds))
			break;
		if (!place->seen[index])
			holds = schema_apply_child(
					run, rule, rule->branches->schema, place, child, index) &&
				holds;
		index++;
	}
	return holds;
}
