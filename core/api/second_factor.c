/*
 * The second factor of whoever is signed in, staff or operator, and of a colleague who has lost it.
 *
 * Who changes how one signs in says the password again, so that an unattended desk is not enough. A wrong one is a
 * fault of the form, not 401: the session is good.
 */
#include "exam/second_factor.h"

#include "exam/account.h"
#include "exam/audit.h"
#include "exam/staffing.h"
#include "handlers.h"

enum result second_factor_get(struct request *request)
{
	return second_factor_view(&request->tx, &request->reply.body);
}

enum result second_factor_prepare(struct request *request)
{
	struct sign_in *found = NEW(request->tx.arena, struct sign_in);

	request->prepared = found;
	return sign_in_check_self(&request->tx, json_get_text(request->body, "password"), found);
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
	enum proof proof;
	enum result rc = sign_in_prove(&request->tx, request->prepared, code, &proof);

	if (rc)
		return rc;
	if (proof == PROOF_PASSWORD_WRONG)
		return counted(request, "/password", "second_factor.password");
	if (proof == PROOF_CODE_WRONG)
		return counted(request, "/code", "second_factor.code");
	return OK;
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
	struct transaction *tx = &request->tx;
	json *codes;
	bool good;
	enum result rc = proven(request, NULL);

	rc = rc ? rc
		: second_factor_confirm(tx, json_get_text(request->body, "code"), &good, &codes);
	if (rc)
		return rc;
	if (!good) {
		rc = sign_in_failed(tx, request->prepared);
		return rc ? rc : counted(request, "/code", "second_factor.code");
	}
	rc = session_open(tx, tx->actor.id, &request->reply.set_session);
	if (rc)
		return rc;
	request->reply.body = json_new_object(tx->arena);
	json_set_text(tx->arena, request->reply.body, "token", request->reply.set_session);
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
