/*
 * What the catalogue shares with other files of this folder, and with nobody else.
 */
#ifndef KAOWU_PLUGIN_CATALOGUE_INSIDE_H
#define KAOWU_PLUGIN_CATALOGUE_INSIDE_H

#include "catalogue.h"
#include "plugin_process.h"

/* How its workers are to be started. */
struct plugin_process_settings catalogue_process(const struct catalogue *catalogue);

/* The store is ours until the end of the block:
 *     struct catalogue *held CLEANUP(catalogue_release) = catalogue_hold(catalogue); */
struct catalogue *catalogue_hold(struct catalogue *catalogue);
void catalogue_release(struct catalogue **held);
struct store *catalogue_store(struct catalogue *held);

/* By the file's SHA-256, or its first 12 characters. NOT_FOUND ("plugin.unknown"). */
enum result catalogue_load_file(struct catalogue *catalogue, struct arena *arena,
	const char *sha256, struct catalogue_entry *out, struct error *error) MUST_CHECK;

/* The same, by the whole SHA-256, and without its manifest (NULL), which costs more to read than all the rest. */
enum result catalogue_load_state(struct catalogue *catalogue, struct arena *arena,
	const char *sha256, struct catalogue_entry *out, struct error *error) MUST_CHECK;

#endif
