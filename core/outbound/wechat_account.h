/*
 * A merchant account at WeChat Pay, as a centre keeps it: who it is, its own key, and whose signatures it believes.
 */
#ifndef KAOWU_OUTBOUND_WECHAT_ACCOUNT_H
#define KAOWU_OUTBOUND_WECHAT_ACCOUNT_H

#include <stddef.h>

#include "base/json.h"
#include "base/result.h"

struct arena;

#define WECHAT_API_KEY_SIZE 32

/* A certificate of the platform, by its serial number, or the platform's public key, by its id. */
struct wechat_key {
	const char *serial, *pem;
};

struct wechat_account {
	const char *mchid, *appid;
	const char *merchant_serial, *private_key;
	const char *api_key; /* WECHAT_API_KEY_SIZE characters */
	const struct wechat_key *keys;
	size_t key_count;
	const char *public_key_id; /* NULL: answers are signed by certificates */
	const char *notify_url;
	const char *const *hosts; /* "https://..."; the first, and those for when it is down */
	size_t host_count;
};

/* From a document that is valid against kaowu:wechat-account; lives in `arena`, as does the document. INVALID, a fault
 * for each key that is none. */
enum result wechat_account_read(struct arena *arena, const json *document,
	struct wechat_account *out, struct error *error) MUST_CHECK;

#endif
