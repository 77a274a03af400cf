/*
 * `kaowu plugin describe`: what the host understood, for a person or as the manifest.
 */
#include "plugin_command.h"

#include "base/limits.h"
#include "plugin/manifest_words.h"
#include "plugin/plugin_check.h"

static const char *joined(struct arena *arena, const json *names)
{
	return names_joined(arena, command_language(), names);
}

static void say_names(const char *code, struct arena *arena, const json *names)
{
	if (json_count(names) > 0)
		command_say(stdout, code, "names", joined(arena, names), NULL);
}

static void identity_print(struct arena *arena, const json *manifest)
{
	const json *related = json_get(manifest, "related");

	command_say(stdout, "kit.identity", "plugin", plugin_title(arena, manifest), "id",
		json_get_text(manifest, "id"), "code",
		json_text(json_at_pointer(manifest, "/occupation/code")), "set",
		json_get_text(manifest, "condition_set"), NULL);
	say_names(json_get_true(related, "open") ? "kit.related_open" : "kit.related", arena,
		json_get(related, "names"));
	say_names("kit.work_types", arena, json_get(manifest, "work_types"));
	say_names("kit.majors", arena, json_get(manifest, "majors"));
}

/* ---- Conditions ---- */

/* The tree, a line for each part, those of a list further in. */
static const json *requirement_print(const json *part, const json *told, int depth)
{
	const json *all = json_get(part, "all"), *parts = all ? all : json_get(part, "any");

	if (!parts) {
		(void)printf("%*s- %s\n", 4 + 2 * depth, "", text_of(told));
		return json_next(told);
	}
	if (depth > 0 || !all) {
		(void)printf("%*s", 4 + 2 * depth, "");
		command_say(stdout, all ? "kit.all_of" : "kit.any_of", NULL);
	}
	json_each(child, parts) told = requirement_print(child, told, depth + 1);
	return told;
}

static void condition_print(struct arena *arena, const json *manifest, const json *condition)
{
	const char *id = json_get_text(condition, "id");
	json *names = json_new_array(arena);

	(void)printf("\n  %s  %s\n", id, json_get_text(condition, "text"));
	(void)requirement_print(json_get(condition, "requirement"),
		json_first(manifest_requirements(arena, manifest, id)), 0);
	json_each(material, json_get(condition, "materials")) json_append(names,
		json_new_text(arena,
			json_get_text(
				manifest_row(manifest, "materials", json_text(material)), "name")));
	command_say(stdout, "kit.condition_materials", "names", joined(arena, names), "source",
		json_get_text(condition, "source"), "set", json_get_text(condition, "set"), NULL);
}

/* ---- Materials, fields, subjects ---- */

static const char *word(struct arena *arena, const char *kind, const char *value)
{
	return message_text(
		arena, command_language(), arena_printf(arena, "kit.%s_%s", kind, value), NULL);
}

static void materials_print(struct arena *arena, const json *manifest)
{
	command_say(stdout, "kit.materials", NULL);
	json_each(material, json_get(manifest, "materials"))
	{
		bool required = json_get_true(material, "required");
		const char *note = json_get_text(material, "note");
		int copies = (int)json_get_integer(material, "paper_copies");

		command_say(stdout, copies ? "kit.material_posted" : "kit.material", "name",
			json_get_text(material, "name"), "id", json_get_text(material, "id"),
			"kind", word(arena, "kind", json_get_text(material, "kind")), "required",
			word(arena, "needed", required ? "yes" : "no"), "copies",
			arena_printf(arena, "%d", copies), "note", note ? note : "", NULL);
	}
}

static void fields_print(struct arena *arena, const json *manifest)
{
	if (json_count(json_get(manifest, "fields")) > 0)
		command_say(stdout, "kit.fields", NULL);
	json_each(field, json_get(manifest, "fields")) command_say(stdout, "kit.field", "name",
		json_get_text(field, "name"), "id", json_get_text(field, "id"), "kind",
		word(arena, "kind", json_get_text(field, "kind")), "required",
		word(arena, "needed", json_get_true(field, "required") ? "yes" : "no"), "choices",
		joined(arena, json_get(field, "choices")), NULL);
}

static const char *number(struct arena *arena, const json *row, const char *name)
{
	return arena_printf(arena, "%d", (int)json_get_integer(row, name));
}

static void subjects_print(struct arena *arena, const json *manifest)
{
	command_say(stdout, "kit.subjects", NULL);
	json_each(subject, json_get(manifest, "subjects")) command_say(stdout, "kit.subject",
		"name", json_get_text(subject, "name"), "id", json_get_text(subject, "id"),
		"minutes", number(arena, subject, "minutes"), "full",
		number(arena, subject, "full"), "pass", number(arena, subject, "pass"), NULL);
}

static void rest_print(struct arena *arena, const json *manifest)
{
	size_t examples = json_count(json_get(manifest, "examples"));

	command_say(stdout, "kit.examples", "count", arena_printf(arena, "%zu", examples), NULL);
	say_names("kit.functions", arena, json_get(manifest, "functions"));
}

static void print(struct arena *arena, const json *manifest)
{
	identity_print(arena, manifest);
	command_say(stdout, "kit.conditions", NULL);
	json_each(condition, json_get(manifest, "conditions"))
		condition_print(arena, manifest, condition);
	materials_print(arena, manifest);
	fields_print(arena, manifest);
	subjects_print(arena, manifest);
	rest_print(arena, manifest);
}

int plugin_describe_command(int count, char **words)
{
	static const char *const options[] = {"--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	struct plugin_process_settings settings = plugin_process_here();
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct error error = {.arena = arena};
	json *manifest;

	if (subjects_count(count, words) != 1 ||
		!options_known("plugin describe", count - 1, words + 1, options))
		return USED_WRONGLY;
	enum result rc = plugin_source_open(arena, words[0], &source, &error);
	rc = rc ? rc : plugin_describe(&settings, arena, source.path, &manifest, &error);
	if (rc)
		return plugin_failed(words[0], &error);
	if (option_given(count, words, "--json"))
		(void)printf("%s\n", json_print_pretty(arena, manifest));
	else
		print(arena, manifest);
	return 0;
}
