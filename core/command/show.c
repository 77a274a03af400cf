/*
 * Commands that make the architecture visible: the route table, the state diagram.
 */
#include "command.h"

#include <stdio.h>

#include "api/route.h"
#include "base/limits.h"
#include "exam/application_state.h"

static const char *audience_name(const struct route *route)
{
	static const char *const names[] = {
		"anybody", "signed-in", "candidate", "staff", "operator"};

	return names[route->audience];
}

static void roles_print(unsigned roles)
{
	const char *separator = ":";

	for (unsigned role = ROLE_ADMIN; role <= ROLE_AUDITOR; role <<= 1) {
		if (roles & role) {
			(void)printf("%s%s", separator, role_name((enum role)role));
			separator = "+";
		}
	}
}

/* One route as a JSON line, for the tests that walk the table. */
static void route_print_json(struct arena *arena, const struct route *route)
{
	static const char *const lanes[] = {"read", "write", "heavy"};
	json *row = json_new_object(arena);

	json_set_text(arena, row, "method", route->method);
	json_set_text(arena, row, "path", route->path);
	json_set_text(arena, row, "audience", audience_name(route));
	json_set(arena, row, "roles", roles_json(arena, route->roles));
	json_set_text(arena, row, "lane", lanes[route->lane]);
	json_set_text(arena, row, "body", route->body);
	json_set_boolean(arena, row, "upload", (route->flags & ROUTE_UPLOAD) != 0);
	json_set_boolean(arena, row, "versioned", (route->flags & ROUTE_VERSIONED) != 0);
	json_set_boolean(arena, row, "demo", (route->flags & ROUTE_DEMO) != 0);
	json_set_text(arena, row, "summary", route->summary);
	(void)printf("%s\n", json_print(arena, row));
}

int command_routes(int count, char **words)
{
	static const char *const options[] = {"--json", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	bool as_json = option_given(count, words, "--json");

	if (!options_known("routes", count, words, options))
		return 2;
	for (size_t i = 0; i < route_count; i++) {
		if (as_json) {
			route_print_json(arena, &routes[i]);
			continue;
		}
		(void)printf("%-6s %-48s %s", routes[i].method, routes[i].path,
			audience_name(&routes[i]));
		roles_print(routes[i].roles);
		(void)printf("  %s\n", routes[i].summary);
	}
	return 0;
}

int command_diagram(int count, char **words)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);

	(void)count;
	(void)words;
	(void)fputs(machine_diagram(arena, &application_machine), stdout);
	return 0;
}
