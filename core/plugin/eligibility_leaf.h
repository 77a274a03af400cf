/*
 * One requirement held against the facts: the leaves of a condition's tree. Only eligibility.c uses it.
 */
#ifndef KAOWU_PLUGIN_ELIGIBILITY_LEAF_H
#define KAOWU_PLUGIN_ELIGIBILITY_LEAF_H

#include "base/arena.h"
#include "base/json.h"
#include "work_days.h"

/* What an evaluation is about; nothing of it changes while it runs. */
struct evaluation {
	struct arena *arena;
	const json *manifest, *overlays, *facts;
	const char *source;  /* of the condition */
	const char *on_text; /* the day of the application */
	int64_t on;
};

/*
 * The first day on which something is met, by the machine's judgement alone, and if a reviewer accepts what is left to him. Outcomes
 * follow from them, "all" is the later and "any" the earlier of two: that is the whole algebra.
 */
struct days {
	int64_t sure, possible;
};

/* The certificate and the title by which a list is judged; `row` NULL: none qualifies. */
struct anchor {
	const json *row;
	int64_t day;
};
struct choice {
	struct anchor certificate, title;
};

const char *days_outcome(struct days days, int64_t on); /* "met", "not_met", "review" */
json *days_date(struct arena *arena, int64_t day);      /* text, or null for DAY_NEVER */

/* The day that a fact names, DAY_NEVER if it cannot be read. */
int64_t fact_day(const json *row, const char *name);

/* How one row of the facts ("certificates", "titles") stands to a leaf of that kind. */
struct days leaf_judge_row(const struct evaluation *evaluation, const json *leaf, const json *row);

/* Judges a leaf; `entry` NULL gives the days alone, without the trace. */
struct days leaf_judge(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry);

#endif
