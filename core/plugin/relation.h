/*
 * Does an occupation count for the plan's? The plugin's list (S2), narrowed by the centre's overlays (S3), widened
 * by what a candidate asks to be considered (S4).
 */
#ifndef KAOWU_PLUGIN_RELATION_H
#define KAOWU_PLUGIN_RELATION_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"

enum standing { STANDING_REFUSED, STANDING_REVIEW, STANDING_COUNTS };

struct relation {
	enum standing standing;
	const char *code;    /* message that says why: "eligibility.relation_denied" */
	const json *overlay; /* the one that took it off the list, or NULL */
	bool same;           /* it is the plan's occupation itself */
};

/*
 * `on` is the day by which overlays are judged; with `same_only` only the plan's own occupation counts. A name
 * that an overlay denies cannot be asked to be considered: the district has judged it already.
 */
struct relation relation_judge(struct arena *arena, const json *manifest, const json *overlays,
	const char *on, const char *occupation, bool consider, bool same_only);

/* The names that count as related on that day: the plugin's without what an overlay denies. Array of text. */
json *relation_names(
	struct arena *arena, const json *manifest, const json *overlays, const char *on);

/* The same in words: "一、二等" as the plugin carries it, or joined where it has no text, or where names are denied. */
const char *relation_list(
	struct arena *arena, const json *manifest, const json *overlays, const char *on);

/* The plan's occupation, by name. */
const char *relation_occupation(const json *manifest);

#endif
