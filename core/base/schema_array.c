/*
 * Keywords about arrays.
 *
 * The hard thing is uniqueItems: comparing each with each would take a minute for a hostile body.
 * Items are compared by a keyed hash of 128 bits, whose key nobody outside knows, and sorted.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "arena.h"
#include "schema_parts.h"

bool check_prefix_items(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t index = 0;
	bool holds = true;

	json_each(item, place->value)
	{
		if (index == rule->branch_count || run_ends(run, holds))
			break;
		holds = schema_apply_child(
				run, rule, rule->branches[index].schema, place, item, index) &&
			holds;
		index++;
	}
	return holds;
}

/* What stands behind the places that "prefixItems" describes. */
bool check_items(struct run *run, const struct rule *rule, const struct place *place)
{
	const struct rule *prefix = schema_rule(rule->owner, "prefixItems");
	size_t index = 0, described = prefix ? prefix->branch_count : 0;
	bool holds = true;

	json_each(item, place->value)
	{
		if (run_ends(run, holds))
			break;
		if (index >= described)
			holds = schema_apply_child(
					run, rule, rule->branches->schema, place, item, index) &&
				holds;
		index++;
	}
	return holds;
}

bool check_contains(struct run *run, const struct rule *rule, const struct place *place)
{
	const struct rule *minimum = schema_rule(rule->owner, "minContains");
	const struct rule *maximum = schema_rule(rule->owner, "maxContains");
	size_t index = 0, found = 0;

	json_each(item, place->value)
	{
		struct place child = {.parent = place, .value = item, .index = index};
		if (schema_try(run, rule->branches->schema, &child)) {
			found++;
			if (place->seen)
				place->seen[index] = true;
		}
		index++;
	}
	if (!minimum && found == 0)
		return schema_wrong(run, place, "contains", NULL);
	if (minimum && found < (size_t)json_integer(minimum->operand))
		return schema_wrong_count(run, minimum, place, found);
	if (maximum && found > (size_t)json_integer(maximum->operand))
		return schema_wrong_count(run, maximum, place, found);
	return true;
}

/* Of an array or an object. */
bool check_min_count(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t count = json_count(place->value);

	return count >= (size_t)json_integer(rule->operand) ||
	       schema_wrong_count(run, rule, place, count);
}

bool check_max_count(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t count = json_count(place->value);

	return count <= (size_t)json_integer(rule->operand) ||
	       schema_wrong_count(run, rule, place, count);
}

struct fingerprint {
	uint64_t halves[2];
};

static struct fingerprint fingerprint_of(const struct run *run, const void *data, size_t size)
{
	struct fingerprint print;

	crypto_shorthash_siphashx24((uint8_t *)print.halves, data, size, run->set->hash_key);
	return print;
}

static struct fingerprint fingerprint_pair(
	const struct run *run, struct fingerprint left, struct fingerprint right)
{
	struct fingerprint both[2] = {left, right};

	return fingerprint_of(run, both, sizeof(both));
}

static struct fingerprint fingerprint(const struct run *run, const json *value);

/* A sum, so that the order of members does not count. */
static struct fingerprint fingerprint_object(
	const struct run *run, const json *object, struct fingerprint kind)
{
	struct fingerprint sum = {0};

	json_each(member, object)
	{
		const char *name = json_name(member);
		struct fingerprint one = fingerprint_pair(
			run, fingerprint_of(run, name, strlen(name)), fingerprint(run, member));
		sum.halves[0] += one.halves[0];
		sum.halves[1] += one.halves[1];
	}
	return fingerprint_pair(run, kind, sum);
}

/* Alike for values that json_equal() finds equal, different for all others. */
static struct fingerprint fingerprint(const struct run *run, const json *value)
{
	unsigned kinds = schema_kinds(value) & ~(unsigned)KIND_INTEGER;
	struct fingerprint print = fingerprint_of(run, &kinds, sizeof(kinds));
	double number = json_number(value) + 0.0; /* -0 is 0 */
	bool truth = json_true(value);

	switch (kinds) {
	case KIND_OBJECT:
		return fingerprint_object(run, value, print);
	case KIND_ARRAY:
		json_each(item, value) print = fingerprint_pair(run, print, fingerprint(run, item));
		return print;
	case KIND_TEXT:
		return fingerprint_pair(run, print,
			fingerprint_of(run, json_text(value), strlen(json_text(value))));
	case KIND_NUMBER:
		return fingerprint_pair(run, print, fingerprint_of(run, &number, sizeof(number)));
	default:
		return fingerprint_pair(run, print, fingerprint_of(run, &truth, sizeof(truth)));
	}
}

struct item {
	struct fingerprint print;
	size_t index;
};

static int compare_items(const void *left, const void *right)
{
	const struct item *one = left, *other = right;
	int order = memcmp(&one->print, &other->print, sizeof(one->print));

	return order ? order : (one->index > other->index) - (one->index < other->index);
}

static bool wrong_repeated(struct run *run, const struct place *place, size_t index, size_t first)
{
	struct place child = {.parent = place, .index = index};

	if (run->mode != TELLING)
		return schema_wrong(run, &child, "uniqueItems", NULL);
	return schema_wrong(run, &child, "uniqueItems", "first",
		arena_printf(run->arena, "%zu", first + 1), "again",
		arena_printf(run->arena, "%zu", index + 1), NULL);
}

/* For each item the index of the first that equals it: its own, mostly. */
static size_t *first_equals(struct run *run, const json *array, size_t count)
{
	struct item *items = NEW_ARRAY(run->arena, struct item, count);
	size_t i = 0, first = 0, *firsts = NEW_ARRAY(run->arena, size_t, count);

	json_each(value, array)
	{
		items[i] = (struct item){fingerprint(run, value), i};
		i++;
	}
	qsort(items, count, sizeof(*items), compare_items);
	for (i = 0; i < count; i++) {
		if (memcmp(&items[first].print, &items[i].print, sizeof(items->print)) != 0)
			first = i;
		firsts[items[i].index] = items[first].index;
	}
	return firsts;
}

bool check_unique_items(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t count = json_count(place->value), *firsts;
	bool holds = true;

	if (count < 2 || !json_true(rule->operand))
		return true;
	firsts = first_equals(run, place->value, count);
	for (size_t i = 0; i < count && !run_ends(run, holds); i++)
		if (firsts[i] != i)
			holds = wrong_repeated(run, place, i, firsts[i]);
	return holds;
}
