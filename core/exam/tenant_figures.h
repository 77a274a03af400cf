/*
 * What can be told of a tenant without opening anybody's data: sizes and counts, for the operator.
 *
 * Each call opens the tenant's database for reading, apart from its queue, and closes it again. Worker thread, heavy
 * lane.
 */
#ifndef KAOWU_EXAM_TENANT_FIGURES_H
#define KAOWU_EXAM_TENANT_FIGURES_H

#include "base/json.h"
#include "transaction.h"

/*
 * {name, plans (published), applications, candidates, staff, sessions, messages_waiting, messages_oldest_at,
 * messages_dead, acted_at (last row of the audit log)}; `name` is null before a profile was applied.
 */
enum result tenant_figures(struct transaction *tx, const char *slug, json **out) MUST_CHECK;

/* {database_bytes, files_bytes}, their logs included; what is not there has 0. */
json *tenant_sizes(struct arena *arena, const char *data_folder, const char *slug);

#endif
