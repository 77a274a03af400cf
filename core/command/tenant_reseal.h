/*
 * `kaowu tenant reseal SLUG`: after a rotation, what older keys have sealed is sealed by the newest.
 */
#ifndef KAOWU_COMMAND_TENANT_RESEAL_H
#define KAOWU_COMMAND_TENANT_RESEAL_H

#include "base/arena.h"

/* Beside a running server; the exit status. What fails is told on stderr. */
int tenant_reseal_command(struct arena *arena, const char *data, const char *slug);

#endif
