/*
 * Looking up, checking and drawing a table of edges.
 */
#include "machine.h"

#include <assert.h>

#include "bytes.h"
#include "text.h"

const struct machine_edge *machine_edge_for(const struct machine *machine, int from, int event)
{
	for (size_t i = 0; i < machine->edge_count; i++) {
		const struct machine_edge *edge = &machine->edges[i];

		if (edge->from == from && edge->event == event)
			return edge;
	}
	return NULL;
}

int machine_state(const struct machine *machine, const char *name)
{
	for (size_t i = 0; i < machine->state_count; i++) {
		if (text_equal(machine->states[i], name))
			return (int)i;
	}
	return -1;
}

static void names_check(const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert(names[i]);
		for (size_t j = 0; j < i; j++)
			assert(!text_equal(names[i], names[j]));
	}
}

void machine_check(const struct machine *machine)
{
	names_check(machine->states, machine->state_count);
	names_check(machine->events, machine->event_count);
	for (size_t i = 0; i < machine->edge_count; i++) {
		const struct machine_edge *edge = &machine->edges[i];

		assert(edge->from >= 0 && (size_t)edge->from < machine->state_count);
		assert(edge->to >= 0 && (size_t)edge->to < machine->state_count);
		assert(edge->event >= 0 && (size_t)edge->event < machine->event_count);
		assert(machine_edge_for(machine, edge->from, edge->event) == edge);
	}
}

char *machine_diagram(struct arena *arena, const struct machine *machine)
{
	struct buffer out = buffer_in(arena, 65536);

	buffer_printf(&out, "stateDiagram-v2\n    [*] --> %s\n", machine->states[0]);
	for (size_t i = 0; i < machine->edge_count; i++) {
		const struct machine_edge *edge = &machine->edges[i];

		buffer_printf(&out, "    %s --> %s: %s\n", machine->states[edge->from],
			machine->states[edge->to], machine->events[edge->event]);
	}
	assert(!out.overflowed);
	return out.data;
}
