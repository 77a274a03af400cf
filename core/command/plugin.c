/*
 * `kaowu plugin`: install, list, readmit, disable.
 */
#include "command.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "plugin/catalogue.h"

static int list_print(struct catalogue *catalogue, struct arena *arena, struct error *error)
{
	json *plugins;

	if (catalogue_list(catalogue, arena, &plugins, error))
		return command_failed("plugin list", error);
	json_each(plugin, plugins)
	{
		const char *reason = json_get_text(plugin, "reason");

		(void)printf("%-28s %-10s %-12.12s %-12s %s\n", json_get_text(plugin, "id"),
			json_get_text(plugin, "version"), json_get_text(plugin, "sha256"),
			json_get_text(plugin, "state"), reason ? reason : "");
	}
	return 0;
}

static int install(
	struct catalogue *catalogue, struct arena *arena, const char *path, struct error *error)
{
	struct catalogue_entry entry;

	if (catalogue_install(catalogue, arena, path, &entry, error))
		return command_failed(path, error);
	(void)printf("installed %s %s (%.12s, %s)\n", entry.id, entry.version, entry.sha256,
		entry.state);
	return 0;
}

static int run(struct catalogue *catalogue, struct arena *arena, const char *verb,
	const char *subject, struct error *error)
{
	if (text_equal(verb, "list"))
		return list_print(catalogue, arena, error);
	if (text_equal(verb, "install") && subject)
		return install(catalogue, arena, subject, error);
	if (text_equal(verb, "readmit") && subject)
		return catalogue_readmit(catalogue, subject, error) ? command_failed(subject, error)
								    : 0;
	if (text_equal(verb, "disable") && subject)
		return catalogue_disable(catalogue, subject, error) ? command_failed(subject, error)
								    : 0;

	(void)fputs("usage: kaowu plugin list | install FILE.so | readmit SHA256 | disable SHA256"
		    " [--data DIR]\n",
		stderr);
	return 2;
}

int command_plugin(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct deployment *deployment;
	const char *verb = count > 0 ? words[0] : NULL;
	const char *subject = count > 1 && words[1][0] != '-' ? words[1] : NULL;
	int named = !verb ? 0 : subject ? 2 : 1;

	if (!options_known("plugin", count - named, words + named, options))
		return 2;
	if (!text_equal(verb, "install") && !data_there(option_data(count, words)))
		return 1;
	(void)command_schemas();
	if (deployment_open(option_data(count, words), false, &deployment, &error))
		return command_failed("plugin", &error);

	int status = run(deployment->catalogue, arena, verb, subject, &error);
	deployment_close(deployment);
	return status;
}
