/*
 * See place.h. The deadline of calls is short where a test waits for it, and long enough for an honest plugin
 * on a busy machine.
 */
#include "place.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/message.h"
#include "base/text.h"
#include "plugin/plugin_source.h"
#include "plugin/plugin_worker.h"
#include "store/migration.h"

#define CALL_MS 2000

static void must(enum result rc, struct place *place)
{
	if (!rc)
		return;
	fprintf(stderr, "%s %s\n", place_said(place),
		place->error.internal ? place->error.internal : "");
	abort();
}

int place_open(void **state)
{
	return place_open_at(state, "/tmp/kaowu-plugin-XXXXXX");
}

int place_open_at(void **state, const char *pattern)
{
	struct place *place = calloc(1, sizeof(*place));
	place->arena = arena_create(LIMIT_REQUEST_ARENA);
	place->error = (struct error){.arena = place->arena};
	must(messages_load(&place->error), place);
	snprintf(place->folder, sizeof(place->folder), "%s", pattern);
	if (!mkdtemp(place->folder))
		abort();

	const char *path = arena_printf(place->arena, "%s/control.db", place->folder);
	must(store_open(path, STORE_CREATE, &place->store, &place->error), place);
	must(store_migrate(place->store, "control", &place->error), place);
	struct catalogue_settings settings = {
		.store = place->store, .data_folder = place->folder, .call_time_ms = CALL_MS};
	must(catalogue_open(&settings, &place->catalogue, &place->error), place);
	place->workers = plugin_workers_create(place->catalogue, LIMIT_WORKER_IDLE_TIME);
	*state = place;
	return 0;
}

static void remove_files(const char *folder)
{
	DIR *entries = opendir(folder);
	char path[512];
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	if (entries)
		closedir(entries);
	rmdir(folder);
}

int place_close(void **state)
{
	struct place *place = *state;
	plugin_workers_destroy(place->workers);
	catalogue_close(place->catalogue);
	store_close(place->store);
	remove_files(arena_printf(place->arena, "%s/plugins", place->folder));
	remove_files(place->folder);
	arena_destroy(place->arena);
	free(place);
	return 0;
}

void place_forget(struct place *place)
{
	place->error = (struct error){.arena = place->arena};
}

enum result place_install(struct place *place, const char *path, struct catalogue_entry *out)
{
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	enum result rc = plugin_source_open(place->arena, path, &source, &place->error);

	return rc ? rc
		  : catalogue_install(
			    place->catalogue, place->arena, &source, NULL, out, &place->error);
}

const char *place_fixture(struct place *place, const char *name)
{
	return arena_printf(place->arena, FIXTURES "/%s.so", name);
}

const char *place_said(struct place *place)
{
	const struct error *error = &place->error;
	const char *said = "";
	if (!error->faults && error->code)
		return message_text(place->arena, LANGUAGE_EN, error->code, error->params);
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		said = arena_printf(place->arena, "%s%s%s: %s", said, *said ? "\n" : "",
			fault->pointer,
			message_text(place->arena, LANGUAGE_EN, fault->code, fault->params));
	return said;
}

int place_files(struct place *place)
{
	DIR *entries = opendir(arena_printf(place->arena, "%s/plugins", place->folder));
	int count = 0;
	for (struct dirent *entry; entries && (entry = readdir(entries));)
		count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	if (entries)
		closedir(entries);
	return count;
}

void place_be_worker(int argc, char **argv)
{
	if (argc == 4 && text_equal(argv[1], "worker") && text_equal(argv[2], "plugin"))
		exit(plugin_worker_main(argv[3]));
}
