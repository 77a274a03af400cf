/*
 * The API as a whole: from an HTTP exchange to an answer, over the tenants' queues.
 */
#ifndef KAOWU_API_API_H
#define KAOWU_API_API_H

#include <stdatomic.h>

#include "cache.h"
#include "exam/deployment.h"
#include "net/http.h"
#include "plugin/catalogue.h"
#include "tenant/tenant.h"

struct request;

/* Counted on the loop, shown by /metrics; cached ones are among the answers. */
struct api_counters {
	uint64_t requests, cached, answers[6]; /* by first digit of the status */
	uint64_t refused_busy;
};

struct api {
	struct tenants *tenants;
	struct deployment *deployment;
	struct http_server *server; /* set by the caller once it listens */
	struct cache *cache;
	struct rate *rate; /* of the questions that anybody may ask */
	struct api_counters counters;
	struct request *waiting,
		**waiting_end;          /* uploads without room in the heavy lane; dispatch.c */
	size_t heavy;                   /* requests that are in that lane */
	struct catalogue_tally plugins; /* as of the last change of control.db */
	bool draining;                  /* SIGTERM was received: /readyz says no */
	bool exposed; /* set by the caller: strangers can connect, and no proxy is named */
	int64_t forwarded_at,
		secure_at; /* last requests that a proxy has passed on, and over TLS; 0: none */
	void (*registry_changed)(
		void *context); /* by a request: it is to be read anew. May be NULL */
	void *context;
};

/* Fills admit, handle, problem and context of the settings; the rest is the caller's. `api` must outlive the
 * server. */
void api_settings(struct api *api, struct http_settings *settings);
void api_close(struct api *api);

/* Completes an answer's headers, counts and gives it: every answer of a handler or of the loop goes through here. */
void api_answer(struct api *api, struct http_exchange *exchange, struct http_reply *reply);

/* Every route has a handler, its body schema exists, its method and path are unique: asserted when the schemas are
 * compiled. */
void routes_check(const struct schema_set *schemas);

#endif
