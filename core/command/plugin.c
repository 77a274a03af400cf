/*
 * `kaowu plugin`: its verbs as one table; what each takes stands in usage.c.
 */
#include "plugin_command.h"

#include "base/limits.h"
#include "base/text.h"
#include "plugin/manifest_words.h"

static const struct {
	const char *name;
	int (*run)(int count, char **words);
} verbs[] = {
	{"new", plugin_new_command},
	{"check", plugin_check_command},
	{"describe", plugin_describe_command},
	{"try", plugin_try_command},
	{"key", plugin_key_command},
	{"pack", plugin_pack_command},
	{"trust", plugin_trust_command},
	{"distrust", plugin_distrust_command},
	{"install", plugin_install_command},
	{"list", plugin_list_command},
	{"disable", plugin_disable_command},
	{"readmit", plugin_readmit_command},
	{"rollback", plugin_rollback_command},
	{"diff", plugin_diff_command},
};

struct plugin_process_settings plugin_process_here(void)
{
	return (struct plugin_process_settings){.executable = worker_program(),
		.start_time_ms = LIMIT_WORKER_START_TIME,
		.call_time_ms = LIMIT_WORKER_CALL_TIME};
}

const char *plugin_title(struct arena *arena, const json *manifest)
{
	return arena_printf(arena, "%s %s %s",
		json_text(json_at_pointer(manifest, "/occupation/name")),
		json_get_text(manifest, "level_name"), json_get_text(manifest, "version"));
}

int plugin_failed(const char *path, struct error *error)
{
	for (struct fault *fault = error->faults; fault; fault = fault->next)
		fault->pointer = manifest_place(error->arena, fault->pointer);
	return command_failed(path, error);
}

const char *text_of(const json *told)
{
	return json_get_text(told, command_language() == LANGUAGE_EN ? "text_en" : "text");
}

bool office_open(struct office *office, const char *data)
{
	office->arena = arena_create(LIMIT_PLUGIN_ARENA);
	office->error = (struct error){.arena = office->arena};
	office->deployment = NULL;
	if (!deployment_open(data, false, &office->deployment, &office->error))
		return true;
	command_failed("plugin", &office->error);
	return false;
}

void office_close(struct office *office)
{
	deployment_close(office->deployment);
	arena_destroy(office->arena);
}

int office_act(int count, char **words, const char *verb,
	enum result (*act)(struct catalogue *catalogue, const char *name, struct error *error))
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

int command_plugin(int count, char **words)
{
	command_begin();
	for (size_t i = 0; count > 0 && i < COUNT(verbs); i++) {
		if (!text_equal(words[0], verbs[i].name))
			continue;
		int status = verbs[i].run(count - 1, words + 1);
		return status == USED_WRONGLY ? used_wrongly("plugin", count, words) : status;
	}
	return used_wrongly("plugin", count, words);
}
