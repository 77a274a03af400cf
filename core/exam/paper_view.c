/*
 * Papers as the candidate, the desk and the cover sheet show them.
 */
#include "applicant.h"
#include "deadline.h"
#include "erasure.h"
#include "paper.h"
#include "payment.h"
#include "plan_count.h"
#include "profile.h"
#include "submission.h"

/* What an application's papers are about, loaded once. */
struct papers {
	struct paper_row row;
	struct deadlines deadlines;
	const json *profile;
	json *asked;
};

static enum result papers_of(struct transaction *tx, const struct paper_row *row,
	const struct deadlines *deadlines, const json *materials, struct papers *out)
{
	out->row = *row;
	out->deadlines = *deadlines;
	out->asked = paper_among(tx, materials);
	return profile_load(tx, &out->profile);
}

static enum result papers_load(struct transaction *tx, const struct application *application,
	const struct plan *plan, struct papers *out)
{
	struct paper_row row;
	enum result rc = paper_row_load(tx, application->id, &row);

	if (rc)
		return rc;
	const struct deadlines deadlines = deadlines_within(plan, row.grace_until);
	return papers_of(tx, &row, &deadlines,
		application_materials_asked(tx, plan->manifest, application->condition_id), out);
}

static void shared(struct transaction *tx, json *to, const char *name, const json *value)
{
	json_set(tx->arena, to, name,
		value ? json_share(tx->arena, value) : json_new_null(tx->arena));
}

/* Each paper that is asked for, with what came of it. */
static json *papers_list(struct transaction *tx, const struct papers *papers)
{
	json *list = json_new_array(tx->arena);

	json_each(paper, papers->asked)
	{
		const json *item =
			json_find(papers->row.items, "material", json_get_text(paper, "id"));
		json *entry = json_append(list, json_new_object(tx->arena));

		json_set_text(tx->arena, entry, "material", json_get_text(paper, "id"));
		json_set_text(tx->arena, entry, "name", json_get_text(paper, "name"));
		json_set_integer(
			tx->arena, entry, "copies", json_get_integer(paper, "paper_copies"));
		shared(tx, entry, "received_copies", json_get(item, "copies"));
		shared(tx, entry, "outcome", json_get(item, "outcome"));
		shared(tx, entry, "reasons", json_get(item, "reasons"));
		shared(tx, entry, "note", json_get(item, "note"));
	}
	return list;
}

static json *papers_json(
	struct transaction *tx, const struct application *application, const struct papers *papers)
{
	const struct paper_row *row = &papers->row;
	json *view = json_new_object(tx->arena);

	shared(tx, view, "address", json_get(papers->profile, "address"));
	shared(tx, view, "contact", json_get(papers->profile, "contact"));
	json_set_moment(tx->arena, view, "deadline_at", papers->deadlines.papers_until);
	json_set(tx->arena, view, "papers", papers_list(tx, papers));
	json_set_text(tx->arena, view, "courier", row->courier);
	json_set_text(tx->arena, view, "courier_number", row->courier_number);
	json_set_moment(tx->arena, view, "posted_at", row->posted_at);
	json_set_moment(tx->arena, view, "received_at", row->received_at);
	json_set_moment(tx->arena, view, "accepted_at", row->accepted_at);
	json_set_boolean(tx->arena, view, "can_post",
		application->state == APPLICATION_APPROVED && !row->accepted_at);
	return view;
}

enum result paper_view(struct transaction *tx, const struct application *application,
	const struct paper_row *row, const struct deadlines *deadlines, const json *materials,
	json **out)
{
	struct papers papers;
	enum result rc = papers_of(tx, row, deadlines, materials, &papers);

	if (rc)
		return rc;
	*out = papers_json(tx, application, &papers);
	return OK;
}

/* Whose papers they are. */
static enum result desk_head(
	struct transaction *tx, const struct application *application, json *view)
{
	struct payment_facts payment;
	struct applicant applicant;
	enum result rc = applicant_of(tx, application, &applicant);

	if (rc)
		return rc;
	rc = application_head(tx, application, view);
	if (rc)
		return rc;
	rc = payment_facts(tx, application, &payment);
	if (rc)
		return rc;

	json_set_text(tx->arena, view, "candidate_name", applicant.name);
	json_set_text(tx->arena, view, "id_masked", applicant.id_masked);
	json_set_text(tx->arena, view, "mobile", applicant.mobile_masked);
	json_set_boolean(tx->arena, view, "paid", payment.paid);
	return OK;
}

/* Who restores what was given up may go beyond the plan's places, whose seats the centre has to find: and is told. */
static enum result places_beyond(struct transaction *tx, const struct plan *plan, json *view)
{
	int64_t standing;
	enum result rc = plan_count_standing(tx, plan->id, &standing);

	if (rc)
		return rc;
	json_set_integer(tx->arena, view, "beyond_places",
		plan->places > 0 && standing > plan->places ? standing - plan->places : 0);
	return OK;
}

/* Would it be restored, if somebody asked for it? */
static enum result restorable_show(
	struct transaction *tx, const struct application *application, json *view)
{
	enum result rc = deadline_expect_restorable(tx, application);

	if (rc && rc != CONFLICT && rc != INVALID)
		return rc;
	json_set_boolean(tx->arena, view, "restorable", rc == OK);
	error_forget(tx->error);
	return OK;
}

enum result paper_desk_view(struct transaction *tx, struct application *application, json **out)
{
	struct papers papers;
	struct plan plan;
	json *view;
	enum result rc = plan_load(tx, application->plan_id, &plan);

	rc = rc ? rc : papers_load(tx, application, &plan, &papers);
	if (rc)
		return rc;
	view = papers_json(tx, application, &papers);
	json_set_text(tx->arena, view, "plan_name", plan.name);
	rc = desk_head(tx, application, view);
	rc = rc ? rc : places_beyond(tx, &plan, view);
	rc = rc ? rc : restorable_show(tx, application, view);
	if (rc)
		return rc;
	*out = view;
	return OK;
}

static void cover_papers(
	struct transaction *tx, const struct papers *papers, struct cover_facts *cover)
{
	struct cover_paper *list =
		NEW_ARRAY(tx->arena, struct cover_paper, json_count(papers->asked) + 1);

	json_each(paper, papers->asked) list[cover->paper_count++] = (struct cover_paper){
		json_get_text(paper, "name"), (unsigned)json_get_integer(paper, "paper_copies")};
	cover->papers = list;
}

enum result paper_cover_facts(
	struct transaction *tx, struct application *application, struct cover_facts *out)
{
	struct cover_facts cover = {.made_at = tx->now};
	struct applicant applicant;
	struct papers papers;
	struct plan plan;
	enum result rc;

	if (application->approved_revision == 0)
		return fail(tx->error, CONFLICT, "paper.not_yet", NULL);
	rc = erasure_expect_none(tx, application);
	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : papers_load(tx, application, &plan, &papers);
	if (rc)
		return rc;
	if (json_count(papers.asked) == 0)
		return fail(tx->error, CONFLICT, "paper.nothing", NULL);
	rc = submission_hash(tx, application, application->approved_revision, &cover.revision_hash);
	rc = rc ? rc : applicant_of(tx, application, &applicant);
	if (rc)
		return rc;

	const json *address = json_get(papers.profile, "address");
	const json *contact = json_get(papers.profile, "contact");
	cover.centre_name = json_get_text(papers.profile, "name");
	cover.recipient = json_get_text(address, "recipient");
	cover.address = json_get_text(address, "line");
	cover.postcode = json_get_text(address, "postcode");
	cover.contact_name = json_get_text(contact, "name");
	cover.telephone = json_get_text(contact, "telephone");
	cover.deadline_at = papers.deadlines.papers_until;
	cover.application_number = application->number;
	cover.plan_name = plan.name;
	cover.occupation_name = plan.occupation_name;
	cover.level_name = json_get_text(plan.manifest, "level_name");
	cover.candidate_name = applicant.name;
	cover.mobile_masked = applicant.mobile_masked;
	cover_papers(tx, &papers, &cover);
	*out = cover;
	return OK;
}

/* One row of the list of what is missing. */
static enum result missing_row(struct transaction *tx, const struct cursor *row, json *list)
{
	json *entry = json_append(list, cursor_object(row, tx->arena));
	struct applicant applicant;
	enum result rc = applicant_of_row(tx, row, 0, 7, &applicant);

	if (rc)
		return rc;
	json_set_text(tx->arena, entry, "name", applicant.name);
	json_set_text(tx->arena, entry, "mobile", applicant.mobile_masked);
	return OK;
}

static enum result missing_list(
	struct transaction *tx, const char *plan_id, const struct page *page, json *list)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.id, a.number, " PAYMENT_PAID_SQL " AS \"paid?\", pp.courier,"
		" pp.courier_number, pp.posted_at AS \"posted_at@\","
		" pp.received_at AS \"received_at@\", a.form_sealed"
		" FROM application a JOIN plan p ON p.id = a.plan_id"
		" LEFT JOIN paper pp ON pp.application_id = a.id"
		" WHERE a.plan_id = ?1 AND " PAPER_NOT_ARRIVED_SQL
		" AND (?2 = 0 OR a.number > ?3) ORDER BY a.number LIMIT ?4",
		BIND(TEXT(plan_id), INTEGER(page->begun), TEXT(page->text),
			INTEGER(page->most + 1)),
		tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows)) {
		rc = missing_row(tx, &rows, list);
		if (rc)
			return rc;
	}
	return cursor_end(&rows, tx->error);
}

enum result paper_not_arrived(
	struct transaction *tx, const char *plan_id, const struct page *page, json **out)
{
	json *view = json_new_object(tx->arena);
	json *list = json_new_array(tx->arena);
	struct plan plan;
	enum result rc = plan_load(tx, plan_id, &plan);

	if (rc)
		return rc;
	rc = missing_list(tx, plan_id, page, list);
	if (rc)
		return rc;

	page_end(tx->arena, page, view, "applications", list, NULL, "number");
	*out = view;
	return OK;
}
