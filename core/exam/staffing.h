/*
 * Staff as an administrator of the centre changes them (S21): by invitation, with roles, and never down to no
 * administrator.
 *
 * Whose account is disabled is signed out at once; an invitation brings back one who was. A member as JSON is that of
 * member.h; an invitation: {id, login, token, expires_at}, the only time that its token can be seen. Unknown ids are
 * NOT_FOUND ("staff.none").
 */
#ifndef KAOWU_EXAM_STAFFING_H
#define KAOWU_EXAM_STAFFING_H

#include "transaction.h"

/* {login, name, roles}. INVALID at "/login" ("staff.login_taken"). */
enum result staffing_create(struct transaction *tx, const json *body, json **invitation) MUST_CHECK;
/* {name, roles}. STALE ("staff.stale") unless `version` is the member's; CONFLICT ("staff.last_admin"). */
enum result staffing_change(struct transaction *tx, const char *id, int64_t version,
	const json *body, json **member) MUST_CHECK;
/* CONFLICT ("staff.last_admin"); one who is disabled already stays so. */
enum result staffing_disable(struct transaction *tx, const char *id, json **member) MUST_CHECK;
/* For whoever has lost phone and recovery codes: the second factor is gone and every session ends. CONFLICT
 * ("staff.own_factor") for one's own, which is removed by password and code; none is no fault. */
enum result staffing_factor_reset(struct transaction *tx, const char *id, json **member) MUST_CHECK;
/* In the place of one that was lost or has run out, or for who was disabled. */
enum result staffing_invite(struct transaction *tx, const char *id, json **invitation) MUST_CHECK;

#endif
