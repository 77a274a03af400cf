/*
 * Sessions, roles, bodies and preconditions.
 */
#include "admission.h"

#include <stdlib.h>
#include <string.h>

#include "base/schema.h"
#include "base/text.h"
#include "exam/deployment.h"
#include "exam/session.h"
#include "route.h"

#define VERSION_DIGITS 18 /* any of them fits */

/* The token of a program; NULL if there is none. Other schemes are not ours: a browser may send them by itself. */
static const char *bearer_token(const struct http_message *message)
{
	static const char scheme[] = "Bearer ";
	const char *authorization = http_header(message, "authorization");

	if (!authorization || strncasecmp(authorization, scheme, strlen(scheme)) != 0)
		return NULL;
	return authorization + strlen(scheme);
}

const char *session_cookie(const struct http_message *message, bool by_host)
{
	if (text_starts(message->path, OPERATOR_PATH "/"))
		return message->secure ? "__Host-kaowu_operator" : "kaowu_operator";
	if (!message->secure)
		return "kaowu_session";
	return by_host ? "__Host-kaowu_session" : "__Secure-kaowu_session";
}

const char *session_token(const struct http_message *message, bool by_host, struct arena *arena)
{
	const char *token = bearer_token(message);

	return token ? token : http_cookie(message, arena, session_cookie(message, by_host));
}

static bool method_safe(const char *method)
{
	return text_equal(method, "GET") || text_equal(method, "HEAD") ||
	       text_equal(method, "OPTIONS");
}

bool origin_acceptable(const struct http_message *message)
{
	const char *site = http_header(message, "sec-fetch-site");
	const char *origin = http_header(message, "origin");

	if (method_safe(message->method) || bearer_token(message))
		return true;
	if (site)
		return text_equal(site, "same-origin") || text_equal(site, "none");
	if (!origin)
		return true; /* a program: browsers always send one of the two */

	const char *host = strstr(origin, "://");
	return host && text_equal(host + 3, message->host);
}

static enum result audience_check(struct request *request)
{
	const struct route *route = request->route;
	const struct actor *actor = &request->tx.actor;

	if (route->audience == ANYBODY)
		return OK;
	if (actor->kind == ACTOR_NOBODY)
		return fail(&request->error, UNAUTHENTICATED, "api.sign_in", NULL);
	if (route->audience == SIGNED_IN && actor->kind != ACTOR_OPERATOR)
		return OK;
	if (route->audience == CANDIDATE && actor->kind == ACTOR_CANDIDATE)
		return OK;
	if (route->audience == STAFF && actor->kind == ACTOR_STAFF &&
		(route->roles == 0 || (route->roles & actor->roles)))
		return OK;
	if (route->audience == OPERATOR && actor->kind == ACTOR_OPERATOR)
		return OK;
	return fail(&request->error, FORBIDDEN,
		actor->unenrolled ? "api.second_factor" : "api.not_allowed", NULL);
}

/* A session that has ended is no hindrance where none is needed. What goes into the public cache is shown as to a
 * stranger, whoever asks. */
static enum result session_find(struct request *request, bool *touch)
{
	struct transaction looking = request->tx;
	struct error none = {.arena = request->tx.arena};
	enum result rc;

	*touch = false;
	if (!request->session || (request->route->flags & ROUTE_CACHED))
		return OK;
	looking.error = &none;
	rc = session_resume(&looking, request->session, touch);
	if (rc == OK)
		request->tx.actor = looking.actor;
	if (rc == UNAUTHENTICATED && request->route->audience == ANYBODY)
		return OK;
	if (rc)
		request->error = none;
	return rc;
}

static bool media_type_is(const struct http_message *message, const char *wanted)
{
	const char *type = http_header(message, "content-type");

	return type && strncasecmp(type, wanted, strlen(wanted)) == 0 &&
	       strchr("; \t", type[strlen(wanted)]);
}

/* A password is nobody's to change, and what somebody agreed to is kept as it was shown. */
static bool taken_as_it_is(const char *name)
{
	return text_equal(name, "password") || text_equal(name, "new_password") ||
	       text_equal(name, "text");
}

/*
 * What people type, as it will be compared and printed: nothing blank at its ends, letters and digits in half width.
 * Staff and operators write prose for others to read, and its punctuation is theirs; what candidates write is compared.
 */
static json *normalised(
	struct arena *arena, enum audience audience, const char *name, const json *value)
{
	if (json_is_text(value) && !taken_as_it_is(name))
		return json_new_text(arena, audience == STAFF || audience == OPERATOR
						    ? text_normalise_prose(arena, json_text(value))
						    : text_normalise(arena, json_text(value)));
	if (!json_is_object(value) && !json_is_array(value))
		return json_copy(arena, value);

	json *copy = json_is_object(value) ? json_new_object(arena) : json_new_array(arena);
	json_each(item, value)
	{
		json *inner = normalised(arena, audience, json_name(item), item);

		if (json_is_object(value))
			json_set(arena, copy, json_name(item), inner);
		else
			json_append(copy, inner);
	}
	return copy;
}

/* Valid as it came, which bounds its size, and valid still when spaces no longer count. */
static enum result body_validate(struct request *request, const json *body)
{
	struct arena *arena = request->tx.arena;
	const struct schema *schema = schema_find(request->tx.deployment->schemas(),
		arena_printf(arena, "kaowu:api#/$defs/%s", request->route->body));
	enum result rc = schema_validate(schema, body, &request->error);

	if (rc)
		return rc;
	request->body = normalised(arena, request->route->audience, NULL, body);
	return schema_validate(schema, request->body, &request->error);
}

static enum result body_read(struct request *request)
{
	const struct http_message *message = &request->exchange->message;
	bool raw = request->route->flags & (ROUTE_UPLOAD | ROUTE_SIGNED);
	struct bytes bytes;
	json *body;
	enum result rc;

	if (!request->route->body && !raw)
		return OK;
	rc = http_body(message, request->tx.arena, &bytes, &request->error);
	if (rc)
		return rc;
	if (raw) {
		request->content = bytes;
		return OK;
	}
	if (!media_type_is(message, "application/json"))
		return fail(&request->error, UNSUPPORTED, "api.json_only", NULL);
	rc = json_parse(
		request->tx.arena, (const char *)bytes.data, bytes.size, &body, &request->error);
	return rc ? rc : body_validate(request, body);
}

/* If-Match: "7". A weak mark is taken for what it names. */
static enum result precondition_read(struct request *request)
{
	const char *match = http_header(&request->exchange->message, "if-match");
	size_t digits;

	if (!(request->route->flags & ROUTE_VERSIONED))
		return OK;
	if (!match)
		return fail(&request->error, PRECONDITION_REQUIRED, "api.if_match", NULL);
	if (strncmp(match, "W/", 2) == 0)
		match += 2;
	digits = match[0] == '"' ? strspn(match + 1, "0123456789") : 0;
	if (digits == 0 || digits > VERSION_DIGITS || !text_equal(match + 1 + digits, "\""))
		return fail(&request->error, MALFORMED, "api.if_match_malformed", NULL);
	request->if_match = strtoll(match + 1, NULL, 10);
	return OK;
}

/* Who asks what would happen must not find that it has: where nobody can be told, nothing is done either, nor where
 * ?dry_run= says nothing. */
static enum result dry_read(struct request *request)
{
	const char *dry =
		request->route->lane == LANE_WRITE
			? http_query(&request->exchange->message, request->tx.arena, "dry_run")
			: NULL;

	if (!dry)
		return OK;
	if (!(request->route->flags & ROUTE_DRY))
		return fail(&request->error, MALFORMED, "api.no_dry_run", NULL);
	if (!text_equal(dry, "true"))
		return fail(&request->error, MALFORMED, "api.dry_run", NULL);
	request->job.dry = true;
	return OK;
}

enum result admit_head(struct request *request, bool *touch)
{
	enum result rc = session_find(request, touch);

	rc = rc ? rc : audience_check(request);
	rc = rc ? rc : precondition_read(request);
	return rc ? rc : dry_read(request);
}

enum result admit_request(struct request *request, bool *touch)
{
	enum result rc = admit_head(request, touch);

	return rc ? rc : body_read(request);
}
