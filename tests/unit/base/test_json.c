/*
 * What is JSON and what is not, to the letter, and that nothing is lost on the way in or out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/limits.h"

#include <cmocka.h>

static struct arena *arena;

static int open_arena(void **state)
{
	(void)state;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static json *parse(const char *text)
{
	struct error error = {.arena = arena};
	json *value = NULL;

	if (json_parse(arena, text, strlen(text), &value, &error) != OK)
		fail_msg("refused as %s: %s", error.code, text);
	return value;
}

static const char *param(const struct error *error, const char *name)
{
	for (const char *const *params = error->params; *params; params += 2)
		if (strcmp(params[0], name) == 0)
			return params[1];
	return NULL;
}

static void assert_refused(const char *text, size_t size, const char *code)
{
	struct error error = {.arena = arena};
	json *value = NULL;
	/* No byte behind the text may be looked at. */
	char *alone = test_malloc(size ? size : 1);

	memcpy(alone, text, size);
	if (json_parse(arena, alone, size, &value, &error) != MALFORMED)
		fail_msg("taken: %s", text);
	if (strcmp(error.code, code) != 0)
		fail_msg("%s instead of %s: %s", error.code, code, text);
	assert_null(value);
	assert_non_null(param(&error, "line"));
	assert_non_null(param(&error, "column"));
	test_free(alone);
}

#define TEXT(literal) (literal), sizeof(literal) - 1

static void what_is_json_is_taken(void **state)
{
	static const char *const texts[] = {
		"null",
		"true",
		"false",
		"0",
		"-0",
		"1",
		"-1",
		"12",
		"1234567890",
		"0.5",
		"-0.5",
		"1.5",
		"0.0",
		"1e5",
		"1E5",
		"1e+5",
		"1e-5",
		"1.25e2",
		"0e0",
		"0e999999",
		"9007199254740991",
		"-9007199254740991",
		"9007199254740992",
		"1e308",
		"5e-324",
		"0.1",
		"0.30000000000000004",
		"123456.789012",
		"100000000000000000000",
		"1e22",
		"\"\"",
		"\"a\"",
		"\"\\\"\"",
		"\"\\\\\"",
		"\"\\/\"",
		"\"/\"",
		"\"\\b\\f\\n\\r\\t\"",
		"\"\\u4e2d\\u6587\"",
		"\"\\u4E2D\"",
		"\"\\ud83d\\ude00\"",
		"\"\\uD83D\\uDE00\"",
		"\"中文\"",
		"\"\xf0\x9f\x98\x80\"",
		"\"\x7f\"",
		"\"\xef\xbf\xbf\"",
		"\"\\uffff\"",
		"\"\\\\u0000\"",
		"\" \"",
		"[]",
		"[ ]",
		"[1]",
		"[1,2]",
		"[ 1 , 2 ]",
		"[[]]",
		"[[],[]]",
		"[{}]",
		"[null,true,false,\"\",0,[],{}]",
		"{}",
		"{ }",
		"{\"a\":1}",
		"{ \"a\" : 1 , \"b\" : 2 }",
		"{\"\":0}",
		"{\"a\":{\"a\":{\"a\":1}}}",
		"{\"a\":1,\"A\":2}",
		"[{\"a\":1},{\"a\":2}]",
		"{\"\\u0061\":1,\"b\":2}",
		" 1",
		"1 ",
		"\t1\n",
		"\r\n[\r\n]\r\n",
		"{\"a\":[{\"b\":[{\"c\":[]}]}]}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_non_null(parse(texts[i]));
}

static void what_is_not_json_is_refused(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		const char *code;
	} cases[] = {
		{TEXT(""), "json.empty"},
		{TEXT(" \n\t"), "json.empty"},
		{TEXT("nul"), "json.unexpected"},
		{TEXT("nulL"), "json.unexpected"},
		{TEXT("True"), "json.unexpected"},
		{TEXT("NaN"), "json.unexpected"},
		{TEXT("Infinity"), "json.unexpected"},
		{TEXT("-Infinity"), "json.number"},
		{TEXT("undefined"), "json.unexpected"},
		{TEXT("truefalse"), "json.trailing"},
		{TEXT("nullx"), "json.trailing"},
		{TEXT("1 2"), "json.trailing"},
		{TEXT("[] []"), "json.trailing"},
		{TEXT("{}}"), "json.trailing"},
		{TEXT("[1]x"), "json.trailing"},
		{TEXT("\"a\"\"b\""), "json.trailing"},
		{TEXT("1\0"), "json.trailing"},
		{TEXT("1\f"), "json.trailing"},
		{TEXT("\f1"), "json.unexpected"},
		{TEXT("\0001"), "json.unexpected"},
		{TEXT("\v1"), "json.unexpected"},
		{TEXT("\xc2\xa0"
		      "1"),
			"json.unexpected"},
		{TEXT("\xef\xbb\xbf"
		      "1"),
			"json.unexpected"},
		{TEXT("1 // one"), "json.trailing"},
		{TEXT("/* one */ 1"), "json.unexpected"},
		{TEXT("00"), "json.number"},
		{TEXT("01"), "json.number"},
		{TEXT("-01"), "json.number"},
		{TEXT("-"), "json.number"},
		{TEXT("--1"), "json.number"},
		{TEXT("+1"), "json.unexpected"},
		{TEXT(".5"), "json.unexpected"},
		{TEXT("-.5"), "json.number"},
		{TEXT("1."), "json.number"},
		{TEXT("-2."), "json.number"},
		{TEXT("2.e3"), "json.number"},
		{TEXT("1e"), "json.number"},
		{TEXT("1e+"), "json.number"},
		{TEXT("1e-"), "json.number"},
		{TEXT("1.5e"), "json.number"},
		{TEXT("1e1.5"), "json.trailing"},
		{TEXT("0x10"), "json.trailing"},
		{TEXT("1,5"), "json.trailing"},
		{TEXT("1_000"), "json.trailing"},
		{TEXT("\xef\xbc\x91"), "json.unexpected"},
		{TEXT("9007199254740993"), "json.digits"},
		{TEXT("-9007199254740993"), "json.digits"},
		{TEXT("12345678901234567890"), "json.digits"},
		{TEXT("110108199001011238000"), "json.digits"},
		{TEXT("0.1000000000000000055"), "json.digits"},
		{TEXT("3.14159265358979323846"), "json.digits"},
		{TEXT("1e309"), "json.digits"},
		{TEXT("-1e400"), "json.digits"},
		{TEXT("1e-400"), "json.digits"},
		{TEXT("1.23e-323"), "json.digits"},
		{TEXT("1000000000000000000000000000000000000000000000000000000000000000"),
			"json.digits"},
		{TEXT("\""), "json.incomplete"},
		{TEXT("\"a"), "json.incomplete"},
		{TEXT("\"a\\"), "json.incomplete"},
		{TEXT("\"\\\""), "json.incomplete"},
		{TEXT("'a'"), "json.unexpected"},
		{TEXT("a"), "json.unexpected"},
		{TEXT("\"\t\""), "json.control"},
		{TEXT("\"\n\""), "json.control"},
		{TEXT("\"a\0b\""), "json.control"},
		{TEXT("\"\x1f\""), "json.control"},
		{TEXT("{\"a\tb\":1}"), "json.control"},
		{TEXT("\"\\x41\""), "json.escape"},
		{TEXT("\"\\a\""), "json.escape"},
		{TEXT("\"\\'\""), "json.escape"},
		{TEXT("\"\\ \""), "json.escape"},
		{TEXT("\"\\U0041\""), "json.escape"},
		{TEXT("\"\\u\""), "json.escape"},
		{TEXT("\"\\u004\""), "json.escape"},
		{TEXT("\"\\u00g1\""), "json.escape"},
		{TEXT("\"\\u+123\""), "json.escape"},
		{TEXT("\"\\u 123\""), "json.escape"},
		{TEXT("\"\\u{41}\""), "json.escape"},
		{TEXT("\"\\u0000\""), "json.nul"},
		{TEXT("{\"\\u0000\":1}"), "json.nul"},
		{TEXT("\"\\ud800\""), "json.surrogate"},
		{TEXT("\"\\udc00\""), "json.surrogate"},
		{TEXT("\"\\ud800a\""), "json.surrogate"},
		{TEXT("\"\\ud800\\n\""), "json.surrogate"},
		{TEXT("\"\\ud800\\u0041\""), "json.surrogate"},
		{TEXT("\"\\ud800\\ud800\""), "json.surrogate"},
		{TEXT("\"\\ude00\\ud83d\""), "json.surrogate"},
		{TEXT("\"\xff\""), "json.encoding"},
		{TEXT("\"\xc0\x80\""), "json.encoding"},
		{TEXT("\"\xe0\x80\xaf\""), "json.encoding"},
		{TEXT("\"\xed\xa0\x80\""), "json.encoding"},
		{TEXT("\"\xf4\x90\x80\x80\""), "json.encoding"},
		{TEXT("\"\xe4\xb8\""), "json.encoding"},
		{TEXT("\"\xd6\xd0\xce\xc4\""), "json.encoding"},
		{TEXT("["), "json.incomplete"},
		{TEXT("[1"), "json.incomplete"},
		{TEXT("[1,"), "json.incomplete"},
		{TEXT("[1,]"), "json.unexpected"},
		{TEXT("[,1]"), "json.unexpected"},
		{TEXT("[1,,2]"), "json.unexpected"},
		{TEXT("[1 2]"), "json.unexpected"},
		{TEXT("[1}"), "json.unexpected"},
		{TEXT("]"), "json.unexpected"},
		{TEXT("{"), "json.incomplete"},
		{TEXT("{\"a\""), "json.incomplete"},
		{TEXT("{\"a\":"), "json.incomplete"},
		{TEXT("{\"a\":1"), "json.incomplete"},
		{TEXT("{\"a\":1,"), "json.incomplete"},
		{TEXT("{\"a\":1,}"), "json.unexpected"},
		{TEXT("{,\"a\":1}"), "json.unexpected"},
		{TEXT("{a:1}"), "json.unexpected"},
		{TEXT("{'a':1}"), "json.unexpected"},
		{TEXT("{1:1}"), "json.unexpected"},
		{TEXT("{\"a\"}"), "json.unexpected"},
		{TEXT("{\"a\" 1}"), "json.unexpected"},
		{TEXT("{\"a\"::1}"), "json.unexpected"},
		{TEXT("{\"a\":}"), "json.unexpected"},
		{TEXT("{\"a\":1]"), "json.unexpected"},
		{TEXT("{\"a\":1 \"b\":2}"), "json.unexpected"},
		{TEXT("{\"a\":1,\"a\":1}"), "json.duplicate"},
		{TEXT("{\"a\":1,\"b\":2,\"\\u0061\":3}"), "json.duplicate"},
		{TEXT("{\"\":1,\"\":2}"), "json.duplicate"},
		{TEXT("[{\"x\":{\"a\":1,\"a\":2}}]"), "json.duplicate"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(cases[i].text, cases[i].size, cases[i].code);
}

static void nesting_ends_at_the_limit(void **state)
{
	char text[2 * LIMIT_JSON_DEPTH + 3];

	(void)state;
	memset(text, '[', LIMIT_JSON_DEPTH);
	memset(text + LIMIT_JSON_DEPTH, ']', LIMIT_JSON_DEPTH);
	text[2 * LIMIT_JSON_DEPTH] = '\0';
	assert_non_null(parse(text));

	memset(text, '[', LIMIT_JSON_DEPTH + 1);
	memset(text + LIMIT_JSON_DEPTH + 1, ']', LIMIT_JSON_DEPTH + 1);
	assert_refused(text, sizeof(text) - 1, "json.depth");
}

static void a_flaw_is_told_by_line_and_column(void **state)
{
	static const struct {
		const char *text, *line, *column;
	} cases[] = {
		{"x", "1", "1"},
		{"{\n  \"a\": 01\n}", "2", "8"},
		{"[\"中文\", x]", "1", "8"},
		{"{\"a\":1}\n\n}", "3", "1"},
		{"{\"b\":{\"c\":[{\"d\":\"\\\"e\\\":\"}]},\n \"b\" : 2}", "2", "2"},
		{"[{\"a\":\"x\",\"b\":[{\"c\":1,\"c\":2}]}]", "1", "23"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error error = {.arena = arena};
		json *value = NULL;
		assert_int_equal(
			json_parse(arena, cases[i].text, strlen(cases[i].text), &value, &error),
			MALFORMED);
		assert_string_equal(param(&error, "line"), cases[i].line);
		assert_string_equal(param(&error, "column"), cases[i].column);
	}
}

static void a_name_that_stands_twice_is_told(void **state)
{
	const char *text = "{\"name\":1,\"name\":2}";
	struct error error = {.arena = arena};
	json *value = NULL;

	(void)state;
	assert_int_equal(json_parse(arena, text, strlen(text), &value, &error), MALFORMED);
	assert_string_equal(param(&error, "name"), "name");
}

static void many_members_are_read_in_time(void **state)
{
	const size_t count = 20000;
	struct buffer text = buffer_in(arena, 1 << 20);
	struct error error = {.arena = arena};
	json *value = NULL;

	(void)state;
	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%c\"n%zu\":1", i ? ',' : '{', i);
	buffer_text(&text, "}");
	assert_int_equal(json_parse(arena, text.data, text.size, &value, &error), OK);
	assert_int_equal(json_count(value), count);
}

static void texts_come_out_as_they_went_in(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"null", "null"},
		{" [ 1 , true , \"a\" ] ", "[1,true,\"a\"]"},
		{"{\"b\":1,\"a\":{}}", "{\"b\":1,\"a\":{}}"},
		{"\"\\u0001\\n\\t\\\"\\\\\\/\\u007f\"", "\"\\u0001\\n\\u0009\\\"\\\\/\x7f\""},
		{"\"\\u4e2d\\ud83d\\ude00\"", "\"中\xf0\x9f\x98\x80\""},
		{"9007199254740991", "9007199254740991"},
		{"-9007199254740991", "-9007199254740991"},
		{"1700000000000", "1700000000000"},
		{"-0", "0"},
		{"1.0", "1"},
		{"0.1", "0.1"},
		{"0.30000000000000004", "0.30000000000000004"},
		{"1e300", "1e+300"},
		{"{\"a\\\"b\":1}", "{\"a\\\"b\":1}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(json_print(arena, parse(cases[i].in)), cases[i].out);
}

static void printing_for_people_indents(void **state)
{
	(void)state;
	assert_string_equal(json_print_pretty(arena, parse("{\"a\":[1,2],\"b\":{},\"c\":[]}")),
		"{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}");
}

static void what_is_not_there_is_null_all_the_way_down(void **state)
{
	json *value = parse("{\"a\":{\"b\":1},\"n\":null}");

	(void)state;
	assert_null(json_get(json_get(json_get(value, "x"), "y"), "z"));
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(json_get(json_get(value, "a"), "b"), "c"));
	assert_null(json_first(NULL));
	assert_null(json_next(NULL));
	assert_null(json_name(NULL));
	assert_int_equal(json_count(NULL), 0);
	assert_null(json_text(NULL));
	assert_int_equal(json_integer(NULL), 0);
	assert_false(json_true(NULL));
	assert_false(json_is_null(NULL));
	assert_true(json_is_null(json_get(value, "n")));
	assert_false(json_is_null(json_get(value, "a")));
}

static void an_element_is_found_by_a_text_in_it(void **state)
{
	json *rows =
		parse("[{\"id\":\"a\",\"n\":1},7,{\"id\":\"b\"},{\"id\":\"a\",\"n\":2},{\"n\":3}]");
	json *texts = parse("[1,\"a\",null,\"b\"]");

	(void)state;
	assert_int_equal(json_get_integer(json_find(rows, "id", "a"), "n"), 1);
	assert_null(json_find(rows, "id", "c"));
	assert_null(json_find(rows, "n", "1"));
	assert_null(json_find(NULL, "id", "a"));
	assert_true(json_is_number(json_find(rows, "id", NULL)));
	assert_true(json_holds(texts, "b"));
	assert_false(json_holds(texts, "1"));
	assert_false(json_holds(NULL, "a"));
}

static void names_are_looked_up_with_case(void **state)
{
	json *value = parse("{\"Name\":1,\"name\":2}");

	(void)state;
	assert_int_equal(json_get_integer(value, "name"), 2);
	assert_int_equal(json_get_integer(value, "Name"), 1);
	assert_null(json_get(value, "NAME"));
}

static void values_are_read_only_as_what_they_are(void **state)
{
	json *value = parse("{\"t\":\"7\",\"i\":7,\"d\":7.5,\"b\":true,\"big\":1e20}");

	(void)state;
	assert_string_equal(json_get_text(value, "t"), "7");
	assert_null(json_get_text(value, "i"));
	assert_int_equal(json_get_integer(value, "i"), 7);
	assert_int_equal(json_get_integer(value, "t"), 0);
	assert_int_equal(json_get_integer(value, "d"), 0);
	assert_false(json_is_integer(json_get(value, "big")));
	assert_true(json_is_number(json_get(value, "big")));
	assert_true(json_number(json_get(value, "d")) == 7.5);
	assert_true(json_get_true(value, "b"));
	assert_false(json_get_true(value, "i"));
	assert_true(json_is_integer(parse("9007199254740991")));
	assert_false(json_is_integer(parse("9007199254740992")));
	assert_true(json_integer(parse("-9007199254740991")) == -INT64_C(9007199254740991));
}

static void pointers_lead_where_rfc_6901_says(void **state)
{
	json *value = parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"m~n\":8,"
			    "\"~1\":9,\"k\":{\"\":{\"x\":5}}}");

	(void)state;
	assert_ptr_equal(json_at_pointer(value, ""), value);
	assert_string_equal(json_text(json_at_pointer(value, "/foo/0")), "bar");
	assert_string_equal(json_text(json_at_pointer(value, "/foo/1")), "baz");
	assert_true(json_is_integer(json_at_pointer(value, "/")));
	assert_int_equal(json_integer(json_at_pointer(value, "/a~1b")), 1);
	assert_int_equal(json_integer(json_at_pointer(value, "/c%d")), 2);
	assert_int_equal(json_integer(json_at_pointer(value, "/m~0n")), 8);
	assert_int_equal(json_integer(json_at_pointer(value, "/~01")), 9);
	assert_int_equal(json_integer(json_at_pointer(value, "/k//x")), 5);
	assert_null(json_at_pointer(value, "foo"));
	assert_null(json_at_pointer(value, "/foo/2"));
	assert_null(json_at_pointer(value, "/foo/00"));
	assert_null(json_at_pointer(value, "/foo/-"));
	assert_null(json_at_pointer(value, "/foo/"));
	assert_null(json_at_pointer(value, "/foo/99999999999"));
	assert_null(json_at_pointer(value, "/foo/0/x"));
	assert_null(json_at_pointer(value, "/m~n"));
	assert_null(json_at_pointer(value, "/m~2n"));
	assert_null(json_at_pointer(value, "/FOO"));
	assert_null(json_at_pointer(NULL, ""));
}

static void equal_means_equal_in_meaning(void **state)
{
	static const struct {
		const char *left, *right;
		bool equal;
	} cases[] = {
		{"1", "1.0", true},
		{"1", "1e0", true},
		{"0", "-0", true},
		{"1", "\"1\"", false},
		{"1", "true", false},
		{"0", "false", false},
		{"null", "false", false},
		{"true", "true", true},
		{"true", "false", false},
		{"\"a\"", "\"\\u0061\"", true},
		{"\"a\"", "\"A\"", false},
		{"[1,2]", "[1,2]", true},
		{"[1,2]", "[2,1]", false},
		{"[1]", "[1,1]", false},
		{"[1,1]", "[1]", false},
		{"[]", "{}", false},
		{"{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true},
		{"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
		{"{\"a\":1,\"b\":2}", "{\"a\":1}", false},
		{"{\"a\":1}", "{\"A\":1}", false},
		{"{\"a\":1}", "{\"a\":2}", false},
		{"9007199254740991", "9007199254740990", false},
		{"0.1", "0.10000000000000002", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (json_equal(parse(cases[i].left), parse(cases[i].right)) != cases[i].equal)
			fail_msg("%s and %s", cases[i].left, cases[i].right);
	assert_true(json_equal(NULL, NULL));
	assert_false(json_equal(NULL, parse("null")));
}

static void documents_are_built_and_changed(void **state)
{
	json *object = json_new_object(arena), *array;

	(void)state;
	json_set_text(arena, object, "name", "张三");
	json_set_integer(arena, object, "fee_fen", 12345678901);
	json_set_boolean(arena, object, "open", true);
	json_set_text(arena, object, "note", NULL);
	array = json_set(arena, object, "list", json_new_array(arena));
	json_append(array, json_new_integer(arena, 1));
	json_append(array, json_new_null(arena));
	assert_null(json_append(array, NULL));
	assert_null(json_set(arena, object, "none", NULL));
	assert_string_equal(json_print(arena, object),
		"{\"name\":\"张三\",\"fee_fen\":12345678901,\"open\":true,\"note\":null,"
		"\"list\":[1,null]}");

	json_set_integer(arena, object, "name", 5);
	json_remove(object, "fee_fen");
	json_remove(object, "never there");
	json_remove(object, "list");
	assert_string_equal(json_print(arena, object), "{\"name\":5,\"open\":true,\"note\":null}");
}

static void a_moment_is_written_with_its_offset_and_read(void **state)
{
	json *object = json_new_object(arena);

	(void)state;
	json_set_moment(arena, object, "at", INT64_C(1795334400000));
	json_set_moment(arena, object, "never", 0);
	assert_string_equal(json_get_text(object, "at"), "2026-11-22T16:00:00.000+08:00");
	assert_true(json_is_null(json_get(object, "never")));
	json_set_text(arena, object, "day", "2026-11-22");
	assert_int_equal(json_get_moment(object, "at"), INT64_C(1795334400000));
	assert_int_equal(json_get_moment(object, "never"), 0);
	assert_int_equal(json_get_moment(object, "day"), 0);
	assert_int_equal(json_get_moment(NULL, "at"), 0);
}

static void a_copy_outlives_the_arena_of_its_original(void **state)
{
	struct arena *first = arena_create(LIMIT_REQUEST_ARENA);
	const char *text = "{\"a\":[1,{\"b\":\"c\"}]}";
	struct error error = {.arena = first};
	json *value = NULL, *copy;

	(void)state;
	assert_int_equal(json_parse(first, text, strlen(text), &value, &error), OK);
	json_set_text(first, value, arena_text(first, "d"), "e");
	json_add(value, arena_text(first, "f"), json_new_null(first));
	copy = json_copy(arena, value);
	arena_destroy(first);
	assert_string_equal(
		json_print(arena, copy), "{\"a\":[1,{\"b\":\"c\"}],\"d\":\"e\",\"f\":null}");
	assert_null(json_copy(arena, NULL));
}

static void a_share_is_changed_without_its_original(void **state)
{
	static const char text[] = "{\"id\":\"a\",\"list\":[1,{\"b\":2}],\"note\":null}";
	json *value = parse(text), *share = json_share(arena, value);

	(void)state;
	assert_string_equal(json_print(arena, share), text);
	assert_ptr_equal(json_first(json_get(share, "list")), json_first(json_get(value, "list")));
	json_set_integer(arena, share, "id", 7);
	json_remove(share, "note");
	json_set_text(arena, share, "last", "z");
	assert_string_equal(
		json_print(arena, share), "{\"id\":7,\"list\":[1,{\"b\":2}],\"last\":\"z\"}");
	assert_string_equal(json_print(arena, value), text);
}

static void a_share_of_a_list_grows_and_a_plain_value_is_shared_too(void **state)
{
	json *list = parse("[1,2]"), *share = json_share(arena, list);
	json *both = json_new_array(arena);

	(void)state;
	json_append(share, json_new_integer(arena, 3));
	json_append(both, json_share(arena, json_first(list)));
	json_append(both, json_share(arena, parse("[]")));
	json_append(both, share);
	assert_string_equal(json_print(arena, both), "[1,[],[1,2,3]]");
	assert_string_equal(json_print(arena, list), "[1,2]");
	assert_null(json_share(arena, NULL));
}

static void what_was_printed_is_read_back(void **state)
{
	static const char *const texts[] = {"{\"a\":[1,2.5,\"\\\"\\\\ \\n \\u0001 名\"],\"b\":{}}",
		"[9007199254740991,-9007199254740991,0]", "\"\"", "null"};
	struct error error = {.arena = arena};
	json *value;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(
			json_parse_own(arena, texts[i], strlen(texts[i]), &value, &error), OK);
		assert_string_equal(json_print(arena, value), texts[i]);
	}
	assert_int_equal(json_parse_own(arena, "{\"a\":", 5, &value, &error), BROKEN);
}

/* Texts are printed eight characters at a time. */
static void what_must_be_escaped_is_so_wherever_it_stands(void **state)
{
	const char strange[] = "\"\\\n\x01\x1f";

	(void)state;
	for (size_t size = 1; size <= 20; size++) {
		for (size_t i = 0; i < size * strlen(strange); i++) {
			char *text = arena_alloc(arena, size + 1);
			json *object = json_new_object(arena), *again;

			memset(text, 'x', size);
			text[i / strlen(strange)] = strange[i % strlen(strange)];
			json_set_text(arena, object, text, text);
			json_set_text(arena, object, "other", text);
			again = parse(json_print(arena, object));
			assert_string_equal(json_get_text(again, text), text);
			assert_string_equal(json_get_text(again, "other"), text);
			assert_true(json_equal(parse(json_print_pretty(arena, object)), object));
		}
	}
}

static void what_is_embedded_is_printed_as_it_came(void **state)
{
	static const char text[] = "{\"b\" : [1, 2e0], \"a\":\"\\u540d\"}";
	struct error error = {.arena = arena};
	json *object = json_new_object(arena), *embedded;

	(void)state;
	assert_int_equal(json_embed(arena, text, strlen(text), &embedded, &error), OK);
	json_set(arena, object, "verdict", embedded);
	assert_string_equal(json_print(arena, json_copy(arena, object)),
		"{\"verdict\":{\"b\" : [1, 2e0], \"a\":\"\\u540d\"}}");
	assert_null(json_get(json_get(object, "verdict"), "b"));
	assert_int_equal(json_embed(arena, "{\"a\":}", 6, &embedded, &error), MALFORMED);
	assert_string_equal(error.code, "json.unexpected");
}

static void what_lives_as_long_is_not_copied(void **state)
{
	static const char name[] = "name", text[] = "甲\"";
	char verdict[] = "[1, 2]";
	json *object = json_new_object(arena);

	(void)state;
	json_add(object, name, json_new_text_there(arena, text));
	json_add(object, "verdict", json_embed_own(arena, verdict));
	json_add(object, "nothing", NULL);
	assert_true(json_is_null(json_new_text_there(arena, NULL)));
	assert_ptr_equal(json_name(json_first(object)), name);
	assert_ptr_equal(json_get_text(object, "name"), text);
	verdict[1] = '3'; /* seen below */
	assert_string_equal(json_print(arena, json_copy(arena, object)),
		"{\"name\":\"甲\\\"\",\"verdict\":[3, 2]}");
	json_set_text(arena, object, "name", "乙"); /* replaces it */
	assert_string_equal(json_print(arena, object), "{\"name\":\"乙\",\"verdict\":[3, 2]}");
	assert_string_equal(text, "甲\"");
}

/* As long as a word and longer, with each byte at each place. */
static void plain_characters_end_where_one_needs_escaping(void **state)
{
	char text[20];

	(void)state;
	for (size_t size = 1; size <= sizeof(text); size++) {
		for (size_t place = 0; place < size; place++) {
			for (int byte = 0; byte < 256; byte++) {
				bool plain = byte >= 0x20 && byte != '"' && byte != '\\';

				memset(text, 'x', size);
				text[place] = (char)byte;
				assert_ptr_equal(json_plain_end(text, text + size),
					text + (plain ? size : place));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_json_is_taken),
		cmocka_unit_test(what_is_not_json_is_refused),
		cmocka_unit_test(nesting_ends_at_the_limit),
		cmocka_unit_test(a_flaw_is_told_by_line_and_column),
		cmocka_unit_test(a_name_that_stands_twice_is_told),
		cmocka_unit_test(many_members_are_read_in_time),
		cmocka_unit_test(texts_come_out_as_they_went_in),
		cmocka_unit_test(printing_for_people_indents),
		cmocka_unit_test(what_is_not_there_is_null_all_the_way_down),
		cmocka_unit_test(an_element_is_found_by_a_text_in_it),
		cmocka_unit_test(names_are_looked_up_with_case),
		cmocka_unit_test(values_are_read_only_as_what_they_are),
		cmocka_unit_test(pointers_lead_where_rfc_6901_says),
		cmocka_unit_test(equal_means_equal_in_meaning),
		cmocka_unit_test(documents_are_built_and_changed),
		cmocka_unit_test(a_moment_is_written_with_its_offset_and_read),
		cmocka_unit_test(a_copy_outlives_the_arena_of_its_original),
		cmocka_unit_test(a_share_is_changed_without_its_original),
		cmocka_unit_test(a_share_of_a_list_grows_and_a_plain_value_is_shared_too),
		cmocka_unit_test(what_was_printed_is_read_back),
		cmocka_unit_test(what_must_be_escaped_is_so_wherever_it_stands),
		cmocka_unit_test(what_is_embedded_is_printed_as_it_came),
		cmocka_unit_test(what_lives_as_long_is_not_copied),
		cmocka_unit_test(plain_characters_end_where_one_needs_escaping),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
