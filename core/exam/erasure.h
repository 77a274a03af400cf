/*
 * Erasing a candidate who has asked for it (PIPL, article 47), by staff.
 *
 * What was approved or paid for is an archive of the assessment and is kept after its plan's last day for as many years
 * as the centre says, or LIMIT_ARCHIVE_YEARS; everything else goes at once. Of an application that was handed in a
 * tombstone stays: its number, its states, and in the audit log the hash of what was handed in. Consents stay as well:
 * they prove what was agreed to.
 */
#ifndef KAOWU_EXAM_ERASURE_H
#define KAOWU_EXAM_ERASURE_H

#include "application.h"
#include "page.h"

/* For administrators, the oldest first, without those of whom nothing is left, or only those that wait to be carried
 * out (`waiting` "true"; NULL: all): {erasures: [{account_id, mobile (masked), asked_at, applications, carried_out_at,
 * kept_until}], next}. */
enum result erasure_list(struct transaction *tx, const char *waiting, const struct page *page,
	json **out) MUST_CHECK;

/*
 * Closes the account, ends its sessions, frees its mobile number and erases what need not be kept; after the term, the
 * rest. {account_id, erased, kept, kept_until}. Files leave by the next sweep. NOT_FOUND ("erasure.unknown");
 * CONFLICT ("erasure.not_asked"), ("erasure.live", number) while an application is under way, ("erasure.sitting",
 * number, until) before the exam of one with a ticket is over, ("erasure.kept", until) while the term of everything
 * that is left still runs.
 */
enum result erasure_carry_out(
	struct transaction *tx, const char *account_id, json **out) MUST_CHECK;

/* CONFLICT ("erasure.nothing_left") where what was handed in has been erased: nothing is drawn or decided of it. */
enum result erasure_expect_none(
	struct transaction *tx, const struct application *application) MUST_CHECK;

/*
 * By itself, what is kept no longer: the rest of whoever had asked, and, where the centre says how many years it keeps
 * its archives, all that was handed in for each plan whose term ended within the year before, each with its audit row.
 * Of the latter at most `most` applications, counted in `erased`.
 */
enum result erasure_of_archives(struct transaction *tx, int64_t most, int64_t *erased) MUST_CHECK;

#endif
