/*
 * Fuzzes the strict door of JSON: no bytes make it fail, a refusal names a code and a place inside the text, and
 * what is let in means the same once it is printed and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/limits.h"

/* Both ways of printing, since people's files are printed the other way. */
static void check_round_trip(struct arena *arena, const json *value, char *printed)
{
	struct error error = {.arena = arena};
	json *again;

	if (json_parse(arena, printed, strlen(printed), &again, &error) ||
		!json_equal(value, again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	json *value;
	enum result rc = json_parse(arena, (const char *)input, size, &value, &error);

	if (rc) {
		if (rc != MALFORMED || !error.code || strncmp(error.code, "json.", 5) != 0)
			abort();
		return 0;
	}
	check_round_trip(arena, value, json_print(arena, value));
	check_round_trip(arena, value, json_print_pretty(arena, value));
	return 0;
}
