/*
 * Counts, and in words what they ask for (status.h).
 */
#include "status.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"

static void warn(struct arena *arena, json *warnings, enum language language, const char *code,
	int64_t count)
{
	const char *const params[] = {"count", arena_printf(arena, "%" PRId64, count), NULL};

	if (count == 0)
		return;
	json *warning = json_append(arena, warnings, json_new_object(arena));
	json_set_text(arena, warning, "code", code);
	json_set_text(arena, warning, "detail", message_text(arena, language, code, params));
}

struct bytes status_text(struct api *api, struct arena *arena, enum language language)
{
	const struct catalogue_tally *tally = &api->plugins;
	json *status = json_new_object(arena), *warnings;

	json_set_boolean(arena, status, "draining", api->draining);
	json *plugins = json_set(arena, status, "plugins", json_new_object(arena));
	json_set_integer(arena, plugins, "active", tally->active);
	json_set_integer(arena, plugins, "quarantined", tally->quarantined);
	json_set_integer(arena, plugins, "unsigned", tally->unsigned_active);
	warnings = json_set(arena, status, "warnings", json_new_array(arena));
	warn(arena, warnings, language, "api.plugins_unsigned", tally->unsigned_active);
	warn(arena, warnings, language, "api.plugins_quarantined", tally->quarantined);
	const char *text = json_print(arena, status);
	return bytes_of(text, strlen(text));
}
