/*
 * What was misread or mistyped is put right after the approval, by the centre.
 *
 * Whom an application is of, and what it was judged by, is not corrected: kind and number of the document, the day of
 * birth, condition, certificates, work. That is another application. A correction makes a new revision, to which the
 * approval is pinned from then on; the one that was judged stays, with its hash. The ticket is drawn by the new one.
 */
#ifndef KAOWU_EXAM_CORRECTION_H
#define KAOWU_EXAM_CORRECTION_H

#include "application.h"

/* {id, number, version, state, status, status_text, plan_name, id_type, id_masked, possible, details: what may be
 * corrected, as it stands}. CONFLICT ("correction.never_handed_in"): a draft is its candidate's own business;
 * ("erasure.nothing_left"). */
enum result correction_view(
	struct transaction *tx, const struct application *application, json **out) MUST_CHECK;

/*
 * `body`: members of the details that are to be otherwise, and "reason" (reason_written()). Audits which, not what; the
 * candidate is told by SMS, and a book of tickets that is there is drawn anew. INVALID by pointer, as where they were
 * typed; CONFLICT ("application.state") unless approved or ticketed, ("correction.nothing").
 */
enum result application_correct(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;

#endif
