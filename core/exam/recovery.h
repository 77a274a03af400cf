/*
 * The way back to an account whose person has lost both the mobile number and the password: at the centre's desk, with
 * the identity card.
 *
 * It is taking over an account, for the right person. So an administrator does it, in the person's presence: the ID
 * number is typed from the card and must be that of an application which was handed in from this account; the person
 * types the code that came to the new number. Nobody is signed in by it: a new password is set as a forgotten one is,
 * by a code of its own. The old number is told by SMS, the reason stands in the audit log, and the owner reads it.
 */
#ifndef KAOWU_EXAM_RECOVERY_H
#define KAOWU_EXAM_RECOVERY_H

#include "application.h"

/* Who stands at the desk, of an application of theirs: {id, number, version, state, status, status_text, plan_name,
 * name, id_type, id_masked, mobile (masked), closed}. What is still a draft shows nothing of its person. */
enum result recovery_view(
	struct transaction *tx, const struct application *application, json **out) MUST_CHECK;

/*
 * Sends a code to the number that the account is to change to. CONFLICT ("recovery.closed") for an account that was
 * erased, ("recovery.never_handed_in"); INVALID at "/mobile" ("recovery.taken") if somebody signs in by it; TOO_MANY as
 * of code_send().
 */
enum result recovery_code(struct transaction *tx, const struct application *application,
	const char *mobile) MUST_CHECK;

/* What the desk has typed. */
struct recovery {
	const char *mobile, *code;
	const char *id_number; /* from the card */
	const char *reason;
};

/* account_recover(), if all of that is right. As of recovery_code(); INVALID at "/id_number" ("recovery.other_person"),
 * "/reason", and "/code" as of code_use(), with its *keep. */
enum result recovery_carry_out(struct transaction *tx, const struct application *application,
	const struct recovery *recovery, bool *keep) MUST_CHECK;

#endif
