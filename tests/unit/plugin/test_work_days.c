/*
 * The arithmetic of S1 against an oracle that knows no arithmetic (oracle_calendar.h): a mark on each day worked, and a
 * day-by-day walk until enough marks are passed.
 *
 * Random candidates: several certificates of any level and occupation, jobs that overlap, pause, go on or wait
 * for a reviewer, an overlay or none. The seed is printed; KAOWU_SEED replays it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "oracle_calendar.h"
#include "plugin/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define CASES 20000
#define ROWS  6

/* ---- Random candidates ---- */

struct held {
	const struct name *name;
	int level, issued;
};

struct job {
	const struct name *name;
	int first, last; /* days; `last` NEVER: the present job */
};

struct candidate {
	bool overlay;
	int on;
	struct held held[3];
	struct job jobs[ROWS];
	int held_count, job_count;
};

static struct candidate random_candidate(void)
{
	struct candidate candidate = {.overlay = below(2),
		.on = find_day(2015 + below(15), 1 + below(12), 1 + below(28)),
		.held_count = below(4),
		.job_count = below(ROWS + 1)};
	for (int i = 0; i < candidate.held_count; i++)
		candidate.held[i] = (struct held){
			&names[below(NAMES)], below(4) ? 2 : 1 + below(3), below(candidate.on + 1)};
	for (int i = 0; i < candidate.job_count; i++) {
		struct job *job = &candidate.jobs[i];
		struct day start = calendar[below(candidate.on + 1)];
		struct day end = calendar[below(candidate.on + 1)];
		job->name = &names[below(NAMES)];
		job->first = find_day(start.year, start.month, 1);
		job->last = find_day(end.year, end.month, month_length(end.year, end.month));
		if (job->last < job->first || !below(4))
			job->last = NEVER;
	}
	return candidate;
}

/* ---- The oracle ---- */

struct verdict {
	int sure, possible; /* first days on which it is met */
	int counted, required;
};

/* The first day by whose end five calendar years of marked days are passed. */
static int walk(
	const struct candidate *candidate, int since, enum worth least, int *counted, int *required)
{
	static bool worked[DAYS];
	int first = NEVER, passed = 0, complete = NEVER;
	memset(worked, 0, sizeof(worked));
	for (int i = 0; i < candidate->job_count; i++) {
		const struct job *job = &candidate->jobs[i];
		if (worth_of(job->name, candidate->overlay) < least)
			continue;
		for (int day = job->first; day < DAYS && day <= job->last; day++)
			worked[day] = true;
	}
	*counted = *required = 0;
	for (int day = since; day < DAYS && complete == NEVER; day++) {
		if (worked[day] && first == NEVER) {
			first = day;
			*required = find_day_years_later(day, 5) - day;
		}
		passed += worked[day];
		if (day <= candidate->on)
			*counted = passed;
		if (first != NEVER && passed == *required)
			complete = day;
	}
	for (int day = complete + 1; day <= candidate->on; day++)
		*counted += worked[day];
	return complete;
}

static int later(int left, int right)
{
	return left > right ? left : right;
}

static int badness(const struct candidate *candidate, const struct verdict *verdict)
{
	if (verdict->sure <= candidate->on)
		return 0;
	return verdict->possible <= candidate->on ? 1 : 2;
}

static bool better(
	const struct candidate *candidate, const struct verdict *left, const struct verdict *right)
{
	int difference = badness(candidate, left) - badness(candidate, right);
	if (!difference)
		difference = left->sure - right->sure;
	if (!difference)
		difference = left->possible - right->possible;
	return difference < 0;
}

static struct verdict oracle(const struct candidate *candidate)
{
	struct verdict best = {NEVER, NEVER, 0, 0};
	for (int i = 0; i < candidate->held_count; i++) {
		const struct held *held = &candidate->held[i];
		enum worth certificate = worth_of(held->name, candidate->overlay);
		if (held->level == 1 && held->name->own)
			certificate = REVIEW;
		else if (held->level != 2)
			certificate = REFUSED;
		if (certificate == REFUSED)
			continue;

		struct verdict found;
		int counted, required; /* of no interest where a reviewer decides */
		found.sure = walk(candidate, held->issued, COUNTS, &found.counted, &found.required);
		found.possible = walk(candidate, held->issued, REVIEW, &counted, &required);
		found.sure = certificate == COUNTS ? later(found.sure, held->issued) : NEVER;
		found.possible = later(found.possible, held->issued);
		if (better(candidate, &found, &best))
			best = found;
	}
	return best;
}

/* ---- The same candidate for the evaluator ---- */

static const char manifest_text[] =
	"{" ORACLE_TABLES ","
	"\"conditions\":[{\"id\":\"1-1\",\"text\":\"t\",\"source\":\"s\",\"requirement\":{\"all\":["
	"{\"kind\":\"certificate\",\"level\":2,\"scope\":\"related\"},"
	"{\"kind\":\"work\",\"years\":5,\"since\":\"certificate\",\"scope\":\"related\"}]}}]}";

static json *facts_of(struct arena *arena, const struct candidate *candidate)
{
	json *facts = json_new_object(arena);
	json *held = json_set(arena, facts, "certificates", json_new_array(arena));
	json *work = json_set(arena, facts, "work", json_new_array(arena));
	json_set_text(arena, facts, "on", words(arena, candidate->on));
	for (int i = 0; i < candidate->held_count; i++) {
		json *row = json_append(held, json_new_object(arena));
		json_set_text(arena, row, "occupation", candidate->held[i].name->name);
		json_set_integer(arena, row, "level", candidate->held[i].level);
		json_set_text(arena, row, "issued", words(arena, candidate->held[i].issued));
		json_set_boolean(arena, row, "consider", candidate->held[i].name->consider);
	}
	for (int i = 0; i < candidate->job_count; i++) {
		const struct job *job = &candidate->jobs[i];
		json *row = json_append(work, json_new_object(arena));
		const char *last = job->last == NEVER ? NULL : words(arena, job->last);
		json_set_text(
			arena, row, "from", arena_text_part(arena, words(arena, job->first), 7));
		json_set_text(arena, row, "to", last ? arena_text_part(arena, last, 7) : NULL);
		json_set_text(arena, row, "occupation", job->name->name);
		json_set_boolean(arena, row, "consider", job->name->consider);
	}
	return facts;
}

static bool agree(struct arena *arena, const struct candidate *candidate,
	const struct verdict *expected, const json *told)
{
	static const char *const outcomes[] = {"met", "review", "not_met"};
	const json *work = json_next(json_first(json_get(told, "trace")));
	int64_t counted = json_get_integer(json_get(work, "counted"), "days");
	int64_t required = json_get_integer(json_get(work, "required"), "days");
	bool judged = json_count(json_get(json_first(json_get(told, "trace")), "used")) > 0;
	/* Two certificates may be equally good; the days are compared where the choice is plain. */
	bool plain = candidate->held_count == 1 && judged && expected->required > 0;
	if (strcmp(json_get_text(told, "outcome"), outcomes[badness(candidate, expected)]) != 0)
		return false;
	return same_day(arena, told, "eligible_from", expected->sure) &&
	       same_day(arena, told, "eligible_from_if_accepted", expected->possible) &&
	       (!plain || (counted == expected->counted && required == expected->required));
}

static void s1_the_evaluator_agrees_with_counting_day_by_day(void **state)
{
	(void)state;
	const char *replay = getenv("KAOWU_SEED");
	uint64_t seed =
		replay ? strtoull(replay, NULL, 10) : random_below(UINT32_MAX) + UINT64_C(1);
	int outcomes[3] = {0};
	struct arena *lasting = arena_create(LIMIT_REQUEST_ARENA),
		     *arena = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = lasting};
	assert_int_equal(messages_load(&error), OK);
	json *manifest = parsed(lasting, manifest_text);
	json *overlays = oracle_overlays(lasting);

	print_message("KAOWU_SEED=%" PRIu64 "\n", seed);
	random_seed(seed);
	calendar_make();
	for (int i = 0; i < CASES; i++) {
		struct candidate candidate = random_candidate();
		json *facts = facts_of(arena, &candidate), *told;
		eligibility_evaluate(
			arena, manifest, "1-1", candidate.overlay ? overlays : NULL, facts, &told);
		struct verdict expected = oracle(&candidate);
		outcomes[badness(&candidate, &expected)]++;
		if (!agree(arena, &candidate, &expected, told))
			fail_msg("case %d, overlay %d\n%s\nwanted %s %s, %d of %d days\n%s", i,
				candidate.overlay, json_print_pretty(arena, facts),
				expected.sure == NEVER ? "never" : words(arena, expected.sure),
				expected.possible == NEVER ? "never"
							   : words(arena, expected.possible),
				expected.counted, expected.required,
				json_print_pretty(arena, told));
		arena_reset(arena);
	}
	random_seed(0);
	print_message("%d met, %d for review, %d not met\n", outcomes[0], outcomes[1], outcomes[2]);
	for (int i = 0; i < 3; i++)
		assert_true(outcomes[i] > CASES / 50); /* the cases are worth something */
	arena_destroy(arena);
	arena_destroy(lasting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s1_the_evaluator_agrees_with_counting_day_by_day),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
