/*
 * Looking into a message: its headers, the parameters of its query, its cookies.
 */
#include "http.h"

#include <string.h>

#include "target.h"

const char *http_header(const struct http_message *message, const char *lower_case_name)
{
	for (size_t i = 0; i < message->header_count; i++) {
		const char *name = message->headers[i].name;

		if (name[0] == lower_case_name[0] && strcmp(name, lower_case_name) == 0)
			return message->headers[i].value;
	}
	return NULL;
}

/* The reader has refused malformed escapes; a message that did not come from it (in a test) shows them as "". */
static char *decoded(struct arena *arena, const char *text, size_t size)
{
	char *plain = arena_alloc(arena, size + 1);

	if (percent_decode(text, size, true, plain) < 0)
		plain[0] = '\0';
	return plain;
}

static bool name_matches(struct arena *arena, const char *text, size_t size, const char *name)
{
	if (memchr(text, '%', size) || memchr(text, '+', size))
		return strcmp(decoded(arena, text, size), name) == 0;
	return strlen(name) == size && memcmp(text, name, size) == 0;
}

const char *http_query(const struct http_message *message, struct arena *arena, const char *name)
{
	const char *at = message->query;

	while (*at) {
		size_t size = strcspn(at, "&");
		const char *equals = memchr(at, '=', size);
		size_t name_size = equals ? (size_t)(equals - at) : size;

		if (name_matches(arena, at, name_size, name))
			return equals ? decoded(arena, equals + 1, size - name_size - 1) : "";
		at += size;
		at += *at == '&';
	}
	return NULL;
}

/* A value may stand in double quotes (RFC 6265, 4.1.1), which are no part of it. */
static const char *cookie_value(struct arena *arena, const char *value, size_t size)
{
	while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
		size--;
	if (size >= 2 && value[0] == '"' && value[size - 1] == '"') {
		value++;
		size -= 2;
	}
	return arena_text_part(arena, value, size);
}

const char *http_cookie(const struct http_message *message, struct arena *arena, const char *name)
{
	const char *at = http_header(message, "cookie");
	size_t name_size = strlen(name);

	while (at && *at) {
		size_t size;

		at += strspn(at, " \t;");
		size = strcspn(at, ";");
		if (size > name_size && memcmp(at, name, name_size) == 0 && at[name_size] == '=')
			return cookie_value(arena, at + name_size + 1, size - name_size - 1);
		at += size;
	}
	return NULL;
}
