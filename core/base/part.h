/*
 * Parts of the program that are loaded when they are first needed: so that a server at rest does not hold what it takes
 * to draw a page or to call somebody.
 *
 * A part is a shared object that the binary carries inside (embedded.h) and that exports one table of functions. It
 * finds core/base in the program that loads it, so that there is one log, one clock and one catalogue of messages. Once
 * loaded it stays until the process ends.
 */
#ifndef KAOWU_BASE_PART_H
#define KAOWU_BASE_PART_H

#include <pthread.h>

#include "embedded.h"
#include "result.h"

/* Zero but for the symbol, what prepares it, and the lock, which is PTHREAD_MUTEX_INITIALIZER. */
struct part {
	const char *symbol;    /* the name of the table */
	void (*prepare)(void); /* before each try to load it; may be NULL */
	pthread_mutex_t lock;
	const void *table; /* NULL: not loaded */
};

/* The part's table, loaded from `file` if it has not been: tens of milliseconds. NULL, and `error` (may be NULL) is
 * BROKEN ("part.not_loaded"), if it cannot be: then the next call tries again. Any thread. */
const void *part_load(struct part *part, const struct embedded_file *file, struct error *error);

/* A function of a library that the system has, which stays loaded; NULL if it cannot be had. Any thread. */
void *library_function(const char *library, const char *function);

#endif
