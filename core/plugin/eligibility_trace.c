/*
 * The words and numbers of a trace (eligibility_trace.h).
 */
#include "eligibility_trace.h"

#include "base/clock.h"
#include "base/text.h"
#include "saying.h"

enum outcome days_outcome(struct days days, int64_t on)
{
	if (days.sure <= on)
		return OUTCOME_MET;
	return days.possible <= on ? OUTCOME_REVIEW : OUTCOME_NOT_MET;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {"met", "review", "not_met"};
	return names[outcome];
}

const char *days_words(struct arena *arena, int64_t day)
{
	return day == DAY_NEVER ? NULL : date_text(arena, date_from_number(day));
}

json *days_date(struct arena *arena, int64_t day)
{
	return json_new_text(arena, days_words(arena, day));
}

struct days days_of(enum standing standing, int64_t day)
{
	return (struct days){standing == STANDING_COUNTS ? day : DAY_NEVER,
		standing == STANDING_REFUSED ? DAY_NEVER : day};
}

int64_t fact_day(const json *row, const char *name)
{
	const char *text = json_get_text(row, name);
	struct date date;
	if (!text || date_parse(text, &date) || date.year < FACT_YEAR_MIN ||
		date.year > FACT_YEAR_MAX)
		return DAY_NEVER;
	return date_number(date);
}

int64_t years_after(int64_t day, int64_t years)
{
	if (day == DAY_NEVER)
		return DAY_NEVER;
	return date_number(date_add_years(date_from_number(day), (int)years));
}

struct relation fact_relation(
	const struct evaluation *evaluation, const json *leaf, const json *row)
{
	return relation_judge(evaluation->arena, evaluation->manifest, evaluation->overlays,
		evaluation->on_text, json_get_text(row, "occupation"),
		json_get_true(row, "consider"), text_equal(json_get_text(leaf, "scope"), "same"));
}

const char *phrase_number(struct arena *arena, const char *phrase, int64_t number)
{
	return arena_printf(arena, PHRASE("%s_%d"), phrase, (int)number);
}

const char *phrase_word(struct arena *arena, const char *phrase, const char *word)
{
	return arena_printf(arena, PHRASE("%s_%s"), phrase, word ? word : "unknown");
}

/* ---- What is asked for, in words ---- */

static const char *diploma_words(struct arena *arena, const json *leaf)
{
	const char *words = "";
	json_each(diploma, json_get(leaf, "diplomas")) words = arena_printf(arena, "%s%s", words,
		phrase_word(arena, "eligibility.diploma", json_text(diploma)));
	return words;
}

static const char *diploma_required(struct arena *arena, const json *leaf)
{
	const char *students = json_get_text(leaf, "students");
	if (text_equal(students, "only"))
		return "eligibility.need_student";
	return arena_printf(arena, "eligibility.need_%sdiploma%s",
		json_get_true(leaf, "assessed") ? "assessed_" : "",
		text_equal(students, "final_year") ? "_final_year" : "");
}

static const char *required_code(struct arena *arena, const json *leaf, const char *kind)
{
	if (text_equal(kind, "certificate"))
		return json_get_integer(leaf, "held_years") ? "eligibility.need_certificate_held"
							    : "eligibility.need_certificate";
	if (text_equal(kind, "title"))
		return "eligibility.need_title";
	if (text_equal(kind, "diploma"))
		return diploma_required(arena, leaf);
	if (text_equal(kind, "age"))
		return "eligibility.need_age";
	if (text_equal(kind, "training"))
		return arena_printf(arena, "eligibility.need_%s", json_get_text(leaf, "training"));
	if (!json_get_integer(leaf, "years"))
		return "eligibility.need_any_work";
	if (text_equal(json_get_text(leaf, "since"), "certificate"))
		return "eligibility.need_work_since_certificate";
	if (text_equal(json_get_text(leaf, "since"), "title"))
		return "eligibility.need_work_since_title";
	return "eligibility.need_work";
}

/* The leaf itself without its kind, and the same in words. */
static json *required(struct arena *arena, const json *leaf, const char *kind)
{
	const char *of = text_equal(kind, "diploma") ? "eligibility.major" : "eligibility.scope";
	int64_t years = json_get_integer(leaf, "years") + json_get_integer(leaf, "held_years");
	json *copy = json_copy(arena, leaf);
	json_remove(copy, "kind");
	say(arena, copy, required_code(arena, leaf, kind), "years", say_number(arena, years),
		"level", phrase_number(arena, "eligibility.level", json_get_integer(leaf, "level")),
		"scope", phrase_word(arena, of, json_get_text(leaf, "scope")), "rank",
		phrase_word(arena, "eligibility.rank", json_get_text(leaf, "rank")), "diplomas",
		diploma_words(arena, leaf), "hours",
		say_number(arena, json_get_integer(leaf, "hours")), NULL);
	return copy;
}

json *trace_entry(const struct evaluation *evaluation, const json *leaf, json *trace)
{
	struct arena *arena = evaluation->arena;
	const char *kind = json_get_text(leaf, "kind");
	json *entry = json_append(trace, json_new_object(arena));
	json_set_text(arena, entry, "kind", kind);
	json_set_text(arena, entry, "source", evaluation->source);
	json_set(arena, entry, "required", required(arena, leaf, kind));
	json_set(arena, entry, "used", json_new_array(arena));
	json_set(arena, entry, "considered", json_new_array(arena));
	return entry;
}

/* ---- What was looked at ---- */

json *trace_note(const struct evaluation *evaluation, json *entry, const char *table, int index)
{
	struct arena *arena = evaluation->arena;
	json *note = json_append(json_get(entry, "considered"), json_new_object(arena));
	json_set_text(arena, note, "pointer", arena_printf(arena, "/%s/%d", table, index));
	return note;
}

void trace_standing(const struct evaluation *evaluation, json *note, enum standing standing)
{
	static const char *const names[] = {"refused", "review", "counts"};
	json_set_text(evaluation->arena, note, "outcome", names[standing]);
}

static void set_overlay(struct arena *arena, json *note, const json *overlay)
{
	json *told = overlay ? json_new_object(arena) : json_new_null(arena);
	if (overlay) {
		json_set_text(arena, told, "id", json_get_text(overlay, "id"));
		json_set_text(arena, told, "reason", json_get_text(overlay, "reason"));
	}
	json_set(arena, note, "overlay", told);
}

void trace_relation(const struct evaluation *evaluation, json *note, const json *row,
	const struct relation *relation)
{
	struct arena *arena = evaluation->arena;
	bool refused = relation->standing == STANDING_REFUSED; /* only then the list is named */
	say(arena, note, relation->code, "occupation", json_get_text(row, "occupation"), "plan",
		relation_occupation(evaluation->manifest), "list",
		refused ? relation_list(arena, evaluation->manifest, evaluation->overlays,
				  evaluation->on_text)
			: "",
		"reason", relation->overlay ? json_get_text(relation->overlay, "reason") : "",
		NULL);
	set_overlay(arena, note, relation->overlay);
}

void trace_use(const struct evaluation *evaluation, json *entry, const json *note)
{
	struct arena *arena = evaluation->arena;
	const char *pointer = json_get_text(note, "pointer");
	json_append(json_get(entry, "used"), json_new_text(arena, pointer));
}

/* ---- What came out ---- */

static struct date months_after(struct date date, int months)
{
	int month = date.month - 1 + months;
	struct date after = {date.year + month / 12, month % 12 + 1, date.day};
	int length = days_in_month(after.year, after.month);
	if (after.day > length)
		after.day = length;
	return after;
}

/* What is missing, as days and as the calendar counts them from the day after the application. */
static json *missing_time(const struct evaluation *evaluation, int64_t days)
{
	struct arena *arena = evaluation->arena;
	struct date start = date_from_number(evaluation->on + 1);
	int64_t end = evaluation->on + 1 + days;
	int months = 0;
	while (date_number(months_after(start, months + 1)) <= end)
		months++;

	json *told = json_new_object(arena);
	json_set_integer(arena, told, "days", days);
	json_set_integer(arena, told, "years", months / 12);
	json_set_integer(arena, told, "months", months % 12);
	json_set_integer(arena, told, "rest_days", end - date_number(months_after(start, months)));
	return told;
}

/* The first one noted. */
static const json *noted_overlay(const json *entry)
{
	json_each(note, json_get(entry, "considered"))
	{
		if (json_is_object(json_get(note, "overlay")))
			return json_get(note, "overlay");
	}
	return NULL;
}

void trace_conclude(
	const struct evaluation *evaluation, json *entry, struct days days, int64_t missing)
{
	struct arena *arena = evaluation->arena;
	enum outcome outcome = days_outcome(days, evaluation->on);
	bool is_short = outcome != OUTCOME_MET && missing != DAY_NEVER;
	json_set_text(arena, entry, "outcome", outcome_name(outcome));
	json_set(arena, entry, "short",
		is_short ? missing_time(evaluation, missing) : json_new_null(arena));
	set_overlay(arena, entry, noted_overlay(entry));
	json_set(arena, entry, "eligible_from", days_date(arena, days.sure));
	json_set(arena, entry, "eligible_from_if_accepted", days_date(arena, days.possible));
}

void trace_conclude_day(const struct evaluation *evaluation, json *entry, struct days days,
	const char *missing_code)
{
	struct arena *arena = evaluation->arena;
	enum outcome outcome = days_outcome(days, evaluation->on);
	int64_t day = outcome == OUTCOME_REVIEW ? days.possible : days.sure;
	const char *code = missing_code;
	if (outcome == OUTCOME_MET)
		code = "eligibility.leaf_met";
	else if (outcome == OUTCOME_REVIEW)
		code = "eligibility.leaf_review";
	else if (day != DAY_NEVER)
		code = "eligibility.leaf_from";
	trace_conclude(evaluation, entry, days,
		days.sure == DAY_NEVER ? DAY_NEVER : days.sure - evaluation->on);
	say(arena, entry, code, "day", days_words(arena, day), NULL);
}
