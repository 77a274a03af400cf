/*
 * Counted twice: with the rows that count, and with those as well that a reviewer may let count
 * (eligibility_work.h).
 */
#include "eligibility_work.h"

#include "base/clock.h"
#include "base/text.h"
#include "saying.h"

static bool fact_month(const json *row, const char *name, int *year, int *month)
{
	const char *text = json_get_text(row, name);
	return text && !month_parse(text, year, month) && *year >= FACT_YEAR_MIN &&
	       *year <= FACT_YEAR_MAX;
}

/* From the first day of its first month to the last of its last; an entry that cannot be read has no day. */
static struct work_span span_of(const json *row)
{
	static const struct work_span none = {DAY_NEVER, DAY_ALWAYS};
	int year, month;
	if (!fact_month(row, "from", &year, &month))
		return none;
	int64_t first = date_number((struct date){year, month, 1});
	if (json_is_null(json_get(row, "to")))
		return (struct work_span){first, DAY_NEVER};
	if (!fact_month(row, "to", &year, &month))
		return none;
	return (struct work_span){first, date_number(date_last_of_month(year, month))};
}

struct work {
	int64_t since;
	struct work_span *spans;
	enum standing *standings;
	size_t count;
};

static void note_work(const struct evaluation *evaluation, json *note, struct work_span span,
	int64_t since, enum standing standing)
{
	struct arena *arena = evaluation->arena;
	int64_t first = span.first > since ? span.first : since;
	int64_t last = span.last < evaluation->on ? span.last : evaluation->on;
	bool any = standing != STANDING_REFUSED && first <= last;
	trace_standing(evaluation, note, standing);
	json_set(arena, note, "from", days_date(arena, any ? first : DAY_NEVER));
	json_set(arena, note, "to", days_date(arena, any ? last : DAY_NEVER));
	json_set_integer(arena, note, "days", any ? last - first + 1 : 0);
}

static struct work gather_work(
	const struct evaluation *evaluation, const json *leaf, int64_t since, json *entry)
{
	struct arena *arena = evaluation->arena;
	const json *rows = json_get(evaluation->facts, "work");
	struct work work = {.since = since,
		.spans = NEW_ARRAY(arena, struct work_span, json_count(rows) + 1),
		.standings = NEW_ARRAY(arena, enum standing, json_count(rows) + 1)};
	int index = 0;
	json_each(row, rows)
	{
		struct work_span span = span_of(row);
		struct relation relation = fact_relation(evaluation, leaf, row);
		work.spans[work.count] = span;
		work.standings[work.count++] = relation.standing;
		if (!entry)
			continue;

		json *note = trace_note(evaluation, entry, "work", index++);
		note_work(evaluation, note, span, since, relation.standing);
		trace_relation(evaluation, note, row, &relation);
		if (relation.standing == STANDING_COUNTS && json_get_integer(note, "days") > 0)
			trace_use(evaluation, entry, note);
	}
	return work;
}

static struct work_count count_work(const struct evaluation *evaluation, const json *leaf,
	const struct work *work, enum standing least)
{
	struct work_span *spans = NEW_ARRAY(evaluation->arena, struct work_span, work->count + 1);
	size_t count = 0;
	for (size_t i = 0; i < work->count; i++)
		if (work->standings[i] >= least)
			spans[count++] = work->spans[i];
	return work_count(
		spans, count, work->since, (int)json_get_integer(leaf, "years"), evaluation->on);
}

static void say_work(const struct evaluation *evaluation, const json *leaf, json *entry,
	struct days days, const struct work_count *count)
{
	struct arena *arena = evaluation->arena;
	const json *missing = json_get(entry, "short");
	enum outcome outcome = days_outcome(days, evaluation->on);
	const char *code = "eligibility.work_short";
	if (outcome == OUTCOME_MET)
		code = "eligibility.work_met";
	else if (outcome == OUTCOME_REVIEW)
		code = "eligibility.work_review";
	else if (days.sure != DAY_NEVER)
		code = "eligibility.work_until";
	say(arena, entry, code, "counted", say_number(arena, count->counted), "days",
		say_number(arena, count->required), "years",
		say_number(arena, json_get_integer(leaf, "years")), "short_days",
		say_number(arena, json_get_integer(missing, "days")), "short_years",
		say_number(arena, json_get_integer(missing, "years")), "short_months",
		say_number(arena, json_get_integer(missing, "months")), "short_rest",
		say_number(arena, json_get_integer(missing, "rest_days")), "day",
		days_words(arena, days.sure), NULL);
}

/* The day from which work counts; DAY_NEVER where there is no certificate (title) to count from. */
static int64_t work_since(const json *leaf, const struct choice *choice)
{
	const char *since = json_get_text(leaf, "since");
	for (int kind = 0; kind < ROW_KINDS; kind++)
		if (text_equal(since, row_kind_name((enum row_kind)kind)))
			return choice->chosen[kind].row ? choice->chosen[kind].day : DAY_NEVER;
	return DAY_ALWAYS;
}

static void trace_work(const struct evaluation *evaluation, const json *leaf, json *entry,
	const struct work_count *sure, const struct work_count *possible, int64_t since)
{
	struct arena *arena = evaluation->arena;
	struct days days = {sure->complete, possible->complete};
	json *counted = json_set(arena, entry, "counted", json_new_object(arena));
	json_set_integer(arena, counted, "days", sure->counted);
	json_set(arena, counted, "first", days_date(arena, sure->first));
	json_set_integer(arena, counted, "days_if_accepted", possible->counted);
	json_set_integer(arena, json_get(entry, "required"), "days", sure->required);
	trace_conclude(evaluation, entry, days,
		since == DAY_NEVER ? DAY_NEVER : sure->required - sure->counted);
	if (since == DAY_NEVER)
		say(arena, entry, "eligibility.work_without_start", NULL);
	else
		say_work(evaluation, leaf, entry, days, sure);
}

struct days work_judge_leaf(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry)
{
	int64_t since = work_since(leaf, choice);
	struct work work = gather_work(evaluation, leaf, since, entry);
	struct work_count sure = count_work(evaluation, leaf, &work, STANDING_COUNTS);
	struct work_count possible = count_work(evaluation, leaf, &work, STANDING_REVIEW);
	if (entry)
		trace_work(evaluation, leaf, entry, &sure, &possible, since);
	return (struct days){sure.complete, possible.complete};
}
