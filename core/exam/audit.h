/*
 * Who did what, as a hash chain: each row holds the hash of the one before (SHA-256 over its canonical text).
 *
 * Every state change appends its row in the same transaction. `detail` never holds personal data: ids, codes, counts.
 */
#ifndef KAOWU_EXAM_AUDIT_H
#define KAOWU_EXAM_AUDIT_H

#include "page.h"
#include "transaction.h"

/* action: "application.submitted"; subject: an id or NULL; detail: an object or NULL. TOO_MANY ("audit.day_acts",
 * seconds) to a candidate for whose subject there were LIMIT_DAY_ACTS rows within a day. */
enum result audit_append(struct transaction *tx, const char *action, const char *subject,
	const json *detail) MUST_CHECK;

/* The newest row's hash (64 hex digits), or 64 zeros for an empty log. */
enum result audit_head(struct transaction *tx, const char **hash) MUST_CHECK;

/* Recomputes the whole chain; BROKEN ("audit.broken") names the first row that does not fit. */
enum result audit_verify(struct transaction *tx, int64_t *rows, const char **head) MUST_CHECK;

/*
 * {rows: [{sequence, happened_at, actor_kind, actor_id, actor_name, action, subject, subject_name, detail, hash}],
 * next}, newest first. `about`: NULL for all, or an id, or what people know it by: the number of an application, of an
 * order or a refund of it, a plan's code, a login, a candidate's mobile number; to operators a plugin's id and version.
 */
enum result audit_list(
	struct transaction *tx, const char *about, const struct page *page, json **out) MUST_CHECK;

#endif
