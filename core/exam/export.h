/*
 * The office's list as a spreadsheet, to be taken elsewhere.
 *
 * It is made from a snapshot, and given away by the transaction that audits who took it. Numbers are masked; in full
 * they are for an administrator who says what for.
 */
#ifndef KAOWU_EXAM_EXPORT_H
#define KAOWU_EXAM_EXPORT_H

#include "transaction.h"

struct export
{
	struct bytes content; /* .xlsx */
	int64_t rows;
};

/*
 * `body`: roster_list()'s filter, and {numbers: "masked" or "full", purpose}. FORBIDDEN ("export.numbers"); INVALID at
 * "/purpose" ("export.purpose"); CONFLICT ("export.many") beyond LIMIT_EXPORT_ROWS: nothing is cut off unseen.
 */
enum result export_make(struct transaction *tx, const json *body, struct export *out) MUST_CHECK;
enum result export_take(
	struct transaction *tx, const json *body, const struct export *made) MUST_CHECK;

#endif
