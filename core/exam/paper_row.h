/*
 * The row of an application's papers, and what is to be posted.
 */
#ifndef KAOWU_EXAM_PAPER_ROW_H
#define KAOWU_EXAM_PAPER_ROW_H

#include "application.h"

struct paper_row {
	const char *courier, *courier_number;
	int64_t posted_at, received_at, accepted_at;
	int64_t grace_until; /* deadline.h; written there, not by paper_row_save() */
	json *items;         /* as received: [{material, copies, outcome, reasons, note}] */
};

/* An empty one where nothing has happened yet. */
enum result paper_row_load(
	struct transaction *tx, const char *application_id, struct paper_row *out) MUST_CHECK;
enum result paper_row_save(
	struct transaction *tx, const char *application_id, const struct paper_row *row) MUST_CHECK;

/* Of materials as application_materials_asked() gives them those with paper_copies above 0. */
json *paper_among(struct transaction *tx, const json *materials);
/* All that are asked of the application. */
json *paper_asked(
	struct transaction *tx, const struct plan *plan, const struct application *application);

#endif
