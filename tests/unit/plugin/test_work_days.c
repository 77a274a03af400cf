/*
 * The arithmetic of S1 against an oracle that knows no arithmetic: a calendar made by counting days one after
 * another, a mark on each day worked, and a day-by-day walk until enough marks are passed.
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
#include "plugin/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define CASES      20000
#define FIRST_YEAR 2000
#define YEARS      40 /* applications until 2029, and five years more */
#define DAYS       (YEARS * 365)
#define NEVER      DAYS
#define ROWS       6

/* ---- The oracle's calendar: day 0 is 2000-01-01 ---- */

static struct day {
	int year, month, day;
} calendar[DAYS];
static int new_year[YEARS];

static int month_length(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : lengths[month - 1];
}

static void make_calendar(void)
{
	struct day day = {FIRST_YEAR, 1, 1};
	for (int i = 0; i < DAYS; i++) {
		calendar[i] = day;
		if (day.month == 1 && day.day == 1)
			new_year[day.year - FIRST_YEAR] = i;
		if (++day.day <= month_length(day.year, day.month))
			continue;
		day.day = 1;
		if (++day.month > 12)
			day = (struct day){day.year + 1, 1, 1};
	}
}

static int find_day(int year, int month, int day)
{
	int i = new_year[year - FIRST_YEAR];
	while (calendar[i].year != year || calendar[i].month != month || calendar[i].day != day)
		i++;
	return i;
}

static const char *words(struct arena *arena, int day)
{
	return arena_printf(arena, "%04d-%02d-%02d", calendar[day].year, calendar[day].month,
		calendar[day].day);
}

/* ---- Random candidates ---- */

enum worth { REFUSED, REVIEW, COUNTS };

struct name {
	const char *name;
	bool consider;
	enum worth worth, worth_under_overlay;
	bool own;
};

/* The overlay denies 采购员 and 焊工. */
static const struct name names[] = {
	{"供应链管理师", false, COUNTS, COUNTS, true},
	{"采购员", false, COUNTS, REFUSED, false},
	{"仓储员", false, COUNTS, COUNTS, false},
	{"焊工", true, REVIEW, REFUSED, false},
	{"电工", true, REVIEW, REVIEW, false},
	{"电工", false, REFUSED, REFUSED, false},
};

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

static int below(int limit)
{
	return (int)random_below((uint32_t)limit);
}

static struct candidate random_candidate(void)
{
	struct candidate candidate = {.overlay = below(2),
		.on = find_day(2015 + below(15), 1 + below(12), 1 + below(28)),
		.held_count = below(4),
		.job_count = below(ROWS + 1)};
	for (int i = 0; i < candidate.held_count; i++)
		candidate.held[i] = (struct held){&names[below(COUNT(names))],
			below(4) ? 2 : 1 + below(3), below(candidate.on + 1)};
	for (int i = 0; i < candidate.job_count; i++) {
		struct job *job = &candidate.jobs[i];
		struct day start = calendar[below(candidate.on + 1)];
		struct day end = calendar[below(candidate.on + 1)];
		job->name = &names[below(COUNT(names))];
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

static enum worth worth(const struct candidate *candidate, const struct name *name)
{
	return candidate->overlay ? name->worth_under_overlay : name->worth;
}

/* The first day by whose end five calendar years of marked days are passed. */
static int walk(
	const struct candidate *candidate, int since, enum worth least, int *counted, int *required)
{
	static bool worked[DAYS];
	int first = NEVER, passed = 0, complete = NEVER;
	memset(worked, 0, sizeof(worked));
	for (int i = 0; i < candidate->job_count; i++) {
		const struct job *job = &candidate->jobs[i];
		if (worth(candidate, job->name) < least)
			continue;
		for (int day = job->first; day < DAYS && day <= job->last; day++)
			worked[day] = true;
	}
	*counted = *required = 0;
	for (int day = since; day < DAYS && complete == NEVER; day++) {
		if (worked[day] && first == NEVER) {
			first = day;
			struct day end = calendar[day];
			int length = month_length(end.year + 5, end.month);
			*required = find_day(end.year + 5, end.month,
					    end.day < length ? end.day : length) -
				    day;
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
		enum worth certificate = worth(candidate, held->name);
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
	"{\"occupation\":{\"code\":\"4-02-06-05\",\"name\":\"供应链管理师\"},"
	"\"related\":{\"names\":[\"采购员\",\"仓储员\"],\"text\":\"采购员、仓储员等\",\"open\":true},"
	"\"conditions\":[{\"id\":\"1-1\",\"text\":\"t\",\"source\":\"s\",\"requirement\":{\"all\":["
	"{\"kind\":\"certificate\",\"level\":2,\"scope\":\"related\"},"
	"{\"kind\":\"work\",\"years\":5,\"since\":\"certificate\",\"scope\":\"related\"}]}}]}";

#define DENY(id, name)                                                                             \
	"{\"id\":\"" id                                                                            \
	"\",\"kind\":\"deny_related\",\"occupation_code\":\"4-02-06-05\",\"name\":\"" name         \
	"\",\"reason\":\"r\",\"from\":\"2000-01-01\"}"

static json *parsed(struct arena *arena, const char *text)
{
	struct error error = {.arena = arena};
	json *value;
	assert_int_equal(json_parse(arena, text, strlen(text), &value, &error), OK);
	return value;
}

static json *facts_of(struct arena *arena, const struct candidate *candidate)
{
	json *facts = json_new_object(arena);
	json *held = json_set(arena, facts, "certificates", json_new_array(arena));
	json *work = json_set(arena, facts, "work", json_new_array(arena));
	json_set_text(arena, facts, "on", words(arena, candidate->on));
	for (int i = 0; i < candidate->held_count; i++) {
		json *row = json_append(arena, held, json_new_object(arena));
		json_set_text(arena, row, "occupation", candidate->held[i].name->name);
		json_set_integer(arena, row, "level", candidate->held[i].level);
		json_set_text(arena, row, "issued", words(arena, candidate->held[i].issued));
		json_set_boolean(arena, row, "consider", candidate->held[i].name->consider);
	}
	for (int i = 0; i < candidate->job_count; i++) {
		const struct job *job = &candidate->jobs[i];
		json *row = json_append(arena, work, json_new_object(arena));
		const char *last = job->last == NEVER ? NULL : words(arena, job->last);
		json_set_text(
			arena, row, "from", arena_text_part(arena, words(arena, job->first), 7));
		json_set_text(arena, row, "to", last ? arena_text_part(arena, last, 7) : NULL);
		json_set_text(arena, row, "occupation", job->name->name);
		json_set_boolean(arena, row, "consider", job->name->consider);
	}
	return facts;
}

static bool same_day(struct arena *arena, const json *object, const char *member, int day)
{
	const char *found = json_get_text(object, member);
	return day == NEVER ? !found : found && strcmp(found, words(arena, day)) == 0;
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
	json *overlays = parsed(lasting, "[" DENY("a", "采购员") "," DENY("b", "焊工") "]");

	print_message("KAOWU_SEED=%" PRIu64 "\n", seed);
	random_seed(seed);
	make_calendar();
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
