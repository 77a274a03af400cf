/*
 * Fuzzes what is read of a plugin's file before anything of it is loaded: no bytes make it fail, what is read lies
 * within the limits, and the names in it can be shown.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/plugin_package.h"
#include "plugin/shared_object.h"

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void check_names(const json *names)
{
	json_each(name, names)
	{
		expect(json_text(name));
		for (const char *sign = json_text(name); *sign; sign++)
			expect(*sign > ' ' && *sign <= '~');
	}
}

static void read_object(struct arena *arena, struct bytes file)
{
	struct error error = {.arena = arena};
	struct shared_object object;

	if (shared_object_read(arena, file, &object, &error)) {
		expect(error.result == INVALID && text_starts(error.code, "kit."));
		return;
	}
	check_names(object.exports);
	check_names(object.imports);
	check_names(object.libraries);
}

static void read_package(struct arena *arena, struct bytes file)
{
	struct error error = {.arena = arena};
	struct plugin_contents contents;
	const char *signed_by;

	if (plugin_package_read(arena, file, &contents, &signed_by, &error)) {
		expect(error.code);
		return;
	}
	expect(contents.shared_object.size <= LIMIT_PLUGIN_FILE);
	expect(contents.readme.size <= LIMIT_PLUGIN_README);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	struct bytes file = bytes_of(input, size);

	if (plugin_package_is(file))
		read_package(arena, file);
	else
		read_object(arena, file);
	return 0;
}
