/*
 * Handing in: completeness, the verdict, and the revision that is kept for ever.
 *
 * A revision is what a reviewer judges and what the printed form carries the hash of. It is written when an
 * application is handed in and whenever it is edited under review; an edit under review that would leave it
 * incomplete is refused. TOO_MANY ("application.day_revisions", seconds) once there were LIMIT_DAY_REVISIONS within a
 * day.
 */
#ifndef KAOWU_EXAM_SUBMISSION_H
#define KAOWU_EXAM_SUBMISSION_H

#include "application.h"

/* Evaluates as it stands now, without handing in: verdict with trace, and what is still missing (faults as data). */
enum result application_preview(
	struct transaction *tx, struct application *application, json **out) MUST_CHECK;

/* INVALID with every missing or failing place; a verdict "not_met" is a refusal too ("eligibility.not_met"). Draft
 * or rejected. */
enum result application_submit(struct transaction *tx, struct application *application) MUST_CHECK;

/* After a topic or material changed: under review a new revision, otherwise just saved. Audits
 * "application.changed". */
enum result submission_changed(
	struct transaction *tx, struct application *application, const char *item) MUST_CHECK;

/* What was approved with another form (correction.h): the next revision, with the same materials and verdict, which is
 * the approved one from then on. The caller moves the application. */
enum result submission_corrected(
	struct transaction *tx, struct application *application, const json *form) MUST_CHECK;

/* What the form of a revision is sealed under. */
char *revision_context(struct transaction *tx, const char *application_id, int64_t revision);

/* The hash of a revision: printed on the paper forms. */
enum result submission_hash(struct transaction *tx, const struct application *application,
	int64_t revision, const char **hash) MUST_CHECK;

#endif
