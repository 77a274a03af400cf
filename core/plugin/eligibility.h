/*
 * Who may apply: a condition's requirement tree, a centre's overlays and a candidate's facts become a verdict with
 * a trace.
 *
 * Pure: JSON in, JSON out; no clock, no database, no plugin code. The same input gives the same verdict for ever,
 * so an application keeps its verdict and anybody can reckon it again.
 *
 * facts (schemas/plugin-manifest.schema.json#/$defs/facts; all but `on` may be left out):
 *     {"on": "2026-11-22", "birth": "1985-03-04",
 *      "certificates": [{"occupation", "level", "issued", "number", "consider", "argument"}],
 *      "titles": [{"rank": "junior|intermediate|senior", "issued", "matching", "name"}],
 *      "diplomas": [{"kind", "major", "major_scope": "same|related|unrelated", "graduated" (null: a student),
 *                    "final_year"}],
 *      "trainings": [{"kind": "apprenticeship|course|preparatory_technician", "occupation", "completed",
 *                     "level", "hours" (these two of a course), "consider", "argument"}],
 *      "work": [{"from": "2018-03", "to": "2021-06" (null: the present job), "employer", "occupation",
 *                "relation": "same|related", "consider", "argument"}]}
 *
 * overlays (tenant data, S3), each in force from `from` to `until` (inclusive, null: open), judged by facts.on:
 *     [{"id", "kind": "deny_related", "occupation_code" (the plan's), "name" (what does not count), "reason",
 *       "from", "until"}]
 * deny_related takes a name off the related list for everything: certificates of that occupation, and work in it.
 *
 * The verdict:
 *     {"condition": "1-1", "text", "source", "on", "outcome": "met|not_met|review",
 *      "eligible_from", "eligible_from_if_accepted",
 *      "trace": [one entry for each leaf of the tree:
 *         {"path": "/all/1", "kind": "work", "outcome", "source",
 *          "required": {"years": 5, "since": "certificate", "scope": "related", "days": 1826, "text", "text_en"},
 *          "used": ["/work/2"],                         pointers into the facts
 *          "considered": [{"pointer", "outcome": "counts|review|refused", "overlay", "text", "text_en",
 *                          "from", "to", "days"}],      the last three of work only, before overlaps are merged
 *          "counted": {"days", "first", "days_if_accepted"},       of work only
 *          "short": {"days", "years", "months", "rest_days"},      or null
 *          "overlay": {"id", "reason"},                 the first one that changed something here, or null
 *          "eligible_from", "eligible_from_if_accepted", "text", "text_en"}]}
 *
 * `eligible_from` is the first day on which it is met by what the machine itself can judge; `..._if_accepted` the
 * same if a reviewer accepts everything that is left to him: null where time alone does not help. A present job is
 * taken to go on. The outcome follows: met if the first day has come, review if only the second has.
 *
 * Arithmetic of work. An entry runs from the first day of its first month to the last day of its last month, or on
 * and on if it is the present job, and never past the day of the application. What lies before the certificate's
 * (the title's) day is cut off. Overlaps count once, gaps do not count. The years required are as many days as
 * that number of calendar years has that begin on the first day that counts.
 */
#ifndef KAOWU_PLUGIN_ELIGIBILITY_H
#define KAOWU_PLUGIN_ELIGIBILITY_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"

/*
 * `condition_id` must be one of the manifest's (eligibility_condition()). `overlays` may be NULL. Facts must have
 * passed eligibility_check_facts(); what cannot be read counts as not there. The texts come from the message
 * catalogue (messages_load()).
 */
void eligibility_evaluate(struct arena *arena, const json *manifest, const char *condition_id,
	const json *overlays, const json *facts, json **verdict);

/* The manifest's condition with that id, or NULL. */
const json *eligibility_condition(const json *manifest, const char *condition_id);

/*
 * Faults of input, beyond what the schema says: no such day or month, in the future, before birth, ending before
 * it begins, a graduate in his final year. Adds each with fault_add() at `pointer` ("" where the facts are the
 * body) and what stands below.
 */
void eligibility_check_facts(struct error *error, const char *pointer, const json *facts);

/*
 * One row of the work history where it is typed (S4), and its months: entered as 本职业 it must be the plan's
 * occupation; as 相关职业 a name on the related list, with overlays, or `consider` with an argument where the list is
 * open. Else refused, naming the list. `on` is the day of the application, `pointer` the row's ("/work/2").
 */
void eligibility_check_work_row(struct error *error, const char *pointer, const json *manifest,
	const json *overlays, const char *on, const json *row);

#endif
