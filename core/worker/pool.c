/*
 * A few workers of one kind, lent to one call at a time (worker.h).
 *
 * A place holds a worker or none; the caller that borrows an empty place (or one whose worker died) starts
 * a new worker itself, outside the lock.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backoff.h"
#include "base/clock.h"
#include "worker.h"

struct place {
	struct worker *worker; /* NULL: none yet, or the last one failed */
	uint32_t calls;        /* that it has served */
	bool lent;
};

struct worker_pool {
	struct worker_settings settings;
	char *executable, *kind, *file; /* what the settings point to */
	pthread_mutex_t lock;
	pthread_cond_t returned;
	struct worker_pool_counts counts;
	struct backoff backoff; /* of all starts */
	unsigned count;
	struct place places[];
};

static char *copy_text(const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	assert(copy || !text);
	return copy;
}

struct worker_pool *worker_pool_create(const struct worker_settings *settings, unsigned count)
{
	assert(count > 0);
	struct worker_pool *pool = calloc(1, sizeof(*pool) + count * sizeof(pool->places[0]));
	assert(pool);
	pool->settings = *settings;
	pool->settings.executable = pool->executable = copy_text(settings->executable);
	pool->settings.kind = pool->kind = copy_text(settings->kind);
	pool->settings.file = pool->file = copy_text(settings->file);
	pool->count = count;

	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->returned, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return pool;
}

void worker_pool_destroy(struct worker_pool *pool)
{
	if (!pool)
		return;
	for (unsigned i = 0; i < pool->count; i++) {
		assert(!pool->places[i].lent);
		worker_stop(pool->places[i].worker);
	}
	pthread_cond_destroy(&pool->returned);
	pthread_mutex_destroy(&pool->lock);
	free(pool->executable);
	free(pool->kind);
	free(pool->file);
	free(pool);
}

/* A free place, one with a worker first; NULL if all are lent. */
static struct place *find_free(struct worker_pool *pool)
{
	struct place *empty = NULL;
	for (unsigned i = 0; i < pool->count; i++) {
		struct place *place = &pool->places[i];
		if (!place->lent && place->worker)
			return place;
		if (!place->lent && !empty)
			empty = place;
	}
	return empty;
}

/* NULL if none came free in time. */
static struct place *borrow(struct worker_pool *pool, int64_t deadline_at)
{
	struct timespec until = {
		.tv_sec = deadline_at / 1000, .tv_nsec = deadline_at % 1000 * 1000000};
	pthread_mutex_lock(&pool->lock);
	struct place *place = find_free(pool);
	while (!place && clock_monotonic_ms() < deadline_at) {
		pthread_cond_timedwait(&pool->returned, &pool->lock, &until);
		place = find_free(pool);
	}
	if (place)
		place->lent = true;
	else
		pool->counts.failed_calls++;
	pool->counts.calls++;
	pthread_mutex_unlock(&pool->lock);
	return place;
}

static void give_back(struct worker_pool *pool, struct place *place, enum result rc)
{
	pthread_mutex_lock(&pool->lock);
	place->lent = false;
	if (rc)
		pool->counts.failed_calls++;
	pthread_cond_signal(&pool->returned);
	pthread_mutex_unlock(&pool->lock);
}

static bool may_start(struct worker_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	bool may = backoff_over(&pool->backoff);
	pthread_mutex_unlock(&pool->lock);
	return may;
}

static void note_start(struct worker_pool *pool, bool failed)
{
	pthread_mutex_lock(&pool->lock);
	pool->counts.starts++;
	if (failed) {
		pool->counts.failed_starts++;
		backoff_failed(&pool->backoff);
	} else {
		backoff_succeeded(&pool->backoff);
	}
	pthread_mutex_unlock(&pool->lock);
}

/* Sees to it that a borrowed place has a living worker. */
static enum result fill(struct worker_pool *pool, struct place *place, struct error *error)
{
	if (place->worker && worker_alive(place->worker))
		return OK;

	worker_stop(place->worker);
	place->worker = NULL;
	place->calls = 0;
	if (!may_start(pool))
		return trouble(
			error, BUSY, "worker.busy", "%s workers do not start", pool->settings.kind);

	enum result rc = worker_start(&pool->settings, &place->worker, error);
	note_start(pool, rc != OK);
	return rc;
}

static enum result call(struct worker_pool *pool, struct place *place, struct arena *arena,
	struct bytes request, uint32_t time_ms, struct bytes *answer, struct error *error)
{
	enum result rc = fill(pool, place, error);
	if (rc)
		return rc;

	rc = worker_call(place->worker, arena, request, time_ms, answer, error);
	if (rc || ++place->calls == pool->settings.calls) {
		worker_stop(place->worker);
		place->worker = NULL;
	}
	return rc;
}

enum result worker_pool_call(struct worker_pool *pool, struct arena *arena, struct bytes request,
	uint32_t time_ms, struct bytes *answer, struct error *error)
{
	struct place *place = borrow(pool, clock_monotonic_ms() + time_ms);
	if (!place)
		return trouble(error, BUSY, "worker.busy", "all %u %s workers are at work",
			pool->count, pool->settings.kind);

	enum result rc = call(pool, place, arena, request, time_ms, answer, error);
	give_back(pool, place, rc);
	return rc;
}

struct worker_pool_counts worker_pool_counts(struct worker_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	struct worker_pool_counts counts = pool->counts;
	pthread_mutex_unlock(&pool->lock);
	return counts;
}
