/*
 * Headers of answers.
 */
#include "headers.h"

#include <string.h>

void header_add(struct arena *arena, struct http_reply *reply, const char *name, const char *value)
{
	struct http_header *headers = NEW_ARRAY(arena, struct http_header, reply->header_count + 1);

	if (reply->header_count > 0)
		memcpy(headers, reply->headers, reply->header_count * sizeof(*headers));
	headers[reply->header_count++] = (struct http_header){name, value};
	reply->headers = headers;
}

void headers_private(struct arena *arena, struct http_reply *reply, const char *content_policy)
{
	header_add(arena, reply, "Cache-Control", "no-store");
	header_add(arena, reply, "X-Content-Type-Options", "nosniff");
	header_add(arena, reply, "Referrer-Policy", "no-referrer");
	header_add(arena, reply, "Content-Security-Policy", content_policy);
}
