/*
 * A case: one revision of an application with the items to judge and the judgements that stand. Inside of
 * review.h.
 */
#ifndef KAOWU_EXAM_REVIEW_CASE_H
#define KAOWU_EXAM_REVIEW_CASE_H

#include "application.h"

/* What was handed in, as it is kept. */
struct review_revision {
	const char *identity, *condition_id, *hash;
	json *form, *materials, *verdict; /* materials: [{material, file_id, sha256}] */
};

struct review_item {
	const char *name;
	const char *pointer; /* into the form, of a related row; else NULL */
	const char *
		topic; /* of a related row: the item that the candidate corrects it by; else NULL */
	const char *outcome; /* "pass", "fail", or NULL while it is not judged */
	json *reasons;
	const char *note, *account_id, *account_name;
	int64_t revision, judged_at;
	bool locked; /* passed by an earlier round */
};

struct review_case {
	struct plan plan;
	struct review_revision revision;
	json *asked; /* the manifest's materials of the condition */
	struct review_item *items;
	size_t item_count;
	int64_t decided_revision; /* of the last decision; 0: none */
};

enum result review_revision_load(struct transaction *tx, const char *application_id,
	int64_t revision, struct review_revision *out) MUST_CHECK;
/* CONFLICT ("review.never_handed_in") where there is no revision, and as of erasure_expect_none(). */
enum result review_case_load(struct transaction *tx, const struct application *application,
	struct review_case *out) MUST_CHECK;

struct review_item *review_case_item(const struct review_case *file, const char *name);
/* What people call it: "工作经历", a material by its name, of a related row its occupation. */
const char *review_item_title(
	struct transaction *tx, const struct review_case *file, const struct review_item *item);
bool review_item_is(const struct review_item *item, const char *outcome);

/* "approved" if every item passed, "rejected" if all are judged and one failed, else "undecided". */
const char *review_case_outcome(const struct review_case *file);

#endif
