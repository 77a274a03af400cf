/*
 * What a worker may ask of the kernel, as one table (filter.h).
 *
 * A row allows one system call, in one stage or both, perhaps only with a certain argument. The hard thing is to
 * keep the list short and yet not kill an honest decoder in some rare branch: memory, time and the socket are all
 * that it needs.
 */
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "frame.h"
#include "sanitized.h"

#define LOADING FILTER_LOADING
#define SERVING FILTER_SERVING
#define BOTH    (LOADING | SERVING)

#define ANY      (-1) /* no argument is looked at */
#define INTEGER  UINT32_MAX
#define MESSAGES 2 /* standard error: /dev/null, or a sanitizer's report */

struct allowance {
	int call;
	unsigned stages;
	int argument; /* this one's bits under `mask` must be `value`; or ANY */
	uint64_t mask, value;
};

static const struct allowance allowances[] = {
	/* The conversation. */
	{SCMP_SYS(recvfrom), BOTH, 0, INTEGER, WORKER_SOCKET},
	{SCMP_SYS(sendto), BOTH, 0, INTEGER, WORKER_SOCKET},
	{SCMP_SYS(write), BOTH, 0, INTEGER, MESSAGES},
	{SCMP_SYS(writev), BOTH, 0, INTEGER, MESSAGES},

	/* Memory, never executable once the plugin is loaded, and never what could be written. */
	{SCMP_SYS(brk), BOTH, ANY, 0, 0},
	{SCMP_SYS(mmap), LOADING, 2, PROT_WRITE | PROT_EXEC, PROT_EXEC},
	{SCMP_SYS(mmap), BOTH, 2, PROT_EXEC, 0},
	{SCMP_SYS(mprotect), BOTH, 2, PROT_EXEC, 0},
	{SCMP_SYS(mremap), BOTH, ANY, 0, 0},
	{SCMP_SYS(munmap), BOTH, ANY, 0, 0},
	{SCMP_SYS(madvise), BOTH, ANY, 0, 0},

	/* Being a process, and ending. A resource limit only of its own: 0 stands for the caller. */
	{SCMP_SYS(clock_gettime), BOTH, ANY, 0, 0},
	{SCMP_SYS(gettimeofday), BOTH, ANY, 0, 0},
	{SCMP_SYS(getrusage), BOTH, ANY, 0, 0},
	{SCMP_SYS(prlimit64), BOTH, 0, INTEGER, 0},
	{SCMP_SYS(getrandom), BOTH, ANY, 0, 0},
	{SCMP_SYS(getpid), BOTH, ANY, 0, 0},
	{SCMP_SYS(gettid), BOTH, ANY, 0, 0},
	{SCMP_SYS(futex), BOTH, ANY, 0, 0},
	{SCMP_SYS(sched_yield), BOTH, ANY, 0, 0},
	{SCMP_SYS(restart_syscall), BOTH, ANY, 0, 0},
	{SCMP_SYS(rt_sigprocmask), BOTH, ANY, 0, 0},
	{SCMP_SYS(rt_sigaction), BOTH, ANY, 0, 0},
	{SCMP_SYS(rt_sigreturn), BOTH, ANY, 0, 0},
	{SCMP_SYS(exit), BOTH, ANY, 0, 0},
	{SCMP_SYS(exit_group), BOTH, ANY, 0, 0},

	/* dlopen(): reading files, as far as Landlock lets it. */
	{SCMP_SYS(openat), LOADING, 2, O_ACCMODE | O_CREAT | O_TRUNC | O_PATH, O_RDONLY},
	{SCMP_SYS(read), LOADING, ANY, 0, 0},
	{SCMP_SYS(pread64), LOADING, ANY, 0, 0},
	{SCMP_SYS(lseek), LOADING, ANY, 0, 0},
	{SCMP_SYS(fstat), LOADING, ANY, 0, 0},
	{SCMP_SYS(newfstatat), LOADING, 3, AT_EMPTY_PATH, AT_EMPTY_PATH},
	{SCMP_SYS(close), LOADING, ANY, 0, 0},

	/* worker_child_seal(). */
	{SCMP_SYS(landlock_create_ruleset), LOADING, ANY, 0, 0},
	{SCMP_SYS(landlock_restrict_self), LOADING, ANY, 0, 0},
	{SCMP_SYS(prctl), LOADING, 0, INTEGER, PR_SET_DUMPABLE},
	{SCMP_SYS(prctl), LOADING, 0, INTEGER, PR_SET_NO_NEW_PRIVS},
	{SCMP_SYS(prctl), LOADING, 0, INTEGER, PR_GET_SECCOMP},
	{SCMP_SYS(prctl), LOADING, 0, INTEGER, PR_SET_SECCOMP},
	{SCMP_SYS(seccomp), LOADING, ANY, 0, 0},

#if KAOWU_SANITIZED
	{SCMP_SYS(sigaltstack), BOTH, ANY, 0, 0},
	{SCMP_SYS(readlink), BOTH, ANY, 0, 0},
#endif
};

static int allow(scmp_filter_ctx filter, const struct allowance *row)
{
	if (row->argument == ANY)
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, row->call, 0);

	struct scmp_arg_cmp condition = {
		.arg = (unsigned)row->argument,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = row->mask,
		.datum_b = row->value,
	};
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, row->call, 1, &condition);
}

/* abort(), so that a failed assertion is told apart from a forbidden call. */
static int allow_own_signals(scmp_filter_ctx filter)
{
	const struct allowance row = {SCMP_SYS(tgkill), BOTH, 0, INTEGER, (uint64_t)getpid()};
	return allow(filter, &row);
}

int filter_load(enum filter_stage stage)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return -ENOMEM;

	int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0; !rc && i < COUNT(allowances); i++)
		if (allowances[i].stages & stage)
			rc = allow(filter, &allowances[i]);
	if (!rc)
		rc = allow_own_signals(filter);
	if (!rc)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}
