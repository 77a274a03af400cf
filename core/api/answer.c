/*
 * What is told when a request's way is over. On the loop.
 */
#include "answer.h"

#include <inttypes.h>
#include <string.h>

#include "admission.h"
#include "after.h"
#include "base/clock.h"
#include "base/log.h"
#include "headers.h"
#include "problem.h"
#include "route.h"
#include "stream.h"

const char *answer_cache_key(
	struct arena *arena, const struct tenant *tenant, const struct http_message *message)
{
	const char *slug = tenant_slug(tenant);
	size_t slug_size = strlen(slug), target_size = strlen(message->target);
	char *key = arena_alloc(arena, slug_size + target_size + 4);
	char *at = mempcpy(key, slug, slug_size);

	*at++ = ' ';
	at = mempcpy(at, message->target, target_size);
	*at++ = ' ';
	*at++ = (char)('0' + (int)language_accepted(http_header(message, "accept-language")));
	*at = '\0';
	return key;
}

static const char *cookie_path(const struct request *request)
{
	/* Over TLS it is one that no other host can set, which browsers hold to be the whole host's. */
	if (tenant_is_control(request->job.tenant))
		return request->exchange->message.secure ? "/" : OPERATOR_PATH;
	if (request->by_host)
		return "/";
	return arena_printf(request->exchange->arena, "/t/%s/", tenant_slug(request->job.tenant));
}

static void cookie_add(struct request *request, struct http_reply *reply)
{
	const struct http_message *message = &request->exchange->message;
	struct arena *arena = request->exchange->arena;

	header_add(arena, reply, "Set-Cookie",
		arena_printf(arena, "%s=%s; Path=%s; HttpOnly; SameSite=Lax%s%s",
			session_cookie(message, request->by_host), request->reply.set_session,
			cookie_path(request), message->secure ? "; Secure" : "",
			*request->reply.set_session ? "" : "; Max-Age=0"));
}

static void success_headers(struct request *request, struct http_reply *reply)
{
	struct arena *arena = request->exchange->arena;
	const struct reply *from = &request->reply;

	if (request->route->flags & ROUTE_HTML)
		header_add(arena, reply, "Content-Security-Policy", POLICY_FORM);
	header_add(arena, reply, "X-Request-Id", request->tx.request_id);
	if (from->version)
		header_add(arena, reply, "ETag",
			arena_printf(arena, "\"%" PRId64 "\"", from->version));
	if (from->location)
		header_add(arena, reply, "Location",
			arena_printf(arena, "%s%s/api/v1%s", request->by_host ? "" : "/t/",
				request->by_host ? "" : tenant_slug(request->job.tenant),
				from->location));
	if (from->file_name)
		header_add(arena, reply, "Content-Disposition",
			arena_printf(arena, "attachment; filename=\"%s\"", from->file_name));
	if (from->set_session)
		cookie_add(request, reply);
}

static void success_reply(struct request *request, struct http_reply *reply)
{
	const struct reply *from = &request->reply;

	if (from->media_type) {
		reply->media_type = from->media_type;
		reply->body = from->bytes;
		if (from->stored)
			stream_begin(request, reply);
	} else if (request->answer.data) {
		reply->media_type = "application/json";
		reply->body = request->answer;
	}
	reply->status = from->status ? from->status : reply->media_type ? 200 : 204;
	success_headers(request, reply);
}

/* Who was turned away, for whoever watches: is somebody guessing, or trying doors? No name, number or address is
 * told. */
static void refusal_log(struct request *request, enum result outcome)
{
	if (outcome != UNAUTHENTICATED && outcome != FORBIDDEN && outcome != TOO_MANY)
		return;
	log_event(LOG_INFO, "request.refused", "tenant", tenant_slug(request->job.tenant),
		"request", request->tx.request_id, "route", request->route->path, "method",
		request->route->method, "code", request->error.code, "account",
		request->tx.actor.id ? request->tx.actor.id : "", NULL);
}

void trouble_log(struct request *request, enum result outcome)
{
	if (outcome < BUSY) {
		refusal_log(request, outcome);
		return;
	}
	log_event(outcome == BUSY ? LOG_WARNING : LOG_ERROR, "request.trouble", "tenant",
		tenant_slug(request->job.tenant), "request", request->tx.request_id, "route",
		request->route->path, "method", request->route->method, "result",
		result_name(outcome), "code", request->error.code, "detail",
		request->error.internal, NULL);
}

void answer_cached(struct api *api, struct http_exchange *exchange, struct cached *entry)
{
	const char *known = http_header(&exchange->message, "if-none-match");
	struct http_header headers[] = {
		{"ETag", entry->etag},
		{"Cache-Control", arena_printf(exchange->arena, "public, max-age=%" PRId64,
					  (entry->until - clock_now_ms()) / 1000)},
		{"Vary", "Accept-Language"},
	};
	struct http_reply reply = {
		.status = 200,
		.media_type = "application/json",
		.body = entry->body,
		.headers = headers,
		.header_count = COUNT(headers),
		.free_body = cached_release,
		.free_data = entry,
	};

	if (known && strstr(known, entry->etag)) {
		reply.status = 304;
		reply.media_type = NULL;
		reply.body = (struct bytes){NULL, 0};
	}
	cached_hold(entry);
	api_answer(api, exchange, &reply);
}

/* Puts a fresh public answer into the cache and answers from there; false if it is not one. */
static bool answer_through_cache(struct request *request)
{
	struct http_exchange *exchange = request->exchange;
	const char *key;

	if (!(request->route->flags & ROUTE_CACHED) || request->cache_until == 0)
		return false;
	key = answer_cache_key(exchange->arena, request->job.tenant, &exchange->message);
	cache_put(request->api->cache, key, request->generation, request->cache_until,
		request->answer);

	struct cached *entry = cache_find(request->api->cache, key, request->generation);
	if (!entry)
		return false;
	answer_cached(request->api, exchange, entry);
	return true;
}

void answer_request(struct request *request, enum result outcome)
{
	struct http_exchange *exchange = request->exchange;
	struct http_reply reply = {0};

	trouble_log(request, outcome);
	after_answer(request, outcome);
	if (outcome == OK && answer_through_cache(request))
		return;
	if (outcome)
		problem_reply(exchange->arena, request->tx.language, status_of(outcome),
			&request->error, request->tx.request_id, &reply);
	else
		success_reply(request, &reply);
	api_answer(request->api, exchange, &reply);
}
