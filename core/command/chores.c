/*
 * Rounds and errands, by timer and commits.
 *
 * A chore belongs to the loop thread; what runs of it, but while its job is out. What a commit has to tell, on a worker
 * thread, is one flag a chore under the lock. The hard thing is trouble: whatever fails waits for a later tick, so that
 * a broken tenant never keeps the machine busy; and what was said to others but could not be settled is settled later,
 * not said again.
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
	struct chores *chores;
	struct household *household;
	const struct errand_kind *kind;
	_Atomic bool committed; /* something may be due; any thread */
	int64_t due_at;         /* clock_now_ms() */
	struct run *run;        /* NULL: it does not run */
};

/* A chore that runs; in its own arena, for nearly all chores of all tenants do not. */
struct run {
	struct job job; /* first */
	struct chore *chore;
	enum chore_step step;
	bool stalled;     /* its job waits for a tick to be submitted again */
	unsigned settles; /* failed tries */
	size_t out;       /* exchanges */

	/* Written by its jobs. */
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
	struct sweep sweep;
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

static enum result deadlines(struct transaction *tx, struct run *run)
{
	struct deadline_counts counts;
	enum result rc = deadline_run(tx, &counts, &run->more);

	return rc ? rc : deadline_next(tx, &run->next_at);
}

static enum result files_sweep(struct transaction *tx, const struct run *run)
{
	enum result rc = uploads_free(tx);

	return rc ? rc : sweep_plan(tx, &run->chore->household->sweep);
}

static enum result step_run(struct job *job, struct store *db)
{
	struct run *run = (struct run *)job;
	const struct errand_kind *kind = run->chore->kind;
	struct transaction tx = {.arena = run->arena,
		.db = db,
		.tenant = job->tenant,
		.keys = tenant_keys(job->tenant),
		.deployment = run->chore->chores->deployment,
		.actor = {.kind = ACTOR_SYSTEM},
		.error = &run->error,
		.now = clock_now_ms()};

	run->error = (struct error){.arena = run->arena};
	switch (run->step) {
	case STEP_DEADLINE:
		return deadlines(&tx, run);
	case STEP_SWEEP:
		return files_sweep(&tx, run);
	case STEP_CLAIM:
		return kind->claim(&tx, &run->errands);
	case STEP_BEGIN:
		return kind->begin(&tx, &run->errands);
	case STEP_PREPARE:
		return kind->prepare(&tx, &run->errands);
	case STEP_SETTLE:
		return kind->settle(&tx, &run->errands);
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

static void run_stall(struct run *run);
static void step_done(struct job *job, enum result outcome);

static void run_submit(struct run *run, enum chore_step step)
{
	struct chores *chores = run->chore->chores;

	run->step = step;
	run->stalled = false;
	run->job = (struct job){.tenant = run->chore->household->tenant,
		.lane = steps[step].lane,
		.run = step_run,
		.done = step_done,
		.error = &run->error};
	if (tenants_submit(chores->tenants, &run->job))
		run_stall(run);
	else
		chores->jobs++;
}

static void run_end(struct run *run)
{
	struct chores *chores = run->chore->chores;

	run->chore->run = NULL;
	arena_destroy(run->arena); /* and `run` with it */
	chores->running--;
	uv_async_send(&chores->wake);
}

/* Its job was not taken, or could not write down what came of it: a later tick submits it again, unless that is not
 * waited for any more. */
static void run_stall(struct run *run)
{
	run->stalled = true;
	if (run->chore->chores->stopped)
		run_end(run);
}

static void chore_begin(struct chore *chore, enum chore_step step)
{
	struct arena *arena = arena_create(CHORE_ARENA);

	chore->run = NEW(arena, struct run);
	*chore->run = (struct run){.chore = chore, .arena = arena, .error = {.arena = arena}};
	chore->chores->running++;
	run_submit(chore->run, step);
}

static void run_failed(struct run *run, enum result outcome)
{
	struct chore *chore = run->chore;

	log_event(LOG_ERROR, "chore.trouble", "tenant", tenant_slug(run->job.tenant), "chore",
		chore->kind ? chore->kind->name : "round", "step", steps[run->step].name, "result",
		result_name(outcome), "code", run->error.code, "detail", run->error.internal, NULL);
	if (run->step == STEP_SETTLE && ++run->settles < SETTLE_MOST) {
		run_stall(run);
		return;
	}
	if (run->step != STEP_SWEEP)
		chore->due_at = clock_now_ms() + RETRY_MS;
	run_end(run);
}

static void deadlines_done(struct run *run)
{
	/* Not all tenants of a deployment at the same moment. */
	int64_t hour = clock_now_ms() + ROUND_MS - random_below(ROUND_MS / 4);

	if (run->more) {
		run->chore->due_at = 0;
		run_end(run);
		return;
	}
	run->chore->due_at = run->next_at && run->next_at < hour ? run->next_at : hour;
	run_submit(run, STEP_SWEEP);
}

static void claim_done(struct run *run)
{
	if (run->errands.count > 0) {
		run_submit(run, run->chore->kind->begin ? STEP_BEGIN : STEP_PREPARE);
		return;
	}
	/* Something may be due and yet wait: a message for an earlier one of its recipient. */
	int64_t later = clock_now_ms() + RETRY_MS, next_at = run->errands.next_at;
	run->chore->due_at = !next_at ? NEVER : next_at > later ? next_at : later;
	run_end(run);
}

static void exchange_done(void *context)
{
	struct run *run = context;

	if (--run->out == 0)
		run_submit(run, STEP_SETTLE);
}

/* The arena is the exchanges' until the last has come back. */
static void exchanges_send(struct run *run)
{
	const struct errands *errands = &run->errands;
	const char *party = arena_printf(
		run->arena, "%s/%s", tenant_slug(run->job.tenant), run->chore->kind->name);

	if (errands->exchange_count == 0) {
		run_submit(run, STEP_SETTLE);
		return;
	}
	run->out = errands->exchange_count;
	for (size_t i = 0; i < errands->exchange_count; i++)
		https_client_send(run->chore->chores->https, party, run->arena,
			errands->exchanges[i], exchange_done, run);
}

static void step_done(struct job *job, enum result outcome)
{
	struct run *run = (struct run *)job;
	struct chores *chores = run->chore->chores;

	if (chores->jobs-- == AT_ONCE)
		uv_async_send(&chores->wake);
	if (outcome) {
		run_failed(run, outcome);
		return;
	}
	switch (run->step) {
	case STEP_DEADLINE:
		deadlines_done(run);
		break;
	case STEP_CLAIM:
		claim_done(run);
		break;
	case STEP_BEGIN:
		if (run->errands.count > 0)
			run_submit(run, STEP_PREPARE);
		else
			run_end(run); /* its commit has asked for the next look */
		break;
	case STEP_PREPARE:
		exchanges_send(run);
		break;
	case STEP_SETTLE: /* its commit has asked for the next look, or nothing does */
		if (run->chore->kind->by_time)
			run->chore->due_at = 0;
		run_end(run);
		break;
	case STEP_SWEEP:
		run_end(run);
		break;
	}
}

static void chore_next(struct chore *chore)
{
	if (chore->run || !chore->household->active || chore->chores->stopped)
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
	if (chore->run && chore->run->stalled)
		run_submit(chore->run, chore->run->step);
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
	if (chore->run && chore->run->stalled)
		run_end(chore->run);
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
