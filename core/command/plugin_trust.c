/*
 * `kaowu plugin trust, distrust`: whose signatures an operator takes.
 */
#include "plugin_command.h"

#include "base/limits.h"
#include "plugin/trust.h"

static int keys_print(struct office *office)
{
	json *keys;

	if (trust_list(office->deployment->catalogue, office->arena, &keys, &office->error))
		return command_failed("plugin trust", &office->error);
	json_each(key, keys)(void) printf("%s  %s  %s\n", json_get_text(key, "key"),
		json_get_text(key, "trusted_at"), json_get_text(key, "name"));
	return 0;
}

static int trust(struct office *office, const char *key, const char *name)
{
	if (!key)
		return keys_print(office);
	if (trust_add(office->deployment->catalogue, key, name ? name : "", &office->error))
		return command_failed("plugin trust", &office->error);
	command_say(stdout, "kit.trusted", "key", key, NULL);
	return 0;
}

int plugin_trust_command(int count, char **words)
{
	static const char *const options[] = {"--data=", "--name=", NULL};
	int subjects = subjects_count(count, words);
	struct office office;

	if (subjects > 1 ||
		!options_known("plugin trust", count - subjects, words + subjects, options))
		return USED_WRONGLY;
	/* The first key may come before anything else of a deployment. */
	if (!subjects && !data_there(option_data(count, words)))
		return 1;
	int status =
		office_open(&office, option_data(count, words))
			? trust(&office, subjects ? words[0] : NULL, option(count, words, "--name"))
			: 1;
	office_close(&office);
	return status;
}

int plugin_distrust_command(int count, char **words)
{
	return office_act(count, words, "plugin distrust", trust_remove);
}
