/*
 * The canonical texts, and what is made of them.
 */
#include "cloud_signature.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"

static const char *hash_of(struct arena *arena, struct bytes data)
{
	char *hex = arena_alloc(arena, SHA256_HEX_SIZE);

	sha256_hex(data, hex);
	return hex;
}

static const char *hash_of_text(struct arena *arena, const char *text)
{
	return hash_of(arena, bytes_of(text, strlen(text)));
}

static const char *lower(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text);

	for (char *letter = copy; *letter; letter++)
		*letter = (char)tolower((unsigned char)*letter);
	return copy;
}

/* ---- TC3 ---- */

static const char *tc3_headers(const struct tc3_request *request)
{
	return request->action ? "content-type;host;x-tc-action" : "content-type;host";
}

const char *tc3_canonical(struct arena *arena, const struct tc3_request *request)
{
	const char *action = request->action ? arena_printf(arena, "x-tc-action:%s\n",
						       lower(arena, request->action))
					     : "";

	return arena_printf(arena, "POST\n/\n\ncontent-type:%s\nhost:%s\n%s\n%s\n%s",
		TC3_CONTENT_TYPE, request->host, action, tc3_headers(request),
		hash_of(arena, request->body));
}

/* The key changes with the day and the service, each step keyed by the one before. */
static void tc3_key(struct arena *arena, const struct tc3_request *request, const char *day,
	uint8_t key[SHA256_SIZE])
{
	const char *first = arena_printf(arena, "TC3%s", request->secret_key);
	const char *steps[] = {day, request->service, "tc3_request"};
	struct bytes by = bytes_of(first, strlen(first));
	uint8_t next[SHA256_SIZE];

	for (size_t i = 0; i < COUNT(steps); i++) {
		hmac_sha256(by, bytes_of(steps[i], strlen(steps[i])), next);
		memcpy(key, next, SHA256_SIZE);
		by = bytes_of(key, SHA256_SIZE);
	}
}

const char *tc3_authorization(struct arena *arena, const struct tc3_request *request)
{
	/* The day in UTC, unlike everywhere else. */
	const char *day = date_text(arena, date_from_number(request->at_ms / DAY_MS));
	const char *scope = arena_printf(arena, "%s/%s/tc3_request", day, request->service);
	const char *text = arena_printf(arena, "TC3-HMAC-SHA256\n%" PRId64 "\n%s\n%s",
		request->at_ms / 1000, scope, hash_of_text(arena, tc3_canonical(arena, request)));
	uint8_t key[SHA256_SIZE], signature[SHA256_SIZE];

	tc3_key(arena, request, day, key);
	hmac_sha256(bytes_of(key, sizeof(key)), bytes_of(text, strlen(text)), signature);
	return arena_printf(arena,
		"TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
		request->secret_id, scope, tc3_headers(request),
		hex_encode(arena, signature, sizeof(signature)));
}

/* ---- ACS3 ---- */

#define ACS3_HEADERS                                                                               \
	"host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"

const char *acs3_date(struct arena *arena, int64_t at_ms)
{
	int64_t second = at_ms / 1000 % (24 * 60 * 60);

	return arena_printf(arena, "%sT%02d:%02d:%02dZ",
		date_text(arena, date_from_number(at_ms / DAY_MS)), (int)(second / 3600),
		(int)(second / 60 % 60), (int)(second % 60));
}

const char *acs3_canonical(struct arena *arena, const struct acs3_request *request)
{
	return arena_printf(arena,
		"POST\n/\n%s\nhost:%s\nx-acs-action:%s\nx-acs-content-sha256:%s\nx-acs-date:%s\n"
		"x-acs-signature-nonce:%s\nx-acs-version:%s\n\n%s\n%s",
		request->query, request->host, request->action, ACS3_EMPTY_BODY, request->date,
		request->nonce, request->version, ACS3_HEADERS, ACS3_EMPTY_BODY);
}

const char *acs3_authorization(struct arena *arena, const struct acs3_request *request)
{
	const char *secret = request->access_key_secret;
	const char *text = arena_printf(
		arena, "ACS3-HMAC-SHA256\n%s", hash_of_text(arena, acs3_canonical(arena, request)));
	uint8_t signature[SHA256_SIZE];

	hmac_sha256(bytes_of(secret, strlen(secret)), bytes_of(text, strlen(text)), signature);
	return arena_printf(arena, "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
		request->access_key_id, ACS3_HEADERS,
		hex_encode(arena, signature, sizeof(signature)));
}
