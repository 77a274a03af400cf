/*
 * How whoever is signed in signs in: password, second factor, and where else; and the same of others who have lost what
 * they need for it: a colleague's second factor, a candidate's number.
 *
 * Who changes that says the password again, so that an unattended desk is not enough. A wrong one is a fault of the
 * form, not 401: the session is good.
 */
#include "base/password.h"
#include "exam/account.h"
#include "exam/audit.h"
#include "exam/code.h"
#include "exam/identifier.h"
#include "exam/recovery.h"
#include "exam/second_factor.h"
#include "exam/session.h"
#include "exam/sign_in.h"
#include "exam/staffing.h"
#include "handlers.h"

/* What prepare finds: the password that was said again, and the hash of a new one where there is one. */
struct proof_of_self {
	struct sign_in found;
	char new_hash[PASSWORD_HASH_SIZE];
};

enum result self_prepare(struct request *request)
{
	struct proof_of_self *self = NEW(request->tx.arena, struct proof_of_self);

	request->prepared = self;
	return sign_in_check_self(
		&request->tx, json_get_text(request->body, "password"), &self->found);
}

/* What was counted is kept although the request is refused. */
static enum result counted(struct request *request, const char *pointer, const char *code)
{
	request->reply.keep = true;
	fault_add(request->tx.error, pointer, code, NULL);
	return refuse_faults(request->tx.error);
}

/* The password, and with `code` that as well. */
static enum result proven(struct request *request, const char *code)
{
	const struct proof_of_self *self = request->prepared;
	enum proof proof;
	enum result rc = sign_in_prove(&request->tx, &self->found, code, &proof);

	if (rc)
		return rc;
	if (proof == PROOF_PASSWORD_WRONG)
		return counted(request, "/password", "password.wrong");
	if (proof == PROOF_CODE_WRONG)
		return counted(request, "/code", "second_factor.code");
	return OK;
}

/* After every session of the account has ended, this one too. */
static enum result session_renew(struct request *request)
{
	struct transaction *tx = &request->tx;
	enum result rc = session_open(tx, tx->actor.id, &request->reply.set_session);

	if (rc)
		return rc;
	request->reply.body = json_new_object(tx->arena);
	json_set_text(tx->arena, request->reply.body, "token", request->reply.set_session);
	return OK;
}

enum result password_change_prepare(struct request *request)
{
	const char *wanted = json_get_text(request->body, "new_password");
	const char *name;
	enum result rc = account_name(&request->tx, &name);

	rc = rc ? rc : account_password_check(&request->tx, name, wanted, "/new_password");
	rc = rc ? rc : self_prepare(request);
	if (rc)
		return rc;
	struct proof_of_self *self = request->prepared;
	password_hash(wanted, self->new_hash);
	return OK;
}

enum result password_put(struct request *request)
{
	const struct proof_of_self *self = request->prepared;
	enum result rc = proven(request, NULL);

	rc = rc ? rc : account_password_change(&request->tx, self->new_hash);
	return rc ? rc : session_renew(request);
}

/* By a code that was sent to the number as to one that signs up: it may be nobody else's either. */
enum result mobile_put(struct request *request)
{
	const char *mobile = NULL;
	enum result rc = proven(request, NULL);

	if (rc)
		return rc;
	(void)mobile_read(
		request->tx.error, "/mobile", json_get_text(request->body, "mobile"), &mobile);
	rc = refuse_faults(request->tx.error);
	rc = rc ? rc
		: code_use(&request->tx, "sign_up", mobile, json_get_text(request->body, "code"),
			  &request->reply.keep);
	return rc ? rc : account_mobile_change(&request->tx, mobile);
}

/* ---- A candidate who has lost both ---- */

enum result recovery_get(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	return rc ? rc : recovery_view(&request->tx, &application, &request->reply.body);
}

enum result recovery_code_post(struct request *request)
{
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	request->reply.status = 202;
	return rc ? rc
		  : recovery_code(
			    &request->tx, &application, json_get_text(request->body, "mobile"));
}

enum result recovery_post(struct request *request)
{
	const struct recovery recovery = {
		.mobile = json_get_text(request->body, "mobile"),
		.code = json_get_text(request->body, "code"),
		.id_number = json_get_text(request->body, "id_number"),
		.reason = json_get_text(request->body, "reason"),
	};
	struct application application;
	enum result rc = request_application_numbered(request, &application);

	rc = rc ? rc : proven(request, NULL);
	return rc ? rc
		  : recovery_carry_out(&request->tx, &application, &recovery, &request->reply.keep);
}

enum result sessions_get(struct request *request)
{
	return session_list(&request->tx, request->session, &request->reply.body);
}

enum result sessions_end_post(struct request *request)
{
	enum result rc = proven(request, NULL);

	return rc ? rc : session_end_others(&request->tx, request->session);
}

enum result second_factor_get(struct request *request)
{
	return second_factor_view(&request->tx, &request->reply.body);
}

enum result second_factor_post(struct request *request)
{
	enum result rc = proven(request, NULL);

	if (rc)
		return rc;
	request->reply.status = 201;
	return second_factor_begin(&request->tx, &request->reply.body);
}

enum result second_factor_confirm_post(struct request *request)
{
	const struct proof_of_self *self = request->prepared;
	struct transaction *tx = &request->tx;
	json *codes;
	bool good;
	enum result rc = proven(request, NULL);

	rc = rc ? rc
		: second_factor_confirm(tx, json_get_text(request->body, "code"), &good, &codes);
	if (rc)
		return rc;
	if (!good) {
		rc = sign_in_failed(tx, &self->found);
		return rc ? rc : counted(request, "/code", "second_factor.code");
	}
	rc = session_renew(request);
	if (rc)
		return rc;
	json_set(tx->arena, request->reply.body, "recovery_codes", codes);
	return OK;
}

enum result second_factor_remove_post(struct request *request)
{
	struct transaction *tx = &request->tx;
	bool active;
	enum result rc = second_factor_active(tx, tx->actor.id, &active);

	if (rc)
		return rc;
	if (!active)
		return fail(tx->error, CONFLICT, "second_factor.none", NULL);
	rc = proven(request, json_get_text(request->body, "code"));
	rc = rc ? rc : second_factor_remove(tx, tx->actor.id);
	return rc ? rc : audit_append(tx, "second_factor.removed", tx->actor.id, NULL);
}

enum result second_factor_reset_post(struct request *request)
{
	return staffing_factor_reset(&request->tx, request->parameters[0], &request->reply.body);
}
