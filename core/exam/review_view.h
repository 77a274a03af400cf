/*
 * The parts of the desk's view: inside of review.h.
 */
#ifndef KAOWU_EXAM_REVIEW_VIEW_H
#define KAOWU_EXAM_REVIEW_VIEW_H

#include "review_case.h"

/* [{item, pointer, outcome, reasons, note, revision, judged_at, judged_by, locked}] */
json *review_items_json(struct transaction *tx, const struct review_case *file);

#endif
