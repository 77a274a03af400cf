/*
 * Headers of answers: adding one, and those that no answer goes without.
 */
#ifndef KAOWU_API_HEADERS_H
#define KAOWU_API_HEADERS_H

#include "net/http.h"

#define POLICY_NOTHING "default-src 'none'; frame-ancestors 'none'"
/* A page with a form that posts to where it came from. */
#define POLICY_FORM "default-src 'none'; form-action 'self'; frame-ancestors 'none'"

/* `value` must live as long as the reply. */
void header_add(struct arena *arena, struct http_reply *reply, const char *name, const char *value);

/* For one client only: nothing is sniffed, framed, referred to, or kept by anybody on the way. */
void headers_private(struct arena *arena, struct http_reply *reply, const char *content_policy);

#endif
