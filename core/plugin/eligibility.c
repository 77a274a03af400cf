/*
 * The tree: lists of requirements over leaves, and the verdict made of them (eligibility.h).
 *
 * The hard thing is which of several certificates to count from. Work since the certificate depends on it, so a list tries each one together
 * with everything in the same list that depends on it, and keeps what is best for the candidate: met before left to a reviewer
 * before not met, then the earlier day.
 */
#include "eligibility.h"

#include <assert.h>

#include "base/text.h"
#include "eligibility_leaf.h"

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

/* 0 met, 1 for a reviewer, 2 not met. */
static int badness(struct days days, int64_t on)
{
	if (days.sure <= on)
		return 0;
	return days.possible <= on ? 1 : 2;
}

/* Below zero if `left` is better for the candidate. */
static int compare_days(struct days left, struct days right, int64_t on)
{
	int difference = badness(left, on) - badness(right, on);
	if (difference)
		return difference;
	if (left.sure != right.sure)
		return left.sure < right.sure ? -1 : 1;
	return (left.possible > right.possible) - (left.possible < right.possible);
}

static bool is_kind(const json *part, const char *kind)
{
	return text_equal(json_get_text(part, "kind"), kind);
}

static const json *part_of_kind(const json *parts, const char *kind)
{
	json_each(part, parts)
	{
		if (is_kind(part, kind))
			return part;
	}
	return NULL;
}

/* The leaf's own days with this choice, and those of all work in the list that is counted since it. */
static struct days days_with(const struct evaluation *evaluation, const json *leaf,
	const json *parts, const struct choice *choice)
{
	struct days days = leaf_judge(evaluation, leaf, choice, NULL);
	json_each(part, parts)
	{
		if (is_kind(part, "work") &&
			text_equal(json_get_text(part, "since"), json_get_text(leaf, "kind")))
			days = later(days, leaf_judge(evaluation, part, choice, NULL));
	}
	return days;
}

/* Sets `*anchor`, a member of `*choice`, to the best row of `table` for the leaf; leaves it empty if none qualifies. */
static void choose(const struct evaluation *evaluation, const json *leaf, const json *parts,
	const char *table, struct choice *choice, struct anchor *anchor)
{
	struct anchor best = {NULL, DAY_NEVER};
	struct days best_days = {DAY_NEVER, DAY_NEVER}, best_own = best_days;
	json_each(row, json_get(evaluation->facts, table))
	{
		struct days own = leaf_judge_row(evaluation, leaf, row);
		if (own.possible == DAY_NEVER)
			continue;
		*anchor = (struct anchor){row, fact_day(row, "issued")};
		struct days days = days_with(evaluation, leaf, parts, choice);
		int difference = compare_days(days, best_days, evaluation->on);
		if (!difference) /* nothing to choose between: the surer, the older one */
			difference = compare_days(own, best_own, evaluation->on);
		if (!best.row || difference < 0) {
			best = *anchor;
			best_days = days;
			best_own = own;
		}
	}
	*anchor = best;
}

static struct choice choose_for_list(const struct evaluation *evaluation, const json *parts)
{
	struct choice choice = {{NULL, DAY_NEVER}, {NULL, DAY_NEVER}};
	const json *certificate = part_of_kind(parts, "certificate");
	const json *title = part_of_kind(parts, "title");
	if (certificate)
		choose(evaluation, certificate, parts, "certificates", &choice, &choice.certificate);
	if (title)
		choose(evaluation, title, parts, "titles", &choice, &choice.title);
	return choice;
}

static struct choice choose_for_one(const struct evaluation *evaluation, const json *part)
{
	struct choice choice = {{NULL, DAY_NEVER}, {NULL, DAY_NEVER}};
	if (is_kind(part, "certificate"))
		choose(evaluation, part, NULL, "certificates", &choice, &choice.certificate);
	else if (is_kind(part, "title"))
		choose(evaluation, part, NULL, "titles", &choice, &choice.title);
	return choice;
}

/* Nesting is limited by the schema of JSON itself (LIMIT_JSON_DEPTH). */
static struct days evaluate(const struct evaluation *evaluation, const json *part,
	const struct choice *choice, const char *path, json *trace)
{
	struct arena *arena = evaluation->arena;
	const json *all = json_get(part, "all");
	const json *parts = all ? all : json_get(part, "any");
	if (!parts) {
		json *entry = json_append(arena, trace, json_new_object(arena));
		json_set_text(arena, entry, "path", path);
		return leaf_judge(evaluation, part, choice, entry);
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
	json_each(condition, json_get(manifest, "conditions"))
	{
		if (text_equal(json_get_text(condition, "id"), condition_id))
			return condition;
	}
	return NULL;
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
	struct days days =
		evaluate(&evaluation, json_get(condition, "requirement"), NULL, "", trace);
	json_set_text(arena, told, "condition", condition_id);
	json_set_text(arena, told, "text", json_get_text(condition, "text"));
	json_set_text(arena, told, "source", evaluation.source);
	json_set_text(arena, told, "on", evaluation.on_text);
	json_set_text(arena, told, "outcome", days_outcome(days, evaluation.on));
	json_set(arena, told, "eligible_from", days_date(arena, days.sure));
	json_set(arena, told, "eligible_from_if_accepted", days_date(arena, days.possible));
	json_set(arena, told, "trace", trace);
	*verdict = told;
}
