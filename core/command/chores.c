/*
 * Deadlines and the outbox, by timers and commits.
 */
#include "chores.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "exam/deadline.h"
#include "exam/delivery.h"
#include "outbound/sms_spool.h"

#define TICK_MS           5000
#define TICKS_TO_DEADLINE 12

enum chore_step { STEP_DEADLINE, STEP_CLAIM, STEP_SEND, STEP_MARK };

/* One tenant's chores; made when the tenant is first seen, kept for the life of the server. */
struct chore {
	struct job job; /* first */
	struct chore *next_chore;
	struct chores *chores;
	struct tenant *tenant;
	enum chore_step step;
	bool running, deadline_wanted, more, retry;
	bool outbox_wanted; /* under the lock: set by worker threads */
	struct arena *arena;
	struct error error;
	struct delivery_batch *batch;
};

struct chores {
	struct tenants *tenants;
	struct deployment *deployment;
	uv_timer_t tick;
	uv_async_t committed;
	pthread_mutex_t lock; /* for the list and outbox_wanted */
	struct chore *list;
	unsigned ticks;
	bool stopping;
};

static void chore_next(struct chore *chore);

static struct transaction chore_transaction(struct chore *chore, struct store *db)
{
	chore->error = (struct error){.arena = chore->arena};
	return (struct transaction){.arena = chore->arena,
		.db = db,
		.tenant = chore->tenant,
		.keys = tenant_keys(chore->tenant),
		.deployment = chore->chores->deployment,
		.actor = {ACTOR_SYSTEM, NULL, 0},
		.error = &chore->error,
		.now = clock_now_ms()};
}

static enum result chore_run(struct job *job, struct store *db)
{
	struct chore *chore = (struct chore *)job;
	struct transaction tx = chore_transaction(chore, db);
	struct deadline_counts counts = {0};

	switch (chore->step) {
	case STEP_DEADLINE:
		return deadline_run(&tx, &counts, &chore->more);
	case STEP_CLAIM:
		return delivery_claim(&tx, &chore->batch);
	case STEP_SEND:
		return delivery_send(&tx, &sms_spool, chore->batch);
	case STEP_MARK:
		return delivery_mark(&tx, chore->batch);
	}
	return OK;
}

static bool outbox_take(struct chore *chore)
{
	pthread_mutex_lock(&chore->chores->lock);
	bool wanted = chore->outbox_wanted;
	chore->outbox_wanted = false;
	pthread_mutex_unlock(&chore->chores->lock);
	return wanted;
}

/* Ends this round; begins another if something came in meanwhile. */
static void chore_end(struct chore *chore)
{
	arena_destroy(chore->arena);
	chore->arena = NULL;
	chore->running = false;
	chore_next(chore);
}

static void chore_submit(struct chore *chore, enum chore_step step, enum lane lane)
{
	chore->step = step;
	chore->job.lane = lane;
	chore->job.next = NULL;
	if (tenants_submit(chore->chores->tenants, &chore->job)) {
		chore->retry = true;
		arena_destroy(chore->arena);
		chore->arena = NULL;
		chore->running = false;
	}
}

static void chore_done(struct job *job, enum result outcome)
{
	struct chore *chore = (struct chore *)job;

	if (outcome) {
		log_event(LOG_ERROR, "chore.trouble", "tenant", tenant_slug(chore->tenant), "step",
			log_number(chore->step), "result", result_name(outcome), "code",
			chore->error.code, "detail", chore->error.internal, NULL);
		chore->retry = true;
		chore_end(chore);
		return;
	}
	if (chore->step == STEP_DEADLINE) {
		chore->deadline_wanted = chore->more;
		chore_end(chore);
	} else if (chore->step == STEP_CLAIM && delivery_count(chore->batch) > 0) {
		chore_submit(chore, STEP_SEND, LANE_HEAVY);
	} else if (chore->step == STEP_SEND) {
		chore_submit(chore, STEP_MARK, LANE_WRITE);
	} else {
		if (chore->step == STEP_MARK)
			chore->retry = delivery_failed(chore->batch);
		chore_end(chore);
	}
}

static void chore_next(struct chore *chore)
{
	bool outbox = !chore->running && !chore->chores->stopping && outbox_take(chore);

	if (chore->running || chore->chores->stopping || (!outbox && !chore->deadline_wanted))
		return;
	chore->running = true;
	chore->arena = arena_create(LIMIT_REQUEST_ARENA);
	chore->error = (struct error){.arena = chore->arena};
	if (outbox)
		chore_submit(chore, STEP_CLAIM, LANE_READ);
	else
		chore_submit(chore, STEP_DEADLINE, LANE_WRITE);
}

/* The tenant's chore, made on first sight. Under the lock. */
static struct chore *chore_of(struct chores *chores, struct tenant *tenant)
{
	struct chore *chore = chores->list;

	while (chore && chore->tenant != tenant)
		chore = chore->next_chore;
	if (chore)
		return chore;
	chore = calloc(1, sizeof(*chore));
	if (!chore)
		abort();
	*chore = (struct chore){.job = {.tenant = tenant, .run = chore_run, .done = chore_done},
		.next_chore = chores->list,
		.chores = chores,
		.tenant = tenant};
	chore->job.error = &chore->error;
	chores->list = chore;
	return chore;
}

/* Worker thread, after a commit. */
static void on_commit(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	chore_of(chores, tenant)->outbox_wanted = true;
	pthread_mutex_unlock(&chores->lock);
	uv_async_send(&chores->committed);
}

static struct chore *list_head(struct chores *chores)
{
	pthread_mutex_lock(&chores->lock);
	struct chore *head = chores->list;
	pthread_mutex_unlock(&chores->lock);
	return head;
}

static void run_wanted(struct chores *chores)
{
	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore)
		chore_next(chore);
}

static void committed(uv_async_t *async)
{
	run_wanted(async->data);
}

static void want_all(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	struct chore *chore = chore_of(chores, tenant);
	chore->deadline_wanted = true;
	chore->outbox_wanted = true;
	pthread_mutex_unlock(&chores->lock);
}

static void want_retries(struct chores *chores)
{
	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore) {
		pthread_mutex_lock(&chores->lock);
		chore->outbox_wanted |= chore->retry;
		pthread_mutex_unlock(&chores->lock);
		chore->retry = false;
	}
}

static void tick(uv_timer_t *timer)
{
	struct chores *chores = timer->data;

	if (chores->ticks++ % TICKS_TO_DEADLINE == 0)
		tenants_each(chores->tenants, want_all, chores);
	want_retries(chores);
	run_wanted(chores);
}

struct chores *chores_start(uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment)
{
	struct chores *chores = calloc(1, sizeof(*chores));

	if (!chores)
		abort();
	chores->tenants = tenants;
	chores->deployment = deployment;
	pthread_mutex_init(&chores->lock, NULL);
	chores->committed.data = chores;
	chores->tick.data = chores;
	uv_async_init(loop, &chores->committed, committed);
	uv_timer_init(loop, &chores->tick);
	uv_timer_start(&chores->tick, tick, 0, TICK_MS);
	tenants_on_commit(tenants, on_commit, chores);
	return chores;
}

void chores_stop(struct chores *chores)
{
	chores->stopping = true;
	tenants_on_commit(chores->tenants, NULL, NULL);
	uv_close((uv_handle_t *)&chores->tick, NULL);
	uv_close((uv_handle_t *)&chores->committed, NULL);
}

void chores_free(struct chores *chores)
{
	while (chores->list) {
		struct chore *chore = chores->list;

		chores->list = chore->next_chore;
		arena_destroy(chore->arena);
		free(chore);
	}
	pthread_mutex_destroy(&chores->lock);
	free(chores);
}
