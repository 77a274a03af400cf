/*
 * Where the tests of plugins take place: a data folder of their own, a control.db in it, a catalogue, and a
 * short word for "what was said".
 */
#ifndef TESTS_PLUGIN_PLACE_H
#define TESTS_PLUGIN_PLACE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "plugin/catalogue.h"
#include "plugin/plugin_workers.h"
#include "store/store.h"

struct place {
	struct arena *arena;
	char folder[64]; /* DATA */
	struct store *store;
	struct catalogue *catalogue;
	struct plugin_workers *workers;
	struct error error; /* of the last call that failed; place_forget() empties it */
};

/* For cmocka's set-up and tear-down: *state is the place. */
int place_open(void **state);
int place_open_at(void **state, const char *pattern); /* as mkdtemp() takes it */
int place_close(void **state);

void place_forget(struct place *place);
enum result place_install(struct place *place, const char *path, struct catalogue_entry *out);

/* FIXTURES/<name>.so */
const char *place_fixture(struct place *place, const char *name);

/* Every fault, or the one failure, in English, one a line. */
const char *place_said(struct place *place);

/* Files in DATA/plugins. */
int place_files(struct place *place);

/* If the program was started as a worker, it is one: this never returns. */
void place_be_worker(int argc, char **argv);

#endif
