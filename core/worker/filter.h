/*
 * The seccomp allow lists of a worker. Anything that is not on the list kills the process.
 *
 * Only child.c uses it. Filters add up: loading the second takes away what only the first allowed.
 */
#ifndef KAOWU_WORKER_FILTER_H
#define KAOWU_WORKER_FILTER_H

enum filter_stage {
	FILTER_LOADING = 1, /* what dlopen() and the building of the second stage need */
	FILTER_SERVING = 2, /* computing, and answering on the socket */
};

/* 0, or a negative errno. */
int filter_load(enum filter_stage stage);

#endif
