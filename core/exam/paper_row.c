/*
 * The row of an application's papers.
 */
#include "paper_row.h"

#include <string.h>

enum result paper_row_load(
	struct transaction *tx, const char *application_id, struct paper_row *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct paper_row row = {0};
	const char *items = "[]";
	enum result rc = store_query(tx->db, &rows,
		"SELECT courier, courier_number, posted_at, received_at, accepted_at, grace_until, items"
		" FROM paper WHERE application_id = ?1",
		BIND(TEXT(application_id)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows)) {
		row = (struct paper_row){
			.courier = cursor_text(&rows, 0, tx->arena),
			.courier_number = cursor_text(&rows, 1, tx->arena),
			.posted_at = cursor_integer(&rows, 2),
			.received_at = cursor_integer(&rows, 3),
			.accepted_at = cursor_integer(&rows, 4),
			.grace_until = cursor_integer(&rows, 5),
		};
		items = cursor_text(&rows, 6, tx->arena);
	}
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	rc = json_parse(tx->arena, items, strlen(items), &row.items, tx->error);
	if (rc)
		return rc;

	*out = row;
	return OK;
}

enum result paper_row_save(
	struct transaction *tx, const char *application_id, const struct paper_row *row)
{
	return store_run(tx->db,
		"INSERT INTO paper (application_id, courier, courier_number, posted_at, received_at,"
		" accepted_at, items, account_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (application_id) DO UPDATE SET courier = excluded.courier,"
		" courier_number = excluded.courier_number, posted_at = excluded.posted_at,"
		" received_at = excluded.received_at, accepted_at = excluded.accepted_at,"
		" items = excluded.items, version = paper.version + 1,"
		" account_id = COALESCE(excluded.account_id, paper.account_id)",
		BIND(TEXT(application_id), TEXT(row->courier), TEXT(row->courier_number),
			MOMENT(row->posted_at), MOMENT(row->received_at), MOMENT(row->accepted_at),
			TEXT(json_print(tx->arena, row->items)),
			TEXT(tx->actor.kind == ACTOR_STAFF ? tx->actor.id : NULL)),
		tx->error);
}

json *paper_among(struct transaction *tx, const json *materials)
{
	json *papers = json_new_array(tx->arena);

	json_each(material, materials)
	{
		if (json_get_integer(material, "paper_copies") > 0)
			json_append(papers, json_share(tx->arena, material));
	}
	return papers;
}

json *paper_asked(
	struct transaction *tx, const struct plan *plan, const struct application *application)
{
	return paper_among(
		tx, application_materials_asked(tx, plan->manifest, application->condition_id));
}
