/*
 * A disk of another kind, for LD_PRELOAD: with FSYNC=slow fsync and fdatasync return 4 ms after they were called, unless
 * the real ones take longer; with FSYNC=never they do nothing, for what is only prepared.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TAKES_NS INT64_C(4000000)

static int64_t now_ns(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static int as_told(const char *name, int descriptor)
{
	const char *how = getenv("FSYNC");
	int (*real)(int);
	int64_t until = now_ns() + TAKES_NS;

	if (how && strcmp(how, "never") == 0)
		return 0;
	*(void **)&real =
		dlsym(RTLD_NEXT, name); /* as POSIX has it: ISO C knows no such conversion */
	int code = real(descriptor);
	int64_t left = until - now_ns();
	struct timespec wait = {0, (long)left};

	if (left > 0)
		(void)nanosleep(&wait, NULL);
	return code;
}

int fsync(int descriptor)
{
	return as_told("fsync", descriptor);
}

int fdatasync(int descriptor)
{
	return as_told("fdatasync", descriptor);
}
