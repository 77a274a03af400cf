/*
 * One worker, seen from the server: it answers, and whatever it does instead of answering ends it and nothing else.
 *
 * The children are this program itself: main() looks for "worker" first.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
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
#define SOON_MS  200

/* The children: what a worker may come to. */

static void say_ready(void)
{
	worker_child_send(bytes_of("ready", 5));
}

/* Without taking it off the socket. */
static void await_request(void)
{
	char byte;
	if (recv(3, &byte, 1, MSG_PEEK) <= 0)
		_exit(1);
}

static void send_raw(const void *data, size_t size)
{
	if (send(3, data, size, MSG_NOSIGNAL) < 0)
		_exit(1);
}

static void sleep_long(void)
{
	for (;;)
		pause();
}

static void echo(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)context;
	(void)arena;
	*out = request;
}

static void echoes(void)
{
	worker_child_enter(LIMIT_WORKER_MEMORY, NULL);
	worker_child_seal();
	say_ready();
	worker_child_serve(echo, NULL);
}

static void refuses(void)
{
	worker_child_send(bytes_of("no symbol\n\"kaowu_plugin\"", 24));
}

static void refuses_in_garbage(void)
{
	worker_child_send(bytes_of("\xff\xfe", 2));
}

static void leaves(void)
{
	_exit(7);
}

static void begins_with_a_long_frame(void)
{
	uint8_t frame[2000] = {0};
	worker_child_send(bytes_of(frame, sizeof(frame)));
}

static void crashes(void)
{
	say_ready();
	await_request();
	raise(SIGKILL);
}

static void spins(void)
{
	worker_child_enter(LIMIT_WORKER_MEMORY, NULL);
	worker_child_seal();
	say_ready();
	for (volatile unsigned turn = 0;; turn++)
		;
}

static void claims_a_huge_length(void)
{
	say_ready();
	await_request();
	send_raw("\xff\xff\xff\xff", 4);
	sleep_long();
}

static void sends_half_a_frame(void)
{
	say_ready();
	await_request();
	send_raw("\x64\0\0\0half", 8);
	sleep_long();
}

static void sends_half_a_frame_and_leaves(void)
{
	say_ready();
	await_request();
	send_raw("\x64\0\0\0half", 8);
	_exit(0);
}

static void dribbles(void)
{
	say_ready();
	await_request();
	send_raw("\x64\0\0\0", 4);
	for (;;) {
		usleep(20000);
		send_raw("x", 1);
	}
}

static void floods(void)
{
	say_ready();
	for (;;)
		send_raw("\1\0\0\0x", 5);
}

static void never_reads(void)
{
	say_ready();
	sleep_long();
}

static void closes_its_socket(void)
{
	say_ready();
	close(3);
	sleep_long();
}

/* "0123 LANG=C.UTF-8": its open descriptors and its environment. */
static void say_surroundings(
	void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	extern char **environ;
	(void)context;
	(void)request;
	const char *text = "";
	for (int descriptor = 0; descriptor < 1024; descriptor++)
		if (fcntl(descriptor, F_GETFD) >= 0)
			text = arena_printf(arena, "%s%d", text, descriptor);
	for (char **entry = environ; *entry; entry++)
		text = arena_printf(arena, "%s %s", text, *entry);
	*out = bytes_of(text, strlen(text));
}

static void looks_around(void)
{
	say_ready();
	worker_child_serve(say_surroundings, NULL);
}

static void say_process(void *context, struct arena *arena, struct bytes request, struct bytes *out)
{
	(void)request;
	*out = bytes_of(arena_copy(arena, context, sizeof(pid_t)), sizeof(pid_t));
}

static void tells_its_process(void)
{
	pid_t process = getpid();
	say_ready();
	worker_child_serve(say_process, &process);
}

static void tells_its_process_and_spins(void)
{
	pid_t process = getpid();
	worker_child_enter(LIMIT_WORKER_MEMORY, NULL);
	worker_child_seal();
	say_ready();
	await_request();
	worker_child_send(bytes_of(&process, sizeof(process)));
	for (volatile unsigned turn = 0;; turn++)
		;
}

/* Stands for a server: starts a worker that looks at nothing any more, and passes on what it says. */
static void starts_another(void)
{
	const struct worker_settings settings = {.executable = "/proc/self/exe",
		.kind = "tells_its_process_and_spins",
		.start_time_ms = START_MS};
	struct arena *memory = arena_create(LIMIT_REQUEST_ARENA);
	struct error trouble = {.arena = memory};
	struct worker *worker;
	struct bytes process;
	if (worker_start(&settings, &worker, &trouble))
		_exit(1);
	if (worker_call(worker, memory, bytes_of("who", 3), CALL_MS, &process, &trouble))
		_exit(1);

	say_ready();
	pid_t number;
	memcpy(&number, process.data, sizeof(number));
	worker_child_serve(say_process, &number);
}

static const struct {
	const char *kind;
	void (*run)(void);
} children[] = {
	{"echoes", echoes},
	{"refuses", refuses},
	{"refuses_in_garbage", refuses_in_garbage},
	{"leaves", leaves},
	{"begins_with_a_long_frame", begins_with_a_long_frame},
	{"sleeps", sleep_long},
	{"crashes", crashes},
	{"spins", spins},
	{"claims_a_huge_length", claims_a_huge_length},
	{"sends_half_a_frame", sends_half_a_frame},
	{"sends_half_a_frame_and_leaves", sends_half_a_frame_and_leaves},
	{"dribbles", dribbles},
	{"floods", floods},
	{"never_reads", never_reads},
	{"closes_its_socket", closes_its_socket},
	{"looks_around", looks_around},
	{"tells_its_process", tells_its_process},
	{"tells_its_process_and_spins", tells_its_process_and_spins},
	{"starts_another", starts_another},
};

static int be_a_child(const char *kind)
{
	for (size_t i = 0; i < COUNT(children); i++)
		if (text_equal(children[i].kind, kind))
			children[i].run();
	return 0;
}

/* The tests */

static struct arena *arena;
static struct error error;

static int begin(void **state)
{
	(void)state;
	arena = arena_create(256u << 20);
	error = (struct error){.arena = arena};
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static enum result try_to_start(const char *kind, uint32_t time_ms, struct worker **out)
{
	struct worker_settings settings = {
		.executable = "/proc/self/exe", .kind = kind, .start_time_ms = time_ms};
	return worker_start(&settings, out, &error);
}

static struct worker *start(const char *kind)
{
	struct worker *worker = NULL;
	enum result rc = try_to_start(kind, START_MS, &worker);
	if (rc)
		print_message("%s: %s %s\n", kind, error.code, error.internal);
	assert_int_equal(rc, OK);
	assert_true(worker_alive(worker));
	return worker;
}

static enum result ask(struct worker *worker, const char *text, uint32_t time_ms, struct bytes *out)
{
	return worker_call(worker, arena, bytes_of(text, strlen(text)), time_ms, out, &error);
}

static pid_t ask_process(struct worker *worker)
{
	struct bytes answer;
	assert_int_equal(ask(worker, "who", CALL_MS, &answer), OK);
	assert_int_equal(answer.size, sizeof(pid_t));
	pid_t process;
	memcpy(&process, answer.data, sizeof(process));
	assert_true(process > 1);
	return process;
}

/* The first call of a worker of this kind fails with `code`, and every later call too, at once. */
static void assert_call_ends(const char *kind, uint32_t time_ms, const char *code)
{
	struct worker *worker = start(kind);
	struct bytes answer = {NULL, 7};
	int64_t begun_at = clock_monotonic_ms();
	assert_int_equal(ask(worker, "do", time_ms, &answer), BROKEN);
	assert_string_equal(error.code, code);
	assert_true(clock_monotonic_ms() - begun_at < time_ms + 2000);
	assert_int_equal(answer.size, 7);
	assert_false(worker_alive(worker));

	error = (struct error){.arena = arena};
	assert_int_equal(ask(worker, "do", time_ms, &answer), BROKEN);
	assert_string_equal(error.code, code);
	worker_stop(worker);
}

static void a_worker_answers_what_it_is_asked(void **state)
{
	(void)state;
	struct worker *worker = start("echoes");
	struct bytes answer;
	assert_int_equal(ask(worker, "申报", CALL_MS, &answer), OK);
	assert_int_equal(answer.size, strlen("申报"));
	assert_memory_equal(answer.data, "申报", answer.size);

	assert_int_equal(ask(worker, "", CALL_MS, &answer), OK);
	assert_int_equal(answer.size, 0);
	worker_stop(worker);
}

static void frames_of_every_size_arrive_whole(void **state)
{
	(void)state;
	static const size_t sizes[] = {1, 4091, 4092, 4093, 65536, 1000003, LIMIT_WORKER_FRAME};
	struct worker *worker = start("echoes");
	for (size_t i = 0; i < COUNT(sizes); i++) {
		uint8_t *content = arena_alloc(arena, sizes[i]);
		for (size_t at = 0; at < sizes[i]; at++)
			content[at] = (uint8_t)(at * 31 + at / 256);
		struct bytes answer;
		assert_int_equal(worker_call(worker, arena, bytes_of(content, sizes[i]), CALL_MS,
					 &answer, &error),
			OK);
		assert_int_equal(answer.size, sizes[i]);
		assert_true(memcmp(answer.data, content, sizes[i]) == 0);
	}
	worker_stop(worker);
}

static void a_call_is_cheap_enough_for_a_form(void **state)
{
	(void)state;
	enum { CALLS = 2000 };
	int64_t begun_at = clock_monotonic_ms();
	struct worker *worker = start("echoes");
	int64_t started_at = clock_monotonic_ms();
	struct bytes answer;
	for (int i = 0; i < CALLS; i++)
		assert_int_equal(ask(worker, "a form", CALL_MS, &answer), OK);
	int64_t ended_at = clock_monotonic_ms();
	worker_stop(worker);
	print_message("started in %d ms, %d us a call\n", (int)(started_at - begun_at),
		(int)((ended_at - started_at) * 1000 / CALLS));
	assert_true(ended_at - started_at < 5 * CALLS); /* milliseconds would be absurd */
}

static void a_worker_that_will_not_serve_says_why(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("refuses", START_MS, &worker), BROKEN);
	assert_string_equal(error.code, "worker.refused");
	assert_string_equal(error.params[0], "kind");
	assert_string_equal(error.params[1], "refuses");
	assert_string_equal(error.params[2], "reason");
	assert_string_equal(error.params[3], "no symbol \"kaowu_plugin\"");
	assert_null(worker);
}

static void a_reason_that_is_not_text_is_not_shown(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("refuses_in_garbage", START_MS, &worker), BROKEN);
	assert_string_equal(error.code, "worker.refused");
	assert_string_equal(error.params[3], "");
}

static void a_worker_that_is_not_ready_in_time_does_not_start(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("sleeps", SOON_MS, &worker), BROKEN);
	assert_string_equal(error.code, "worker.start");
}

static void a_worker_that_ends_before_it_is_ready_does_not_start(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("leaves", START_MS, &worker), BROKEN);
	assert_string_equal(error.code, "worker.start");
	assert_non_null(strstr(error.internal, "exit status 7"));
}

static void a_first_frame_too_long_does_not_start(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("begins_with_a_long_frame", START_MS, &worker), BROKEN);
	assert_string_equal(error.code, "worker.frame");
}

static void an_executable_that_is_not_there_does_not_start(void **state)
{
	(void)state;
	struct worker_settings settings = {
		.executable = "/nonexistent/kaowu", .kind = "echoes", .start_time_ms = START_MS};
	struct worker *worker = NULL;
	assert_int_equal(worker_start(&settings, &worker, &error), BROKEN);
	assert_string_equal(error.code, "worker.start");
	assert_non_null(strstr(error.internal, "No such file"));
}

static void a_crash_is_told_with_its_signal(void **state)
{
	(void)state;
	struct worker *worker = start("crashes");
	struct bytes answer;
	assert_int_equal(ask(worker, "do", CALL_MS, &answer), BROKEN);
	assert_string_equal(error.code, "worker.crashed");
	assert_non_null(strstr(error.internal, "Killed"));
	worker_stop(worker);
}

static void every_way_not_to_answer_ends_the_worker(void **state)
{
	(void)state;
	static const struct {
		const char *kind, *code;
		uint32_t time_ms;
	} ways[] = {
		{"crashes", "worker.crashed", CALL_MS},
		{"spins", "worker.deadline", SOON_MS},
		{"claims_a_huge_length", "worker.frame", CALL_MS},
		{"sends_half_a_frame", "worker.deadline", SOON_MS},
		{"sends_half_a_frame_and_leaves", "worker.crashed", CALL_MS},
		{"dribbles", "worker.deadline", SOON_MS},
	};
	for (size_t i = 0; i < COUNT(ways); i++) {
		error = (struct error){.arena = arena};
		assert_call_ends(ways[i].kind, ways[i].time_ms, ways[i].code);
	}
}

static void frames_that_nobody_asked_for_end_the_worker(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	assert_int_equal(try_to_start("floods", START_MS, &worker), OK);
	int64_t until_at = clock_monotonic_ms() + CALL_MS;
	while (worker_alive(worker) && clock_monotonic_ms() < until_at)
		usleep(1000);

	struct bytes answer;
	assert_int_equal(ask(worker, "do", CALL_MS, &answer), BROKEN);
	assert_string_equal(error.code, "worker.frame");
	worker_stop(worker);
}

static void an_answer_above_the_agreed_length_is_not_taken(void **state)
{
	(void)state;
	struct worker_settings settings = {.executable = "/proc/self/exe",
		.kind = "echoes",
		.start_time_ms = START_MS,
		.answer_bytes = 8};
	struct worker *worker;
	struct bytes answer;
	assert_int_equal(worker_start(&settings, &worker, &error), OK);
	assert_int_equal(ask(worker, "12345678", CALL_MS, &answer), OK);
	assert_int_equal(ask(worker, "123456789", CALL_MS, &answer), BROKEN);
	assert_string_equal(error.code, "worker.frame");
	worker_stop(worker);
}

static void a_request_that_nobody_reads_meets_the_deadline(void **state)
{
	(void)state;
	struct worker *worker = start("never_reads");
	size_t size = 8u << 20; /* more than a socket holds */
	struct bytes request = bytes_of(arena_alloc(arena, size), size), answer;
	assert_int_equal(worker_call(worker, arena, request, SOON_MS, &answer, &error), BROKEN);
	assert_string_equal(error.code, "worker.deadline");
	worker_stop(worker);
}

static void a_closed_socket_raises_no_signal(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	signal(SIGPIPE, SIG_DFL); /* would end this program */
	assert_int_equal(try_to_start("closes_its_socket", START_MS, &worker), OK);
	size_t size = 8u << 20;
	struct bytes request = bytes_of(arena_alloc(arena, size), size), answer;
	assert_int_equal(worker_call(worker, arena, request, CALL_MS, &answer, &error), BROKEN);
	assert_string_equal(error.code, "worker.crashed");
	worker_stop(worker);
}

static void a_worker_has_four_descriptors_and_no_environment(void **state)
{
	(void)state;
	setenv("KAOWU_MASTER_KEY", "secret", 1);
	int kept_open = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
	struct worker *worker = start("looks_around");
	struct bytes answer;
	assert_int_equal(ask(worker, "?", CALL_MS, &answer), OK);
	const char *seen = arena_text_part(arena, (const char *)answer.data, answer.size);
	if (!text_starts(seen, "0123 ASAN_OPTIONS=detect_leaks=0"))
		assert_string_equal(seen, "0123 LANG=C.UTF-8");
	close(kept_open);
	worker_stop(worker);
}

static void a_stopped_worker_leaves_no_process_behind(void **state)
{
	(void)state;
	struct worker *worker = start("tells_its_process");
	pid_t process = ask_process(worker);
	assert_int_equal(kill(process, 0), 0);
	worker_stop(worker);
	assert_int_equal(kill(process, 0), -1);
	assert_int_equal(errno, ESRCH);
}

static void *start_in_a_thread(void *out)
{
	*(struct worker **)out = start("echoes");
	return NULL;
}

static void a_worker_outlives_the_thread_that_started_it(void **state)
{
	(void)state;
	struct worker *worker = NULL;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, start_in_a_thread, &worker), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	struct bytes answer;
	usleep(50000);
	assert_int_equal(ask(worker, "still there?", CALL_MS, &answer), OK);
	worker_stop(worker);
}

static void a_worker_dies_with_its_server(void **state)
{
	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	struct worker *server = start("starts_another");
	pid_t orphan = ask_process(server);
	worker_stop(server);

	int status = 0;
	pid_t reaped = 0;
	int64_t until_at = clock_monotonic_ms() + CALL_MS;
	while (reaped == 0 && clock_monotonic_ms() < until_at) {
		usleep(1000);
		reaped = waitpid(orphan, &status, WNOHANG);
	}
	assert_int_equal(reaped, orphan);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

int main(int count, char **arguments)
{
	if (count >= 3 && text_equal(arguments[1], "worker"))
		return be_a_child(arguments[2]);

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_worker_answers_what_it_is_asked),
		TEST(frames_of_every_size_arrive_whole),
		TEST(a_call_is_cheap_enough_for_a_form),
		TEST(a_worker_that_will_not_serve_says_why),
		TEST(a_reason_that_is_not_text_is_not_shown),
		TEST(a_worker_that_is_not_ready_in_time_does_not_start),
		TEST(a_worker_that_ends_before_it_is_ready_does_not_start),
		TEST(a_first_frame_too_long_does_not_start),
		TEST(an_executable_that_is_not_there_does_not_start),
		TEST(a_crash_is_told_with_its_signal),
		TEST(every_way_not_to_answer_ends_the_worker),
		TEST(frames_that_nobody_asked_for_end_the_worker),
		TEST(an_answer_above_the_agreed_length_is_not_taken),
		TEST(a_request_that_nobody_reads_meets_the_deadline),
		TEST(a_closed_socket_raises_no_signal),
		TEST(a_worker_has_four_descriptors_and_no_environment),
		TEST(a_stopped_worker_leaves_no_process_behind),
		TEST(a_worker_outlives_the_thread_that_started_it),
		TEST(a_worker_dies_with_its_server),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
