/*
 * A log line is one line of valid JSON, whatever it is given.
 */
#include "scratch.h"

#include <stdio.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"

static int kept_stderr, captured;

static int capture(void **state)
{
	clock_set_ms(INT64_C(1795309200123));
	captured = memfd_create("log", MFD_CLOEXEC);
	kept_stderr = dup(STDERR_FILENO);
	assert_true(captured >= 0 && kept_stderr >= 0);
	dup2(captured, STDERR_FILENO);
	return scratch_open(state);
}

static int give_back(void **state)
{
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	close(captured);
	log_set_level(LOG_INFO);
	clock_set_ms(0);
	return scratch_close(state);
}

/* What was logged since the test began, ended by NUL. */
static const char *lines(struct scratch *scratch)
{
	off_t size = lseek(captured, 0, SEEK_END);
	char *text = arena_alloc(scratch->arena, (size_t)size + 1);

	assert_int_equal(pread(captured, text, (size_t)size, 0), size);
	return text;
}

/* The only line, which must be JSON in UTF-8 and at most 4 KB. */
static const json *line(struct scratch *scratch)
{
	const char *text = lines(scratch);
	size_t size = strlen(text);
	json *value = NULL;

	assert_true(size > 0 && size <= 4096);
	assert_ptr_equal(strchr(text, '\n'), text + size - 1);
	assert_int_equal(json_parse(scratch->arena, text, size, &value, &scratch->error), OK);
	return value;
}

static void a_line_holds_time_level_event_and_fields_in_order(void **state)
{
	log_event(
		LOG_WARNING, "tenant.opened", "tenant", "haidian", "count", log_number(-42), NULL);
	assert_string_equal(lines(*state),
		"{\"ts\":\"2026-11-22T09:00:00.123+08:00\",\"level\":\"warning\",\"event\":\"tenant."
		"opened\",\"tenant\":\"haidian\",\"count\":\"-42\"}\n");
}

static void a_missing_text_leaves_its_name_out(void **state)
{
	log_event(LOG_ERROR, "a.b", "first", (const char *)NULL, "second", "2", NULL);
	const json *value = line(*state);

	assert_null(json_get(value, "first"));
	assert_string_equal(json_get_text(value, "second"), "2");
	assert_string_equal(json_get_text(value, "level"), "error");
}

static void what_is_below_the_level_is_not_written(void **state)
{
	log_event(LOG_DEBUG, "a.debug", NULL);
	log_set_level(LOG_ERROR);
	log_event(LOG_WARNING, "a.warning", NULL);
	assert_string_equal(lines(*state), "");

	log_set_level(LOG_DEBUG);
	log_event(LOG_DEBUG, "a.debug", NULL);
	assert_string_equal(json_get_text(line(*state), "level"), "debug");
}

static void marks_and_controls_are_escaped(void **state)
{
	char all[128] = {0};

	for (int i = 1; i < 128; i++)
		all[i - 1] = (char)i;
	log_event(LOG_INFO, "a.b", "text", all, "forged", "x\"}\n{\"event\":\"y", NULL);
	const json *value = line(*state);

	assert_string_equal(json_get_text(value, "text"), all);
	assert_string_equal(json_get_text(value, "forged"), "x\"}\n{\"event\":\"y");
}

static void what_is_not_utf8_is_replaced(void **state)
{
	log_event(LOG_INFO, "a.b", "text", "考\xe8\x80务\xff\xed\xa0\x80.", NULL);
	assert_string_equal(
		json_get_text(line(*state), "text"), "考\ufffd\ufffd务\ufffd\ufffd\ufffd\ufffd.");
}

static void a_long_text_is_cut_between_characters(void **state)
{
	char long_text[9001];

	for (size_t i = 0; i < 9000; i += 3)
		memcpy(long_text + i, "考", 3);
	long_text[9000] = '\0';
	log_event(LOG_INFO, "a.b", "text", long_text, "behind", "x", NULL);
	const json *value = line(*state);
	const char *kept = json_get_text(value, "text");

	assert_true(strlen(kept) > 3900 && text_starts(long_text, kept));
	assert_null(json_get(value, "behind"));
}

/* All lengths around the end of the line: it is whole JSON each time. */
static void a_line_is_whole_wherever_it_ends(void **state)
{
	struct scratch *scratch = *state;
	char text[4100];

	for (size_t size = 3900; size < 4090; size++) {
		memset(text, 'x', size);
		text[size] = '\0';
		assert_int_equal(ftruncate(captured, 0), 0);
		lseek(captured, 0, SEEK_SET);
		log_event(LOG_INFO, "a.b", "t", text, "n", "1\"", "m", "\n", NULL);
		(void)line(scratch);
		arena_reset(scratch->arena);
	}
}

static void eight_numbers_stand_beside_each_other(void **state)
{
	const char *numbers[8];
	char wanted[32];

	(void)state;
	for (int i = 0; i < 8; i++)
		numbers[i] = log_number(INT64_MIN + i);
	for (int i = 0; i < 8; i++) {
		(void)snprintf(wanted, sizeof(wanted), "%lld", (long long)(INT64_MIN + i));
		assert_string_equal(numbers[i], wanted);
	}
}

#define while_captured(test) cmocka_unit_test_setup_teardown(test, capture, give_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		while_captured(a_line_holds_time_level_event_and_fields_in_order),
		while_captured(a_missing_text_leaves_its_name_out),
		while_captured(what_is_below_the_level_is_not_written),
		while_captured(marks_and_controls_are_escaped),
		while_captured(what_is_not_utf8_is_replaced),
		while_captured(a_long_text_is_cut_between_characters),
		while_captured(a_line_is_whole_wherever_it_ends),
		while_captured(eight_numbers_stand_beside_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
