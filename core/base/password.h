/*
 * Passwords: which are taken (zxcvbn knows how people choose them), and argon2id by libsodium, 19 MiB and two passes at
 * least (about 20 ms: never on the loop).
 */
#ifndef KAOWU_BASE_PASSWORD_H
#define KAOWU_BASE_PASSWORD_H

#include <stdbool.h>

#include "result.h"

struct arena;

#define PASSWORD_HASH_SIZE 128

/* At least 8 and at most 128 characters, not all alike, and not among the first million that somebody would try: common
 * passwords, rows of keys, runs, dates, and what is made of `words` (ended by NULL: the owner's name, the house's).
 * INVALID at `pointer` with code "password.<what>". */
enum result password_acceptable(const char *password, const char *words[], const char *pointer,
	struct error *error) MUST_CHECK;
void password_hash(const char *password, char out[PASSWORD_HASH_SIZE]);
bool password_matches(const char *password, const char *hash);
/* Takes as long as a real check: for a number that is not known. Always false. */
bool password_matches_nothing(const char *password);

#endif
