/*
 * Names for rows and secrets for people: UUIDv7, random tokens, random numbers.
 *
 * Randomness comes through here alone. random_seed() makes it a deterministic stream, for tests that
 * replay a failure; a release server never calls it.
 */
#ifndef KAOWU_BASE_ID_H
#define KAOWU_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define ID_SIZE 37 /* 36 characters and the NUL */

void random_bytes(void *out, size_t size);
uint32_t random_below(uint32_t limit); /* uniform in 0 .. limit-1 */
void random_seed(uint64_t seed);       /* tests only; 0 goes back to the kernel's */

void id_new(char out[ID_SIZE]);       /* UUIDv7 of clock_now_ms(), ascending within a process */
char *id_create(struct arena *arena); /* the same, in an arena */
/* The same, and behind `earlier` ("": none), which another process may have made by a clock that was put back since:
 * for rows of which the newest counts. */
char *id_create_after(struct arena *arena, const char *earlier);
bool id_valid(const char *text); /* any UUID in lower-case canonical form */

char *token_create(struct arena *arena); /* 256 random bits, base64url, for sessions, invitations */
char *digits_create(struct arena *arena, int count); /* "048213": for SMS codes */

#endif
