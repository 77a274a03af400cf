/*
 * One member of staff, or one operator: inside of staff.h, staffing.h and operator.h.
 */
#ifndef KAOWU_EXAM_MEMBER_H
#define KAOWU_EXAM_MEMBER_H

#include "transaction.h"

/* A row of account, as member_json() shows it: {id, login, name, state, signed_in_at, version, second_factor,
 * roles}. */
#define MEMBER_COLUMNS                                                                             \
	"id, login, name, state, signed_in_at AS \"signed_in_at@\", version, roles,"               \
	" (SELECT COUNT(*) FROM second_factor f WHERE f.account_id = account.id"                   \
	" AND f.confirmed_at IS NOT NULL) AS \"second_factor?\""
json *member_json(struct transaction *tx, const struct cursor *row);

uint32_t member_roles(const json *names);

/* A fresh one-time token in the place of whatever is outstanding: {login, token, expires_at}, the only time that it can
 * be seen. */
enum result member_invite(
	struct transaction *tx, const char *id, const char *login, json **invitation) MUST_CHECK;
/* A change of roles is a change of power: it stands in the audit log. */
enum result member_changed(struct transaction *tx, const char *id, uint32_t roles) MUST_CHECK;
/* The invitation was used. */
enum result member_accepted(struct transaction *tx, const char *id) MUST_CHECK;
/* Signed out at once, and every invitation void. */
enum result member_disable(struct transaction *tx, const char *id) MUST_CHECK;

#endif
