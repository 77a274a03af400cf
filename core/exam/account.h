/*
 * Candidates, staff, and on the deployment's own database (TENANT_CONTROL) operators: sign-up by mobile number and SMS
 * code (S11), sign-in, reset, invitations, sessions.
 *
 * Argon2id takes about 20 ms: functions named *_check and *_hash run outside of write transactions (the
 * dispatcher's "prepare" step, heavy lane); what they find is handed to the function that writes. The answer is the
 * same whether or not a number is known.
 */
#ifndef KAOWU_EXAM_ACCOUNT_H
#define KAOWU_EXAM_ACCOUNT_H

#include "page.h"
#include "transaction.h"

/* Sends a code to a number (always OK for a well-formed one): purpose "sign_up" or "reset". For a known number at
 * sign-up the SMS says so instead; for an unknown one at reset nothing is sent. TOO_MANY with parameter "seconds"
 * by interval, number and address caps. */
enum result code_send(struct transaction *tx, const char *purpose, const char *mobile) MUST_CHECK;

/* Uses the newest code of the number. INVALID "/code" ("code.wrong") counts a try: *keep is set to true then, and
 * the caller must commit although it refuses. */
enum result code_use(struct transaction *tx, const char *purpose, const char *mobile,
	const char *code, bool *keep) MUST_CHECK;

/* May somebody with this name (a number, a login) have this password? INVALID at `pointer` as of
 * password_acceptable(); what is made of the name, the centre's names or ours is guessable. */
enum result account_password_check(struct transaction *tx, const char *name, const char *password,
	const char *pointer) MUST_CHECK;

/* A new candidate with a password already hashed; CONFLICT ("account.exists"). */
enum result account_create(struct transaction *tx, const char *mobile, const char *password_hash,
	const char **id) MUST_CHECK;
/* A new password after a reset code: every session of the account ends, and it is not locked any more. INVALID
 * "/code" ("code.wrong") where the number has no account, as if nobody could have had a code for it. */
enum result account_reset(struct transaction *tx, const char *mobile, const char *password_hash,
	const char **id) MUST_CHECK;
/* A new password for tx->actor, who has proven to know the old one: every session of the account ends. */
enum result account_password_change(struct transaction *tx, const char *password_hash) MUST_CHECK;

/* What tx->actor signs in by: a candidate's mobile number, anybody else's login. */
enum result account_name(struct transaction *tx, const char **out) MUST_CHECK;
/* The account's mobile number, unsealed; NULL if it has none, or none any more. */
enum result account_mobile(
	struct transaction *tx, const char *account_id, const char **out) MUST_CHECK;

/* Sign-in, first half (reads, heavy): finds the account and verifies the password. Wrong number, wrong password and
 * locked accounts all take the time of a hash. `name` is a candidate's mobile number or anybody else's login. TOO_MANY
 * ("session.too_many_here", seconds) after too many failures from tx->address, whatever the names. */
struct sign_in {
	const char *name_index;    /* of what was typed, for the lock */
	const char *account_id;    /* NULL if unknown */
	const char *password_hash; /* that was compared; NULL if unknown */
	bool matches;
};
enum result sign_in_check(struct transaction *tx, enum actor_kind kind, const char *name,
	const char *password, struct sign_in *out) MUST_CHECK;
/* The same for tx->actor, who is signed in and is to prove who it is. */
enum result sign_in_check_self(
	struct transaction *tx, const char *password, struct sign_in *out) MUST_CHECK;

/* Second half (writes): what is wrong with password and code, if anything. A wrong one is counted (and locks the name,
 * known or not, with doubling backoff): the caller must commit then, although it refuses. `code` NULL: none was given.
 * TOO_MANY ("session.locked", seconds). */
enum proof { PROOF_GOOD, PROOF_PASSWORD_WRONG, PROOF_CODE_WANTED, PROOF_CODE_WRONG };
enum result sign_in_prove(struct transaction *tx, const struct sign_in *found, const char *code,
	enum proof *proof) MUST_CHECK;
/* Counts one more that went wrong. */
enum result sign_in_failed(struct transaction *tx, const struct sign_in *found) MUST_CHECK;
/* The whole second half: *keep is true where something was counted; else opens a session. The lock and the password are
 * looked at again: much may have happened since the first half. UNAUTHENTICATED ("session.wrong"; with the right
 * password "session.code_wanted", "session.code_wrong") or as of sign_in_check() and sign_in_prove(). */
enum result sign_in_finish(struct transaction *tx, const struct sign_in *found, const char *code,
	const char **token, bool *keep) MUST_CHECK;

/* Whoever has proven to own a name by an SMS code or an invitation is not locked out by what others have typed. */
enum result sign_in_unlock(
	struct transaction *tx, enum actor_kind kind, const char *name) MUST_CHECK;

/* All that is kept of a session's or invitation's token: its SHA-256 in hex. */
const char *token_hash(struct transaction *tx, const char *token);

/* Sessions: stored hashed; the oldest of an account go when it has more than ten. One that is presented at sign-in
 * is closed by the caller. */
enum result session_open(
	struct transaction *tx, const char *account_id, const char **token) MUST_CHECK;
/* Fills tx->actor from a token; UNAUTHENTICATED ("session.expired"). Reads only; *touch says that seen_at is older
 * than a minute. */
enum result session_resume(struct transaction *tx, const char *token, bool *touch) MUST_CHECK;
enum result session_touch(struct transaction *tx, const char *token) MUST_CHECK;
enum result session_close(struct transaction *tx, const char *token) MUST_CHECK;
/* Of tx->actor, latest used first: {sessions: [{created_at, seen_at, current}]}; current: this token's. */
enum result session_list(struct transaction *tx, const char *token, json **out) MUST_CHECK;
/* Every other session of tx->actor ends; audited. */
enum result session_end_others(struct transaction *tx, const char *token) MUST_CHECK;
/* {kind, id, roles, name, mobile (masked), unenrolled} */
enum result session_view(struct transaction *tx, json **out) MUST_CHECK;

/* Staff from tenant.json: {login, name, roles}; new ones get a one-time invitation token (returned in *invitations
 * as {login, token, expires_at}), as do those who have not accepted in time; name and roles of existing ones are
 * updated, their passwords stay. INVALID ("staff.twice") if a login is named twice. */
enum result staff_apply(struct transaction *tx, const json *staff, json **invitations) MUST_CHECK;
/* Those whom tenant.json does not name: who was named when this was called last is disabled and signed out; who came
 * otherwise, by an administrator's invitation, is left alone. INVALID "/staff" ("staff.no_admin") if that leaves no
 * administrator. */
struct staff_unnamed {
	json *disabled, *left; /* logins, in their order */
};
enum result staff_dismiss(
	struct transaction *tx, const json *staff, struct staff_unnamed *out) MUST_CHECK;
/* A new invitation in the place of a lost one or a forgotten password, which holds until it is accepted: as above.
 * NOT_FOUND ("staff.unknown"). */
enum result staff_invite(struct transaction *tx, const char *login, json **invitations) MUST_CHECK;
/* Whom it invites; NULL where it is not good any more. */
enum result staff_invited(struct transaction *tx, const char *token, const char **login) MUST_CHECK;
/* Of staff and of operators: sets the password and ends whatever was signed in; a second factor stays. INVALID "/token"
 * ("staff.invitation") unless the invitation is good and unused. */
enum result staff_accept(struct transaction *tx, const char *token, const char *password_hash,
	const char **account_id) MUST_CHECK;
/* {staff: [{id, login, name, state, signed_in_at, roles}]} */
enum result staff_list(struct transaction *tx, const struct page *page, json **out) MUST_CHECK;

#endif
