/*
 * Candidates' accounts (S11): made by a mobile number that an SMS code has shown to be theirs (code.h); and of every
 * kind, what its owner signs in by.
 *
 * Argon2id takes about 20 ms: a password is hashed outside of write transactions (the dispatcher's "prepare" step,
 * heavy lane), and its hash is handed to the function that writes.
 */
#ifndef KAOWU_EXAM_ACCOUNT_H
#define KAOWU_EXAM_ACCOUNT_H

#include "transaction.h"

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

/* Another mobile number of tx->actor, a candidate who has shown that it is theirs; the old one is told by SMS, and what
 * was sent to it follows. CONFLICT ("account.exists"). */
enum result account_mobile_change(struct transaction *tx, const char *mobile) MUST_CHECK;
/* The same of a candidate who has come to the desk (recovery.h): besides, every session ends and the password is void.
 * `detail`: of the audit row. */
enum result account_recover(struct transaction *tx, const char *account_id, const char *mobile,
	const json *detail) MUST_CHECK;

/* A new password for tx->actor, who has proven to know the old one: every session of the account ends. */
enum result account_password_change(struct transaction *tx, const char *password_hash) MUST_CHECK;

/* What tx->actor signs in by: a candidate's mobile number, anybody else's login. */
enum result account_name(struct transaction *tx, const char **out) MUST_CHECK;
/* The candidate who signs in by this number; NULL if nobody has it. */
enum result account_of_mobile(
	struct transaction *tx, const char *mobile, const char **id) MUST_CHECK;
/* The account's mobile number, unsealed; NULL if it has none, or none any more. So is one that is damaged, which is
 * logged: whoever has it cannot be told, and nothing else shall wait for that. BROKEN ("seal.key_unknown") where the
 * key may be newer than those that are known: tenants_learn_key(). */
enum result account_mobile(
	struct transaction *tx, const char *account_id, const char **out) MUST_CHECK;
/* The same from the column mobile_sealed of a row that was read. */
enum result account_mobile_of_row(struct transaction *tx, const char *account_id,
	struct bytes mobile_sealed, const char **out) MUST_CHECK;

#endif
