/*
 * Words for what a manifest says (manifest_words.h).
 */
#include "manifest_words.h"

#include <string.h>

#include "base/text.h"
#include "eligibility.h"

/* A verdict on somebody with nothing has a text for each requirement. */
json *manifest_requirements(struct arena *arena, const json *manifest, const char *condition_id)
{
	json *facts = json_new_object(arena), *texts = json_new_array(arena), *verdict;

	json_set_text(arena, facts, "on", "2000-01-01");
	eligibility_evaluate(arena, manifest, condition_id, NULL, facts, &verdict);
	json_each(entry, json_get(verdict, "trace"))
		json_append(texts, json_copy(arena, json_get(entry, "required")));
	return texts;
}

const json *manifest_row(const json *manifest, const char *table, const char *id)
{
	return json_find(json_get(manifest, table), "id", id);
}

const char *names_joined(struct arena *arena, enum language language, const json *names)
{
	const char *comma = message_text(arena, language, "kit.comma", NULL), *text = "";

	json_each(name, names) text =
		arena_printf(arena, "%s%s%s", text, *text ? comma : "", json_text(name));
	return text;
}

/* Where manifest.c writes another word than the header has. */
static const struct {
	const char *manifest, *header;
} renamed[] = {
	{"/functions", ".check_form"},
	{"/occupation/", ".occupation_"},
	{"/related/names", ".related"},
	{"/related/", ".related_"},
	{"/requirement/all", ".requirements"},
	{"/all", ".parts"},
	{"/any", ".parts"},
	{"/facts", ""},
	{"/held_years", ".years"},
	{"/major_scope", ".scope"},
};

static const char *step_renamed(const char **at)
{
	for (size_t i = 0; i < COUNT(renamed); i++) {
		if (!text_starts(*at, renamed[i].manifest))
			continue;
		*at += strlen(renamed[i].manifest);
		return renamed[i].header;
	}
	return NULL;
}

/* "/name" or "/0" */
static const char *step(struct arena *arena, const char **at)
{
	const char *name = *at + 1;
	int length = (int)strcspn(name, "/");

	*at = name + length;
	if (strspn(name, "0123456789") == (size_t)length)
		return arena_printf(arena, "[%.*s]", length, name);
	return arena_printf(arena, ".%.*s", length, name);
}

const char *manifest_place(struct arena *arena, const char *pointer)
{
	const char *place = "";

	while (*pointer == '/') {
		const char *next = step_renamed(&pointer);

		place = arena_printf(arena, "%s%s", place, next ? next : step(arena, &pointer));
	}
	place = arena_printf(arena, "%s%s", place, pointer);
	return *place == '.' ? place + 1 : place;
}
