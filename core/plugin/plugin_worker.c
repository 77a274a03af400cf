/*
 * The child's side of a plugin's process (plugin_worker.h). Everything here runs beside the plugin's own code,
 * which may have overwritten any of it: the server believes nothing that comes out.
 */
#include "plugin_worker.h"

#include <dlfcn.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/text.h"
#include "kaowu_plugin.h"
#include "manifest.h"
#include "worker/worker.h"

#define FINDINGS      100
#define FINDING_BYTES 4096

struct plugin_worker {
	const char *name; /* what to load */
	const struct kaowu_plugin *tables;
	bool sealed;
};

static void answer_json(struct arena *arena, const json *value, struct bytes *out)
{
	const char *text = json_print(arena, value);
	*out = bytes_of(text, strlen(text));
}

static void append_mistake(
	struct arena *arena, json *refused, const char *code, const char *const *params)
{
	json *mistake = json_append(refused, json_new_object(arena));
	json_set_text(arena, mistake, "code", code);
	json *named = json_set(arena, mistake, "params", json_new_object(arena));
	for (size_t i = 0; params && params[i]; i += 2)
		json_set_text(arena, named, params[i], params[i + 1]);
}

/* {"refused": [{"code", "params"}]}: every fault, or the failure that has none. */
static void answer_refused(const struct error *error, struct bytes *out)
{
	struct arena *arena = error->arena;
	json *object = json_new_object(arena);
	json *refused = json_set(arena, object, "refused", json_new_array(arena));
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		append_mistake(arena, refused, fault->code, fault->params);
	if (!error->faults)
		append_mistake(arena, refused, error->code, error->params);
	answer_json(arena, object, out);
}

/* What the loader says, without the name of our own copy of the file. */
static const char *loader_reason(const struct plugin_worker *worker, struct arena *arena)
{
	const char *reason = dlerror();
	if (!reason || !text_is_utf8(reason, strlen(reason)))
		return "";
	if (text_starts(reason, worker->name))
		reason += strlen(worker->name);
	return arena_text_part(arena, reason, strnlen(reason, 300));
}

static enum result load(struct plugin_worker *worker, struct error *error)
{
	void *library = dlopen(worker->name, RTLD_NOW | RTLD_LOCAL);
	const char *reason = library ? "" : loader_reason(worker, error->arena);
	worker_child_seal();
	worker->sealed = true;
	if (!library)
		return fail(error, INVALID, "plugin.not_loadable", "reason", reason, NULL);

	worker->tables = dlsym(library, "kaowu_plugin");
	return OK;
}

static enum result describe(struct plugin_worker *worker, struct bytes *out, struct error *error)
{
	json *manifest, *object = json_new_object(error->arena);
	enum result rc = worker->sealed ? OK : load(worker, error);
	if (rc)
		return rc;
	if (!worker->tables)
		return fail(error, INVALID, "plugin.no_symbol", NULL);
	rc = manifest_build(error->arena, worker->tables, &manifest, error);
	if (rc)
		return rc;

	json_set(error->arena, object, "manifest", manifest);
	answer_json(error->arena, object, out);
	if (out->size > LIMIT_MANIFEST)
		return fail(error, INVALID, "plugin.too_large", NULL);
	return OK;
}

/* ---- check_form ---- */

struct collected {
	struct arena *arena;
	json *findings;
	const char *garbage; /* the first thing that cannot be a finding */
};

struct collector {
	struct kaowu_findings findings; /* first: what the plugin is given */
	struct collected *collected;
};

static bool fit(const char *text)
{
	size_t size = text ? strnlen(text, FINDING_BYTES) : FINDING_BYTES;
	return size < FINDING_BYTES && text_is_utf8(text, size);
}

static void collect(const struct kaowu_findings *findings, uint32_t finding, const char *field,
	const char *text)
{
	struct collected *collected = ((const struct collector *)findings)->collected;
	struct arena *arena = collected->arena;
	bool known = finding == KAOWU_REFUSE || finding == KAOWU_ASK_REVIEWER;
	if (!known || !fit(field) || !fit(text) || json_count(collected->findings) == FINDINGS) {
		collected->garbage = "plugin.garbage";
		return;
	}

	json *row = json_append(collected->findings, json_new_object(arena));
	json_set_text(arena, row, "finding", finding == KAOWU_REFUSE ? "refuse" : "ask_reviewer");
	json_set_text(arena, row, "field", field);
	json_set_text(arena, row, "text", text);
}

/* The member may lie beyond the end of an older plugin's tables. */
static bool has_check_form(const struct kaowu_plugin *tables)
{
	size_t end = offsetof(struct kaowu_plugin, check_form) + sizeof(tables->check_form);
	return tables && tables->size >= end && tables->check_form;
}

static enum result check_form(
	struct plugin_worker *worker, const json *form, struct bytes *out, struct error *error)
{
	struct arena *arena = error->arena;
	if (!has_check_form(worker->tables))
		return fail(error, INVALID, "plugin.no_function", "function", "check_form", NULL);

	struct kaowu_form_value *values =
		NEW_ARRAY(arena, struct kaowu_form_value, json_count(form) + 1);
	size_t count = 0;
	json_each(value, form) values[count++] =
		(struct kaowu_form_value){json_name(value), json_text(value)};

	struct collected collected = {.arena = arena, .findings = json_new_array(arena)};
	struct collector collector = {.findings = {collect}, .collected = &collected};
	const struct kaowu_form given = {.values = {values, count, sizeof(*values)}};
	worker->tables->check_form(&given, &collector.findings);
	if (collected.garbage)
		return fail(error, INVALID, collected.garbage, NULL);

	json *object = json_new_object(arena);
	json_set(arena, object, "findings", collected.findings);
	answer_json(arena, object, out);
	return OK;
}

/* The server is believed, but not to the point of a crash. */
static void answer(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	struct plugin_worker *worker = context;
	struct error error = {.arena = arena};
	json *asked;
	enum result rc =
		json_parse(arena, (const char *)request.data, request.size, &asked, &error);
	if (!rc && text_equal(json_get_text(asked, "call"), "load"))
		rc = describe(worker, out, &error);
	else if (!rc)
		rc = check_form(worker, json_get(asked, "form"), out, &error);
	if (rc)
		answer_refused(&error, out);
}

int plugin_worker_main(const char *path)
{
	struct plugin_worker worker = {.name = worker_child_enter(LIMIT_WORKER_MEMORY, path)};
	worker_child_send(bytes_of("ready", 5));
	worker_child_serve(answer, &worker);
	return 0;
}
