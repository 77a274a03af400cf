/*
 * How requests to the two clouds are signed: Tencent Cloud's TC3-HMAC-SHA256 and Aliyun's ACS3-HMAC-SHA256.
 *
 * Both sign the hash of a canonical text of the request. What is signed here must be sent to the letter.
 */
#ifndef KAOWU_OUTBOUND_CLOUD_SIGNATURE_H
#define KAOWU_OUTBOUND_CLOUD_SIGNATURE_H

#include <stdint.h>

#include "base/bytes.h"

struct arena;

#define TC3_CONTENT_TYPE "application/json; charset=utf-8"

/* A POST to "/" with TC3_CONTENT_TYPE. */
struct tc3_request {
	const char *secret_id, *secret_key;
	const char *service; /* "sms" */
	const char *host;    /* as it stands in the Host header */
	const char *action;  /* "SendSms"; NULL: not signed */
	struct bytes body;
	int64_t at_ms;
};

const char *tc3_canonical(struct arena *arena, const struct tc3_request *request);
/* The Authorization header. */
const char *tc3_authorization(struct arena *arena, const struct tc3_request *request);

/* A POST to "/" with its parameters in the query and no body. */
struct acs3_request {
	const char *access_key_id, *access_key_secret;
	const char *host;
	const char *action, *version; /* "SendSms", "2017-05-25" */
	const char *query;            /* percent-encoded, sorted by name */
	const char *date;             /* acs3_date() */
	const char *nonce;
};

#define ACS3_EMPTY_BODY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

const char *acs3_date(struct arena *arena, int64_t at_ms); /* "2023-10-26T10:22:32Z" */
const char *acs3_canonical(struct arena *arena, const struct acs3_request *request);
const char *acs3_authorization(struct arena *arena, const struct acs3_request *request);

#endif
