/*
 * What argon2id alone costs: passwords THREADS SECONDS verifies "placeholder" on so many threads, by libsodium, with
 * the parameters that core/base/password.c has, and prints how many a second.
 */
#include <sodium.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"

#define THREADS_MOST 64
#define PASSES       2
#define MEMORY_BYTES (19u << 20)

static const char password[] = "placeholder";

static char hash[crypto_pwhash_STRBYTES];
static int64_t until;
static atomic_long verified;

static void *verify(void *unused)
{
	(void)unused;
	while (now_us() < until) {
		if (crypto_pwhash_str_verify(hash, password, strlen(password)) != 0)
			exit(1);
		atomic_fetch_add(&verified, 1);
	}
	return NULL;
}

int main(int count, char **words)
{
	pthread_t started[THREADS_MOST];
	int threads = count == 3 ? (int)strtol(words[1], NULL, 10) : 0;

	if (threads < 1 || threads > THREADS_MOST || sodium_init() < 0) {
		(void)fputs("usage: passwords THREADS SECONDS\n", stderr);
		return 2;
	}
	if (crypto_pwhash_str(hash, password, strlen(password), PASSES, MEMORY_BYTES) != 0)
		return 1;
	int64_t from = now_us();

	until = from + strtol(words[2], NULL, 10) * 1000000;
	for (int i = 0; i < threads; i++) {
		if (pthread_create(&started[i], NULL, verify, NULL) != 0)
			return 1;
	}
	for (int i = 0; i < threads; i++)
		(void)pthread_join(started[i], NULL);
	(void)printf("{\"per_second\":%.1f}\n",
		(double)atomic_load(&verified) * 1e6 / (double)(now_us() - from));
	return 0;
}
