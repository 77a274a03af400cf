/*
 * A set of schemas: adding documents, tying their references together, finding and applying them.
 *
 * The hard thing is that validation must end: a value is finite, so it is enough that no schema
 * leads back to itself without going down into the value. schema_set_link() refuses those that
 * do.
 */
#include "schema.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "id.h"
#include "limits.h"
#include "schema_parts.h"
#include "text.h"

static void *pattern_take(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void pattern_keep(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

struct schema_set *schema_set_create(void)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	struct schema_set *set = NEW(arena, struct schema_set);

	set->arena = arena;
	set->pattern_memory = pcre2_general_context_create(pattern_take, pattern_keep, arena);
	set->pattern_options = pcre2_compile_context_create(set->pattern_memory);
	set->match_limits = pcre2_match_context_create(NULL); /* not of the arena: threads use it */
	assert(set->pattern_options && set->match_limits);
	pcre2_set_match_limit(set->match_limits, MATCH_EFFORT_MAX);
	pcre2_set_heap_limit(set->match_limits, MATCH_MEMORY_MAX);
	random_bytes(set->hash_key, sizeof(set->hash_key));
	return set;
}

void schema_set_destroy(struct schema_set *set)
{
	if (!set)
		return;
	pcre2_match_context_free(set->match_limits);
	arena_destroy(set->arena);
}

enum result schema_set_add(
	struct schema_set *set, const char *name, const json *document, struct error *error)
{
	assert(!set->by_node);
	return schema_compile(
		set, arena_text(set->arena, name), json_copy(set->arena, document), error);
}

static int compare_addresses(uintptr_t left, uintptr_t right)
{
	return (left > right) - (left < right);
}

static int compare_nodes(const void *left, const void *right)
{
	return compare_addresses((uintptr_t)(*(const struct schema *const *)left)->node,
		(uintptr_t)(*(const struct schema *const *)right)->node);
}

static int compare_to_node(const void *node, const void *schema)
{
	return compare_addresses(
		(uintptr_t)node, (uintptr_t)(*(const struct schema *const *)schema)->node);
}

static void sort_by_node(struct schema_set *set)
{
	size_t i = 0;

	set->by_node = NEW_ARRAY(set->arena, const struct schema *, set->schema_count + 1);
	for (const struct schema *schema = set->schemas; schema; schema = schema->next)
		set->by_node[i++] = schema;
	qsort(set->by_node, set->schema_count, sizeof(*set->by_node), compare_nodes);
}

/* NULL if no schema stands there. */
static const struct schema *schema_at(const struct schema_set *set, const json *node)
{
	const struct schema *const *found = !node ? NULL
						  : bsearch(node, set->by_node, set->schema_count,
							    sizeof(*set->by_node), compare_to_node);

	return found ? *found : NULL;
}

static const struct schema *anchored(
	const struct schema_set *set, const struct resource *resource, const char *name)
{
	for (const struct anchor *anchor = set->anchors; anchor; anchor = anchor->next)
		if (anchor->resource == resource && text_equal(anchor->name, name))
			return anchor->schema;
	return NULL;
}

const struct schema *schema_find(const struct schema_set *set, const char *reference)
{
	size_t size = strcspn(reference, "#");
	const char *fragment = reference[size] ? reference + size + 1 : "";
	const struct resource *resource = set->resources;

	assert(set->by_node);
	while (resource &&
		(strncmp(resource->uri, reference, size) != 0 || resource->uri[size] != '\0'))
		resource = resource->next;
	if (!resource)
		return NULL;
	if (*fragment && *fragment != '/')
		return anchored(set, resource, fragment);
	return schema_at(set, json_at_pointer(resource->root, fragment));
}

static enum result refuse(
	const struct schema *schema, struct error *error, const char *code, const char *reference)
{
	return fail(error, INVALID, code, "schema", schema->document, "pointer", schema->pointer,
		reference ? "name" : NULL, reference, NULL);
}

static enum result link_references(
	const struct schema_set *set, const struct schema *schema, struct error *error)
{
	const struct rule *rule = schema_rule(schema, "$ref");
	const char *text = rule ? json_text(rule->operand) : NULL;
	struct schema *target;

	if (!rule)
		return OK;
	text = reference_decode(
		set->arena, reference_resolve(set->arena, schema->resource->uri, text));
	target = (struct schema *)(uintptr_t)schema_find(set, text);
	if (!target)
		return refuse(schema, error, "schema.unknown_reference", json_text(rule->operand));
	rule->branches->schema = target;
	return OK;
}

/* Whether the schema can lead back to one that is being looked at, staying at the same value. */
static bool endless(struct schema *schema)
{
	if (schema->visit != UNVISITED)
		return schema->visit == ON_PATH;
	schema->visit = ON_PATH;
	for (size_t i = 0; i < schema->rule_count; i++) {
		const struct rule *rule = &schema->rules[i];
		if (!(rule->keyword->traits & IN_PLACE))
			continue;
		for (size_t j = 0; j < rule->branch_count; j++)
			if (endless(rule->branches[j].schema))
				return true;
	}
	schema->visit = VISITED;
	return false;
}

enum result schema_set_link(struct schema_set *set, struct error *error)
{
	assert(!set->by_node);
	sort_by_node(set);
	for (struct schema *schema = set->schemas; schema; schema = schema->next) {
		enum result rc = link_references(set, schema, error);
		if (rc)
			return rc;
	}
	for (struct schema *schema = set->schemas; schema; schema = schema->next)
		if (endless(schema))
			return refuse(schema, error, "schema.endless_reference", NULL);
	return OK;
}

enum result schema_validate(const struct schema *schema, const json *value, struct error *error)
{
	struct run run = {.error = error, .arena = error->arena, .set = schema->set};
	struct place top = {.value = value};

	schema_apply(&run, NULL, schema, &top);
	pcre2_match_data_free(run.match);
	if (run.exhausted)
		fault_add(error, "", "schema.effort", NULL);
	return refuse_faults(error);
}
