/*
 * A pool of workers: shared by threads, quick to replace the dead, slow to try again what does not start.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "worker/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

#define START_MS 5000
#define CALL_MS  5000

/* The child answers with its process number; it dies or dawdles when told to. */

static void answer(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	pid_t process = getpid();
	if (request.size == 3 && memcmp(request.data, "die", 3) == 0)
		abort();
	if (request.size == 4 && memcmp(request.data, "rest", 4) == 0)
		usleep(1000000);
	*out = bytes_of(arena_copy(arena, &process, sizeof(process)), sizeof(process));
}

static int be_a_child(const char *kind)
{
	if (text_equal(kind, "broken"))
		return 1;
	worker_child_send(bytes_of("ready", 5));
	worker_child_serve(answer, NULL);
	return 0;
}

static struct arena *arena;
static struct error error;

static int begin(void **state)
{
	(void)state;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	error = (struct error){.arena = arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct worker_pool *pool_of(const char *kind, unsigned count, uint32_t calls)
{
	char executable[] = "/proc/self/exe";
	const struct worker_settings settings = {
		.executable = executable, .kind = kind, .start_time_ms = START_MS, .calls = calls};
	struct worker_pool *pool = worker_pool_create(&settings, count);
	memset(executable, 'x', sizeof(executable)); /* the pool has its own copy */
	return pool;
}

static enum result ask(struct worker_pool *pool, const char *text, uint32_t time_ms, pid_t *process)
{
	struct bytes out;
	enum result rc =
		worker_pool_call(pool, arena, bytes_of(text, strlen(text)), time_ms, &out, &error);
	if (rc)
		return rc;
	assert_int_equal(out.size, sizeof(*process));
	memcpy(process, out.data, out.size);
	return OK;
}

static void one_worker_serves_call_after_call(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 4, 0);
	pid_t first, next;
	assert_int_equal(ask(pool, "who", CALL_MS, &first), OK);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(ask(pool, "who", CALL_MS, &next), OK);
		assert_int_equal(first, next);
	}
	struct worker_pool_counts counts = worker_pool_counts(pool);
	assert_int_equal(counts.calls, 21);
	assert_int_equal(counts.starts, 1);
	assert_int_equal(counts.failed_calls, 0);
	worker_pool_destroy(pool);
}

static void a_dead_worker_is_replaced_and_its_call_alone_fails(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 1, 0);
	pid_t before, after;
	assert_int_equal(ask(pool, "who", CALL_MS, &before), OK);
	assert_int_equal(ask(pool, "die", CALL_MS, &after), BROKEN);
	assert_string_equal(error.code, "worker.crashed");
	assert_int_equal(ask(pool, "who", CALL_MS, &after), OK);
	assert_int_not_equal(before, after);
	assert_int_equal(worker_pool_counts(pool).failed_calls, 1);
	worker_pool_destroy(pool);
}

/* Killed from outside (the kernel short of memory, say) while nobody used it. */
static void a_worker_that_died_idle_costs_no_call(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 1, 0);
	pid_t before, after;
	assert_int_equal(ask(pool, "who", CALL_MS, &before), OK);
	assert_int_equal(kill(before, SIGKILL), 0);
	usleep(100000);
	assert_int_equal(ask(pool, "who", CALL_MS, &after), OK);
	assert_int_not_equal(before, after);
	worker_pool_destroy(pool);
}

static void a_worker_is_retired_after_its_calls(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 1, 2);
	pid_t processes[4];
	for (size_t i = 0; i < COUNT(processes); i++)
		assert_int_equal(ask(pool, "who", CALL_MS, &processes[i]), OK);
	assert_int_equal(processes[0], processes[1]);
	assert_int_equal(processes[2], processes[3]);
	assert_int_not_equal(processes[1], processes[2]);
	worker_pool_destroy(pool);
}

static void what_does_not_start_is_not_tried_again_at_once(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("broken", 1, 0);
	pid_t process;
	assert_int_equal(ask(pool, "who", CALL_MS, &process), BROKEN);
	assert_string_equal(error.code, "worker.start");

	for (int i = 0; i < 10; i++) {
		error = (struct error){.arena = arena};
		assert_int_equal(ask(pool, "who", CALL_MS, &process), BUSY);
		assert_string_equal(error.code, "worker.busy");
	}
	assert_int_equal(worker_pool_counts(pool).starts, 1);

	worker_pool_destroy(pool);
}

static void the_pauses_between_tries_grow_longer(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("broken", 1, 0);
	int64_t begun_at = clock_monotonic_ms();
	while (worker_pool_counts(pool).failed_starts < 4) {
		pid_t process;
		error = (struct error){.arena = arena};
		assert_int_not_equal(ask(pool, "who", CALL_MS, &process), OK);
		usleep(5000);
	}
	assert_true(clock_monotonic_ms() - begun_at >= 100 + 200 + 400);
	worker_pool_destroy(pool);
}

struct visitor {
	struct worker_pool *pool;
	const char *text;
	uint32_t time_ms;
	int calls;
	int answered;
};

static void *visit(void *context)
{
	struct visitor *visitor = context;
	struct arena *memory = arena_create(LIMIT_REQUEST_ARENA);
	for (int i = 0; i < visitor->calls; i++) {
		struct error failure = {.arena = memory};
		struct bytes out;
		enum result rc = worker_pool_call(visitor->pool, memory,
			bytes_of(visitor->text, strlen(visitor->text)), visitor->time_ms, &out,
			&failure);
		visitor->answered += rc == OK;
	}
	arena_destroy(memory);
	return NULL;
}

static void visit_all(struct visitor *visitors, size_t count)
{
	pthread_t threads[8];
	assert_true(count <= COUNT(threads));
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, visit, &visitors[i]), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void many_threads_share_few_workers(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 2, 0);
	struct visitor visitors[8];
	for (size_t i = 0; i < COUNT(visitors); i++)
		visitors[i] = (struct visitor){
			.pool = pool, .text = "who", .time_ms = CALL_MS, .calls = 50};
	visit_all(visitors, COUNT(visitors));
	for (size_t i = 0; i < COUNT(visitors); i++)
		assert_int_equal(visitors[i].answered, 50);
	assert_in_range(worker_pool_counts(pool).starts, 1, 2);
	worker_pool_destroy(pool);
}

static void threads_whose_calls_kill_do_not_disturb_the_others(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 2, 0);
	struct visitor visitors[4];
	for (size_t i = 0; i < COUNT(visitors); i++)
		visitors[i] = (struct visitor){.pool = pool,
			.text = i == 0 ? "die" : "who",
			.time_ms = CALL_MS,
			.calls = 20};
	visit_all(visitors, COUNT(visitors));
	assert_int_equal(visitors[0].answered, 0);
	for (size_t i = 1; i < COUNT(visitors); i++)
		assert_int_equal(visitors[i].answered, 20);
	assert_int_equal(worker_pool_counts(pool).failed_calls, 20);
	worker_pool_destroy(pool);
}

static void who_finds_all_workers_lent_is_told_to_come_back(void **state)
{
	(void)state;
	struct worker_pool *pool = pool_of("tells", 1, 0);
	struct visitor slow = {.pool = pool, .text = "rest", .time_ms = CALL_MS, .calls = 1};
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, visit, &slow), 0);
	while (worker_pool_counts(pool).calls == 0)
		usleep(1000);

	pid_t process;
	assert_int_equal(ask(pool, "who", 50, &process), BUSY);
	assert_string_equal(error.code, "worker.busy");
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(slow.answered, 1);
	assert_int_equal(worker_pool_counts(pool).failed_calls, 1);
	worker_pool_destroy(pool);
}

int main(int count, char **arguments)
{
	if (count >= 3 && text_equal(arguments[1], "worker"))
		return be_a_child(arguments[2]);

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(one_worker_serves_call_after_call),
		TEST(a_dead_worker_is_replaced_and_its_call_alone_fails),
		TEST(a_worker_that_died_idle_costs_no_call),
		TEST(a_worker_is_retired_after_its_calls),
		TEST(what_does_not_start_is_not_tried_again_at_once),
		TEST(the_pauses_between_tries_grow_longer),
		TEST(many_threads_share_few_workers),
		TEST(threads_whose_calls_kill_do_not_disturb_the_others),
		TEST(who_finds_all_workers_lent_is_told_to_come_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
