/*
 * PEM in, signatures out.
 */
#include "rsa.h"

#include <assert.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "arena.h"

#define LEAST_BITS 2048

static void key_free(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void context_free(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

static BIO *reader(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);

	assert(bio);
	return bio;
}

/* Nobody is asked for a passphrase on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *user)
{
	(void)buffer, (void)size, (void)writing, (void)user;
	return -1;
}

static X509 *certificate_read(const char *pem)
{
	BIO *bio = reader(pem);
	X509 *certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	return certificate;
}

/* The key if it is what we work with; else NULL. What OpenSSL has to say about other text is not wanted. */
static EVP_PKEY *checked(EVP_PKEY *key)
{
	ERR_clear_error();
	if (!key ||
		(EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= LEAST_BITS))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *private_read(const char *pem)
{
	BIO *bio = reader(pem);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);

	BIO_free(bio);
	return checked(key);
}

static EVP_PKEY *public_read(const char *pem)
{
	BIO *bio = reader(pem);
	EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	X509 *certificate = key ? NULL : certificate_read(pem);

	BIO_free(bio);
	if (certificate)
		key = X509_get_pubkey(certificate);
	X509_free(certificate);
	return checked(key);
}

bool rsa_private_valid(const char *pem)
{
	EVP_PKEY *key CLEANUP(key_free) = private_read(pem);

	return key;
}

bool rsa_public_valid(const char *pem)
{
	EVP_PKEY *key CLEANUP(key_free) = public_read(pem);

	return key;
}

char *certificate_serial(struct arena *arena, const char *pem)
{
	X509 *certificate = certificate_read(pem);
	char *text = NULL;

	ERR_clear_error();
	if (!certificate)
		return NULL;
	BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *hex = number ? BN_bn2hex(number) : NULL;
	assert(hex);
	text = arena_text(arena, hex);
	OPENSSL_free(hex);
	BN_free(number);
	X509_free(certificate);
	return text;
}

struct bytes rsa_sign(struct arena *arena, const char *private_pem, struct bytes message)
{
	EVP_PKEY *key CLEANUP(key_free) = private_read(private_pem);
	EVP_MD_CTX *context CLEANUP(context_free) = EVP_MD_CTX_new();
	size_t size;

	assert(key && context);
	size = (size_t)EVP_PKEY_get_size(key);
	uint8_t *out = arena_alloc(arena, size);
	bool done = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		    EVP_DigestSign(context, out, &size, message.data, message.size) == 1;
	assert(done);
	return bytes_of(out, size);
}

bool rsa_signature_good(const char *public_pem, struct bytes message, struct bytes signature)
{
	EVP_PKEY *key CLEANUP(key_free) = public_read(public_pem);
	EVP_MD_CTX *context CLEANUP(context_free) = EVP_MD_CTX_new();
	bool good;

	assert(context);
	good = key && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(
		       context, signature.data, signature.size, message.data, message.size) == 1;
	ERR_clear_error();
	return good;
}
