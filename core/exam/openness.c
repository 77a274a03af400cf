/*
 * Openness, from the judgements that stand and the last decision.
 */
#include "openness.h"

#include "base/text.h"
#include "deadline.h"

enum result openness_load(
	struct transaction *tx, const struct application *application, struct openness *out)
{
	struct openness openness = {.state = application->state};
	enum result rc;

	if (openness.state == APPLICATION_REVIEWING || openness.state == APPLICATION_REJECTED ||
		openness.state == APPLICATION_EXPIRED) {
		rc = store_array(tx->db, tx->arena,
			"SELECT item, outcome, revision, answered_at IS NOT NULL AS \"answered?\""
			" FROM judgement WHERE application_id = ?1",
			BIND(TEXT(application->id)), &openness.judged, tx->error);
		if (rc)
			return rc;
		rc = store_integer(tx->db,
			"SELECT COALESCE(MAX(revision), 0) FROM decision WHERE application_id = ?1",
			BIND(TEXT(application->id)), &openness.decided_revision, tx->error);
		if (rc)
			return rc;
	}
	*out = openness;
	return OK;
}

static bool came_out(const json *judgement, const char *outcome)
{
	return text_equal(json_get_text(judgement, "outcome"), outcome);
}

/* Another condition asks for other facts in these. */
static bool shows_condition(const char *item)
{
	return text_equal(item, "certificates") || text_equal(item, "work");
}

bool openness_of(const struct openness *openness, const char *item)
{
	const json *judgement = json_find(openness->judged, "item", item);

	switch (openness->state) {
	case APPLICATION_DRAFT:
		return true;
	case APPLICATION_REVIEWING:
		return !came_out(judgement, "pass") ||
		       json_get_integer(judgement, "revision") > openness->decided_revision;
	case APPLICATION_REJECTED:
		return came_out(judgement, "fail") ||
		       (came_out(json_find(openness->judged, "item", "condition"), "fail") &&
			       (!judgement || shows_condition(item)));
	default:
		return false;
	}
}

json *openness_answered(struct transaction *tx, const struct openness *openness)
{
	json *items = json_new_array(tx->arena);

	json_each(judgement, openness->judged)
	{
		if (json_get_true(judgement, "answered"))
			json_append(
				items, json_new_text(tx->arena, json_get_text(judgement, "item")));
	}
	return items;
}

enum result application_expect_open(
	struct transaction *tx, const struct application *application, const struct plan *plan)
{
	struct plan taken = *plan;

	/* A plan that its office has closed takes no new ones; what was handed in goes on. */
	if (application->state == APPLICATION_REVIEWING ||
		application->state == APPLICATION_REJECTED)
		taken.state = "published";
	if (application->state == APPLICATION_REJECTED) {
		struct deadlines deadlines;
		enum result rc = deadlines_of(tx, plan, application->id, &deadlines);

		if (rc)
			return rc;
		taken.apply_until = deadlines.correct_until;
	}
	return plan_expect_open(tx, &taken);
}

enum result application_item_open(
	struct transaction *tx, const struct application *application, const char *item)
{
	struct openness openness;
	enum result rc = openness_load(tx, application, &openness);

	if (rc)
		return rc;
	if (!openness_of(&openness, item))
		return fail(tx->error, CONFLICT, "application.locked", "item", item, NULL);
	return OK;
}
