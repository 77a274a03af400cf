/*
 * A house of tenants to test with: a folder with a registry, a loop of a kind (the test's own thread), and jobs that
 * note what became of them.
 */
#ifndef KAOWU_TEST_HOUSE_H
#define KAOWU_TEST_HOUSE_H

#include "../store/scratch.h"

#include <assert.h>
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "tenant/registry.h"
#include "tenant/tenant.h"

#define PATIENCE_S 60 /* for what another thread does; longer means that it hangs */

struct house {
	struct scratch *scratch;
	struct tenants *tenants;
	sem_t awake;
	size_t submitted, done;
	struct task *tasks; /* all there ever were */
};

/* A job and what became of it. */
struct task {
	struct job job;
	struct task *next;
	struct house *house;
	struct error error;
	int number;
	enum result answer; /* what its run function shall return */
	int runs;
	enum result outcome;
	size_t place; /* 1 for the first that was done */
};

static inline void house_wake(void *context)
{
	sem_post(&((struct house *)context)->awake);
}

static inline int house_make(void **state)
{
	struct house *house = calloc(1, sizeof *house);
	void *scratch;

	if (!house || scratch_make(&scratch) || sem_init(&house->awake, 0, 0))
		return -1;
	house->scratch = scratch;
	*state = house;
	return 0;
}

static inline int house_remove(void **state)
{
	struct house *house = *state;
	void *scratch = house->scratch;

	tenants_close(house->tenants);
	for (struct task *task = house->tasks; task; task = task->next)
		arena_destroy(task->error.arena);
	clock_set_ms(0);
	sem_destroy(&house->awake);
	free(house);
	return scratch_remove(&scratch);
}

static inline struct registry *open_registry(struct house *house)
{
	struct registry *registry;

	assert_ok(registry_open(house->scratch->folder, &registry, fresh_error(house->scratch)));
	return registry;
}

/* A tenant with the tables that these tests write to. */
static inline void add_tenant(struct house *house, const char *slug)
{
	struct registry *registry = open_registry(house);
	struct error *error = fresh_error(house->scratch);
	struct tenant *tenant;
	struct store *db;

	assert_ok(registry_add(registry, slug, error));
	registry_close(registry);
	assert_ok(tenant_attach(house->scratch->folder, slug, &tenant, &db, error));
	assert_ok(store_script(db,
		"CREATE TABLE note (place INTEGER PRIMARY KEY, number BIGINT NOT NULL, text BLOB);"
		"CREATE TABLE child (parent BIGINT REFERENCES note (place) DEFERRABLE INITIALLY DEFERRED);",
		error));
	tenant_detach(tenant);
}

static inline void open_house(struct house *house, struct tenants_settings settings)
{
	settings.data_folder = house->scratch->folder;
	settings.wake = house_wake;
	settings.wake_context = house;
	assert_ok(tenants_open(&settings, &house->tenants, fresh_error(house->scratch)));
}

static inline void close_house(struct house *house)
{
	tenants_close(house->tenants);
	house->tenants = NULL;
}

static inline struct tenant *find(struct house *house, const char *slug)
{
	struct tenant *tenant = tenants_find(house->tenants, slug);

	assert_non_null(tenant);
	return tenant;
}

static inline void task_done(struct job *job, enum result outcome)
{
	struct task *task = (struct task *)job;

	task->outcome = outcome;
	task->place = ++task->house->done;
}

static inline struct task *new_task(struct house *house, const char *slug, enum lane lane,
	enum result (*work)(struct job *job, struct store *db), int number)
{
	struct task *task = NEW(house->scratch->arena, struct task);

	*task = (struct task){
		.job = {.tenant = find(house, slug), .lane = lane, .run = work, .done = task_done},
		.next = house->tasks,
		.house = house,
		.error = {.arena = arena_create(1u << 20)},
		.number = number,
	};
	task->job.error = &task->error;
	house->tasks = task;
	return task;
}

static inline enum result submit(struct task *task)
{
	enum result rc = tenants_submit(task->house->tenants, &task->job);

	task->house->submitted += rc == OK;
	return rc;
}

static inline struct task *start(struct house *house, const char *slug, enum lane lane,
	enum result (*work)(struct job *job, struct store *db), int number)
{
	struct task *task = new_task(house, slug, lane, work, number);

	assert_ok(submit(task));
	return task;
}

static inline void wait_semaphore(sem_t *semaphore)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	while (sem_timedwait(semaphore, &until))
		assert(errno == EINTR);
}

/* The loop: until so many jobs are done in all. */
static inline void wait_for(struct house *house, size_t done)
{
	while (house->done < done) {
		wait_semaphore(&house->awake);
		tenants_drain(house->tenants);
	}
}

static inline void wait_for_all(struct house *house)
{
	wait_for(house, house->submitted);
}

/* For what another thread does without waking the loop. */
static inline void wait_until(bool (*holds)(struct house *house), struct house *house)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	for (int tries = 0; !holds(house); tries++) {
		assert_true(tries < PATIENCE_S * 1000);
		nanosleep(&moment, NULL);
	}
}

/* Run functions. */

static inline enum result write_note(struct job *job, struct store *db)
{
	struct task *task = (struct task *)job;

	task->runs++;
	enum result rc = store_run(db, "INSERT INTO note (number) VALUES (?1)",
		BIND(INTEGER(task->number)), job->error);
	if (rc)
		return rc;
	return task->answer ? fail(job->error, task->answer, "test.refused", NULL) : OK;
}

/* task->number becomes the number of notes. */
static inline enum result count_notes(struct job *job, struct store *db)
{
	struct task *task = (struct task *)job;
	int64_t count;

	enum result rc =
		store_integer(db, "SELECT count(*) FROM note", BIND_NONE, &count, job->error);
	if (rc)
		return rc;
	task->number = (int)count;
	return OK;
}

static inline int notes(struct house *house, const char *slug)
{
	struct task *task = start(house, slug, LANE_READ, count_notes, 0);

	wait_for_all(house);
	assert_ok(task->outcome);
	return task->number;
}

#endif
