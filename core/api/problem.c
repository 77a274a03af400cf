/*
 * From struct error to application/problem+json.
 */
#include "problem.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "exam/transaction.h"
#include "headers.h"

int status_of(enum result result)
{
	static const int statuses[] = {
		[OK] = 200,
		[MALFORMED] = 400,
		[UNAUTHENTICATED] = 401,
		[FORBIDDEN] = 403,
		[NOT_FOUND] = 404,
		[CONFLICT] = 409,
		[STALE] = 412,
		[TOO_LARGE] = 413,
		[UNSUPPORTED] = 415,
		[INVALID] = 422,
		[PRECONDITION_REQUIRED] = 428,
		[TOO_MANY] = 429,
		[BUSY] = 503,
		[FULL] = 507,
		[BROKEN] = 503,
	};

	assert((size_t)result < COUNT(statuses));
	return statuses[result];
}

/* Headers that go with a status: how long to wait, how to sign in. */
static void status_headers(
	struct arena *arena, int status, const struct error *error, struct http_reply *reply)
{
	const char *wait = status == 503 ? "1" : NULL;

	for (const char *const *pair = error->params; pair && *pair; pair += 2) {
		if (text_equal(pair[0], "seconds"))
			wait = pair[1];
	}
	if (wait && (status == 429 || status == 503))
		header_add(arena, reply, "Retry-After", wait);
	if (status == 401)
		header_add(arena, reply, "WWW-Authenticate", "Bearer realm=\"kaowu\"");
}

void problem_reply(struct arena *arena, enum language language, int status,
	const struct error *error, const char *request_id, struct http_reply *reply)
{
	const char *code = error->code ? error->code : "api.trouble";
	json *problem = json_new_object(arena);

	json_set_text(arena, problem, "type", arena_printf(arena, "urn:kaowu:problem:%s", code));
	json_set_text(arena, problem, "title", http_reason(status));
	json_set_integer(arena, problem, "status", status);
	json_set_text(arena, problem, "code", code);
	json_set_text(arena, problem, "detail", message_text(arena, language, code, error->params));
	json_set(arena, problem, "params", json_new_of_pairs(arena, error->params));
	json_set(arena, problem, "errors", faults_json(arena, language, error));
	if (request_id)
		json_set_text(arena, problem, "request_id", request_id);

	const char *text = json_print(arena, problem);
	reply->status = status;
	reply->media_type = "application/problem+json";
	reply->body = bytes_of(text, strlen(text));
	status_headers(arena, status, error, reply);
	if (request_id)
		header_add(arena, reply, "X-Request-Id", request_id);
}

void problem_simple(struct arena *arena, enum language language, int status, const char *code,
	struct http_reply *reply)
{
	struct error error = {.arena = arena};

	(void)fail(&error, BROKEN, code, NULL);
	problem_reply(arena, language, status, &error, NULL, reply);
}
