/*
 * Review (S15, S16): queue, lease, judgement item by item, decision.
 *
 * Items are "details", "condition", "certificates", "work", and "material:<id>" for each material asked for; "related:<row>" where a candidate
 * asked for an occupation to be considered. Reason codes: schemas/reasons.json.
 */
#ifndef KAOWU_EXAM_REVIEW_H
#define KAOWU_EXAM_REVIEW_H

#include "application.h"

/* filter: {state, plan, occupation, level, holder ("me", "nobody", account id), overdue, name, number, cursor, limit}; ordered by due_at. Rows carry the
 * lease (who, until), due_at, overdue, candidate name, masked ID, plan, missing materials, resubmission or not. */
enum result review_queue(struct transaction *tx, const json *filter, json **out) MUST_CHECK;
/* Claims for LIMIT_LEASE; CONFLICT ("review.leased", holder, until) if somebody else holds it, unless take_over, which is audited. */
enum result review_claim(struct transaction *tx, struct application *application, bool take_over, json **out) MUST_CHECK;
enum result review_release(struct transaction *tx, struct application *application) MUST_CHECK;
/* Everything for the desk: form, trace, items with judgements, materials, revisions with what changed since the last judged one, decisions. */
enum result review_view(struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/* {outcome: pass|fail, reasons: [code], note}; a fail needs a reason (OTHER needs a note). Needs the lease; renews it. */
enum result review_judge(struct transaction *tx, struct application *application, const char *item, const json *body, json **out) MUST_CHECK;
/* The SMS that a decision of `outcome` would send, from the judgements as they stand. */
enum result review_preview(struct transaction *tx, struct application *application, const char *outcome, json **out) MUST_CHECK;
/* {outcome, note}: approve needs every item passed, reject at least one failed. Pins the revision, moves, audits, notifies. */
enum result review_decide(struct transaction *tx, struct application *application, const json *body, json **out) MUST_CHECK;
json *review_reasons(struct arena *arena, enum language language);

#endif
