/*
 * What the small programs of the benchmark share: a clock, and an end for what must not go wrong.
 */
#ifndef KAOWU_BENCH_MEASURE_H
#define KAOWU_BENCH_MEASURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Ends the program with errno's words for `what` unless it is good. */
static inline void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

/* Microseconds since some moment. */
static inline int64_t now_us(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (int64_t)at.tv_sec * 1000000 + at.tv_nsec / 1000;
}

#endif
