/*
 * The table `payment_difference`.
 */
#include "payment_difference.h"

#include "audit.h"
#include "base/id.h"
#include "base/text.h"
#include "reason.h"

#define DIFFERENCES                                                                                \
	"SELECT d.id, d.kind, d.subject, d.day, d.detail AS \"detail{}\","                         \
	" d.found_at AS \"found_at@\", d.settled_at AS \"settled_at@\", s.name AS settled_by,"     \
	" d.note FROM payment_difference d LEFT JOIN account s ON s.id = d.settled_by"

enum result difference_found(struct transaction *tx, const char *kind, const char *subject,
	const char *day, const json *detail)
{
	json *row = json_new_object(tx->arena);
	enum result rc = store_run(tx->db,
		"INSERT INTO payment_difference (id, kind, subject, day, detail, found_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (kind, subject) DO NOTHING",
		BIND(TEXT(id_create(tx->arena)), TEXT(kind), TEXT(subject), TEXT(day),
			TEXT(json_print(tx->arena, detail)), INTEGER(tx->now)),
		tx->error);

	if (rc || store_changes(tx->db) == 0)
		return rc;
	json_set_text(tx->arena, row, "kind", kind);
	return audit_append(tx, "payment.difference", subject, row);
}

static void difference_show(struct transaction *tx, json *row)
{
	json_set_text(tx->arena, row, "text",
		message_text(tx->arena, tx->language,
			arena_printf(
				tx->arena, "payment.difference_%s", json_get_text(row, "kind")),
			NULL));
}

enum result difference_list(struct transaction *tx, bool open, const struct page *page, json **out)
{
	json *rows, *view = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		DIFFERENCES " WHERE (?1 = 0 OR d.settled_at IS NULL) AND (?2 = 0 OR d.id < ?3)"
			    " ORDER BY d.id DESC LIMIT ?4",
		BIND(INTEGER(open), INTEGER(page->begun), TEXT(page->text),
			INTEGER(page->most + 1)),
		&rows, tx->error);

	if (rc)
		return rc;
	json_each(row, rows) difference_show(tx, row);
	page_end(tx->arena, page, view, "differences", rows, NULL, "id");
	*out = view;
	return OK;
}

static enum result difference_load(struct transaction *tx, const char *id, json **out)
{
	json *rows;
	enum result rc = store_array(tx->db, tx->arena, DIFFERENCES " WHERE d.id = ?1",
		BIND(TEXT(id)), &rows, tx->error);

	if (rc)
		return rc;
	if (json_count(rows) == 0)
		return fail(tx->error, NOT_FOUND, "payment.difference_none", NULL);
	*out = json_copy(tx->arena, json_first(rows));
	difference_show(tx, *out);
	return OK;
}

enum result difference_settle(struct transaction *tx, const char *id, const char *note, json **out)
{
	json *row, *detail = json_new_object(tx->arena);
	enum result rc = difference_load(tx, id, &row);

	if (rc)
		return rc;
	if (!json_is_null(json_get(row, "settled_at")))
		return fail(tx->error, CONFLICT, "payment.difference_settled", NULL);
	reason_written(tx, "/note", note);
	rc = refuse_faults(tx->error);
	rc = rc ? rc
		: store_run(tx->db,
			  "UPDATE payment_difference SET settled_at = ?2, settled_by = ?3, note = ?4"
			  " WHERE id = ?1",
			  BIND(TEXT(id), INTEGER(tx->now), TEXT(tx->actor.id), TEXT(note)),
			  tx->error);
	json_set_text(tx->arena, detail, "kind", json_get_text(row, "kind"));
	json_set_text(tx->arena, detail, "note", note);
	rc = rc ? rc
		: audit_append(
			  tx, "payment.difference_settled", json_get_text(row, "subject"), detail);
	return rc ? rc : difference_load(tx, id, out);
}
