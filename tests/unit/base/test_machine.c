/*
 * State machines: an edge is found or is not there, and a faulty table is a bug that shows at once.
 */
#include "scratch.h"

#include "base/machine.h"

enum { DRAFT, WAITING, APPROVED };
enum { SUBMIT, WITHDRAW, APPROVE };

static const char *const states[] = {"draft", "waiting", "approved"};
static const char *const events[] = {"submit", "withdraw", "approve"};
static const struct machine_edge edges[] = {
	{DRAFT, SUBMIT, WAITING, 1},
	{WAITING, WITHDRAW, DRAFT, 1},
	{WAITING, APPROVE, APPROVED, 2 | 4},
};

static const struct machine door = {
	"door", states, COUNT(states), events, COUNT(events), edges, COUNT(edges)};

static void every_pair_has_its_edge_or_none(void **state)
{
	size_t found = 0;

	(void)state;
	for (int from = DRAFT; from <= APPROVED; from++) {
		for (int event = SUBMIT; event <= APPROVE; event++) {
			const struct machine_edge *edge = machine_edge_for(&door, from, event);

			assert_true(!edge || (edge->from == from && edge->event == event));
			found += edge != NULL;
		}
	}
	assert_int_equal(found, COUNT(edges));
	assert_int_equal(machine_edge_for(&door, WAITING, APPROVE)->to, APPROVED);
	assert_int_equal(machine_edge_for(&door, WAITING, APPROVE)->actors, 6);
	assert_null(machine_edge_for(&door, APPROVED, SUBMIT));
	assert_null(machine_edge_for(&door, -1, SUBMIT));
	assert_null(machine_edge_for(&door, DRAFT, 99));
}

static void states_are_known_by_name(void **state)
{
	(void)state;
	assert_int_equal(machine_state(&door, "draft"), DRAFT);
	assert_int_equal(machine_state(&door, "approved"), APPROVED);
	assert_int_equal(machine_state(&door, "Draft"), -1);
	assert_int_equal(machine_state(&door, ""), -1);
	assert_int_equal(machine_state(&door, NULL), -1);
}

static void check_a_pair_twice(void)
{
	static const struct machine_edge twice[] = {
		{DRAFT, SUBMIT, WAITING, 1}, {DRAFT, SUBMIT, APPROVED, 1}};
	struct machine machine = door;

	machine.edges = twice;
	machine.edge_count = COUNT(twice);
	machine_check(&machine);
}

static void check_a_state_out_of_range(void)
{
	static const struct machine_edge outside[] = {{DRAFT, SUBMIT, 3, 1}};
	struct machine machine = door;

	machine.edges = outside;
	machine.edge_count = 1;
	machine_check(&machine);
}

static void check_an_event_out_of_range(void)
{
	static const struct machine_edge outside[] = {{DRAFT, -1, WAITING, 1}};
	struct machine machine = door;

	machine.edges = outside;
	machine.edge_count = 1;
	machine_check(&machine);
}

static void check_a_name_twice(void)
{
	static const char *const twice[] = {"draft", "waiting", "draft"};
	struct machine machine = door;

	machine.states = twice;
	machine_check(&machine);
}

static void a_faulty_table_aborts(void **state)
{
	(void)state;
	machine_check(&door);
	assert_true(aborts(check_a_pair_twice));
	assert_true(aborts(check_a_state_out_of_range));
	assert_true(aborts(check_an_event_out_of_range));
	assert_true(aborts(check_a_name_twice));
}

static void the_diagram_is_the_table(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(machine_diagram(scratch->arena, &door),
		"stateDiagram-v2\n"
		"    [*] --> draft\n"
		"    draft --> waiting: submit\n"
		"    waiting --> draft: withdraw\n"
		"    waiting --> approved: approve\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(every_pair_has_its_edge_or_none),
		with_scratch(states_are_known_by_name),
		with_scratch(a_faulty_table_aborts),
		with_scratch(the_diagram_is_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
