/*
 * Judging and deciding.
 *
 * The one hard thing: a rejection must always leave the candidate something to correct. Topics and materials
 * reopen when they failed; a related row is corrected in its topic, so its failure takes the topic's
 * judgement with it.
 */
#include "review.h"

#include <inttypes.h>

#include "base/id.h"
#include "base/text.h"
#include "deadline.h"
#include "notice.h"
#include "paper.h"
#include "reason.h"
#include "review_case.h"
#include "review_lease.h"
#include "review_view.h"
#include "wording.h"

static enum result judgement_write(struct transaction *tx, const struct application *application,
	const char *item, const struct opinion *opinion)
{
	return store_run(tx->db,
		"INSERT INTO judgement (application_id, item, outcome, reasons, note, revision,"
		" account_id, judged_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT (application_id, item) DO UPDATE SET outcome = excluded.outcome,"
		" reasons = excluded.reasons, note = excluded.note, revision = excluded.revision,"
		" account_id = excluded.account_id, judged_at = excluded.judged_at,"
		" answered_at = NULL",
		BIND(TEXT(application->id), TEXT(item), TEXT(opinion->pass ? "pass" : "fail"),
			TEXT(json_print(tx->arena, opinion->reasons)), TEXT(opinion->note),
			INTEGER(application->revision), TEXT(tx->actor.id), INTEGER(tx->now)),
		tx->error);
}

/* The item, if it can be judged now. */
static enum result item_judgeable(
	struct transaction *tx, const struct review_case *file, const char *name)
{
	const struct review_item *item = review_case_item(file, name);

	if (!item)
		return fail(tx->error, NOT_FOUND, "review.item_unknown", "item", name, NULL);
	if (item->locked)
		return fail(tx->error, CONFLICT, "review.item_locked", "item", name, NULL);
	return OK;
}

/* Whether a name counts that is on no list, the reviewer decides alone: why it does is kept (S4). */
static void related_check(
	struct transaction *tx, const struct review_item *item, const struct opinion *opinion)
{
	if (item->topic && opinion->pass && !opinion->note)
		fault_add(tx->error, "/note", "review.related_note", NULL);
}

/* Nobody judges what he has not seen: the candidate may have handed in another revision since. */
static enum result revision_expect(
	struct transaction *tx, const struct application *application, const json *body)
{
	const json *seen = json_get(body, "revision");

	if (!seen || json_get_integer(body, "revision") == application->revision)
		return OK;
	return fail(tx->error, STALE, "review.revised", "yours",
		arena_printf(tx->arena, "%" PRId64, json_get_integer(body, "revision")), "current",
		arena_printf(tx->arena, "%" PRId64, application->revision), NULL);
}

static enum result judged_view(
	struct transaction *tx, const struct application *application, json **out)
{
	json *lease, *view = json_new_object(tx->arena);
	struct review_case file;
	enum result rc = review_case_load(tx, application, &file);

	if (rc)
		return rc;
	rc = lease_view(tx, application, &lease);
	if (rc)
		return rc;
	json_set(tx->arena, view, "items", review_items_json(tx, &file));
	json_set_text(tx->arena, view, "outcome", review_case_outcome(&file));
	json_set(tx->arena, view, "lease", lease);
	*out = view;
	return OK;
}

enum result review_judge(struct transaction *tx, struct application *application, const char *item,
	const json *body, json **out)
{
	struct review_case file;
	struct opinion opinion;
	enum result rc;

	rc = lease_expect_waiting(tx, application);
	if (rc)
		return rc;
	rc = lease_expect(tx, application);
	if (rc)
		return rc;
	rc = revision_expect(tx, application, body);
	if (rc)
		return rc;
	rc = review_case_load(tx, application, &file);
	if (rc)
		return rc;
	rc = item_judgeable(tx, &file, item);
	if (rc)
		return rc;
	opinion_read(tx, "", body, &opinion);
	related_check(tx, review_case_item(&file, item), &opinion);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	rc = judgement_write(tx, application, item, &opinion);
	if (rc)
		return rc;
	rc = lease_renew(tx, application);
	if (rc)
		return rc;
	return judged_view(tx, application, out);
}

/* The reasons of all failed items in few words, each once. */
static const char *reasons_words(struct transaction *tx, const struct review_case *file)
{
	json *seen = json_new_object(tx->arena);
	size_t most = 0, count = 0;

	for (size_t i = 0; i < file->item_count; i++)
		most += json_count(file->items[i].reasons);
	const char **words = NEW_ARRAY(tx->arena, const char *, most + 1);
	for (size_t i = 0; i < file->item_count; i++) {
		json_each(reason, file->items[i].reasons)
		{
			const char *code = json_text(reason);

			if (json_get(seen, code))
				continue;
			json_set_boolean(tx->arena, seen, code, true);
			words[count++] = reason_short(tx->arena, code);
		}
	}
	return list_words(tx->arena, words, count);
}

/* Which text a decision sends: who has nothing to pay, or to post, is not asked to. */
static const char *sms_event(struct transaction *tx, const struct application *application,
	const struct review_case *file, const char *outcome)
{
	if (!text_equal(outcome, "approved") || file->plan.fee_fen > 0)
		return outcome;
	return json_count(paper_asked(tx, &file->plan, application)) > 0 ? "approved_free"
									 : "approved_ready";
}

/* What a decision that is made now tells. */
static enum result notice_of(struct transaction *tx, const struct application *application,
	const struct review_case *file, const char *outcome, struct notice *out)
{
	struct deadlines deadlines;
	enum result rc = deadlines_decided(
		tx, &file->plan, application->id, text_equal(outcome, "approved"), &deadlines);

	if (rc)
		return rc;
	return notice_make(tx, out, sms_event(tx, application, file, outcome), "number",
		application->number, "plan", file->plan.name, "fee",
		yuan_words(tx->arena, file->plan.fee_fen), "pay_until",
		moment_words(tx->arena, deadlines.pay_until), "papers_until",
		moment_words(tx->arena, deadlines.papers_until), "reasons", reasons_words(tx, file),
		NULL);
}

static json *items_with(struct transaction *tx, const struct review_case *file, const char *outcome)
{
	json *names = json_new_array(tx->arena);

	for (size_t i = 0; i < file->item_count; i++) {
		if (text_equal(file->items[i].outcome, outcome))
			json_append(names, json_new_text(tx->arena, file->items[i].name));
	}
	return names;
}

static bool outcome_known(const char *outcome)
{
	return text_equal(outcome, "approved") || text_equal(outcome, "rejected");
}

enum result review_preview(
	struct transaction *tx, struct application *application, const char *outcome, json **out)
{
	json *view = json_new_object(tx->arena);
	struct review_case file;
	const char *computed;
	struct notice notice = {0};
	enum result rc;

	rc = review_case_load(tx, application, &file);
	if (rc)
		return rc;
	computed = review_case_outcome(&file);
	if (outcome && !outcome_known(outcome))
		fault_add(tx->error, "/outcome", "review.outcome", NULL);
	rc = refuse_faults(tx->error);
	if (rc)
		return rc;
	if (!outcome)
		outcome = computed;
	if (outcome_known(outcome))
		rc = notice_of(tx, application, &file, outcome, &notice);
	if (rc)
		return rc;

	json_set_text(tx->arena, view, "outcome", outcome);
	json_set_text(tx->arena, view, "text", notice.text);
	json_set_text(tx->arena, view, "computed", computed);
	json_set(tx->arena, view, "unjudged", items_with(tx, &file, NULL));
	json_set(tx->arena, view, "failed", items_with(tx, &file, "fail"));
	*out = view;
	return OK;
}

/* "证件照、工作经历": for the text of a refusal; NULL if there are none. */
static const char *items_words(
	struct transaction *tx, const struct review_case *file, const char *outcome)
{
	const char **words = NEW_ARRAY(tx->arena, const char *, file->item_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < file->item_count; i++) {
		if (text_equal(file->items[i].outcome, outcome))
			words[count++] = review_item_title(tx, file, &file->items[i]);
	}
	return count > 0 ? list_words(tx->arena, words, count) : NULL;
}

/* Approved needs every item passed, rejected one that failed. */
static enum result outcome_check(
	struct transaction *tx, const struct review_case *file, const char *outcome)
{
	const char *unjudged = items_words(tx, file, NULL);
	const char *failed = items_words(tx, file, "fail");

	if (!outcome_known(outcome))
		fault_add(tx->error, "/outcome", "review.outcome", NULL);
	else if (text_equal(outcome, "rejected") && !failed)
		return fail(tx->error, CONFLICT, "review.nothing_failed", NULL);
	else if (text_equal(outcome, "approved") && failed)
		return fail(tx->error, CONFLICT, "review.failed", "items", failed, NULL);
	else if (text_equal(outcome, "approved") && unjudged)
		return fail(tx->error, CONFLICT, "review.unjudged", "items", unjudged, NULL);
	return refuse_faults(tx->error);
}

/* The topic of a failed related row fails with it, so that it opens for correction. */
static enum result related_fail(
	struct transaction *tx, const struct application *application, struct review_case *file)
{
	for (size_t i = 0; i < file->item_count; i++) {
		struct review_item *related = &file->items[i];
		struct review_item *topic = review_case_item(file, related->topic);

		if (!topic || !review_item_is(related, "fail") || review_item_is(topic, "fail"))
			continue;
		struct opinion opinion = {.reasons = related->reasons, .note = related->note};
		enum result rc = judgement_write(tx, application, topic->name, &opinion);
		if (rc)
			return rc;
		topic->outcome = related->outcome;
		topic->reasons = related->reasons;
		topic->note = related->note;
	}
	return OK;
}

/* Every judgement as it stands: for ever, and without who made it, since the candidate reads it. */
static json *items_kept(struct transaction *tx, const struct review_case *file)
{
	json *items = json_new_array(tx->arena);

	for (size_t i = 0; i < file->item_count; i++) {
		const struct review_item *item = &file->items[i];

		if (!item->outcome)
			continue;
		json *entry = json_append(items, json_new_object(tx->arena));
		json_set_text(tx->arena, entry, "item", item->name);
		json_set_text(tx->arena, entry, "outcome", item->outcome);
		json_set(tx->arena, entry, "reasons", json_copy(tx->arena, item->reasons));
		json_set_text(tx->arena, entry, "note", item->note);
	}
	return items;
}

static enum result decision_write(struct transaction *tx, const struct application *application,
	const struct review_case *file, const char *outcome, const char *note, const char **id)
{
	*id = id_create(tx->arena);
	return store_run(tx->db,
		"INSERT INTO decision (id, application_id, revision, outcome, items, note, account_id,"
		" decided_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
		BIND(TEXT(*id), TEXT(application->id), INTEGER(application->revision),
			TEXT(outcome), TEXT(json_print(tx->arena, items_kept(tx, file))),
			TEXT(text_blank(note) ? NULL : note), TEXT(tx->actor.id), INTEGER(tx->now)),
		tx->error);
}

/* What the machine had found; where it could not tell, the reviewer's word stands for it. */
static json *decision_detail(struct transaction *tx, const struct application *application,
	const struct review_case *file, const char *decision_id)
{
	const char *verdict = json_get_text(file->revision.verdict, "outcome");
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "decision", decision_id);
	json_set_text(tx->arena, detail, "verdict", verdict);
	json_set_boolean(tx->arena, detail, "judged_by_reviewer",
		application->manual || !text_equal(verdict, "met"));
	json_set(tx->arena, detail, "failed", items_with(tx, file, "fail"));
	return detail;
}

/* Writes the decision into the application, moves it, and does what follows from an approval. */
static enum result decision_apply(struct transaction *tx, struct application *application,
	const struct review_case *file, const char *outcome, const json *detail)
{
	bool approved = text_equal(outcome, "approved");
	enum result rc;

	application->approved_revision = approved ? application->revision : 0;
	application->decided_at = tx->now;
	application->lease_account = NULL;
	application->lease_until = 0;
	rc = application_move(tx, application, approved ? EVENT_APPROVE : EVENT_REJECT, detail);
	rc = rc ? rc : deadline_decided(tx, &file->plan, application->id, approved);
	if (rc || !approved)
		return rc;
	return paper_approved(tx, &file->plan, application);
}

/* May the actor decide on it now? */
static enum result decidable(struct transaction *tx, const struct application *application,
	const char *outcome, struct review_case *file)
{
	enum result rc = lease_expect_waiting(tx, application);

	if (rc)
		return rc;
	rc = lease_expect(tx, application);
	if (rc)
		return rc;
	rc = review_case_load(tx, application, file);
	if (rc)
		return rc;
	return outcome_check(tx, file, outcome);
}

static json *decided_view(struct transaction *tx, const struct application *application,
	const char *decision_id, const char *outcome, const char *text)
{
	json *view = json_new_object(tx->arena);

	json_set_text(tx->arena, view, "decision", decision_id);
	json_set_text(tx->arena, view, "outcome", outcome);
	json_set_text(tx->arena, view, "state", application_machine.states[application->state]);
	json_set_integer(tx->arena, view, "version", application->version);
	json_set_text(tx->arena, view, "text", text);
	return view;
}

enum result review_decide(
	struct transaction *tx, struct application *application, const json *body, json **out)
{
	const char *outcome = json_get_text(body, "outcome");
	const char *note = json_get_text(body, "note");
	struct review_case file;
	const char *decision_id;
	struct notice notice;
	enum result rc;

	rc = decidable(tx, application, outcome, &file);
	if (rc)
		return rc;
	rc = related_fail(tx, application, &file);
	if (rc)
		return rc;
	rc = decision_write(tx, application, &file, outcome, note, &decision_id);
	if (rc)
		return rc;
	rc = decision_apply(tx, application, &file, outcome,
		decision_detail(tx, application, &file, decision_id));
	if (rc)
		return rc;
	rc = notice_of(tx, application, &file, outcome, &notice);
	if (rc)
		return rc;
	rc = notice_send(tx, &notice, application->account_id, application->id,
		arena_printf(tx->arena, "%s:%s:%" PRId64, outcome, application->id,
			application->revision));
	if (rc)
		return rc;

	*out = decided_view(tx, application, decision_id, outcome, notice.text);
	return OK;
}
