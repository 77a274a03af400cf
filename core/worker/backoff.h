/*
 * After a failed start nobody tries again for a while, twice as long each time: a deployment whose sandbox cannot be
 * built, or a worker that always dies, must not spend its time on finding that out.
 *
 * All zero at first. The caller sees to it that one thread at a time is here.
 */
#ifndef KAOWU_WORKER_BACKOFF_H
#define KAOWU_WORKER_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

struct backoff {
	int64_t pause_ms, again_at; /* of clock_monotonic_ms(); 0: the last start went well */
};

bool backoff_over(const struct backoff *backoff); /* may it be tried now? */
void backoff_failed(struct backoff *backoff);
void backoff_succeeded(struct backoff *backoff);

#endif
