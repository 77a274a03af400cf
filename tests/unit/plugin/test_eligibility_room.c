/*
 * However much a candidate says, and however many names a district denies, a verdict is reached in the memory of one
 * request.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "plugin/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define WAY                                                                                        \
	"{\"all\":[{\"kind\":\"certificate\",\"level\":2,\"scope\":\"related\"},"                  \
	"{\"kind\":\"work\",\"years\":5,\"since\":\"certificate\",\"scope\":\"related\"}]}"

static const char manifest_text[] =
	"{\"occupation\":{\"code\":\"4-02-06-05\",\"name\":\"供应链管理师\"},\"level\":1,"
	"\"related\":{\"names\":[\"采购员\"],\"text\":\"采购员等\",\"open\":true},\"conditions\":[{\"id\":\"1-1\","
	"\"text\":\"t\",\"source\":\"s\",\"requirement\":{\"any\":[" WAY "," WAY "," WAY "," WAY
	"," WAY "]}}]}";

static json *read_json(struct arena *arena, struct buffer *text)
{
	struct error error = {.arena = arena};
	json *value;

	assert_int_equal(json_parse(arena, text->data, text->size, &value, &error), OK);
	return value;
}

static json *repeated(struct arena *arena, const char *before, const char *row, int count,
	const char *between, const char *last, int last_count, const char *behind)
{
	struct buffer text = buffer_in(arena, 1 << 20);

	buffer_text(&text, before);
	for (int i = 0; i < count; i++)
		buffer_printf(&text, "%s%s", i ? "," : "", row);
	buffer_text(&text, between);
	for (int i = 0; i < last_count; i++)
		buffer_printf(&text, "%s%s", i ? "," : "", last);
	buffer_text(&text, behind);
	return read_json(arena, &text);
}

static void the_longest_form_under_the_most_overlays_is_judged(void **state)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct buffer text = buffer_in(arena, 1 << 20);
	json *verdict;

	(void)state;
	assert_int_equal(messages_load(&error), OK);
	buffer_text(&text, manifest_text);
	json *facts = repeated(arena, "{\"on\":\"2026-11-23\",\"certificates\":[",
		"{\"occupation\":\"采购员\",\"level\":2,\"issued\":\"2015-01-01\"}", 20,
		"],\"work\":[",
		"{\"from\":\"2016-01\",\"to\":\"2020-01\",\"occupation\":\"采购员\",\"relation\":\"related\"}",
		30, "]}");
	json *overlays = repeated(arena, "[",
		"{\"id\":\"a\",\"kind\":\"deny_related\",\"occupation_code\":\"4-02-06-05\",\"name\":\"电子商务师\","
		"\"reason\":\"r\",\"from\":\"2026-01-01\"}",
		100, "", "", 0, "]");
	eligibility_evaluate(arena, read_json(arena, &text), "1-1", overlays, facts, &verdict);
	assert_string_equal(json_get_text(verdict, "outcome"), "not_met");
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_form_under_the_most_overlays_is_judged)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
