/*
 * Many centres: populate DATA COUNT adds so many to a deployment, empty ones, centre-0000 and on.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/message.h"
#include "tenant/registry.h"

static void must(enum result rc, const char *what, const struct error *error)
{
	if (rc == OK)
		return;
	(void)fprintf(stderr, "populate: %s: %s %s\n", what, error->code ? error->code : "",
		error->internal ? error->internal : "");
	exit(1);
}

int main(int count, char **words)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	struct registry *registry;

	if (count != 3) {
		(void)fputs("usage: populate DATA COUNT\n", stderr);
		return 2;
	}
	struct error error = {.arena = arena};

	must(registry_open(words[1], &registry, &error), words[1], &error);
	for (int i = 0; i < (int)strtol(words[2], NULL, 10); i++) {
		struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
		const char *slug = arena_printf(scratch, "centre-%04d", i);

		error = (struct error){.arena = scratch};
		must(registry_add(registry, slug, &error), slug, &error);
	}
	registry_close(registry);
	arena_destroy(arena);
	return 0;
}
