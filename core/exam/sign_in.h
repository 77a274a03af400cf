/*
 * Signing in, of candidates (S11), staff, and on the deployment's own database (TENANT_CONTROL) operators.
 *
 * Argon2id takes about 20 ms: sign_in_check() and sign_in_check_self() run outside of write transactions (the
 * dispatcher's "prepare" step, heavy lane); what they find is handed to the function that writes. The answer is the
 * same whether or not a name is known.
 */
#ifndef KAOWU_EXAM_SIGN_IN_H
#define KAOWU_EXAM_SIGN_IN_H

#include "transaction.h"

/* Sign-in, first half (reads, heavy): finds the account and verifies the password. Wrong number, wrong password and
 * locked accounts all take the time of a hash. `name` is a candidate's mobile number or anybody else's login, however
 * it is typed. TOO_MANY ("session.too_many_here", seconds) after too many failures from tx->address, whatever the
 * names. */
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

#endif
