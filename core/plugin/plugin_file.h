/*
 * The files of installed plugins: DATA/plugins/<id>-<version>-<first 12 of the SHA-256>.so, written once and never
 * again.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_FILE_H
#define KAOWU_PLUGIN_PLUGIN_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/result.h"

/* A copy that is durable but has no name of its own yet. */
struct plugin_file {
	const char *folder; /* DATA/plugins */
	const char *path;   /* of the copy */
	char sha256[SHA256_HEX_SIZE];
};

/* Writes it into DATA/plugins. */
enum result plugin_file_take(struct arena *arena, const char *data_folder, struct bytes content,
	struct plugin_file *out, struct error *error) MUST_CHECK;

/*
 * Gives the copy its name, in `arena`. A file that has that name already stays, and must be the same: else
 * CONFLICT ("plugin.file_changed").
 */
enum result plugin_file_keep(struct arena *arena, const struct plugin_file *file, const char *id,
	const char *version, const char **name, struct error *error) MUST_CHECK;

/* Removes the copy, kept or not. */
void plugin_file_drop(const struct plugin_file *file);

char *plugin_file_path(struct arena *arena, const char *data_folder, const char *name);
bool plugin_file_matches(const char *path, const char *sha256);

#endif
