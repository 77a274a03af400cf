/*
 * Public answers kept by tenant and target until the tenant's generation moves on or a moment passes: given on the
 * loop, without a hop.
 *
 * Loop thread only. A fixed number of slots; a newer answer takes the place of an older one with the same hash.
 */
#ifndef KAOWU_API_CACHE_H
#define KAOWU_API_CACHE_H

#include <stdint.h>

#include "base/bytes.h"

struct cache;

struct cached {
	const char *key;
	uint64_t generation;
	int64_t until;     /* clock_now_ms() */
	struct bytes body; /* shared with answers in flight: cached_hold() */
	char etag[40];     /* with its quotation marks */
	unsigned holders;
};

struct cache *cache_create(void);
void cache_destroy(struct cache *cache);

/* NULL unless it is there, of this generation, and its time has not passed. */
struct cached *cache_find(struct cache *cache, const char *key, uint64_t generation);
void cache_put(struct cache *cache, const char *key, uint64_t generation, int64_t until,
	struct bytes body);

/* An answer in flight holds the entry; cached_release() fits http_reply.free_body. */
void cached_hold(struct cached *entry);
void cached_release(void *entry);

#endif
