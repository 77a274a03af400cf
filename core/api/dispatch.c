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

#include <string.h>

#include "admission.h"
#include "answer.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "exam/plan.h"
#include "idempotency.h"
#include "route.h"
#include "status.h"

#define CACHE_MOST_MS      5000 /* places left may be so old */
#define CONSULTATIONS_MOST 3    /* of a request, should what is asked change meanwhile */

static void stage_submit(struct request *request);

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

static enum result handle(struct request *request)
{
	bool answered = false;
	enum result rc = idempotency_recall(request, &answered);

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
		answer_request(request, outcome ? outcome : request->refused);
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
		answer_request(request, BUSY);
	}
}

static struct request *request_create(
	struct api *api, struct http_exchange *exchange, const struct match *match)
{
	struct arena *arena = exchange->arena;
	struct request *request = NEW(arena, struct request);

	*request = (struct request){
		.job = {.tenant = match->tenant, .run = stage_run, .done = stage_done},
		.api = api,
		.exchange = exchange,
		.route = match->route,
		.by_host = match->by_host,
		.generation = tenant_generation(match->tenant),
		.error = {.arena = arena},
		.session = session_token(&exchange->message, match->by_host, arena),
		.tx = {.arena = arena,
			.tenant = match->tenant,
			.deployment = api->deployment,
			.address = exchange->message.address,
			.request_id = id_create(arena),
			.language = language_accepted(
				http_header(&exchange->message, "accept-language"))},
	};
	if (match->route->flags & ROUTE_MEASURED)
		request->status = status_measured(api, arena, request->tx.language);
	memcpy(request->parameters, match->parameters, sizeof(request->parameters));
	request->tx.error = &request->error;
	request->tx.consultation = &request->consultation;
	request->job.error = &request->error;
	exchange->user = request;
	return request;
}

void dispatch(struct api *api, struct http_exchange *exchange, const struct match *match)
{
	bool gated = exchange->user;
	struct request *request = request_create(api, exchange, match);

	request->gated = gated;
	request->stage = match->route->prepare ? STAGE_PREPARE : STAGE_HANDLE;
	stage_submit(request);
}

void dispatch_gate(struct api *api, struct http_exchange *exchange, const struct match *match)
{
	struct request *request = request_create(api, exchange, match);

	request->stage = STAGE_GATE;
	stage_submit(request);
}
