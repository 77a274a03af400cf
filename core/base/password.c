/*
 * Passwords by zxcvbn's estimate and libsodium's argon2id.
 */
#include "password.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include <sodium.h>
#include <zxcvbn.h>

#include "id.h"
#include "text.h"

#define LENGTH_MIN 8
#define LENGTH_MAX 128
#define PASSES     2
#define MEMORY     (19u << 20)
/* Of two: a million tries, for which whoever guesses online is given a century (LIMIT_SIGN_IN_LOCK_MAX). */
#define GUESSES_LEAST 20.0

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

/* A hash that no password has: for numbers that are not known. Made once, at random. */
static char nobodys_hash[PASSWORD_HASH_SIZE];
static pthread_once_t nobodys_once = PTHREAD_ONCE_INIT;

static bool all_alike(const char *password)
{
	const char *rest = password;
	int32_t first = text_next(&rest), point;

	while ((point = text_next(&rest)) >= 0) {
		if (point != first)
			return false;
	}
	return true;
}

enum result password_acceptable(
	const char *password, const char *words[], const char *pointer, struct error *error)
{
	size_t length = text_length(password);

	if (length < LENGTH_MIN)
		fault_add(error, pointer, "password.short", "least", "8", NULL);
	else if (length > LENGTH_MAX)
		fault_add(error, pointer, "password.long", "most", "128", NULL);
	else if (all_alike(password))
		fault_add(error, pointer, "password.alike", NULL);
	else if (ZxcvbnMatch(password, words, NULL) < GUESSES_LEAST)
		fault_add(error, pointer, "password.guessable", NULL);
	return refuse_faults(error);
}

/* Without this libsodium takes argon2id's slow portable form (35 ms a hash instead of 23). */
static void library_start(void)
{
	int failed = sodium_init() < 0;

	assert(!failed);
}

void password_hash(const char *password, char out[PASSWORD_HASH_SIZE])
{
	library_start();
	int failed = crypto_pwhash_str(out, password, strlen(password), PASSES, MEMORY);

	assert(!failed); /* only for want of memory */
}

bool password_matches(const char *password, const char *hash)
{
	library_start();
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

static void nobodys_hash_create(void)
{
	char secret[ID_SIZE];

	id_new(secret);
	password_hash(secret, nobodys_hash);
}

bool password_matches_nothing(const char *password)
{
	pthread_once(&nobodys_once, nobodys_hash_create);
	(void)password_matches(password, nobodys_hash);
	return false;
}
