/*
 * Which items of an application the candidate can change now: all of a draft; under review all but what a round before
 * has passed; after a rejection what failed and, where the condition did, what another one may ask for.
 */
#ifndef KAOWU_EXAM_OPENNESS_H
#define KAOWU_EXAM_OPENNESS_H

#include "application.h"

/* May the candidate change this item now ("details", "work", "material:portrait")? CONFLICT ("application.locked")
 * if not. */
enum result application_item_open(
	struct transaction *tx, const struct application *application, const char *item) MUST_CHECK;
/* CONFLICT ("plan.not_open"): no change of this application is taken any more. Who was rejected has until his own
 * moment to correct it (deadline.h). */
enum result application_expect_open(struct transaction *tx, const struct application *application,
	const struct plan *plan) MUST_CHECK;

/* What it depends on, read once for all items. */
struct openness {
	enum application_state state;
	json *judged; /* [{item, outcome, revision, answered}] */
	int64_t decided_revision;
};

enum result openness_load(struct transaction *tx, const struct application *application,
	struct openness *out) MUST_CHECK;
/* `item`: "details", "work", "material:portrait". */
bool openness_of(const struct openness *openness, const char *item);
/* The items that the candidate has filled in or uploaded again since they were refused: names. */
json *openness_answered(struct transaction *tx, const struct openness *openness);

#endif
