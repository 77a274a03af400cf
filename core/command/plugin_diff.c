/*
 * `kaowu plugin diff`: what a new version changes for candidates; with --replay, for whom of those who have applied.
 */
#include "plugin_command.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/replay.h"
#include "exam/transaction.h"
#include "plugin/catalogue.h"
#include "plugin/manifest_diff.h"
#include "plugin/plugin_check.h"

struct comparison {
	struct arena *arena;
	const char *data;
	json *before, *after;
	struct error changes;
	int64_t judged;
	json *differing; /* NULL: nothing was replayed */
};

/* ---- Where the two come from ---- */

static enum result file_load(
	struct arena *arena, const char *path, json **manifest, struct error *error)
{
	struct plugin_process_settings settings = plugin_process_here();
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	enum result rc = plugin_source_open(arena, path, &source, error);

	return rc ? rc : plugin_describe(&settings, arena, source.path, manifest, error);
}

/* "welder.3@1.0.0", as it is installed. */
static enum result installed_load(struct arena *arena, const char *data, const char *name,
	json **manifest, struct error *error)
{
	size_t length = strcspn(name, "@");
	const char *id = arena_text_part(arena, name, length);
	struct deployment *deployment;
	struct catalogue_entry entry;
	enum result rc = deployment_open(data, false, &deployment, error);

	if (rc)
		return rc;
	rc = catalogue_load(deployment->catalogue, arena, id,
		name[length] ? name + length + 1 : NULL, NULL, &entry, error);
	deployment_close(deployment);
	if (rc)
		return rc;
	*manifest = entry.manifest;
	return OK;
}

static bool load(const struct comparison *comparison, const char *name, json **manifest)
{
	struct arena *arena = comparison->arena;
	struct error error = {.arena = arena};
	bool installed = access(name, F_OK) != 0 && strchr(name, '@');

	if (installed && !data_there(comparison->data))
		return false;
	enum result rc = installed ? installed_load(arena, comparison->data, name, manifest, &error)
				   : file_load(arena, name, manifest, &error);
	return rc ? !plugin_failed(name, &error) : true;
}

/* ---- The past ---- */

static bool replay_tenant(struct comparison *comparison, const char *slug)
{
	struct error error = {.arena = comparison->arena};
	struct transaction tx = {.arena = comparison->arena, .error = &error};

	if (!data_there(comparison->data))
		return false;
	enum result rc = tenant_attach(comparison->data, slug, &tx.tenant, &tx.db, &error);
	if (!rc) {
		tx.keys = tenant_keys(tx.tenant);
		rc = replay(&tx, comparison->before, comparison->after, &comparison->judged,
			&comparison->differing);
		tenant_detach(tx.tenant);
	}
	return rc ? !command_failed(slug, &error) : true;
}

/* ---- What is told ---- */

static void print_json(struct comparison *comparison)
{
	struct arena *arena = comparison->arena;
	json *told = json_new_object(arena);

	json_set_text(arena, told, "before", json_get_text(comparison->before, "version"));
	json_set_text(arena, told, "after", json_get_text(comparison->after, "version"));
	json_set(arena, told, "changes",
		faults_json(arena, command_language(), &comparison->changes));
	if (comparison->differing) {
		json_set_integer(arena, told, "judged", comparison->judged);
		json_set(arena, told, "differing", comparison->differing);
	}
	(void)printf("%s\n", json_print_pretty(arena, told));
}

static const char *outcome(struct arena *arena, const json *row, const char *member)
{
	const char *name = json_get_text(row, member);

	return message_text(arena, command_language(),
		name ? arena_printf(arena, "kit.outcome_%s", name) : "kit.outcome_none", NULL);
}

static void print_past(struct comparison *comparison)
{
	struct arena *arena = comparison->arena;

	command_say(stdout, "kit.replayed", "judged",
		arena_printf(arena, "%" PRId64, comparison->judged), "differing",
		arena_printf(arena, "%zu", json_count(comparison->differing)), NULL);
	json_each(row, comparison->differing) command_say(stdout, "kit.differs", "number",
		json_get_text(row, "number"), "plan", json_get_text(row, "plan"), "condition",
		json_get_text(row, "condition"), "on", json_get_text(row, "on"), "before",
		outcome(arena, row, "before"), "after", outcome(arena, row, "after"), NULL);
}

static void print(struct comparison *comparison)
{
	struct arena *arena = comparison->arena;
	int count = 0;

	(void)printf("%s -> %s\n", plugin_title(arena, comparison->before),
		plugin_title(arena, comparison->after));
	for (const struct fault *change = comparison->changes.faults; change;
		change = change->next, count++)
		(void)printf("  %s: %s\n", change->pointer,
			message_text(arena, command_language(), change->code, change->params));
	if (count == 0)
		command_say(stdout, "kit.diff_none", NULL);
	if (count == LIMIT_FAULTS)
		command_say(stdout, "kit.diff_more", NULL);
	if (comparison->differing)
		print_past(comparison);
}

int plugin_diff_command(int count, char **words)
{
	static const char *const options[] = {"--replay=", "--data=", "--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	const char *slug = option(count, words, "--replay");

	if (subjects_count(count, words) != 2 ||
		!options_known("plugin diff", count - 2, words + 2, options))
		return USED_WRONGLY;
	struct comparison comparison = {
		.arena = arena, .data = option_data(count, words), .changes = {.arena = arena}};
	if (!load(&comparison, words[0], &comparison.before) ||
		!load(&comparison, words[1], &comparison.after))
		return 1;
	manifest_diff(comparison.before, comparison.after, command_language(), &comparison.changes);
	if (slug && !replay_tenant(&comparison, slug))
		return 1;
	if (option_given(count, words, "--json"))
		print_json(&comparison);
	else
		print(&comparison);
	return 0;
}
