/*
 * A plugin's manifest: its tables as JSON (schemas/plugin-manifest.schema.json), made where the plugin is loaded
 * and checked where it is not.
 */
#ifndef KAOWU_PLUGIN_MANIFEST_H
#define KAOWU_PLUGIN_MANIFEST_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "kaowu_plugin.h"

#define MANIFEST_REQUIREMENTS                                                                      \
	20 /* of one condition, lists and leaves: four is what the national conditions need */

/*
 * Child side: `tables` is what the plugin exports, of whatever size it says, and may be full of lies: what has no
 * value in JSON, or no end, is INVALID with a fault that names the place, for each; a pointer to nowhere crashes
 * this process, which holds nothing else.
 */
enum result manifest_build(struct arena *arena, const struct kaowu_plugin *tables, json **out,
	struct error *error) MUST_CHECK;

/*
 * Server side: holds a manifest, as hostile as it may be, against the schema and against itself (ids, references,
 * names), and runs its worked examples. INVALID with a fault for each thing that is to be changed. Needs
 * messages_load().
 */
enum result manifest_check(
	struct arena *arena, const json *manifest, struct error *error) MUST_CHECK;

/* Does any of its conditions ask for this material? */
bool manifest_asks_for(const json *manifest, const char *material_id);

/* The generations of the rules that its conditions belong to: "gc2023、gc2018". */
const char *manifest_sets(struct arena *arena, const json *manifest);

/*
 * What a plan that follows one generation keeps: the manifest with nothing of the others, under that
 * `condition_set`. False if it has no condition of that set.
 */
bool manifest_for_set(struct arena *arena, const json *manifest, const char *set, json **out);

#endif
