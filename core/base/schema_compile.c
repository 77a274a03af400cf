/*
 * From a document to rules: every keyword is known and has a value of its form, or the schema
 * does not load. References stay open until all documents are there (schema_set_link()).
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "schema_parts.h"
#include "text.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

struct compiler {
	struct schema_set *set;
	const char *document;
	struct error *error;
};

static enum result compile(struct compiler *compiler, const struct resource *resource,
	const char *pointer, const json *node, struct schema **out);

static enum result refuse(const struct compiler *compiler, const char *pointer, const char *code,
	const char *name, const char *text)
{
	return fail(compiler->error, INVALID, code, "schema", compiler->document, "pointer",
		pointer, name, text, NULL);
}

static const struct {
	const char *name;
	unsigned kinds;
} types[] = {
	{"null", KIND_NULL},
	{"boolean", KIND_BOOLEAN},
	{"integer", KIND_INTEGER},
	{"number", KIND_NUMBER},
	{"string", KIND_TEXT},
	{"array", KIND_ARRAY},
	{"object", KIND_OBJECT},
};

static unsigned kinds_of_type(const json *name)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (text_equal(types[i].name, json_text(name)))
			return types[i].kinds;
	return 0;
}

/* 0 if the operand is not a type name or a list of such. */
static unsigned compile_types(const json *operand)
{
	unsigned kinds = kinds_of_type(operand);

	if (!json_is_array(operand))
		return kinds;
	json_each(name, operand)
	{
		unsigned more = kinds_of_type(name);
		if (!more)
			return 0;
		kinds |= more;
	}
	return kinds;
}

static bool all_texts(const json *operand)
{
	json_each(item, operand) if (!json_is_text(item)) return false;
	return json_is_array(operand);
}

static bool all_lists_of_texts(const json *operand)
{
	json_each(item, operand) if (!all_texts(item)) return false;
	return json_is_object(operand);
}

static bool plain_name(const char *text)
{
	return text && *text && !strpbrk(text, "#/%: ");
}

/* Whether the operand has its keyword's form, as far as can be said without compiling it. */
static bool operand_fits(enum operand form, const json *operand)
{
	switch (form) {
	case OPERAND_ANY:
		return true;
	case OPERAND_TEXT:
	case OPERAND_REFERENCE:
	case OPERAND_PATTERN:
	case OPERAND_FORMAT:
		return json_is_text(operand);
	case OPERAND_BOOLEAN:
		return json_is_boolean(operand);
	case OPERAND_NUMBER:
		return json_is_number(operand);
	case OPERAND_POSITIVE:
		return json_number(operand) > 0;
	case OPERAND_COUNT:
		return json_is_integer(operand) && json_integer(operand) >= 0;
	case OPERAND_DIALECT:
		return text_equal(json_text(operand), DIALECT);
	case OPERAND_ID:
		return json_is_text(operand) && !strchr(json_text(operand), '#');
	case OPERAND_ANCHOR:
		return plain_name(json_text(operand));
	case OPERAND_TYPES:
		return compile_types(operand) != 0;
	case OPERAND_VALUES:
		return json_is_array(operand);
	case OPERAND_NAMES:
		return all_texts(operand);
	case OPERAND_NAMES_BY_NAME:
		return all_lists_of_texts(operand);
	case OPERAND_SCHEMA:
		return json_is_object(operand) || json_is_boolean(operand);
	case OPERAND_SCHEMAS:
		return json_is_array(operand) && json_first(operand);
	case OPERAND_SCHEMAS_BY_NAME:
	case OPERAND_SCHEMAS_BY_PATTERN:
		return json_is_object(operand);
	}
	return false;
}

static enum result compile_pattern(
	struct compiler *compiler, const char *pointer, const char *pattern, const pcre2_code **out)
{
	const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX |
				 PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
				 PCRE2_NEVER_BACKSLASH_C;
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int problem;

	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &problem, &offset,
		compiler->set->pattern_options);
	if (!code) {
		pcre2_get_error_message(problem, reason, sizeof(reason));
		return refuse(compiler, pointer, "schema.unreadable_pattern", "reason",
			(const char *)reason);
	}
	*out = code;
	return OK;
}

static int compare_branches(const void *left, const void *right)
{
	return strcmp(((const struct branch *)left)->name, ((const struct branch *)right)->name);
}

static enum result compile_branch(struct compiler *compiler, const struct resource *resource,
	const char *pointer, const json *node, struct branch *branch)
{
	if (!operand_fits(OPERAND_SCHEMA, node))
		return refuse(compiler, pointer, "schema.keyword_value", NULL, NULL);
	return compile(compiler, resource, pointer, node, &branch->schema);
}

/* One branch for each member or element of the operand. */
static enum result compile_branches(struct compiler *compiler, const struct resource *resource,
	const char *pointer, struct rule *rule)
{
	struct arena *arena = compiler->set->arena;
	size_t i = 0;

	rule->branch_count = json_count(rule->operand);
	rule->branches = NEW_ARRAY(arena, struct branch, rule->branch_count);
	json_each(node, rule->operand)
	{
		struct branch *branch = &rule->branches[i];
		const char *name = json_is_object(rule->operand) ? json_name(node) : NULL;
		const char *token =
			name ? pointer_token(arena, name) : arena_printf(arena, "%zu", i);
		const char *inner = arena_printf(arena, "%s/%s", pointer, token);
		enum result rc = compile_branch(compiler, resource, inner, node, branch);
		if (rc)
			return rc;

		branch->name = name;
		if (rule->keyword->operand == OPERAND_SCHEMAS_BY_PATTERN)
			rc = compile_pattern(compiler, inner, name, &branch->pattern);
		if (rc)
			return rc;
		i++;
	}
	if (rule->keyword->operand == OPERAND_SCHEMAS_BY_NAME)
		qsort(rule->branches, rule->branch_count, sizeof(*rule->branches),
			compare_branches);
	return OK;
}

static enum result add_anchor(
	struct compiler *compiler, struct schema *schema, const char *pointer, const char *name)
{
	struct schema_set *set = compiler->set;
	struct anchor *anchor;

	for (anchor = set->anchors; anchor; anchor = anchor->next)
		if (anchor->resource == schema->resource && text_equal(anchor->name, name))
			return refuse(compiler, pointer, "schema.named_twice", "name", name);
	anchor = NEW(set->arena, struct anchor);
	*anchor = (struct anchor){set->anchors, schema->resource, name, schema};
	set->anchors = anchor;
	return OK;
}

static enum result compile_rule(
	struct compiler *compiler, struct schema *schema, const char *pointer, struct rule *rule)
{
	const json *operand = rule->operand;

	if (!operand_fits(rule->keyword->operand, operand))
		return refuse(compiler, pointer, "schema.keyword_value", NULL, NULL);

	switch (rule->keyword->operand) {
	case OPERAND_TYPES:
		rule->kinds = compile_types(operand);
		return OK;
	case OPERAND_ANCHOR:
		return add_anchor(compiler, schema, pointer, json_text(operand));
	case OPERAND_PATTERN:
		return compile_pattern(compiler, pointer, json_text(operand), &rule->pattern);
	case OPERAND_FORMAT:
		rule->format = schema_format_find(json_text(operand));
		return rule->format ? OK
				    : refuse(compiler, pointer, "schema.unknown_format", "name",
					      json_text(operand));
	case OPERAND_REFERENCE:
		rule->branch_count = 1;
		rule->branches = NEW(compiler->set->arena, struct branch);
		return OK;
	case OPERAND_SCHEMA:
		rule->branch_count = 1;
		rule->branches = NEW(compiler->set->arena, struct branch);
		return compile_branch(compiler, schema->resource, pointer, operand, rule->branches);
	case OPERAND_SCHEMAS:
	case OPERAND_SCHEMAS_BY_NAME:
	case OPERAND_SCHEMAS_BY_PATTERN:
		return compile_branches(compiler, schema->resource, pointer, rule);
	default:
		return OK;
	}
}

static bool known(const char *name)
{
	for (const struct keyword *keyword = schema_keywords; keyword->name; keyword++)
		if (strcmp(keyword->name, name) == 0)
			return true;
	return text_starts(name, "x-");
}

static const char *keyword_pointer(
	struct compiler *compiler, const struct schema *schema, const char *name)
{
	struct arena *arena = compiler->set->arena;

	return arena_printf(arena, "%s/%s", schema->pointer, pointer_token(arena, name));
}

/* Rules in the order of the table, not of the document. */
static enum result compile_rules(struct compiler *compiler, struct schema *schema)
{
	json_each(member, schema->node) if (!known(json_name(member))) return refuse(compiler,
		keyword_pointer(compiler, schema, json_name(member)), "schema.unknown_keyword",
		"name", json_name(member));

	schema->rules = NEW_ARRAY(compiler->set->arena, struct rule, json_count(schema->node));
	for (const struct keyword *keyword = schema_keywords; keyword->name; keyword++) {
		const json *operand = json_get(schema->node, keyword->name);
		struct rule *rule = &schema->rules[schema->rule_count];
		enum result rc;
		if (!operand)
			continue;
		*rule = (struct rule){.keyword = keyword, .owner = schema, .operand = operand};
		rc = compile_rule(
			compiler, schema, keyword_pointer(compiler, schema, keyword->name), rule);
		if (rc)
			return rc;

		schema->rule_count++;
		schema->tracks = schema->tracks || (keyword->traits & LEFTOVERS);
	}
	return OK;
}

/* A document, or a part of one that has an $id of its own. */
static enum result add_resource(struct compiler *compiler, const char *uri, const char *pointer,
	const json *root, const struct resource **out)
{
	struct schema_set *set = compiler->set;
	struct resource *resource;

	for (resource = set->resources; resource; resource = resource->next)
		if (text_equal(resource->uri, uri))
			return refuse(compiler, pointer, "schema.named_twice", "name", uri);
	resource = NEW(set->arena, struct resource);
	*resource = (struct resource){set->resources, uri, root};
	set->resources = resource;
	*out = resource;
	return OK;
}

static enum result compile(struct compiler *compiler, const struct resource *resource,
	const char *pointer, const json *node, struct schema **out)
{
	struct schema_set *set = compiler->set;
	struct schema *schema = NEW(set->arena, struct schema);
	const char *id = json_get_text(node, "$id");
	enum result rc;

	if (id && node != resource->root) {
		const char *uri = reference_resolve(set->arena, resource->uri, id);
		rc = add_resource(compiler, uri, pointer, node, &resource);
		if (rc)
			return rc;
	}
	*schema = (struct schema){.next = set->schemas,
		.set = set,
		.resource = resource,
		.document = compiler->document,
		.pointer = pointer,
		.node = node,
		.never = json_is_boolean(node) && !json_true(node)};
	set->schemas = schema;
	set->schema_count++;
	*out = schema;
	return compile_rules(compiler, schema);
}

enum result schema_compile(
	struct schema_set *set, const char *name, const json *document, struct error *error)
{
	struct compiler compiler = {.set = set, .document = name, .error = error};
	const char *id = json_get_text(document, "$id");
	const struct resource *resource;
	struct schema *schema;
	enum result rc;

	if (!operand_fits(OPERAND_SCHEMA, document))
		return refuse(&compiler, "", "schema.keyword_value", NULL, NULL);
	rc = add_resource(&compiler, id ? reference_resolve(set->arena, name, id) : name, "",
		document, &resource);
	if (rc)
		return rc;
	return compile(&compiler, resource, "", document, &schema);
}
