/*
 * `kaowu plugin install, list, readmit, disable`: what an operator does with plugins.
 */
#include "plugin_command.h"

#include "base/limits.h"
#include "base/text.h"
#include "plugin/catalogue.h"

/* A command on the deployment's catalogue: opened, asked, closed. */
struct office {
	struct arena *arena;
	struct error error;
	struct deployment *deployment;
};

static bool office_open(struct office *office, const char *data)
{
	office->arena = arena_create(LIMIT_PLUGIN_ARENA);
	office->error = (struct error){.arena = office->arena};
	office->deployment = NULL;
	if (!deployment_open(data, false, &office->deployment, &office->error))
		return true;
	command_failed("plugin", &office->error);
	return false;
}

static void office_close(struct office *office)
{
	deployment_close(office->deployment);
	arena_destroy(office->arena);
}

/* ---- Verbs ---- */

static int list(struct office *office)
{
	json *plugins;

	if (catalogue_list(office->deployment->catalogue, office->arena, &plugins, &office->error))
		return command_failed("plugin list", &office->error);
	json_each(plugin, plugins)
	{
		const char *reason = json_get_text(plugin, "reason");

		(void)printf("%-28s %-10s %-12.12s %-12s %s\n", json_get_text(plugin, "id"),
			json_get_text(plugin, "version"), json_get_text(plugin, "sha256"),
			json_get_text(plugin, "state"), reason ? reason : "");
	}
	return 0;
}

static int install(struct office *office, const char *path)
{
	struct catalogue_entry entry;

	if (catalogue_install(
		    office->deployment->catalogue, office->arena, path, &entry, &office->error))
		return command_failed(path, &office->error);
	(void)printf("installed %s %s (%.12s, %s)\n", entry.id, entry.version, entry.sha256,
		entry.state);
	return 0;
}

/* A verb on one installed plugin, named by its SHA-256. */
static int change(int count, char **words, const char *verb,
	enum result (*act)(struct catalogue *catalogue, const char *sha256, struct error *error))
{
	static const char *const options[] = {"--data=", NULL};
	struct office office;
	int status = 1;

	if (subjects_count(count, words) != 1 ||
		!options_known(verb, count - 1, words + 1, options))
		return USED_WRONGLY;
	if (!data_there(option_data(count, words)))
		return 1;
	if (office_open(&office, option_data(count, words)))
		status = act(office.deployment->catalogue, words[0], &office.error)
				 ? command_failed(words[0], &office.error)
				 : 0;
	office_close(&office);
	return status;
}

int plugin_readmit_command(int count, char **words)
{
	return change(count, words, "plugin readmit", catalogue_readmit);
}

int plugin_disable_command(int count, char **words)
{
	return change(count, words, "plugin disable", catalogue_disable);
}

int plugin_list_command(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct office office;

	if (!options_known("plugin list", count, words, options))
		return USED_WRONGLY;
	if (!data_there(option_data(count, words)))
		return 1;
	int status = office_open(&office, option_data(count, words)) ? list(&office) : 1;
	office_close(&office);
	return status;
}

int plugin_install_command(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct office office;

	if (subjects_count(count, words) != 1 ||
		!options_known("plugin install", count - 1, words + 1, options))
		return USED_WRONGLY;
	int status =
		office_open(&office, option_data(count, words)) ? install(&office, words[0]) : 1;
	office_close(&office);
	return status;
}
