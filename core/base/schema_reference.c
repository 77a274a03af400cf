/*
 * References between schemas: as much of RFC 3986 as schemas need that fetch nothing.
 */
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "schema_parts.h"
#include "text.h"

/* "kaowu:", "https:": how long, with its colon; 0 if there is none. */
static size_t scheme_size(const char *uri)
{
	size_t size = strcspn(uri, ":/?#");

	return uri[size] == ':' ? size + 1 : 0;
}

/* Where the path begins: behind "scheme:" and "//authority". */
static size_t path_start(const char *uri)
{
	size_t start = scheme_size(uri);

	if (text_starts(uri + start, "//")) {
		start += 2;
		start += strcspn(uri + start, "/?#");
	}
	return start;
}

char *reference_resolve(struct arena *arena, const char *base, const char *to)
{
	size_t keep = strcspn(base, "#");

	if (scheme_size(to))
		return arena_text(arena, to);
	if (*to == '/') {
		keep = path_start(base);
	} else if (*to != '#' && *to != '\0') {
		keep = strcspn(base, "?#");
		while (keep > path_start(base) && base[keep - 1] != '/')
			keep--;
	}
	return arena_printf(arena, "%.*s%s", (int)keep, base, to);
}

char *reference_decode(struct arena *arena, const char *text)
{
	char *decoded = arena_text(arena, text), *out = decoded;

	for (; *text; text++) {
		char pair[3] = {0};
		uint8_t byte;
		if (*text == '%' && text[1] && text[2]) {
			memcpy(pair, text + 1, 2);
			if (hex_decode(pair, &byte, 1) == 0) {
				*out++ = (char)byte;
				text += 2;
				continue;
			}
		}
		*out++ = *text;
	}
	*out = '\0';
	return decoded;
}
