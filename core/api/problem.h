/*
 * What a refusal or trouble looks like on the wire: application/problem+json (RFC 9457), in the language that was
 * asked for.
 */
#ifndef KAOWU_API_PROBLEM_H
#define KAOWU_API_PROBLEM_H

#include "base/message.h"
#include "net/http.h"

/* The one table from results to statuses. */
int status_of(enum result result);

/* Fills status, media type, body and headers: private, and Retry-After, WWW-Authenticate where due. Everything lies in
 * `arena`; `request_id` may be NULL. */
void problem_reply(struct arena *arena, enum language language, int status,
	const struct error *error, const char *request_id, struct http_reply *reply);

/* The same for a code without an error of its own. */
void problem_simple(struct arena *arena, enum language language, int status, const char *code,
	struct http_reply *reply);

#endif
