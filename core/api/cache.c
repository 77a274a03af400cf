/*
 * A direct-mapped table of public answers.
 */
#include "cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"

#define SLOTS 1024

struct cache {
	struct cached *slots[SLOTS];
};

struct cache *cache_create(void)
{
	struct cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		abort();
	return cache;
}

void cached_hold(struct cached *entry)
{
	entry->holders++;
}

void cached_release(void *held)
{
	struct cached *entry = held;

	if (--entry->holders == 0)
		free(entry);
}

void cache_destroy(struct cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		if (cache->slots[i])
			cached_release(cache->slots[i]);
	}
	free(cache);
}

/* A slot that two keys share only costs a miss. */
static size_t slot_of(const char *key)
{
	return text_hash(key) % SLOTS;
}

struct cached *cache_find(struct cache *cache, const char *key, uint64_t generation)
{
	struct cached *entry = cache->slots[slot_of(key)];

	if (!entry || entry->generation != generation || entry->until <= clock_now_ms() ||
		strcmp(entry->key, key) != 0)
		return NULL;
	return entry;
}

void cache_put(
	struct cache *cache, const char *key, uint64_t generation, int64_t until, struct bytes body)
{
	size_t key_size = strlen(key) + 1;
	struct cached *entry = malloc(sizeof(*entry) + key_size + body.size);
	struct cached **slot = &cache->slots[slot_of(key)];
	char hash[SHA256_HEX_SIZE];

	if (!entry)
		return;
	char *room = (char *)(entry + 1);
	memcpy(room, key, key_size);
	memcpy(room + key_size, body.data, body.size);
	sha256_hex(body, hash);
	*entry = (struct cached){.key = room,
		.generation = generation,
		.until = until,
		.body = bytes_of(room + key_size, body.size),
		.holders = 1};
	(void)snprintf(entry->etag, sizeof(entry->etag), "\"%.32s\"", hash);
	if (*slot)
		cached_release(*slot);
	*slot = entry;
}
