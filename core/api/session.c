/*
 * Signing up, in and out. Hashing is done in the prepare stage, on the heavy lane; what it found is written in the
 * handler's.
 */
#include "handlers.h"

#include "base/password.h"
#include "exam/account.h"
#include "exam/code.h"
#include "exam/identifier.h"
#include "exam/second_factor.h"
#include "exam/session.h"
#include "exam/sign_in.h"
#include "exam/staff.h"

enum result code_request(struct request *request)
{
	const char *mobile = NULL;
	enum result rc;

	(void)mobile_read(
		request->tx.error, "/mobile", json_get_text(request->body, "mobile"), &mobile);
	rc = refuse_faults(request->tx.error);
	if (rc)
		return rc;
	request->reply.status = 202;
	return code_send(&request->tx, json_get_text(request->body, "purpose"), mobile);
}

/* The hash of the body's password, for whoever has this name. */
static enum result password_prepare(struct request *request, const char *name)
{
	const char *password = json_get_text(request->body, "password");
	char *hash = arena_alloc(request->tx.arena, PASSWORD_HASH_SIZE);
	enum result rc = account_password_check(&request->tx, name, password, "/password");

	if (rc)
		return rc;
	password_hash(password, hash);
	request->prepared = hash;
	return OK;
}

enum result sign_up_prepare(struct request *request)
{
	const char *mobile = "";

	(void)mobile_read(
		request->tx.error, "/mobile", json_get_text(request->body, "mobile"), &mobile);
	return password_prepare(request, mobile);
}

enum result invitation_prepare(struct request *request)
{
	const char *login;
	enum result rc = staff_invited(&request->tx, json_get_text(request->body, "token"), &login);

	return rc ? rc : password_prepare(request, login ? login : "");
}

/* A new session takes the place of the one that was presented. */
static enum result session_replace(struct request *request, const char *account_id)
{
	enum result rc = request->session ? session_close(&request->tx, request->session) : OK;

	return rc ? rc : session_open(&request->tx, account_id, &request->reply.set_session);
}

static enum result token_reply(struct request *request, int status)
{
	struct arena *arena = request->tx.arena;

	request->reply.status = status;
	request->reply.body = json_new_object(arena);
	json_set_text(arena, request->reply.body, "token", request->reply.set_session);
	return OK;
}

typedef enum result account_writer(
	struct transaction *tx, const char *mobile, const char *password_hash, const char **id);

/* What is written for whoever has the code that was sent to the number; a wrong code counts although it is refused. */
static enum result write_by_code(
	struct request *request, const char *purpose, account_writer *write, int status)
{
	struct transaction *tx = &request->tx;
	const char *mobile = NULL, *id;
	enum result rc;

	(void)mobile_read(tx->error, "/mobile", json_get_text(request->body, "mobile"), &mobile);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: code_use(tx, purpose, mobile, json_get_text(request->body, "code"),
			  &request->reply.keep);
	rc = rc ? rc : write(tx, mobile, request->prepared, &id);
	rc = rc ? rc : session_replace(request, id);
	return rc ? rc : token_reply(request, status);
}

enum result sign_up(struct request *request)
{
	return write_by_code(request, "sign_up", account_create, 201);
}

enum result password_reset(struct request *request)
{
	return write_by_code(request, "reset", account_reset, 200);
}

static enum result sign_in_look(struct request *request, enum actor_kind kind, const char *name)
{
	struct sign_in *found = NEW(request->tx.arena, struct sign_in);

	request->prepared = found;
	return sign_in_check(
		&request->tx, kind, name, json_get_text(request->body, "password"), found);
}

enum result sign_in_prepare(struct request *request)
{
	const char *mobile = NULL;
	enum result rc;

	(void)mobile_read(
		request->tx.error, "/mobile", json_get_text(request->body, "mobile"), &mobile);
	rc = refuse_faults(request->tx.error);
	if (rc)
		return rc;
	return sign_in_look(request, ACTOR_CANDIDATE, mobile);
}

enum result staff_sign_in_prepare(struct request *request)
{
	return sign_in_look(request, ACTOR_STAFF, json_get_text(request->body, "login"));
}

enum result operator_sign_in_prepare(struct request *request)
{
	return sign_in_look(request, ACTOR_OPERATOR, json_get_text(request->body, "login"));
}

enum result sign_in(struct request *request)
{
	enum result rc;

	rc = sign_in_finish(&request->tx, request->prepared, json_get_text(request->body, "code"),
		&request->reply.set_session, &request->reply.keep);
	if (rc)
		return rc;
	if (request->session)
		rc = session_close(&request->tx, request->session);
	if (rc)
		return rc;
	return token_reply(request, 201);
}

/* An invitation is in the place of a password, not of a second factor: whoever has one signs in with both. */
enum result invitation_accept(struct request *request)
{
	const char *id;
	bool second_factor = false;
	enum result rc = staff_accept(
		&request->tx, json_get_text(request->body, "token"), request->prepared, &id);

	rc = rc ? rc : second_factor_active(&request->tx, id, &second_factor);
	if (rc || second_factor)
		return rc;
	rc = session_replace(request, id);
	return rc ? rc : token_reply(request, 201);
}

enum result session_get(struct request *request)
{
	if (request->tx.actor.kind == ACTOR_NOBODY)
		return fail(request->tx.error, UNAUTHENTICATED, "api.sign_in", NULL);
	return session_view(&request->tx, &request->reply.body);
}

enum result session_delete(struct request *request)
{
	request->reply.set_session = "";
	return request->session ? session_close(&request->tx, request->session) : OK;
}
