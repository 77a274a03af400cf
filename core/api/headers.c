/*
 * Headers of answers.
 */
#include "headers.h"

#include <string.h>
#include <strings.h>

/* What an answer that says nothing of its own is given: it is for one client only, and no page. */
static const struct http_header wanted[] = {
	{"Cache-Control", "no-store"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Content-Security-Policy", POLICY_NOTHING},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Strict-Transport-Security", "max-age=63072000; includeSubDomains"},
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

static bool present(const struct http_header *headers, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(headers[i].name, name) == 0)
			return true;
	}
	return false;
}

void headers_complete(struct arena *arena, struct http_reply *reply, bool secure)
{
	size_t own = reply->header_count, count = own;
	size_t most = COUNT(wanted) - (secure ? 0 : WANTED_OVER_TLS);
	struct http_header *headers = NEW_ARRAY(arena, struct http_header, own + most);

	if (own > 0)
		memcpy(headers, reply->headers, own * sizeof(*headers));
	for (size_t i = 0; i < most; i++) {
		if (!present(headers, own, wanted[i].name))
			headers[count++] = wanted[i];
	}
	reply->headers = headers;
	reply->header_count = count;
}
