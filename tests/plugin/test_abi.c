/*
 * What was built from the header of ABI 1 loads for ever, and so does what a later header will build of the same:
 * abi-1/README.md.
 */
#include <stdio.h>
#include <string.h>

#include "abi-1/layout.h"
#include "base/text.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

static void every_field_is_where_it_was_frozen(void **state)
{
	(void)state;
	const struct place_of *frozen = layout_frozen, *today = layout_today;
	for (; frozen->name; frozen++, today++) {
		assert_string_equal(today->name, frozen->name);
		if (today->offset != frozen->offset || today->size != frozen->size)
			fail_msg("%s: was at %zu with %zu bytes, is at %zu with %zu", frozen->name,
				frozen->offset, frozen->size, today->offset, today->size);
	}
	assert_null(today->name);
	assert_int_equal(today->offset, 1);
	assert_int_equal(today->size, frozen->size);
}

/* Is all of `expected` in `found`, to the letter? Objects may have more members. */
static const char *lost(
	struct place *place, const char *pointer, const json *expected, const json *found)
{
	if (!found || (!json_is_object(expected) && !json_is_array(expected)))
		return found && json_equal(expected, found) ? NULL : pointer;
	if (json_is_array(expected) && json_count(expected) != json_count(found))
		return pointer;

	const json *element = json_first(found);
	int index = 0;
	json_each(part, expected)
	{
		const char *name = json_is_array(expected)
					   ? arena_printf(place->arena, "%d", index++)
					   : json_name(part);
		const char *missing =
			lost(place, arena_printf(place->arena, "%s/%s", pointer, name), part,
				json_is_array(expected) ? element : json_get(found, name));
		if (missing)
			return missing;
		element = json_next(element);
	}
	return NULL;
}

static json *frozen_manifest(struct place *place)
{
	char text[32768];
	json *manifest;
	FILE *file = fopen(ABI_1 "/manifest.json", "r");
	assert_non_null(file);
	size_t size = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_int_equal(json_parse(place->arena, text, size, &manifest, &place->error), OK);
	return manifest;
}

static enum result install(struct place *place, const char *name, struct catalogue_entry *out)
{
	return place_install(place, arena_printf(place->arena, ABI_FIXTURES "/%s.so", name), out);
}

static void what_the_frozen_header_built_is_understood(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	if (install(place, "welder", &entry) != OK)
		fail_msg("%s", place_said(place));
	const char *missing = lost(place, "", frozen_manifest(place), entry.manifest);
	if (missing)
		fail_msg("%s is not what it was:\n%s", missing,
			json_print_pretty(place->arena, entry.manifest));
}

static void what_the_frozen_header_built_is_called(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *form = json_new_object(place->arena), *answer;
	json_set_text(place->arena, form, "seal", "0815");
	assert_int_equal(install(place, "welder", &entry), OK);
	assert_int_equal(plugin_call(place->workers, place->arena, "haidian", entry.sha256, form,
				 &answer, &place->error),
		OK);
	assert_string_equal(
		json_text(json_at_pointer(answer, "/findings/0/text")), "编号不能以 0 开头");
}

static void a_newer_header_says_the_same_while_nothing_new_is_used(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	if (install(place, "welder_newer", &entry) != OK)
		fail_msg("%s", place_said(place));
	assert_null(lost(place, "", frozen_manifest(place), entry.manifest));

	assert_int_equal(install(place, "welder_newer_used", &entry), INVALID);
	assert_string_equal(place->error.code, "plugin.newer");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_where_it_was_frozen),
		TEST(what_the_frozen_header_built_is_understood),
		TEST(what_the_frozen_header_built_is_called),
		TEST(a_newer_header_says_the_same_while_nothing_new_is_used),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
