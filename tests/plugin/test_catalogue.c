/*
 * Installing, finding, keeping: what an operator does with plugins that are in order.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "place.h"
#include "plugin/plugin_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h> /* last: it has a macro named fail */

static struct catalogue_entry install(struct place *place, const char *path)
{
	struct catalogue_entry entry;
	if (place_install(place, path, &entry) != OK)
		fail_msg("%s: %s", path, place_said(place));
	return entry;
}

static struct catalogue_entry install_fixture(struct place *place, const char *name)
{
	return install(place, place_fixture(place, name));
}

/* ---- Keeping ---- */

static void an_installed_file_has_the_name_of_its_content(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry = install_fixture(place, "decent");
	const char *name = arena_printf(
		place->arena, "%s/plugins/tester.1-1.0.0-%.12s.so", place->folder, entry.sha256);
	struct stat status;
	assert_string_equal(entry.file, name);
	assert_int_equal(stat(name, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(place_files(place), 1);
}

/* As long ago as that, in seconds. */
static const char *left_over(struct place *place, const char *name, time_t ago)
{
	const char *path = arena_printf(place->arena, "%s/plugins/%s", place->folder, name);
	struct stat facts;
	int file = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(file >= 0);
	assert_int_equal(fstat(file, &facts), 0);
	facts.st_mtim.tv_sec -= ago;
	assert_int_equal(futimens(file, (struct timespec[]){facts.st_mtim, facts.st_mtim}), 0);
	close(file);
	return path;
}

static void what_a_killed_installation_left_goes_with_the_next(void **state)
{
	struct place *place = *state;

	install_fixture(place, "decent");
	const char *old = left_over(place, ".incoming-old", 7200);
	const char *busy = left_over(place, ".incoming-busy", 60);
	const char *other = left_over(place, "somebody-else's", 7200);
	install_fixture(place, "newer_version");
	assert_int_not_equal(access(old, F_OK), 0);
	assert_int_equal(access(busy, F_OK), 0);
	assert_int_equal(access(other, F_OK), 0);
}

static void installing_the_same_file_again_changes_nothing(void **state)
{
	struct place *place = *state;
	clock_set_ms(1000);
	struct catalogue_entry first = install_fixture(place, "decent");
	clock_set_ms(2000);
	struct catalogue_entry second = install_fixture(place, "decent");
	clock_set_ms(0);
	assert_string_equal(first.sha256, second.sha256);
	json *rows;
	assert_int_equal(catalogue_list(place->catalogue, place->arena, &rows, &place->error), OK);
	assert_string_equal(
		json_get_text(json_first(rows), "installed_at"), "1970-01-01T08:00:01.000+08:00");
	assert_int_equal(place_files(place), 1);
}

static void another_table_needs_another_version(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry;
	install_fixture(place, "decent");
	assert_int_equal(
		place_install(place, place_fixture(place, "same_version"), &entry), CONFLICT);
	assert_string_equal(place_said(place),
		"tester.1 1.0.0 is installed already, with other tables: raise .version and build again.");
	assert_int_equal(place_files(place), 1);
}

static enum result pick(
	struct place *place, const char *id, const char *version, struct catalogue_entry *out)
{
	place_forget(place);
	return catalogue_pick(
		place->catalogue, place->arena, "9-99-99-99", 1, id, version, out, &place->error);
}

static void the_highest_version_is_picked_and_the_others_stay(void **state)
{
	struct place *place = *state;
	struct catalogue_entry picked;
	assert_int_equal(pick(place, NULL, NULL, &picked), NOT_FOUND);
	assert_string_equal(place->error.code, "plugin.none");
	struct catalogue_entry newer = install_fixture(place, "newer_version");
	struct catalogue_entry older = install_fixture(place, "decent");

	assert_int_equal(pick(place, NULL, NULL, &picked), OK);
	assert_string_equal(picked.version, "1.10.0");
	assert_int_equal(pick(place, "tester.1", "1.0.0", &picked), OK);
	assert_string_equal(picked.sha256, older.sha256);
	assert_int_equal(pick(place, "another.1", NULL, &picked), NOT_FOUND);

	/* By what the file's name shows. */
	const char *shown = arena_text_part(place->arena, newer.sha256, 12);
	assert_int_equal(catalogue_disable(place->catalogue, shown, &place->error), OK);
	assert_int_equal(pick(place, NULL, NULL, &picked), OK);
	assert_string_equal(picked.version, "1.0.0");
	/* Plans that pinned it find it still. */
	assert_int_equal(catalogue_load(place->catalogue, place->arena, "tester.1", "1.10.0",
				 newer.sha256, &picked, &place->error),
		OK);
	assert_string_equal(picked.state, "disabled");
	assert_int_equal(catalogue_readmit(place->catalogue, newer.sha256, &place->error), OK);
	assert_int_equal(pick(place, NULL, NULL, &picked), OK);
	assert_string_equal(picked.version, "1.10.0");
}

static void a_list_shows_state_and_version(void **state)
{
	struct place *place = *state;
	json *list;
	install_fixture(place, "decent");
	struct catalogue_entry newer = install_fixture(place, "newer_version");
	clock_set_ms(1000);
	assert_int_equal(
		catalogue_quarantine(place->catalogue, newer.sha256, "plugin.hung", &place->error),
		OK);
	clock_set_ms(0);
	assert_int_equal(catalogue_list(place->catalogue, place->arena, &list, &place->error), OK);
	assert_int_equal(json_count(list), 2);
	const json *first = json_first(list);
	assert_string_equal(json_get_text(first, "version"), "1.10.0");
	assert_string_equal(json_get_text(first, "state"), "quarantined");
	assert_string_equal(json_get_text(first, "reason"), "plugin.hung");
	assert_string_equal(json_get_text(first, "reason_at"), "1970-01-01T08:00:01.000+08:00");
	assert_string_equal(json_get_text(json_next(first), "state"), "active");
}

static void a_file_that_is_not_what_was_installed_is_quarantined(void **state)
{
	struct place *place = *state;
	int quarantined = -1;
	struct catalogue_entry entry = install_fixture(place, "decent");
	install_fixture(place, "newer_version");
	assert_int_equal(catalogue_verify(place->catalogue, &quarantined, &place->error), OK);
	assert_int_equal(quarantined, 0);

	int file = open(entry.file, O_RDWR);
	assert_int_equal(pwrite(file, "!", 1, 100), 1);
	assert_int_equal(catalogue_verify(place->catalogue, &quarantined, &place->error), OK);
	assert_int_equal(quarantined, 1);
	assert_non_null(catalogue_failure(place->catalogue, place->arena, entry.sha256));
	assert_int_equal(
		catalogue_readmit(place->catalogue, entry.sha256, &place->error), CONFLICT);
	place_forget(place);

	/* The right file again, and the operator's word. */
	int good = open(place_fixture(place, "decent"), O_RDONLY);
	char byte;
	assert_int_equal(pread(good, &byte, 1, 100), 1);
	assert_int_equal(pwrite(file, &byte, 1, 100), 1);
	close(good);
	close(file);
	assert_int_equal(catalogue_readmit(place->catalogue, entry.sha256, &place->error), OK);
	assert_null(catalogue_failure(place->catalogue, place->arena, entry.sha256));
}

static void only_readmitting_ends_a_quarantine(void **state)
{
	struct place *place = *state;
	struct catalogue_entry entry = install_fixture(place, "decent");
	assert_int_equal(catalogue_quarantine(
				 place->catalogue, entry.sha256, "plugin.crashed", &place->error),
		OK);
	assert_int_equal(
		catalogue_disable(place->catalogue, entry.sha256, &place->error), CONFLICT);
	assert_string_equal(place->error.code, "plugin.quarantined");
	assert_string_equal(
		catalogue_failure(place->catalogue, place->arena, entry.sha256), "plugin.crashed");
	place_forget(place);
	assert_int_equal(catalogue_readmit(place->catalogue, entry.sha256, &place->error), OK);
	assert_int_equal(catalogue_disable(place->catalogue, entry.sha256, &place->error), OK);
	assert_null(catalogue_failure(place->catalogue, place->arena, entry.sha256));
}

static void describing_installs_nothing(void **state)
{
	struct place *place = *state;
	json *manifest;
	assert_int_equal(catalogue_describe(place->catalogue, place->arena,
				 place_fixture(place, "decent"), &manifest, &place->error),
		OK);
	assert_string_equal(json_get_text(manifest, "id"), "tester.1");
	assert_int_equal(place_files(place), 0);
}

static void an_unknown_plugin_has_no_state_to_change(void **state)
{
	struct place *place = *state;
	assert_int_equal(
		catalogue_quarantine(place->catalogue, "none", "plugin.hung", &place->error),
		NOT_FOUND);
	place_forget(place);
	assert_int_equal(catalogue_disable(place->catalogue, "none", &place->error), NOT_FOUND);
	place_forget(place);
	assert_int_equal(catalogue_readmit(place->catalogue, "none", &place->error), NOT_FOUND);
	assert_string_equal(place->error.code, "plugin.unknown");
}

/*
 * A start with many plugins must not start one process for each: the executable that would be started is not
 * there.
 */
static void a_start_spawns_nothing(void **state)
{
	struct place *place = *state;
	struct catalogue *again;
	struct catalogue_entry entry;
	int quarantined;
	install_fixture(place, "decent");
	struct catalogue_settings settings = {
		.store = place->store, .data_folder = place->folder, .executable = "/nowhere"};
	assert_int_equal(catalogue_open(&settings, &again, &place->error), OK);
	assert_int_equal(catalogue_verify(again, &quarantined, &place->error), OK);
	assert_int_equal(quarantined, 0);
	assert_int_equal(catalogue_pick(again, place->arena, "9-99-99-99", 1, NULL, NULL, &entry,
				 &place->error),
		OK);
	assert_string_equal(json_get_text(entry.manifest, "id"), "tester.1");

	/* And if one cannot be started, that is the machine's trouble, not the plugin's. */
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	assert_int_equal(plugin_source_open(place->arena, place_fixture(place, "newer_version"),
				 &source, &place->error),
		OK);
	assert_int_equal(
		catalogue_install(again, place->arena, &source, NULL, &entry, &place->error),
		BROKEN);
	assert_string_equal(place->error.code, "worker.start");
	catalogue_close(again);
}

/* A worker that says why it cannot serve: whoever checks a plugin is told that, and not that there is a reason. */
static void what_the_machine_lacks_is_told_by_a_check(void **state)
{
	struct place *place = *state;
	const char *program = arena_printf(place->arena, "%s/worker", place->folder);
	struct plugin_process_settings settings = {
		.executable = program, .start_time_ms = 10000, .call_time_ms = 10000};
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	FILE *file = fopen(program, "we");
	json *manifest;

	assert_non_null(file);
	fputs("#!/bin/sh\nprintf '\\007\\000\\000\\000no room' >&3\n", file);
	assert_int_equal(fchmod(fileno(file), 0700), 0);
	fclose(file);
	assert_int_equal(plugin_source_open(place->arena, place_fixture(place, "decent"), &source,
				 &place->error),
		OK);
	assert_int_equal(
		plugin_check(&settings, place->arena, &source, NULL, &manifest, &place->error),
		BROKEN);
	assert_string_equal(place_said(place),
		"The background process (plugin) cannot serve: no room. The operator has to look into"
		" it.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_open, place_close)

int main(int argc, char **argv)
{
	place_be_worker(argc, argv);
	const struct CMUnitTest tests[] = {
		TEST(an_installed_file_has_the_name_of_its_content),
		TEST(what_a_killed_installation_left_goes_with_the_next),
		TEST(installing_the_same_file_again_changes_nothing),
		TEST(another_table_needs_another_version),
		TEST(the_highest_version_is_picked_and_the_others_stay),
		TEST(a_list_shows_state_and_version),
		TEST(a_file_that_is_not_what_was_installed_is_quarantined),
		TEST(only_readmitting_ends_a_quarantine),
		TEST(describing_installs_nothing),
		TEST(an_unknown_plugin_has_no_state_to_change),
		TEST(a_start_spawns_nothing),
		TEST(what_the_machine_lacks_is_told_by_a_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
