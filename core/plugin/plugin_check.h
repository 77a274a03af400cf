/*
 * Everything that can be told about a plugin before anybody installs it, all at once: what `kaowu plugin check` says.
 *
 * Installing asks for less: a plugin that passes here is one that an operator will not be surprised by.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_CHECK_H
#define KAOWU_PLUGIN_PLUGIN_CHECK_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "plugin_process.h"
#include "plugin_source.h"

/*
 * What the plugin at `path` says about itself, valid and with examples that come out as they say: what is asked for at
 * installation. INVALID with its faults.
 */
enum result plugin_describe(const struct plugin_process_settings *settings, struct arena *arena,
	const char *path, json **manifest, struct error *error) MUST_CHECK;

/*
 * Looks at the file without running it (symbols), has a sandboxed process describe it, holds the manifest against its
 * schema, itself and its examples, and tries its functions, also with the author's own `forms` (or NULL). INVALID with
 * a fault for each thing that is to be changed; *manifest is then what was understood, or NULL. BROKEN if the machine
 * failed. Blocking, for seconds where the plugin hangs.
 */
enum result plugin_check(const struct plugin_process_settings *settings, struct arena *arena,
	const struct plugin_source *source, const json *forms, json **manifest,
	struct error *error) MUST_CHECK;

#endif
