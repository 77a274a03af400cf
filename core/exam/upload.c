/*
 * Counting and freeing uploads, by one table of the last day's.
 */
#include "upload.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#define FREED_MOST 1000 /* of one call */

/* What was uploaded within a day by one application or one account. */
struct tally {
	int64_t count, bytes, first_at;
};

static enum result tally_load(
	struct transaction *tx, const char *sql, const char *owner, struct tally *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(
		tx->db, &rows, sql, BIND(TEXT(owner), INTEGER(tx->now - DAY_MS)), tx->error);

	if (rc)
		return rc;
	*out = (struct tally){0};
	if (cursor_next(&rows))
		*out = (struct tally){cursor_integer(&rows, 0), cursor_integer(&rows, 1),
			cursor_integer(&rows, 2)};
	return cursor_end(&rows, tx->error);
}

/* The day is over for the first of them in so many seconds: then there is room for another try. */
static enum result refuse(
	struct transaction *tx, const struct tally *tally, const char *code, int64_t most)
{
	int64_t left = tally->first_at + DAY_MS - tx->now;

	return fail(tx->error, TOO_MANY, code, "most", arena_printf(tx->arena, "%" PRId64, most),
		"seconds", arena_printf(tx->arena, "%" PRId64, left / 1000 + 1), NULL);
}

enum result upload_expect_room(
	struct transaction *tx, const struct application *application, uint64_t size)
{
#define TALLY "SELECT COUNT(*), COALESCE(SUM(size), 0), COALESCE(MIN(uploaded_at), 0) FROM upload"
	const struct {
		const char *sql, *owner;
		int64_t count_most, bytes_most;
	} caps[] = {
		{TALLY " WHERE application_id = ?1 AND uploaded_at > ?2", application->id,
			LIMIT_DAY_UPLOADS_APPLICATION, LIMIT_DAY_BYTES_APPLICATION},
		{TALLY " WHERE account_id = ?1 AND uploaded_at > ?2", application->account_id,
			LIMIT_DAY_UPLOADS_ACCOUNT, LIMIT_DAY_BYTES_ACCOUNT},
	};

	for (size_t i = 0; i < COUNT(caps); i++) {
		struct tally tally;
		enum result rc = tally_load(tx, caps[i].sql, caps[i].owner, &tally);

		if (rc)
			return rc;
		if (tally.count >= caps[i].count_most)
			return refuse(tx, &tally, "material.day_count", caps[i].count_most);
		if (tally.count > 0 && tally.bytes + (int64_t)size > caps[i].bytes_most)
			return refuse(tx, &tally, "material.day_bytes", caps[i].bytes_most >> 20);
	}
	return OK;
}

/* The row may have gone by now: it is no older than a day, and what it tells is in the material's. */
enum result upload_leaves(
	struct transaction *tx, const struct application *application, const char *material)
{
	return store_run(tx->db,
		"INSERT INTO upload (file_id, application_id, account_id, size, uploaded_at,"
		" replaced_at) SELECT file_id, ?1, ?2, size, uploaded_at, ?3 FROM material"
		" WHERE application_id = ?1 AND material = ?4"
		" ON CONFLICT (file_id) DO UPDATE SET replaced_at = excluded.replaced_at",
		BIND(TEXT(application->id), TEXT(application->account_id), INTEGER(tx->now),
			TEXT(material)),
		tx->error);
}

enum result upload_written(struct transaction *tx, const struct application *application,
	const char *material, const struct file_facts *file)
{
	enum result rc = upload_leaves(tx, application, material);

	if (rc)
		return rc;
	return store_run(tx->db,
		"INSERT INTO upload (file_id, application_id, account_id, size, uploaded_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5)",
		BIND(TEXT(file->id), TEXT(application->id), TEXT(application->account_id),
			INTEGER(file->size), INTEGER(tx->now)),
		tx->error);
}

/* *gone: it was there until now. */
static enum result file_remove(
	struct transaction *tx, const char *plan_id, const char *file_id, bool *gone)
{
	struct error absent = {.arena = tx->arena};
	struct files *files;
	enum result rc = tenant_files(tx->tenant, plan_id, &files, tx->error);

	if (rc)
		return rc;
	rc = files_remove(files, file_id, &absent);
	*gone = rc == OK;
	if (rc == OK || rc == NOT_FOUND)
		return OK;
	*tx->error = absent;
	return rc;
}

enum result upload_forget(struct transaction *tx, const char *plan_id, const char *file_id)
{
	bool gone;

	return file_remove(tx, plan_id, file_id, &gone);
}

enum result uploads_free(struct transaction *tx)
{
	int64_t freed = 0;
	json *due;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT u.file_id, a.plan_id FROM upload u JOIN application a ON a.id = u.application_id"
		" WHERE u.replaced_at <= ?1 AND NOT EXISTS (SELECT 1 FROM material m"
		" WHERE m.application_id = a.id AND m.file_id = u.file_id)"
		" AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.application_id = a.id"
		" AND r.materials LIKE '%' || u.file_id || '%') ORDER BY u.replaced_at LIMIT ?2",
		BIND(INTEGER(tx->now - LIMIT_REPLACED_LIFE), INTEGER(FREED_MOST)), &due, tx->error);

	json_each(file, rc ? NULL : due)
	{
		bool gone;

		rc = file_remove(
			tx, json_get_text(file, "plan_id"), json_get_text(file, "file_id"), &gone);
		if (rc)
			return rc;
		freed += gone;
	}
	if (freed > 0)
		log_event(LOG_INFO, "files.freed", "tenant", tenant_slug(tx->tenant), "count",
			log_number(freed), NULL);
	return rc;
}
