/*
 * A request's answer: its reply or its problem, its headers, its line in the log, and the public cache's.
 */
#ifndef KAOWU_API_ANSWER_H
#define KAOWU_API_ANSWER_H

#include "api.h"
#include "request.h"

/* Answers it, and begins what comes after. Loop thread. */
void answer_request(struct request *request, enum result outcome);

/* Trouble is logged once, by who answers; of refusals, who was turned away. */
void trouble_log(struct request *request, enum result outcome);

/* The public cache's key of a request: tenant, target and language; nothing else may show in a cached answer. */
const char *answer_cache_key(
	struct arena *arena, const struct tenant *tenant, const struct http_message *message);
void answer_cached(struct api *api, struct http_exchange *exchange, struct cached *entry);

#endif
