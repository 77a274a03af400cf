/*
 * RSA keys and certificates, made at run time.
 */
#ifndef KAOWU_TESTS_UNIT_OUTBOUND_KEYS_H
#define KAOWU_TESTS_UNIT_OUTBOUND_KEYS_H

#include "base/arena.h"

struct keys {
	const char *private_pem, *public_pem, *certificate_pem;
	const char *serial; /* of the certificate */
};

struct keys key_pair_create(struct arena *arena, unsigned bits);

#endif
