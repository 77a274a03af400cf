/*
 * Plans as an administrator makes them (S12): a draft that need not be complete, what it still lacks, published,
 * closed, and what may change afterwards.
 *
 * A draft has its row from the first moment on, with its plugin pinned and its code for good; whatever else is missing
 * is told by plan_desk_view(), and nobody else sees the draft before it is published.
 *
 * `body` is a plan's document without `state`. Unknown ids are NOT_FOUND ("plan.unknown"), another version than the
 * plan's is STALE ("plan.stale"); a cancelled plan (plan_cancel.h) changes no more: CONFLICT ("plan.cancelled").
 */
#ifndef KAOWU_EXAM_PLAN_DESK_H
#define KAOWU_EXAM_PLAN_DESK_H

#include "plan.h"

/* {id, version, state, document, missing: [fault], years_without_calendar: [2027], applications, tickets_from,
 * plugin_id, plugin_version, occupation_name, level_name, condition_set, subjects, work_types}, of a cancelled one
 * {cancelled_at, cancel_reason} too. `missing` is empty for what can be published; in the years without a calendar
 * (calendar.h) due times of its reviews are counted Monday to Friday. */
enum result plan_desk_view(struct transaction *tx, const char *id, json **out) MUST_CHECK;

/* INVALID at "/code" ("plan.code_taken") and "/occupation_code" ("plugin.none"). */
enum result plan_desk_create(struct transaction *tx, const json *body, const char **id) MUST_CHECK;
/* The same again under another {code, name}, without its filing number, as a draft. */
enum result plan_desk_clone(
	struct transaction *tx, const char *from, const json *body, const char **id) MUST_CHECK;
/*
 * A draft takes anything. What was published must stay whole; once somebody has applied, only what harms nobody may
 * change: INVALID with the reason at each place ("plan.fee_fixed", "plan.identities_fewer", "plan.shortened",
 * "plan.places_taken", "plan.seats_fixed"), CONFLICT ("plan.pinned").
 */
enum result plan_desk_save(
	struct transaction *tx, const char *id, int64_t version, const json *body) MUST_CHECK;
/* INVALID with everything that is missing. A closed plan can be opened again. */
enum result plan_desk_publish(struct transaction *tx, const char *id, int64_t version) MUST_CHECK;
/* Takes no more applications; those that are there go on. CONFLICT ("plan.not_published"). */
enum result plan_desk_close(struct transaction *tx, const char *id, int64_t version) MUST_CHECK;
/* As candidates will see it; INVALID with everything that is missing. */
enum result plan_desk_preview(struct transaction *tx, const char *id, json **out) MUST_CHECK;

/* Occupations and levels that a plan can be made for, by the newest active plugin of each: {plugins: [{id, version,
 * occupation_code, occupation_name, level}], next}. */
enum result plan_desk_plugins(
	struct transaction *tx, const struct page *page, json **out) MUST_CHECK;

#endif
