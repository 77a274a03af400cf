/*
 * Sealing of personal data at rest: AES-256-GCM behind a named suite.
 *
 * A sealed value is: suite (1 byte), key id (4 bytes), nonce (12), ciphertext, tag (16). What it belongs
 * to ("application.form:<row id>") is bound in as associated data, so that a value copied to another row or
 * column does not open. The key id allows rotation: old values open with old keys, new ones are sealed
 * with the newest. A keyring is read-only after it is built and may be shared between threads.
 */
#ifndef KAOWU_BASE_SEAL_H
#define KAOWU_BASE_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "bytes.h"
#include "json.h"
#include "result.h"

struct arena;

#define SEAL_KEY_SIZE 32
#define SEAL_OVERHEAD 33

enum seal_suite { SEAL_AES256GCM = 1 }; /* SM4-GCM will be 2 */

struct seal_key {
	uint32_t id;
	uint8_t secret[SEAL_KEY_SIZE];
};

struct keyring {
	struct seal_key *keys; /* newest last; never empty */
	size_t count;
	uint8_t index_key[SEAL_KEY_SIZE]; /* for blind indexes; does not rotate */
};

/* `context` is "table.column:row". Sealing cannot fail; opening fails with BROKEN ("seal.damaged"; "seal.key_unknown":
 * perhaps the keyring is older than the value, by a few keys at most). */
struct bytes seal(
	struct arena *arena, const struct keyring *keys, const char *context, struct bytes plain);
enum result unseal(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, struct bytes *plain, struct error *error) MUST_CHECK;

/* False after a rotation, for what was sealed before. */
bool sealed_by_newest(const struct keyring *keys, struct bytes sealed);

/* The same for text; the result of unsealing ends in NUL. */
struct bytes seal_text(
	struct arena *arena, const struct keyring *keys, const char *context, const char *text);
enum result unseal_text(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, const char **text, struct error *error) MUST_CHECK;
/* For what json_print() wrote before it was sealed. */
enum result unseal_json(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, json **out, struct error *error) MUST_CHECK;

/* AES-256-GCM as others seal: the tag behind the ciphertext. False if anything does not fit; the text has a NUL behind
 * it. */
#define GCM_NONCE_SIZE 12
bool gcm_unseal(struct arena *arena, const uint8_t key[SEAL_KEY_SIZE],
	const uint8_t nonce[GCM_NONCE_SIZE], struct bytes associated, struct bytes sealed,
	struct bytes *plain);

/* Keyed and one-way, for lookup and duplicate checks: hex(HMAC(index key, field || 0 || value)). */
char *blind_index(struct arena *arena, const struct keyring *keys, const char *field,
	const char *normalised_value);

/*
 * Files: a key of their own (HKDF from the newest key and a random salt), chunks of SEAL_CHUNK bytes, nonce =
 * chunk number, and the last chunk marked in the associated data, so that none can be dropped, moved or cut.
 */
#define SEAL_CHUNK       65536
#define SEAL_SALT_SIZE   16
#define SEAL_CHUNK_EXTRA 16

struct file_seal {
	uint32_t key_id;
	uint8_t salt[SEAL_SALT_SIZE];
	uint8_t key[SEAL_KEY_SIZE];
};

void file_seal_begin(const struct keyring *keys, struct file_seal *out); /* new salt */
enum result file_seal_resume(const struct keyring *keys, uint32_t key_id,
	const uint8_t salt[SEAL_SALT_SIZE], struct file_seal *out, struct error *error) MUST_CHECK;
/* `out` has room for size + SEAL_CHUNK_EXTRA (sealing) or size - SEAL_CHUNK_EXTRA (opening). */
void file_seal_chunk(
	const struct file_seal *seal, uint32_t number, int last, struct bytes plain, uint8_t *out);
enum result file_unseal_chunk(const struct file_seal *seal, uint32_t number, int last,
	struct bytes sealed, uint8_t *out, struct error *error) MUST_CHECK;

#endif
