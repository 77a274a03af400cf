/*
 * AES-256-GCM for values and for files in chunks.
 *
 * One cipher context a thread is kept warm. A failure of OpenSSL other than a tag that does not fit is a bug or the
 * end of memory: asserted. Nonces of values are random (96 bits, one key for each tenant: 2^32 values are far off);
 * nonces of file chunks are the chunk's number under a key that only this file has.
 */
#include "seal.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "arena.h"
#include "digest.h"
#include "id.h"

#define NONCE_SIZE  GCM_NONCE_SIZE
#define TAG_SIZE    16
#define HEADER_SIZE 5 /* suite, key id */
#define KEYS_AHEAD                                                                                 \
	8 /* rotations that a server has not heard of yet: it hears of each within seconds */

static pthread_key_t context_key;
static pthread_once_t context_once = PTHREAD_ONCE_INIT;

static void context_free(void *context)
{
	EVP_CIPHER_CTX_free(context);
}

static void context_key_create(void)
{
	int failed = pthread_key_create(&context_key, context_free);

	assert(!failed);
}

/* It has its cipher already: whoever names that again makes OpenSSL throw all away and look it up anew. */
static EVP_CIPHER_CTX *thread_context(void)
{
	pthread_once(&context_once, context_key_create);
	EVP_CIPHER_CTX *context = pthread_getspecific(context_key);

	if (!context) {
		context = EVP_CIPHER_CTX_new();
		assert(context);
		int done = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, NULL, NULL);
		assert(done);
		pthread_setspecific(context_key, context);
	}
	return context;
}

/* Ciphertext of plain.size bytes and the tag behind it. */
static void gcm_seal(const uint8_t *key, const uint8_t *nonce, struct bytes context_data,
	struct bytes plain, uint8_t *out)
{
	EVP_CIPHER_CTX *context = thread_context();
	int length, done;

	assert(plain.size <= INT_MAX && context_data.size <= INT_MAX);
	done = EVP_EncryptInit_ex(context, NULL, NULL, key, nonce) &&
	       EVP_EncryptUpdate(
		       context, NULL, &length, context_data.data, (int)context_data.size) &&
	       EVP_EncryptUpdate(context, out, &length, plain.data, (int)plain.size) &&
	       EVP_EncryptFinal_ex(context, out + length, &length) &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, out + plain.size);
	assert(done);
}

/* False if the tag does not fit, and then nothing is left in `out`; `sealed` is at least a tag long. */
static int gcm_open(const uint8_t *key, const uint8_t *nonce, struct bytes context_data,
	struct bytes sealed, uint8_t *out)
{
	EVP_CIPHER_CTX *context = thread_context();
	size_t size = sealed.size - TAG_SIZE;
	uint8_t tag[TAG_SIZE];
	int length, done;

	assert(size <= INT_MAX && context_data.size <= INT_MAX);
	memcpy(tag, sealed.data + size, TAG_SIZE);
	done = EVP_DecryptInit_ex(context, NULL, NULL, key, nonce) &&
	       EVP_DecryptUpdate(
		       context, NULL, &length, context_data.data, (int)context_data.size) &&
	       EVP_DecryptUpdate(context, out, &length, sealed.data, (int)size) &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag);
	assert(done);
	if (EVP_DecryptFinal_ex(context, out + size, &length) == 1)
		return 1;
	OPENSSL_cleanse(out, size);
	return 0;
}

/* Numbers are stored with the lowest byte first, whatever the machine. */
static void number_write(uint8_t *out, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(number >> (8 * i));
}

static uint32_t number_read(const uint8_t *data)
{
	return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 |
	       (uint32_t)data[3] << 24;
}

static const struct seal_key *key_newest(const struct keyring *keys)
{
	assert(keys->count > 0);
	return &keys->keys[keys->count - 1];
}

static const struct seal_key *key_find(const struct keyring *keys, uint32_t id)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->keys[i].id == id)
			return &keys->keys[i];
	}
	return NULL;
}

/* A key that was rotated in since the keyring was read has one of the next numbers; any other that is beyond it was
 * never given to a key. */
static const char *key_trouble(const struct keyring *keys, uint32_t id)
{
	return id > key_newest(keys)->id + KEYS_AHEAD ? "seal.damaged" : "seal.key_unknown";
}

struct bytes seal(
	struct arena *arena, const struct keyring *keys, const char *context, struct bytes plain)
{
	const struct seal_key *key = key_newest(keys);
	uint8_t *out = arena_alloc(arena, plain.size + SEAL_OVERHEAD);

	out[0] = SEAL_AES256GCM;
	number_write(out + 1, key->id);
	random_bytes(out + HEADER_SIZE, NONCE_SIZE);
	gcm_seal(key->secret, out + HEADER_SIZE, bytes_of(context, strlen(context)), plain,
		out + HEADER_SIZE + NONCE_SIZE);
	return bytes_of(out, plain.size + SEAL_OVERHEAD);
}

enum result unseal(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, struct bytes *plain, struct error *error)
{
	if (sealed.size < SEAL_OVERHEAD || sealed.data[0] != SEAL_AES256GCM)
		return trouble(error, BROKEN, "seal.damaged", "not a sealed value: %s", context);

	uint32_t id = number_read(sealed.data + 1);
	const struct seal_key *key = key_find(keys, id);
	if (!key)
		return trouble(error, BROKEN, key_trouble(keys, id), "no key %u: %s", id, context);

	size_t front = HEADER_SIZE + NONCE_SIZE;
	uint8_t *out = arena_alloc(arena, sealed.size - SEAL_OVERHEAD + 1);
	if (!gcm_open(key->secret, sealed.data + HEADER_SIZE, bytes_of(context, strlen(context)),
		    bytes_of(sealed.data + front, sealed.size - front), out))
		return trouble(error, BROKEN, "seal.damaged", "tag does not fit: %s", context);

	*plain = bytes_of(out, sealed.size - SEAL_OVERHEAD);
	return OK;
}

bool sealed_by_newest(const struct keyring *keys, struct bytes sealed)
{
	return sealed.size >= HEADER_SIZE && number_read(sealed.data + 1) == key_newest(keys)->id;
}

struct bytes seal_text(
	struct arena *arena, const struct keyring *keys, const char *context, const char *text)
{
	return seal(arena, keys, context, bytes_of(text, strlen(text)));
}

enum result unseal_text(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, const char **text, struct error *error)
{
	struct bytes plain;
	enum result rc = unseal(arena, keys, context, sealed, &plain, error);

	if (rc)
		return rc;
	*text = (const char *)plain.data; /* unseal leaves a zero behind it */
	return OK;
}

enum result unseal_json(struct arena *arena, const struct keyring *keys, const char *context,
	struct bytes sealed, json **out, struct error *error)
{
	struct bytes plain;
	enum result rc = unseal(arena, keys, context, sealed, &plain, error);

	return rc ? rc : json_parse_own(arena, (const char *)plain.data, plain.size, out, error);
}

bool gcm_unseal(struct arena *arena, const uint8_t key[SEAL_KEY_SIZE],
	const uint8_t nonce[GCM_NONCE_SIZE], struct bytes associated, struct bytes sealed,
	struct bytes *plain)
{
	uint8_t *out = arena_alloc(arena, sealed.size + 1);

	if (sealed.size < TAG_SIZE || !gcm_open(key, nonce, associated, sealed, out))
		return false;
	out[sealed.size - TAG_SIZE] = '\0';
	*plain = bytes_of(out, sealed.size - TAG_SIZE);
	return true;
}

char *blind_index(struct arena *arena, const struct keyring *keys, const char *field,
	const char *normalised_value)
{
	uint8_t digest[SHA256_SIZE];
	size_t field_size = strlen(field) + 1, value_size = strlen(normalised_value);
	uint8_t *message = arena_alloc(arena, field_size + value_size);

	memcpy(message, field, field_size);
	memcpy(message + field_size, normalised_value, value_size);
	hmac_sha256(bytes_of(keys->index_key, SEAL_KEY_SIZE),
		bytes_of(message, field_size + value_size), digest);
	return hex_encode(arena, digest, sizeof(digest));
}

static void file_key(const struct seal_key *key, struct file_seal *out)
{
	out->key_id = key->id;
	hkdf_sha256(bytes_of(key->secret, SEAL_KEY_SIZE), bytes_of(out->salt, SEAL_SALT_SIZE),
		"kaowu file", out->key, SEAL_KEY_SIZE);
}

void file_seal_begin(const struct keyring *keys, struct file_seal *out)
{
	random_bytes(out->salt, SEAL_SALT_SIZE);
	file_key(key_newest(keys), out);
}

enum result file_seal_resume(const struct keyring *keys, uint32_t key_id,
	const uint8_t salt[SEAL_SALT_SIZE], struct file_seal *out, struct error *error)
{
	const struct seal_key *key = key_find(keys, key_id);

	if (!key)
		return trouble(
			error, BROKEN, key_trouble(keys, key_id), "no key %u for a file", key_id);
	memcpy(out->salt, salt, SEAL_SALT_SIZE);
	file_key(key, out);
	return OK;
}

static void chunk_nonce(uint32_t number, uint8_t nonce[NONCE_SIZE])
{
	memset(nonce, 0, NONCE_SIZE);
	number_write(nonce, number);
}

/* What is bound into every chunk: whether it is the last one. */
static struct bytes chunk_mark(int last)
{
	return last ? bytes_of("last", 4) : bytes_of("more", 4);
}

void file_seal_chunk(const struct file_seal *seal_of_file, uint32_t number, int last,
	struct bytes plain, uint8_t *out)
{
	uint8_t nonce[NONCE_SIZE];

	chunk_nonce(number, nonce);
	gcm_seal(seal_of_file->key, nonce, chunk_mark(last), plain, out);
}

enum result file_unseal_chunk(const struct file_seal *seal_of_file, uint32_t number, int last,
	struct bytes sealed, uint8_t *out, struct error *error)
{
	uint8_t nonce[NONCE_SIZE];

	chunk_nonce(number, nonce);
	if (sealed.size < SEAL_CHUNK_EXTRA ||
		!gcm_open(seal_of_file->key, nonce, chunk_mark(last), sealed, out))
		return trouble(error, BROKEN, "seal.damaged", "chunk %u does not fit", number);
	return OK;
}
