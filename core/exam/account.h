/*
 * Candidates and staff: sign-up by mobile number and SMS code (S11), sign-in, reset, invitations, sessions.
 *
 * Argon2id takes about 20 ms: functions named *_check and *_hash run outside of write transactions (the dispatcher's "prepare" step, heavy
 * lane); what they find is handed to the function that writes. The answer is the same whether or not a number is known.
 */
#ifndef KAOWU_EXAM_ACCOUNT_H
#define KAOWU_EXAM_ACCOUNT_H

#include "transaction.h"

/* Sends a code to a number (always OK for a well-formed one): purpose "sign_up" or "reset". For a known number at sign-up the SMS says so
 * instead; for an unknown one at reset nothing is sent. TOO_MANY with parameter "seconds" by interval, number and address caps. */
enum result code_send(struct transaction *tx, const char *purpose, const char *mobile) MUST_CHECK;

/* Uses the newest code of the number: INVALID "/code" ("code.wrong") counts a try even though the request fails: the caller must keep the
 * transaction in that case (*keep true). */
enum result code_use(struct transaction *tx, const char *purpose, const char *mobile, const char *code, bool *keep) MUST_CHECK;

/* A new candidate with a password already hashed; CONFLICT ("account.exists"). */
enum result account_create(struct transaction *tx, const char *mobile, const char *password_hash, const char **id) MUST_CHECK;
enum result account_reset(struct transaction *tx, const char *mobile, const char *password_hash, const char **id) MUST_CHECK;

/* Sign-in, first half (reads, heavy): finds the account and verifies the password. Wrong number, wrong password and locked accounts all take
 * the time of a hash. */
struct sign_in {
	const char *account_id; /* NULL if unknown */
	bool matches, locked;
	int64_t locked_until;
};
enum result sign_in_check(struct transaction *tx, enum actor_kind kind, const char *name, const char *password, struct sign_in *out) MUST_CHECK;
/* Second half (writes): counts a failure (locks with doubling backoff: the caller keeps the transaction) or opens a session. UNAUTHENTICATED
 * ("session.wrong") or TOO_MANY ("session.locked", seconds). */
enum result sign_in_finish(struct transaction *tx, const struct sign_in *found, const char **token, bool *keep) MUST_CHECK;

/* Sessions: stored hashed; rotated at sign-in (older ones of the account stay but for LIMIT: the oldest beyond 10 go). */
enum result session_open(struct transaction *tx, const char *account_id, const char **token) MUST_CHECK;
/* Fills tx->actor from a token; UNAUTHENTICATED ("session.expired"). Reads only; *touch says that seen_at is older than a minute. */
enum result session_resume(struct transaction *tx, const char *token, bool *touch) MUST_CHECK;
enum result session_touch(struct transaction *tx, const char *token) MUST_CHECK;
enum result session_close(struct transaction *tx, const char *token) MUST_CHECK;
/* {kind, id, roles, name, mobile (masked)} */
enum result session_view(struct transaction *tx, json **out) MUST_CHECK;

/* Staff from tenant.json: {login, name, roles}; new ones get a one-time invitation token (returned in *invitations as {login, token,
 * expires_at}); roles of existing ones are updated; those not named are disabled. */
enum result staff_apply(struct transaction *tx, const json *staff, json **invitations) MUST_CHECK;
enum result staff_accept(struct transaction *tx, const char *token, const char *password_hash, const char **account_id) MUST_CHECK;
enum result staff_list(struct transaction *tx, json **out) MUST_CHECK;

#endif
