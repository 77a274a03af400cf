/*
 * Staff as tenant.json names them, and what is theirs and operators' alike: accepting an invitation.
 */
#ifndef KAOWU_EXAM_STAFF_H
#define KAOWU_EXAM_STAFF_H

#include "page.h"
#include "transaction.h"

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
/* For a centre's only administrator who has lost phone and recovery codes: second_factor_reset(). NOT_FOUND
 * ("staff.unknown"). */
enum result staff_factor_reset(struct transaction *tx, const char *login) MUST_CHECK;
/* Whom it invites; NULL where it is not good any more. */
enum result staff_invited(struct transaction *tx, const char *token, const char **login) MUST_CHECK;
/* Of staff and of operators: sets the password and ends whatever was signed in; a second factor stays. INVALID "/token"
 * ("staff.invitation") unless the invitation is good and unused. */
enum result staff_accept(struct transaction *tx, const char *token, const char *password_hash,
	const char **account_id) MUST_CHECK;
/* {staff: members as of member.h, next}, by login. */
enum result staff_list(struct transaction *tx, const struct page *page, json **out) MUST_CHECK;

#endif
