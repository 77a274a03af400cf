/*
 * What happens on the loop: matching a request to its tenant and route, and every answer that needs no worker.
 */
#include "api.h"

#include <assert.h>
#include <string.h>

#include "admission.h"
#include "answer.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/embedded.h"
#include "base/limits.h"
#include "base/schema.h"
#include "base/text.h"
#include "dispatch.h"
#include "headers.h"
#include "metrics.h"
#include "pages.h"
#include "problem.h"
#include "rate.h"
#include "route.h"
#include "status.h"

#define API_BASE "/api/v1"

/*
 * The tenant whose host this is, or else the one named by /t/{slug}; *rest is the path behind it. On a tenant's own
 * host there is no other tenant, nor anything while it is suspended: a browser keeps centres apart by origin only.
 */
static struct tenant *tenant_match(struct api *api, struct arena *arena,
	const struct http_message *message, const char **rest, bool *by_host)
{
	const char *path = message->path;
	const char *host = arena_text_part(arena, message->host, strcspn(message->host, ":"));
	struct tenant *tenant;

	*by_host = tenants_find_host(api->tenants, host, &tenant);
	*rest = path;
	if (*by_host || !text_starts(path, "/t/"))
		return tenant;
	path += strlen("/t/");
	size_t length = strcspn(path, "/");
	*rest = path + length;
	return tenants_find(api->tenants, arena_text_part(arena, path, length));
}

static struct match match_of(
	struct api *api, struct arena *arena, const struct http_message *message)
{
	struct match match = {.status = 404, .code = "api.no_tenant"};
	const char *method = text_equal(message->method, "HEAD") ? "GET" : message->method;

	match.tenant = tenant_match(api, arena, message, &match.path, &match.by_host);
	if (!match.tenant && !match.by_host && text_starts(message->path, OPERATOR_PATH "/")) {
		match.tenant = tenants_control(api->tenants);
		match.by_host = true;
	}
	if (!match.tenant)
		return match;
	match.code = "api.no_route";
	if (!text_starts(match.path, API_BASE "/") ||
		route_operators(match.path + strlen(API_BASE)) != tenant_is_control(match.tenant))
		return match;

	match.route = route_find(
		arena, method, match.path + strlen(API_BASE), match.parameters, &match.allowed);
	if (match.route && (match.route->flags & ROUTE_DEMO) && !api->deployment->demo)
		match.route = NULL;
	match.status = match.route ? 0 : match.allowed ? 405 : 404;
	if (match.allowed && !match.route)
		match.code = "api.no_method";
	return match;
}

static enum language language_of(const struct http_message *message)
{
	return message ? language_accepted(http_header(message, "accept-language")) : LANGUAGE_ZH;
}

/* ---- Outside of tenants ---- */

void api_answer(struct api *api, struct http_exchange *exchange, struct http_reply *reply)
{
	headers_complete(exchange->arena, reply, exchange->message.secure);
	api->counters.answers[reply->status / 100]++;
	http_answer(exchange, reply);
}

static void answer_text(struct api *api, struct http_exchange *exchange, int status,
	const char *media_type, struct bytes body)
{
	struct http_reply reply = {.status = status, .media_type = media_type, .body = body};

	api_answer(api, exchange, &reply);
}

static void answer_plain(
	struct api *api, struct http_exchange *exchange, int status, const char *text)
{
	answer_text(
		api, exchange, status, "text/plain; charset=utf-8", bytes_of(text, strlen(text)));
}

static void healthz(struct api *api, struct http_exchange *exchange)
{
	answer_plain(api, exchange, 200, "ok\n");
}

static void readyz(struct api *api, struct http_exchange *exchange)
{
	if (api->draining)
		answer_plain(api, exchange, 503, "draining\n");
	else
		answer_plain(api, exchange, 200, "ready\n");
}

static void metrics(struct api *api, struct http_exchange *exchange)
{
	answer_text(api, exchange, 200, "text/plain; version=0.0.4",
		metrics_text(api, exchange->arena));
}

static void status(struct api *api, struct http_exchange *exchange)
{
	const char *text = json_print(exchange->arena,
		status_json(api, exchange->arena, language_of(&exchange->message)));

	answer_text(api, exchange, 200, "application/json", bytes_of(text, strlen(text)));
}

static void openapi(struct api *api, struct http_exchange *exchange)
{
	answer_text(api, exchange, 200, "application/json", embedded_find("openapi.json")->content);
}

static const struct system_route {
	const char *path;
	void (*answer)(struct api *api, struct http_exchange *exchange);
	bool inside; /* for the machine room: who comes through a proxy does not find it */
} system_routes[] = {
	{"/healthz", healthz, false},
	{"/readyz", readyz, false},
	{"/metrics", metrics, true},
	{"/status", status, true},
	{"/openapi.json", openapi, false},
};

static bool through_proxy(const struct http_message *message)
{
	static const char *const names[] = {
		"x-forwarded-for", "x-forwarded-proto", "forwarded", "x-real-ip", "via"};

	for (size_t i = 0; i < COUNT(names); i++) {
		if (http_header(message, names[i]))
			return true;
	}
	return false;
}

static const struct system_route *system_find(const struct http_message *message)
{
	for (size_t i = 0; i < COUNT(system_routes); i++) {
		const struct system_route *route = &system_routes[i];

		/* Most paths begin otherwise. */
		if (message->path[1] == route->path[1] && text_equal(message->path, route->path))
			return route->inside && through_proxy(message) ? NULL : route;
	}
	return NULL;
}

/* ---- Refusals that need no worker ---- */

static void answer_problem(struct api *api, struct http_exchange *exchange, int status,
	const char *code, const char *allowed)
{
	struct http_reply reply = {0};

	problem_simple(exchange->arena, language_of(&exchange->message), status, code, &reply);
	if (allowed)
		header_add(exchange->arena, &reply, "Allow", allowed);
	api_answer(api, exchange, &reply);
}

static void answer_options(
	struct api *api, struct http_exchange *exchange, const struct match *match)
{
	struct http_reply reply = {.status = 204};

	header_add(exchange->arena, &reply, "Allow", match->allowed);
	api_answer(api, exchange, &reply);
}

static bool method_reads(const char *method)
{
	return text_equal(method, "GET") || text_equal(method, "HEAD");
}

static bool system_handle(struct api *api, struct http_exchange *exchange)
{
	const struct system_route *route = system_find(&exchange->message);

	if (!route)
		return false;
	if (method_reads(exchange->message.method))
		route->answer(api, exchange);
	else
		answer_problem(api, exchange, 405, "api.no_method", "GET, HEAD");
	return true;
}

/* Does an Accept header leave room for what the API gives? Files are taken by anybody who asks for them by name. */
static bool accept_fits(const struct http_message *message, const struct route *route)
{
	const char *accept = http_header(message, "accept");

	if (!accept || strstr(accept, "*/*"))
		return true;
	if (route->flags & ROUTE_HTML)
		return strcasestr(accept, "text/html") || strcasestr(accept, "text/*");
	if (route->flags & ROUTE_FILE)
		return true;
	return strcasestr(accept, "json") || strcasestr(accept, "application/*");
}

/* What the head alone is refused for. */
static bool head_refused(struct api *api, struct http_exchange *exchange, const struct match *match)
{
	const struct http_message *message = &exchange->message;

	if (!accept_fits(message, match->route))
		answer_problem(api, exchange, 406, "api.not_acceptable", NULL);
	else if (!origin_acceptable(message))
		answer_problem(api, exchange, 403, "api.other_origin", NULL);
	else
		return false;
	return true;
}

static bool asks_too_often(
	struct api *api, struct http_exchange *exchange, const struct route *route)
{
	struct arena *arena = exchange->arena;
	struct error error = {.arena = arena};
	struct http_reply reply = {0};
	int64_t wait_ms = 0;

	if (route->flags & ROUTE_LIMITED)
		wait_ms = rate_take(
			api->rate, address_group(arena, exchange->message.address), clock_now_ms());
	if (wait_ms == 0)
		return false;
	enum result rc = fail_too_soon(&error, "api.too_often", wait_ms);
	problem_reply(arena, language_of(&exchange->message), status_of(rc), &error, NULL, &reply);
	api_answer(api, exchange, &reply);
	return true;
}

static void handle_matched(
	struct api *api, struct http_exchange *exchange, const struct match *match)
{
	const struct http_message *message = &exchange->message;

	if (head_refused(api, exchange, match) || asks_too_often(api, exchange, match->route))
		return;
	if (match->route->flags & ROUTE_CACHED) {
		struct cached *entry = cache_find(api->cache,
			answer_cache_key(exchange->arena, match->tenant, message),
			tenant_generation(match->tenant));

		if (entry) {
			api->counters.cached++;
			answer_cached(api, exchange, entry);
			return;
		}
	}
	dispatch(api, exchange, match);
}

static bool asset_handle(struct api *api, struct http_exchange *exchange)
{
	struct http_reply reply = {0};

	if (!method_reads(exchange->message.method) ||
		!pages_asset(&exchange->message, exchange->arena, &reply))
		return false;
	api_answer(api, exchange, &reply);
	return true;
}

static bool page_handle(struct api *api, struct http_exchange *exchange, const struct match *match)
{
	struct http_reply reply = {0};

	/* The operator's are where no tenant is; a suspended one's host has none. */
	const char *path = match->tenant ? match->path : exchange->message.path;
	if (match->status != 404 || !method_reads(exchange->message.method) ||
		(match->by_host && !match->tenant) ||
		!pages_page(&exchange->message, exchange->arena, path, match->tenant, &reply))
		return false;
	api_answer(api, exchange, &reply);
	return true;
}

/* Who has mistyped a centre's address reads a sentence, and no JSON. */
static bool nothing_handle(
	struct api *api, struct http_exchange *exchange, const struct match *match)
{
	struct http_reply reply = {0};

	if (match->status != 404 || !method_reads(exchange->message.method) ||
		!pages_nothing(&exchange->message, exchange->arena, match->path,
			language_of(&exchange->message), match->code, &reply))
		return false;
	api_answer(api, exchange, &reply);
	return true;
}

/* For the operator's self-check: is there a proxy in front, and does it speak TLS? */
static void notice_proxy(struct api *api, const struct http_message *message)
{
	if (through_proxy(message))
		api->forwarded_at = clock_now_ms();
	if (message->secure)
		api->secure_at = clock_now_ms();
}

static void handle(void *context, struct http_exchange *exchange)
{
	struct api *api = context;

	api->counters.requests++;
	notice_proxy(api, &exchange->message);
	if (system_handle(api, exchange) || asset_handle(api, exchange))
		return;

	struct match match = match_of(api, exchange->arena, &exchange->message);
	if (page_handle(api, exchange, &match) || nothing_handle(api, exchange, &match))
		return;
	if (match.status == 405 && text_equal(exchange->message.method, "OPTIONS"))
		answer_options(api, exchange, &match);
	else if (match.status)
		answer_problem(api, exchange, match.status, match.code, match.allowed);
	else
		handle_matched(api, exchange, &match);
}

/*
 * Before a body is read: how long may it be? What anybody may send stays in memory, so that only who is known comes
 * near the disk. Whether there is a route for it is judged once, in handle().
 */
static int admit(void *context, const struct http_message *message, size_t *body_limit)
{
	struct api *api = context;

	*body_limit = LIMIT_HTTP_BODY_MEMORY;
	if (method_reads(message->method))
		return 0;

	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_HTTP_TARGET * 8);
	struct match match = match_of(api, arena, message);
	if (match.route && match.route->audience != ANYBODY)
		*body_limit =
			match.route->flags & ROUTE_UPLOAD ? LIMIT_SCAN_BYTES : LIMIT_HTTP_JSON_BODY;
	if (match.route && match.route->body_limit)
		*body_limit = match.route->body_limit;
	return 0;
}

/* A body that outgrows memory: what needs no session to be refused is refused here. */
static void spool(void *context, struct http_exchange *exchange)
{
	struct api *api = context;
	struct match match = match_of(api, exchange->arena, &exchange->message);

	if (match.status)
		answer_problem(api, exchange, match.status, match.code, match.allowed);
	else if (!head_refused(api, exchange, &match))
		dispatch_gate(api, exchange, &match);
}

/* Errors that net answers itself, in our format. */
static void problem(void *context, struct arena *arena, const struct http_message *message,
	int status, const char *code, struct http_reply *reply)
{
	(void)context;
	problem_simple(arena, language_of(message), status, code, reply);
	headers_complete(arena, reply, message && message->secure);
}

void api_settings(struct api *api, struct http_settings *settings)
{
	if (!api->cache)
		api->cache = cache_create();
	if (!api->rate)
		api->rate = rate_create();
	settings->admit = admit;
	settings->handle = handle;
	settings->spool = spool;
	settings->problem = problem;
	settings->context = api;
}

void api_close(struct api *api)
{
	cache_destroy(api->cache);
	rate_destroy(api->rate);
	api->cache = NULL;
	api->rate = NULL;
}

static void body_schema_check(const struct schema_set *schemas, const struct route *route)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(4096);

	if (route->body)
		assert(schema_find(
			schemas, arena_printf(arena, "kaowu:api#/$defs/%s", route->body)));
}

void routes_check(const struct schema_set *schemas)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &routes[i];

		assert(route->handler && route->summary && route->path[0] == '/');
		assert(!(route->flags & ROUTE_IDEMPOTENT) ||
			(route->lane == LANE_WRITE && route->audience != ANYBODY));
		assert(!(route->flags & ROUTE_DRY) ||
			(route->lane == LANE_WRITE && !route->show && !route->finish));
		assert(!(route->flags & ROUTE_CACHED) || route->audience == ANYBODY);
		assert(route->audience == ANYBODY ||
			(route->audience == OPERATOR) == route_operators(route->path));
		/* What a write has done could not be told any more if its finish found no place. */
		assert(!route->finish || route->lane != LANE_WRITE);
		for (size_t j = 0; j < i; j++)
			assert(!text_equal(routes[j].method, route->method) ||
				!text_equal(routes[j].path, route->path));
		body_schema_check(schemas, route);
	}
}
