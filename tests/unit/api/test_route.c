/*
 * The route table: what a path and method lead to, what else a path can do, and that the table and openapi.json say
 * the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <string.h>

#include "api/api.h"
#include "api/route.h"
#include "base/arena.h"
#include "base/embedded.h"
#include "base/text.h"

#include <cmocka.h>

static struct arena *arena;
static struct error error;
static const char *parameters[4], *allowed;

static int begin(void **state)
{
	(void)state;
	arena = arena_create(16u << 20);
	error = (struct error){.arena = arena};
	memset(parameters, 0, sizeof(parameters));
	allowed = NULL;
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static const struct route *find(const char *method, const char *path)
{
	allowed = NULL;
	return route_find(arena, method, path, parameters, &allowed);
}

static void a_path_without_parameters_is_found_to_the_letter(void **state)
{
	const struct route *route = find("GET", "/plans");

	(void)state;
	assert_non_null(route);
	assert_string_equal(route->path, "/plans");
	assert_null(parameters[0]);
	assert_null(find("GET", "/Plans"));
	assert_null(allowed);
	assert_null(find("GET", "/plan"));
	assert_null(find("GET", "/plans/"));
	assert_null(allowed);
	assert_null(find("GET", ""));
}

static void parameters_are_segments_in_order(void **state)
{
	(void)state;
	assert_non_null(find("PUT", "/applications/a-1/materials/portrait"));
	assert_string_equal(parameters[0], "a-1");
	assert_string_equal(parameters[1], "portrait");
	assert_null(parameters[2]);

	assert_non_null(find("PUT", "/review/applications/a-1/items/material:portrait"));
	assert_string_equal(parameters[1], "material:portrait");
}

static void a_parameter_is_neither_empty_nor_more_than_a_segment(void **state)
{
	(void)state;
	assert_null(find("GET", "/plans//"));
	assert_null(find("GET", "/applications//preview"));
	assert_null(find("GET", "/plans/a/b"));
	assert_null(allowed);
}

static void what_is_found_does_not_hang_on_the_path(void **state)
{
	char path[] = "/plans/a-1";

	(void)state;
	assert_non_null(find("GET", path));
	memset(path, 'x', sizeof(path) - 1);
	assert_string_equal(parameters[0], "a-1");
}

static void another_method_hears_which_there_are(void **state)
{
	(void)state;
	assert_null(find("DELETE", "/plans"));
	assert_string_equal(allowed, "GET, HEAD");
	assert_null(find("DELETE", "/applications"));
	assert_string_equal(allowed, "GET, HEAD, POST");
	assert_null(find("GET", "/codes"));
	assert_string_equal(allowed, "POST");
	assert_null(find("POST", "/session"));
	assert_string_equal(allowed, "GET, HEAD, DELETE");
	assert_null(find("get", "/plans"));
	assert_string_equal(allowed, "GET, HEAD");
}

/* Filled in with "x", every route is found as itself: none stands in front of another. */
static void every_route_is_reached(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		struct buffer path = buffer_in(arena, 256);

		for (const char *rest = routes[i].path; *rest; rest++) {
			if (*rest == '{') {
				buffer_text(&path, "x");
				rest += strcspn(rest, "}");
			} else {
				buffer_append(&path, rest, 1);
			}
		}
		assert_ptr_equal(find(routes[i].method, path.data), &routes[i]);
	}
}

static json *openapi(void)
{
	const struct embedded_file *file = embedded_find("openapi.json");
	json *document = NULL;

	assert_non_null(file);
	assert_int_equal(json_parse(arena, (const char *)file->content.data, file->content.size,
				 &document, &error),
		OK);
	return document;
}

/* The names that openapi.json has schemas for are all that the check looks at. */
static void the_table_passes_its_own_check(void **state)
{
	struct schema_set *set = schema_set_create();
	json *document = json_new_object(arena);
	json *definitions = json_set(arena, document, "$defs", json_new_object(arena));

	(void)state;
	json_each(schema, json_at_pointer(openapi(), "/components/schemas"))
		json_set(arena, definitions, json_name(schema), json_new_object(arena));
	json_set_text(arena, document, "$id", "kaowu:api");
	assert_int_equal(schema_set_add(set, "api", document, &error), OK);
	assert_int_equal(schema_set_link(set, &error), OK);
	routes_check(set);
	schema_set_destroy(set);
}

static const json *described(const json *paths, const struct route *route)
{
	char *method = arena_text(arena, route->method);

	for (char *letter = method; *letter; letter++)
		*letter = (char)tolower((unsigned char)*letter);
	return json_get(json_get(paths, route->path), method);
}

static void openapi_describes_every_route_and_its_body(void **state)
{
	const json *paths = json_get(openapi(), "paths");

	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &routes[i];
		const json *operation = described(paths, route);
		const char *body = json_text(json_at_pointer(
			operation, "/requestBody/content/application~1json/schema/$ref"));

		if (route->flags & ROUTE_DEMO)
			continue;
		if (!operation)
			print_error("%s %s\n", route->method, route->path);
		assert_non_null(operation);
		assert_string_equal(json_get_text(operation, "summary"), route->summary);
		if (route->body)
			assert_string_equal(
				body, arena_printf(arena, "#/components/schemas/%s", route->body));
		else
			assert_null(body);
	}
}

/* Under /review, /cashier, /registrar and /admin only who holds the role; under /applications candidates only. */
static void the_office_is_behind_its_roles(void **state)
{
	static const struct {
		const char *prefix;
		unsigned roles;
	} offices[] = {
		{"/review/", ROLE_REVIEWER},
		{"/cashier/", ROLE_CASHIER},
		{"/registrar/", ROLE_REGISTRAR},
	};

	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		for (size_t j = 0; j < COUNT(offices); j++) {
			if (!text_starts(routes[i].path, offices[j].prefix))
				continue;
			assert_int_equal(routes[i].audience, STAFF);
			assert_int_equal(routes[i].roles, offices[j].roles);
		}
		if (text_starts(routes[i].path, "/admin/")) {
			assert_int_equal(routes[i].audience, STAFF);
			assert_int_not_equal(routes[i].roles & (ROLE_ADMIN | ROLE_AUDITOR), 0);
		}
		if (text_starts(routes[i].path, "/applications"))
			assert_int_equal(routes[i].audience, CANDIDATE);
	}
}

static void a_flag_means_one_thing(void **state)
{
	static const unsigned flags[] = {ROUTE_CACHED, ROUTE_VERSIONED, ROUTE_IDEMPOTENT,
		ROUTE_UPLOAD, ROUTE_DEMO, ROUTE_HTML, ROUTE_FILE, ROUTE_DRY, ROUTE_LIMITED,
		ROUTE_SIGNED, ROUTE_REGISTRY, ROUTE_MEASURED, ROUTE_ACTED};
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(flags); i++) {
		assert_int_equal(flags[i] & (flags[i] - 1), 0);
		assert_int_equal(seen & flags[i], 0);
		seen |= flags[i];
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_path_without_parameters_is_found_to_the_letter),
		TEST(parameters_are_segments_in_order),
		TEST(a_parameter_is_neither_empty_nor_more_than_a_segment),
		TEST(what_is_found_does_not_hang_on_the_path),
		TEST(another_method_hears_which_there_are),
		TEST(every_route_is_reached),
		TEST(the_table_passes_its_own_check),
		TEST(openapi_describes_every_route_and_its_body),
		TEST(the_office_is_behind_its_roles),
		TEST(a_flag_means_one_thing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
