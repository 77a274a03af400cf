/*
 * What the files of the schema validator share: compiled schemas, the table of keywords, and one
 * run of a validation. Private to core/base/schema*.c.
 *
 * A schema is a list of rules, one for each keyword that it has, in the order of the table in
 * schema_keyword.c. After schema_set_link() nothing of it changes any more.
 */
#ifndef KAOWU_BASE_SCHEMA_PARTS_H
#define KAOWU_BASE_SCHEMA_PARTS_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema.h"

/* Guards against schemas that take for ever, not against people: far above what a body can need. */
#define EFFORT_MAX       1000000 /* schemas applied to values in one validation */
#define MATCH_EFFORT_MAX 200000  /* PCRE2's own steps in one match */
#define MATCH_MEMORY_MAX 4096    /* kibibytes in one match */

struct arena;

/* ---- Compiled ---- */

/* What a value is, as bits: an integer is a number as well. */
enum kind {
	KIND_NULL = 1,
	KIND_BOOLEAN = 2,
	KIND_INTEGER = 4,
	KIND_NUMBER = 8,
	KIND_TEXT = 16,
	KIND_ARRAY = 32,
	KIND_OBJECT = 64,
	KIND_ANY = 127,
};

/* The form that a keyword's value must have. */
enum operand {
	OPERAND_ANY,
	OPERAND_TEXT,
	OPERAND_BOOLEAN,
	OPERAND_NUMBER,
	OPERAND_POSITIVE,        /* a number above zero */
	OPERAND_COUNT,           /* an integer from zero */
	OPERAND_DIALECT,         /* the URI of JSON Schema 2020-12 */
	OPERAND_ID,              /* a URI without fragment */
	OPERAND_ANCHOR,          /* a plain name */
	OPERAND_REFERENCE,       /* a URI reference to a schema; its branch is set when linking */
	OPERAND_TYPES,           /* a type name or an array of them */
	OPERAND_VALUES,          /* an array of anything */
	OPERAND_NAMES,           /* an array of texts */
	OPERAND_NAMES_BY_NAME,   /* an object of such arrays */
	OPERAND_PATTERN,         /* a regular expression */
	OPERAND_FORMAT,          /* a name from schema_format_find() */
	OPERAND_SCHEMA,          /* one branch */
	OPERAND_SCHEMAS,         /* an array of at least one; a branch each, in order */
	OPERAND_SCHEMAS_BY_NAME, /* an object; branches sorted by name */
	OPERAND_SCHEMAS_BY_PATTERN,
};

enum trait {
	DECIDES = 1,  /* when it fails, the other keywords have nothing to add */
	IN_PLACE = 2, /* its branches apply to the same value, not to a part of it */
	LEFTOVERS =
		4, /* looks at what the keywords before it did not: pointless once one has failed */
};

struct run;
struct rule;
struct place;
struct format;

struct keyword {
	const char *name;
	enum operand operand;
	unsigned applies; /* kinds of value; others always pass */
	unsigned traits;
	/* False, and faults told, if the value is wrong. NULL: says nothing by itself. */
	bool (*check)(struct run *run, const struct rule *rule, const struct place *place);
};

/* Ends with a row without name. */
extern const struct keyword schema_keywords[];

struct branch {
	const char *name; /* of the member; NULL in arrays */
	const pcre2_code *pattern;
	struct schema *schema;
};

struct rule {
	const struct keyword *keyword;
	const struct schema *owner;
	const json *operand;
	struct branch *branches;
	size_t branch_count;
	const pcre2_code *pattern;
	const struct format *format;
	unsigned kinds; /* that "type" allows */
};

struct resource {
	struct resource *next;
	const char *uri;
	const json *root;
};

struct schema {
	struct schema *next; /* of its set */
	const struct schema_set *set;
	const struct resource *resource; /* whose URI its references start from */
	const char *document;            /* and where in it, for errors of loading */
	const char *pointer;
	const json *node;
	bool never;  /* the schema `false` */
	bool tracks; /* has unevaluatedProperties or unevaluatedItems */
	struct rule *rules;
	size_t rule_count;
	enum { UNVISITED, ON_PATH, VISITED } visit; /* while linking */
};

struct anchor {
	struct anchor *next;
	const struct resource *resource;
	const char *name;
	const struct schema *schema;
};

struct schema_set {
	struct arena *arena; /* everything, compiled patterns too */
	struct resource *resources;
	struct anchor *anchors;
	struct schema *schemas;
	size_t schema_count;
	const struct schema **by_node; /* sorted by node, when linked */
	pcre2_general_context *pattern_memory;
	pcre2_compile_context *pattern_options;
	pcre2_match_context *match_limits;
	uint8_t hash_key[16]; /* so that nobody can prepare values that look equal */
};

/* Compiles a whole document, which must live as long as the set. */
enum result schema_compile(struct schema_set *set, const char *name, const json *document,
	struct error *error) MUST_CHECK;

/* "to" as seen from "base", for schemes with and without a path; no "../". */
char *reference_resolve(struct arena *arena, const char *base, const char *to);
char *reference_decode(struct arena *arena, const char *text); /* "%25" becomes "%" */

/* The owner's rule for that keyword, or NULL. */
const struct rule *schema_rule(const struct schema *owner, const char *keyword);
const struct branch *schema_branch(
	const struct rule *rule, const char *name); /* rule may be NULL */

/* ---- One validation ---- */

enum mode {
	TELLING,   /* every fault goes into the error */
	COUNTING,  /* they are only counted */
	ANSWERING, /* only the answer matters: stop at the first */
};

struct run {
	struct error *error;
	struct arena *arena;
	const struct schema_set *set;
	pcre2_match_data *match; /* made when first needed */
	size_t effort;
	bool exhausted; /* EFFORT_MAX is reached: everything is refused from here on */
	enum mode mode;
	size_t faults;           /* told or counted */
	const json *alternative; /* counting: the value that a branch of several is tried on, */
	bool ruled_out;          /* and that it cannot be the branch that was meant */
};

/* Nothing more to learn. */
static inline bool run_ends(const struct run *run, bool holds)
{
	return !holds && run->mode == ANSWERING;
}

/* A value and the way to it. Pointers are made only when there is something to tell. */
struct place {
	const struct place *parent;
	const json *value;
	const char *name; /* in an object */
	size_t index;     /* among the parent's children */
	bool *seen;       /* for each child: some keyword has looked at it; NULL if nobody asks */
};

unsigned schema_kinds(const json *value);

/* Does the value meet the schema? `rule` is the one that leads to the schema, NULL at the top. */
bool schema_apply(struct run *run, const struct rule *rule, const struct schema *schema,
	const struct place *place);
/* The same without telling anything; children seen count only if it holds. */
bool schema_try(struct run *run, const struct schema *schema, const struct place *place);
/* schema_apply() to a child, which is then seen. */
bool schema_apply_child(struct run *run, const struct rule *rule, const struct schema *schema,
	const struct place *place, const json *child, size_t index);
void schema_see(const struct place *place, const bool *seen); /* adds them */

/* Tells or counts a fault: code "schema.<what>", then name and text in turn (at most three
 * pairs), ended by NULL. Texts that take work to make are left out unless the run is TELLING.
 * Always false. */
bool schema_wrong(struct run *run, const struct place *place, const char *what, ...)
	__attribute__((sentinel));
/* schema_wrong() for a limit that a count does not keep. */
bool schema_wrong_count(
	struct run *run, const struct rule *rule, const struct place *place, size_t actual);
char *place_pointer(struct arena *arena, const struct place *place);
char *pointer_token(struct arena *arena, const char *name); /* "a/b" becomes "a~1b" */

/* schema_value.c */
const struct format *schema_format_find(const char *name);
bool check_type(struct run *run, const struct rule *rule, const struct place *place);
bool check_enum(struct run *run, const struct rule *rule, const struct place *place);
bool check_const(struct run *run, const struct rule *rule, const struct place *place);
bool check_multiple_of(struct run *run, const struct rule *rule, const struct place *place);
bool check_minimum(struct run *run, const struct rule *rule, const struct place *place);
bool check_maximum(struct run *run, const struct rule *rule, const struct place *place);
bool check_exclusive_minimum(struct run *run, const struct rule *rule, const struct place *place);
bool check_exclusive_maximum(struct run *run, const struct rule *rule, const struct place *place);
bool check_min_length(struct run *run, const struct rule *rule, const struct place *place);
bool check_max_length(struct run *run, const struct rule *rule, const struct place *place);
bool check_pattern(struct run *run, const struct rule *rule, const struct place *place);
bool check_format(struct run *run, const struct rule *rule, const struct place *place);
bool pattern_matches(struct run *run, const pcre2_code *pattern, const char *text);
bool number_is_multiple(double number, double of); /* schema_decimal.c */

/* schema_array.c */
bool check_prefix_items(struct run *run, const struct rule *rule, const struct place *place);
bool check_items(struct run *run, const struct rule *rule, const struct place *place);
bool check_contains(struct run *run, const struct rule *rule, const struct place *place);
bool check_min_count(struct run *run, const struct rule *rule, const struct place *place);
bool check_max_count(struct run *run, const struct rule *rule, const struct place *place);
bool check_unique_items(struct run *run, const struct rule *rule, const struct place *place);

/* schema_object.c */
bool check_properties(struct run *run, const struct rule *rule, const struct place *place);
bool check_pattern_properties(struct run *run, const struct rule *rule, const struct place *place);
bool check_additional(struct run *run, const struct rule *rule, const struct place *place);
bool check_property_names(struct run *run, const struct rule *rule, const struct place *place);
bool check_required(struct run *run, const struct rule *rule, const struct place *place);
bool check_dependent_required(struct run *run, const struct rule *rule, const struct place *place);

/* schema_combine.c */
bool check_every(struct run *run, const struct rule *rule, const struct place *place);
bool check_any_of(struct run *run, const struct rule *rule, const struct place *place);
bool check_one_of(struct run *run, const struct rule *rule, const struct place *place);
bool check_not(struct run *run, const struct rule *rule, const struct place *place);
bool check_if(struct run *run, const struct rule *rule, const struct place *place);
bool check_dependent_schemas(struct run *run, const struct rule *rule, const struct place *place);
bool check_unevaluated(struct run *run, const struct rule *rule, const struct place *place);

#endif
