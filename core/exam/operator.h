/*
 * Who operates the deployment: accounts in control.db, made by a command only (`kaowu operator`).
 *
 * A transaction is on TENANT_CONTROL. What holds of staff's passwords, sessions and locks holds of operators
 * (member.h, sign_in.h); they have no roles, and no tenant's session is theirs nor theirs a tenant's.
 */
#ifndef KAOWU_EXAM_OPERATOR_H
#define KAOWU_EXAM_OPERATOR_H

#include "transaction.h"

/* A new operator, or one who has lost an invitation, forgotten the password or was disabled: {login, token,
 * expires_at}, the only time that the token can be seen. `name` NULL: as it is, or the login. INVALID
 * ("operator.login") */
enum result operator_invite(
	struct transaction *tx, const char *login, const char *name, json **invitation) MUST_CHECK;
/* An array of members as of member.h, by login. */
enum result operator_list(struct transaction *tx, json **out) MUST_CHECK;
/* Signed out at once. NOT_FOUND ("operator.unknown"). */
enum result operator_disable(struct transaction *tx, const char *login) MUST_CHECK;
/* For whoever has lost phone and recovery codes: second_factor_reset(). NOT_FOUND ("operator.unknown"). */
enum result operator_factor_reset(struct transaction *tx, const char *login) MUST_CHECK;

#endif
