/*
 * Does a plugin's function depend on the form alone? Asked with many forms, twice each, with their fields in another
 * order, and by a second process in another order of forms.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_PURITY_H
#define KAOWU_PLUGIN_PLUGIN_PURITY_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "plugin_process.h"

/*
 * Adds faults: "kit.changes_again", "kit.changes_order", "kit.changes_process" with the form that showed it, or how the
 * plugin failed. `manifest` has passed manifest_check() and names check_form among its functions; `forms` holds forms
 * of the author's own, or is NULL. What the machine did wrong is BROKEN.
 */
enum result plugin_purity_check(const struct plugin_process_settings *settings, struct arena *arena,
	const char *path, const json *manifest, const json *forms, struct error *error) MUST_CHECK;

#endif
