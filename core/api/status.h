/*
 * What an operator should know of the running server, as JSON: in short for /status, with the loop's own numbers for
 * the operator's pages. Loop thread.
 */
#ifndef KAOWU_API_STATUS_H
#define KAOWU_API_STATUS_H

#include "api.h"
#include "base/message.h"

/* {"draining", "plugins": {"active", "quarantined", "unsigned"}, "warnings": [{"code", "detail"}]} */
json *status_json(const struct api *api, struct arena *arena, enum language language);

/* The same and connections {open, total}, requests {total, cached, refused_busy, failed (5xx)}, workers {picture_calls,
 * picture_failures, plugin_running, plugin_starts}, proxy {forwarded_at, secure_at}, tenants [{slug, open, waiting,
 * reads, writes, failures}]. */
json *status_measured(const struct api *api, struct arena *arena, enum language language);

#endif
