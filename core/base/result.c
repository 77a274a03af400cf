/*
 * Filling and reading struct error: what a function says when it did not do what it was asked.
 */
#include "result.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "limits.h"

/* Copies name and text pairs up to NULL; a NULL text becomes "". */
static const char *const *params_copy(struct arena *arena, va_list arguments)
{
	const char *found[64];
	size_t count = 0;

	for (const char *name = va_arg(arguments, const char *); name;
		name = va_arg(arguments, const char *)) {
		const char *text = va_arg(arguments, const char *);

		assert(count + 2 < COUNT(found));
		found[count++] = arena_text(arena, name);
		found[count++] = text ? arena_text(arena, text) : "";
	}

	const char **params = NEW_ARRAY(arena, const char *, count + 1);
	if (count > 0)
		memcpy(params, found, count * sizeof(*params));
	return params;
}

enum result fail(struct error *error, enum result result, const char *code, ...)
{
	va_list arguments;

	assert(result != OK);
	if (error->code)
		return result;

	error->result = result;
	error->code = arena_text(error->arena, code);
	va_start(arguments, code);
	error->params = params_copy(error->arena, arguments);
	va_end(arguments);
	return result;
}

enum result fail_too_soon(struct error *error, const char *code, int64_t wait_ms)
{
	return fail(error, TOO_MANY, code, "seconds",
		arena_printf(error->arena, "%" PRId64, (wait_ms + 999) / 1000), NULL);
}

enum result trouble(
	struct error *error, enum result result, const char *code, const char *format, ...)
{
	va_list arguments;

	if (error->code)
		return result;

	va_start(arguments, format);
	error->internal = arena_vprintf(error->arena, format, arguments);
	va_end(arguments);
	return fail(error, result, code, NULL);
}

static size_t fault_count(const struct error *error)
{
	size_t count = 0;

	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		count++;
	return count;
}

static void fault_append(struct error *error, const struct fault *fault)
{
	struct fault *added;

	if (fault_count(error) >= LIMIT_FAULTS)
		return;
	added = NEW(error->arena, struct fault);
	*added = *fault;
	added->next = NULL;
	if (error->last_fault)
		error->last_fault->next = added;
	else
		error->faults = added;
	error->last_fault = added;
}

void fault_add(struct error *error, const char *pointer, const char *code, ...)
{
	struct fault fault = {.pointer = arena_text(error->arena, pointer),
		.code = arena_text(error->arena, code)};
	va_list arguments;

	va_start(arguments, code);
	fault.params = params_copy(error->arena, arguments);
	va_end(arguments);
	fault_append(error, &fault);
}

void fault_join(struct error *error, const struct error *from)
{
	for (const struct fault *fault = from->faults; fault; fault = fault->next)
		fault_append(error, fault);
}

void fault_of_failure(struct error *error, const char *pointer, const struct error *failure)
{
	const struct fault fault = {.pointer = arena_text(error->arena, pointer),
		.code = failure->code,
		.params = failure->params};

	fault_append(error, &fault);
}

enum result refuse_faults(struct error *error)
{
	if (!error->faults)
		return OK;
	return fail(error, INVALID, "input.invalid", NULL);
}

void error_forget(struct error *error)
{
	*error = (struct error){.arena = error->arena};
}

const char *result_name(enum result result)
{
	static const char *const names[] = {"OK", "MALFORMED", "UNAUTHENTICATED", "FORBIDDEN",
		"NOT_FOUND", "CONFLICT", "STALE", "TOO_LARGE", "UNSUPPORTED", "INVALID",
		"PRECONDITION_REQUIRED", "TOO_MANY", "BUSY", "FULL", "BROKEN"};

	assert((size_t)result < COUNT(names));
	return names[result];
}
