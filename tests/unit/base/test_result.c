/*
 * A refusal: filled once, by copies, with one entry for each place that is wrong.
 */
#include "scratch.h"

#include <stdio.h>

static void the_first_failure_wins(void **state)
{
	struct scratch *scratch = *state;
	struct error *error = &scratch->error;

	assert_int_equal(fail(error, CONFLICT, "plan.closed", "day", "2026-11-22", NULL), CONFLICT);
	assert_int_equal(fail(error, NOT_FOUND, "plan.unknown", NULL), NOT_FOUND);
	assert_int_equal(trouble(error, BROKEN, "store.broken", "disk %d", 1), BROKEN);

	assert_int_equal(error->result, CONFLICT);
	assert_string_equal(error->code, "plan.closed");
	assert_string_equal(error->params[0], "day");
	assert_string_equal(error->params[1], "2026-11-22");
	assert_null(error->params[2]);
	assert_null(error->internal);
}

static void what_is_told_is_copied(void **state)
{
	struct scratch *scratch = *state;
	char code[] = "plan.closed", name[] = "day", text[] = "2026-11-22", pointer[] = "/name";

	(void)fail(&scratch->error, CONFLICT, code, name, text, NULL);
	fault_add(&scratch->error, pointer, code, name, text, NULL);
	memset(code, 'x', sizeof(code) - 1);
	memset(name, 'x', sizeof(name) - 1);
	memset(text, 'x', sizeof(text) - 1);
	memset(pointer, 'x', sizeof(pointer) - 1);

	assert_string_equal(scratch->error.code, "plan.closed");
	assert_string_equal(scratch->error.params[0], "day");
	assert_string_equal(scratch->error.params[1], "2026-11-22");
	assert_string_equal(scratch->error.faults->pointer, "/name");
	assert_string_equal(scratch->error.faults->code, "plan.closed");
	assert_string_equal(scratch->error.faults->params[1], "2026-11-22");
}

static void a_missing_text_is_told_as_empty(void **state)
{
	struct scratch *scratch = *state;

	(void)fail(
		&scratch->error, CONFLICT, "a.b", "first", (const char *)NULL, "second", "2", NULL);
	assert_string_equal(scratch->error.params[1], "");
	assert_string_equal(scratch->error.params[3], "2");
	assert_null(scratch->error.params[4]);
}

static void trouble_is_told_to_the_log_alone(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(
		trouble(&scratch->error, FULL, "store.full", "page %d of %s", 7, "x.db"), FULL);
	assert_string_equal(scratch->error.code, "store.full");
	assert_string_equal(scratch->error.internal, "page 7 of x.db");
	assert_null(scratch->error.params[0]);
}

static void without_faults_nothing_is_refused(void **state)
{
	struct scratch *scratch = *state;

	assert_int_equal(refuse_faults(&scratch->error), OK);
	assert_null(scratch->error.code);
}

static void faults_are_told_in_the_order_found(void **state)
{
	struct scratch *scratch = *state;

	fault_add(&scratch->error, "/mobile", "identity.mobile", NULL);
	fault_add(&scratch->error, "/name", "schema.minLength", "limit", "2", NULL);
	assert_null(scratch->error.code); /* the caller may still go on looking */

	assert_int_equal(refuse_faults(&scratch->error), INVALID);
	assert_string_equal(scratch->error.code, "input.invalid");
	assert_string_equal(scratch->error.faults->pointer, "/mobile");
	assert_string_equal(scratch->error.faults->next->pointer, "/name");
	assert_string_equal(scratch->error.faults->next->params[0], "limit");
	assert_null(scratch->error.faults->next->next);
}

static void faults_end_at_the_limit(void **state)
{
	struct scratch *scratch = *state;
	size_t count = 0;

	for (int i = 0; i < LIMIT_FAULTS + 5; i++) {
		char pointer[16];

		(void)snprintf(pointer, sizeof(pointer), "/%d", i);
		fault_add(&scratch->error, pointer, "a.b", NULL);
	}
	for (struct fault *fault = scratch->error.faults; fault; fault = fault->next)
		count++;
	assert_int_equal(count, LIMIT_FAULTS);
	assert_string_equal(scratch->error.last_fault->pointer, "/99");
}

static void what_is_forgotten_was_never_said(void **state)
{
	struct scratch *scratch = *state;
	struct error *error = &scratch->error;

	fault_add(error, "/a", "a.b", NULL);
	assert_int_equal(trouble(error, BROKEN, "store.broken", "disk %d", 1), BROKEN);
	error_forget(error);
	assert_int_equal(refuse_faults(error), OK);
	assert_null(error->internal);
	assert_int_equal(fail(error, CONFLICT, "plan.closed", NULL), CONFLICT);
	assert_string_equal(error->code, "plan.closed");
}

static void every_result_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(result_name(OK), "OK");
	assert_string_equal(result_name(MALFORMED), "MALFORMED");
	assert_string_equal(result_name(UNSUPPORTED), "UNSUPPORTED");
	assert_string_equal(result_name(PRECONDITION_REQUIRED), "PRECONDITION_REQUIRED");
	assert_string_equal(result_name(BROKEN), "BROKEN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(the_first_failure_wins),
		with_scratch(what_is_told_is_copied),
		with_scratch(a_missing_text_is_told_as_empty),
		with_scratch(trouble_is_told_to_the_log_alone),
		with_scratch(without_faults_nothing_is_refused),
		with_scratch(faults_are_told_in_the_order_found),
		with_scratch(faults_end_at_the_limit),
		with_scratch(what_is_forgotten_was_never_said),
		with_scratch(every_result_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
