/*
 * What every test of this folder starts from: cmocka, an arena and an error for each test, and a way to see a
 * failed assertion without dying of it.
 */
#ifndef KAOWU_TEST_SCRATCH_H
#define KAOWU_TEST_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#undef fail /* ours is base/result.h */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/result.h"

struct scratch {
	struct arena *arena;
	struct error error;
};

static int scratch_open(void **state)
{
	static struct scratch scratch;

	scratch.arena = arena_create(LIMIT_REQUEST_ARENA);
	scratch.error = (struct error){.arena = scratch.arena};
	*state = &scratch;
	return 0;
}

static int scratch_close(void **state)
{
	struct scratch *scratch = *state;

	arena_destroy(scratch->arena);
	return 0;
}

/* fail_msg(), whose own definition needs the name that is ours. */
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#define with_scratch(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)

/* Whether `function` ends a process by abort(), as a failed assertion does. */
static inline int aborts(void (*function)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(nowhere, STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		function();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#endif
