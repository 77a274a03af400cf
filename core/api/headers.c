/*
 * Headers of answers.
 */
#include "headers.h"

#include <string.h>
#include <strings.h>

#define LINE(name, value) name ": " value "\r\n"
#define WANTED(name, value)                                                                        \
	{                                                                                          \
		name, LINE(name, value), sizeof(LINE(name, value)) - 1                             \
	}

/* What an answer that says nothing of its own is given: it is for one client only, and no page. Lines as they are sent:
 * every answer has them. */
static const struct {
	const char *name, *line;
	size_t size;
} wanted[] = {
	WANTED("Cache-Control", "no-store"),
	WANTED("X-Content-Type-Options", "nosniff"),
	WANTED("Referrer-Policy", "no-referrer"),
	WANTED("Content-Security-Policy", POLICY_NOTHING),
	WANTED("Cross-Origin-Resource-Policy", "same-origin"),
	WANTED("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
};

/* Over plain HTTP browsers must ignore it, and where there is no TLS nothing is to be promised. */
#define WANTED_OVER_TLS 1

void header_add(struct arena *arena, struct http_reply *reply, const char *name, const char *value)
{
	struct http_header *headers = NEW_ARRAY(arena, struct http_header, reply->header_count + 1);

	if (reply->header_count > 0)
		memcpy(headers, reply->headers, reply->header_count * sizeof(*headers));
	headers[reply->header_count++] = (struct http_header){name, value};
	reply->headers = headers;
}

static bool present(const struct http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		const char *own = reply->headers[i].name;

		if ((own[0] | ' ') == (name[0] | ' ') && strcasecmp(own, name) == 0)
			return true;
	}
	return false;
}

void headers_complete(struct arena *arena, struct http_reply *reply, bool secure)
{
	size_t most = COUNT(wanted) - (secure ? 0 : WANTED_OVER_TLS), size = 0;

	for (size_t i = 0; i < most; i++)
		size += wanted[i].size;
	char *lines = arena_alloc(arena, size), *at = lines;

	for (size_t i = 0; i < most; i++) {
		if (present(reply, wanted[i].name))
			continue;
		memcpy(at, wanted[i].line, wanted[i].size);
		at += wanted[i].size;
	}
	reply->lines = bytes_of(lines, (size_t)(at - lines));
}
