/*
 * Where in the value something is wrong, and the telling of it.
 */
#include <stdarg.h>

#include "arena.h"
#include "bytes.h"
#include "limits.h"
#include "schema_parts.h"
#include "text.h"

#define PAIRS_MAX 3

char *pointer_token(struct arena *arena, const char *name)
{
	struct buffer token = buffer_in(arena, LIMIT_REQUEST_ARENA);

	buffer_text(&token, "");
	for (; *name; name++) {
		if (*name == '~')
			buffer_append(&token, "~0", 2);
		else if (*name == '/')
			buffer_append(&token, "~1", 2);
		else
			buffer_append(&token, name, 1);
	}
	return token.data;
}

char *place_pointer(struct arena *arena, const struct place *place)
{
	char *above;

	if (!place->parent)
		return arena_text(arena, "");
	above = place_pointer(arena, place->parent);
	if (json_is_object(place->parent->value))
		return arena_printf(arena, "%s/%s", above, pointer_token(arena, place->name));
	return arena_printf(arena, "%s/%zu", above, place->index);
}

/* Of another type, or another constant in it or in a member (the tag of a union): another branch
 * was meant. */
static bool rules_out(const struct run *run, const struct place *place, const char *what)
{
	bool here = place->value == run->alternative;
	bool in_member = place->parent && place->parent->value == run->alternative;

	if (text_equal(what, "const"))
		return here || in_member;
	return here && (text_equal(what, "type") || text_equal(what, "false"));
}

/* A member that the branch wants and does not find, or does not know: worse than anything wrong inside of one. */
static bool of_another_shape(const struct run *run, const struct place *place, const char *what)
{
	return place->parent && place->parent->value == run->alternative &&
	       (text_equal(what, "required") || text_equal(what, "additionalProperties"));
}

bool schema_wrong(struct run *run, const struct place *place, const char *what, ...)
{
	const char *params[2 * PAIRS_MAX] = {0};
	size_t count = 0;
	const char *next;
	va_list rest;

	if (run->mode == COUNTING) {
		run->faults += of_another_shape(run, place, what) ? LIMIT_FAULTS : 1;
		run->ruled_out = run->ruled_out || rules_out(run, place, what);
	}
	if (run->mode != TELLING)
		return false;

	va_start(rest, what);
	while (count < COUNT(params) && (next = va_arg(rest, const char *)))
		params[count++] = next;
	va_end(rest);

	fault_add(run->error, place_pointer(run->arena, place),
		arena_printf(run->arena, "schema.%s", what), params[0], params[1], params[2],
		params[3], params[4], params[5], NULL);
	if (++run->faults == LIMIT_FAULTS)
		run->mode = ANSWERING;
	return false;
}

bool schema_wrong_count(
	struct run *run, const struct rule *rule, const struct place *place, size_t actual)
{
	if (run->mode != TELLING)
		return schema_wrong(run, place, rule->keyword->name, NULL);
	return schema_wrong(run, place, rule->keyword->name, "limit",
		json_print(run->arena, rule->operand), "actual",
		arena_printf(run->arena, "%zu", actual), NULL);
}
