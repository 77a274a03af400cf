/*
 * Backups that ended well, so that how old the last one is is a fact (control.db).
 */
#ifndef KAOWU_EXAM_BACKUP_H
#define KAOWU_EXAM_BACKUP_H

#include "store/store.h"

/* Of `control`, without a transaction. Forgets those that are older than a year. */
enum result backup_record(struct store *control, int64_t began_at, int64_t ended_at,
	int64_t size_bytes, struct error *error) MUST_CHECK;

#endif
