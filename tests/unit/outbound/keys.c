/*
 * A key pair, and a certificate that it has signed for itself.
 */
#include "keys.h"

#include <assert.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static const char *text_of(struct arena *arena, BIO *bio)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);
	const char *text = arena_text_part(arena, data, (size_t)size);

	BIO_free(bio);
	return text;
}

static X509 *certificate_create(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	int done = ASN1_INTEGER_set(X509_get_serialNumber(certificate), 0x5A17C0DE) &&
		   X509_gmtime_adj(X509_getm_notBefore(certificate), 0) &&
		   X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) &&
		   X509_set_pubkey(certificate, key) && X509_sign(certificate, key, EVP_sha256());

	assert(done);
	return certificate;
}

struct keys key_pair_create(struct arena *arena, unsigned bits)
{
	EVP_PKEY *key = EVP_RSA_gen(bits);
	X509 *certificate = certificate_create(key);
	BIO *out[3] = {BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem())};
	int done = PEM_write_bio_PrivateKey(out[0], key, NULL, NULL, 0, NULL, NULL) &&
		   PEM_write_bio_PUBKEY(out[1], key) && PEM_write_bio_X509(out[2], certificate);

	assert(done);
	X509_free(certificate);
	EVP_PKEY_free(key);
	return (struct keys){
		text_of(arena, out[0]), text_of(arena, out[1]), text_of(arena, out[2]), "5A17C0DE"};
}
