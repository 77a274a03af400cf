/*
 * Every kind of requirement, alone and in lists of alternatives and of what must hold together, against an oracle
 * that tries rows and walks days one by one (oracle_requirements.h). The seed is printed; KAOWU_SEED replays it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "oracle_requirements.h"
#include "plugin/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define CASES 6000

static const char manifest_text[] =
	"{" ORACLE_TABLES ",\"majors\":[\"" ORACLE_MAJOR "\"],"
	"\"conditions\":[{\"id\":\"c\",\"text\":\"t\",\"source\":\"s\"}]}";

static const char *const outcomes[] = {"met", "review", "not_met"};

static json *manifest_of(struct arena *arena, const struct part *part)
{
	json *manifest = parsed(arena, manifest_text);
	json_set(arena, json_first(json_get(manifest, "conditions")), "requirement",
		part_json(arena, part));
	return manifest;
}

/* How often each kind of leaf came out how, by the trace: which kinds were put to the test. */
static void tally(const json *told, int seen[KINDS][3])
{
	static const char *const kinds[KINDS] = {
		"age", "certificate", "title", "diploma", "training", "work"};
	json_each(entry, json_get(told, "trace"))
	{
		for (int kind = 0; kind < KINDS; kind++)
			for (int i = 0; i < 3; i++)
				seen[kind][i] +=
					strcmp(json_get_text(entry, "kind"), kinds[kind]) == 0 &&
					strcmp(json_get_text(entry, "outcome"), outcomes[i]) == 0;
	}
}

static void expect_agreement(struct arena *arena, const struct person *person,
	const struct part *part, const json *overlays, int *outcome, int seen[KINDS][3])
{
	json *facts = person_json(arena, person), *manifest = manifest_of(arena, part), *told;
	eligibility_evaluate(arena, manifest, "c", person->overlay ? overlays : NULL, facts, &told);
	tally(told, seen);

	struct first first = oracle_judge(person, part);
	*outcome = oracle_outcome(person, first);
	if (strcmp(json_get_text(told, "outcome"), outcomes[*outcome]) == 0 &&
		same_day(arena, told, "eligible_from", first.sure) &&
		same_day(arena, told, "eligible_from_if_accepted", first.possible))
		return;
	fail_msg("%s\n%s\noverlay %d, wanted %s from %s, if accepted %s\n%s",
		json_print_pretty(arena, part_json(arena, part)), json_print_pretty(arena, facts),
		person->overlay, outcomes[*outcome],
		first.sure == NEVER ? "never" : words(arena, first.sure),
		first.possible == NEVER ? "never" : words(arena, first.possible),
		json_print_pretty(arena, told));
}

static void every_kind_of_requirement_agrees_with_trying_and_walking(void **state)
{
	(void)state;
	const char *replay = getenv("KAOWU_SEED");
	uint64_t seed =
		replay ? strtoull(replay, NULL, 10) : random_below(UINT32_MAX) + UINT64_C(1);
	struct arena *lasting = arena_create(LIMIT_REQUEST_ARENA),
		     *arena = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = lasting};
	int totals[3] = {0}, seen[KINDS][3] = {{0}};

	assert_int_equal(messages_load(&error), OK);
	json *overlays = oracle_overlays(lasting);
	print_message("KAOWU_SEED=%" PRIu64 "\n", seed);
	random_seed(seed);
	calendar_make();
	for (int i = 0; i < CASES; i++) {
		struct person person = person_random();
		struct part *part = part_random(arena);
		int outcome;
		expect_agreement(arena, &person, part, overlays, &outcome, seen);
		totals[outcome]++;
		arena_reset(arena);
	}
	random_seed(0);
	for (int i = 0; i < 3; i++) {
		print_message("%s: %d", outcomes[i], totals[i]);
		assert_true(totals[i] > CASES / 50); /* the cases are worth something */
		for (int kind = 0; kind < KINDS; kind++) {
			print_message(" %d", seen[kind][i]);
			assert_true(seen[kind][i] > CASES / 100 || (kind == AGE && i == 1));
		}
		print_message("\n");
	}
	arena_destroy(arena);
	arena_destroy(lasting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_requirement_agrees_with_trying_and_walking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
