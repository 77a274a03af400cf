/*
 * The stages of a check (plugin_check.h). Each adds its faults to the same list; a stage is left out only where an
 * earlier one has left it nothing to look at.
 */
#include "plugin_check.h"

#include <string.h>

#include "base/text.h"
#include "manifest.h"
#include "plugin_purity.h"
#include "shared_object.h"

/* clang-format off: names by what they are for */

/*
 * What a function may call: texts, memory, numbers, sorting. Nothing that reaches a file, a socket, the clock, chance,
 * the environment or another thread, or that remembers from one call to the next. docs/plugin-author.md shows the same
 * list, and a test compares them.
 */
static const char *const callable[] = {
	"memchr",
	"memcmp",
	"memcpy",
	"memmem",
	"memmove",
	"memrchr",
	"memset",
	"stpcpy",
	"stpncpy",
	"strcasecmp",
	"strcat",
	"strchr",
	"strcmp",
	"strcpy",
	"strcspn",
	"strlen",
	"strncasecmp",
	"strncat",
	"strncmp",
	"strncpy",
	"strnlen",
	"strpbrk",
	"strrchr",
	"strspn",
	"strstr",
	"strtok_r",
	"isalnum",
	"isalpha",
	"isdigit",
	"islower",
	"isprint",
	"ispunct",
	"isspace",
	"isupper",
	"isxdigit",
	"tolower",
	"toupper",
	"abs",
	"labs",
	"llabs",
	"div",
	"ldiv",
	"lldiv",
	"strtod",
	"strtol",
	"strtoll",
	"strtoul",
	"strtoull",
	"qsort",
	"bsearch",
	"malloc",
	"calloc",
	"realloc",
	"free",
	"snprintf",
	"vsnprintf",
	"sscanf",
};

/* What compilers and headers turn them into, and what every shared object asks for by itself. */
static const char *const implied[] = {
	"__cxa_finalize",
	"__gmon_start__",
	"_ITM_deregisterTMCloneTable",
	"_ITM_registerTMCloneTable",
	"__stack_chk_fail",
	"__ctype_b_loc",
	"__ctype_tolower_loc",
	"__ctype_toupper_loc",
	"__memcpy_chk",
	"__memmove_chk",
	"__memset_chk",
	"__stpcpy_chk",
	"__strcat_chk",
	"__strcpy_chk",
	"__strncat_chk",
	"__strncpy_chk",
	"__snprintf_chk",
	"__vsnprintf_chk",
	"__isoc99_sscanf",
	"__isoc23_sscanf",
	"__isoc23_strtol",
	"__isoc23_strtoll",
	"__isoc23_strtoul",
	"__isoc23_strtoull",
};
/* clang-format on */

static bool among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

/* ---- The file ---- */

static void check_exports(const json *exports, struct error *error)
{
	bool found = false;

	json_each(name, exports)
	{
		bool wanted = text_equal(json_text(name), "kaowu_plugin");

		found = found || wanted;
		if (!wanted)
			fault_add(error, "", "kit.export", "name", json_text(name), NULL);
	}
	if (!found)
		fault_add(error, "", "plugin.no_symbol", NULL);
}

static void check_imports(const json *imports, struct error *error)
{
	json_each(name, imports)
	{
		if (!among(json_text(name), callable, COUNT(callable)) &&
			!among(json_text(name), implied, COUNT(implied)))
			fault_add(error, "", "kit.import", "name", json_text(name), NULL);
	}
}

static void check_libraries(const json *libraries, struct error *error)
{
	json_each(name, libraries)
	{
		if (!text_starts(json_text(name), "libc."))
			fault_add(error, "", "kit.library", "name", json_text(name), NULL);
	}
}

static void check_file(struct arena *arena, struct bytes file, struct error *error)
{
	struct error failure = {.arena = error->arena};
	struct shared_object object;

	if (shared_object_read(arena, file, &object, &failure)) {
		fault_of_failure(error, "", &failure);
		return;
	}
	check_exports(object.exports, error);
	check_imports(object.imports, error);
	check_libraries(object.libraries, error);
}

/* ---- The manifest ---- */

static void check_materials_used(const json *manifest, struct error *error)
{
	int index = 0;

	json_each(material, json_get(manifest, "materials"))
	{
		const char *pointer = arena_printf(error->arena, "/materials/%d/id", index++);
		const char *id = json_get_text(material, "id");

		if (!manifest_asks_for(manifest, id))
			fault_add(error, pointer, "kit.material_unused", "id", id, NULL);
	}
}

/* A package shows a manifest to people who do not run the plugin: it must be the plugin's own. */
static void check_packed(const json *manifest, const json *packed, struct error *error)
{
	if (packed && !json_equal(manifest, packed))
		fault_add(error, "", "kit.packed_differs", NULL);
}

/* Is it fit to be used? */
static bool check_manifest(struct arena *arena, const json *manifest, struct error *error)
{
	struct error faults = {.arena = error->arena};
	enum result rc = manifest_check(arena, manifest, &faults);

	fault_join(error, &faults);
	check_materials_used(manifest, error);
	return rc == OK;
}

/* ---- The whole ---- */

/* The process has done its part once it has described the plugin. */
static enum result ask_process(const struct plugin_process_settings *settings, struct arena *arena,
	const char *path, json **manifest, struct error *error)
{
	struct worker *worker;
	json *description;
	enum result rc = plugin_process_start(settings, arena, path, &worker, &description, error);

	if (rc)
		return rc;
	worker_stop(worker);
	*manifest = description;
	return OK;
}

enum result plugin_describe(const struct plugin_process_settings *settings, struct arena *arena,
	const char *path, json **manifest, struct error *error)
{
	json *description;
	enum result rc = ask_process(settings, arena, path, &description, error);

	rc = rc ? rc : manifest_check(arena, description, error);
	if (rc)
		return rc;
	*manifest = description;
	return OK;
}

/* Every fault of tables or manifest, or the one why there is none; only the machine's own failure is returned. */
static enum result check_description(const struct plugin_process_settings *settings,
	struct arena *arena, const struct plugin_source *source, const json *forms, json **manifest,
	struct error *error)
{
	struct error failure = {.arena = error->arena};
	enum result rc = ask_process(settings, arena, source->path, manifest, &failure);

	if (rc && rc != INVALID) {
		failure.faults = error->faults;
		failure.last_fault = error->last_fault;
		*error = failure;
		return rc;
	}
	fault_join(error, &failure);
	if (rc && !failure.faults &&
		!text_equal(failure.code, "plugin.no_symbol")) /* told already */
		fault_of_failure(error, "", &failure);
	if (rc)
		return OK;

	bool valid = check_manifest(arena, *manifest, error);
	check_packed(*manifest, source->packed, error);
	if (!valid || json_count(json_get(*manifest, "functions")) == 0)
		return OK;
	return plugin_purity_check(settings, arena, source->path, *manifest, forms, error);
}

static const char *fault_count(const struct error *error)
{
	int count = 0;

	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		count++;
	return arena_printf(error->arena, "%d", count);
}

enum result plugin_check(const struct plugin_process_settings *settings, struct arena *arena,
	const struct plugin_source *source, const json *forms, json **manifest, struct error *error)
{
	*manifest = NULL;
	check_file(arena, source->shared_object, error);
	enum result rc = check_description(settings, arena, source, forms, manifest, error);
	if (rc || !error->faults)
		return rc;
	return fail(error, INVALID, "kit.faults", "count", fault_count(error), NULL);
}
