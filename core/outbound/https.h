/*
 * HTTPS towards others: a request as it is to leave, and what came of it.
 *
 * Data only. Whoever speaks a provider's protocol builds requests and judges answers, on a worker thread;
 * core/command/https_client.h carries them, on the loop, while no transaction is open.
 */
#ifndef KAOWU_OUTBOUND_HTTPS_H
#define KAOWU_OUTBOUND_HTTPS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct https_header {
	const char *name, *value;
};

struct https_request {
	const char *method; /* "GET", "POST"; with POST the body is sent, also an empty one */
	const char *url;    /* https:// only */
	const struct https_header *headers;
	size_t header_count;
	struct bytes body;
	size_t answer_most; /* bytes of the answer's body; 0: LIMIT_HTTPS_ANSWER */
	int64_t timeout_ms; /* for all of it; 0: LIMIT_HTTPS_TIME */
};

enum https_outcome {
	HTTPS_UNREACHABLE, /* nothing of it has left: no such host, no connection, no trust */
	HTTPS_LOST, /* it left and no whole answer came in time: nobody knows whether it was done */
	HTTPS_ANSWERED,
};

struct https_answer {
	enum https_outcome outcome;
	int status;                         /* and the rest: of an answered one only */
	const struct https_header *headers; /* names in lower case */
	size_t header_count;
	struct bytes body;   /* as it came; a NUL behind it */
	const char *trouble; /* why there is no answer, for the log; NULL if there is one */
};

struct https_exchange {
	struct https_request request;
	struct https_answer answer;
};

/* NULL if absent; the first of several. */
const char *https_answer_header(const struct https_answer *answer, const char *lower_case_name);

#endif
