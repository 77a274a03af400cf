/*
 * Names are compared to the letter, after what people's typing needs (full-width forms, spaces at the ends):
 * relation.h. The manifest's own stand in that form already (manifest_check()).
 */
#include "relation.h"

#include <string.h>

#include "base/text.h"

const char *relation_occupation(const json *manifest)
{
	return json_get_text(json_get(manifest, "occupation"), "name");
}

static bool in_force(const json *overlay, const char *on)
{
	const char *from = json_get_text(overlay, "from");
	const char *until = json_get_text(overlay, "until");
	/* Dates as text compare as dates do. */
	return from && on && strcmp(from, on) <= 0 && (!until || strcmp(on, until) <= 0);
}

static const json *denying(struct arena *arena, const json *manifest, const json *overlays,
	const char *on, const char *occupation)
{
	const char *code = json_get_text(json_get(manifest, "occupation"), "code");
	json_each(overlay, overlays)
	{
		if (text_equal(json_get_text(overlay, "kind"), "deny_related") &&
			text_equal(json_get_text(overlay, "occupation_code"), code) &&
			text_equal(text_normalise(arena, json_get_text(overlay, "name")),
				occupation) &&
			in_force(overlay, on))
			return overlay;
	}
	return NULL;
}

static struct relation refused(const char *code, const json *overlay)
{
	return (struct relation){.standing = STANDING_REFUSED, .code = code, .overlay = overlay};
}

struct relation relation_judge(struct arena *arena, const json *manifest, const json *overlays,
	const char *on, const char *occupation, bool consider, bool same_only)
{
	occupation = text_normalise(arena, occupation ? occupation : "");
	if (text_equal(occupation, relation_occupation(manifest)))
		return (struct relation){STANDING_COUNTS, "eligibility.relation_same", NULL, true};
	if (same_only)
		return refused("eligibility.relation_only_same", NULL);

	const json *overlay = denying(arena, manifest, overlays, on, occupation);
	if (overlay)
		return refused("eligibility.relation_denied", overlay);
	if (json_holds(json_at_pointer(manifest, "/related/names"), occupation))
		return (struct relation){
			STANDING_COUNTS, "eligibility.relation_related", NULL, false};
	if (!json_get_true(json_get(manifest, "related"), "open"))
		return refused("eligibility.relation_unlisted", NULL);
	if (consider)
		return (struct relation){
			STANDING_REVIEW, "eligibility.relation_considered", NULL, false};
	return refused("eligibility.relation_unrelated", NULL);
}

json *relation_names(
	struct arena *arena, const json *manifest, const json *overlays, const char *on)
{
	json *names = json_new_array(arena);
	json_each(name, json_get(json_get(manifest, "related"), "names"))
	{
		if (!denying(arena, manifest, overlays, on, json_text(name)))
			json_append(names, json_share(arena, name));
	}
	return names;
}

const char *relation_list(
	struct arena *arena, const json *manifest, const json *overlays, const char *on)
{
	const json *related = json_get(manifest, "related");
	const json *names = relation_names(arena, manifest, overlays, on);
	const char *text = json_get_text(related, "text"), *list = "";
	if (text && json_count(names) == json_count(json_get(related, "names")))
		return text;

	json_each(name, names) list =
		arena_printf(arena, "%s%s%s", list, *list ? "、" : "", json_text(name));
	return text && json_get_true(related, "open") ? arena_printf(arena, "%s等", list) : list;
}
