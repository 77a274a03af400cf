/*
 * Ed25519 signatures by libsodium, and keys as texts that people copy: "kaowu-ed25519:<base64url>" for the half that
 * everybody may know, "kaowu-ed25519-secret:<base64url>" for the other.
 */
#ifndef KAOWU_BASE_SIGNATURE_H
#define KAOWU_BASE_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"

struct arena;

#define SIGNATURE_SIZE          64
#define SIGNATURE_KEY_SIZE      32
#define SIGNATURE_KEY_TEXT_SIZE 57 /* characters of a public key's text */

/* All that a signer holds follows from the seed. */
struct signature_pair {
	uint8_t seed[SIGNATURE_KEY_SIZE];
	uint8_t public_key[SIGNATURE_KEY_SIZE];
};

void signature_pair_create(struct signature_pair *out);
/* The secret's text; false if it is none, whatever its bytes are. White space around it does not matter. */
bool signature_pair_parse(const char *text, struct signature_pair *out);
char *signature_pair_text(struct arena *arena, const struct signature_pair *pair);

char *signature_key_text(struct arena *arena, const uint8_t public_key[SIGNATURE_KEY_SIZE]);
bool signature_key_parse(const char *text, uint8_t out[SIGNATURE_KEY_SIZE]);

void signature_make(
	const struct signature_pair *pair, struct bytes message, uint8_t out[SIGNATURE_SIZE]);
bool signature_good(const uint8_t public_key[SIGNATURE_KEY_SIZE], struct bytes message,
	const uint8_t signature[SIGNATURE_SIZE]);

#endif
