/*
 * The keeper: one thread that does what no job should wait for. It closes tenants that are idle, too many, or have new
 * keys, moves a log that has grown long into its database, and sees that who has nothing to do holds little memory.
 *
 * It is the only one that closes, so what is open stays open under its own hands. It looks when somebody reminds it,
 * when a tenant may rest, and every KEEPER_ROUND_MS.
 */
#include "inside.h"

#include <malloc.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/password_memory.h"

static bool asked_lately(const struct tenant *tenant, int64_t now)
{
	return now - tenant->asked_at < LIMIT_TENANT_IDLE_TIME;
}

/* For how long it does nothing before it is looked after. */
static int64_t patience_ms(const struct tenant *tenant, int64_t now)
{
	return asked_lately(tenant, now) ? REST_MS : LINGER_MS;
}

void keeper_remind(struct tenants *tenants, const struct tenant *tenant)
{
	int64_t now = clock_now_ms(), since = now - tenants->kept_at;

	if (tenants->ending || tenants->open_count > tenants->open_limit ||
		(tenant && (tenant->keys_changed ||
				   since + patience_ms(tenant, now) < tenants->rest_in_ms)) ||
		since < 0 || since >= KEEPER_ROUND_MS)
		pthread_cond_signal(&tenants->keeper_wanted);
}

static bool has_waiting(const struct tenant *tenant)
{
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		if (tenant->lanes[lane].waiting.count)
			return true;
	}
	return false;
}

static bool may_close(const struct tenants *tenants, const struct tenant *tenant)
{
	if (tenant->running)
		return false;
	if (tenant->keys_changed)
		return true;
	if (has_waiting(tenant))
		return false;
	return tenants->ending || tenants->open_count > tenants->open_limit ||
	       (!asked_lately(tenant, tenants->kept_at) &&
		       tenants->kept_at - tenant->used_at >= LINGER_MS);
}

static struct tenant *next_to_close(struct tenants *tenants)
{
	struct tenant *tenant;

	TAILQ_FOREACH(tenant, &tenants->open, next_open)
	{
		if (may_close(tenants, tenant))
			return tenant;
	}
	return NULL;
}

/* Lock held, and given back meanwhile; so is the next one. */
static void keeper_close(struct tenants *tenants, struct tenant *tenant)
{
	tenant->state = TENANT_CLOSING;
	TAILQ_REMOVE(&tenants->open, tenant, next_open);
	pthread_mutex_unlock(&tenants->lock);

	tenant_close(tenant);

	pthread_mutex_lock(&tenants->lock);
	tenant->state = TENANT_CLOSED;
	tenant->checkpoint_wanted = false;
	tenants->open_count--;
	queue_enter(tenant);
}

static struct tenant *next_to_checkpoint(struct tenants *tenants)
{
	struct tenant *tenant;

	TAILQ_FOREACH(tenant, &tenants->open, next_open)
	{
		if (tenant->checkpoint_wanted)
			return tenant;
	}
	return NULL;
}

static enum result checkpoint(const struct tenant *tenant, struct error *error)
{
	struct store *store CLEANUP(store_close_at) = NULL;

	enum result rc = store_open(tenant->premises->database_path, STORE_WRITE, &store, error);
	if (rc)
		return rc;
	return store_checkpoint(store, error);
}

static void keeper_checkpoint(struct tenants *tenants, struct tenant *tenant)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(TENANT_ARENA);
	struct error error = {.arena = arena};

	tenant->checkpoint_wanted = false;
	pthread_mutex_unlock(&tenants->lock);

	if (checkpoint(tenant, &error))
		log_event(LOG_WARNING, "tenant.checkpoint_failed", "tenant", tenant->slug, "code",
			error.code, "reason", error.internal, NULL);

	pthread_mutex_lock(&tenants->lock);
}

static struct tenant *next_to_rest(struct tenants *tenants)
{
	struct tenant *tenant;

	tenants->rest_in_ms = KEEPER_ROUND_MS;
	TAILQ_FOREACH(tenant, &tenants->open, next_open)
	{
		int64_t patience = patience_ms(tenant, tenants->kept_at);
		bool busy = tenant->running || has_waiting(tenant);
		int64_t since = busy ? 0 : tenants->kept_at - tenant->used_at;

		if (tenant->rested)
			continue;
		if (since < 0 || since >= patience)
			return tenant;
		if (patience - since < tenants->rest_in_ms)
			tenants->rest_in_ms = patience - since;
	}
	return NULL;
}

/* Lock held, and given back meanwhile. */
static void keeper_rest(struct tenants *tenants, struct tenant *tenant)
{
	tenant->state = TENANT_RESTING;
	tenant->rested = true;
	pthread_mutex_unlock(&tenants->lock);

	tenant_rest(tenant);

	pthread_mutex_lock(&tenants->lock);
	tenant->state = TENANT_OPEN;
	queue_enter(tenant);
}

/* The allocator keeps what is freed (core/command/serve.c), in pieces all over: back to the kernel with all of it, now
 * that nobody works. Lock held, and given back meanwhile. */
static void keeper_trim(struct tenants *tenants)
{
	pthread_mutex_unlock(&tenants->lock);
	password_memory_release();
	(void)malloc_trim(0);
	pthread_mutex_lock(&tenants->lock);
}

static void wait_for_reminder(struct tenants *tenants)
{
	int64_t until_ms = clock_monotonic_ms() + tenants->rest_in_ms;
	struct timespec until = {
		.tv_sec = until_ms / 1000,
		.tv_nsec = until_ms % 1000 * 1000000,
	};

	pthread_cond_timedwait(&tenants->keeper_wanted, &tenants->lock, &until);
}

void *keeper_work(void *context)
{
	struct tenants *tenants = context;
	struct tenant *tenant;
	bool freed = false;

	pthread_mutex_lock(&tenants->lock);
	while (!tenants->stopping) {
		tenants->kept_at = clock_now_ms();
		if ((tenant = next_to_close(tenants))) {
			keeper_close(tenants, tenant);
			freed = true;
		} else if ((tenant = next_to_checkpoint(tenants))) {
			keeper_checkpoint(tenants, tenant);
		} else if ((tenant = next_to_rest(tenants))) {
			keeper_rest(tenants, tenant);
			freed = true;
		} else if (freed && tenants->rest_in_ms == KEEPER_ROUND_MS) {
			keeper_trim(tenants);
			freed = false;
		} else {
			pthread_cond_broadcast(&tenants->quiet);
			wait_for_reminder(tenants);
		}
	}
	pthread_mutex_unlock(&tenants->lock);
	return NULL;
}
