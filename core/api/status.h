/*
 * What an operator should know of the running server, as JSON, for /status. Loop thread.
 */
#ifndef KAOWU_API_STATUS_H
#define KAOWU_API_STATUS_H

#include "api.h"
#include "base/message.h"

/* {"draining", "plugins": {"active", "quarantined", "unsigned"}, "warnings": [{"code", "detail"}]} */
struct bytes status_text(struct api *api, struct arena *arena, enum language language);

#endif
