/*
 * What a refusal looks like: RFC 9457, in the language that was asked for, with each fault and when to come again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "api/headers.h"
#include "api/problem.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

#include <cmocka.h> /* its macro named fail is got round by brackets */

static struct arena *arena;
static struct error error;
static struct http_reply reply;

static int load_messages(void **state)
{
	struct error none = {0};

	(void)state;
	return messages_load(&none) == OK ? 0 : -1;
}

static int begin(void **state)
{
	(void)state;
	arena = arena_create(1u << 20);
	error = (struct error){.arena = arena};
	reply = (struct http_reply){0};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static json *body(void)
{
	struct error none = {.arena = arena};
	json *problem = NULL;

	assert_int_equal(
		json_parse(arena, (const char *)reply.body.data, reply.body.size, &problem, &none),
		OK);
	return problem;
}

static const char *header(const char *name)
{
	for (size_t i = 0; i < reply.header_count; i++) {
		if (text_equal(reply.headers[i].name, name))
			return reply.headers[i].value;
	}
	return NULL;
}

static void every_result_has_the_status_that_its_name_says(void **state)
{
	static const struct {
		enum result result;
		int status;
	} cases[] = {
		{OK, 200},
		{MALFORMED, 400},
		{UNAUTHENTICATED, 401},
		{FORBIDDEN, 403},
		{NOT_FOUND, 404},
		{CONFLICT, 409},
		{STALE, 412},
		{TOO_LARGE, 413},
		{UNSUPPORTED, 415},
		{INVALID, 422},
		{PRECONDITION_REQUIRED, 428},
		{TOO_MANY, 429},
		{BUSY, 503},
		{FULL, 507},
		{BROKEN, 503},
	};

	(void)state;
	assert_int_equal(COUNT(cases), BROKEN + 1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(cases[i].result, i);
		assert_int_equal(status_of(cases[i].result), cases[i].status);
		assert_string_not_equal(http_reason(cases[i].status), "Status");
	}
}

static void a_problem_says_what_to_do_in_the_language_asked_for(void **state)
{
	static const struct {
		enum language language;
		const char *detail;
	} cases[] = {
		{LANGUAGE_ZH,
			"这份申报已被修改过（您看到的是第 3 版，现在是第 5 版），请刷新后再操作。"},
		{LANGUAGE_EN,
			"This application was changed: you saw version 3, it is at 5 now. Load"
			" it again."},
	};

	(void)state;
	(void)(fail)(&error, STALE, "application.stale", "yours", "3", "current", "5", NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		problem_reply(arena, cases[i].language, 412, &error, "r-1", &reply);
		json *problem = body();

		assert_int_equal(reply.status, 412);
		assert_string_equal(reply.media_type, "application/problem+json");
		assert_string_equal(json_get_text(problem, "detail"), cases[i].detail);
		assert_string_equal(
			json_get_text(problem, "type"), "urn:kaowu:problem:application.stale");
		assert_string_equal(json_get_text(problem, "title"), "Precondition Failed");
		assert_int_equal(json_get_integer(problem, "status"), 412);
		assert_string_equal(json_get_text(problem, "code"), "application.stale");
		assert_string_equal(json_text(json_at_pointer(problem, "/params/current")), "5");
		assert_int_equal(json_count(json_get(problem, "errors")), 0);
		assert_string_equal(json_get_text(problem, "request_id"), "r-1");
		assert_string_equal(header("X-Request-Id"), "r-1");
		reply = (struct http_reply){0};
	}
}

static void every_fault_is_told_with_its_place(void **state)
{
	(void)state;
	fault_add(&error, "/details", "application.missing", "name", "个人信息", NULL);
	fault_add(&error, "/id_number", "application.duplicate", NULL);
	enum result rc = refuse_faults(&error);
	problem_reply(arena, LANGUAGE_ZH, status_of(rc), &error, NULL, &reply);
	json *problem = body();

	assert_int_equal(reply.status, 422);
	assert_int_equal(json_count(json_get(problem, "errors")), 2);
	assert_string_equal(json_text(json_at_pointer(problem, "/errors/0/pointer")), "/details");
	assert_string_equal(json_text(json_at_pointer(problem, "/errors/0/detail")),
		"还缺：个人信息。请补充后再提交。");
	assert_string_equal(
		json_text(json_at_pointer(problem, "/errors/1/code")), "application.duplicate");
	assert_null(json_get(problem, "request_id"));
	assert_null(header("X-Request-Id"));
}

static void what_is_for_the_log_stays_there(void **state)
{
	(void)state;
	(void)trouble(&error, BROKEN, "store.broken", "%s", "the secret of the disk");
	problem_reply(arena, LANGUAGE_EN, 503, &error, NULL, &reply);
	assert_null(memmem(reply.body.data, reply.body.size, "secret", strlen("secret")));
}

static void a_wait_is_told_in_seconds(void **state)
{
	static const struct {
		int status;
		const char *seconds, *retry_after;
	} cases[] = {
		{429, "37", "37"},
		{429, NULL, NULL},
		{503, NULL, "1"},
		{503, "5", "5"},
		{409, "5", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error case_error = {.arena = arena};

		reply = (struct http_reply){0};
		(void)(fail)(&case_error, TOO_MANY, "api.trouble",
			cases[i].seconds ? "seconds" : NULL, cases[i].seconds, NULL);
		problem_reply(arena, LANGUAGE_ZH, cases[i].status, &case_error, NULL, &reply);
		if (cases[i].retry_after)
			assert_string_equal(header("Retry-After"), cases[i].retry_after);
		else
			assert_null(header("Retry-After"));
	}
}

static void who_must_sign_in_hears_how(void **state)
{
	(void)state;
	problem_simple(arena, LANGUAGE_ZH, 401, "api.sign_in", &reply);
	assert_true(text_starts(header("WWW-Authenticate"), "Bearer"));
	problem_simple(arena, LANGUAGE_ZH, 403, "api.not_allowed", &reply);
	assert_string_equal(json_get_text(body(), "code"), "api.not_allowed");
}

/* Is it at the beginning of one of the lines that headers_complete() has written? */
static bool line(const char *beginning)
{
	const char *lines =
		arena_text_part(arena, (const char *)reply.lines.data, reply.lines.size);

	return text_starts(lines, beginning) ||
	       strstr(lines, arena_printf(arena, "\r\n%s", beginning));
}

static void a_problem_is_kept_by_nobody_on_the_way(void **state)
{
	(void)state;
	problem_simple(arena, LANGUAGE_ZH, 404, "api.no_path", &reply);
	headers_complete(arena, &reply, false);
	assert_true(line("Cache-Control: no-store"));
	assert_true(line("X-Content-Type-Options: nosniff"));
	assert_false(line("Strict-Transport-Security: "));
}

static void what_an_answer_says_of_its_own_is_not_said_again(void **state)
{
	(void)state;
	header_add(arena, &reply, "cache-control", "no-cache");
	headers_complete(arena, &reply, true);
	assert_string_equal(header("cache-control"), "no-cache");
	assert_false(line("Cache-Control: "));
	assert_true(line("Strict-Transport-Security: max-age=63072000; includeSubDomains"));
}

static void trouble_without_a_code_is_trouble_all_the_same(void **state)
{
	(void)state;
	problem_reply(arena, LANGUAGE_EN, 503, &error, NULL, &reply);
	assert_string_equal(json_get_text(body(), "code"), "api.trouble");
	assert_string_not_equal(json_get_text(body(), "detail"), "api.trouble");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(every_result_has_the_status_that_its_name_says),
		TEST(a_problem_says_what_to_do_in_the_language_asked_for),
		TEST(every_fault_is_told_with_its_place),
		TEST(what_is_for_the_log_stays_there),
		TEST(a_wait_is_told_in_seconds),
		TEST(who_must_sign_in_hears_how),
		TEST(a_problem_is_kept_by_nobody_on_the_way),
		TEST(what_an_answer_says_of_its_own_is_not_said_again),
		TEST(trouble_without_a_code_is_trouble_all_the_same),
	};

	return cmocka_run_group_tests(tests, load_messages, NULL);
}
