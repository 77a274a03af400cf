/*
 * `kaowu plugin check`: every fault of a plugin at once, each a sentence that says what to change; the exit status is
 * for CI.
 */
#include "plugin_command.h"

#include "base/limits.h"
#include "exam/transaction.h"
#include "plugin/plugin_check.h"

/* The forms among the author's cases, or NULL if there is no file; false if it cannot be read. */
static bool forms_load(struct arena *arena, const char *path, json **forms)
{
	json *cases;

	*forms = NULL;
	if (!path)
		return true;
	if (!plugin_cases_load(arena, path, &cases))
		return false;
	*forms = json_new_array(arena);
	json_each(each, cases) json_append(
		*forms, json_get(each, "form") ? json_copy(arena, json_get(each, "form")) : NULL);
	return true;
}

static void passed_tell(struct arena *arena, const json *manifest)
{
	command_say(stdout, "kit.passed", "plugin", plugin_title(arena, manifest), "examples",
		arena_printf(arena, "%zu", json_count(json_get(manifest, "examples"))), NULL);
}

static void report_print_json(
	struct arena *arena, const char *path, const json *manifest, const struct error *error)
{
	json *report = json_new_object(arena);

	json_set_text(arena, report, "file", path);
	json_set_boolean(arena, report, "passed", !error->code);
	json_set_text(arena, report, "id", json_get_text(manifest, "id"));
	json_set_text(arena, report, "version", json_get_text(manifest, "version"));
	json_set(arena, report, "faults", faults_json(arena, command_language(), error));
	(void)printf("%s\n", json_print_pretty(arena, report));
}

static int check(struct arena *arena, const char *path, const json *forms, bool as_json)
{
	struct plugin_process_settings settings = plugin_process_here();
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct error error = {.arena = arena};
	json *manifest;

	if (plugin_source_open(arena, path, &source, &error))
		return command_failed(path, &error);
	enum result rc = plugin_check(&settings, arena, &source, forms, &manifest, &error);
	if (rc && !error.faults)
		return command_failed(path, &error);
	if (as_json)
		report_print_json(arena, path, manifest, &error);
	else if (rc)
		plugin_failed(path, &error);
	else
		passed_tell(arena, manifest);
	return rc ? 1 : 0;
}

int plugin_check_command(int count, char **words)
{
	static const char *const options[] = {"--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	int subjects = subjects_count(count, words);
	json *forms;

	if (subjects < 1 || subjects > 2 ||
		!options_known("plugin check", count - subjects, words + subjects, options))
		return USED_WRONGLY;
	if (!forms_load(arena, subjects > 1 ? words[1] : NULL, &forms))
		return 1;
	return check(arena, words[0], forms, option_given(count, words, "--json"));
}
