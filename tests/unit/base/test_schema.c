/*
 * What the validator tells people: every wrong place, by pointer, with a code that has a text;
 * and that bad schemas do not load. Which values are valid at all is held to the official suite
 * (tests/schema).
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/schema.h"

#include <cmocka.h>

static struct arena *arena;
static json *messages;

static json *parse(struct arena *into, const char *text, size_t size)
{
	struct error error = {.arena = into};
	json *value = NULL;

	if (json_parse(into, text, size, &value, &error) != OK)
		fail_msg("%s: %.80s", error.code, text);
	return value;
}

static int open_arena(void **state)
{
	char *text;
	size_t size;
	FILE *file = fopen(SOURCE_DIR "/schemas/messages/schema.json", "rb");

	(void)state;
	if (!file)
		return -1;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	text = arena_alloc(arena, 65536);
	size = fread(text, 1, 65536, file);
	fclose(file);
	messages = parse(arena, text, size);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static const char *param(const char *const *params, const char *name)
{
	for (; *params; params += 2)
		if (strcmp(params[0], name) == 0)
			return params[1];
	return NULL;
}

/* The code has a text in both languages, and the parameters that they name are given. */
static void assert_told(const char *code, const char *const *params)
{
	const json *texts = json_get(messages, code);

	if (!json_get_text(texts, "zh") || !json_get_text(texts, "en"))
		fail_msg("%s has no text", code);
	json_each(text, texts)
	{
		const char *at = json_text(text);
		while ((at = strchr(at, '{'))) {
			char *name = arena_text_part(arena, at + 1, strcspn(at, "}") - 1);
			if (!param(params, name))
				fail_msg("%s lacks {%s}", code, name);
			at++;
		}
	}
}

static struct schema_set *load(const char *schema)
{
	struct schema_set *set = schema_set_create();
	struct error error = {.arena = arena};

	if (schema_set_add(set, "test", parse(arena, schema, strlen(schema)), &error) != OK ||
		schema_set_link(set, &error) != OK)
		fail_msg("%s: %s", error.code, schema);
	return set;
}

/* "pointer code, pointer code" without the area "schema."; "" if valid. */
static char *faults_of(const char *schema, const char *text, struct error *error)
{
	struct schema_set *set = load(schema);
	struct buffer told = buffer_in(arena, 1 << 20);
	enum result rc =
		schema_validate(schema_find(set, "test"), parse(arena, text, strlen(text)), error);

	schema_set_destroy(set);
	buffer_text(&told, "");
	for (struct fault *fault = error->faults; fault; fault = fault->next) {
		assert_told(fault->code, fault->params);
		buffer_printf(&told, "%s%s %s", told.size ? ", " : "", fault->pointer,
			fault->code + strlen("schema."));
	}
	assert_int_equal(rc, error->faults ? INVALID : OK);
	if (rc)
		assert_string_equal(error->code, "input.invalid");
	return told.data;
}

static void every_wrong_place_is_told_by_pointer(void **state)
{
	static const struct {
		const char *schema, *value, *faults;
	} cases[] = {
		{"{\"type\":\"string\"}", "1", " type.string"},
		{"{\"type\":\"integer\"}", "1.5", " type.integer"},
		{"{\"type\":\"integer\"}", "9007199254740992", " type.integer"},
		{"{\"type\":\"integer\"}", "1.0", ""},
		{"{\"type\":\"number\"}", "\"1\"", " type.number"},
		{"{\"type\":\"boolean\"}", "0", " type.boolean"},
		{"{\"type\":\"object\"}", "[]", " type.object"},
		{"{\"type\":\"array\"}", "{}", " type.array"},
		{"{\"type\":\"null\"}", "0", " type.null"},
		{"{\"type\":[\"string\",\"null\"]}", "1", " type.string"},
		{"{\"type\":[\"string\",\"integer\"]}", "null", " type"},
		{"{\"enum\":[\"a\",1]}", "\"b\"", " enum"},
		{"{\"const\":{\"a\":1}}", "{\"a\":2}", " const"},
		{"{\"type\":\"string\",\"enum\":[\"a\"],\"minLength\":2}", "1", " type.string"},
		{"{\"multipleOf\":0.01}", "4.351", " multipleOf"},
		{"{\"minimum\":3}", "2", " minimum"},
		{"{\"maximum\":3}", "3.5", " maximum"},
		{"{\"exclusiveMinimum\":3}", "3", " exclusiveMinimum"},
		{"{\"exclusiveMaximum\":3}", "3", " exclusiveMaximum"},
		{"{\"minLength\":3}", "\"中文\"", " minLength"},
		{"{\"minLength\":2,\"maxLength\":2}", "\"中文\"", ""},
		{"{\"maxLength\":1}", "\"中文\"", " maxLength"},
		{"{\"pattern\":\"^1[0-9]{10}$\"}", "\"13800000000\\n\"", " pattern"},
		{"{\"pattern\":\"^\\\\u4e2d.$\"}", "\"中文\"", ""},
		{"{\"pattern\":\"^[0-9]{6}$\",\"x-shape\":\"postcode\"}", "\"1000\"",
			" pattern.postcode"},
		{"{\"format\":\"date\"}", "\"2026-02-30\"", " format.date"},
		{"{\"format\":\"date-time\"}", "\"2026-11-22 09:00\"", " format.date-time"},
		{"{\"format\":\"year-month\"}", "\"2026-13\"", " format.year-month"},
		{"{\"format\":\"year-month\"}", "\"2026-12\"", ""},
		{"{\"format\":\"uuid\"}", "\"x\"", " format.uuid"},
		{"{\"minItems\":1}", "[]", " minItems"},
		{"{\"maxItems\":1}", "[1,2]", " maxItems"},
		{"{\"uniqueItems\":true}", "[1,\"1\",{\"a\":1,\"b\":[0]},1.0,{\"b\":[0],\"a\":1}]",
			"/3 uniqueItems, /4 uniqueItems"},
		{"{\"uniqueItems\":true}", "[0,false,null,\"\",[],{},[[]],[0],{\"\":0}]", ""},
		{"{\"uniqueItems\":false}", "[1,1]", ""},
		{"{\"contains\":{\"const\":1}}", "[2]", " contains"},
		{"{\"contains\":{\"const\":1},\"minContains\":2}", "[1,2]", " minContains"},
		{"{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1]", " maxContains"},
		{"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}", "[1,2]",
			"/0 type.string, /1 items"},
		{"{\"prefixItems\":[true,false]}", "[1,2]", "/1 prefixItems"},
		{"{\"items\":{\"type\":\"string\"}}", "[1,\"a\",2]",
			"/0 type.string, /2 type.string"},
		{"{\"required\":[\"a\",\"b/c~d\"]}", "{}", "/a required, /b~1c~0d required"},
		{"{\"properties\":{\"list\":{\"items\":{\"required\":[\"a\"]}}}}",
			"{\"list\":[{\"a\":1},{}]}", "/list/1/a required"},
		{"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "/b dependentRequired"},
		{"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{}", ""},
		{"{\"minProperties\":1}", "{}", " minProperties"},
		{"{\"maxProperties\":1}", "{\"a\":1,\"b\":1}", " maxProperties"},
		{"{\"propertyNames\":{\"maxLength\":1}}", "{\"ab\":1}", "/ab propertyNames"},
		{"{\"properties\":{\"a\":false}}", "{\"a\":1}", "/a properties"},
		{"{\"patternProperties\":{\"^x\":false}}", "{\"xy\":1}", "/xy patternProperties"},
		{"{\"properties\":{\"a\":true},\"patternProperties\":{\"^b\":true},"
		 "\"additionalProperties\":false}",
			"{\"a\":1,\"bb\":1,\"c\":1,\"d e\":1}",
			"/c additionalProperties, /d e additionalProperties"},
		{"{\"additionalProperties\":{\"type\":\"integer\"}}", "{\"a\":\"x\"}",
			"/a type.integer"},
		{"{\"allOf\":[{\"minimum\":2},{\"multipleOf\":2}]}", "1", " minimum,  multipleOf"},
		{"{\"not\":{\"type\":\"string\"}}", "\"\"", " not"},
		{"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},"
		 "\"else\":{\"required\":[\"c\"]}}",
			"{\"a\":1}", "/b required"},
		{"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},"
		 "\"else\":{\"required\":[\"c\"]}}",
			"{}", "/c required"},
		{"{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}", "{\"a\":1}",
			"/b required"},
		{"{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
			"{\"a\":1,\"b\":1}", "/b unevaluatedProperties"},
		{"{\"prefixItems\":[true],\"unevaluatedItems\":false}", "[1,2]",
			"/1 unevaluatedItems"},
		{"false", "1", " false"},
		{"{\"allOf\":[false]}", "1", " false"},
		{"{\"type\":\"object\",\"required\":[\"name\",\"age\"],\"properties\":{"
		 "\"name\":{\"type\":\"string\",\"minLength\":2},\"age\":{\"type\":\"integer\"}}}",
			"{\"age\":\"x\",\"name\":\"张\"}", "/age type.integer, /name minLength"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = {.arena = arena};
		const char *told = faults_of(cases[i].schema, cases[i].value, &error);
		if (strcmp(told, cases[i].faults) != 0)
			fail_msg("%s instead of %s: %s for %s", told, cases[i].faults,
				cases[i].value, cases[i].schema);
	}
}

static void of_several_alternatives_the_nearest_is_told(void **state)
{
	static const struct {
		const char *schema, *value, *faults;
	} cases[] = {
		/* Another type: told once. */
		{"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}", "null", " anyOf"},
		{"{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}", "null", " oneOf"},
		/* One branch has the type. */
		{"{\"anyOf\":[{\"type\":\"string\",\"minLength\":5},{\"type\":\"null\"}]}",
			"\"abc\"", " minLength"},
		/* Fewest faults. */
		{"{\"anyOf\":[{\"required\":[\"a\",\"b\"]},{\"required\":[\"a\",\"c\",\"d\"]}]}",
			"{\"a\":1}", "/b required"},
		/* The one that knows the members, however much is wrong in them. */
		{"{\"oneOf\":[{\"properties\":{\"all\":{}},\"required\":[\"all\"],"
		 "\"additionalProperties\":false},{\"properties\":{\"any\":{\"items\":"
		 "{\"maximum\":5}}},\"required\":[\"any\"],\"additionalProperties\":false}]}",
			"{\"any\":[7,8,9]}", "/any/0 maximum, /any/1 maximum, /any/2 maximum"},
		/* The tag decides, not the number of faults. */
		{"{\"oneOf\":[{\"properties\":{\"kind\":{\"const\":\"card\"}}},"
		 "{\"properties\":{\"kind\":{\"const\":\"photo\"}},"
		 "\"required\":[\"kind\",\"width\",\"height\"]}]}",
			"{\"kind\":\"photo\"}", "/width required, /height required"},
		{"{\"oneOf\":[{\"properties\":{\"kind\":{\"const\":\"card\"}},\"required\":[\"a\"]},"
		 "{\"properties\":{\"kind\":{\"const\":\"photo\"}},\"required\":[\"a\"]}]}",
			"{\"kind\":\"coin\"}", " oneOf"},
		/* Two fit where one may. */
		{"{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "3", " oneOf"},
		/* Alternatives inside alternatives. */
		{"{\"anyOf\":[{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"integer\","
		 "\"minimum\":5},{\"type\":\"null\"}]}},{\"type\":\"string\"}]}",
			"[7,3,null]", "/1 minimum"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = {.arena = arena};
		const char *told = faults_of(cases[i].schema, cases[i].value, &error);
		if (strcmp(told, cases[i].faults) != 0)
			fail_msg("%s instead of %s: %s for %s", told, cases[i].faults,
				cases[i].value, cases[i].schema);
	}
}

static void parameters_tell_limit_and_actual_value(void **state)
{
	static const struct {
		const char *schema, *value, *name, *text;
	} cases[] = {
		{"{\"minLength\":3}", "\"中文\"", "limit", "3"},
		{"{\"minLength\":3}", "\"中文\"", "actual", "2"},
		{"{\"maximum\":0.1}", "0.25", "limit", "0.1"},
		{"{\"maximum\":0.1}", "0.25", "actual", "0.25"},
		{"{\"enum\":[\"甲\",2,null]}", "0", "allowed", "甲, 2, null"},
		{"{\"const\":\"甲\"}", "0", "allowed", "甲"},
		{"{\"type\":[\"string\",\"integer\"]}", "null", "allowed", "string, integer"},
		{"{\"required\":[\"fee_fen\"]}", "{}", "name", "fee_fen"},
		{"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "because", "a"},
		{"{\"additionalProperties\":false}", "{\"x\":1}", "name", "x"},
		{"{\"pattern\":\"^a\"}", "\"b\"", "pattern", "^a"},
		{"{\"uniqueItems\":true}", "[5,6,5]", "first", "1"},
		{"{\"uniqueItems\":true}", "[6,5,5,5]", "first", "2"},
		{"{\"uniqueItems\":true}", "[5,6,5]", "again", "3"},
		{"{\"maxItems\":1}", "[5,6,5]", "actual", "3"},
		{"{\"oneOf\":[true,true]}", "1", "actual", "2"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = {.arena = arena};
		faults_of(cases[i].schema, cases[i].value, &error);
		assert_non_null(error.faults);
		assert_string_equal(param(error.faults->params, cases[i].name), cases[i].text);
	}
}

static void decimals_are_divided_as_people_do(void **state)
{
	static const struct {
		const char *of, *number;
		bool multiple;
	} cases[] = {
		{"0.01", "4.35", true},
		{"0.01", "0", true},
		{"0.01", "-4.35", true},
		{"0.01", "19.99", true},
		{"0.01", "0.005", false},
		{"0.01", "1e300", true},
		{"0.1", "0.3", true},
		{"0.3", "0.9", true},
		{"0.3", "1", false},
		{"0.07", "0.21", true},
		{"2.5", "10", true},
		{"2.5", "9", false},
		{"3", "1e22", false},
		{"1e-300", "1", true},
		{"1e300", "1.5", false},
		{"0.0001", "123456789.1234", true},
		{"0.0001", "123456789.12345", false},
		{"7", "9007199254740991", false},
		{"6361", "9007199254740991", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = {.arena = arena};
		const char *schema = arena_printf(arena, "{\"multipleOf\":%s}", cases[i].of);
		bool multiple = *faults_of(schema, cases[i].number, &error) == '\0';
		if (multiple != cases[i].multiple)
			fail_msg("%s of %s", cases[i].number, cases[i].of);
	}
}

static void a_bad_schema_does_not_load(void **state)
{
	static const struct {
		const char *schema, *pointer, *code;
	} cases[] = {
		{"1", "", "schema.keyword_value"},
		{"{\"typ\":\"string\"}", "/typ", "schema.unknown_keyword"},
		{"{\"properties\":{\"a/b\":{\"minlength\":1}}}", "/properties/a~1b/minlength",
			"schema.unknown_keyword"},
		{"{\"allOf\":[true,{\"dependencies\":{}}]}", "/allOf/1/dependencies",
			"schema.unknown_keyword"},
		{"{\"$dynamicRef\":\"#\"}", "/$dynamicRef", "schema.unknown_keyword"},
		{"{\"contentEncoding\":\"base64\"}", "/contentEncoding", "schema.unknown_keyword"},
		{"{\"additionalItems\":false}", "/additionalItems", "schema.unknown_keyword"},
		{"{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema",
			"schema.keyword_value"},
		{"{\"type\":\"text\"}", "/type", "schema.keyword_value"},
		{"{\"type\":[]}", "/type", "schema.keyword_value"},
		{"{\"type\":[\"string\",1]}", "/type", "schema.keyword_value"},
		{"{\"minLength\":-1}", "/minLength", "schema.keyword_value"},
		{"{\"minLength\":1.5}", "/minLength", "schema.keyword_value"},
		{"{\"maximum\":\"1\"}", "/maximum", "schema.keyword_value"},
		{"{\"exclusiveMinimum\":true}", "/exclusiveMinimum", "schema.keyword_value"},
		{"{\"multipleOf\":0}", "/multipleOf", "schema.keyword_value"},
		{"{\"required\":\"a\"}", "/required", "schema.keyword_value"},
		{"{\"required\":[1]}", "/required", "schema.keyword_value"},
		{"{\"dependentRequired\":{\"a\":\"b\"}}", "/dependentRequired",
			"schema.keyword_value"},
		{"{\"enum\":1}", "/enum", "schema.keyword_value"},
		{"{\"uniqueItems\":1}", "/uniqueItems", "schema.keyword_value"},
		{"{\"items\":[true]}", "/items", "schema.keyword_value"},
		{"{\"allOf\":[]}", "/allOf", "schema.keyword_value"},
		{"{\"anyOf\":{}}", "/anyOf", "schema.keyword_value"},
		{"{\"properties\":[]}", "/properties", "schema.keyword_value"},
		{"{\"properties\":{\"a\":1}}", "/properties/a", "schema.keyword_value"},
		{"{\"title\":1}", "/title", "schema.keyword_value"},
		{"{\"$id\":\"a#b\"}", "/$id", "schema.keyword_value"},
		{"{\"$anchor\":\"a/b\"}", "/$anchor", "schema.keyword_value"},
		{"{\"pattern\":\"(\"}", "/pattern", "schema.unreadable_pattern"},
		{"{\"patternProperties\":{\"[\":true}}", "/patternProperties/[",
			"schema.unreadable_pattern"},
		{"{\"format\":\"email\"}", "/format", "schema.unknown_format"},
		{"{\"items\":{\"$ref\":\"#/$defs/a\"}}", "/items", "schema.unknown_reference"},
		{"{\"$ref\":\"other\"}", "", "schema.unknown_reference"},
		{"{\"$ref\":\"#/title\",\"title\":\"a\"}", "", "schema.unknown_reference"},
		{"{\"$ref\":\"#\"}", "", "schema.endless_reference"},
		{"{\"$defs\":{\"a\":{\"allOf\":[{\"not\":{\"$ref\":\"#/$defs/a\"}}]}}}",
			"/$defs/a/allOf/0/not", "schema.endless_reference"},
		{"{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}",
			"/$defs/b/$anchor", "schema.named_twice"},
		{"{\"$defs\":{\"a\":{\"$id\":\"x\"},\"b\":{\"$id\":\"x\"}}}", "/$defs/b",
			"schema.named_twice"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct schema_set *set = schema_set_create();
		struct error error = {.arena = arena};
		const char *text = cases[i].schema;
		enum result rc =
			schema_set_add(set, "test", parse(arena, text, strlen(text)), &error);
		if (rc == OK)
			rc = schema_set_link(set, &error);
		if (rc != INVALID)
			fail_msg("loads: %s", text);
		assert_string_equal(error.code, cases[i].code);
		assert_string_equal(param(error.params, "schema"), "test");
		assert_string_equal(param(error.params, "pointer"), cases[i].pointer);
		assert_told(error.code, error.params);
		schema_set_destroy(set);
	}
}

static void annotations_load_and_say_nothing(void **state)
{
	struct error error = {.arena = arena};

	(void)state;
	assert_string_equal(
		faults_of("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
			  "\"$comment\":\"c\",\"title\":\"t\",\"description\":\"d\",\"default\":1,"
			  "\"example\":2,\"examples\":[3],\"deprecated\":true,\"readOnly\":true,"
			  "\"writeOnly\":false,\"discriminator\":{\"propertyName\":\"k\"},"
			  "\"x-order\":[\"a\"],\"minContains\":5,\"then\":false,\"else\":false,"
			  "\"$defs\":{\"a\":false},\"definitions\":{\"b\":false}}",
			"[1]", &error),
		"");
}

static void schemas_refer_to_each_other_by_id(void **state)
{
	static const char person[] = "{\"$id\":\"kaowu:person\",\"$defs\":{\"name\":{\"$anchor\":"
				     "\"name\",\"type\":\"string\"}},\"properties\":{\"name\":"
				     "{\"$ref\":\"#name\"},\"friend\":{\"$ref\":\"#\"},"
				     "\"plan\":{\"$ref\":\"kaowu:plan\"}}}";
	static const char plan[] = "{\"$id\":\"kaowu:plan\",\"properties\":{\"chief\":{\"$ref\":"
				   "\"kaowu:person#/$defs/name\"}}}";
	struct schema_set *set = schema_set_create();
	struct error error = {.arena = arena}, none = {.arena = arena};
	const char *value = "{\"name\":\"a\",\"friend\":{\"name\":1,\"plan\":{\"chief\":2}}}";

	(void)state;
	assert_int_equal(
		schema_set_add(set, "one", parse(arena, person, strlen(person)), &error), OK);
	assert_int_equal(schema_set_add(set, "two", parse(arena, plan, strlen(plan)), &error), OK);
	assert_int_equal(schema_set_link(set, &error), OK);
	assert_null(schema_find(set, "one"));
	assert_null(schema_find(set, "kaowu:person#nobody"));
	assert_null(schema_find(set, "kaowu:person#/$defs"));
	assert_null(schema_find(set, "kaowu:person#/$defs/other"));
	assert_ptr_equal(schema_find(set, "kaowu:person#name"),
		schema_find(set, "kaowu:person#/$defs/name"));
	assert_ptr_equal(schema_find(set, "kaowu:person#"), schema_find(set, "kaowu:person"));

	assert_int_equal(schema_validate(schema_find(set, "kaowu:person"),
				 parse(arena, value, strlen(value)), &error),
		INVALID);
	assert_string_equal(error.faults->pointer, "/friend/name");
	assert_string_equal(error.faults->next->pointer, "/friend/plan/chief");
	assert_null(error.faults->next->next);
	assert_int_equal(
		schema_validate(schema_find(set, "kaowu:plan"), parse(arena, "{}", 2), &none), OK);
	assert_null(none.code);
	schema_set_destroy(set);
}

/* `count` copies of `item`, with commas, in brackets. */
static char *array_of(const char *item, size_t count)
{
	struct buffer text = buffer_in(arena, 4 << 20);

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%c%s", i ? ',' : '[', item);
	buffer_text(&text, "]");
	return text.data;
}

static void no_more_faults_are_told_than_the_limit(void **state)
{
	struct error error = {.arena = arena};
	size_t count = 0;

	(void)state;
	faults_of("{\"items\":{\"anyOf\":[{\"type\":\"string\",\"minLength\":2},"
		  "{\"type\":\"null\"}]}}",
		array_of("\"\"", 5000), &error);
	for (struct fault *fault = error.faults; fault; fault = fault->next)
		count++;
	assert_int_equal(count, LIMIT_FAULTS);
}

static void hostile_values_end_soon_and_keep_within_memory(void **state)
{
	static const struct {
		const char *schema, *item;
		size_t count;
		bool valid;
	} cases[] = {
		{"{\"uniqueItems\":true}", "1", 100000, false},
		{"{\"uniqueItems\":true}", "{\"a\":1,\"b\":2}", 15000, false},
		{"{\"items\":{\"anyOf\":[{\"required\":[\"a\"]},{\"required\":[\"b\"]}]}}", "{}",
			80000, false},
		{"{\"items\":{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}}",
			"{\"a\":1}", 30000, true},
		/* A pattern that backtracks for ever, were it let. */
		{"{\"items\":{\"pattern\":\"^(a+)+$\"}}",
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", 1, false},
		{"{\"items\":{\"patternProperties\":{\"^(a+)+$\":false}}}",
			"{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\":1}", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *own = arena_create(LIMIT_REQUEST_ARENA);
		struct error error = {.arena = own};
		struct schema_set *set = load(cases[i].schema);
		const char *text = array_of(cases[i].item, cases[i].count);
		int64_t start = clock_monotonic_ms();
		enum result rc = schema_validate(
			schema_find(set, "test"), parse(own, text, strlen(text)), &error);
		assert_int_equal(rc, cases[i].valid ? OK : INVALID);
		assert_true(clock_monotonic_ms() - start < 5000);
		schema_set_destroy(set);
		arena_destroy(own);
	}
}

static void a_schema_that_multiplies_work_is_cut_off(void **state)
{
	struct error error = {.arena = arena};
	struct buffer value = buffer_in(arena, 4096);

	(void)state;
	for (int i = 0; i < LIMIT_JSON_DEPTH - 1; i++)
		buffer_text(&value, "[");
	buffer_text(&value, "1");
	for (int i = 0; i < LIMIT_JSON_DEPTH - 1; i++)
		buffer_text(&value, "]");
	assert_string_equal(faults_of("{\"type\":\"array\",\"anyOf\":[{\"items\":{\"$ref\":\"#\"}},"
				      "{\"items\":{\"$ref\":\"#\"}}]}",
				    value.data, &error),
		" effort");
}

static void *validate_often(void *schema)
{
	struct arena *own = arena_create(LIMIT_REQUEST_ARENA);
	size_t wrong = 0;

	for (int i = 0; i < 300; i++) {
		struct error error = {.arena = own};
		json *value = NULL;
		if (json_parse(own, "{\"a\":[1,1],\"bb\":\"x\"}", 20, &value, &error) != OK ||
			schema_validate(schema, value, &error) != INVALID || !error.faults ||
			!error.faults->next || error.faults->next->next)
			wrong++;
		arena_reset(own);
	}
	arena_destroy(own);
	return (void *)(uintptr_t)wrong;
}

static void threads_share_a_linked_set(void **state)
{
	struct schema_set *set = load("{\"properties\":{\"a\":{\"uniqueItems\":true}},"
				      "\"patternProperties\":{\"^b+$\":{\"pattern\":\"^y\"}}}");
	const struct schema *schema = schema_find(set, "test");
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, validate_often,
					 (void *)(uintptr_t)schema),
			0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		void *wrong;
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	schema_set_destroy(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_place_is_told_by_pointer),
		cmocka_unit_test(of_several_alternatives_the_nearest_is_told),
		cmocka_unit_test(parameters_tell_limit_and_actual_value),
		cmocka_unit_test(decimals_are_divided_as_people_do),
		cmocka_unit_test(a_bad_schema_does_not_load),
		cmocka_unit_test(annotations_load_and_say_nothing),
		cmocka_unit_test(schemas_refer_to_each_other_by_id),
		cmocka_unit_test(no_more_faults_are_told_than_the_limit),
		cmocka_unit_test(hostile_values_end_soon_and_keep_within_memory),
		cmocka_unit_test(a_schema_that_multiplies_work_is_cut_off),
		cmocka_unit_test(threads_share_a_linked_set),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
