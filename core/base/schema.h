/*
 * JSON Schema 2020-12, compiled once at start, then shared by all threads.
 *
 * A keyword that is not implemented is an error when the schema loads, never silently passed over.
 * Schemas refer to each other by `$id` ("kaowu:tenant") and `$ref`; nothing is fetched. Regular
 * expressions are PCRE2 (UTF, match limits). Annotations, and format as an assertion for: date,
 * date-time, uuid, and ours: "year-month".
 */
#ifndef KAOWU_BASE_SCHEMA_H
#define KAOWU_BASE_SCHEMA_H

#include "json.h"
#include "result.h"

struct schema_set;
struct schema;

struct schema_set *schema_set_create(void);
void schema_set_destroy(struct schema_set *set);

/* Compiles one document; `name` is used where the document has no $id. INVALID names the pointer of the
 * keyword that is wrong or not implemented. References may point forward: schema_set_link() ends it. */
enum result schema_set_add(struct schema_set *set, const char *name, const json *document,
	struct error *error) MUST_CHECK;
enum result schema_set_link(struct schema_set *set, struct error *error) MUST_CHECK;

/* By $id, or $id with a JSON-pointer or anchor fragment: "kaowu:api#/$defs/signUp". NULL if unknown. */
const struct schema *schema_find(const struct schema_set *set, const char *reference);

/* OK, or INVALID ("input.invalid") with every fault by JSON pointer: code "schema.<keyword>" and its
 * parameters (limit, allowed, name, ...). At most LIMIT_FAULTS faults are told. */
enum result schema_validate(const struct schema *schema, const json *value, struct error *error)
	MUST_CHECK;

#endif
