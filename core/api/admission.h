/*
 * Who may have this request handled: what a worker checks before a handler runs.
 *
 * In this order: session, audience and roles, If-Match, ?dry_run, media type, body against its schema. Each refusal is
 * the first fault that a client would have to mend.
 */
#ifndef KAOWU_API_ADMISSION_H
#define KAOWU_API_ADMISSION_H

#include "request.h"

/* Worker thread, in the first stage of a request. Fills tx.actor, if_match, job.dry, body, content. *touch: the session
 * wants session_touch(). */
enum result admit_request(struct request *request, bool *touch) MUST_CHECK;
/* The part of it that looks at the head alone: while the body is still on its way, and anew after prepare. */
enum result admit_head(struct request *request, bool *touch) MUST_CHECK;

/* Where the operator's routes lie, outside of every tenant: no tenant's cookie goes there, nor this one elsewhere. */
#define OPERATOR_PATH "/api/v1/operator"

/* The cookie that carries the session: over TLS one that no other host can set, or below /t/{slug}, where centres are
 * kept apart by path, one that only TLS can; one of its own below OPERATOR_PATH. */
const char *session_cookie(const struct http_message *message, bool by_host);
/* The session token of a message, from its Authorization header or that cookie; NULL if there is none. */
const char *session_token(const struct http_message *message, bool by_host, struct arena *arena);

/* A browser tells where an unsafe request comes from; another site's is refused (loop thread, no I/O). */
bool origin_acceptable(const struct http_message *message);

#endif
