/*
 * Papers on their way: told as posted, received and checked one by one, or missing.
 */
#include "paper.h"

#include <inttypes.h>

#include "audit.h"
#include "base/text.h"
#include "notice.h"
#include "reason.h"
#include "wording.h"

enum result paper_facts(struct transaction *tx, const char *application_id, struct paper_facts *out)
{
	struct paper_row row;
	enum result rc = paper_row_load(tx, application_id, &row);

	if (rc)
		return rc;
	*out = (struct paper_facts){
		.accepted = row.accepted_at != 0,
		.posted_at = row.posted_at,
		.received_at = row.received_at,
		.accepted_at = row.accepted_at,
	};
	return OK;
}

enum result paper_approved(
	struct transaction *tx, const struct plan *plan, const struct application *application)
{
	struct paper_row row;
	enum result rc;

	if (json_count(paper_asked(tx, plan, application)) > 0)
		return OK;
	rc = paper_row_load(tx, application->id, &row);
	if (rc)
		return rc;
	row.accepted_at = tx->now;
	return paper_row_save(tx, application->id, &row);
}

/* Papers come and go while an application is approved, until they are accepted. */
static enum result still_open(
	struct transaction *tx, const struct application *application, const struct paper_row *row)
{
	if (application->approved_revision == 0)
		return fail(tx->error, CONFLICT, "paper.not_yet", NULL);
	if (application->state != APPLICATION_APPROVED)
		return fail(tx->error, CONFLICT, "paper.over", NULL);
	if (row->accepted_at)
		return fail(tx->error, CONFLICT, "paper.accepted", NULL);
	return OK;
}

enum result paper_post(struct transaction *tx, struct application *application, const json *body)
{
	struct paper_row row;
	enum result rc = paper_row_load(tx, application->id, &row);

	if (rc)
		return rc;
	rc = still_open(tx, application, &row);
	if (rc)
		return rc;

	row.courier = text_normalise(tx->arena, json_get_text(body, "courier"));
	row.courier_number = text_compact(tx->arena, json_get_text(body, "courier_number"));
	if (text_blank(row.courier))
		fault_add(tx->error, "/courier", "paper.courier", NULL);
	if (text_blank(row.courier_number))
		fault_add(tx->error, "/courier_number", "paper.courier_number", NULL);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;

	row.posted_at = tx->now;
	rc = paper_row_save(tx, application->id, &row);
	if (rc)
		return rc;
	return audit_append(tx, "paper.posted", application->id, NULL);
}

/* One entry of a receipt, judged; `asked` is NULL for a paper that nobody asked for. */
static json *entry_read(
	struct transaction *tx, const char *pointer, const json *entry, const json *asked)
{
	int64_t copies = json_get_integer(entry, "copies");
	int64_t needed = json_get_integer(asked, "paper_copies");
	json *item = json_new_object(tx->arena);
	struct opinion opinion;

	if (!asked)
		fault_add(tx->error, arena_printf(tx->arena, "%s/material", pointer),
			"paper.not_asked", "material", json_get_text(entry, "material"), NULL);
	opinion_read(tx, pointer, entry, &opinion);
	if (opinion.pass && copies < needed)
		fault_add(tx->error, arena_printf(tx->arena, "%s/copies", pointer), "paper.copies",
			"needed", arena_printf(tx->arena, "%" PRId64, needed), "copies",
			arena_printf(tx->arena, "%" PRId64, copies), NULL);

	json_set_text(tx->arena, item, "material", json_get_text(entry, "material"));
	json_set_integer(tx->arena, item, "copies", copies);
	json_set_text(tx->arena, item, "outcome", opinion.pass ? "pass" : "fail");
	json_set(tx->arena, item, "reasons", json_copy(tx->arena, opinion.reasons));
	json_set_text(tx->arena, item, "note", opinion.note);
	return item;
}

static bool item_passed(const json *item)
{
	return text_equal(json_get_text(item, "outcome"), "pass");
}

/* The receipt as it will be kept: what it says, and what had passed before. */
static enum result receipt_read(
	struct transaction *tx, const json *asked, const json *before, const json *body, json **out)
{
	json *items = json_new_array(tx->arena);
	int number = 0;

	json_each(entry, json_get(body, "items"))
	{
		const char *pointer = arena_printf(tx->arena, "/items/%d", number++);
		const char *material = json_get_text(entry, "material");

		if (json_find(items, "material", material))
			fault_add(tx->error, arena_printf(tx->arena, "%s/material", pointer),
				"paper.twice", NULL);
		json_append(
			items, entry_read(tx, pointer, entry, json_find(asked, "id", material)));
	}
	json_each(paper, asked)
	{
		const char *material = json_get_text(paper, "id");
		const json *earlier = json_find(before, "material", material);

		if (json_find(items, "material", material))
			continue;
		if (item_passed(earlier))
			json_append(items, json_copy(tx->arena, earlier));
		else
			fault_add(tx->error, "/items", "paper.not_judged", "name",
				json_get_text(paper, "name"), NULL);
	}
	*out = items;
	return refuse_faults(tx->error);
}

/* "申报表（有涂改或破损）、…": what is to be posted again. */
static const char *what_again(struct transaction *tx, const json *asked, const json *items)
{
	const char **words = NEW_ARRAY(tx->arena, const char *, json_count(asked) + 1);
	size_t count = 0;

	json_each(paper, asked)
	{
		const json *item = json_find(items, "material", json_get_text(paper, "id"));

		if (item_passed(item))
			continue;
		words[count++] = arena_printf(tx->arena, "%s（%s）", json_get_text(paper, "name"),
			reason_short(tx->arena, json_text(json_first(json_get(item, "reasons")))));
	}
	return list_words(tx->arena, words, count);
}

static enum result receipt_tell(struct transaction *tx, const struct application *application,
	const json *asked, const struct paper_row *row)
{
	const char *event = row->accepted_at ? "papers_received" : "papers_wrong";

	return notice_account(tx, application->account_id, event, application->id,
		arena_printf(tx->arena, "%s:%s:%" PRId64, event, application->id, tx->now),
		"number", application->number, "what", what_again(tx, asked, row->items), NULL);
}

/* Materials and outcomes; what a person wrote stays in the row. */
static enum result receipt_audit(
	struct transaction *tx, const struct application *application, const struct paper_row *row)
{
	json *detail = json_new_object(tx->arena);
	json *items = json_set(tx->arena, detail, "items", json_copy(tx->arena, row->items));

	json_each(item, items) json_remove(item, "note");
	json_set_boolean(tx->arena, detail, "accepted", row->accepted_at != 0);
	return audit_append(tx, "paper.received", application->id, detail);
}

enum result paper_receive(struct transaction *tx, struct application *application, const json *body)
{
	bool accepted = true;
	struct paper_row row;
	struct plan plan;
	json *asked, *items;
	enum result rc;

	rc = paper_row_load(tx, application->id, &row);
	if (rc)
		return rc;
	rc = still_open(tx, application, &row);
	if (rc)
		return rc;
	rc = plan_load(tx, application->plan_id, &plan);
	if (rc)
		return rc;
	asked = paper_asked(tx, &plan, application);
	rc = receipt_read(tx, asked, row.items, body, &items);
	if (rc)
		return rc;

	json_each(item, items) accepted = accepted && item_passed(item);
	row.items = items;
	row.received_at = tx->now;
	row.accepted_at = accepted ? tx->now : 0;
	rc = paper_row_save(tx, application->id, &row);
	if (rc)
		return rc;
	rc = receipt_audit(tx, application, &row);
	if (rc)
		return rc;
	return receipt_tell(tx, application, asked, &row);
}
