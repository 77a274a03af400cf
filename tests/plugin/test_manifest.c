/*
 * The manifest is what a stranger's process says about itself: whatever it says, checking it ends with a yes
 * or with faults.
 *
 * A good manifest with all conditions of 2023 is spoilt at random places, a few at a time. The seed is
 * printed; KAOWU_SEED replays it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/id.h"
#include "base/limits.h"
#include "place.h"
#include "plugin/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define CASES 1000

static int below(size_t limit)
{
	return (int)random_below((uint32_t)limit);
}

static json *anything(struct arena *arena, const json *instead_of)
{
	static const char *const texts[] = {"", " ", "1-1", "related", "certificate", "2020-02-30",
		"9999-12-31", "0001-01-01", "../x", "all", "\x7f", "供应链管理师"};
	switch (below(6)) {
	case 0:
		return json_new_null(arena);
	case 1:
		return json_new_integer(arena, below(2) ? below(10) : INT64_C(9007199254740991));
	case 2:
		return json_new_boolean(arena, below(2));
	case 3:
		return json_new_array(arena);
	case 4:
		return json_copy(arena, instead_of);
	default:
		return json_new_text(arena, texts[below(COUNT(texts))]);
	}
}

static json *child_of(const json *container)
{
	json *child = json_first(container);
	for (int left = below(json_count(container)); left > 0; left--)
		child = json_next(child);
	return child;
}

/* Goes down at random, and puts something else where it stops: another value, nothing, or its neighbour twice. */
static void spoil(struct arena *arena, json *manifest)
{
	json *at = manifest;
	for (json *next = child_of(at); json_count(next) > 0 && below(4); next = child_of(at))
		at = next;
	json *child = child_of(at);
	if (json_is_array(at))
		json_append(at, anything(arena, child));
	else if (below(4) == 0)
		json_remove(at, json_name(child));
	else
		json_set(arena, at, arena_text(arena, json_name(child)), anything(arena, manifest));
}

static void s22_a_spoilt_manifest_is_refused_with_its_faults_or_taken(void **state)
{
	struct place *place = *state;
	const char *replay = getenv("KAOWU_SEED");
	uint64_t seed =
		replay ? strtoull(replay, NULL, 10) : random_below(UINT32_MAX) + UINT64_C(1);
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	json *good;
	int taken = 0;
	assert_int_equal(catalogue_describe(place->catalogue, place->arena,
				 place_fixture(place, "every_condition"), &good, &place->error),
		OK);

	print_message("KAOWU_SEED=%" PRIu64 "\n", seed);
	random_seed(seed);
	for (int i = 0; i < CASES; i++) {
		struct error error = {.arena = arena};
		json *manifest = json_copy(arena, good);
		for (int times = 1 + below(3); times > 0; times--)
			spoil(arena, manifest);
		enum result rc = manifest_check(arena, manifest, &error);
		assert_true(rc == OK || (rc == INVALID && error.faults));
		taken += rc == OK;
		arena_reset(arena);
	}
	random_seed(0);
	print_message("%d of %d still taken\n", taken, CASES);
	assert_true(taken < CASES / 2);
	arena_destroy(arena);
}

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			s22_a_spoilt_manifest_is_refused_with_its_faults_or_taken, place_open,
			place_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
