/*
 * Rounds and errands, by timer and commits.
 *
 * A chore belongs to the loop thread but while its job is out. What a commit has to tell, on a worker thread, is one
 * flag a chore under the lock. The hard thing is trouble: whatever fails waits for a later tick, so that a broken
 * tenant never keeps the machine busy; and what was said to others but could not be settled is settled later, not said
 * again.
 */
#include "chores.h"

#include <pthread.h>
#include <search.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "exam/deadline.h"
#include "exam/errand.h"
#include "exam/sweep.h"
#include "exam/upload.h"
#include "https_client.h"

#define TICK_MS     5000
#define RETRY_MS    TICK_MS
#define ROUND_MS    HOUR_MS
#define CHORE_ARENA (256u << 20) /* the ids of all files of a plan */
#define SETTLE_MOST 100          /* tries to write down what came of it */
#define NEVER       INT64_MAX
#define AT_ONCE     8 /* jobs out at which none begins just because it is due: it may open a tenant */

enum chore_step { STEP_DEADLINE, STEP_SWEEP, STEP_CLAIM, STEP_BEGIN, STEP_PREPARE, STEP_SETTLE };

static const struct {
	const char *name;
	enum lane lane;
} steps[] = {
	[STEP_DEADLINE] = {"deadline", LANE_WRITE},
	[STEP_SWEEP] = {"sweep", LANE_HEAVY},
	[STEP_CLAIM] = {"claim", LANE_READ},
	[STEP_BEGIN] = {"begin", LANE_WRITE},
	[STEP_PREPARE] = {"prepare", LANE_HEAVY},
	[STEP_SETTLE] = {"settle", LANE_WRITE},
};

/* A tenant has one chore of each; NULL stands for the round. */
static const struct errand_kind *const kinds[] = {
	NULL, &delivery_errands, &payment_errands, &closing_errands, &ticket_book_errands};

struct chore {
	struct job job; /* first */
	struct chores *chores;
	struct household *household;
	const struct errand_kind *kind;
	_Atomic bool committed; /* something may be due; any thread */

	enum chore_step step;
	bool running;
	bool stalled;     /* running, but its job waits for a tick to be submitted again */
	int64_t due_at;   /* clock_now_ms() */
	unsigned settles; /* failed tries */
	size_t out;       /* exchanges */
	struct sweep sweep;

	/* Of what runs; written by its jobs. */
	struct arena *arena;
	struct error error;
	struct errands errands;
	bool more;
	int64_t next_at;
};

/* A tenant's chores; made when the tenant is first seen, kept for the life of the server. */
struct household {
	struct household *next;
	struct tenant *tenant;
	bool active; /* the tenant is not suspended */
	struct chore chores[COUNT(kinds)];
};

struct chores {
	struct tenants *tenants;
	struct deployment *deployment;
	struct https_client *https;
	uv_timer_t tick;
	uv_async_t wake;
	pthread_mutex_t lock;   /* for `list` and `by_tenant` */
	struct household *list; /* the newest first; a household that is on it stays there */
	void *by_tenant;        /* the same: tsearch() */
	size_t running;
	size_t jobs;                    /* of those, in the tenants' queues */
	int64_t looked_at;              /* clock_now_ms() */
	void (*stopped)(void *context); /* NULL: not stopping */
	void *stopped_context;
	unsigned handles; /* open */
};

/* ---- On worker threads ---- */

static enum result deadlines(struct transaction *tx, struct chore *chore)
{
	struct deadline_counts counts;
	enum result rc = deadline_run(tx, &counts, &chore->more);

	return rc ? rc : deadline_next(tx, &chore->next_at);
}

static enum result files_sweep(struct transaction *tx, struct chore *chore)
{
	enum result rc = uploads_free(tx);

	return rc ? rc : sweep_plan(tx, &chore->sweep);
}

static enum result chore_run(struct job *job, struct store *db)
{
	struct chore *chore = (struct chore *)job;
	struct transaction tx = {.arena = chore->arena,
		.db = db,
		.tenant = job->tenant,
		.keys = tenant_keys(job->tenant),
		.deployment = chore->chores->deployment,
		.actor = {.kind = ACTOR_SYSTEM},
		.error = &chore->error,
		.now = clock_now_ms()};

	chore->error = (struct error){.arena = chore->arena};
	switch (chore->step) {
	case STEP_DEADLINE:
		return deadlines(&tx, chore);
	case STEP_SWEEP:
		return files_sweep(&tx, chore);
	case STEP_CLAIM:
		return chore->kind->claim(&tx, &chore->errands);
	case STEP_BEGIN:
		return chore->kind->begin(&tx, &chore->errands);
	case STEP_PREPARE:
		return chore->kind->prepare(&tx, &chore->errands);
	case STEP_SETTLE:
		return chore->kind->settle(&tx, &chore->errands);
	}
	return OK;
}

static int tenant_order(const void *left, const void *right)
{
	const struct tenant *a = ((const struct household *)left)->tenant;
	const struct tenant *b = ((const struct household *)right)->tenant;

	return (a > b) - (a < b);
}

static struct household *household_create(struct chores *chores, struct tenant *tenant)
{
	struct household *household = calloc(1, sizeof(*household));

	if (!household)
		abort();
	household->tenant = tenant;
	for (size_t i = 0; i < COUNT(kinds); i++)
		household->chores[i] =
			(struct chore){.chores = chores, .household = household, .kind = kinds[i]};
	household->next = chores->list;
	chores->list = household;
	if (!tsearch(household, &chores->by_tenant, tenant_order))
		abort();
	return household;
}

/* The tenant's, made on first sight: then everything is due. Under the lock. */
static struct household *household_of(struct chores *chores, struct tenant *tenant)
{
	const struct household wanted = {.tenant = tenant};
	struct household *const *found = tfind(&wanted, &chores->by_tenant, tenant_order);

	return found ? *found : household_create(chores, tenant);
}

static void on_commit(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	struct household *household = household_of(chores, tenant);
	for (size_t i = 0; i < COUNT(kinds); i++)
		household->chores[i].committed = kinds[i] && !kinds[i]->by_time;
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
	chore->job = (struct job){.tenant = chore->household->tenant,
		.lane = steps[step].lane,
		.run = chore_run,
		.done = chore_done,
		.error = &chore->error};
	if (tenants_submit(chore->chores->tenants, &chore->job))
		chore_stall(chore);
	else
		chore->chores->jobs++;
}

static void chore_end(struct chore *chore)
{
	arena_destroy(chore->arena);
	chore->arena = NULL;
	chore->running = chore->stalled = false;
	chore->chores->running--;
	uv_async_send(&chore->chores->wake);
}

/* Its job was not taken, or could not write down what came of it: a later tick submits it again, unless that is not
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
	chore->settles = 0;
	chore->errands = (struct errands){0};
	chore->arena = arena_create(CHORE_ARENA);
	chore->error = (struct error){.arena = chore->arena};
	chore_submit(chore, step);
}

static void chore_failed(struct chore *chore, enum result outcome)
{
	log_event(LOG_ERROR, "chore.trouble", "tenant", tenant_slug(chore->job.tenant), "chore",
		chore->kind ? chore->kind->name : "round", "step", steps[chore->step].name,
		"result", result_name(outcome), "code", chore->error.code, "detail",
		chore->error.internal, NULL);
	if (chore->step == STEP_SETTLE && ++chore->settles < SETTLE_MOST) {
		chore_stall(chore);
		return;
	}
	if (chore->step != STEP_SWEEP)
		chore->due_at = clock_now_ms() + RETRY_MS;
	chore_end(chore);
}

static void deadlines_done(struct chore *chore)
{
	/* Not all tenants of a deployment at the same moment. */
	int64_t hour = clock_now_ms() + ROUND_MS - random_below(ROUND_MS / 4);

	if (chore->more) {
		chore->due_at = 0;
		chore_end(chore);
		return;
	}
	chore->due_at = chore->next_at && chore->next_at < hour ? chore->next_at : hour;
	chore_submit(chore, STEP_SWEEP);
}

static void claim_done(struct chore *chore)
{
	if (chore->errands.count > 0) {
		chore_submit(chore, chore->kind->begin ? STEP_BEGIN : STEP_PREPARE);
		return;
	}
	/* Something may be due and yet wait: a message for an earlier one of its recipient. */
	int64_t later = clock_now_ms() + RETRY_MS, next_at = chore->errands.next_at;
	chore->due_at = !next_at ? NEVER : next_at > later ? next_at : later;
	chore_end(chore);
}

static void exchange_done(void *context)
{
	struct chore *chore = context;

	if (--chore->out == 0)
		chore_submit(chore, STEP_SETTLE);
}

/* The arena is the exchanges' until the last has come back. */
static void exchanges_send(struct chore *chore)
{
	const struct errands *errands = &chore->errands;
	const char *party = arena_printf(
		chore->arena, "%s/%s", tenant_slug(chore->job.tenant), chore->kind->name);

	if (errands->exchange_count == 0) {
		chore_submit(chore, STEP_SETTLE);
		return;
	}
	chore->out = errands->exchange_count;
	for (size_t i = 0; i < errands->exchange_count; i++)
		https_client_send(chore->chores->https, party, chore->arena, errands->exchanges[i],
			exchange_done, chore);
}

static void chore_done(struct job *job, enum result outcome)
{
	struct chore *chore = (struct chore *)job;

	if (chore->chores->jobs-- == AT_ONCE)
		uv_async_send(&chore->chores->wake);
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
	case STEP_BEGIN:
		if (chore->errands.count > 0)
			chore_submit(chore, STEP_PREPARE);
		else
			chore_end(chore); /* its commit has asked for the next look */
		break;
	case STEP_PREPARE:
		exchanges_send(chore);
		break;
	case STEP_SETTLE: /* its commit has asked for the next look, or nothing does */
		if (chore->kind->by_time)
			chore->due_at = 0;
		chore_end(chore);
		break;
	case STEP_SWEEP:
		chore_end(chore);
		break;
	}
}

static void chore_next(struct chore *chore)
{
	if (chore->running || !chore->household->active || chore->chores->stopped)
		return;
	bool due = chore->due_at <= clock_now_ms() && chore->chores->jobs < AT_ONCE;
	if (atomic_exchange(&chore->committed, false) || due)
		chore_begin(chore, chore->kind ? STEP_CLAIM : STEP_DEADLINE);
}

static struct household *list_head(struct chores *chores)
{
	pthread_mutex_lock(&chores->lock);
	struct household *head = chores->list;
	pthread_mutex_unlock(&chores->lock);
	return head;
}

static void each_chore(struct chores *chores, void (*each)(struct chore *chore))
{
	for (struct household *household = list_head(chores); household;
		household = household->next) {
		for (size_t i = 0; i < COUNT(kinds); i++)
			each(&household->chores[i]);
	}
}

static void chore_round(struct chore *chore)
{
	chore->due_at = 0;
}

/* Once the clock has been put back, what was put off by the clock before would wait until that comes again. */
static void clock_watch(struct chores *chores)
{
	int64_t now = clock_now_ms();

	if (now < chores->looked_at)
		each_chore(chores, chore_round);
	chores->looked_at = now;
}

static void woken(uv_async_t *async)
{
	struct chores *chores = async->data;

	clock_watch(chores);
	each_chore(chores, chore_next);
	if (chores->stopped && chores->running == 0 && uv_is_active((uv_handle_t *)&chores->tick)) {
		uv_timer_stop(&chores->tick);
		chores->stopped(chores->stopped_context);
	}
}

static void tenant_seen(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	household_of(chores, tenant)->active = true;
	pthread_mutex_unlock(&chores->lock);
}

static void chore_retry(struct chore *chore)
{
	if (chore->stalled)
		chore_submit(chore, chore->step);
}

static void tick(uv_timer_t *timer)
{
	struct chores *chores = timer->data;

	for (struct household *household = list_head(chores); household;
		household = household->next)
		household->active = false;
	each_chore(chores, chore_retry);
	tenants_each(chores->tenants, tenant_seen, chores);
	woken(&chores->wake);
}

struct chores *chores_start(uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment,
	struct https_client *https)
{
	struct chores *chores = calloc(1, sizeof(*chores));

	if (!chores)
		abort();
	chores->tenants = tenants;
	chores->deployment = deployment;
	chores->https = https;
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
	each_chore(chores, chore_round);
	uv_async_send(&chores->wake);
}

static void chore_give_up(struct chore *chore)
{
	if (chore->stalled)
		chore_end(chore);
}

void chores_stop(struct chores *chores, void (*stopped)(void *context), void *context)
{
	chores->stopped = stopped;
	chores->stopped_context = context;
	https_client_stop(chores->https);
	each_chore(chores, chore_give_up);
	uv_async_send(&chores->wake);
}

static void leave(void *household)
{
	(void)household; /* it goes with the list */
}

static void handle_closed(uv_handle_t *handle)
{
	struct chores *chores = handle->data;

	if (--chores->handles > 0)
		return;
	tdestroy(chores->by_tenant, leave);
	while (chores->list) {
		struct household *household = chores->list;

		chores->list = household->next;
		free(household);
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
