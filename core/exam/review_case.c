/*
 * Which items a revision has, and which judgements still hold for it.
 *
 * Judgements of topics and materials are taken back by submission.c when the candidate changes what they are
 * about. Those of related rows are not, because nobody but this file knows which rows there are: they are
 * compared with the row as it was when it was judged.
 */
#include "review_case.h"

#include <string.h>

#include "base/text.h"
#include "erasure.h"
#include "submission.h"

static enum result json_column(
	struct transaction *tx, const struct cursor *row, int column, json **out)
{
	const char *text = cursor_text(row, column, tx->arena);

	return json_parse(tx->arena, text, strlen(text), out, tx->error);
}

static enum result revision_read(struct transaction *tx, const char *application_id,
	int64_t revision, const struct cursor *row, struct review_revision *out)
{
	enum result rc;

	out->identity = cursor_text(row, 0, tx->arena);
	out->condition_id = cursor_text(row, 1, tx->arena);
	out->hash = cursor_text(row, 2, tx->arena);
	rc = json_column(tx, row, 3, &out->materials);
	if (rc)
		return rc;
	rc = json_column(tx, row, 4, &out->verdict);
	if (rc)
		return rc;
	return unseal_json(tx->arena, tx->keys, revision_context(tx, application_id, revision),
		cursor_blob(row, 5, tx->arena), &out->form, tx->error);
}

enum result review_revision_load(struct transaction *tx, const char *application_id,
	int64_t revision, struct review_revision *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct review_revision found = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT identity, condition_id, hash, materials, verdict, form_sealed FROM revision"
		" WHERE application_id = ?1 AND revision = ?2",
		BIND(TEXT(application_id), INTEGER(revision)), tx->error);

	if (rc)
		return rc;
	if (cursor_next(&rows))
		rc = revision_read(tx, application_id, revision, &rows, &found);
	if (rc)
		return rc;
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!found.form)
		return fail(tx->error, CONFLICT, "review.never_handed_in", NULL);

	*out = found;
	return OK;
}

static struct review_item *item_add(struct review_case *file, const char *name)
{
	struct review_item *item = &file->items[file->item_count++];

	*item = (struct review_item){.name = name};
	return item;
}

/* Lists of the form whose rows a candidate can ask to be considered, in the order of their numbers, and the topic by
 * which each is corrected. */
static const struct {
	const char *name, *topic;
} related_lists[] = {
	{"certificates", "certificates"}, {"trainings", "certificates"}, {"work", "work"}};

static void related_add(struct transaction *tx, struct review_case *file)
{
	int number = 0;

	for (size_t i = 0; i < COUNT(related_lists); i++) {
		int row_number = 0;

		json_each(row, json_get(file->revision.form, related_lists[i].name))
		{
			int place = row_number++;

			if (!json_get_true(row, "consider"))
				continue;
			struct review_item *item =
				item_add(file, arena_printf(tx->arena, "related:%d", number++));
			item->topic = related_lists[i].topic;
			item->pointer =
				arena_printf(tx->arena, "/%s/%d", related_lists[i].name, place);
		}
	}
}

static void items_make(struct transaction *tx, struct review_case *file)
{
	static const char *const topics[] = {"details", "condition", "certificates", "work"};
	size_t most = COUNT(topics) + 1 + json_count(file->asked);

	for (size_t i = 0; i < COUNT(related_lists); i++)
		most += json_count(json_get(file->revision.form, related_lists[i].name));
	file->items = NEW_ARRAY(tx->arena, struct review_item, most);
	for (size_t i = 0; i < COUNT(topics); i++)
		item_add(file, topics[i]);
	if (json_count(json_get(file->plan.manifest, "fields")) > 0)
		item_add(file, "fields");
	json_each(material, file->asked)
	{
		const char *id = json_get_text(material, "id");

		if (json_get_true(material, "required") ||
			json_find(file->revision.materials, "material", id))
			item_add(file, arena_printf(tx->arena, "material:%s", id));
	}
	related_add(tx, file);
}

struct review_item *review_case_item(const struct review_case *file, const char *name)
{
	for (size_t i = 0; i < file->item_count; i++) {
		if (text_equal(file->items[i].name, name))
			return &file->items[i];
	}
	return NULL;
}

const char *review_item_title(
	struct transaction *tx, const struct review_case *file, const struct review_item *item)
{
	static const struct {
		const char *item, *title;
	} topics[] = {
		{"details", "application.part_details"},
		{"condition", "application.part_condition"},
		{"certificates", "application.part_certificates"},
		{"work", "application.part_work"},
		{"fields", "application.part_fields"},
	};
	const json *row =
		item->pointer ? json_at_pointer(file->revision.form, item->pointer) : NULL;

	for (size_t i = 0; i < COUNT(topics); i++) {
		if (text_equal(topics[i].item, item->name))
			return message_text(tx->arena, tx->language, topics[i].title, NULL);
	}
	if (row)
		return message_text(tx->arena, tx->language, "application.part_related",
			(const char *const[]){"name", json_get_text(row, "occupation"), NULL});
	return json_get_text(
		json_find(file->asked, "id", item->name + strlen("material:")), "name");
}

bool review_item_is(const struct review_item *item, const char *outcome)
{
	return item && item->outcome && text_equal(item->outcome, outcome);
}

/* A judgement as it stands in the row, put to its item if there is one. */
static enum result judgement_read(
	struct transaction *tx, const struct cursor *row, struct review_case *file)
{
	struct review_item *item = review_case_item(file, cursor_text(row, 0, tx->arena));

	if (!item)
		return OK;
	item->outcome = cursor_text(row, 1, tx->arena);
	item->note = cursor_text(row, 3, tx->arena);
	item->revision = cursor_integer(row, 4);
	item->account_id = cursor_text(row, 5, tx->arena);
	item->account_name = cursor_text(row, 6, tx->arena);
	item->judged_at = cursor_integer(row, 7);
	item->locked = review_item_is(item, "pass") && item->revision <= file->decided_revision;
	return json_column(tx, row, 2, &item->reasons);
}

static enum result judgements_read(
	struct transaction *tx, const char *application_id, struct review_case *file)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT j.item, j.outcome, j.reasons, j.note, j.revision, j.account_id, s.name,"
		" j.judged_at FROM judgement j LEFT JOIN account s ON s.id = j.account_id"
		" WHERE j.application_id = ?1",
		BIND(TEXT(application_id)), tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		rc = judgement_read(tx, &rows, file);
		if (rc)
			return rc;
	}
	return cursor_end(&rows, tx->error);
}

/* The related row of that name in a form; NULL if it has none. */
static const json *related_row(struct transaction *tx, const json *form, const char *name)
{
	int number = 0;

	for (size_t i = 0; i < COUNT(related_lists); i++) {
		json_each(row, json_get(form, related_lists[i].name))
		{
			if (!json_get_true(row, "consider"))
				continue;
			if (text_equal(arena_printf(tx->arena, "related:%d", number++), name))
				return row;
		}
	}
	return NULL;
}

/* Takes back a judgement of a related row that reads otherwise now. */
static enum result related_recheck(struct transaction *tx, const struct application *application,
	struct review_case *file, struct review_item *item)
{
	struct review_revision then;
	enum result rc = review_revision_load(tx, application->id, item->revision, &then);

	if (rc)
		return rc;
	if (json_equal(related_row(tx, then.form, item->name),
		    related_row(tx, file->revision.form, item->name)))
		return OK;
	*item = (struct review_item){
		.name = item->name, .pointer = item->pointer, .topic = item->topic};
	return OK;
}

static enum result decided_revision(
	struct transaction *tx, const char *application_id, int64_t *revision)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(revision), 0) FROM decision WHERE application_id = ?1",
		BIND(TEXT(application_id)), revision, tx->error);
}

enum result review_case_load(
	struct transaction *tx, const struct application *application, struct review_case *out)
{
	struct review_case file = {0};
	enum result rc;

	rc = erasure_expect_none(tx, application);
	rc = rc ? rc : plan_load(tx, application->plan_id, &file.plan);
	rc = rc ? rc
		: review_revision_load(tx, application->id, application->revision, &file.revision);
	rc = rc ? rc : decided_revision(tx, application->id, &file.decided_revision);
	if (rc)
		return rc;
	file.asked =
		application_materials_asked(tx, file.plan.manifest, file.revision.condition_id);
	items_make(tx, &file);
	rc = judgements_read(tx, application->id, &file);
	for (size_t i = 0; i < file.item_count && !rc; i++) {
		struct review_item *item = &file.items[i];

		if (item->topic && item->outcome && item->revision != application->revision)
			rc = related_recheck(tx, application, &file, item);
	}
	if (rc)
		return rc;

	*out = file;
	return OK;
}

const char *review_case_outcome(const struct review_case *file)
{
	bool failed = false;

	for (size_t i = 0; i < file->item_count; i++) {
		if (!file->items[i].outcome)
			return "undecided";
		failed = failed || review_item_is(&file->items[i], "fail");
	}
	return failed ? "rejected" : "approved";
}
