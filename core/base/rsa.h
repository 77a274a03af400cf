/*
 * RSA with SHA-256 (PKCS #1 v1.5) as payment providers sign by it: keys and certificates in PEM, by OpenSSL.
 *
 * A text is parsed each time that it is used: some ten microseconds, and no key to free. Keys have 2048 bits at least.
 */
#ifndef KAOWU_BASE_RSA_H
#define KAOWU_BASE_RSA_H

#include <stdbool.h>

#include "bytes.h"

struct arena;

/* A private key without a passphrase. */
bool rsa_private_valid(const char *pem);
/* A public key, or a certificate: then its key. */
bool rsa_public_valid(const char *pem);
/* The certificate's serial number, in capital hexadecimals; NULL if it is no certificate. */
char *certificate_serial(struct arena *arena, const char *pem);

/* `private_pem` is valid (asserted). */
struct bytes rsa_sign(struct arena *arena, const char *private_pem, struct bytes message);
bool rsa_signature_good(const char *public_pem, struct bytes message, struct bytes signature);

#endif
