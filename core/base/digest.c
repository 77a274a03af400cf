/*
 * SHA-256, HMAC and HKDF by OpenSSL.
 */
#include "digest.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>

/* Looked up once: OpenSSL does so anew for each use of EVP_sha256(). */
static EVP_MD *sha256_fetched;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void sha256_fetch(void)
{
	sha256_fetched = EVP_MD_fetch(NULL, "SHA256", NULL);
	assert(sha256_fetched);
}

static const EVP_MD *sha256_algorithm(void)
{
	pthread_once(&once, sha256_fetch);
	return sha256_fetched;
}

void sha256(struct bytes data, uint8_t out[SHA256_SIZE])
{
	int done = EVP_Digest(data.data, data.size, out, NULL, sha256_algorithm(), NULL);

	assert(done == 1);
}

static void hex(const uint8_t digest[SHA256_SIZE], char out[SHA256_HEX_SIZE])
{
	sodium_bin2hex(out, SHA256_HEX_SIZE, digest, SHA256_SIZE);
}

void sha256_hex(struct bytes data, char out[SHA256_HEX_SIZE])
{
	uint8_t digest[SHA256_SIZE];

	sha256(data, digest);
	hex(digest, out);
}

void sha1_hex(struct bytes data, char out[SHA1_HEX_SIZE])
{
	uint8_t digest[SHA1_HEX_SIZE / 2];
	int done = EVP_Digest(data.data, data.size, digest, NULL, EVP_sha1(), NULL);

	assert(done == 1);
	sodium_bin2hex(out, SHA1_HEX_SIZE, digest, sizeof(digest));
}

/* OpenSSL takes no bytes at all for a mistake where they are NULL. */
static const uint8_t *start_of(struct bytes bytes)
{
	return bytes.size > 0 ? bytes.data : (const uint8_t *)"";
}

void hmac_sha256(struct bytes key, struct bytes data, uint8_t out[SHA256_SIZE])
{
	unsigned char *done =
		HMAC(EVP_sha256(), start_of(key), (int)key.size, data.data, data.size, out, NULL);

	assert(done);
}

void hmac_sha1(struct bytes key, struct bytes data, uint8_t out[SHA1_SIZE])
{
	unsigned char *done =
		HMAC(EVP_sha1(), start_of(key), (int)key.size, data.data, data.size, out, NULL);

	assert(done);
}

/* OpenSSL takes parameters that it does not change as pointers to non-const. */
static void *unconst(const void *pointer)
{
	void *plain;

	memcpy(&plain, &pointer, sizeof(plain));
	return plain;
}

void hkdf_sha256(struct bytes key, struct bytes salt, const char *info, uint8_t *out, size_t size)
{
	char digest[] = "SHA256";
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_KEY, unconst(start_of(key)), key.size),
		OSSL_PARAM_construct_octet_string(
			OSSL_KDF_PARAM_SALT, unconst(start_of(salt)), salt.size),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, unconst(info), strlen(info)),
		OSSL_PARAM_construct_end(),
	};
	int done = EVP_KDF_derive(context, out, size, params);

	assert(done == 1);
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
}

/* struct sha256_stream is OpenSSL's context under a name of ours. */
static EVP_MD_CTX *context_of(struct sha256_stream *stream)
{
	return (EVP_MD_CTX *)(void *)stream;
}

struct sha256_stream *sha256_begin(void)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int done = context && EVP_DigestInit_ex(context, sha256_algorithm(), NULL);

	assert(done);
	return (struct sha256_stream *)(void *)context;
}

void sha256_more(struct sha256_stream *stream, struct bytes data)
{
	int done = EVP_DigestUpdate(context_of(stream), data.data, data.size);

	assert(done == 1);
}

void sha256_end(struct sha256_stream *stream, uint8_t out[SHA256_SIZE])
{
	int done = EVP_DigestFinal_ex(context_of(stream), out, NULL);

	assert(done == 1);
	EVP_MD_CTX_free(context_of(stream));
}

int sha256_file(const char *path, char out[SHA256_HEX_SIZE])
{
	uint8_t digest[SHA256_SIZE], part[65536];
	FILE *file = fopen(path, "rbe");
	size_t size;

	if (!file)
		return -1;

	struct sha256_stream *stream = sha256_begin();
	while ((size = fread(part, 1, sizeof(part), file)) > 0)
		sha256_more(stream, bytes_of(part, size));
	int failed = ferror(file);
	sha256_end(stream, digest);
	fclose(file);
	if (failed)
		return -1;
	hex(digest, out);
	return 0;
}

bool equal_in_constant_time(const void *left, const void *right, size_t size)
{
	return CRYPTO_memcmp(left, right, size) == 0;
}
