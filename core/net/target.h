/*
 * The target of a request line and the name of a host, judged to the letter.
 */
#ifndef KAOWU_NET_TARGET_H
#define KAOWU_NET_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct target {
	const char *path;      /* decoded */
	const char *query;     /* part of the target as sent */
	const char *authority; /* of an absolute-form, lower case; NULL otherwise */
};

/* False if the target is not well formed; see http.h for what is refused. The parts live in the arena. */
bool target_read(struct arena *arena, const char *method, const char *target, struct target *out);

/* A host name or address, with a port or without: in lower case, or NULL if it is none. */
const char *host_read(struct arena *arena, const char *text, size_t size);

/* Decodes into `out`, which has room for size + 1 bytes, and ends it with NUL; -1 if an escape is malformed. */
long percent_decode(const char *text, size_t size, bool plus_is_space, char *out);

#endif
