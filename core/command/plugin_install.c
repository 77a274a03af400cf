/*
 * `kaowu plugin install, list, readmit, disable, rollback`: what an operator does with plugins.
 */
#include "plugin_command.h"

#include "base/text.h"
#include "plugin/catalogue.h"
#include "plugin/plugin_install.h"

/* ---- Installing ---- */

/* Beware of who takes over what was another's: any key that is trusted may sign any plugin. */
static void other_signers_tell(struct office *office, const struct catalogue_entry *entry)
{
	struct error error = {.arena = office->arena};
	json *plugins;

	if (!entry->signed_by ||
		catalogue_list(office->deployment->catalogue, office->arena, &plugins, &error))
		return;
	json_each(plugin, plugins)
	{
		const char *key = json_get_text(plugin, "signed_by");
		const char *name = json_get_text(plugin, "signer");

		if (!key || text_equal(key, entry->signed_by) ||
			!text_equal(json_get_text(plugin, "id"), entry->id))
			continue;
		command_say(stderr, "kit.other_signer", "id", entry->id, "version", entry->version,
			"before", json_get_text(plugin, "version"), "signer",
			name && *name ? name : key, NULL);
		return;
	}
}

static bool install(struct office *office, const char *path, bool unsigned_too)
{
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct catalogue_entry entry;

	error_forget(&office->error);
	enum result rc = plugin_source_open(office->arena, path, &source, &office->error);
	rc = rc ? rc
		: plugin_install(office->deployment->catalogue, office->arena, &source,
			  unsigned_too, &entry, &office->error);
	if (rc)
		return !plugin_failed(path, &office->error);
	if (!entry.signed_by)
		command_say(stderr, "kit.taken_unsigned", "id", entry.id, "version", entry.version,
			NULL);
	other_signers_tell(office, &entry);
	(void)printf("installed %s %s (%.12s, %s)\n", entry.id, entry.version, entry.sha256,
		entry.state);
	return true;
}

int plugin_install_command(int count, char **words)
{
	static const char *const options[] = {"--data=", "--trust-unsigned", NULL};
	int subjects = subjects_count(count, words);
	bool unsigned_too = option_given(count, words, "--trust-unsigned"), good = true;

	if (subjects < 1 ||
		!options_known("plugin install", count - subjects, words + subjects, options))
		return USED_WRONGLY;
	for (int i = 0; i < subjects; i++) {
		struct office office;

		good = office_open(&office, option_data(count, words)) &&
		       install(&office, words[i], unsigned_too) && good;
		office_close(&office);
	}
	return good ? 0 : 1;
}

/* ---- Listing ---- */

/* Why it is in quarantine, as every refusal is told: a sentence, and the code to look it up by. */
static const char *reason_text(struct arena *arena, const json *plugin)
{
	const char *reason = json_get_text(plugin, "reason");

	if (!reason)
		return "";
	return arena_printf(
		arena, "%s [%s]", message_text(arena, command_language(), reason, NULL), reason);
}

static void list_print(struct arena *arena, const json *plugins)
{
	json_each(plugin, plugins)
	{
		const char *signer = json_get_text(plugin, "signer");

		(void)printf("%-28s %-10s %-12.12s %-10s %-12s %s  %s\n",
			json_get_text(plugin, "id"), json_get_text(plugin, "version"),
			json_get_text(plugin, "sha256"), json_get_text(plugin, "trust"),
			json_get_text(plugin, "state"), signer ? signer : "",
			reason_text(arena, plugin));
	}
}

static int list(struct office *office, bool as_json)
{
	json *plugins;

	if (catalogue_list(office->deployment->catalogue, office->arena, &plugins, &office->error))
		return command_failed("plugin list", &office->error);
	if (as_json)
		(void)printf("%s\n", json_print_pretty(office->arena, plugins));
	else
		list_print(office->arena, plugins);
	return 0;
}

int plugin_list_command(int count, char **words)
{
	static const char *const options[] = {"--data=", "--json", NULL};
	struct office office;

	if (!options_known("plugin list", count, words, options))
		return USED_WRONGLY;
	if (!data_there(option_data(count, words)))
		return 1;
	int status = office_open(&office, option_data(count, words))
			     ? list(&office, option_given(count, words, "--json"))
			     : 1;
	office_close(&office);
	return status;
}

/* ---- States ---- */

int plugin_readmit_command(int count, char **words)
{
	return office_act(count, words, "plugin readmit", catalogue_readmit);
}

int plugin_disable_command(int count, char **words)
{
	return office_act(count, words, "plugin disable", catalogue_disable);
}

static int rollback(struct office *office, const char *id, const char *version)
{
	struct catalogue_entry entry;

	if (catalogue_rollback(office->deployment->catalogue, office->arena, id, version, &entry,
		    &office->error))
		return command_failed(id, &office->error);
	command_say(stdout, "kit.rolled_back", "id", entry.id, "version", entry.version, NULL);
	return 0;
}

int plugin_rollback_command(int count, char **words)
{
	static const char *const options[] = {"--data=", "--to=", NULL};
	struct office office;

	if (subjects_count(count, words) != 1 ||
		!options_known("plugin rollback", count - 1, words + 1, options))
		return USED_WRONGLY;
	if (!data_there(option_data(count, words)))
		return 1;
	int status = office_open(&office, option_data(count, words))
			     ? rollback(&office, words[0], option(count, words, "--to"))
			     : 1;
	office_close(&office);
	return status;
}
