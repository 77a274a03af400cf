/*
 * One moment an address is all there is to know: when its last question will be paid for, if each costs its share of
 * the time. An address stands in one of a few slots; where all are taken, who has least to pay for is forgotten, which
 * costs nobody a question.
 */
#include "rate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#define SETS         1024
#define WAYS         4
#define ADDRESS_SIZE 48
#define SHARE_MS     (LIMIT_QUESTIONS_TIME / LIMIT_QUESTIONS)

struct asker {
	char address[ADDRESS_SIZE];
	int64_t paid_at;
};

struct rate {
	struct asker askers[SETS][WAYS];
};

struct rate *rate_create(void)
{
	struct rate *rate = calloc(1, sizeof(*rate));

	if (!rate)
		abort();
	return rate;
}

void rate_destroy(struct rate *rate)
{
	free(rate);
}

static struct asker *asker_find(struct rate *rate, const char *address)
{
	struct asker *set, *least;
	uint32_t hash = 2166136261u;

	for (const char *byte = address; *byte; byte++)
		hash = (hash ^ (uint8_t)*byte) * 16777619u;
	set = rate->askers[hash % SETS];
	least = set;
	for (struct asker *asker = set; asker < set + WAYS; asker++) {
		if (strncmp(asker->address, address, ADDRESS_SIZE - 1) == 0)
			return asker;
		if (asker->paid_at < least->paid_at)
			least = asker;
	}
	memset(least, 0, sizeof(*least));
	memcpy(least->address, address, strnlen(address, ADDRESS_SIZE - 1));
	return least;
}

int64_t rate_take(struct rate *rate, const char *address, int64_t now_ms)
{
	struct asker *asker = asker_find(rate, address);
	/* Nobody owes more than the whole time, but by a clock that was put back since. */
	bool owes = asker->paid_at > now_ms && asker->paid_at <= now_ms + LIMIT_QUESTIONS_TIME;
	int64_t from = owes ? asker->paid_at : now_ms;
	int64_t wait_ms = from + SHARE_MS - LIMIT_QUESTIONS_TIME - now_ms;

	if (wait_ms > 0)
		return wait_ms;
	asker->paid_at = from + SHARE_MS;
	return 0;
}
