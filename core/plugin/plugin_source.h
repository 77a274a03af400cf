/*
 * A plugin as it lies before us, not installed: a shared object, or a package of one (plugin_package.h).
 *
 * It is read once, and held in memory under a name of its own, so that what is checked, described and installed are
 * the same bytes, whatever happens to the file meanwhile.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_SOURCE_H
#define KAOWU_PLUGIN_PLUGIN_SOURCE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"

struct plugin_source {
	struct bytes shared_object; /* in the arena */
	const char *path;           /* where this process, and those it starts, can read it */
	const char *signed_by;      /* text of the key whose signature is good, or NULL */
	const json *packed;         /* the manifest that a package shows, or NULL */
	int descriptor;             /* of `path`: plugin_source_close() */
};

#define PLUGIN_SOURCE_NONE ((struct plugin_source){.descriptor = -1})

/* INVALID (of file_read(), "plugin.file_large", or what is wrong with a package). Any thread. */
enum result plugin_source_open(struct arena *arena, const char *path, struct plugin_source *out,
	struct error *error) MUST_CHECK;
/* The same of bytes that are here already. */
enum result plugin_source_take(struct arena *arena, struct bytes file, struct plugin_source *out,
	struct error *error) MUST_CHECK;
void plugin_source_close(struct plugin_source *source); /* also for CLEANUP() */

#endif
