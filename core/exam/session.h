/*
 * Sessions of candidates, staff and operators: a token for the client, its hash for us.
 */
#ifndef KAOWU_EXAM_SESSION_H
#define KAOWU_EXAM_SESSION_H

#include "transaction.h"

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
/* Every session of the account ends. */
enum result sessions_end(struct transaction *tx, const char *account_id) MUST_CHECK;
/* {kind, id, roles, name, mobile (masked), unenrolled} */
enum result session_view(struct transaction *tx, json **out) MUST_CHECK;

#endif
