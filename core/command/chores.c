/*
 * Rounds and errands, by timer and commits.
 *
 * A chore belongs to the loop thread but for its work while a job of that is out. What a commit has to tell, on a
 * worker thread, is one flag a chore under the lock, and that the tenant is to be looked at: of thousands, only those
 * are of which something was told. The rest are looked at one after another at each tick, as far as there is room.
 *
 * The hard thing is trouble: whatever fails waits for a later tick, so that a broken tenant never keeps the machine
 * busy; and what was said to others but could not be settled is settled later, not said again.
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
#include "wake.h"

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
static const struct errand_kind *const kinds[] = {NULL, &cancel_errands, &delivery_errands,
	&payment_errands, &closing_errands, &ticket_book_errands};

/* What is kept of a chore between two times. */
struct chore {
	int64_t due_at;         /* clock_now_ms() */
	struct work *work;      /* NULL: it does not run */
	bool relearned;         /* a key was not known when it last failed, and may be now */
	_Atomic bool committed; /* something may be due; any thread */
};

/* A tenant's chores; made when the tenant is first seen, kept for the life of the server. */
struct household {
	struct household *next, *next_told;
	struct tenant *tenant;
	bool told;   /* on the list of those to be looked at */
	bool active; /* the tenant is not suspended */
	struct sweep sweep;
	struct chore chores[COUNT(kinds)];
};

/* A chore that runs, in an arena of its own. */
struct work {
	struct job job; /* first */
	struct chores *chores;
	struct household *household;
	struct chore *chore;
	const struct errand_kind *kind;
	struct arena *arena;

	enum chore_step step;
	bool stalled;     /* its job waits for a tick to be submitted again */
	unsigned settles; /* failed tries */
	size_t out;       /* exchanges */

	/* Written by its jobs. */
	struct error error;
	struct errands errands;
	bool more;
	int64_t next_at;
};

struct chores {
	struct tenants *tenants;
	struct deployment *deployment;
	uv_loop_t *loop;
	const char *ca_file;
	struct https_client *https; /* NULL: nothing was ever said to others */
	uv_timer_t tick;
	struct wake wake;
	pthread_mutex_t lock;   /* for `list`, `by_tenant` and `told` */
	struct household *list; /* the newest first; a household that is on it stays there */
	void *by_tenant;        /* the same: tsearch() */
	struct household *told; /* of which something was committed, or has ended */
	struct household *walk; /* of all, who is next once there is room; NULL: nobody */
	bool walk_wanted;       /* once more: something may be due that was passed by */
	size_t running;
	size_t jobs;                    /* of those, in the tenants' queues */
	int64_t looked_at;              /* clock_now_ms() */
	void (*stopped)(void *context); /* NULL: not stopping */
	void *stopped_context;
	unsigned handles; /* open */
};

/* ---- On worker threads ---- */

static enum result deadlines(struct transaction *tx, struct work *work)
{
	struct deadline_counts counts;
	enum result rc = deadline_run(tx, &counts, &work->more);

	return rc ? rc : deadline_next(tx, &work->next_at);
}

static enum result files_sweep(struct transaction *tx, struct household *household)
{
	enum result rc = uploads_free(tx);

	return rc ? rc : sweep_plan(tx, &household->sweep);
}

/* The client is loaded here, where nobody waits for it but who needs it. */
static enum result prepare(struct transaction *tx, struct work *work)
{
	enum result rc = work->kind->prepare(tx, &work->errands);

	return rc || work->errands.exchange_count == 0 ? rc : https_client_ready(tx->error);
}

static enum result work_run(struct job *job, struct store *db)
{
	struct work *work = (struct work *)job;
	struct transaction tx = {.arena = work->arena,
		.db = db,
		.tenant = job->tenant,
		.keys = tenant_keys(job->tenant),
		.deployment = work->chores->deployment,
		.actor = {.kind = ACTOR_SYSTEM},
		.error = &work->error,
		.now = clock_now_ms()};

	work->error = (struct error){.arena = work->arena};
	switch (work->step) {
	case STEP_DEADLINE:
		return deadlines(&tx, work);
	case STEP_SWEEP:
		return files_sweep(&tx, work->household);
	case STEP_CLAIM:
		return work->kind->claim(&tx, &work->errands);
	case STEP_BEGIN:
		return work->kind->begin(&tx, &work->errands);
	case STEP_PREPARE:
		return prepare(&tx, work);
	case STEP_SETTLE:
		return work->kind->settle(&tx, &work->errands);
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

/* Under the lock. */
static void household_tell(struct chores *chores, struct household *household)
{
	if (household->told)
		return;
	household->told = true;
	household->next_told = chores->told;
	chores->told = household;
}

static void on_commit(void *context, struct tenant *tenant)
{
	struct chores *chores = context;

	pthread_mutex_lock(&chores->lock);
	struct household *household = household_of(chores, tenant);
	for (size_t i = 0; i < COUNT(kinds); i++)
		household->chores[i].committed = kinds[i] && !kinds[i]->by_time;
	household_tell(chores, household);
	pthread_mutex_unlock(&chores->lock);
	wake_send(&chores->wake);
}

/* ---- On the loop ---- */

static void work_stall(struct work *work);
static void work_done(struct job *job, enum result outcome);

static void work_submit(struct work *work, enum chore_step step)
{
	work->step = step;
	work->stalled = false;
	work->job = (struct job){.tenant = work->household->tenant,
		.lane = steps[step].lane,
		.run = work_run,
		.done = work_done,
		.unasked = true,
		.error = &work->error};
	if (tenants_submit(work->chores->tenants, &work->job))
		work_stall(work);
	else
		work->chores->jobs++;
}

static void work_end(struct work *work)
{
	struct chores *chores = work->chores;

	work->chore->work = NULL;
	chores->running--;
	pthread_mutex_lock(&chores->lock);
	household_tell(chores, work->household);
	pthread_mutex_unlock(&chores->lock);
	arena_destroy(work->arena);
	wake_send(&chores->wake);
}

/* Its job was not taken, or could not write down what came of it: a later tick submits it again, unless that is not
 * waited for any more. */
static void work_stall(struct work *work)
{
	work->stalled = true;
	if (work->chores->stopped)
		work_end(work);
}

static void chore_begin(struct chores *chores, struct household *household, size_t kind)
{
	struct chore *chore = &household->chores[kind];
	struct arena *arena = arena_create(CHORE_ARENA);

	chore->work = NEW(arena, struct work);
	*chore->work = (struct work){.chores = chores,
		.household = household,
		.chore = chore,
		.kind = kinds[kind],
		.arena = arena,
		.error = {.arena = arena}};
	chores->running++;
	work_submit(chore->work, kinds[kind] ? STEP_CLAIM : STEP_DEADLINE);
}

static void trouble_log(const struct work *work, enum result outcome)
{
	log_event(LOG_ERROR, "chore.trouble", "tenant", tenant_slug(work->job.tenant), "chore",
		work->kind ? work->kind->name : "round", "step", steps[work->step].name, "result",
		result_name(outcome), "code", work->error.code, "detail", work->error.internal,
		NULL);
}

/* A key that a command has just made is no trouble, unless it is still not known at the next try. */
static void work_failed(struct work *work, enum result outcome)
{
	struct chore *chore = work->chore;

	chore->relearned =
		!chore->relearned && tenants_learn_key(work->chores->tenants, &work->error);
	if (!chore->relearned)
		trouble_log(work, outcome);
	if (work->step == STEP_SETTLE && ++work->settles < SETTLE_MOST) {
		work_stall(work);
		return;
	}
	if (work->step != STEP_SWEEP)
		chore->due_at = chore->relearned ? 0 : clock_now_ms() + RETRY_MS;
	work_end(work);
}

static void deadlines_done(struct work *work)
{
	/* Not all tenants of a deployment at the same moment. */
	int64_t hour = clock_now_ms() + ROUND_MS - random_below(ROUND_MS / 4);

	if (work->more) {
		work->chore->due_at = 0;
		work_end(work);
		return;
	}
	work->chore->due_at = work->next_at && work->next_at < hour ? work->next_at : hour;
	work_submit(work, STEP_SWEEP);
}

static void claim_done(struct work *work)
{
	if (work->errands.count > 0) {
		work_submit(work, work->kind->begin ? STEP_BEGIN : STEP_PREPARE);
		return;
	}
	/* Something may be due and yet wait: a message for an earlier one of its recipient. */
	int64_t later = clock_now_ms() + RETRY_MS, next_at = work->errands.next_at;
	work->chore->due_at = !next_at ? NEVER : next_at > later ? next_at : later;
	work_end(work);
}

static void exchange_done(void *context)
{
	struct work *work = context;

	if (--work->out == 0)
		work_submit(work, STEP_SETTLE);
}

static struct https_client *https_of(struct chores *chores)
{
	if (!chores->https) {
		chores->https = https_client_open(chores->loop, chores->ca_file);
		if (chores->stopped)
			https_client_stop(chores->https);
	}
	return chores->https;
}

/* The arena is the exchanges' until the last has come back. */
static void exchanges_send(struct work *work)
{
	const struct errands *errands = &work->errands;
	const char *party =
		arena_printf(work->arena, "%s/%s", tenant_slug(work->job.tenant), work->kind->name);

	if (errands->exchange_count == 0) {
		work_submit(work, STEP_SETTLE);
		return;
	}
	work->out = errands->exchange_count;
	for (size_t i = 0; i < errands->exchange_count; i++)
		https_client_send(https_of(work->chores), party, work->arena, errands->exchanges[i],
			exchange_done, work);
}

static void work_done(struct job *job, enum result outcome)
{
	struct work *work = (struct work *)job;

	if (work->chores->jobs-- == AT_ONCE)
		wake_send(&work->chores->wake);
	if (outcome) {
		work_failed(work, outcome);
		return;
	}
	switch (work->step) {
	case STEP_DEADLINE:
		deadlines_done(work);
		break;
	case STEP_CLAIM:
		claim_done(work);
		break;
	case STEP_BEGIN:
		if (work->errands.count > 0)
			work_submit(work, STEP_PREPARE);
		else
			work_end(work); /* its commit has asked for the next look */
		break;
	case STEP_PREPARE:
		exchanges_send(work);
		break;
	case STEP_SETTLE: /* its commit has asked for the next look, or nothing does */
		if (work->kind->by_time)
			work->chore->due_at = 0;
		work_end(work);
		break;
	case STEP_SWEEP:
		work_end(work);
		break;
	}
}

/* Begins what was told of and, as far as there is room, what is due. False: there was not enough. */
static bool household_look(struct chores *chores, struct household *household)
{
	int64_t now = clock_now_ms();
	bool enough = true;

	if (!household->active || chores->stopped)
		return true;
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		struct chore *chore = &household->chores[kind];
		bool due = chore->due_at <= now, room = chores->jobs < AT_ONCE;

		if (chore->work)
			continue;
		if (atomic_exchange(&chore->committed, false) || (due && room))
			chore_begin(chores, household, kind);
		else if (due)
			enough = false;
	}
	return enough;
}

static struct household *told_take(struct chores *chores)
{
	pthread_mutex_lock(&chores->lock);
	struct household *household = chores->told;
	if (household) {
		chores->told = household->next_told;
		household->told = false;
	}
	pthread_mutex_unlock(&chores->lock);
	return household;
}

static struct household *list_head(struct chores *chores)
{
	pthread_mutex_lock(&chores->lock);
	struct household *head = chores->list;
	pthread_mutex_unlock(&chores->lock);
	return head;
}

static void each_chore(struct chores *chores,
	void (*each)(struct chores *chores, struct household *household, size_t kind))
{
	for (struct household *household = list_head(chores); household;
		household = household->next) {
		for (size_t i = 0; i < COUNT(kinds); i++)
			each(chores, household, i);
	}
}

static void chore_round(struct chores *chores, struct household *household, size_t kind)
{
	household->chores[kind].due_at = 0;
	chores->walk_wanted = true;
}

/* Once the clock has been put back, what was put off by the clock before would wait until that comes again. */
static void clock_watch(struct chores *chores)
{
	int64_t now = clock_now_ms();

	if (now < chores->looked_at)
		each_chore(chores, chore_round);
	chores->looked_at = now;
}

static bool walk_begin(struct chores *chores)
{
	if (!chores->walk_wanted)
		return false;
	chores->walk_wanted = false;
	chores->walk = list_head(chores);
	return chores->walk;
}

/* On from where there was no room any more. */
static void walk_on(struct chores *chores)
{
	while (chores->jobs < AT_ONCE && (chores->walk || walk_begin(chores))) {
		if (household_look(chores, chores->walk))
			chores->walk = chores->walk->next;
	}
}

static void woken(void *context)
{
	struct chores *chores = context;
	struct household *household;

	clock_watch(chores);
	while ((household = told_take(chores))) {
		if (!household_look(chores, household))
			chores->walk_wanted = true;
	}
	walk_on(chores);
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

static void chore_retry(struct chores *chores, struct household *household, size_t kind)
{
	struct work *work = household->chores[kind].work;

	(void)chores;
	if (work && work->stalled)
		work_submit(work, work->step);
}

static void tick(uv_timer_t *timer)
{
	struct chores *chores = timer->data;

	for (struct household *household = list_head(chores); household;
		household = household->next)
		household->active = false;
	each_chore(chores, chore_retry);
	tenants_each(chores->tenants, tenant_seen, chores);
	chores->walk_wanted = true;
	woken(chores);
}

struct chores *chores_start(uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment,
	const char *ca_file)
{
	struct chores *chores = calloc(1, sizeof(*chores));

	if (!chores)
		abort();
	chores->tenants = tenants;
	chores->deployment = deployment;
	chores->loop = loop;
	chores->ca_file = ca_file;
	pthread_mutex_init(&chores->lock, NULL);
	chores->tick.data = chores;
	wake_open(&chores->wake, loop, woken, chores);
	uv_timer_init(loop, &chores->tick);
	uv_timer_start(&chores->tick, tick, 0, TICK_MS);
	tenants_on_commit(tenants, on_commit, chores);
	return chores;
}

void chores_round(struct chores *chores)
{
	each_chore(chores, chore_round);
	wake_send(&chores->wake);
}

static void chore_give_up(struct chores *chores, struct household *household, size_t kind)
{
	struct work *work = household->chores[kind].work;

	(void)chores;
	if (work && work->stalled)
		work_end(work);
}

void chores_stop(struct chores *chores, void (*stopped)(void *context), void *context)
{
	chores->stopped = stopped;
	chores->stopped_context = context;
	if (chores->https)
		https_client_stop(chores->https);
	each_chore(chores, chore_give_up);
	wake_send(&chores->wake);
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
	https_client_close(chores->https);
	uv_close((uv_handle_t *)&chores->tick, handle_closed);
	wake_close(&chores->wake, handle_closed);
}
