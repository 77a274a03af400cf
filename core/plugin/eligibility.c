/*
 * The tree: lists of requirements over leaves, and the verdict made of them (eligibility.h).
 *
 * The hard thing is which of several certificates to count from. Work since the certificate depends on it, so a
 * list tries each one together with everything in the same list that depends on it, and keeps what is best for the
 * candidate: met before left to a reviewer before not met, then the earlier day.
 */
#include "eligibility.h"

#include <assert.h>

#include "base/limits.h"
#include "base/text.h"
#include "eligibility_work.h"

static struct days later(struct days left, struct days right)
{
	return (struct days){left.sure > right.sure ? left.sure : right.sure,
		left.possible > right.possible ? left.possible : right.possible};
}

static struct days earlier(struct days left, struct days right)
{
	return (struct days){left.sure < right.sure ? left.sure : right.sure,
		left.possible < right.possible ? left.possible : right.possible};
}

/* Below zero if `left` is better for the candidate. */
static int compare_days(struct days left, struct days right, int64_t on)
{
	int difference = (int)days_outcome(left, on) - (int)days_outcome(right, on);
	if (difference)
		return difference;
	if (left.sure != right.sure)
		return left.sure < right.sure ? -1 : 1;
	return (left.possible > right.possible) - (left.possible < right.possible);
}

/* Age is one date: the kind that needs no file of its own. */
static struct days judge_age(const struct evaluation *evaluation, const json *leaf, json *entry)
{
	struct arena *arena = evaluation->arena;
	int64_t birth = fact_day(evaluation->facts, "birth");
	int64_t day = years_after(birth, json_get_integer(leaf, "years"));
	struct days days = {day, day};
	if (!entry)
		return days;

	if (birth != DAY_NEVER)
		json_append(json_get(entry, "used"), json_new_text(arena, "/birth"));
	trace_conclude_day(evaluation, entry, days, "eligibility.age_unknown");
	return days;
}

static struct days judge_leaf(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry)
{
	enum row_kind kind = row_kind_of(leaf);
	if (kind != ROW_KINDS)
		return row_judge_leaf(evaluation, leaf, kind, choice, entry);
	if (text_equal(json_get_text(leaf, "kind"), "age"))
		return judge_age(evaluation, leaf, entry);
	return work_judge_leaf(evaluation, leaf, choice, entry);
}

/* The leaf's own days with this choice, and those of all work in the list that is counted since it. */
static struct days days_with(const struct evaluation *evaluation, const json *leaf,
	const json *parts, const struct choice *choice)
{
	struct days days = judge_leaf(evaluation, leaf, choice, NULL);
	json_each(part, parts)
	{
		if (text_equal(json_get_text(part, "since"), json_get_text(leaf, "kind")))
			days = later(days, judge_leaf(evaluation, part, choice, NULL));
	}
	return days;
}

/* Sets the choice's row of the leaf's kind to the best one; leaves it empty if none qualifies. */
static void choose(const struct evaluation *evaluation, const json *leaf, const json *parts,
	struct choice *choice)
{
	enum row_kind kind = row_kind_of(leaf);
	struct choice best = *choice;
	struct days best_days = {DAY_NEVER, DAY_NEVER}, best_own = best_days;
	if (kind == ROW_KINDS)
		return;

	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct evaluation trying = *evaluation;
	trying.arena = scratch;
	json_each(row, json_get(evaluation->facts, row_kind_table(kind)))
	{
		arena_reset(scratch); /* of a try only the days are kept */
		struct days own = row_judge(&trying, leaf, kind, row, NULL);
		if (own.possible == DAY_NEVER)
			continue;
		choice->chosen[kind].row = row;
		choice->chosen[kind].day = fact_day(row, "issued");
		struct days days = days_with(&trying, leaf, parts, choice);
		int difference = compare_days(days, best_days, evaluation->on);
		if (!difference) /* nothing to choose between: the surer, the older one */
			difference = compare_days(own, best_own, evaluation->on);
		if (!best.chosen[kind].row || difference < 0) {
			best = *choice;
			best_days = days;
			best_own = own;
		}
	}
	*choice = best;
}

/*
 * For a list that must hold as a whole: at most one leaf of each kind (manifest_check()), with the work that is
 * counted since it.
 */
static struct choice choose_for_list(const struct evaluation *evaluation, const json *parts)
{
	struct choice choice = {0};
	json_each(part, parts) choose(evaluation, part, parts, &choice);
	return choice;
}

static struct choice choose_for_one(const struct evaluation *evaluation, const json *part)
{
	struct choice choice = {0};
	choose(evaluation, part, NULL, &choice);
	return choice;
}

/* Nesting is limited by manifest_check(). */
static struct days evaluate(const struct evaluation *evaluation, const json *part,
	const struct choice *choice, const char *path, json *trace)
{
	struct arena *arena = evaluation->arena;
	const json *all = json_get(part, "all");
	const json *parts = all ? all : json_get(part, "any");
	if (!parts) {
		json *entry = trace_entry(evaluation, part, trace);
		json_set_text(arena, entry, "path", path);
		return judge_leaf(evaluation, part, choice, entry);
	}

	struct choice for_list = choose_for_list(evaluation, parts);
	struct days days = {all ? DAY_ALWAYS : DAY_NEVER, all ? DAY_ALWAYS : DAY_NEVER};
	int index = 0;
	json_each(child, parts)
	{
		struct choice for_one = all ? for_list : choose_for_one(evaluation, child);
		const char *below =
			arena_printf(arena, "%s/%s/%d", path, all ? "all" : "any", index++);
		struct days found = evaluate(evaluation, child, &for_one, below, trace);
		days = all ? later(days, found) : earlier(days, found);
	}
	return days;
}

const json *eligibility_condition(const json *manifest, const char *condition_id)
{
	return json_find(json_get(manifest, "conditions"), "id", condition_id);
}

void eligibility_evaluate(struct arena *arena, const json *manifest, const char *condition_id,
	const json *overlays, const json *facts, json **verdict)
{
	const json *condition = eligibility_condition(manifest, condition_id);
	assert(condition);
	struct evaluation evaluation = {.arena = arena,
		.manifest = manifest,
		.overlays = overlays,
		.facts = facts,
		.source = json_get_text(condition, "source"),
		.on_text = json_get_text(facts, "on"),
		.on = fact_day(facts, "on")};
	assert(evaluation.on != DAY_NEVER);

	json *told = json_new_object(arena), *trace = json_new_array(arena);
	struct choice none = {0};
	struct days days =
		evaluate(&evaluation, json_get(condition, "requirement"), &none, "", trace);
	json_set_text(arena, told, "condition", condition_id);
	json_set_text(arena, told, "text", json_get_text(condition, "text"));
	json_set_text(arena, told, "source", evaluation.source);
	json_set_text(arena, told, "on", evaluation.on_text);
	json_set_text(arena, told, "outcome", outcome_name(days_outcome(days, evaluation.on)));
	json_set(arena, told, "eligible_from", days_date(arena, days.sure));
	json_set(arena, told, "eligible_from_if_accepted", days_date(arena, days.possible));
	json_set(arena, told, "trace", trace);
	*verdict = told;
}
