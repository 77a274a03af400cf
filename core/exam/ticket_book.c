/*
 * Making the book, an errand that speaks with nobody: which part is next, drawn and stored on the heavy lane, then
 * named.
 *
 * The hard thing is that it may end anywhere. A part's file is durable before it is named, and where the book stands is
 * written in the same transaction; a file whose part is never named, or whose book was replaced meanwhile, goes with
 * the sweep. Tickets are taken in the order of their numbers, each behind the last one that was taken. What no later
 * try can draw either, since it is damaged, is left out and told of: nobody else waits for it. Nor does another book,
 * where the plan's files as a whole cannot be used: this one is put off, and ended once they have failed TRIES times in
 * a row.
 */
#include "ticket_book.h"

#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "document/page.h"
#include "document/photo.h"
#include "errand.h"
#include "ticket.h"

/* Bytes in a part, which must stay below what a document and a stored file may be. */
#define PHOTOS_MOST (11u << 20)

#define TRIES      5
#define FIRST_WAIT MINUTE_MS /* twice as long each time */

/* ---- Asking and telling ---- */

/* The first of them, with why in the reader's language. */
static enum result missing_view(struct transaction *tx, const char *plan_id, json **out)
{
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT m.number, a.number AS application_number, m.reason AS text"
		" FROM ticket_book_missing m JOIN ticket t ON t.plan_id = m.plan_id"
		" AND t.number = m.number JOIN application a ON a.id = t.application_id WHERE m.plan_id = ?1"
		" ORDER BY m.number LIMIT ?2",
		BIND(TEXT(plan_id), INTEGER(LIMIT_TICKETS_PART)), out, tx->error);

	json_each(each, rc ? NULL : *out) json_set_text(tx->arena, each, "text",
		message_text(tx->arena, tx->language, json_get_text(each, "text"), NULL));
	return rc;
}

enum result ticket_book_view(struct transaction *tx, const char *plan_id, json **out)
{
	json *view, *parts, *missing;
	enum result rc = store_find(tx->db, tx->arena,
		"SELECT asked_at AS \"asked_at@\", finished_at AS \"finished_at@\", total, drawn,"
		" (SELECT COUNT(*) FROM ticket_book_missing m WHERE m.plan_id = ?1) AS missing"
		" FROM ticket_book WHERE plan_id = ?1",
		BIND(TEXT(plan_id)), &view, tx->error);

	if (rc)
		return rc;
	if (!view)
		return fail(tx->error, NOT_FOUND, "ticket.no_book", NULL);
	rc = store_array(tx->db, tx->arena,
		"SELECT part, tickets, first_number, last_number, size FROM ticket_book_part"
		" WHERE plan_id = ?1 ORDER BY part",
		BIND(TEXT(plan_id)), &parts, tx->error);
	rc = rc ? rc : missing_view(tx, plan_id, &missing);
	if (rc)
		return rc;
	json_set(tx->arena, view, "parts", parts);
	json_set(tx->arena, view, "missing_tickets", missing);
	*out = view;
	return OK;
}

static enum result pages_forget(struct transaction *tx, const char *plan_id)
{
	enum result rc = store_run(tx->db, "DELETE FROM ticket_book_part WHERE plan_id = ?1",
		BIND(TEXT(plan_id)), tx->error);

	return rc ? rc
		  : store_run(tx->db, "DELETE FROM ticket_book_missing WHERE plan_id = ?1",
			    BIND(TEXT(plan_id)), tx->error);
}

enum result ticket_book_ask(
	struct transaction *tx, const char *plan_id, const char *check_at, json **out)
{
	struct plan plan;
	int64_t total;
	enum result rc = plan_load(tx, plan_id, &plan);

	rc = rc ? rc : plan_expect_not_cancelled(tx, &plan);
	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COUNT(*) FROM ticket t WHERE t.plan_id = ?1"
			  " AND EXISTS (SELECT 1 FROM application a WHERE a.id = t.application_id"
			  " AND a.state = 'ticketed' AND a.form_sealed IS NOT NULL)",
			  BIND(TEXT(plan_id)), &total, tx->error);
	if (rc)
		return rc;
	if (total == 0)
		return fail(tx->error, CONFLICT, "ticket.none", NULL);
	rc = pages_forget(tx, plan_id);
	rc = rc ? rc
		: store_run(tx->db,
			  "INSERT INTO ticket_book (plan_id, id, asked_at, check_at, total, drawn, last_number)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, 0, '') ON CONFLICT (plan_id) DO UPDATE SET"
			  " id = excluded.id, asked_at = excluded.asked_at, check_at = excluded.check_at,"
			  " total = excluded.total, drawn = 0, last_number = '', finished_at = NULL,"
			  " failures = 0, due_at = 0",
			  BIND(TEXT(plan_id), TEXT(id_create(tx->arena)), INTEGER(tx->now),
				  TEXT(check_at), INTEGER(total)),
			  tx->error);
	rc = rc ? rc : audit_append(tx, "ticket.book", plan_id, NULL);
	return rc ? rc : ticket_book_view(tx, plan_id, out);
}

enum result ticket_book_renew(struct transaction *tx, const char *plan_id)
{
	const char *check_at;
	json *view;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT check_at FROM ticket_book WHERE plan_id = ?1", BIND(TEXT(plan_id)),
		&check_at, tx->error);

	if (rc || !check_at)
		return rc;
	rc = ticket_book_ask(tx, plan_id, check_at, &view);
	if (rc != CONFLICT)
		return rc;
	error_forget(tx->error);
	return ticket_book_forget(tx, plan_id);
}

enum result ticket_book_part(
	struct transaction *tx, const char *plan_id, const char *part, struct material_file *out)
{
	struct files *files;
	const char *file_id;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT file_id FROM ticket_book_part WHERE plan_id = ?1"
		" AND CAST(part AS TEXT) = ?2",
		BIND(TEXT(plan_id), TEXT(part)), &file_id, tx->error);

	if (rc)
		return rc;
	if (!file_id)
		return fail(tx->error, NOT_FOUND, "ticket.no_part", "part", part, NULL);
	rc = tenant_files(tx->tenant, plan_id, &files, tx->error);
	if (rc)
		return rc;
	out->plan_id = plan_id;
	return files_read(files, file_id, &out->reading, tx->error);
}

enum result ticket_book_forget(struct transaction *tx, const char *plan_id)
{
	enum result rc = pages_forget(tx, plan_id);

	return rc ? rc
		  : store_run(tx->db, "DELETE FROM ticket_book WHERE plan_id = ?1",
			    BIND(TEXT(plan_id)), tx->error);
}

/* ---- The errand ---- */

struct slice {
	const char *plan_id, *book_id, *check_at, *after;
	int64_t asked_at, failures;
	bool expired; /* the book: there is nothing to draw, it goes */

	/* Of the part that was drawn: */
	int64_t tickets;          /* 0: none, and no file */
	const char *first, *last; /* of them */
	struct file_facts file;
	json *missing;     /* [{number, reason}] */
	const char *taken; /* the last, drawn or missing */
	bool ends;         /* the book */
	bool failed;       /* to be drawn, because of the plan's files: nothing of this part */
};

static enum result claim(struct transaction *tx, struct errands *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct slice *slice = NEW(tx->arena, struct slice);
	int64_t next_at;
	enum result rc = store_query(tx->db, &rows,
		"SELECT plan_id, id, check_at, last_number, asked_at, finished_at IS NOT NULL, failures"
		" FROM ticket_book WHERE COALESCE(finished_at + ?1, due_at) <= ?2"
		" ORDER BY asked_at LIMIT 1",
		BIND(INTEGER(LIMIT_TICKET_BOOK_LIFE), INTEGER(tx->now)), tx->error);

	if (rc)
		return rc;
	bool found = cursor_next(&rows);
	if (found)
		*slice = (struct slice){.plan_id = cursor_text(&rows, 0, tx->arena),
			.book_id = cursor_text(&rows, 1, tx->arena),
			.check_at = cursor_text(&rows, 2, tx->arena),
			.after = cursor_text(&rows, 3, tx->arena),
			.asked_at = cursor_integer(&rows, 4),
			.expired = cursor_integer(&rows, 5),
			.failures = cursor_integer(&rows, 6)};
	rc = cursor_end(&rows, tx->error);
	rc = rc ? rc
		: store_integer(tx->db,
			  "SELECT COALESCE(MIN(COALESCE(finished_at + ?1, due_at)), 0) FROM ticket_book",
			  BIND(INTEGER(LIMIT_TICKET_BOOK_LIFE)), &next_at, tx->error);
	if (rc)
		return rc;
	*out = (struct errands){.count = found, .next_at = next_at, .batch = slice};
	return OK;
}

/* What no later try mends, as a message's code; NULL: trouble that may pass. */
static const char *lasting(const struct error *error)
{
	if (text_equal(error->code, "ticket.portrait") || text_equal(error->code, "document.photo"))
		return "ticket.portrait";
	return text_equal(error->code, "seal.damaged") ? "ticket.form" : NULL;
}

static enum result facts_load(struct transaction *tx, const struct slice *slice,
	const char *application_id, struct ticket_facts *facts)
{
	struct application application;
	struct photo_size size;
	enum result rc = application_load(tx, application_id, &application);

	rc = rc ? rc : ticket_facts_load(tx, &application, slice->check_at, facts);
	if (rc || facts->photo.size == 0)
		return rc;
	return photo_measure(facts->photo, &size, tx->error); /* before its page begins */
}

/* Nothing of it stays in memory but the photograph, which the document holds until its end. */
static enum result ticket_draw(struct transaction *tx, const struct slice *slice,
	struct page *tickets, const char *application_id, size_t *photos)
{
	struct arena *scratch CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct transaction one = *tx;
	struct ticket_facts facts;

	one.arena = scratch;
	enum result rc = facts_load(&one, slice, application_id, &facts);
	if (rc)
		return rc;
	facts.photo = bytes_of(
		arena_copy(tx->arena, facts.photo.data, facts.photo.size), facts.photo.size);
	*photos += facts.photo.size;
	return tickets_add(tickets, &facts, tx->error);
}

/* Drawn, or left out. */
static enum result ticket_take(struct transaction *tx, struct slice *slice, struct page *tickets,
	const json *row, size_t *photos)
{
	const char *number = json_get_text(row, "number");
	const char *id = json_get_text(row, "application_id");
	enum result rc = ticket_draw(tx, slice, tickets, id, photos);
	const char *reason = rc ? lasting(tx->error) : NULL;

	if (rc && !reason)
		return rc;
	slice->taken = number;
	if (!reason) {
		slice->first = slice->tickets++ ? slice->first : number;
		slice->last = number;
		return OK;
	}
	log_event(LOG_ERROR, "ticket.left_out", "tenant", tenant_slug(tx->tenant), "application",
		id, "code", reason, "detail", tx->error->internal, NULL);
	error_forget(tx->error);
	json *missing = json_append(slice->missing, json_new_object(tx->arena));
	json_set_text(tx->arena, missing, "number", number);
	json_set_text(tx->arena, missing, "reason", reason);
	return OK;
}

#define TICKETS_DUE_SQL                                                                            \
	" FROM ticket t JOIN application a ON a.id = t.application_id WHERE t.plan_id = ?1"        \
	" AND t.number > ?2 AND t.issued_at <= ?3 AND a.state = 'ticketed'"                        \
	" AND a.form_sealed IS NOT NULL"

static enum result tickets_due(struct transaction *tx, const struct slice *slice, json **rows)
{
	return store_array(tx->db, tx->arena,
		"SELECT t.application_id, t.number" TICKETS_DUE_SQL " ORDER BY t.number LIMIT ?4",
		BIND(TEXT(slice->plan_id), TEXT(slice->after), INTEGER(slice->asked_at),
			INTEGER(LIMIT_TICKETS_PART)),
		rows, tx->error);
}

static enum result part_draw(
	struct transaction *tx, struct slice *slice, const json *due, struct bytes *pdf)
{
	const char *title =
		arena_printf(tx->arena, "准考证 %s—", json_get_text(json_first(due), "number"));
	CLEANUP(page_close) struct page *tickets = NULL;
	enum result rc = tickets_open(tx->arena, title, tx->now, &tickets, tx->error);
	size_t photos = 0;

	if (rc)
		return rc;
	json_each(row, due)
	{
		if (photos > PHOTOS_MOST)
			break;
		rc = ticket_take(tx, slice, tickets, row, &photos);
		if (rc)
			return rc;
	}
	return slice->tickets > 0 ? page_finish(tickets, pdf, tx->error) : OK;
}

static enum result part_keep(struct transaction *tx, struct slice *slice, struct bytes pdf)
{
	struct files *files;
	enum result rc = tenant_files(tx->tenant, slice->plan_id, &files, tx->error);

	rc = rc ? rc : files_put(files, pdf, "application/pdf", &slice->file, tx->error);
	return rc ? rc : files_checkpoint(files, tx->error);
}

static enum result slice_draw(struct transaction *tx, struct slice *slice)
{
	struct bytes pdf;
	json *due;
	enum result rc;

	slice->tickets = 0;
	slice->missing = json_new_array(tx->arena);
	slice->taken = slice->after;
	rc = tickets_due(tx, slice, &due);
	if (!rc && json_count(due) > 0)
		rc = part_draw(tx, slice, due, &pdf);
	if (!rc && slice->tickets > 0)
		rc = part_keep(tx, slice, pdf);
	if (rc)
		return rc;
	slice->ends =
		json_count(due) < LIMIT_TICKETS_PART &&
		slice->tickets + (int64_t)json_count(slice->missing) == (int64_t)json_count(due);
	return OK;
}

static enum result prepare(struct transaction *tx, struct errands *errands)
{
	struct slice *slice = errands->batch;
	enum result rc = slice->expired ? OK : slice_draw(tx, slice);

	if (rc != BROKEN || !text_starts(tx->error->code, "store."))
		return rc;
	slice->failed = true;
	slice->ends = ++slice->failures >= TRIES;
	log_event(slice->ends ? LOG_ERROR : LOG_WARNING,
		slice->ends ? "ticket.book_ended" : "ticket.book_put_off", "tenant",
		tenant_slug(tx->tenant), "plan", slice->plan_id, "code", tx->error->code, "detail",
		tx->error->internal, NULL);
	error_forget(tx->error);
	return OK;
}

static enum result part_name(struct transaction *tx, const struct slice *slice)
{
	return store_run(tx->db,
		"INSERT INTO ticket_book_part (plan_id, part, tickets, first_number, last_number,"
		" file_id, size) SELECT ?1, COUNT(*) + 1, ?2, ?3, ?4, ?5, ?6 FROM ticket_book_part"
		" WHERE plan_id = ?1",
		BIND(TEXT(slice->plan_id), INTEGER(slice->tickets), TEXT(slice->first),
			TEXT(slice->last), TEXT(slice->file.id), INTEGER(slice->file.size)),
		tx->error);
}

static enum result missing_name(struct transaction *tx, const struct slice *slice)
{
	enum result rc = OK;

	json_each(each, slice->missing)
	{
		rc = store_run(tx->db,
			"INSERT INTO ticket_book_missing (plan_id, number, reason) VALUES (?1, ?2, ?3)",
			BIND(TEXT(slice->plan_id), TEXT(json_get_text(each, "number")),
				TEXT(json_get_text(each, "reason"))),
			tx->error);
		if (rc)
			break;
	}
	return rc;
}

static enum result book_end(struct transaction *tx, const struct slice *slice)
{
	enum result rc = store_run(tx->db,
		"INSERT INTO ticket_book_missing (plan_id, number, reason)"
		" SELECT t.plan_id, t.number, 'ticket.files'" TICKETS_DUE_SQL,
		BIND(TEXT(slice->plan_id), TEXT(slice->after), INTEGER(slice->asked_at)),
		tx->error);

	return rc ? rc
		  : store_run(tx->db, "UPDATE ticket_book SET finished_at = ?2 WHERE plan_id = ?1",
			    BIND(TEXT(slice->plan_id), INTEGER(tx->now)), tx->error);
}

static enum result book_fail(struct transaction *tx, const struct slice *slice)
{
	int64_t wait = FIRST_WAIT << (slice->failures - 1);

	if (slice->ends)
		return book_end(tx, slice);
	return store_run(tx->db,
		"UPDATE ticket_book SET failures = ?2, due_at = ?3 WHERE plan_id = ?1",
		BIND(TEXT(slice->plan_id), INTEGER(slice->failures), INTEGER(tx->now + wait)),
		tx->error);
}

/* Nothing if the book is another by now, or stands elsewhere. */
static enum result settle(struct transaction *tx, struct errands *errands)
{
	const struct slice *slice = errands->batch;
	bool same;
	enum result rc = store_has(tx->db,
		"SELECT 1 FROM ticket_book WHERE plan_id = ?1 AND id = ?2 AND last_number = ?3",
		BIND(TEXT(slice->plan_id), TEXT(slice->book_id), TEXT(slice->after)), &same,
		tx->error);

	if (rc || !same)
		return rc;
	if (slice->expired)
		return ticket_book_forget(tx, slice->plan_id);
	if (slice->failed)
		return book_fail(tx, slice);
	if (slice->tickets > 0)
		rc = part_name(tx, slice);
	rc = rc ? rc : missing_name(tx, slice);
	return rc ? rc
		  : store_run(tx->db,
			    "UPDATE ticket_book SET drawn = drawn + ?2, last_number = ?3, finished_at = ?4,"
			    " failures = 0, due_at = 0 WHERE plan_id = ?1",
			    BIND(TEXT(slice->plan_id), INTEGER(slice->tickets), TEXT(slice->taken),
				    slice->ends ? INTEGER(tx->now) : SQL_NULL),
			    tx->error);
}

const struct errand_kind ticket_book_errands = {
	.name = "tickets", .claim = claim, .prepare = prepare, .settle = settle};
