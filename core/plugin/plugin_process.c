/*
 * The hard thing is whose fault it is: the worker's floor tells how a process failed, and only here is it known
 * that the plugin's code was what ran then (plugin_process.h).
 */
#include "plugin_process.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "finding.h"

#define REFUSAL_BYTES 400 /* of each text in it */

static enum result blame(const struct error *failure, struct error *error)
{
	static const char *const codes[][2] = {
		{"worker.crashed", "plugin.crashed"},
		{"worker.deadline", "plugin.hung"},
		{"worker.frame", "plugin.garbage"},
	};
	for (size_t i = 0; i < COUNT(codes); i++)
		if (text_equal(failure->code, codes[i][0]))
			return trouble(error, INVALID, codes[i][1], "%s", failure->internal);
	return trouble(error, failure->result, failure->code, "%s",
		failure->internal ? failure->internal : "");
}

/* Short enough, and nothing in it that would act on a terminal. */
static bool fit_to_show(const char *text)
{
	return text && strnlen(text, REFUSAL_BYTES + 1) <= REFUSAL_BYTES && !text_has_control(text);
}

/* A mistake that the child worded, with at most two parameters. */
static enum result pass_on(const json *mistake, struct error *error)
{
	const char *code = json_get_text(mistake, "code");
	const json *params = json_get(mistake, "params");
	const json *first = json_first(params), *second = json_next(first);
	if (!fit_to_show(code) || !text_starts(code, "plugin."))
		return fail(error, INVALID, "plugin.garbage", NULL);

	json_each(param, params)
	{
		if (!fit_to_show(json_name(param)) || !fit_to_show(json_text(param)))
			return fail(error, INVALID, "plugin.garbage", NULL);
	}
	return fail(error, INVALID, code, json_name(first), json_text(first), json_name(second),
		json_text(second), NULL);
}

/* One mistake is the failure itself; several are its faults. */
static enum result refuse(struct arena *arena, const json *refused, struct error *error)
{
	size_t count = json_count(refused);
	if (count <= 1)
		return pass_on(json_first(refused), error);

	json_each(mistake, refused)
	{
		struct error failure = {.arena = arena};
		(void)pass_on(mistake, &failure);
		fault_of_failure(error, "", &failure);
	}
	return fail(error, INVALID, "plugin.mistakes", "count", arena_printf(arena, "%zu", count),
		NULL);
}

/* Sends one request and parses the answer, an object. */
static enum result ask(struct worker *worker, struct arena *arena, const json *request,
	uint32_t time_ms, json **answer, struct error *error)
{
	struct error failure = {.arena = arena};
	const char *text = json_print(arena, request);
	struct bytes said;
	json *value;
	enum result rc =
		worker_call(worker, arena, bytes_of(text, strlen(text)), time_ms, &said, &failure);
	if (rc)
		return blame(&failure, error);
	rc = json_parse(arena, (const char *)said.data, said.size, &value, &failure);
	if (rc || !json_is_object(value))
		return fail(error, INVALID, "plugin.garbage", NULL);
	if (json_get(value, "refused"))
		return refuse(arena, json_get(value, "refused"), error);

	*answer = value;
	return OK;
}

enum result plugin_process_start(const struct plugin_process_settings *settings,
	struct arena *arena, const char *file, struct worker **out, json **description,
	struct error *error)
{
	struct worker_settings wanted = {.executable = settings->executable,
		.kind = "plugin",
		.file = file,
		.start_time_ms = settings->start_time_ms,
		.answer_bytes = LIMIT_MANIFEST + 64}; /* with what stands around it */
	struct worker *worker;
	enum result rc = worker_start(&wanted, &worker, error);
	if (rc)
		return rc;

	json *request = json_new_object(arena), *answer;
	json_set_text(arena, request, "call", "load");
	rc = ask(worker, arena, request, settings->call_time_ms, &answer, error);
	if (!rc && !json_is_object(json_get(answer, "manifest")))
		rc = fail(error, INVALID, "plugin.garbage", NULL);
	if (rc) {
		worker_stop(worker);
		return rc;
	}

	*out = worker;
	*description = json_get(answer, "manifest");
	return OK;
}

enum result plugin_process_check_form(struct worker *worker, struct arena *arena, const json *form,
	uint32_t time_ms, json **answer, struct error *error)
{
	json *request = json_new_object(arena), *said;
	json_set_text(arena, request, "call", "check_form");
	json_set(arena, request, "form", json_share(arena, form));
	enum result rc = ask(worker, arena, request, time_ms, &said, error);
	rc = rc ? rc : finding_check(said, form, error);
	if (rc)
		return rc;

	*answer = said;
	return OK;
}
