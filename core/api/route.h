/*
 * The route table: the one place to see the API.
 *
 * Paths are relative to a tenant's base (/t/{slug}/api/v1, or /api/v1 on the tenant's own host). Those below /operator
 * are outside of every tenant, at /api/v1 on a host that is none's: they work on the deployment's own database
 * (TENANT_CONTROL), and are nowhere else, nor is anything else there. `kaowu routes` prints the table; openapi.json is
 * checked against it; the isolation test walks it.
 */
#ifndef KAOWU_API_ROUTE_H
#define KAOWU_API_ROUTE_H

#include <stddef.h>

#include "request.h"

enum audience {
	ANYBODY,   /* with or without a session */
	SIGNED_IN, /* a candidate, or staff of any role */
	CANDIDATE, /* a candidate's own things */
	STAFF,     /* with one of `roles` */
	OPERATOR,  /* of the deployment */
};

enum route_flag {
	ROUTE_CACHED =
		1, /* public: answered on the loop from the cache of the tenant's generation */
	ROUTE_VERSIONED = 2,  /* If-Match is required (428) */
	ROUTE_IDEMPOTENT = 4, /* honours Idempotency-Key */
	ROUTE_UPLOAD = 8,     /* the raw body is the file */
	ROUTE_DEMO = 16,      /* exists only under --demo */
	ROUTE_HTML = 32,      /* answers HTML, not JSON */
	ROUTE_FILE = 64,      /* answers a file: PDF, ZIP, a picture */
	ROUTE_DRY =
		128, /* with ?dry_run=true it is judged and answered as ever, and nothing is kept */
	ROUTE_LIMITED = 256, /* an address may ask so often: rate.h (429) */
	ROUTE_SIGNED =
		512, /* the raw body, whose signature is checked by prepare, on the read lane */
	ROUTE_REGISTRY =
		1024, /* changes control.db: the server has read it anew before it answers */
	ROUTE_MEASURED = 2048, /* wants the loop's own numbers: request->status */
	ROUTE_ACTED =
		4096, /* prepare has acted already: that is told, whatever became of the session */
};

struct route {
	const char *method;
	const char *path; /* "/applications/{id}/submit" */
	enum audience audience;
	unsigned roles; /* any of these, for STAFF; 0: any staff */
	enum lane lane; /* of the handler: read, write or heavy */
	unsigned flags;
	size_t body_limit; /* bytes of an upload; 0: LIMIT_SCAN_BYTES */
	const char *body;  /* name in openapi.json's components/schemas; NULL: no body */
	/* Optional, heavy lane unless ROUTE_SIGNED, before the handler, with a read snapshot: argon2id, pictures.
	 * Session and roles are looked at before both. */
	enum result (*prepare)(struct request *request);
	enum result (*handler)(struct request *request);
	/* Optional, read lane, after the handler's commit: what the answer shows. A writer is one thread for a whole
	 * centre, readers are many. */
	enum result (*show)(struct request *request);
	/* Optional, heavy lane, after the handler's transaction: rendering. */
	enum result (*finish)(struct request *request);
	const char *summary;
};

/* Is it one of those below /operator? And is this path behind the base? */
bool route_operators(const char *path);

extern const struct route routes[];
extern const size_t route_count;

/* Fills request parameters (copied into the arena). NULL: no such path (*allowed NULL), or no such method
 * (*allowed: "GET, PUT"). */
const struct route *route_find(struct arena *arena, const char *method, const char *path,
	const char *parameters[PATH_PARAMETERS], const char **allowed);

#endif
