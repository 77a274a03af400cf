/*
 * The table `backup` (backup.h).
 */
#include "backup.h"

#include "base/clock.h"
#include "base/id.h"

#define KEPT_MS (365 * DAY_MS)

static enum result record(struct store *control, int64_t began_at, int64_t ended_at,
	int64_t size_bytes, struct error *error)
{
	enum result rc = store_run(control, "DELETE FROM backup WHERE ended_at < ?1",
		BIND(INTEGER(ended_at - KEPT_MS)), error);

	return rc ? rc
		  : store_run(control,
			    "INSERT INTO backup (id, began_at, ended_at, size_bytes)"
			    " VALUES (?1, ?2, ?3, ?4)",
			    BIND(TEXT(id_create(error->arena)), INTEGER(began_at),
				    INTEGER(ended_at), INTEGER(size_bytes)),
			    error);
}

enum result backup_record(struct store *control, int64_t began_at, int64_t ended_at,
	int64_t size_bytes, struct error *error)
{
	enum result rc = store_begin(control, error);

	if (rc)
		return rc;
	rc = record(control, began_at, ended_at, size_bytes, error);
	if (!rc)
		return store_commit(control, error);
	store_rollback(control);
	return rc;
}
