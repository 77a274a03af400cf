/*
 * Doubling pauses (backoff.h).
 */
#include "backoff.h"

#include "base/clock.h"

#define PAUSE_FIRST_MS 100
#define PAUSE_MAX_MS   30000

bool backoff_over(const struct backoff *backoff)
{
	return clock_monotonic_ms() >= backoff->again_at;
}

void backoff_failed(struct backoff *backoff)
{
	backoff->pause_ms = backoff->pause_ms ? 2 * backoff->pause_ms : PAUSE_FIRST_MS;
	if (backoff->pause_ms > PAUSE_MAX_MS)
		backoff->pause_ms = PAUSE_MAX_MS;
	backoff->again_at = clock_monotonic_ms() + backoff->pause_ms;
}

void backoff_succeeded(struct backoff *backoff)
{
	*backoff = (struct backoff){0};
}
