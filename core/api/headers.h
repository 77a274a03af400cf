/*
 * Headers of answers: adding one, and those that no answer goes without.
 */
#ifndef KAOWU_API_HEADERS_H
#define KAOWU_API_HEADERS_H

#include "net/http.h"

#define POLICY_NOTHING                                                                             \
	"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/* A page with a form that posts to where it came from. */
#define POLICY_FORM                                                                                \
	"default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/* `value` must live as long as the reply. */
void header_add(struct arena *arena, struct http_reply *reply, const char *name, const char *value);

/* At the very end, for every answer whatever it is: nothing is sniffed, framed, referred to, embedded elsewhere, or
 * kept by anybody, but where the answer has said otherwise. `secure`: the client came over TLS. */
void headers_complete(struct arena *arena, struct http_reply *reply, bool secure);

#endif
