/*
 * Fuzzes the loading of a manifest, which is whatever a plugin's process says: no manifest makes the check fail, a
 * refusal tells what is wrong, and one that is let in can be used: every condition judges everybody's facts, it can be
 * narrowed and compared, and means the same once it is printed and read again.
 *
 * Random bytes are hardly ever a manifest. So input that does not begin as an object is a list of edits, four bytes
 * each, to one that is good: which value (two bytes), what becomes of it, and with what.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/text.h"
#include "plugin/eligibility.h"
#include "plugin/manifest.h"
#include "plugin/manifest_diff.h"

#define GOOD       SOURCE_DIR "/tests/plugin/abi-1/manifest.json"
#define VALUES_MAX 4096

static struct {
	struct arena *arena; /* as long as the process */
	json *manifest;
	const json *values[VALUES_MAX]; /* each in it, in the order in which they are met */
	size_t count;
} good;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void collect(const json *value)
{
	expect(good.count < VALUES_MAX);
	good.values[good.count++] = value;
	json_each(child, value) collect(child);
}

int LLVMFuzzerInitialize(int *count, char ***words);

int LLVMFuzzerInitialize(int *count, char ***words)
{
	static char text[1 << 20];
	FILE *file = fopen(GOOD, "r");

	good.arena = arena_create(LIMIT_REQUEST_ARENA);

	struct error error = {.arena = good.arena};

	(void)count;
	(void)words;
	expect(file && messages_load(&error) == OK);
	expect(json_parse(good.arena, text, fread(text, 1, sizeof(text), file), &good.manifest,
		       &error) == OK);
	(void)fclose(file);
	collect(good.manifest);
	return 0;
}

/* ---- Edits ---- */

enum action { DROP, DOUBLE, TAKE_ANOTHER, NUMBER, TEXT, NOTHING, EMPTY, ACTIONS };

struct edits {
	struct arena *arena;
	const uint8_t *bytes;
	size_t count;
	size_t met; /* values so far */
};

static const uint8_t *edit_of(const struct edits *edits, size_t value)
{
	for (size_t i = 0; i < edits->count; i++) {
		const uint8_t *edit = edits->bytes + 4 * i;

		if ((edit[0] | (size_t)edit[1] << 8) % good.count == value)
			return edit;
	}
	return NULL;
}

static json *number_new(struct arena *arena, uint8_t choice)
{
	static const int64_t odd[] = {
		-1, 1000, 65535, INT32_MAX, INT32_MIN, (INT64_C(1) << 53) - 1};

	return json_new_integer(
		arena, choice < 250 ? choice : odd[(choice - 250) % (int)COUNT(odd)]);
}

static json *text_new(struct arena *arena, uint8_t choice)
{
	static const char *const odd[] = {"", " ", "a", "１", "焊工", "钳工", "welder.1", "gc2018",
		"0000-00-00", "0001-01", "2024-02-29", "2023-02-29", "9999-12", "certificate",
		"work", "title", "junior", "same", "related", "choice", "\x7f", "\xe2\x80\xae"};

	return json_new_text(arena, odd[choice % COUNT(odd)]);
}

static json *rewritten(struct edits *edits, const json *value);

static void put(
	struct edits *edits, json *into, const char *name, const json *child, const uint8_t *edit)
{
	int times = edit && edit[2] % ACTIONS == DOUBLE ? 2 : 1;
	size_t met = edits->met;

	for (int i = 0; i < times; i++) {
		edits->met = met;
		if (name)
			json_set(edits->arena, into, name, rewritten(edits, child));
		else
			json_append(into, rewritten(edits, child));
	}
}

static json *with_children(struct edits *edits, const json *value)
{
	struct arena *arena = edits->arena;
	bool object = json_is_object(value);
	json *into = object ? json_new_object(arena) : json_new_array(arena);

	json_each(child, value) put(
		edits, into, object ? json_name(child) : NULL, child, edit_of(edits, edits->met));
	return into;
}

/* NULL if it is dropped. What lies below an edited value is passed over, and counted. */
static json *edited(struct edits *edits, const uint8_t *edit, bool container)
{
	switch ((enum action)(edit[2] % ACTIONS)) {
	case TAKE_ANOTHER:
		return json_copy(edits->arena, good.values[edit[3] * (size_t)7 % good.count]);
	case NUMBER:
		return number_new(edits->arena, edit[3]);
	case TEXT:
		return text_new(edits->arena, edit[3]);
	case NOTHING:
		return json_new_null(edits->arena);
	case EMPTY:
		return container ? json_new_array(edits->arena) : json_new_object(edits->arena);
	default:
		return NULL;
	}
}

static size_t size_of(const json *value)
{
	size_t size = 1;

	json_each(child, value) size += size_of(child);
	return size;
}

static json *rewritten(struct edits *edits, const json *value)
{
	bool container = json_is_object(value) || json_is_array(value);
	const uint8_t *edit = edit_of(edits, edits->met);

	if (edit && edit[2] % ACTIONS != DOUBLE) {
		edits->met += size_of(value);
		return edited(edits, edit, container);
	}
	edits->met++;
	return container ? with_children(edits, value) : json_copy(edits->arena, value);
}

/* ---- What is expected ---- */

static void check_use(struct arena *arena, const json *manifest)
{
	json_each(condition, json_get(manifest, "conditions"))
	{
		json_each(example, json_get(manifest, "examples"))
		{
			json *verdict;

			eligibility_evaluate(arena, manifest, json_get_text(condition, "id"), NULL,
				json_get(example, "facts"), &verdict);
			expect(json_get_text(verdict, "outcome"));
		}
	}
}

static void check_narrowed(struct arena *arena, const json *manifest)
{
	const char *set = json_get_text(manifest, "condition_set");
	struct error changes = {.arena = arena};
	json *narrowed;

	expect(manifest_for_set(arena, manifest, set, &narrowed));
	expect(json_count(json_get(narrowed, "conditions")) > 0);
	manifest_diff(manifest, manifest, LANGUAGE_EN, &changes);
	expect(!changes.faults);
	manifest_diff(good.manifest, manifest, LANGUAGE_ZH, &changes);
}

static void check_printed(struct arena *arena, const json *manifest)
{
	const char *text = json_print(arena, manifest);
	struct error error = {.arena = arena};
	json *again;

	expect(json_parse(arena, text, strlen(text), &again, &error) == OK);
	expect(json_equal(manifest, again));
	expect(manifest_check(arena, again, &error) == OK);
}

static void check_told(struct arena *arena, const struct error *error)
{
	expect(error->result == INVALID && (error->faults || error->code));
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++)
			expect(!text_blank(message_text(
				arena, (enum language)language, fault->code, fault->params)));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct edits edits = {.arena = arena, .bytes = input, .count = size / 4};
	json *manifest = NULL;

	if (size == 0 || *input != '{')
		manifest = rewritten(&edits, good.manifest);
	else if (json_parse(arena, (const char *)input, size, &manifest, &error))
		return 0;
	if (!manifest)
		return 0;
	if (manifest_check(arena, manifest, &error)) {
		check_told(arena, &error);
		return 0;
	}
	check_use(arena, manifest);
	check_narrowed(arena, manifest);
	check_printed(arena, manifest);
	return 0;
}
