/*
 * The catalogue of texts: all of ours are sound, faulty ones are refused by name, parameters find their places.
 */
#include "scratch.h"

#include "base/embedded.h"
#include "base/json.h"
#include "base/message.h"
#include "base/text.h"

static enum result load(struct scratch *scratch, const char *path, const char *content)
{
	struct embedded_file file = {path, {(const uint8_t *)content, strlen(content)}};

	scratch->error = (struct error){.arena = scratch->arena};
	return messages_load_files(&file, 1, &scratch->error);
}

static const char *say(struct scratch *scratch, enum language language, const char *code)
{
	static const char *const params[] = {"name", "张三", "count", "3", NULL};

	return message_text(scratch->arena, language, code, params);
}

static void before_loading_a_code_stands_for_itself(void **state)
{
	assert_string_equal(say(*state, LANGUAGE_ZH, "seal.damaged"), "seal.damaged");
}

static void all_our_own_texts_are_sound(void **state)
{
	struct scratch *scratch = *state;

	if (messages_load(&scratch->error))
		fail_msg("%s", scratch->error.internal);
	assert_string_not_equal(say(scratch, LANGUAGE_ZH, "seal.damaged"), "seal.damaged");
	assert_int_equal(messages_load(&scratch->error), OK);
}

/* The names in braces, in any order, as one text. */
static const char *names_in(struct scratch *scratch, const char *text)
{
	char *names = arena_text(scratch->arena, "");

	for (const char *at = text; (at = strchr(at, '{')); at++) {
		const char *name = arena_text_part(scratch->arena, at, strcspn(at, "}") + 1);

		if (!strstr(names, name))
			names = arena_printf(scratch->arena, "%s%s", names, name);
	}
	return names;
}

static void every_text_is_found_and_has_the_same_parameters_in_both_languages(void **state)
{
	struct scratch *scratch = *state;
	json *document;

	for (size_t i = 0; i < embedded_count; i++) {
		struct bytes content = embedded_files[i].content;

		if (!text_starts(embedded_files[i].path, "messages/"))
			continue;
		assert_int_equal(json_parse(scratch->arena, (const char *)content.data,
					 content.size, &document, &scratch->error),
			OK);
		json_each(texts, document)
		{
			const char *text = json_get_text(texts, "zh");
			const char *zh = names_in(scratch, text);
			const char *en = names_in(scratch, json_get_text(texts, "en"));

			assert_string_equal(
				message_text(scratch->arena, LANGUAGE_ZH, json_name(texts), NULL),
				text);
			if (strlen(zh) != strlen(en))
				fail_msg("%s: zh has %s, en has %s", json_name(texts), zh, en);
		}
	}
}

static void parameters_find_their_places(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(load(scratch, "messages/a.json",
				 "{\"a.b\":{\"zh\":\"{name}：{count}，{name}\",\"en\":\"{count} of "
				 "{name}{other}\"},\"a.c\":{\"zh\":\"无\",\"en\":\"none\"}}"),
		OK);
	assert_string_equal(say(scratch, LANGUAGE_ZH, "a.b"), "张三：3，张三");
	assert_string_equal(say(scratch, LANGUAGE_EN, "a.b"), "3 of 张三{other}");
	assert_string_equal(message_text(scratch->arena, LANGUAGE_ZH, "a.c", NULL), "无");
	assert_string_equal(
		message_text(scratch->arena, LANGUAGE_EN, "a.b", NULL), "{count} of {name}{other}");
	assert_string_equal(say(scratch, LANGUAGE_EN, "a.d"), "a.d");
	assert_string_equal(say(scratch, LANGUAGE_EN, "a"), "a");
}

static void what_programs_read_is_shaped_for_people(void **state)
{
	static const char *const params[] = {"at", "2026-12-03T10:00:00.000Z", "day", "2027-02-01",
		"short", "90", "long", "119", "longer", "120", "day_long", "86399", "one", "1",
		"odd", "soon", NULL};
	struct scratch *scratch = *state;

	assert_int_equal(
		load(scratch, "messages/a.json",
			"{\"a.b\":{\"zh\":\"{at:moment}、{day:date}、{short:wait}、{longer:wait}、"
			"{day_long:wait}\",\"en\":\"{at:moment}, {day:date}, {long:wait}, "
			"{longer:wait}, {one:wait}\"},\"a.c\":{\"zh\":\"{odd:moment} {odd:date}\","
			"\"en\":\"{none:moment}\"}}"),
		OK);
	assert_string_equal(message_text(scratch->arena, LANGUAGE_ZH, "a.b", params),
		"2026年12月3日 18:00、2027年2月1日、90 秒、2 分钟、24 小时");
	assert_string_equal(message_text(scratch->arena, LANGUAGE_EN, "a.b", params),
		"3 December 2026, 18:00 (Beijing time), 1 February 2027, 119 seconds, 2 minutes, "
		"1 second");
	assert_string_equal(message_text(scratch->arena, LANGUAGE_ZH, "a.c", params), "soon soon");
	assert_string_equal(
		message_text(scratch->arena, LANGUAGE_EN, "a.c", params), "{none:moment}");
}

static void what_ends_at_midnight_ends_with_the_day_before(void **state)
{
	static const char *const params[] = {"at", "2026-11-30T16:00:00.000Z", "early",
		"2026-11-30T16:01:00.000Z", "odd", "soon", NULL};
	struct scratch *scratch = *state;

	assert_int_equal(load(scratch, "messages/a.json",
				 "{\"a.b\":{\"zh\":\"{at:end}、{at:moment}、{early:end}\","
				 "\"en\":\"{at:end}, {odd:end}\"}}"),
		OK);
	assert_string_equal(message_text(scratch->arena, LANGUAGE_ZH, "a.b", params),
		"2026年11月30日 24:00、2026年12月1日 00:00、2026年12月1日 00:01");
	assert_string_equal(message_text(scratch->arena, LANGUAGE_EN, "a.b", params),
		"30 November 2026, 24:00 (Beijing time), soon");
}

/* What a person typed must not be taken for a place itself. */
static void a_parameter_with_braces_is_not_filled_again(void **state)
{
	static const char *const params[] = {"name", "{count}", "count", "3", NULL};
	struct scratch *scratch = *state;

	assert_int_equal(
		load(scratch, "messages/a.json", "{\"a.b\":{\"zh\":\"{name}\",\"en\":\"{name}\"}}"),
		OK);
	assert_string_equal(message_text(scratch->arena, LANGUAGE_ZH, "a.b", params), "{count}");
}

static void faulty_entries_are_refused_by_file_and_code(void **state)
{
	static const char *const bad[] = {
		"{\"a.x\":{\"zh\":\"甲\"}}",
		"{\"a.x\":{\"en\":\"A\"}}",
		"{\"a.x\":{\"zh\":\"\",\"en\":\"A\"}}",
		"{\"a.x\":{\"zh\":\"甲\",\"en\":\"  \"}}",
		"{\"a.x\":{\"zh\":\"甲\",\"en\":1}}",
		"{\"a.x\":\"甲\"}",
		"{\"a.x\":{\"zh\":\"{甲\",\"en\":\"A\"}}",
		"{\"a.x\":{\"zh\":\"甲\",\"en\":\"A}\"}}",
		"{\"a.x\":{\"zh\":\"甲{}\",\"en\":\"A\"}}",
		"{\"a.x\":{\"zh\":\"{{甲}}\",\"en\":\"A\"}}",
		"{\"a.x\":{\"zh\":\"{a:b}\",\"en\":\"{a:b}\"}}",
		"{\"a.x\":{\"zh\":\"{:date}\",\"en\":\"{:date}\"}}",
	};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(bad); i++) {
		if (load(scratch, "messages/a.json", bad[i]) != INVALID)
			fail_msg("%s is taken", bad[i]);
		assert_string_equal(scratch->error.code, "message.faulty");
		assert_non_null(strstr(scratch->error.internal, "messages/a.json: a.x: "));
	}
}

static void a_code_belongs_to_the_file_of_its_area(void **state)
{
	static const char texts[] = "{\"a.x\":{\"zh\":\"甲\",\"en\":\"A\"}}";
	static const char nameless[] = "{\"a\":{\"zh\":\"甲\",\"en\":\"A\"}}";

	assert_int_equal(load(*state, "messages/b.json", texts), INVALID);
	assert_int_equal(load(*state, "messages/aa.json", texts), INVALID);
	assert_int_equal(load(*state, "messages/a.json", nameless), INVALID);
	assert_int_equal(load(*state, "messages/a.json", texts), OK);
}

static void what_is_no_object_of_json_is_refused_by_file(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "\"a.x\"", "null",
		"{\"a.x\":{\"zh\":\"甲\",\"en\":\"A\"},\"a.x\":{\"zh\":\"乙\",\"en\":\"B\"}}"};
	struct scratch *scratch = *state;

	for (size_t i = 0; i < COUNT(bad); i++) {
		if (load(scratch, "messages/a.json", bad[i]) != INVALID)
			fail_msg("%s is taken", bad[i]);
		assert_non_null(strstr(scratch->error.internal, "messages/a.json: "));
	}
}

static void a_faulty_file_changes_nothing(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(
		load(scratch, "messages/a.json", "{\"a.b\":{\"zh\":\"甲\",\"en\":\"A\"}}"), OK);
	assert_int_equal(load(scratch, "messages/a.json", "{\"a.b\":{\"zh\":\"乙\"}}"), INVALID);
	assert_string_equal(say(scratch, LANGUAGE_EN, "a.b"), "A");
}

static void other_files_are_passed_over(void **state)
{
	assert_int_equal(load(*state, "plan.schema.json", "not JSON at all"), OK);
	assert_string_equal(say(*state, LANGUAGE_EN, "a.b"), "a.b");
}

static void the_language_is_the_one_liked_best(void **state)
{
	static const struct {
		const char *header;
		enum language language;
	} headers[] = {
		{NULL, LANGUAGE_ZH},
		{"", LANGUAGE_ZH},
		{"*", LANGUAGE_ZH},
		{"fr", LANGUAGE_ZH},
		{"en", LANGUAGE_EN},
		{"EN-gb", LANGUAGE_EN},
		{"zh-CN,zh;q=0.9,en;q=0.8", LANGUAGE_ZH},
		{"en-US,en;q=0.9,zh-CN;q=0.8", LANGUAGE_EN},
		{"en;q=0.5, zh;q=0.9", LANGUAGE_ZH},
		{"zh;q=0.25, en;q=0.3", LANGUAGE_EN},
		{"fr, en;q=0.1", LANGUAGE_EN},
		{"en;q=0", LANGUAGE_ZH},
		{"en;q=0.000, fr", LANGUAGE_ZH},
		{"enx, eno;q=1", LANGUAGE_ZH},
		{" ,, en", LANGUAGE_EN},
		{"en;q=999999999999", LANGUAGE_EN},
		{";;q=,=,en", LANGUAGE_EN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		if (language_accepted(headers[i].header) != headers[i].language)
			fail_msg("%s", headers[i].header);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(before_loading_a_code_stands_for_itself),
		with_scratch(all_our_own_texts_are_sound),
		with_scratch(every_text_is_found_and_has_the_same_parameters_in_both_languages),
		with_scratch(parameters_find_their_places),
		with_scratch(what_programs_read_is_shaped_for_people),
		with_scratch(what_ends_at_midnight_ends_with_the_day_before),
		with_scratch(a_parameter_with_braces_is_not_filled_again),
		with_scratch(faulty_entries_are_refused_by_file_and_code),
		with_scratch(a_code_belongs_to_the_file_of_its_area),
		with_scratch(what_is_no_object_of_json_is_refused_by_file),
		with_scratch(a_faulty_file_changes_nothing),
		with_scratch(other_files_are_passed_over),
		with_scratch(the_language_is_the_one_liked_best),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
