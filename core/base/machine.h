/*
 * A state machine as data: one table of edges, one function that looks them up.
 *
 * The owner of a machine (core/exam/application_state.c) lists each edge once: from, event, to, who may. Nobody
 * else writes a state. The diagram in docs/architecture.md is printed from the same table.
 */
#ifndef KAOWU_BASE_MACHINE_H
#define KAOWU_BASE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct machine_edge {
	int from, event, to;
	uint32_t actors; /* bit set of the owner's own actor kinds */
};

struct machine {
	const char *name;
	const char *const *states; /* by number; names as stored */
	size_t state_count;
	const char *const *events;
	size_t event_count;
	const struct machine_edge *edges;
	size_t edge_count;
};

/* NULL if the event is not possible in that state (for anybody). */
const struct machine_edge *machine_edge_for(const struct machine *machine, int from, int event);
int machine_state(const struct machine *machine, const char *name); /* -1 if unknown */

/* Asserts that names are unique, numbers in range, and no (from, event) stands twice. */
void machine_check(const struct machine *machine);

/* The table as a Mermaid state diagram. */
char *machine_diagram(struct arena *arena, const struct machine *machine);

#endif
