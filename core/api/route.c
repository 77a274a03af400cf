/*
 * Finding the route of a method and path, segment by segment.
 */
#include "route.h"

#include <string.h>

#include "base/text.h"

/* Does the path fit the pattern? Its parameters are left in `parts` as pointers into the path, with their lengths. */
static bool path_fits(const char *pattern, const char *path, struct bytes parts[PATH_PARAMETERS])
{
	size_t count = 0;

	while (*pattern && *path) {
		if (*pattern == '{') {
			size_t length = strcspn(path, "/");

			if (length == 0)
				return false;
			parts[count++] = bytes_of(path, length);
			path += length;
			pattern += strcspn(pattern, "}") + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*pattern && !*path;
}

bool route_operators(const char *path)
{
	return text_starts(path, "/operator/");
}

/* The methods of all routes that the path fits, as `Allow` names them; NULL if there is none. */
static const char *methods_of(struct arena *arena, const char *path)
{
	struct buffer methods = buffer_in(arena, 256);

	for (size_t i = 0; i < route_count; i++) {
		struct bytes parts[PATH_PARAMETERS];

		if (!path_fits(routes[i].path, path, parts))
			continue;
		buffer_printf(&methods, "%s%s", methods.size ? ", " : "", routes[i].method);
		if (text_equal(routes[i].method, "GET"))
			buffer_text(&methods, ", HEAD");
	}
	return methods.data;
}

const struct route *route_find(struct arena *arena, const char *method, const char *path,
	const char *parameters[PATH_PARAMETERS], const char **allowed)
{
	for (size_t i = 0; i < route_count; i++) {
		struct bytes parts[PATH_PARAMETERS] = {{0}};

		if (!text_equal(routes[i].method, method) ||
			!path_fits(routes[i].path, path, parts))
			continue;
		for (size_t j = 0; j < PATH_PARAMETERS; j++)
			parameters[j] =
				parts[j].data ? arena_text_part(arena, (const char *)parts[j].data,
							parts[j].size)
					      : NULL;
		return &routes[i];
	}
	*allowed = methods_of(arena, path);
	return NULL;
}
