/*
 * Words for what a manifest says (manifest_words.h).
 */
#include "manifest_words.h"

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
