/*
 * Who may have a request handled: tokens, the origin of a browser's request, audience, If-Match, media type, and
 * body, in this order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "api/admission.h"
#include "api/route.h"
#include "base/arena.h"
#include "base/text.h"
#include "exam/deployment.h"

#include <cmocka.h>

#define HEADERS_MOST 8

static struct arena *arena;
static struct schema_set *schemas;
static struct deployment deployment;
static struct http_header headers[HEADERS_MOST];
static struct http_exchange exchange;
static struct route route;
static struct request request;

static int begin(void **state)
{
	(void)state;
	arena = arena_create(1u << 20);
	exchange = (struct http_exchange){.arena = arena,
		.message = {.method = "POST",
			.path = "/",
			.query = "",
			.host = "haidian.kaowu.example",
			.headers = headers,
			.body_file = -1}};
	route = (struct route){.method = "POST", .path = "/things", .audience = ANYBODY};
	request = (struct request){.exchange = &exchange, .route = &route};
	request.error.arena = arena;
	request.tx = (struct transaction){
		.arena = arena, .deployment = &deployment, .error = &request.error};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static void header(const char *name, const char *value)
{
	struct http_message *message = &exchange.message;

	assert_true(message->header_count < HEADERS_MOST);
	headers[message->header_count++] = (struct http_header){name, value};
}

/* ---- Tokens ---- */

static void expect_token(bool by_host, const char *expected)
{
	const char *token = session_token(&exchange.message, by_host, arena);

	if (expected) {
		assert_non_null(token);
		assert_string_equal(token, expected);
	} else {
		assert_null(token);
	}
}

static void a_program_sends_its_token_as_bearer(void **state)
{
	(void)state;
	expect_token(false, NULL);
	header("authorization", "bEaReR the-token");
	header("cookie", "kaowu_session=other");
	expect_token(false, "the-token");
	expect_token(true, "the-token");
}

static void another_scheme_is_not_ours(void **state)
{
	(void)state;
	header("authorization", "Basic the-token");
	expect_token(false, NULL);
	header("cookie", "kaowu_session=cookie-token");
	expect_token(false, "cookie-token");
}

static void a_browser_sends_it_in_the_cookie(void **state)
{
	(void)state;
	header("cookie", "a=b; kaowu_session=plain; __Host-kaowu_session=strict;"
			 " __Secure-kaowu_session=clear-of-http");
	expect_token(false, "plain");
	expect_token(true, "plain");
	exchange.message.secure = true;
	expect_token(false, "clear-of-http");
	/* On a centre's own host and over TLS the plain one could have been set by another host. */
	expect_token(true, "strict");
	assert_string_equal(session_cookie(&exchange.message, true), "__Host-kaowu_session");
}

/* ---- Origins ---- */

static void a_request_from_another_site_is_not_acceptable(void **state)
{
	static const struct {
		const char *method, *site, *origin, *authorization;
		bool acceptable;
	} cases[] = {
		{"GET", "cross-site", "https://evil.example", NULL, true},
		{"HEAD", "cross-site", NULL, NULL, true},
		{"OPTIONS", "cross-site", NULL, NULL, true},
		{"POST", NULL, NULL, NULL, true},
		{"POST", "same-origin", NULL, NULL, true},
		{"POST", "none", NULL, NULL, true},
		{"POST", "same-site", NULL, NULL, false},
		{"POST", "cross-site", NULL, NULL, false},
		{"DELETE", "cross-site", "https://haidian.kaowu.example", NULL, false},
		{"PUT", NULL, "https://haidian.kaowu.example", NULL, true},
		{"PUT", NULL, "http://haidian.kaowu.example", NULL, true},
		{"PUT", NULL, "https://haidian.kaowu.example:8443", NULL, false},
		{"PUT", NULL, "https://chaoyang.kaowu.example", NULL, false},
		{"PUT", NULL, "https://haidian.kaowu.example.evil.example", NULL, false},
		{"PUT", NULL, "null", NULL, false},
		{"POST", "cross-site", "https://evil.example", "Bearer token", true},
		/* A browser sends this by itself. */
		{"POST", "cross-site", "https://evil.example", "Basic token", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		exchange.message.method = cases[i].method;
		exchange.message.header_count = 0;
		if (cases[i].site)
			header("sec-fetch-site", cases[i].site);
		if (cases[i].origin)
			header("origin", cases[i].origin);
		if (cases[i].authorization)
			header("authorization", cases[i].authorization);
		if (origin_acceptable(&exchange.message) != cases[i].acceptable)
			print_error("case %zu\n", i);
		assert_int_equal(origin_acceptable(&exchange.message), cases[i].acceptable);
	}
}

/* ---- Admission ---- */

static void admit(enum result expected, const char *code)
{
	bool touch = true;

	request.error = (struct error){.arena = arena};
	assert_int_equal(admit_request(&request, &touch), expected);
	assert_false(touch);
	if (code)
		assert_string_equal(request.error.code, code);
}

static void each_audience_has_its_own(void **state)
{
	static const struct {
		enum audience audience;
		unsigned roles;
		struct actor actor;
		enum result result;
	} cases[] = {
		{ANYBODY, 0, {ACTOR_NOBODY, NULL, 0, false}, OK},
		{ANYBODY, 0, {ACTOR_STAFF, "s", 0, false}, OK},
		{CANDIDATE, 0, {ACTOR_NOBODY, NULL, 0, false}, UNAUTHENTICATED},
		{CANDIDATE, 0, {ACTOR_CANDIDATE, "c", 0, false}, OK},
		{CANDIDATE, 0, {ACTOR_STAFF, "s", ROLE_ADMIN, false}, FORBIDDEN},
		{STAFF, 0, {ACTOR_NOBODY, NULL, 0, false}, UNAUTHENTICATED},
		{STAFF, 0, {ACTOR_CANDIDATE, "c", 0, false}, FORBIDDEN},
		{STAFF, 0, {ACTOR_STAFF, "s", 0, false}, OK},
		{STAFF, ROLE_CASHIER, {ACTOR_STAFF, "s", ROLE_ADMIN | ROLE_REVIEWER, false},
			FORBIDDEN},
		{STAFF, ROLE_CASHIER, {ACTOR_STAFF, "s", ROLE_CASHIER | ROLE_REVIEWER, false}, OK},
		{STAFF, ROLE_ADMIN | ROLE_AUDITOR, {ACTOR_STAFF, "s", ROLE_AUDITOR, false}, OK},
		/* Who has to enrol a second factor has no role, and hears why. */
		{STAFF, 0, {ACTOR_STAFF, "s", 0, true}, OK},
		{STAFF, ROLE_CASHIER, {ACTOR_STAFF, "s", 0, true}, FORBIDDEN},
		/* A candidate's account with a role is a candidate's still. */
		{STAFF, ROLE_CASHIER, {ACTOR_CANDIDATE, "c", ROLE_CASHIER, false}, FORBIDDEN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		route.audience = cases[i].audience;
		route.roles = cases[i].roles;
		request.tx.actor = cases[i].actor;
		admit(cases[i].result, cases[i].result == UNAUTHENTICATED ? "api.sign_in"
				       : cases[i].result != FORBIDDEN     ? NULL
				       : cases[i].actor.unenrolled        ? "api.second_factor"
									  : "api.not_allowed");
	}
}

static void a_versioned_route_wants_the_version_that_was_seen(void **state)
{
	static const struct {
		const char *match;
		enum result result;
		int64_t version;
	} cases[] = {
		{NULL, PRECONDITION_REQUIRED, 0},
		{"\"7\"", OK, 7},
		{"W/\"7\"", OK, 7},
		{"\"9007199254740991\"", OK, INT64_C(9007199254740991)},
		{"7", MALFORMED, 0},
		{"\"7", MALFORMED, 0},
		{"\"\"", MALFORMED, 0},
		{"\" 7\"", MALFORMED, 0},
		{"\"+7\"", MALFORMED, 0},
		{"\"-7\"", MALFORMED, 0},
		{"\"7 \"", MALFORMED, 0},
		{"\"seven\"", MALFORMED, 0},
		{"\"7\", \"8\"", MALFORMED, 0},
		{"*", MALFORMED, 0},
		{"\"99999999999999999999999\"", MALFORMED, 0},
	};

	(void)state;
	admit(OK, NULL);
	route.flags = ROUTE_VERSIONED;
	for (size_t i = 0; i < COUNT(cases); i++) {
		exchange.message.header_count = 0;
		if (cases[i].match)
			header("if-match", cases[i].match);
		admit(cases[i].result, !cases[i].match   ? "api.if_match"
				       : cases[i].result ? "api.if_match_malformed"
							 : NULL);
		if (cases[i].result == OK)
			assert_int_equal(request.if_match, cases[i].version);
	}
}

static void post(const char *media_type, const char *body)
{
	exchange.message.header_count = 0;
	if (media_type)
		header("content-type", media_type);
	exchange.message.body = bytes_of(body, strlen(body));
}

static void a_body_is_json_and_fits_its_schema(void **state)
{
	static const struct {
		const char *media_type, *body;
		enum result result;
		const char *code;
	} cases[] = {
		{"application/json", "{\"name\": \"张三\"}", OK, NULL},
		{"Application/JSON; charset=utf-8", "{\"name\": \"张三\"}", OK, NULL},
		{"application/jsonp", "{\"name\": \"张三\"}", UNSUPPORTED, "api.json_only"},
		{"text/plain", "{\"name\": \"张三\"}", UNSUPPORTED, "api.json_only"},
		{NULL, "{\"name\": \"张三\"}", UNSUPPORTED, "api.json_only"},
		{"application/json", "{\"name\": ", MALFORMED, NULL},
		{"application/json", "", MALFORMED, NULL},
		{"application/json", "{}", INVALID, "input.invalid"},
		{"application/json", "{\"name\": \"张三\", \"more\": 1}", INVALID, "input.invalid"},
		/* Valid as it came, empty as it counts. */
		{"application/json", "{\"name\": \" 　 \"}", INVALID, "input.invalid"},
	};

	(void)state;
	route.body = "Thing";
	for (size_t i = 0; i < COUNT(cases); i++) {
		post(cases[i].media_type, cases[i].body);
		admit(cases[i].result, cases[i].code);
	}
}

static void a_body_is_taken_as_people_mean_it_but_for_a_password(void **state)
{
	(void)state;
	route.body = "Thing";
	post("application/json", "{\"name\": \"　张三１ \", \"password\": \" ａ \","
				 " \"list\": [{\"name\": \" Ｂ \"}, 7, null]}");
	admit(OK, NULL);
	assert_string_equal(json_get_text(request.body, "name"), "张三1");
	assert_string_equal(json_get_text(request.body, "password"), " ａ ");
	assert_string_equal(json_text(json_at_pointer(request.body, "/list/0/name")), "B");
	assert_int_equal(json_integer(json_at_pointer(request.body, "/list/1")), 7);
	assert_true(json_is_null(json_at_pointer(request.body, "/list/2")));
}

static void an_upload_is_taken_as_it_comes(void **state)
{
	(void)state;
	route.flags = ROUTE_UPLOAD;
	post("image/jpeg", "not {json}");
	admit(OK, NULL);
	assert_int_equal(request.content.size, strlen("not {json}"));
	assert_null(request.body);
}

/* The first fault is the one that a client would have to mend first. */
static void who_must_sign_in_hears_that_before_anything_else(void **state)
{
	(void)state;
	route = (struct route){.audience = CANDIDATE, .flags = ROUTE_VERSIONED, .body = "Thing"};
	post("text/plain", "nothing");
	admit(UNAUTHENTICATED, "api.sign_in");
	request.tx.actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = "c"};
	admit(PRECONDITION_REQUIRED, "api.if_match");
	header("if-match", "\"1\"");
	admit(UNSUPPORTED, "api.json_only");
}

static const struct schema_set *schemas_built(void)
{
	return schemas;
}

static int schemas_build(void **state)
{
	static const char text[] =
		"{\"$id\": \"kaowu:api\", \"$defs\": {\"Thing\": {\"type\": \"object\", \"required\":"
		" [\"name\"], \"additionalProperties\": false, \"properties\": {\"name\": {\"type\":"
		" \"string\", \"minLength\": 1}, \"password\": {\"type\": \"string\"}, \"list\":"
		" {\"type\": \"array\"}}}}}";
	struct arena *own CLEANUP(arena_destroy_at) = arena_create(1u << 20);
	struct error error = {.arena = own};
	json *document;

	(void)state;
	schemas = schema_set_create();
	if (json_parse(own, text, strlen(text), &document, &error) ||
		schema_set_add(schemas, "api", document, &error) ||
		schema_set_link(schemas, &error))
		return -1;
	deployment.schemas = schemas_built;
	return 0;
}

static int schemas_destroy(void **state)
{
	(void)state;
	schema_set_destroy(schemas);
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_program_sends_its_token_as_bearer),
		TEST(another_scheme_is_not_ours),
		TEST(a_browser_sends_it_in_the_cookie),
		TEST(a_request_from_another_site_is_not_acceptable),
		TEST(each_audience_has_its_own),
		TEST(a_versioned_route_wants_the_version_that_was_seen),
		TEST(a_body_is_json_and_fits_its_schema),
		TEST(a_body_is_taken_as_people_mean_it_but_for_a_password),
		TEST(an_upload_is_taken_as_it_comes),
		TEST(who_must_sign_in_hears_that_before_anything_else),
	};

	return cmocka_run_group_tests(tests, schemas_build, schemas_destroy);
}
