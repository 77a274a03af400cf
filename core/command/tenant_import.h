/*
 * `kaowu tenant import SLUG FOLDER`: a centre of another deployment becomes one of ours.
 */
#ifndef KAOWU_COMMAND_TENANT_IMPORT_H
#define KAOWU_COMMAND_TENANT_IMPORT_H

#include "base/arena.h"

/* From the deployment in `folder`; the exit status. What fails is told on stderr. */
int tenant_import_command(
	struct arena *arena, const char *data, const char *slug, const char *folder);

#endif
