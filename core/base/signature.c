/*
 * Ed25519 (signature.h). A pair is kept as its seed; libsodium's longer secret key is made anew for each signature.
 */
#include "signature.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "arena.h"
#include "id.h"
#include "text.h"

#define PUBLIC_PREFIX "kaowu-ed25519:"
#define SECRET_PREFIX "kaowu-ed25519-secret:"
#define KEY_LETTERS   43 /* of 32 bytes as base64url */

_Static_assert(SIGNATURE_SIZE == crypto_sign_BYTES, "as libsodium has it");
_Static_assert(SIGNATURE_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "as libsodium has it");
_Static_assert(SIGNATURE_KEY_SIZE == crypto_sign_SEEDBYTES, "as libsodium has it");
_Static_assert(
	SIGNATURE_KEY_TEXT_SIZE == sizeof(PUBLIC_PREFIX) - 1 + KEY_LETTERS, "prefix and letters");

static void secret_key(const struct signature_pair *pair, uint8_t public_key[SIGNATURE_KEY_SIZE],
	uint8_t out[crypto_sign_SECRETKEYBYTES])
{
	int failed = crypto_sign_seed_keypair(public_key, out, pair->seed);

	assert(!failed);
}

/* The public half follows from the seed. */
static void complete(struct signature_pair *pair)
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];

	secret_key(pair, pair->public_key, secret);
	sodium_memzero(secret, sizeof(secret));
}

void signature_pair_create(struct signature_pair *out)
{
	random_bytes(out->seed, sizeof(out->seed));
	complete(out);
}

/* What stands behind the prefix, as exactly 32 bytes. */
static bool key_parse(const char *text, const char *prefix, uint8_t out[SIGNATURE_KEY_SIZE])
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(4096);
	struct bytes key;

	if (!text || strlen(text) != strlen(prefix) + KEY_LETTERS || !text_starts(text, prefix))
		return false;
	if (base64url_decode(arena, text + strlen(prefix), &key) || key.size != SIGNATURE_KEY_SIZE)
		return false;
	memcpy(out, key.data, SIGNATURE_KEY_SIZE);
	return true;
}

bool signature_pair_parse(const char *text, struct signature_pair *out)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(65536);

	if (!text_is_utf8(text, strlen(text)) ||
		!key_parse(text_normalise(arena, text), SECRET_PREFIX, out->seed))
		return false;
	complete(out);
	return true;
}

static char *key_text(struct arena *arena, const char *prefix, const uint8_t *key)
{
	return arena_printf(
		arena, "%s%s", prefix, base64url_encode(arena, key, SIGNATURE_KEY_SIZE));
}

char *signature_pair_text(struct arena *arena, const struct signature_pair *pair)
{
	return key_text(arena, SECRET_PREFIX, pair->seed);
}

char *signature_key_text(struct arena *arena, const uint8_t public_key[SIGNATURE_KEY_SIZE])
{
	return key_text(arena, PUBLIC_PREFIX, public_key);
}

bool signature_key_parse(const char *text, uint8_t out[SIGNATURE_KEY_SIZE])
{
	return key_parse(text, PUBLIC_PREFIX, out);
}

void signature_make(
	const struct signature_pair *pair, struct bytes message, uint8_t out[SIGNATURE_SIZE])
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES], public_key[SIGNATURE_KEY_SIZE];

	secret_key(pair, public_key, secret);
	int failed = crypto_sign_detached(out, NULL, message.data, message.size, secret);
	sodium_memzero(secret, sizeof(secret));
	assert(!failed);
}

bool signature_good(const uint8_t public_key[SIGNATURE_KEY_SIZE], struct bytes message,
	const uint8_t signature[SIGNATURE_SIZE])
{
	return crypto_sign_verify_detached(signature, message.data, message.size, public_key) == 0;
}
