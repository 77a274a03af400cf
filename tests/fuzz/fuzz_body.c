/*
 * Fuzzes bodies against the API's schemas: whatever stands in a body, validation ends, says the same twice, names a
 * place that is in the body or just below one that is, in words of both languages; and what is valid is so again once
 * it is printed and read.
 *
 * Random bytes are hardly ever JSON that a schema looks at twice. So the input makes the choices while a value is drawn
 * up from the schema: which body, which members, which of many odd values in which place.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/schema.h"
#include "base/text.h"
#include "command/command.h"

#define DEPTH_MOST 12

static struct {
	const struct schema_set *schemas;
	struct arena *arena; /* as long as the process */
	json *documents;     /* the components of openapi.json */
	size_t count;
} api;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerInitialize(int *count, char ***words);

int LLVMFuzzerInitialize(int *count, char ***words)
{
	struct bytes text = embedded_find("openapi.json")->content;

	api.arena = arena_create(LIMIT_REQUEST_ARENA);

	struct error error = {.arena = api.arena};
	json *document;

	(void)count;
	(void)words;
	command_begin();
	api.schemas = command_schemas();
	expect(json_parse(api.arena, (const char *)text.data, text.size, &document, &error) == OK);
	api.documents = json_at_pointer(document, "/components/schemas");
	api.count = json_count(api.documents);
	return 0;
}

/* ---- Drawing up ---- */

struct choices {
	struct arena *arena;
	const uint8_t *at, *end;
};

/* Zeros once the input is used up: the plainest value. */
static unsigned choose(struct choices *choices, size_t limit)
{
	return choices->at < choices->end && limit > 0 ? *choices->at++ % (unsigned)limit : 0;
}

static const json *nth(const json *list, size_t number)
{
	const json *child = json_first(list);

	while (number-- > 0)
		child = json_next(child);
	return child;
}

static json *odd_text(struct choices *choices)
{
	static const char *const texts[] = {"placeholder", "", " ", "13900000000", "2020-01-01",
		"2020-02-30", "2020-13", "2020-01", "nobody@kaowu.example", "１３９", "\x7f",
		"\xe2\x80\xae", "焊工", "a\nb", "01900000-0000-7000-8000-000000000000", "000000",
		"-1", "1-01-01-01", "2026-11-23T09:00:00+08:00", "%00", "'; --",
		"\xf0\x9f\x90\xa6"};

	return json_new_text(choices->arena, texts[choose(choices, COUNT(texts))]);
}

static json *odd_number(struct choices *choices)
{
	static const int64_t numbers[] = {
		0, 1, -1, 2, 100, INT32_MAX, INT32_MIN, (INT64_C(1) << 53) - 1};

	return json_new_integer(choices->arena, numbers[choose(choices, COUNT(numbers))]);
}

static json *odd(struct choices *choices)
{
	switch (choose(choices, 6)) {
	case 0:
		return odd_text(choices);
	case 1:
		return odd_number(choices);
	case 2:
		return json_new_boolean(choices->arena, choose(choices, 2));
	case 3:
		return json_new_array(choices->arena);
	case 4:
		return json_new_object(choices->arena);
	default:
		return json_new_null(choices->arena);
	}
}

static json *drawn(struct choices *choices, const json *schema, int depth);

static json *object_drawn(struct choices *choices, const json *schema, int depth)
{
	json *object = json_new_object(choices->arena);

	json_each(property, json_get(schema, "properties")) if (choose(choices, 8) != 7) json_set(
		choices->arena, object, json_name(property), drawn(choices, property, depth + 1));
	if (choose(choices, 16) == 15)
		json_set(choices->arena, object, "unknown", odd(choices));
	return object;
}

static json *array_drawn(struct choices *choices, const json *schema, int depth)
{
	json *array = json_new_array(choices->arena);
	size_t count = (size_t)json_get_integer(schema, "minItems") + choose(choices, 4);

	while (count-- > 0 && json_get(schema, "items"))
		json_append(array, drawn(choices, json_get(schema, "items"), depth + 1));
	return array;
}

static const json *referred(const json *schema)
{
	const char *reference = json_get_text(schema, "$ref");

	return reference ? json_get(api.documents, strrchr(reference, '/') + 1) : schema;
}

static const char *type_of(const json *schema)
{
	const json *type = json_get(schema, "type");

	return json_is_array(type) ? json_text(json_first(type)) : json_text(type);
}

static json *drawn(struct choices *choices, const json *schema, int depth)
{
	schema = referred(schema);
	const json *any = json_get(schema, "anyOf"), *names = json_get(schema, "enum");
	const char *type = type_of(schema);

	if (!schema || depth > DEPTH_MOST || choose(choices, 16) == 15)
		return odd(choices);
	if (json_count(any) > 0)
		return drawn(choices, nth(any, choose(choices, json_count(any))), depth + 1);
	if (json_count(names) > 0)
		return json_copy(choices->arena, nth(names, choose(choices, json_count(names))));
	if (json_get(schema, "const"))
		return json_copy(choices->arena, json_get(schema, "const"));
	if (text_equal(type, "object"))
		return object_drawn(choices, schema, depth);
	if (text_equal(type, "array"))
		return array_drawn(choices, schema, depth);
	if (text_equal(type, "string"))
		return odd_text(choices);
	if (text_equal(type, "integer"))
		return odd_number(choices);
	return odd(choices);
}

/* ---- What is expected ---- */

/* A place in the value, or a member that is missing from one. */
static void check_place(struct arena *arena, const json *value, const char *pointer)
{
	const char *last = strrchr(pointer, '/');

	expect(*pointer == '\0' || *pointer == '/');
	if (last && !json_at_pointer(value, pointer))
		expect(json_at_pointer(
			value, arena_text_part(arena, pointer, (size_t)(last - pointer))));
}

static void check_told(struct arena *arena, const json *value, const struct error *error)
{
	expect(error->result == INVALID && error->faults);
	for (const struct fault *fault = error->faults; fault; fault = fault->next) {
		check_place(arena, value, fault->pointer);
		for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
			expect(!text_blank(message_text(
				arena, (enum language)language, fault->code, fault->params)));
	}
}

static size_t count_of(const struct error *error)
{
	size_t count = 0;

	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		count++;
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct choices choices = {arena, input, input + size};
	struct error error = {.arena = arena}, second = {.arena = arena};
	const json *document = nth(api.documents, choose(&choices, api.count));
	const struct schema *schema = schema_find(
		api.schemas, arena_printf(arena, "kaowu:api#/$defs/%s", json_name(document)));
	json *value = drawn(&choices, document, 0), *again;
	const char *text = json_print(arena, value);

	expect(schema);
	enum result rc = schema_validate(schema, value, &error);
	if (rc)
		check_told(arena, value, &error);
	struct error none = {.arena = arena};
	expect(json_parse(arena, text, strlen(text), &again, &none) == OK);
	expect(schema_validate(schema, again, &second) == rc &&
		count_of(&error) == count_of(&second));
	return 0;
}
