/*
 * The server's counters as Prometheus text, for /metrics. Loop thread.
 */
#ifndef KAOWU_API_METRICS_H
#define KAOWU_API_METRICS_H

#include "api.h"

struct bytes metrics_text(struct api *api, struct arena *arena);

#endif
