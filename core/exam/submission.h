/*
 * Handing in: completeness, the verdict, and the revision that is kept for ever.
 *
 * A revision is what a reviewer judges and what the printed form carries the hash of. It is written when an
 * application is handed in and whenever it is edited under review; an edit under review that would leave it
 * incomplete is refused.
 */
#ifndef KAOWU_EXAM_SUBMISSION_H
#define KAOWU_EXAM_SUBMISSION_H

#include "application.h"

/* Evaluates the pinned manifest with the tenant's overlays on the form as it stands today, and has the plugin's own
 * function judge it (consultation.h): a fault for each thing that it refuses; *manual is true where a reviewer has to
 * judge eligibility because the plugin failed. Only a `whole` form, with nothing missing, is shown to the plugin. */
enum result submission_verdict(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *form, bool whole, json **verdict,
	bool *manual) MUST_CHECK;

/* After a topic or material changed: under review a new revision, otherwise just saved. Audits
 * "application.changed". */
enum result submission_changed(
	struct transaction *tx, struct application *application, const char *item) MUST_CHECK;

/* The hash of the newest revision, or of what stands now if there is none: printed on the paper form. */
enum result submission_hash(struct transaction *tx, const struct application *application,
	const char **hash) MUST_CHECK;

#endif
