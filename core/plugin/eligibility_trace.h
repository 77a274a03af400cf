/*
 * What one evaluation is about, and how its trace is written. Only the files eligibility*.c use it.
 */
#ifndef KAOWU_PLUGIN_ELIGIBILITY_TRACE_H
#define KAOWU_PLUGIN_ELIGIBILITY_TRACE_H

#include "base/arena.h"
#include "base/json.h"
#include "relation.h"
#include "work_days.h"

/* Facts of other years cannot be read. */
#define FACT_YEAR_MIN 1900
#define FACT_YEAR_MAX 2200

/* Nothing of it changes while it runs. */
struct evaluation {
	struct arena *arena;
	const json *manifest, *overlays, *facts;
	const char *source;  /* of the condition */
	const char *on_text; /* the day of the application */
	int64_t on;
};

/*
 * The first day on which something is met, by the machine's judgement alone, and if a reviewer accepts what is
 * left to him. Outcomes follow from them; "all" is the later and "any" the earlier of two: that is the whole
 * algebra.
 */
struct days {
	int64_t sure, possible;
};

/* From best to worst for the candidate. */
enum outcome { OUTCOME_MET, OUTCOME_REVIEW, OUTCOME_NOT_MET };

enum outcome days_outcome(struct days days, int64_t on);
const char *outcome_name(enum outcome outcome);           /* "met", "review", "not_met" */
json *days_date(struct arena *arena, int64_t day);        /* text, or null for DAY_NEVER */
const char *days_words(struct arena *arena, int64_t day); /* the same as text or NULL */
/* What counts has its day as both, what a reviewer may let count as `possible` only, what does not has none. */
struct days days_of(enum standing standing, int64_t day);

/* The day that a fact names; DAY_NEVER if it cannot be read. */
int64_t fact_day(const json *row, const char *name);
int64_t years_after(int64_t day, int64_t years);
/* How a row's occupation stands to the plan's, within the leaf's scope. */
struct relation fact_relation(
	const struct evaluation *evaluation, const json *leaf, const json *row);

/* Parameters for say(): the message `phrase`_2, `phrase`_related. */
const char *phrase_number(struct arena *arena, const char *phrase, int64_t number);
const char *phrase_word(struct arena *arena, const char *phrase, const char *word);

/* A new entry for a leaf: what is asked for, with empty lists of what is used and considered. */
json *trace_entry(const struct evaluation *evaluation, const json *leaf, json *trace);

/* A note on row `index` of a table of the facts, among the entry's `considered`. */
json *trace_note(const struct evaluation *evaluation, json *entry, const char *table, int index);
void trace_standing(const struct evaluation *evaluation, json *note, enum standing standing);
/* Says the relation, with the list or the overlay's reason. */
void trace_relation(const struct evaluation *evaluation, json *note, const json *row,
	const struct relation *relation);
/* The noted row goes into the entry's `used`. */
void trace_use(const struct evaluation *evaluation, json *entry, const json *note);

/*
 * Ends an entry: its outcome and days, the first overlay noted, and what is short of `missing` days (DAY_NEVER:
 * time does not help).
 */
void trace_conclude(
	const struct evaluation *evaluation, json *entry, struct days days, int64_t missing);
/* The same for a leaf that is met on a day, and says so; `missing_code` where no day is known. */
void trace_conclude_day(const struct evaluation *evaluation, json *entry, struct days days,
	const char *missing_code);

#endif
