/*
 * UUIDv7, tokens and random numbers.
 *
 * A UUIDv7 holds 48 bits of milliseconds, 12 bits that count within a millisecond, and 62 random bits. The clock
 * part never goes back within a process: when the clock stands still or jumps back, the counter goes on and, when
 * it is full, borrows the next millisecond.
 */
#include "id.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <sodium.h>

#include "arena.h"
#include "bytes.h"
#include "clock.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t seed, seeded_blocks; /* under lock */
static atomic_bool seeded;           /* else the kernel's randomness */
static uint64_t last_moment;         /* under lock: milliseconds << 12 | counter */

/* What ids will have of randomness: it only keeps them apart, so one call to the kernel serves many. Under lock. */
static uint64_t ready_bits[32];
static size_t ready_count;

/* Each call of a seeded stream takes a fresh block number, so that it does not depend on sizes asked for before. */
static void seeded_bytes(void *out, size_t size)
{
	unsigned char key[randombytes_SEEDBYTES] = {0};

	pthread_mutex_lock(&lock);
	memcpy(key, &seed, sizeof(seed));
	memcpy(key + sizeof(seed), &seeded_blocks, sizeof(seeded_blocks));
	seeded_blocks++;
	pthread_mutex_unlock(&lock);
	randombytes_buf_deterministic(out, size, key);
}

static void kernel_bytes(uint8_t *out, size_t size)
{
	while (size > 0) {
		ssize_t got = getrandom(out, size, 0);

		assert(got > 0 || errno == EINTR);
		if (got > 0) {
			out += got;
			size -= (size_t)got;
		}
	}
}

void random_bytes(void *out, size_t size)
{
	if (atomic_load(&seeded))
		seeded_bytes(out, size);
	else
		kernel_bytes(out, size);
}

uint32_t random_below(uint32_t limit)
{
	uint32_t number;

	assert(limit > 0);
	/* Numbers below the remainder of 2^32 would be drawn once too often. */
	uint32_t unfair = (uint32_t)(-limit) % limit;
	do {
		random_bytes(&number, sizeof(number));
	} while (number < unfair);
	return number % limit;
}

void random_seed(uint64_t new_seed)
{
	pthread_mutex_lock(&lock);
	seed = new_seed;
	seeded_blocks = 0;
	pthread_mutex_unlock(&lock);
	atomic_store(&seeded, new_seed != 0);
}

static uint64_t next_moment(void)
{
	int64_t now_ms = clock_now_ms();
	uint64_t now = now_ms > 0 ? (uint64_t)now_ms << 12 : 0;

	pthread_mutex_lock(&lock);
	last_moment = now > last_moment ? now : last_moment + 1;
	uint64_t moment = last_moment;
	pthread_mutex_unlock(&lock);
	return moment;
}

static uint64_t next_bits(void)
{
	uint64_t bits;

	if (atomic_load(&seeded)) {
		random_bytes(&bits, sizeof(bits));
		return bits;
	}
	pthread_mutex_lock(&lock);
	if (ready_count == 0) {
		kernel_bytes((uint8_t *)ready_bits, sizeof(ready_bits));
		ready_count = COUNT(ready_bits);
	}
	bits = ready_bits[--ready_count];
	pthread_mutex_unlock(&lock);
	return bits;
}

void id_new(char out[ID_SIZE])
{
	uint64_t moment = next_moment(), random = next_bits();

	random = (random & UINT64_C(0x3fffffffffffffff)) | UINT64_C(0x8000000000000000);
	(void)snprintf(out, ID_SIZE, "%08x-%04x-7%03x-%04x-%012llx", (unsigned)(moment >> 28),
		(unsigned)(moment >> 12 & 0xffff), (unsigned)(moment & 0xfff),
		(unsigned)(random >> 48), (unsigned long long)(random & UINT64_C(0xffffffffffff)));
}

/* When it was made, as next_moment() counts. */
static uint64_t moment_of(const char *id)
{
	unsigned high, low, counter;

	if (sscanf(id, "%8x-%4x-7%3x", &high, &low, &counter) != 3)
		return 0;
	return (uint64_t)high << 28 | (uint64_t)low << 12 | counter;
}

char *id_create_after(struct arena *arena, const char *earlier)
{
	uint64_t moment = moment_of(earlier);

	pthread_mutex_lock(&lock);
	last_moment = moment > last_moment ? moment : last_moment;
	pthread_mutex_unlock(&lock);
	return id_create(arena);
}

char *id_create(struct arena *arena)
{
	char *id = arena_alloc(arena, ID_SIZE);

	id_new(id);
	return id;
}

bool id_valid(const char *text)
{
	if (!text || strlen(text) != ID_SIZE - 1)
		return false;
	for (size_t i = 0; i < ID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
			return false;
	}
	return true;
}

char *token_create(struct arena *arena)
{
	uint8_t secret[32];

	random_bytes(secret, sizeof(secret));
	return base64url_encode(arena, secret, sizeof(secret));
}

char *digits_create(struct arena *arena, int count)
{
	char *digits = arena_alloc(arena, (size_t)count + 1);

	for (int i = 0; i < count; i++)
		digits[i] = (char)('0' + random_below(10));
	return digits;
}
