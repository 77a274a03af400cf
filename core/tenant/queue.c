/*
 * The queues: from tenants_submit() on the loop thread to a worker thread, and home again to tenants_drain().
 *
 * There is one run queue for each lane, with threads of its own, so that reads never stand behind commits nor either
 * behind pictures. On it stand the tenants that have work, each once; a thread takes the first, and what waits there
 * now as one batch, and the tenant goes to the tail if more waits. Writes of a tenant come one batch after another,
 * hence in the order of their submission.
 *
 * The hard thing: a tenant that is being opened or closed may not run, but may receive. Its lanes are left off the run
 * queues (or dropped when a thread meets them there) and entered again by whoever ends the opening or closing.
 */
#include "inside.h"

#include <assert.h>
#include <limits.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/limits.h"

#define HEAVY_NICE 19

/* Jobs at once. */
static const size_t batch_sizes[LANE_COUNT] = {
	[LANE_READ] = LIMIT_READ_BATCH, [LANE_WRITE] = LIMIT_GROUP_COMMIT, [LANE_HEAVY] = 1};

static void list_push(struct job_list *list, struct job *job)
{
	job->next = NULL;
	if (list->last)
		list->last->next = job;
	else
		list->first = job;
	list->last = job;
	list->count++;
}

/* At least one job must be there. */
static struct job *list_pop(struct job_list *list)
{
	struct job *job = list->first;

	list->first = job->next;
	if (!list->first)
		list->last = NULL;
	list->count--;
	job->next = NULL;
	return job;
}

/* Everything, to the end of another list. */
static void list_move(struct job_list *from, struct job_list *to)
{
	if (!from->count)
		return;
	if (to->last)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	to->count += from->count;
	*from = (struct job_list){0};
}

/* Batches of one tenant at the same time. */
static unsigned batches_most(const struct lane_queue *lane)
{
	switch (lane->lane) {
	case LANE_READ:
		return lane->tenant->tenants->read_batches;
	case LANE_WRITE:
		return 1;
	default:
		return UINT_MAX;
	}
}

static bool lane_may_run(const struct lane_queue *lane)
{
	const struct tenant *tenant = lane->tenant;

	if (!lane->waiting.count || lane->running >= batches_most(lane))
		return false;
	return tenant->state == TENANT_CLOSED ||
	       (tenant->state == TENANT_OPEN && !tenant->keys_changed);
}

/* True if it was not there and is now: a thread of the queue must come for it. */
static bool lane_enter(struct lane_queue *lane)
{
	struct run_queue *queue = &lane->tenant->tenants->queues[lane->lane];

	if (lane->queued || !lane_may_run(lane))
		return false;
	lane->queued = true;
	STAILQ_INSERT_TAIL(&queue->lanes, lane, next);
	return true;
}

static void lane_wake(const struct lane_queue *lane)
{
	pthread_cond_signal(&lane->tenant->tenants->queues[lane->lane].ready);
}

/* All but `served`, whose thread comes for the next by itself. */
static void lanes_enter(struct tenant *tenant, const struct lane_queue *served)
{
	for (int i = 0; i < LANE_COUNT; i++) {
		struct lane_queue *lane = &tenant->lanes[i];

		if (lane_enter(lane) && lane != served)
			lane_wake(lane);
	}
}

void queue_enter(struct tenant *tenant)
{
	lanes_enter(tenant, NULL);
}

/*
 * Every tenant has an inbox of its own in each lane. The heavy queue is shared by all: a tenant may hold as many places
 * as are still free, so that there is always one left for the next tenant.
 */
static bool lane_has_room(const struct tenants *tenants, const struct lane_queue *lane)
{
	if (lane->lane == LANE_HEAVY)
		return lane->waiting.count + tenants->heavy_waiting < LIMIT_HEAVY_JOBS;
	return lane->waiting.count < LIMIT_TENANT_INBOX;
}

enum result tenants_submit(struct tenants *tenants, struct job *job)
{
	struct lane_queue *lane = &job->tenant->lanes[job->lane];

	assert(job->tenant->tenants == tenants && job->error && job->run && job->done);
	pthread_mutex_lock(&tenants->lock);
	bool taken = !tenants->ending && (job->admitted || lane_has_room(tenants, lane));
	bool entered = false;
	if (taken) {
		list_push(&lane->waiting, job);
		tenants->pending++;
		tenants->heavy_waiting += job->lane == LANE_HEAVY;
		entered = lane_enter(lane);
	}
	pthread_mutex_unlock(&tenants->lock);
	if (entered)
		lane_wake(lane);
	return taken ? OK : fail(job->error, BUSY, "tenant.busy", NULL);
}

/* The first lane that may run, off the queue. */
static struct lane_queue *lane_next(struct run_queue *queue)
{
	struct lane_queue *lane;

	while ((lane = STAILQ_FIRST(&queue->lanes))) {
		STAILQ_REMOVE_HEAD(&queue->lanes, next);
		lane->queued = false;
		if (lane_may_run(lane))
			return lane;
	}
	return NULL;
}

static void batch_fill(struct batch *batch, struct lane_queue *lane)
{
	struct tenant *tenant = lane->tenant;
	struct tenants *tenants = tenant->tenants;

	*batch = (struct batch){.lane = lane, .opens = tenant->state == TENANT_CLOSED};
	tenant->used_at = clock_now_ms();
	while (lane->waiting.count && batch->jobs.count < batch_sizes[lane->lane]) {
		struct job *job = list_pop(&lane->waiting);

		if (!job->unasked)
			tenant->asked_at = tenant->used_at;
		list_push(&batch->jobs, job);
	}
	if (lane->lane == LANE_HEAVY)
		tenants->heavy_waiting -= batch->jobs.count;

	lane->running++;
	tenant->running++;
	tenant->rested = false;
	if (batch->opens) {
		tenant->state = TENANT_OPENING;
		tenant->keys_changed = false;
	} else {
		TAILQ_REMOVE(&tenants->open, tenant, next_open);
		TAILQ_INSERT_TAIL(&tenants->open, tenant, next_open);
	}
	if (lane_enter(lane))
		lane_wake(lane);
}

/* Waits for work. False: there will be none any more. */
static bool batch_take(struct run_queue *queue, struct batch *batch)
{
	struct tenants *tenants = queue->tenants;
	struct lane_queue *lane;

	pthread_mutex_lock(&tenants->lock);
	while (!(lane = lane_next(queue)) && !tenants->stopping)
		pthread_cond_wait(&queue->ready, &tenants->lock);
	if (lane)
		batch_fill(batch, lane);
	pthread_mutex_unlock(&tenants->lock);
	return lane;
}

/* Opens the tenant for this batch and lets its other lanes run. */
static enum result batch_open(const struct batch *batch, struct error *error)
{
	struct tenant *tenant = batch->lane->tenant;
	struct tenants *tenants = tenant->tenants;

	enum result rc = tenant_open(tenant, batch->lane->lane, error);
	pthread_mutex_lock(&tenants->lock);
	tenant->unavailable = rc != OK;
	if (rc) {
		tenant->state = TENANT_CLOSED;
	} else {
		tenant->state = TENANT_OPEN;
		TAILQ_INSERT_TAIL(&tenants->open, tenant, next_open);
		tenants->open_count++;
	}
	queue_enter(tenant);
	pthread_mutex_unlock(&tenants->lock);
	return rc;
}

static void batch_run(const struct batch *batch, struct arena *scratch)
{
	struct error error = {.arena = scratch};

	if (batch->opens && batch_open(batch, &error))
		batch_refuse(batch, "tenant.unavailable", &error);
	else if (batch->lane->lane == LANE_WRITE)
		batch_write(batch, scratch);
	else
		batch_read(batch, scratch);
}

static void batch_count(const struct batch *batch)
{
	struct tenant *tenant = batch->lane->tenant;

	atomic_fetch_add(batch->lane->lane == LANE_WRITE ? &tenant->writes : &tenant->reads,
		batch->jobs.count);
	for (const struct job *job = batch->jobs.first; job; job = job->next) {
		if (job->outcome >= BUSY)
			atomic_fetch_add(&tenant->failures, 1);
	}
}

/* The loop thread is woken only if it had nothing to drain: it takes all at once. */
static void batch_home(struct batch *batch)
{
	struct tenant *tenant = batch->lane->tenant;
	struct tenants *tenants = tenant->tenants;

	pthread_mutex_lock(&tenants->lock);
	bool wake = !tenants->home.count;
	tenants->pending -= batch->jobs.count;
	list_move(&batch->jobs, &tenants->home);
	batch->lane->running--;
	tenant->running--;
	lanes_enter(tenant, batch->lane);
	keeper_remind(tenants, tenant);
	pthread_mutex_unlock(&tenants->lock);
	if (wake && tenants->wake)
		tenants->wake(tenants->wake_context);
}

/* Hashes, pictures and documents take a core for as long as they last: who waits for a row or a commit goes first. On
 * Linux a priority is the thread's own. */
static void nice_take(const struct run_queue *queue)
{
	if (queue == &queue->tenants->queues[LANE_HEAVY])
		(void)setpriority(PRIO_PROCESS, 0, HEAVY_NICE);
}

void *queue_work(void *run_queue)
{
	struct arena *scratch = arena_create(TENANT_ARENA);
	struct batch batch;

	nice_take(run_queue);
	while (batch_take(run_queue, &batch)) {
		batch_run(&batch, scratch);
		batch_count(&batch);
		batch_home(&batch);
		arena_reset(scratch);
	}
	arena_destroy(scratch);
	return NULL;
}

void tenants_drain(struct tenants *tenants)
{
	struct job_list home = {0};

	pthread_mutex_lock(&tenants->lock);
	list_move(&tenants->home, &home);
	keeper_remind(tenants, NULL);
	pthread_mutex_unlock(&tenants->lock);

	while (home.count) {
		struct job *job = list_pop(&home);
		job->done(job, job->outcome);
	}
}
