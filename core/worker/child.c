/*
 * The child's side of a worker: how a process gives everything away before it sees a stranger's byte (worker.h).
 *
 * The hard thing is the order. What needs a privilege comes before the privilege goes; the copy of the plugin is
 * made while its path can still be read; the request to die with the server comes after the change of uid, which
 * the kernel lets forget it; and the filter is last, because it forbids all the rest.
 */
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"
#include "filter.h"
#include "frame.h"
#include "landlock.h"
#include "sanitized.h"

#define COPY        4 /* of the readable file */
#define COPY_NAME   "/proc/self/fd/4"
#define DESCRIPTORS 16 /* the standard three, the two above, and what dlopen() opens in passing */
#define NOBODY      65534
#define CPU_SECONDS 30

static const char *const nothing[] = {NULL};
static const char *const libraries[] = {
	"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", NULL};

int worker_landlock_version(void)
{
	return landlock_version();
}

/* Half a sandbox is none. */
static _Noreturn void refuse(const char *what, int failure)
{
	char reason[256];
	snprintf(reason, sizeof(reason), "sandbox: %s: %s", strerrordesc_np(failure), what);
	worker_child_send(bytes_of(reason, strlen(reason)));
	_exit(EXIT_FAILURE);
}

static void copy_all(int from, int to)
{
	struct stat status;
	if (fstat(from, &status) < 0)
		refuse("fstat", errno);

	off_t left = status.st_size;
	while (left > 0) {
		ssize_t copied = sendfile(to, from, NULL, (size_t)left);
		if (copied <= 0)
			refuse("sendfile", copied < 0 ? errno : EIO);
		left -= copied;
	}
}

/* A copy in memory that anybody may read: its path may be closed to who we become, and the copy is what was there
 * now. */
static const char *copy_in_memory(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	if (from < 0)
		refuse(path, errno);
	int to = memfd_create("plugin", 0);
	if (to < 0 || fchmod(to, 0444) < 0)
		refuse("memfd_create", errno);
	copy_all(from, to);
	close(from);

	if (to != COPY && (dup2(to, COPY) < 0 || close(to) < 0))
		refuse("dup2", errno);
	return COPY_NAME;
}

/* Also what a server that is not root may have been given. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	if (syscall(SYS_capset, &header, none) < 0)
		refuse("capset", errno);
}

static void drop_root(void)
{
	if (geteuid() != 0)
		return;
	/* Where a container forbids this one, the filter still forbids all sockets. */
	(void)unshare(CLONE_NEWNET | CLONE_NEWIPC);
	if (setgroups(0, NULL) < 0)
		refuse("setgroups", errno);
	if (setresgid(NOBODY, NOBODY, NOBODY) < 0)
		refuse("setresgid", errno);
	if (setresuid(NOBODY, NOBODY, NOBODY) < 0)
		refuse("setresuid", errno);
}

/* Never more than what we were given. */
static void limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limits;
	if (getrlimit(resource, &limits) < 0)
		refuse("getrlimit", errno);

	if (limits.rlim_max > hard)
		limits.rlim_max = hard;
	limits.rlim_cur = soft < limits.rlim_max ? soft : limits.rlim_max;
	if (setrlimit(resource, &limits) < 0)
		refuse("setrlimit", errno);
}

/* From now on, not from the start: a worker may live for months. */
static void limit_cpu_time(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	rlim_t used = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
	limit(RLIMIT_CPU, used + CPU_SECONDS, RLIM_INFINITY);
}

static void limit_resources(uint64_t memory_bytes)
{
	if (!KAOWU_SANITIZED)
		limit(RLIMIT_AS, memory_bytes, memory_bytes);
	limit(RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS);
	limit(RLIMIT_NPROC, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_MEMLOCK, 0, 0);
	limit_cpu_time();
}

static void control(int option, unsigned long value, const char *what)
{
	if (prctl(option, value, 0, 0, 0) < 0)
		refuse(what, errno);
}

static void confine(const char *const *readable)
{
	if (landlock_confine(readable) < 0)
		refuse("landlock", errno);
}

static void filter(enum filter_stage stage)
{
	int rc = filter_load(stage);
	if (rc < 0)
		refuse("seccomp", -rc);
}

const char *worker_child_enter(uint64_t memory_bytes, const char *readable_file)
{
	const char *name = readable_file ? copy_in_memory(readable_file) : NULL;
	control(PR_SET_NO_NEW_PRIVS, 1, "no_new_privs");
	drop_root();
	drop_capabilities();
	control(PR_SET_PDEATHSIG, SIGKILL, "pdeathsig");
	control(PR_SET_DUMPABLE, name ? 1 : 0, "dumpable"); /* 1: /proc/self/fd stays open to us */
	limit_resources(memory_bytes);
	confine(name ? libraries : nothing);
	filter(FILTER_LOADING);
	return name;
}

void worker_child_seal(void)
{
	control(PR_SET_DUMPABLE, 0, "dumpable");
	close(COPY);
	confine(nothing);
	filter(FILTER_SERVING);
}

void worker_child_send(struct bytes frame)
{
	assert(frame.size <= LIMIT_WORKER_FRAME);
	if (frame_send(WORKER_SOCKET, frame, FRAME_FOREVER) != FRAME_OK)
		_exit(EXIT_FAILURE); /* nobody listens any more */
}

void worker_child_serve(
	void (*answer)(void *context, struct arena *arena, struct bytes request, struct bytes *out),
	void *context)
{
	struct arena *arena = arena_create(LIMIT_REQUEST_ARENA);
	uint32_t size;
	while (frame_receive_size(WORKER_SOCKET, &size, FRAME_FOREVER) == FRAME_OK) {
		assert(size <= LIMIT_WORKER_FRAME);
		uint8_t *content = arena_alloc(arena, size + 1);
		if (frame_receive(WORKER_SOCKET, content, size, FRAME_FOREVER) != FRAME_OK)
			break;

		limit_cpu_time();
		struct bytes out = {NULL, 0};
		answer(context, arena, bytes_of(content, size), &out);
		worker_child_send(out);
		arena_reset(arena);
	}
	arena_destroy(arena);
}
