/*
 * A matched request's way over the tenant's queue.
 *
 *	dispatch -> [prepare: heavy lane (a signature: read lane), snapshot] -> handle: any of the lanes
 *		-> [show: read lane] -> [finish: heavy lane] -> answer
 *	handle -> [consult: heavy lane] -> handle, where a plugin's word is wanted first
 *	dispatch_gate -> gate: read lane -> the body is read on, and then dispatch; or an answer
 *
 * Each arrow is a job of the same baton; a stage that refuses goes straight to the answer. A stage of a write may
 * run again, also after a plugin was asked about what it had to judge, so it begins from a clean error and reply. What
 * was kept, and only that, is told as done: `done` hears a failed commit.
 */
#include "dispatch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "after.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "exam/plan.h"
#include "headers.h"
#include "idempotency.h"
#include "problem.h"
#include "status.h"
#include "stream.h"

#define CACHE_MOST_MS 5000 /* places left may be so old */
#define NUMBER_DIGITS 9    /* of a query parameter: fits an int */

#define CONSULTATIONS_MOST 3 /* of a request, should what is asked change meanwhile */

static void stage_submit(struct request *request);

const char *request_query(struct request *request, const char *name)
{
	return http_query(&request->exchange->message, request->tx.arena, name);
}

json *request_filter(struct request *request, const char *const *names)
{
	json *filter = json_new_object(request->tx.arena);

	for (; *names; names++) {
		const char *value = request_query(request, *names);

		if (value && !text_blank(value))
			json_set_text(request->tx.arena, filter, *names, value);
	}
	return filter;
}

enum result request_query_number(struct request *request, const char *name, int64_t *out)
{
	const char *text = request_query(request, name);
	size_t digits = text ? strspn(text, "0123456789") : 0;

	if (text && (text[digits] || digits == 0 || digits > NUMBER_DIGITS))
		return fail(&request->error, MALFORMED, "api.query_number", "name", name, NULL);
	*out = text ? strtoll(text, NULL, 10) : 0;
	return OK;
}

enum result request_page(struct request *request, struct page *out)
{
	return page_read(&request->tx, request_query(request, "cursor"),
		request_query(request, "limit"), out);
}

const char *dispatch_cache_key(
	struct arena *arena, const struct tenant *tenant, const struct http_message *message)
{
	return arena_printf(arena, "%s %s %d", tenant_slug(tenant), message->target,
		(int)language_accepted(http_header(message, "accept-language")));
}

/* The first stage that runs admits the request. */
static bool stage_first(const struct request *request)
{
	return request->stage == STAGE_PREPARE ||
	       (request->stage == STAGE_HANDLE && !request->route->prepare);
}

/*
 * Who was let in before prepare may have been shut out since, and is asked anew before anything is written. Not where
 * prepare has acted already: that is to be told. Nor before show and finish: what they answer was done or read already.
 */
static bool stage_again(const struct request *request)
{
	return request->stage == STAGE_HANDLE && request->route->prepare &&
	       !(request->route->flags & ROUTE_ACTED);
}

static void stage_begin(struct request *request, struct store *db)
{
	request->error = (struct error){.arena = request->exchange->arena};
	if (request->stage <= STAGE_HANDLE)
		request->reply = (struct reply){0};
	request->refused = OK;
	request->tx.db = db;
	request->tx.error = &request->error;
	request->tx.keys = tenant_keys(request->job.tenant);
	request->tx.now = clock_now_ms();
	request->answer = (struct bytes){NULL, 0};
	if (stage_first(request) || stage_again(request))
		request->tx.actor = (struct actor){.kind = ACTOR_NOBODY};
}

/* How long the public may be shown this answer. */
static enum result cache_time(struct request *request)
{
	int64_t change;
	enum result rc;

	if (!(request->route->flags & ROUTE_CACHED))
		return OK;
	rc = plan_next_change(&request->tx, &change);
	if (rc)
		return rc;
	request->cache_until = request->tx.now + CACHE_MOST_MS;
	if (change && change < request->cache_until)
		request->cache_until = change;
	return OK;
}

/* Who asks what would happen must not find that it has: where nobody can be told, nothing is done either. */
static enum result dry_read(struct request *request)
{
	const char *dry =
		request->route->lane == LANE_WRITE ? request_query(request, "dry_run") : NULL;

	if (!dry)
		return OK;
	if (!(request->route->flags & ROUTE_DRY))
		return fail(&request->error, MALFORMED, "api.no_dry_run", NULL);
	if (!text_equal(dry, "true"))
		return fail(&request->error, MALFORMED, "api.dry_run", NULL);
	request->job.dry = true;
	return OK;
}

static enum result handle(struct request *request)
{
	bool answered = false;
	enum result rc = dry_read(request);

	rc = rc ? rc : idempotency_recall(request, &answered);
	if (!rc && !answered)
		rc = request->route->handler(request);
	if (!rc && !answered)
		rc = idempotency_remember(request);
	return rc ? rc : cache_time(request);
}

static void body_print(struct request *request)
{
	const char *text = json_print(request->tx.arena, request->reply.body);

	request->answer = bytes_of(text, strlen(text));
}

static enum result stage_call(struct request *request)
{
	switch (request->stage) {
	case STAGE_GATE:
		return admit_head(request, &request->touch);
	case STAGE_PREPARE:
		return request->route->prepare(request);
	case STAGE_CONSULT:
		return consultation_ask(&request->tx);
	case STAGE_HANDLE:
		return handle(request);
	case STAGE_SHOW:
		return request->route->show(request);
	case STAGE_FINISH:
		return request->route->finish(request);
	}
	return OK;
}

static enum result stage_admit(struct request *request)
{
	if (stage_first(request))
		return admit_request(request, &request->touch);
	if (stage_again(request))
		return admit_head(request, &request->touch);
	return OK;
}

static enum result stage_work(struct request *request)
{
	enum result rc = stage_admit(request);

	rc = rc ? rc : stage_call(request);
	if (rc == OK && request->reply.body && !request->answer.data)
		body_print(request);
	return rc;
}

static enum result stage_run(struct job *job, struct store *db)
{
	struct request *request = (struct request *)job;
	enum result rc;

	stage_begin(request, db);
	rc = stage_work(request);
	if (rc && request->reply.keep) {
		request->refused = rc;
		return OK;
	}
	return rc;
}

/* ---- Answers, on the loop ---- */

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

void dispatch_answer_cached(struct api *api, struct http_exchange *exchange, struct cached *entry)
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
	key = dispatch_cache_key(exchange->arena, request->job.tenant, &exchange->message);
	cache_put(request->api->cache, key, request->generation, request->cache_until,
		request->answer);

	struct cached *entry = cache_find(request->api->cache, key, request->generation);
	if (!entry)
		return false;
	dispatch_answer_cached(request->api, exchange, entry);
	return true;
}

static void answer(struct request *request, enum result outcome)
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

/* What the handler was to judge needs a plugin's word first. */
static bool consultation_next(struct request *request)
{
	if (request->stage != STAGE_HANDLE || !consultation_wanted(&request->consultation) ||
		request->consultations == CONSULTATIONS_MOST)
		return false;
	request->consultations++;
	request->stage = STAGE_CONSULT;
	request->job.admitted = true;
	return true;
}

/* False where nothing comes any more. */
static bool stage_next(struct request *request)
{
	const struct route *route = request->route;

	if (request->stage < STAGE_HANDLE)
		request->stage = STAGE_HANDLE;
	else if (request->stage == STAGE_HANDLE && route->show)
		request->stage = STAGE_SHOW;
	else if (request->stage < STAGE_FINISH && route->finish)
		request->stage = STAGE_FINISH;
	else
		return false;
	request->job.admitted = true;
	return true;
}

/* A value is sealed by a key that a command has just made: the same once more, with that. */
static bool key_learned(struct request *request, enum result outcome)
{
	if (outcome != BROKEN || request->relearned ||
		!tenants_learn_key(request->api->tenants, &request->error))
		return false;
	request->relearned = true;
	request->job.admitted = true;
	return true;
}

static void stage_over(struct request *request, enum result outcome)
{
	if (key_learned(request, outcome)) {
		stage_submit(request);
		return;
	}
	if (outcome == OK && request->stage == STAGE_GATE) {
		http_spool_allow(request->exchange);
		return;
	}

	if (outcome == OK && request->stage == STAGE_HANDLE &&
		(request->route->flags & ROUTE_REGISTRY) && request->api->registry_changed)
		request->api->registry_changed(request->api->context);

	bool more = outcome ? consultation_next(request)
			    : request->refused == OK && stage_next(request);

	if (more)
		stage_submit(request);
	else
		answer(request, outcome ? outcome : request->refused);
}

/* ---- Uploads that wait ----
 *
 * Whoever was let in and has sent it all is not told to send it again because pictures are looked at one by one: what
 * lies on the disk costs little while it waits here, in the order in which it came. Whoever leaves the heavy lane calls
 * the next; where nobody is in it, nobody would.
 */

static bool waiting_take(struct request *request)
{
	struct api *api = request->api;

	if (!request->gated || api->heavy == 0)
		return false;
	request->next = NULL;
	if (!api->waiting)
		api->waiting_end = &api->waiting;
	*api->waiting_end = request;
	api->waiting_end = &request->next;
	return true;
}

/* One may find no room and the next, of another centre, find some: each is tried, and waits on in its place. */
static void waiting_call(struct api *api)
{
	struct request *request = api->waiting, *next;

	for (api->waiting = NULL; request; request = next) {
		next = request->next;
		stage_submit(request);
	}
}

static void stage_done(struct job *job, enum result outcome)
{
	struct request *request = (struct request *)job;
	struct api *api = request->api;
	bool heavy = job->lane == LANE_HEAVY;

	api->heavy -= heavy;
	stage_over(request, outcome);
	if (heavy && api->waiting)
		waiting_call(api);
}

static enum lane stage_lane(const struct request *request)
{
	switch (request->stage) {
	case STAGE_HANDLE:
		return request->route->lane;
	case STAGE_GATE:
	case STAGE_SHOW:
		return LANE_READ;
	case STAGE_PREPARE: /* a signature is checked in no time: it need not stand behind pictures */
		return request->route->flags & ROUTE_SIGNED ? LANE_READ : LANE_HEAVY;
	default:
		return LANE_HEAVY;
	}
}

static void stage_submit(struct request *request)
{
	request->job.next = NULL;
	request->job.lane = stage_lane(request);
	if (tenants_submit(request->api->tenants, &request->job) == OK) {
		request->api->heavy += request->job.lane == LANE_HEAVY;
	} else if (!waiting_take(request)) {
		request->api->counters.refused_busy++;
		answer(request, BUSY);
	}
}

static struct request *request_create(struct api *api, struct http_exchange *exchange,
	struct tenant *tenant, bool by_host, const struct route *route,
	const char *const parameters[4])
{
	struct arena *arena = exchange->arena;
	struct request *request = NEW(arena, struct request);

	*request = (struct request){
		.job = {.tenant = tenant, .run = stage_run, .done = stage_done},
		.api = api,
		.exchange = exchange,
		.route = route,
		.by_host = by_host,
		.generation = tenant_generation(tenant),
		.error = {.arena = arena},
		.session = session_token(&exchange->message, by_host, arena),
		.tx = {.arena = arena,
			.tenant = tenant,
			.deployment = api->deployment,
			.address = exchange->message.address,
			.request_id = id_create(arena),
			.language = language_accepted(
				http_header(&exchange->message, "accept-language"))},
	};
	if (route->flags & ROUTE_MEASURED)
		request->status = status_measured(api, arena, request->tx.language);
	memcpy(request->parameters, parameters, sizeof(request->parameters));
	request->tx.error = &request->error;
	request->tx.consultation = &request->consultation;
	request->job.error = &request->error;
	exchange->user = request;
	return request;
}

void dispatch(struct api *api, struct http_exchange *exchange, struct tenant *tenant, bool by_host,
	const struct route *route, const char *const parameters[4])
{
	bool gated = exchange->user;
	struct request *request = request_create(api, exchange, tenant, by_host, route, parameters);

	request->gated = gated;
	request->stage = route->prepare ? STAGE_PREPARE : STAGE_HANDLE;
	stage_submit(request);
}

void dispatch_gate(struct api *api, struct http_exchange *exchange, struct tenant *tenant,
	bool by_host, const struct route *route, const char *const parameters[4])
{
	struct request *request = request_create(api, exchange, tenant, by_host, route, parameters);

	request->stage = STAGE_GATE;
	stage_submit(request);
}
