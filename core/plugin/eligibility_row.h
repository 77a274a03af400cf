/*
 * Certificates, titles, diplomas and trainings: rows of the facts, each of which fits a requirement or not by itself.
 * Only the files eligibility*.c use it.
 */
#ifndef KAOWU_PLUGIN_ELIGIBILITY_ROW_H
#define KAOWU_PLUGIN_ELIGIBILITY_ROW_H

#include "eligibility_trace.h"

enum row_kind { ROW_CERTIFICATE, ROW_TITLE, ROW_DIPLOMA, ROW_TRAINING, ROW_KINDS };

/* The row of each kind by which a list of requirements is judged, and its day; `row` NULL: none qualifies. */
struct choice {
	struct {
		const json *row;
		int64_t day;
	} chosen[ROW_KINDS];
};

enum row_kind row_kind_of(const json *leaf);    /* ROW_KINDS: the leaf is of another kind */
const char *row_kind_name(enum row_kind kind);  /* "certificate", as leaves have it */
const char *row_kind_table(enum row_kind kind); /* "certificates", as the facts have it */

/* How one row stands to a leaf of its kind; `note` NULL: without saying why. */
struct days row_judge(const struct evaluation *evaluation, const json *leaf, enum row_kind kind,
	const json *row, json *note);

/* A leaf of such a kind, by the row that was chosen; `entry` NULL: without the trace. */
struct days row_judge_leaf(const struct evaluation *evaluation, const json *leaf,
	enum row_kind kind, const struct choice *choice, json *entry);

#endif
