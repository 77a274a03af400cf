/*
 * The queues: order, group commit, fairness, bounds.
 */
#include "house.h"

#include <signal.h>
#include <sys/resource.h>

static int on_a_house(void **state, struct tenants_settings settings)
{
	if (house_make(state))
		return -1;
	add_tenant(*state, "one");
	add_tenant(*state, "two");
	open_house(*state, settings);
	return 0;
}

static int on_house(void **state)
{
	return on_a_house(state,
		(struct tenants_settings){.threads = 4, .heavy_threads = 2, .read_batches = 2});
}

/* As where processors are few. */
static int on_narrow_house(void **state)
{
	return on_a_house(state,
		(struct tenants_settings){.threads = 4, .heavy_threads = 2, .read_batches = 1});
}

/* With one thread a lane, so that it is known who comes after whom. */
static int on_small_house(void **state)
{
	return on_a_house(state, (struct tenants_settings){.threads = 1, .heavy_threads = 1});
}

/* A door that holds a job, and with it its thread, until the test opens it. */
static sem_t entered, door;

static enum result wait_at_the_door(struct job *job, struct store *db)
{
	(void)job;
	(void)db;
	sem_post(&entered);
	wait_semaphore(&door);
	return OK;
}

/* What is submitted after this waits until open_door(). */
static struct task *close_door(struct house *house, const char *slug, enum lane lane)
{
	sem_init(&entered, 0, 0);
	sem_init(&door, 0, 0);
	struct task *task = start(house, slug, lane, wait_at_the_door, 0);
	wait_semaphore(&entered);
	return task;
}

static void open_door(void)
{
	sem_post(&door);
}

static void writes_of_a_tenant_come_in_the_order_of_their_submission(void **state)
{
	struct house *house = *state;
	struct task *tasks[300];

	for (int i = 0; i < (int)COUNT(tasks); i++)
		tasks[i] = start(house, "one", LANE_WRITE, write_note, i);
	wait_for_all(house);
	for (size_t i = 0; i < COUNT(tasks); i++) {
		assert_ok(tasks[i]->outcome);
		assert_int_equal(tasks[i]->place, i + 1);
	}

	struct tenant *tenant;
	struct store *db;
	assert_ok(tenant_attach(
		house->scratch->folder, "one", &tenant, &db, fresh_error(house->scratch)));
	assert_int_equal(number(house->scratch, db, "SELECT count(*) FROM note"), COUNT(tasks));
	assert_int_equal(
		number(house->scratch, db, "SELECT count(*) FROM note WHERE place <> number + 1"),
		0);
	tenant_detach(tenant);
}

static void writes_that_wait_share_a_commit(void **state)
{
	struct house *house = *state;

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < LIMIT_GROUP_COMMIT; i++)
		start(house, "one", LANE_WRITE, write_note, i);
	assert_int_equal(tenant_counters(find(house, "one")).waiting, LIMIT_GROUP_COMMIT);
	open_door();
	wait_for_all(house);

	struct tenant_counters counters = tenant_counters(find(house, "one"));
	assert_int_equal(counters.commits, 2);
	assert_int_equal(counters.writes, LIMIT_GROUP_COMMIT + 1);
	assert_int_equal(counters.waiting, 0);
	assert_int_equal(counters.failures, 0);
}

static void a_write_that_comes_alone_does_not_wait_for_others(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 5; i++) {
		start(house, "one", LANE_WRITE, write_note, i);
		wait_for_all(house);
	}
	assert_int_equal(tenant_counters(find(house, "one")).commits, 5);
}

static void a_refused_write_takes_back_its_own_rows_and_no_others(void **state)
{
	struct house *house = *state;
	struct task *tasks[10];

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < (int)COUNT(tasks); i++) {
		tasks[i] = new_task(house, "one", LANE_WRITE, write_note, i);
		tasks[i]->answer = i % 3 == 1 ? CONFLICT : OK;
		assert_ok(submit(tasks[i]));
	}
	open_door();
	wait_for_all(house);

	assert_int_equal(tenant_counters(find(house, "one")).commits, 2);
	for (int i = 0; i < (int)COUNT(tasks); i++)
		assert_int_equal(tasks[i]->outcome, i % 3 == 1 ? CONFLICT : OK);
	assert_string_equal(tasks[1]->error.code, "test.refused");
	assert_null(tasks[2]->error.code);
	assert_int_equal(notes(house, "one"), 7);
}

static enum result refuse_at_once(struct job *job, struct store *db)
{
	(void)db;
	((struct task *)job)->runs++;
	return fail(job->error, CONFLICT, "test.refused", NULL);
}

/* Three writes of which the second refuses: how often each was run. */
static void expect_runs(
	struct house *house, enum result (*refuse)(struct job *, struct store *), int runs)
{
	struct task *tasks[3];

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < (int)COUNT(tasks); i++) {
		tasks[i] = new_task(house, "one", LANE_WRITE, i == 1 ? refuse : write_note, i);
		tasks[i]->answer = i == 1 ? CONFLICT : OK;
		assert_ok(submit(tasks[i]));
	}
	open_door();
	wait_for_all(house);

	for (int i = 0; i < (int)COUNT(tasks); i++)
		assert_int_equal(tasks[i]->outcome, i == 1 ? CONFLICT : OK);
	assert_int_equal(tasks[0]->runs, runs);
	assert_int_equal(tasks[1]->runs, runs);
	assert_int_equal(tasks[2]->runs, 1);
	assert_int_equal(notes(house, "one"), 2);
}

static void a_refusal_that_has_written_nothing_costs_no_second_run(void **state)
{
	expect_runs(*state, refuse_at_once, 1);
}

static void a_refusal_that_has_written_makes_its_batch_run_again(void **state)
{
	expect_runs(*state, write_note, 2);
}

static void a_dry_write_is_told_as_done_and_takes_back_its_rows(void **state)
{
	struct house *house = *state;
	struct task *dry = new_task(house, "one", LANE_WRITE, write_note, 1);

	dry->job.dry = true;
	close_door(house, "one", LANE_WRITE);
	start(house, "one", LANE_WRITE, write_note, 0);
	assert_ok(submit(dry));
	start(house, "one", LANE_WRITE, write_note, 2);
	open_door();
	wait_for_all(house);
	assert_ok(dry->outcome);
	assert_int_equal(notes(house, "one"), 2);
}

/* No parent has this number: the deferred constraint fails at COMMIT. */
static enum result write_orphan(struct job *job, struct store *db)
{
	return store_run(db, "INSERT INTO child (parent) VALUES (-1)", BIND_NONE, job->error);
}

static void a_failed_commit_fails_every_write_of_its_batch_and_none_of_the_next(void **state)
{
	struct house *house = *state;
	struct task *tasks[6];

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < (int)COUNT(tasks); i++) {
		tasks[i] =
			new_task(house, "one", LANE_WRITE, i == 3 ? write_orphan : write_note, i);
		tasks[i]->answer = i == 4 ? CONFLICT : OK;
		assert_ok(submit(tasks[i]));
	}
	open_door();
	wait_for_all(house);

	for (size_t i = 0; i < COUNT(tasks); i++) {
		assert_int_equal(tasks[i]->outcome, BROKEN);
		assert_string_equal(tasks[i]->error.code, "tenant.not_saved");
		assert_non_null(tasks[i]->error.internal);
	}
	assert_int_equal(notes(house, "one"), 0);
	assert_int_equal(tenant_counters(find(house, "one")).failures, COUNT(tasks));

	struct task *next = start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_ok(next->outcome);
	assert_int_equal(notes(house, "one"), 1);
}

/* So long, in mebibytes. */
static enum result write_long_note(struct job *job, struct store *db)
{
	return store_run(db, "INSERT INTO note (number, text) VALUES (0, zeroblob(?1))",
		BIND(INTEGER(((struct task *)job)->number << 20)), job->error);
}

/* No file may grow beyond this: what a full or failing disk looks like from here. */
static void limit_files(rlim_t size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A batch of three whose middle one is so long that the disk does not take it. */
static void expect_lost_batch(struct house *house, int mebibytes)
{
	struct task *tasks[3];

	close_door(house, "one", LANE_WRITE);
	tasks[0] = start(house, "one", LANE_WRITE, write_note, 1);
	tasks[1] = start(house, "one", LANE_WRITE, write_long_note, mebibytes);
	tasks[2] = start(house, "one", LANE_WRITE, write_note, 2);
	limit_files(1 << 20);
	open_door();
	wait_for_all(house);
	limit_files(RLIM_INFINITY);

	for (size_t i = 0; i < COUNT(tasks); i++) {
		assert_int_equal(tasks[i]->outcome, BROKEN);
		assert_string_equal(tasks[i]->error.code, "tenant.not_saved");
	}
	assert_int_equal(notes(house, "one"), 0);
	struct task *next = start(house, "one", LANE_WRITE, write_note, 3);
	struct task *other = start(house, "two", LANE_WRITE, write_note, 3);
	wait_for_all(house);
	assert_ok(next->outcome);
	assert_ok(other->outcome);
	assert_int_equal(notes(house, "one"), 1);

	close_house(house);
	open_house(house, (struct tenants_settings){0});
	assert_int_equal(notes(house, "one"), 1);
}

static void a_commit_that_the_disk_refuses_fails_its_batch_and_the_next_goes_on(void **state)
{
	expect_lost_batch(*state, 2);
}

static void a_disk_that_fails_inside_a_job_fails_its_batch_and_the_next_goes_on(void **state)
{
	expect_lost_batch(
		*state, 16); /* more than the page cache: it goes to the disk before the commit */
}

static void a_batch_in_which_all_is_refused_commits_nothing(void **state)
{
	struct house *house = *state;
	struct task *task = new_task(house, "one", LANE_WRITE, write_note, 1);

	task->answer = FORBIDDEN;
	assert_ok(submit(task));
	wait_for_all(house);
	assert_int_equal(task->outcome, FORBIDDEN);
	assert_int_equal(tenant_counters(find(house, "one")).commits, 0);
	assert_int_equal(notes(house, "one"), 0);
}

static void a_busy_tenant_does_not_starve_the_others(void **state)
{
	struct house *house = *state;
	struct task *quick[15];
	char slug[] = "quick-a";

	close_house(house);
	for (size_t i = 0; i < COUNT(quick); i++) {
		slug[sizeof slug - 2] = (char)('a' + i);
		add_tenant(house, slug);
	}
	open_house(house, (struct tenants_settings){.threads = 1});

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < LIMIT_TENANT_INBOX; i++)
		start(house, "one", LANE_WRITE, write_note, i);
	for (size_t i = 0; i < COUNT(quick); i++) {
		slug[sizeof slug - 2] = (char)('a' + i);
		quick[i] = start(house, slug, LANE_WRITE, write_note, 1);
	}
	open_door();
	wait_for_all(house);

	/* They stood in the queue when the busy one came back to its tail. */
	for (size_t i = 0; i < COUNT(quick); i++) {
		assert_ok(quick[i]->outcome);
		assert_int_equal(quick[i]->place, i + 2);
	}
}

static void a_full_inbox_refuses_with_busy_and_takes_again_later(void **state)
{
	struct house *house = *state;

	close_door(house, "one", LANE_WRITE);
	for (int i = 0; i < LIMIT_TENANT_INBOX; i++)
		start(house, "one", LANE_WRITE, write_note, i);

	struct task *refused = new_task(house, "one", LANE_WRITE, write_note, 0);
	assert_int_equal(submit(refused), BUSY);
	assert_string_equal(refused->error.code, "tenant.busy");
	struct task *admitted = new_task(house, "one", LANE_WRITE, write_note, 0);
	admitted->job.admitted = true; /* the next step of something begun */
	assert_ok(submit(admitted));
	struct task *other = start(house, "two", LANE_WRITE, write_note, 0);
	struct task *read = start(house, "one", LANE_READ, count_notes, 0);

	open_door();
	wait_for_all(house);
	assert_ok(other->outcome);
	assert_ok(read->outcome);
	assert_int_equal(refused->place, 0);
	assert_ok(admitted->outcome);
	start(house, "one", LANE_WRITE, write_note, 0);
	wait_for_all(house);
	assert_int_equal(notes(house, "one"), LIMIT_TENANT_INBOX + 2);
}

static _Atomic int writing[2], colliding;

static enum result write_alone(struct job *job, struct store *db)
{
	size_t which = strcmp(tenant_slug(job->tenant), "one") == 0;

	if (atomic_fetch_add(&writing[which], 1) != 0)
		atomic_fetch_add(&colliding, 1);
	enum result rc = write_note(job, db);
	atomic_fetch_sub(&writing[which], 1);
	return rc;
}

static void a_tenant_never_has_two_batches_of_writes_at_once(void **state)
{
	struct house *house = *state;

	colliding = 0;
	for (int i = 0; i < 1500; i++) {
		start(house, i % 2 ? "one" : "two", LANE_WRITE, write_alone, i);
		if (i % 7 == 0)
			start(house, i % 2 ? "two" : "one", LANE_READ, count_notes, 0);
		if (i % 100 == 99)
			wait_for(house, house->submitted - 50);
	}
	wait_for_all(house);
	assert_int_equal(colliding, 0);
	assert_int_equal(notes(house, "one"), 750);
	assert_int_equal(notes(house, "two"), 750);
}

static void reads_do_not_wait_for_writes(void **state)
{
	struct house *house = *state;

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	struct task *writer = close_door(house, "one", LANE_WRITE);
	struct task *reader = start(house, "one", LANE_READ, count_notes, 0);

	wait_for(house, 2);
	assert_ok(reader->outcome);
	assert_int_equal(reader->number, 1);
	assert_int_equal(writer->place, 0);
	open_door();
	wait_for_all(house);
	assert_ok(writer->outcome);
}

/* There are threads left, but not for the tenant whose `task` waits. */
static void assert_others_are_read(struct house *house, const struct task *task)
{
	for (size_t i = 1; i <= 20; i++) {
		start(house, "two", LANE_READ, count_notes, 0);
		wait_for(house, i);
	}
	assert_int_equal(task->place, 0);
}

static void a_tenant_has_two_batches_of_reads_at_once_and_no_more(void **state)
{
	struct house *house = *state;

	close_door(house, "one", LANE_READ);
	start(house, "one", LANE_READ, wait_at_the_door, 0);
	wait_semaphore(&entered);
	struct task *third = start(house, "one", LANE_READ, count_notes, 0);

	assert_others_are_read(house, third);
	open_door();
	open_door();
	wait_for_all(house);
	assert_ok(third->outcome);
}

static void where_processors_are_few_it_has_one(void **state)
{
	struct house *house = *state;

	close_door(house, "one", LANE_READ);
	struct task *second = start(house, "one", LANE_READ, count_notes, 0);

	assert_others_are_read(house, second);
	open_door();
	wait_for_all(house);
	assert_ok(second->outcome);
}

static void a_read_sees_what_was_said_to_be_done_before_it_was_asked(void **state)
{
	struct house *house = *state;

	for (int i = 1; i <= 50; i++) {
		start(house, "one", LANE_WRITE, write_note, i);
		wait_for_all(house);
		assert_int_equal(notes(house, "one"), i);
	}
}

static void a_heavy_job_and_a_read_cannot_write(void **state)
{
	struct house *house = *state;
	struct task *heavy = start(house, "one", LANE_HEAVY, write_note, 1);
	struct task *read = start(house, "one", LANE_READ, write_note, 1);

	wait_for_all(house);
	assert_int_equal(heavy->outcome, BROKEN);
	assert_int_equal(read->outcome, BROKEN);
	assert_int_equal(notes(house, "one"), 0);
}

static void no_tenant_can_fill_the_heavy_queue(void **state)
{
	struct house *house = *state;
	size_t taken = 0;

	close_door(house, "one", LANE_HEAVY);
	while (submit(new_task(house, "one", LANE_HEAVY, count_notes, 0)) == OK)
		taken++;
	assert_int_equal(taken, LIMIT_HEAVY_JOBS / 2);
	struct task *other = start(house, "two", LANE_HEAVY, count_notes, 0);
	open_door();
	wait_for_all(house);

	/* And the other one's turn came after one of the busy one's. */
	assert_in_range(other->place, 2, 3);
}

static enum result publish(struct job *job, struct store *db)
{
	tenant_publish(job->tenant);
	return write_note(job, db);
}

static void the_generation_rises_with_a_commit_that_publishes_and_with_no_other(void **state)
{
	struct house *house = *state;
	const struct tenant *tenant = find(house, "one");
	uint64_t before = tenant_generation(tenant);

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(tenant_generation(tenant), before);

	struct task *refused = new_task(house, "one", LANE_WRITE, publish, 1);
	refused->answer = CONFLICT;
	close_door(house, "one", LANE_WRITE);
	assert_ok(submit(refused));
	start(house, "one", LANE_WRITE, write_note, 1);
	open_door();
	wait_for_all(house);
	assert_int_equal(tenant_generation(tenant), before);

	start(house, "one", LANE_WRITE, publish, 1);
	wait_for_all(house);
	assert_int_equal(tenant_generation(tenant), before + 1);
	assert_int_equal(tenant_generation(find(house, "two")), before);
}

static _Atomic int commits_heard;

static void hear_commit(void *context, struct tenant *tenant)
{
	assert(strcmp(context, tenant_slug(tenant)) == 0);
	atomic_fetch_add(&commits_heard, 1);
}

static void a_commit_is_told_once_and_a_refusal_not_at_all(void **state)
{
	struct house *house = *state;
	char slug[] = "one";

	commits_heard = 0;
	tenants_on_commit(house->tenants, hear_commit, slug);
	close_door(house, "one", LANE_WRITE);
	start(house, "one", LANE_WRITE, write_note, 1);
	start(house, "one", LANE_WRITE, write_note, 2);
	open_door();
	wait_for_all(house);
	assert_int_equal(commits_heard, 2);

	struct task *refused = new_task(house, "one", LANE_WRITE, write_note, 3);
	refused->answer = INVALID;
	assert_ok(submit(refused));
	wait_for_all(house);
	assert_int_equal(commits_heard, 2);
}

static void submit_next(struct job *job, enum result outcome)
{
	struct task *task = (struct task *)job;

	task_done(job, outcome);
	if (task->number < 20)
		start(task->house, "one", LANE_WRITE, write_note, task->number + 1)->job.done =
			submit_next;
}

static void a_job_that_is_done_may_submit_the_next(void **state)
{
	struct house *house = *state;
	struct task *first = new_task(house, "one", LANE_WRITE, write_note, 1);

	first->job.done = submit_next;
	assert_ok(submit(first));
	wait_for(house, 20);
	assert_int_equal(notes(house, "one"), 20);
}

static void quiescing_does_what_was_submitted_and_refuses_what_comes_after(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 500; i++) {
		start(house, "one", LANE_WRITE, write_note, i);
		start(house, "two", LANE_READ, count_notes, 0);
	}
	struct task *heavy = start(house, "two", LANE_HEAVY, count_notes, 0);
	tenants_quiesce(house->tenants);
	assert_int_equal(house->done, 0);
	tenants_drain(house->tenants);
	assert_int_equal(house->done, 1001);
	assert_ok(heavy->outcome);
	assert_false(tenant_counters(find(house, "one")).open);
	assert_int_equal(tenant_counters(find(house, "one")).writes, 500);

	assert_int_equal(submit(new_task(house, "one", LANE_WRITE, write_note, 0)), BUSY);
}

static enum result see_signals(struct job *job, struct store *db)
{
	static const int for_the_loop[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD},
			 own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
	struct task *task = (struct task *)job;
	sigset_t blocked;

	(void)db;
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	for (size_t i = 0; i < COUNT(for_the_loop); i++)
		task->number += sigismember(&blocked, for_the_loop[i]) != 1;
	for (size_t i = 0; i < COUNT(own); i++)
		task->number += sigismember(&blocked, own[i]) != 0;
	return OK;
}

static void a_thread_leaves_signals_to_the_loop_but_not_its_own_faults(void **state)
{
	struct house *house = *state;
	struct task *tasks[] = {start(house, "one", LANE_WRITE, see_signals, 0),
		start(house, "one", LANE_READ, see_signals, 0),
		start(house, "one", LANE_HEAVY, see_signals, 0)};

	wait_for_all(house);
	for (size_t i = 0; i < COUNT(tasks); i++)
		assert_int_equal(tasks[i]->number, 0);
}

static void a_house_that_is_closed_delivers_what_was_submitted(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 100; i++)
		start(house, "one", LANE_WRITE, write_note, i);
	close_house(house);
	assert_int_equal(house->done, 100);
}

#define IN_NARROW_HOUSE(test) cmocka_unit_test_setup_teardown(test, on_narrow_house, house_remove)
#define IN_HOUSE(test)        cmocka_unit_test_setup_teardown(test, on_house, house_remove)
#define IN_SMALL_HOUSE(test)  cmocka_unit_test_setup_teardown(test, on_small_house, house_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(writes_of_a_tenant_come_in_the_order_of_their_submission),
		IN_HOUSE(writes_that_wait_share_a_commit),
		IN_HOUSE(a_write_that_comes_alone_does_not_wait_for_others),
		IN_HOUSE(a_refused_write_takes_back_its_own_rows_and_no_others),
		IN_HOUSE(a_refusal_that_has_written_nothing_costs_no_second_run),
		IN_HOUSE(a_refusal_that_has_written_makes_its_batch_run_again),
		IN_HOUSE(a_dry_write_is_told_as_done_and_takes_back_its_rows),
		IN_HOUSE(a_failed_commit_fails_every_write_of_its_batch_and_none_of_the_next),
		IN_HOUSE(a_commit_that_the_disk_refuses_fails_its_batch_and_the_next_goes_on),
		IN_HOUSE(a_disk_that_fails_inside_a_job_fails_its_batch_and_the_next_goes_on),
		IN_HOUSE(a_batch_in_which_all_is_refused_commits_nothing),
		IN_SMALL_HOUSE(a_busy_tenant_does_not_starve_the_others),
		IN_HOUSE(a_full_inbox_refuses_with_busy_and_takes_again_later),
		IN_HOUSE(a_tenant_never_has_two_batches_of_writes_at_once),
		IN_HOUSE(reads_do_not_wait_for_writes),
		IN_HOUSE(a_tenant_has_two_batches_of_reads_at_once_and_no_more),
		IN_NARROW_HOUSE(where_processors_are_few_it_has_one),
		IN_HOUSE(a_read_sees_what_was_said_to_be_done_before_it_was_asked),
		IN_HOUSE(a_heavy_job_and_a_read_cannot_write),
		IN_SMALL_HOUSE(no_tenant_can_fill_the_heavy_queue),
		IN_HOUSE(the_generation_rises_with_a_commit_that_publishes_and_with_no_other),
		IN_HOUSE(a_commit_is_told_once_and_a_refusal_not_at_all),
		IN_HOUSE(a_job_that_is_done_may_submit_the_next),
		IN_HOUSE(quiescing_does_what_was_submitted_and_refuses_what_comes_after),
		IN_HOUSE(a_thread_leaves_signals_to_the_loop_but_not_its_own_faults),
		IN_HOUSE(a_house_that_is_closed_delivers_what_was_submitted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
