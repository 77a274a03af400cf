/*
 * A matched request's way over the tenant's queue: prepare, handle, finish, answer.
 */
#ifndef KAOWU_API_DISPATCH_H
#define KAOWU_API_DISPATCH_H

#include "api.h"
#include "request.h"

/* What a target leads to; `status` is 0 if there is a route to go on with. */
struct match {
	struct tenant *tenant;
	bool by_host;
	const char *path; /* behind the tenant's base */
	const struct route *route;
	const char *parameters[PATH_PARAMETERS];
	const char *allowed;
	int status;
	const char *code;
};

/* Takes the exchange; it is answered from here. Loop thread. */
void dispatch(struct api *api, struct http_exchange *exchange, const struct match *match);

/*
 * The same while its body waits to be spooled: lets it in if its sender may have it handled, and answers if not, so
 * that nobody else fills the disk. Then it comes through dispatch().
 */
void dispatch_gate(struct api *api, struct http_exchange *exchange, const struct match *match);

#endif
