/*
 * Inside of `kaowu plugin new`.
 */
#ifndef KAOWU_COMMAND_PLUGIN_NEW_H
#define KAOWU_COMMAND_PLUGIN_NEW_H

#include "plugin_command.h"

/* What was asked for, valid. */
struct scaffold {
	struct arena *arena;
	const char *code, *name; /* of the occupation */
	const char *stem;        /* what the plugin's id begins with */
	const char *folder;
	const char *from; /* another plugin's level_N.c, or the folder of one; or NULL */
	int level;
};

/* The plugin's source, and the headers it wants beside it but for kaowu_plugin.h. */
struct source_file {
	const char *name, *text;
};

#define SOURCE_FILES_MOST 16

/*
 * Those of `from`, with the new plugin's identity in place of the old one's. How many; 0 if they cannot be read or do
 * not say who they are, which is told on stderr.
 */
size_t plugin_take_over(
	const struct scaffold *scaffold, struct source_file files[SOURCE_FILES_MOST]);

#endif
