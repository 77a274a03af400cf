/*
 * Rounds and the outbox, by timer and commits.
 *
 * A chore belongs to the loop thread but while its job is out. What a commit has to tell, on a worker thread, is one
 * flag under the lock. The hard thing is trouble: whatever fails waits for a later tick, so that a broken tenant never
 * keeps the machine busy; and what was sent but could not be marked is marked later, not sent again.
 */
#include "chores.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "exam/deadline.h"
#include "exam/delivery.h"
#include "exam/sweep.h"
#include "outbound/sms_spool.h"

#define TICK_MS     5000
#define RETRY_MS    TICK_MS
#define ROUND_MS    HOUR_MS
#define CHORE_ARENA (256u << 20) /* the ids of all files of a plan */
#define MARKS_MOST  100          /* tries to write down what was sent */
#define NEVER       INT64_MAX

enum chore_step { STEP_DEADLINE, STEP_SWEEP, STEP_CLAIM, STEP_SEND, STEP_MARK };

static const struct {
	const char *name;
	enum lane lane;
} steps[] = {
	[STEP_DEADLINE] = {"deadline", LANE_WRITE},
	[STEP_SWEEP] = {"sweep", LANE_HEAVY},
	[STEP_CLAIM] = {"claim", LANE_READ},
	[STEP_SEND] = {"send", LANE_HEAVY},
	[STEP_MARK] = {"mark", LANE_WRITE},
};

/* One tenant's chores; made when the tenant is first seen, kept for the life of the server. */
struct chore {
	struct job job; /* first */
	struct chore *next_chore;
	struct chores *chores;
	struct tenant *tenant;
	bool committed; /* under the lock: something may stand in the outbox */

	enum chore_step step;
	bool active; /* the tenant is not suspended */
	bool running;
	bool stalled; /* running, but its job waits for a tick to be submitted again */
	int64_t round_at, outbox_at; /* when the next is due: clock_now_ms() */
	unsigned marks;              /* failed tries */
	struct sweep sweep;

	/* Of the chore that runs; written by its jobs. */
	struct arena *arena;
	struct error error;
	struct delivery_batch *batch;
	bool more;
	int64_t next_at;
};

struct chores {
	struct tenants *tenants;
	struct deployment *deployment;
	uv_timer_t tick;
	uv_async_t wake;
	pthread_mutex_t lock; /* for `list`, `by_tenant` and `committed` */
	struct chore *list;   /* the newest first; a chore that is on it stays as it is */
	void *by_tenant;      /* the same: tsearch() */
	size_t running;
	void (*stopped)(void *context); /* NULL: not stopping */
	void *stopped_context;
	unsigned handles; /* open */
};

/* ---- On worker threads ---- */

static enum result claim(struct transaction *tx, struct chore *chore)
{
	enum result rc = delivery_claim(tx, &chore->batch);

	return rc ? rc : delivery_next(tx, &chore->next_at);
}

static enum result deadlines(struct transaction *tx, struct chore *chore)
{
	struct deadline_counts counts;
	enum result rc = deadline_run(tx, &counts, &chore->more);

	return rc ? rc : deadline_next(tx, &chore->next_at);
}

static enum result chore_run(struct job *job, struct store *db)
{
	struct chore *chore = (struct chore *)job;
	struct transaction tx = {.arena = chore->arena,
		.db = db,
		.tenant = chore->tenant,
		.keys = tenant_keys(chore->tenant),
		.deployment = chore->chores->deployment,
		.actor = {ACTOR_SYSTEM, NULL, 0},
		.error = &chore->error,
		.now = clock_now_ms()};

	chore->error = (struct error){.arena = chore->arena};
	switch (chore->step) {
	case STEP_DEADLINE:
		return deadlines(&tx, chore);
	case STEP_SWEEP:
		return sweep_plan(&tx, &chore->sweep);
	case STEP_CLAIM:
		return claim(&tx, chore);
	case STEP_SEND:
		return delivery_send(&tx, &sms_spool, chore->batch);
	case STEP_MARK:
		return delivery_mark(&tx, chore->batch);
	}
	return OK;
}

static int tenant_order(const void *left, const void *right)
{
	const struct tenant *a = ((const struct chore *)left)->tenant;
	const struct tenant *b = ((const struct chore *)right)->tenant;

	return (a > b) - (a < b);
}

static struct chore *chore_create(struct chores *chores, struct tenant *tenant)
{
	struct chore *chore = calloc(1, sizeof(*chore));

	if (!chore)
		abort();
	chore->chores = chores;
	chore->tenant = tenant;
	chore->outbox_at = NEVER;
	chore->next_chore = chores->list;
	chores->list = chore;
	if (!tsearch(chore, &chores->by_tenant, tenant_order))
		abort();
	return chore;
}

/* The tenant's chore, made on first sight. Under the lock. */
static struct chore *chore_of(struct chores *chores, struct tenant *tenant)
{
	const struct chore wanted = {.tenant = tenant};
	struct chore *const *found = tfind(&wanted, &chores->by_tenant, tenant_order);

	return found ? *found : chore_create(chores, tenant);
}

static void on_commit(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	chore_of(chores, tenant)->committed = true;
	pthread_mutex_unlock(&chores->lock);
	uv_async_send(&chores->wake);
}

/* ---- On the loop ---- */

static void chore_stall(struct chore *chore);
static void chore_done(struct job *job, enum result outcome);

static void chore_submit(struct chore *chore, enum chore_step step)
{
	chore->step = step;
	chore->stalled = false;
	chore->job = (struct job){.tenant = chore->tenant,
		.lane = steps[step].lane,
		.run = chore_run,
		.done = chore_done,
		.error = &chore->error};
	if (tenants_submit(chore->chores->tenants, &chore->job))
		chore_stall(chore);
}

static void chore_end(struct chore *chore)
{
	arena_destroy(chore->arena);
	chore->arena = NULL;
	chore->running = chore->stalled = false;
	chore->chores->running--;
	uv_async_send(&chore->chores->wake);
}

/* Its job was not taken, or could not write down what was sent: a later tick submits it again, unless that is not
 * waited for any more. */
static void chore_stall(struct chore *chore)
{
	chore->stalled = true;
	if (chore->chores->stopped)
		chore_end(chore);
}

static void chore_begin(struct chore *chore, enum chore_step step)
{
	chore->running = true;
	chore->chores->running++;
	chore->marks = 0;
	chore->arena = arena_create(CHORE_ARENA);
	chore->error = (struct error){.arena = chore->arena};
	chore_submit(chore, step);
}

static void chore_failed(struct chore *chore, enum result outcome)
{
	int64_t later = clock_now_ms() + RETRY_MS;

	log_event(LOG_ERROR, "chore.trouble", "tenant", tenant_slug(chore->tenant), "step",
		steps[chore->step].name, "result", result_name(outcome), "code", chore->error.code,
		"detail", chore->error.internal, NULL);
	if (chore->step == STEP_MARK && ++chore->marks < MARKS_MOST) {
		chore_stall(chore);
		return;
	}
	if (chore->step == STEP_DEADLINE)
		chore->round_at = later;
	else if (chore->step != STEP_SWEEP)
		chore->outbox_at = later;
	chore_end(chore);
}

static void deadlines_done(struct chore *chore)
{
	/* Not all tenants of a deployment at the same moment. */
	int64_t hour = clock_now_ms() + ROUND_MS - random_below(ROUND_MS / 4);

	if (chore->more) {
		chore->round_at = 0;
		chore_end(chore);
		return;
	}
	chore->round_at = chore->next_at && chore->next_at < hour ? chore->next_at : hour;
	chore_submit(chore, STEP_SWEEP);
}

static void claim_done(struct chore *chore)
{
	if (delivery_count(chore->batch) > 0) {
		chore_submit(chore, STEP_SEND);
		return;
	}
	/* A message may be due and yet wait for an earlier one of its recipient. */
	int64_t later = clock_now_ms() + RETRY_MS;
	chore->outbox_at = !chore->next_at          ? NEVER
			   : chore->next_at > later ? chore->next_at
						    : later;
	chore_end(chore);
}

static void chore_done(struct job *job, enum result outcome)
{
	struct chore *chore = (struct chore *)job;

	if (outcome) {
		chore_failed(chore, outcome);
		return;
	}
	switch (chore->step) {
	case STEP_DEADLINE:
		deadlines_done(chore);
		break;
	case STEP_CLAIM:
		claim_done(chore);
		break;
	case STEP_SEND:
		chore_submit(chore, STEP_MARK);
		break;
	case STEP_MARK: /* its commit has asked for the next look */
	case STEP_SWEEP:
		chore_end(chore);
		break;
	}
}

static bool committed_take(struct chore *chore)
{
	pthread_mutex_lock(&chore->chores->lock);
	bool committed = chore->committed;
	chore->committed = false;
	pthread_mutex_unlock(&chore->chores->lock);
	return committed;
}

static void chore_next(struct chore *chore)
{
	int64_t now = clock_now_ms();

	if (chore->running || !chore->active || chore->chores->stopped)
		return;
	if (committed_take(chore) || chore->outbox_at <= now)
		chore_begin(chore, STEP_CLAIM);
	else if (chore->round_at <= now)
		chore_begin(chore, STEP_DEADLINE);
}

static struct chore *list_head(struct chores *chores)
{
	pthread_mutex_lock(&chores->lock);
	struct chore *head = chores->list;
	pthread_mutex_unlock(&chores->lock);
	return head;
}

static void woken(uv_async_t *async)
{
	struct chores *chores = async->data;

	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore)
		chore_next(chore);
	if (chores->stopped && chores->running == 0 && uv_is_active((uv_handle_t *)&chores->tick)) {
		uv_timer_stop(&chores->tick);
		chores->stopped(chores->stopped_context);
	}
}

static void tenant_seen(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	chore_of(chores, tenant)->active = true;
	pthread_mutex_unlock(&chores->lock);
}

static void tick(uv_timer_t *timer)
{
	struct chores *chores = timer->data;

	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore) {
		chore->active = false;
		if (chore->stalled)
			chore_submit(chore, chore->step);
	}
	tenants_each(chores->tenants, tenant_seen, chores);
	woken(&chores->wake);
}

struct chores *chores_start(uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment)
{
	struct chores *chores = calloc(1, sizeof(*chores));

	if (!chores)
		abort();
	chores->tenants = tenants;
	chores->deployment = deployment;
	pthread_mutex_init(&chores->lock, NULL);
	chores->wake.data = chores;
	chores->tick.data = chores;
	uv_async_init(loop, &chores->wake, woken);
	uv_timer_init(loop, &chores->tick);
	uv_timer_start(&chores->tick, tick, 0, TICK_MS);
	tenants_on_commit(tenants, on_commit, chores);
	return chores;
}

void chores_round(struct chores *chores)
{
	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore)
		chore->round_at = 0;
	uv_async_send(&chores->wake);
}

void chores_stop(struct chores *chores, void (*stopped)(void *context), void *context)
{
	chores->stopped = stopped;
	chores->stopped_context = context;
	for (struct chore *chore = list_head(chores); chore; chore = chore->next_chore) {
		if (chore->stalled)
			chore_end(chore);
	}
	uv_async_send(&chores->wake);
}

static void leave(void *chore)
{
	(void)chore; /* it goes with the list */
}

static void handle_closed(uv_handle_t *handle)
{
	struct chores *chores = handle->data;

	if (--chores->handles > 0)
		return;
	tdestroy(chores->by_tenant, leave);
	while (chores->list) {
		struct chore *chore = chores->list;

		chores->list = chore->next_chore;
		free(chore);
	}
	pthread_mutex_destroy(&chores->lock);
	free(chores);
}

void chores_close(struct chores *chores)
{
	chores->handles = 2;
	uv_close((uv_handle_t *)&chores->tick, handle_closed);
	uv_close((uv_handle_t *)&chores->wake, handle_closed);
}
