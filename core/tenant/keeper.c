/*
 * The keeper: one thread that does what no job should wait for. It closes tenants that are idle, too many, or have new
 * keys, and moves a log that has grown long into its database.
 *
 * It is the only one that closes, so what is open stays open under its own hands. It looks when somebody reminds it,
 * and every KEEPER_ROUND_MS.
 */
#include "inside.h"

#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

void keeper_remind(struct tenants *tenants, const struct tenant *tenant)
{
	int64_t since = clock_now_ms() - tenants->kept_at;

	if (tenants->ending || tenants->open_count > tenants->open_limit ||
		(tenant && tenant->keys_changed) || since < 0 || since >= KEEPER_ROUND_MS)
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
	       tenants->kept_at - tenant->used_at >= LIMIT_TENANT_IDLE_TIME;
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

	enum result rc = store_open(tenant->database_path, STORE_WRITE, &store, error);
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

static void wait_for_reminder(struct tenants *tenants)
{
	int64_t until_ms = clock_monotonic_ms() + KEEPER_ROUND_MS;
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

	pthread_mutex_lock(&tenants->lock);
	while (!tenants->stopping) {
		tenants->kept_at = clock_now_ms();
		if ((tenant = next_to_close(tenants))) {
			keeper_close(tenants, tenant);
		} else if ((tenant = next_to_checkpoint(tenants))) {
			keeper_checkpoint(tenants, tenant);
		} else {
			pthread_cond_broadcast(&tenants->quiet);
			wait_for_reminder(tenants);
		}
	}
	pthread_mutex_unlock(&tenants->lock);
	return NULL;
}
