/*
 * One API request on its way: the baton between loop and worker, and what a handler sees.
 *
 * A handler is straight-line code on a worker thread inside one transaction (request->tx). Its return code alone keeps
 * (OK) or rolls back what it did. It fills request->reply on success; on failure the error in tx.error becomes
 * application/problem+json. A handler never does I/O of its own but through core/exam.
 */
#ifndef KAOWU_API_REQUEST_H
#define KAOWU_API_REQUEST_H

#include "exam/consultation.h"
#include "exam/page.h"
#include "exam/transaction.h"
#include "net/http.h"
#include "tenant/tenant.h"

#define PATH_PARAMETERS 4 /* at most */

struct api;
struct application;
struct material_file;
struct material_upload;
struct route;

struct reply {
	int status;         /* 0: 200, or 204 when there is nothing to say */
	json *body;         /* JSON, or ... */
	struct bytes bytes; /* ... a file of media_type */
	const char *media_type;
	const struct material_file *stored; /* ... or this file, which is read part by part */
	const char *file_name;              /* Content-Disposition: attachment */
	int64_t version;                    /* ETag, if not 0 */
	const char *location;               /* relative to the tenant's base */
	const char *set_session;            /* a token: sets the cookie; "" clears it */
	bool keep; /* a refusal whose transaction is kept all the same (counted tries) */
};

enum request_stage {
	STAGE_GATE,
	STAGE_PREPARE,
	STAGE_CONSULT,
	STAGE_HANDLE,
	STAGE_SHOW,
	STAGE_FINISH
};

struct request {
	struct job job; /* first: a job of a request is its request */
	struct api *api;
	struct http_exchange *exchange;
	const struct route *route;
	enum request_stage stage;
	const char *parameters[PATH_PARAMETERS]; /* of the path, in order */
	bool by_host; /* the base is /: found by its host name, not by /t/{slug} */

	struct transaction tx;
	struct consultation consultation; /* over all its transactions */
	unsigned consultations;
	struct error error;
	json *body;           /* valid against the route's schema; NULL if it has none */
	struct bytes content; /* of an upload */
	int64_t if_match;     /* version, 0 if not sent */
	const char *session;  /* the token presented, or NULL */
	bool touch;           /* its session wants its moment written: after.h */
	const char *lease;    /* the application whose lease its reviewer works on, if that wanes */
	void *prepared;       /* from prepare to handler to finish */
	json *status;         /* of ROUTE_MEASURED: what status_measured() says */
	bool gated;           /* its body has come, after it was let in */
	bool relearned;       /* a key was not known, and the registry was read anew for it */
	struct request *next; /* that waits, api.h */
	const struct material_upload
		*uploaded; /* stored, and named by nothing until its handler is kept */

	struct reply reply;
	enum result refused; /* a refusal that was kept */
	struct bytes answer; /* the reply's JSON, printed on the worker */
	uint64_t generation; /* of the tenant, before any snapshot of it was taken: for the cache */
	int64_t cache_until; /* 0: not cached */
};

/* A query parameter; NULL where there is none, or one that says nothing: a form sends its empty fields as well. */
const char *request_query(struct request *request, const char *name);
/* Those of the parameters named that say something, as a filter: {name: text}. The names end with NULL. */
json *request_filter(struct request *request, const char *const *names);
/* A parameter as a whole number from 0 to 999999999, 0 if absent; MALFORMED ("api.query_number") if it is none. */
enum result request_query_number(
	struct request *request, const char *name, int64_t *out) MUST_CHECK;
/* The page of a list that is asked for, by its parameters cursor and limit; INVALID as of page_read(). */
enum result request_page(struct request *request, struct page *out) MUST_CHECK;
/* The answer is that page of a list that has no other parameters. */
typedef enum result list_reader(struct transaction *tx, const struct page *page, json **out);
enum result request_list(struct request *request, list_reader *list) MUST_CHECK;
/* The application that its path names first; still as its sender saw it (STALE); by the number on paper. */
enum result request_application(struct request *request, struct application *out) MUST_CHECK;
enum result request_application_seen(struct request *request, struct application *out) MUST_CHECK;
enum result request_application_numbered(
	struct request *request, struct application *out) MUST_CHECK;

#endif
