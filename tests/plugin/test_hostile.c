/*
 * Plugins that are wrong, by mistake or by intent: each is refused with one clear sentence, leaves no file
 * behind, and the server goes on. Those that work until they are asked are quarantined by the first call, and
 * the call says so.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/message.h"
#include "base/text.h"
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

/* What an operator reads. */
static const struct {
	const char *fixture, *said;
} refused[] = {
	{"crash_in_constructor", "The plugin's code crashed"},
	{"exit_in_constructor", "The plugin's code crashed"},
	{"hang_in_constructor", "The plugin's code did not end in time"},
	{"flood", "The plugin's process answered garbage"},
	{"forger", "/id: "},
	{"million_entries", "The plugin's process answered garbage"},
	{"wild_pointer", "The plugin's code crashed"},
	{"lying_count", "conditions has too many rows"},
	{"count_beyond_end", "materials[1].id"},
	{"null_rows", "subjects has a count and no rows"},
	{"null_text", "materials[0].name is missing"},
	{"endless_text", "related_text is too long, or does not end in NUL"},
	{"invalid_utf8", "occupation_name is not valid UTF-8"},
	{"control_text", "/occupation/name: "},
	{"wrong_abi", "The plugin's abi is 7 and this kaowu knows 1"},
	{"impossible_size", "The plugin's size is 2147483647"},
	{"newer_used", "The plugin uses fields that this kaowu does not know"},
	{"path_in_id", "/id: "},
	{"no_symbol", "The file exports no kaowu_plugin"},
	{"unknown_kind",
		"conditions[0].requirements[0].kind has a value that kaowu_plugin.h does not list"},
	{"circle", "are nested too deep, or too many"},
	{"work_since_nothing", "Condition 1-1: work is counted since the certificate"},
	{"unknown_material", "The condition asks for diploma, which materials does not list"},
	{"id_twice", "/subjects/1/id: The id theory stands twice"},
	{"wrong_example",
		"The example \"四年就够\" should come out as met, and by the tables it is not_met"},
	{"one_sided", "Condition 1-1 needs at least one example that admits and one that refuses"},
};

static void expect_said(struct place *place, const char *fixture, const char *part)
{
	const char *said = place_said(place);
	if (!strstr(said, part))
		fail_msg("%s: \"%s\" does not say \"%s\"", fixture, said, part);
	for (const char *at = said; *at; at++)
		assert_true((unsigned char)*at >= ' ' || *at == '\n');
}

static void s22_what_is_wrong_with_a_plugin_is_told_and_nothing_of_it_is_kept(void **state)
{
	struct place *place = *state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct catalogue_entry entry;
		enum result rc =
			place_install(place, place_fixture(place, refused[i].fixture), &entry);
		if (rc != INVALID)
			fail_msg("%s: %s", refused[i].fixture, result_name(rc));
		expect_said(place, refused[i].fixture, refused[i].said);
		assert_int_equal(place_files(place), 0);
		place_forget(place);
	}
	struct catalogue_entry decent;
	assert_int_equal(place_install(place, place_fixture(place, "decent"), &decent), OK);
	assert_string_equal(decent.state, "active");
}

static void s22_what_is_not_a_shared_object_is_refused(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	assert_int_equal(place_install(place, "/etc/passwd", &entry), INVALID);
	expect_said(place, "a text", "The plugin cannot be loaded");
	place_forget(place);
	assert_int_equal(place_install(place, "/dev/zero", &entry), INVALID);
	expect_said(place, "a device", "/dev/zero cannot be read");
	place_forget(place);
	assert_int_equal(place_install(place, "/nowhere/at/all.so", &entry), INVALID);
	expect_said(place, "nothing", "/nowhere/at/all.so cannot be read");
	assert_int_equal(place_files(place), 0);
}

static void s22_a_plugin_of_another_time_is_taken_for_what_it_says(void **state)
{
	struct place *place = *state;
	static const char *const fixtures[] = {"newer_unused", "older"};
	for (size_t i = 0; i < COUNT(fixtures); i++) {
		struct catalogue_entry entry;
		assert_int_equal(
			place_install(place, place_fixture(place, fixtures[i]), &entry), OK);
		assert_int_equal(json_count(json_get(entry.manifest, "functions")), 0);
	}
}

/* ---- Functions ---- */

static enum result call(struct place *place, const char *tenant, const char *sha256,
	const char *seal, json **answer)
{
	json *form = json_new_object(place->arena);
	json_set_text(place->arena, form, "seal", seal);
	return plugin_call(
		place->workers, place->arena, tenant, sha256, form, answer, &place->error);
}

static const struct {
	const char *fixture, *reason;
} failing[] = {
	{"crash_in_function", "plugin.crashed"},
	{"hang_in_function", "plugin.hung"},
	{"flood_of_findings", "plugin.garbage"},
	{"garbage_finding", "plugin.garbage"},
	{"unknown_field", "plugin.garbage"},
	{"writes_garbage", "plugin.garbage"},
	{"gigabyte", "plugin.garbage"},
	{"changes_answer", "plugin.unsteady"},
	{"allocates", "plugin.crashed"},
	/* The sandbox ends these. */
	{"opens_a_file", "plugin.crashed"},
	{"forks", "plugin.crashed"},
	{"connects", "plugin.crashed"},
	/* These behave while they are installed. */
	{"later_crash_at_load", "plugin.crashed"},
	{"later_hang_at_load", "plugin.hung"},
	{"later_lies", "plugin.unsteady"},
	{"later_forger", "plugin.garbage"},
};

/* An operator reads a sentence that says what to do, not a code. */
static void expect_sentence(struct place *place, const char *reason)
{
	const char *said = message_text(place->arena, LANGUAGE_EN, reason, NULL);
	if (!strchr(said, ':') || said[strlen(said) - 1] != '.')
		fail_msg("%s is told as \"%s\"", reason, said);
}

static void s22_a_plugin_that_fails_when_it_is_asked_is_quarantined_and_a_reviewer_judges(
	void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry, honest;
	json *answer = NULL;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &honest), OK);
	for (size_t i = 0; i < COUNT(failing); i++) {
		const char *path = place_fixture(place, failing[i].fixture);
		assert_int_equal(place_install(place, path, &entry), OK);
		assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), BROKEN);
		assert_string_equal(place->error.code, "plugin.quarantined");
		if (!text_equal(place->error.params[1], failing[i].reason))
			fail_msg("%s: %s", failing[i].fixture, place->error.params[1]);
		assert_string_equal(catalogue_failure(place->catalogue, place->arena, entry.sha256),
			failing[i].reason);
		expect_sentence(place, failing[i].reason);
		place_forget(place);

		/* At once, and for every tenant. */
		assert_int_equal(
			call(place, "shijingshan", entry.sha256, "2026-1", &answer), BROKEN);
		assert_string_equal(place->error.code, "plugin.quarantined");
		place_forget(place);
		assert_null(answer);
	}
	assert_int_equal(call(place, "haidian", honest.sha256, "2026-1", &answer), OK);
}

static void s22_a_quarantined_plugin_is_readmitted_by_the_operator(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	assert_int_equal(
		catalogue_quarantine(place->catalogue, entry.sha256, "plugin.hung", &place->error),
		OK);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), BROKEN);
	place_forget(place);
	assert_int_equal(catalogue_readmit(place->catalogue, entry.sha256, &place->error), OK);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), OK);
}

/* It loads and says what it said; but it is not what the operator trusted. */
static void s22_a_file_that_is_not_what_was_installed_is_not_started(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *answer = NULL;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	assert_int_equal(chmod(entry.file, 0600), 0);
	FILE *file = fopen(entry.file, "ab");
	assert_non_null(file);
	assert_int_equal(fputc(0, file), 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), BROKEN);
	assert_string_equal(catalogue_failure(place->catalogue, place->arena, entry.sha256),
		"plugin.file_differs");
	assert_int_equal(plugin_workers_counts(place->workers).starts, 0);
	assert_null(answer);
}

static void s22_findings_come_back_as_the_plugin_made_them(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), OK);
	assert_int_equal(json_count(json_get(answer, "findings")), 0);
	assert_int_equal(call(place, "haidian", entry.sha256, "AB-1", &answer), OK);
	assert_string_equal(json_print(place->arena, answer),
		"{\"findings\":[{\"finding\":\"refuse\",\"field\":\"seal\",\"text\":\"编号须以年份开头\"}]}");
	assert_int_equal(call(place, "haidian", entry.sha256, "2010-1", &answer), OK);
	assert_string_equal(json_print(place->arena, answer),
		"{\"findings\":[{\"finding\":\"ask_reviewer\",\"field\":\"\",\"text\":\"旧编号，请核对\"}]}");
}

static const char *told(
	struct place *place, const char *tenant, const char *sha256, const char *seal)
{
	json *answer;
	assert_int_equal(call(place, tenant, sha256, seal, &answer), OK);
	return json_get_text(json_first(json_get(answer, "findings")), "text");
}

static void s21_a_plugin_carries_nothing_from_one_tenant_to_another(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	assert_int_equal(place_install(place, place_fixture(place, "remembers"), &entry), OK);
	assert_string_equal(told(place, "haidian", entry.sha256, "H1"), "before: nobody");
	assert_string_equal(told(place, "haidian", entry.sha256, "H2"), "before: H1");
	assert_string_equal(told(place, "shijingshan", entry.sha256, "S1"), "before: nobody");
	assert_string_equal(told(place, "haidian", entry.sha256, "H3"), "before: H2");
	assert_string_equal(told(place, "shijingshan", entry.sha256, "S2"), "before: S1");
}

/* ---- Processes ---- */

static void a_process_is_started_when_it_is_needed_and_kept(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	assert_int_equal(plugin_workers_counts(place->workers).starts, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), OK);
	assert_int_equal(plugin_workers_counts(place->workers).starts, 1);
	assert_int_equal(call(place, "shijingshan", entry.sha256, "2026-1", &answer), OK);
	assert_int_equal(plugin_workers_counts(place->workers).starts, 2);
	assert_int_equal(plugin_workers_counts(place->workers).running, 2);
}

static void a_process_that_nobody_asks_is_ended(void **state)
{
	struct place *place = *state;
	struct plugin_workers *patient = place->workers;
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	place->workers = plugin_workers_create(place->catalogue, 1);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), OK);
	while (plugin_workers_counts(place->workers).running > 0) /* the test's own time limit */
		usleep(1000);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), OK);
	assert_int_equal(plugin_workers_counts(place->workers).starts, 2);
	plugin_workers_destroy(place->workers);
	place->workers = patient;
}

/* The machine's trouble is not the plugin's: no quarantine, and no start after another. */
static void what_cannot_be_started_is_not_tried_without_end(void **state)
{
	struct place *place = *state;
	struct plugin_workers *able = place->workers;
	struct catalogue *catalogue = place->catalogue;
	struct catalogue_settings settings = {
		.store = place->store, .data_folder = place->folder, .executable = "/nowhere"};
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	assert_int_equal(catalogue_open(&settings, &place->catalogue, &place->error), OK);
	place->workers = plugin_workers_create(place->catalogue, LIMIT_WORKER_IDLE_TIME);

	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), BROKEN);
	assert_string_equal(place->error.code, "worker.start");
	place_forget(place);
	assert_int_equal(call(place, "haidian", entry.sha256, "2026-1", &answer), BROKEN);
	assert_string_equal(place->error.code, "worker.busy");
	assert_null(catalogue_failure(place->catalogue, place->arena, entry.sha256));

	plugin_workers_destroy(place->workers);
	catalogue_close(place->catalogue);
	place->workers = able;
	place->catalogue = catalogue;
}

struct caller {
	struct place *place;
	const char *tenant, *sha256;
	int wrong;
};

static void *call_often(void *context)
{
	struct caller *caller = context;
	struct arena *arena = arena_create(1 << 20);
	for (int i = 0; i < 50; i++) {
		struct error error = {.arena = arena};
		json *form = json_new_object(arena), *answer;
		json_set_text(arena, form, "seal", i % 2 ? "AB-1" : "2026-1");
		enum result rc = plugin_call(caller->place->workers, arena, caller->tenant,
			caller->sha256, form, &answer, &error);
		if (rc || json_count(json_get(answer, "findings")) != (size_t)(i % 2))
			caller->wrong++;
		arena_reset(arena);
	}
	arena_destroy(arena);
	return NULL;
}

static void s21_many_threads_call_for_many_tenants(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	assert_int_equal(place_install(place, place_fixture(place, "checks_form"), &entry), OK);
	struct caller callers[6];
	pthread_t threads[COUNT(callers)];
	for (size_t i = 0; i < COUNT(callers); i++) {
		const char *tenant = arena_printf(place->arena, "tenant-%zu", i / 2);
		callers[i] = (struct caller){place, tenant, entry.sha256, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
	}
	for (size_t i = 0; i < COUNT(callers); i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(callers[i].wrong, 0);
	}
}

static void s22_a_function_that_is_not_there_is_not_called(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	json *answer;
	assert_int_equal(place_install(place, place_fixture(place, "decent"), &entry), OK);
	assert_int_equal(call(place, "haidian", entry.sha256, "", &answer), INVALID);
	assert_string_equal(place->error.code, "plugin.no_function");
	place_forget(place);
	assert_int_equal(call(place, "haidian", "no such file", "", &answer), NOT_FOUND);
	assert_null(catalogue_failure(place->catalogue, place->arena, entry.sha256));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	const struct CMUnitTest tests[] = {
		TEST(s22_what_is_wrong_with_a_plugin_is_told_and_nothing_of_it_is_kept),
		TEST(s22_what_is_not_a_shared_object_is_refused),
		TEST(s22_a_plugin_of_another_time_is_taken_for_what_it_says),
		TEST(s22_a_plugin_that_fails_when_it_is_asked_is_quarantined_and_a_reviewer_judges),
		TEST(s22_a_quarantined_plugin_is_readmitted_by_the_operator),
		TEST(s22_a_file_that_is_not_what_was_installed_is_not_started),
		TEST(s22_findings_come_back_as_the_plugin_made_them),
		TEST(s21_a_plugin_carries_nothing_from_one_tenant_to_another),
		TEST(a_process_is_started_when_it_is_needed_and_kept),
		TEST(a_process_that_nobody_asks_is_ended),
		TEST(what_cannot_be_started_is_not_tried_without_end),
		TEST(s21_many_threads_call_for_many_tenants),
		TEST(s22_a_function_that_is_not_there_is_not_called),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
