/*
 * One row for each plan that somebody has applied for.
 */
#include "plan_count.h"

#include <inttypes.h>

#include "application_state.h"

enum result plan_count_number(struct transaction *tx, const char *plan_id, int64_t *out)
{
	return store_integer(tx->db,
		"INSERT INTO plan_count (plan_id, numbered, standing) VALUES (?1, 1, 0)"
		" ON CONFLICT (plan_id) DO UPDATE SET numbered = plan_count.numbered + 1"
		" RETURNING numbered",
		BIND(TEXT(plan_id)), out, tx->error);
}

enum result plan_count_stand(struct transaction *tx, const char *plan_id, int change)
{
	return store_run(tx->db,
		"UPDATE plan_count SET standing = standing + ?2 WHERE plan_id = ?1",
		BIND(TEXT(plan_id), INTEGER(change)), tx->error);
}

enum result plan_count_standing(struct transaction *tx, const char *plan_id, int64_t *out)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(standing), 0) FROM plan_count WHERE plan_id = ?1",
		BIND(TEXT(plan_id)), out, tx->error);
}

enum result plan_count_verify(struct transaction *tx)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT code, kept, counted FROM (SELECT code, " PLAN_STANDING_SQL " AS kept,"
		" (SELECT COUNT(*) FROM application WHERE plan_id = plan.id"
		" AND " APPLICATION_STANDS_SQL ") AS counted FROM plan) AS counts"
		" WHERE kept <> counted ORDER BY code LIMIT 1",
		BIND_NONE, tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		return trouble(tx->error, BROKEN, "plan.miscounted",
			"plan %s: %" PRId64 " kept, %" PRId64 " counted",
			cursor_text(&rows, 0, tx->arena), cursor_integer(&rows, 1),
			cursor_integer(&rows, 2));
	return cursor_end(&rows, tx->error);
}
