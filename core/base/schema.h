/*
 * JSON Schema 2020-12, compiled once, then shared by all threads.
 *
 * A keyword that schema_keyword.c does not name is an error when the schema loads, never silently
 * passed over. It names all of validation and unevaluated*; not $dynamicRef, $vocabulary,
 * content*. Names that begin with "x-" are free for annotations; one means something: "x-shape"
 * says beside a pattern what it is for people ("postcode").
 * Schemas refer to each other by `$id` ("kaowu:tenant") and `$ref`; nothing is fetched. Regular
 * expressions are PCRE2 (UTF, match limits). format is an assertion for date, date-time, uuid,
 * and ours: "year-month"; others do not load. Type integer ends at ±(2^53 - 1).
 */
#ifndef KAOWU_BASE_SCHEMA_H
#define KAOWU_BASE_SCHEMA_H

#include "json.h"
#include "result.h"

struct schema_set;
struct schema;

struct schema_set *schema_set_create(void);
void schema_set_destroy(struct schema_set *set);

/* Compiles a copy of one document; `name` is its URI where it has no $id. INVALID with code
 * "schema.<what>" and parameters schema, pointer (of the keyword that is wrong or not
 * implemented) and mostly name. References may point forward: schema_set_link(), called once
 * after all are added, ends it. A set that failed can only be destroyed. */
enum result schema_set_add(struct schema_set *set, const char *name, const json *document,
	struct error *error) MUST_CHECK;
enum result schema_set_link(struct schema_set *set, struct error *error) MUST_CHECK;

/* After linking. By $id, or $id with a JSON-pointer or anchor fragment: "kaowu:api#/$defs/signUp".
 * NULL if unknown. */
const struct schema *schema_find(const struct schema_set *set, const char *reference);

/* OK, or INVALID ("input.invalid") with every fault by JSON pointer: code "schema.<keyword>" and
 * its parameters (limit, actual, allowed, name, ...); type, format and a pattern with a shape
 * add what they want: "schema.type.string", "schema.format.date", "schema.pattern.postcode"
 * ("schema.type" alone where several types are possible). What is missing is told at its own
 * pointer. Of several alternatives (anyOf, oneOf) the nearest is told. At most LIMIT_FAULTS faults
 * are told. Safe from any thread; needs error->arena. */
enum result schema_validate(
	const struct schema *schema, const json *value, struct error *error) MUST_CHECK;

#endif
