/*
 * Which files and folders this process has made durable: stands in the place of fsync() for the whole program. A path
 * is told as it was called at that moment. Nothing waits for the disk: the machine that runs the test keeps its power.
 */
#ifndef KAOWU_TEST_SYNCED_H
#define KAOWU_TEST_SYNCED_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SYNCED_MAX 64

static struct {
	char paths[SYNCED_MAX][PATH_MAX];
	size_t count;
} synced;

__attribute__((visibility("default"))) int fsync(int descriptor)
{
	char link[32];
	char *path = synced.paths[synced.count++ % SYNCED_MAX];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
	ssize_t length = readlink(link, path, PATH_MAX - 1);
	path[length > 0 ? length : 0] = '\0';
	return 0;
}

/* Since the count was set to 0. */
static inline bool synced_has(const char *start)
{
	for (size_t i = 0; i < synced.count && i < SYNCED_MAX; i++)
		if (strncmp(synced.paths[i], start, strlen(start)) == 0)
			return true;
	return false;
}

static inline bool synced_exactly(const char *path)
{
	for (size_t i = 0; i < synced.count && i < SYNCED_MAX; i++)
		if (strcmp(synced.paths[i], path) == 0)
			return true;
	return false;
}

#endif
