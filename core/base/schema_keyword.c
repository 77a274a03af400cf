/*
 * Every keyword that is understood, in the order in which they are looked at. What is not in this
 * table, and does not begin with "x-", makes a schema fail to load.
 */
#include "schema_parts.h"

#define NUMBER KIND_NUMBER
#define TEXT   KIND_TEXT
#define ARRAY  KIND_ARRAY
#define OBJECT KIND_OBJECT
#define ANY    KIND_ANY

/* clang-format off */
const struct keyword schema_keywords[] = {
	/* What the schema is. */
	{"$schema",               OPERAND_DIALECT,             0,      0, NULL},
	{"$id",                   OPERAND_ID,                  0,      0, NULL},
	{"$anchor",               OPERAND_ANCHOR,              0,      0, NULL},
	{"$defs",                 OPERAND_SCHEMAS_BY_NAME,     0,      0, NULL},
	{"definitions",           OPERAND_SCHEMAS_BY_NAME,     0,      0, NULL},

	/* Any value. */
	{"type",                  OPERAND_TYPES,               ANY,    DECIDES, check_type},
	{"enum",                  OPERAND_VALUES,              ANY,    DECIDES, check_enum},
	{"const",                 OPERAND_ANY,                 ANY,    DECIDES, check_const},

	/* Numbers. */
	{"multipleOf",            OPERAND_POSITIVE,            NUMBER, 0, check_multiple_of},
	{"minimum",               OPERAND_NUMBER,              NUMBER, 0, check_minimum},
	{"maximum",               OPERAND_NUMBER,              NUMBER, 0, check_maximum},
	{"exclusiveMinimum",      OPERAND_NUMBER,              NUMBER, 0, check_exclusive_minimum},
	{"exclusiveMaximum",      OPERAND_NUMBER,              NUMBER, 0, check_exclusive_maximum},

	/* Texts. */
	{"minLength",             OPERAND_COUNT,               TEXT,   0, check_min_length},
	{"maxLength",             OPERAND_COUNT,               TEXT,   0, check_max_length},
	{"pattern",               OPERAND_PATTERN,             TEXT,   0, check_pattern},
	{"format",                OPERAND_FORMAT,              TEXT,   0, check_format},

	/* Arrays. */
	{"minItems",              OPERAND_COUNT,               ARRAY,  0, check_min_count},
	{"maxItems",              OPERAND_COUNT,               ARRAY,  0, check_max_count},
	{"uniqueItems",           OPERAND_BOOLEAN,             ARRAY,  0, check_unique_items},
	{"prefixItems",           OPERAND_SCHEMAS,             ARRAY,  0, check_prefix_items},
	{"items",                 OPERAND_SCHEMA,              ARRAY,  0, check_items},
	{"contains",              OPERAND_SCHEMA,              ARRAY,  0, check_contains},
	{"minContains",           OPERAND_COUNT,               0,      0, NULL}, /* by contains */
	{"maxContains",           OPERAND_COUNT,               0,      0, NULL},

	/* Objects. */
	{"required",              OPERAND_NAMES,               OBJECT, 0, check_required},
	{"dependentRequired",     OPERAND_NAMES_BY_NAME,       OBJECT, 0, check_dependent_required},
	{"minProperties",         OPERAND_COUNT,               OBJECT, 0, check_min_count},
	{"maxProperties",         OPERAND_COUNT,               OBJECT, 0, check_max_count},
	{"propertyNames",         OPERAND_SCHEMA,              OBJECT, 0, check_property_names},
	{"properties",            OPERAND_SCHEMAS_BY_NAME,     OBJECT, 0, check_properties},
	{"patternProperties",     OPERAND_SCHEMAS_BY_PATTERN,  OBJECT, 0, check_pattern_properties},
	{"additionalProperties",  OPERAND_SCHEMA,              OBJECT, 0, check_additional},

	/* Schemas for the same value. */
	{"$ref",                  OPERAND_REFERENCE,           ANY,    IN_PLACE, check_every},
	{"allOf",                 OPERAND_SCHEMAS,             ANY,    IN_PLACE, check_every},
	{"anyOf",                 OPERAND_SCHEMAS,             ANY,    IN_PLACE, check_any_of},
	{"oneOf",                 OPERAND_SCHEMAS,             ANY,    IN_PLACE, check_one_of},
	{"not",                   OPERAND_SCHEMA,              ANY,    IN_PLACE, check_not},
	{"if",                    OPERAND_SCHEMA,              ANY,    IN_PLACE, check_if},
	{"then",                  OPERAND_SCHEMA,              0,      IN_PLACE, NULL}, /* by if */
	{"else",                  OPERAND_SCHEMA,              0,      IN_PLACE, NULL},
	{"dependentSchemas",      OPERAND_SCHEMAS_BY_NAME,     OBJECT, IN_PLACE, check_dependent_schemas},

	/* What nothing above has looked at. */
	{"unevaluatedItems",      OPERAND_SCHEMA,              ARRAY,  LEFTOVERS, check_unevaluated},
	{"unevaluatedProperties", OPERAND_SCHEMA,              OBJECT, LEFTOVERS, check_unevaluated},

	/* For people and for OpenAPI. */
	{"$comment",              OPERAND_TEXT,                0,      0, NULL},
	{"title",                 OPERAND_TEXT,                0,      0, NULL},
	{"description",           OPERAND_TEXT,                0,      0, NULL},
	{"default",               OPERAND_ANY,                 0,      0, NULL},
	{"example",               OPERAND_ANY,                 0,      0, NULL},
	{"examples",              OPERAND_VALUES,              0,      0, NULL},
	{"deprecated",            OPERAND_BOOLEAN,             0,      0, NULL},
	{"readOnly",              OPERAND_BOOLEAN,             0,      0, NULL},
	{"writeOnly",             OPERAND_BOOLEAN,             0,      0, NULL},
	{"discriminator",         OPERAND_ANY,                 0,      0, NULL},
	{NULL,                    OPERAND_ANY,                 0,      0, NULL},
};
/* clang-format on */
