/*
 * `kaowu plugin try`: judges cases as the server would, and shows verdict and trace. A case that says what must come
 * out is held to it, so that a file of cases is a test.
 */
#include "plugin_command.h"

#include <string.h>

#include "base/limits.h"
#include "base/schema.h"
#include "base/text.h"
#include "plugin/eligibility.h"
#include "plugin/plugin_check.h"

struct trial {
	struct arena *arena;
	const json *manifest;
	const char *path; /* of the plugin */
	bool as_json;
};

/* ---- Cases ---- */

/* One case or an array of them; each against its schema. */
bool plugin_cases_load(struct arena *arena, const char *path, json **cases)
{
	struct error error = {.arena = arena};
	json *document;

	if (!document_load(arena, path, "kaowu:plugin-cases", &document))
		return false;
	if (!json_is_array(document)) {
		json *only = json_new_array(arena);

		json_append(only, document);
		document = only;
	}
	int index = 0;
	json_each(each, document)
	{
		const json *facts = json_get(each, "facts");

		if (facts)
			eligibility_check_facts(
				&error, arena_printf(arena, "/%d/facts", index), facts);
		index++;
	}
	*cases = document;
	return refuse_faults(&error) ? !command_failed(path, &error) : true;
}

/* ---- Facts ---- */

static const char *outcome_words(struct arena *arena, const json *told)
{
	return message_text(arena, command_language(),
		arena_printf(arena, "kit.outcome_%s", json_get_text(told, "outcome")), NULL);
}

static void entry_print(struct arena *arena, const json *entry)
{
	(void)printf("  [%s] %s\n        %s\n", outcome_words(arena, entry),
		text_of(json_get(entry, "required")), text_of(entry));
	json_each(note, json_get(entry, "considered"))
	{
		const char *from = json_get_text(note, "from");
		const char *pointer = json_get_text(note, "pointer");

		if (from)
			(void)printf("        %s %s (%s – %s, %d)\n", pointer, text_of(note), from,
				json_get_text(note, "to"), (int)json_get_integer(note, "days"));
		else
			(void)printf("        %s %s\n", pointer, text_of(note));
	}
}

static void verdict_print(struct arena *arena, const json *verdict)
{
	const char *from = json_get_text(verdict, "eligible_from");

	command_say(stdout, from ? "kit.verdict_from" : "kit.verdict", "condition",
		json_get_text(verdict, "condition"), "on", json_get_text(verdict, "on"), "outcome",
		outcome_words(arena, verdict), "from", from ? from : "", NULL);
	json_each(entry, json_get(verdict, "trace")) entry_print(arena, entry);
}

/* Does a member come out as the case says, where it says anything? */
static bool as_expected(const json *each, const char *member, const json *told)
{
	const json *wanted = json_get(each, member);

	if (!wanted || text_equal(json_text(wanted), json_get_text(told, member)))
		return true;
	command_say(stderr, "kit.unexpected", "name",
		json_get_text(each, "name") ? json_get_text(each, "name") : "", "member", member,
		"wanted", json_text(wanted) ? json_text(wanted) : "null", "found",
		json_get_text(told, member) ? json_get_text(told, member) : "null", NULL);
	return false;
}

static bool try_facts(const struct trial *trial, const json *each, json *told)
{
	struct arena *arena = trial->arena;
	const char *condition = json_get_text(each, "condition");
	json *verdict;

	if (!eligibility_condition(trial->manifest, condition)) {
		command_say(stderr, "kit.no_condition", "condition", condition, NULL);
		return false;
	}
	eligibility_evaluate(arena, trial->manifest, condition, json_get(each, "overlays"),
		json_get(each, "facts"), &verdict);
	if (!trial->as_json)
		verdict_print(arena, verdict);
	json_set(arena, told, "verdict", verdict);
	bool outcome = as_expected(each, "outcome", verdict);
	return as_expected(each, "eligible_from", verdict) && outcome;
}

/* ---- Form ---- */

static enum result ask(
	const struct trial *trial, const json *form, json **answer, struct error *error)
{
	struct plugin_process_settings settings = plugin_process_here();
	json *description;
	struct worker *worker;
	enum result rc = plugin_process_start(
		&settings, trial->arena, trial->path, &worker, &description, error);

	if (rc)
		return rc;
	rc = plugin_process_check_form(
		worker, trial->arena, form, settings.call_time_ms, answer, error);
	worker_stop(worker);
	return rc;
}

static bool try_form(const struct trial *trial, const json *each, json *told)
{
	struct error error = {.arena = trial->arena};
	const json *wanted = json_get(each, "findings");
	json *answer;

	if (ask(trial, json_get(each, "form"), &answer, &error))
		return !command_failed("check_form", &error);
	const json *findings = json_get(answer, "findings");
	const char *count = arena_printf(trial->arena, "%zu", json_count(findings));
	if (!trial->as_json)
		command_say(stdout, "kit.findings", "count", count, NULL);
	json_each(finding, findings)
	{
		if (!trial->as_json)
			(void)printf("  [%s] %s %s\n", json_get_text(finding, "finding"),
				json_get_text(finding, "field"), json_get_text(finding, "text"));
	}
	json_set(trial->arena, told, "findings", json_copy(trial->arena, findings));
	if (!wanted || json_integer(wanted) == (int64_t)json_count(findings))
		return true;
	command_say(stderr, "kit.unexpected", "name", "", "member", "findings", "wanted",
		arena_printf(trial->arena, "%d", (int)json_integer(wanted)), "found", count, NULL);
	return false;
}

/* ---- The command ---- */

/* In memory of its own: there may be a thousand of them. */
static bool try_case(const struct trial *trials, const json *each)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct trial trial = *trials;
	const char *name = json_get_text(each, "name");
	json *told = json_new_object(arena);
	bool good = true;

	trial.arena = arena;
	json_set_text(arena, told, "name", name);
	if (name && !trial.as_json)
		(void)printf("%s\n", name);
	if (json_get(each, "facts"))
		good = try_facts(&trial, each, told);
	if (json_get(each, "form"))
		good = try_form(&trial, each, told) && good;
	if (trial.as_json)
		(void)printf("%s\n", json_print(arena, told));
	return good;
}

int plugin_try_command(int count, char **words)
{
	static const char *const options[] = {"--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	struct plugin_process_settings settings = plugin_process_here();
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct error error = {.arena = arena};
	json *cases, *manifest;
	bool good = true;

	if (subjects_count(count, words) != 2 ||
		!options_known("plugin try", count - 2, words + 2, options))
		return USED_WRONGLY;
	if (!plugin_cases_load(arena, words[1], &cases))
		return 1;
	enum result rc = plugin_source_open(arena, words[0], &source, &error);
	rc = rc ? rc : plugin_describe(&settings, arena, source.path, &manifest, &error);
	if (rc)
		return command_failed(words[0], &error);

	struct trial trial = {arena, manifest, source.path, option_given(count, words, "--json")};
	json_each(each, cases) good = try_case(&trial, each) && good;
	return good ? 0 : 1;
}
