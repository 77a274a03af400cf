/*
 * A matched request's way over the tenant's queue: prepare, handle, finish, answer.
 */
#ifndef KAOWU_API_DISPATCH_H
#define KAOWU_API_DISPATCH_H

#include "api.h"
#include "route.h"

/* Takes the exchange; it is answered from here. Loop thread. */
void dispatch(struct api *api, struct http_exchange *exchange, struct tenant *tenant, bool by_host,
	const struct route *route, const char *const parameters[4]);

/*
 * The same while its body waits to be spooled: lets it in if its sender may have it handled, and answers if not, so
 * that nobody else fills the disk. Then it comes through dispatch().
 */
void dispatch_gate(struct api *api, struct http_exchange *exchange, struct tenant *tenant,
	bool by_host, const struct route *route, const char *const parameters[4]);

/* Trouble is logged once, by who answers; refusals are only counted. */
void trouble_log(struct request *request, enum result outcome);

/* The public cache's key of a request: tenant, target and language; nothing else may show in a cached answer. */
const char *dispatch_cache_key(
	struct arena *arena, const struct tenant *tenant, const struct http_message *message);
void dispatch_answer_cached(struct api *api, struct http_exchange *exchange, struct cached *entry);

#endif
