/*
 * Review (S15, S16): queue, lease, judgement item by item, decision.
 *
 * Items are "details", "condition", "certificates", "work", "fields" if the plugin has any, "material:<id>" for each
 * material that is required or was uploaded, and "related:<n>" for each certificate and each work row (in this order,
 * counted from 0) that the candidate asked to be considered. What an earlier round passed stays passed; a related
 * row counts as judged only while it reads as it did then, and the handwritten form as passed only with the
 * condition that it has copied out. Reason codes: reason.h.
 *
 * What is judged is the newest revision, never what the candidate is writing at the moment.
 *
 * A lease, as JSON: {holder, name, until, mine}, or null where nobody has it. It lasts LIMIT_LEASE and is
 * renewed by activity: by claiming again and by judging at once, by reading what is judged when a third of it
 * is gone. None of it changes the application's version: only the candidate's edits make a decision STALE.
 */
#ifndef KAOWU_EXAM_REVIEW_H
#define KAOWU_EXAM_REVIEW_H

#include "application.h"

/*
 * filter, all texts: {state ("reviewing" if not said), plan, occupation, level, holder ("me", "nobody",
 * account id), overdue ("true"), name (a part of it), number, cursor, limit}; ordered by due_at.
 * {applications: [{id, number, version, state, plan_id, plan_name, occupation_code, occupation_name, level,
 * condition, revision, round, manual, submitted_at, due_at, overdue, name, id_masked, lease, missing:
 * [material names]}], counts: {waiting, overdue, mine} of all that waits, null beyond the first page, next}. A name is
 * looked for in a bounded number of rows a call; `next` goes on from there.
 */
enum result review_queue(struct transaction *tx, const json *filter, json **out) MUST_CHECK;
/*
 * Claims for LIMIT_LEASE; CONFLICT ("review.leased", holder, until) if somebody else holds it, unless
 * take_over, which is audited. Gives {lease}. CONFLICT ("review.not_waiting") unless it waits for review.
 */
enum result review_claim(struct transaction *tx, struct application *application, bool take_over,
	json **out) MUST_CHECK;
enum result review_release(struct transaction *tx, struct application *application) MUST_CHECK;
/* Does the actor hold the lease, with less than two thirds of it left? For reads, which cannot renew it themselves. */
bool review_lease_wanes(const struct transaction *tx, const struct application *application);
/* Renews the lease if the actor holds it still; else nothing changes. */
enum result review_lease_keep(struct transaction *tx, const char *application_id) MUST_CHECK;
/*
 * Everything for the desk: {id, number, version, state, status, status_text, plan, round, revision,
 * approved_revision, submitted_at, due_at, overdue, decided_at, manual, identity, condition, form, verdict,
 * lease, items, materials, revisions, changes, decisions}. items: [{item, pointer, outcome, reasons, note,
 * revision, judged_at, judged_by, locked}]; changes: {since, topics: [{item, pointer, before, after}],
 * materials: [{material, change: added|replaced|removed}]} against the last judged revision. A material's
 * `sentence` is what has to stand on it by hand, to the letter, or null. CONFLICT ("review.never_handed_in").
 */
enum result review_view(
	struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/*
 * {outcome: pass|fail, reasons: [code], note, revision}; a fail needs a reason (OTHER needs a note). `revision`, if it
 * is said, is the one that was looked at: STALE ("review.revised") once there is another. Needs the lease; renews it.
 * Gives {items, outcome (what a decision would be now), lease}.
 */
enum result review_judge(struct transaction *tx, struct application *application, const char *item,
	const json *body, json **out) MUST_CHECK;
/*
 * The SMS that a decision of `outcome` would send, from the judgements as they stand; NULL: of the outcome
 * that they make. Gives {outcome, text, computed ("approved", "rejected" or "undecided"), unjudged: [item],
 * failed: [item]}.
 */
enum result review_preview(struct transaction *tx, struct application *application,
	const char *outcome, json **out) MUST_CHECK;
/*
 * {outcome: approved|rejected, note}: approved needs every item passed, rejected at least one failed. Pins
 * the revision, moves, audits, notifies; gives {decision, outcome, state, version, text}. Approving what the
 * machine could not tell (verdict "review", or a quarantined plugin) is the reviewer's acceptance and is
 * audited as such.
 */
enum result review_decide(struct transaction *tx, struct application *application, const json *body,
	json **out) MUST_CHECK;

#endif
