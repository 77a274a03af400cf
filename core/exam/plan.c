/*
 * Assessment plans: reading them, and showing them to the public.
 */
#include "plan.h"

#include "base/clock.h"
#include "base/text.h"
#include "parsed.h"
#include "plan_count.h"
#include "profile.h"

#define PLAN_COLUMNS                                                                               \
	"id, code, name, CASE WHEN k.plan_id IS NULL THEN state ELSE 'cancelled' END,"             \
	" occupation_code, occupation_name, level, sequence,"                                      \
	" plugin_id, plugin_version, plugin_sha256, manifest, document, apply_from, apply_until,"  \
	" pay_until, papers_until, tickets_from, fee_fen, places, version, k.cancelled_at, k.reason"

static enum result plan_read(struct transaction *tx, const struct cursor *row, struct plan *out)
{
	struct plan plan = {
		.id = cursor_text(row, 0, tx->arena),
		.code = cursor_text(row, 1, tx->arena),
		.name = cursor_text(row, 2, tx->arena),
		.state = cursor_text(row, 3, tx->arena),
		.occupation_code = cursor_text(row, 4, tx->arena),
		.occupation_name = cursor_text(row, 5, tx->arena),
		.level = (int)cursor_integer(row, 6),
		.sequence = cursor_integer(row, 7),
		.plugin_id = cursor_text(row, 8, tx->arena),
		.plugin_version = cursor_text(row, 9, tx->arena),
		.plugin_sha256 = cursor_text(row, 10, tx->arena),
		.apply_from = cursor_integer(row, 13),
		.apply_until = cursor_integer(row, 14),
		.pay_until = cursor_integer(row, 15),
		.papers_until = cursor_integer(row, 16),
		.tickets_from = cursor_integer(row, 17),
		.fee_fen = cursor_integer(row, 18),
		.places = cursor_integer(row, 19),
		.version = cursor_integer(row, 20),
		.cancelled_at = cursor_integer(row, 21),
		.cancel_reason = cursor_text(row, 22, tx->arena),
	};
	enum result rc;

	rc = parsed_json(tx, cursor_peek(row, 11), &plan.manifest);
	if (rc)
		return rc;
	rc = parsed_json(tx, cursor_peek(row, 12), &plan.document);
	if (rc)
		return rc;

	*out = plan;
	return OK;
}

/* Staff see drafts as well; everybody else only what has been published. */
static bool plan_visible(const struct transaction *tx, const struct plan *plan)
{
	return tx->actor.kind > ACTOR_CANDIDATE || !text_equal(plan->state, "draft");
}

enum result plan_load(struct transaction *tx, const char *id, struct plan *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct plan plan = {0};
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT " PLAN_COLUMNS
		" FROM plan LEFT JOIN plan_cancel k ON k.plan_id = id WHERE id = ?1",
		BIND(TEXT(id)), tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows))
		rc = plan_read(tx, &rows, &plan);
	if (rc)
		return rc;
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!plan.id || !plan_visible(tx, &plan))
		return fail(tx->error, NOT_FOUND, "plan.unknown", NULL);

	*out = plan;
	return OK;
}

enum result plan_expect_not_cancelled(struct transaction *tx, const struct plan *plan)
{
	if (!plan->cancelled_at)
		return OK;
	return fail(tx->error, CONFLICT, "plan.cancelled", "reason", plan->cancel_reason, NULL);
}

enum result plan_expect_seen(struct transaction *tx, const struct plan *plan, int64_t version)
{
	if (plan->version != version)
		return fail(tx->error, STALE, "plan.stale", NULL);
	return plan_expect_not_cancelled(tx, plan);
}

enum result plan_expect_open(struct transaction *tx, const struct plan *plan)
{
	enum result rc = plan_expect_not_cancelled(tx, plan);

	if (rc)
		return rc;
	if (text_equal(plan->state, "published") && plan->apply_from <= tx->now &&
		tx->now < plan->apply_until)
		return OK;

	return fail(tx->error, CONFLICT, "plan.not_open", "from",
		moment_text(tx->arena, plan->apply_from), "until",
		moment_text(tx->arena, plan->apply_until), NULL);
}

/* What everybody may see, as JSON. Places taken count whoever holds one: handed in and not given up. */
#define PLAN_VIEW_COLUMNS                                                                          \
	"id, code, filing_no, name, " PLAN_STATE_SQL                                               \
	" AS state, occupation_code, occupation_name, level, fee_fen,"                             \
	" apply_from AS \"apply_from@\", apply_until AS \"apply_until@\","                         \
	" pay_until AS \"pay_until@\", papers_until AS \"papers_until@\","                         \
	" tickets_from AS \"tickets_from@\", places, " PLAN_STANDING_SQL " AS places_taken"

/* Both lists of plans: by closing moment, the latest first, then by code. */
#define PLAN_PAGE_SQL                                                                              \
	" apply_until AS " PAGE_NUMBER ","                                                         \
	" (apply_from <= ?1 AND apply_until > ?1 AND state = 'published') AS \"open?\" FROM plan"  \
	" WHERE (?2 = 0 OR apply_until < ?3 OR (apply_until = ?3 AND code > ?4))"
#define PLAN_PAGE_ORDER " ORDER BY apply_until DESC, code LIMIT ?5"
#define PLAN_PAGE(tx, page)                                                                        \
	INTEGER((tx)->now), INTEGER((page)->begun), INTEGER((page)->number), TEXT((page)->text),   \
		INTEGER((page)->most + 1)

int plan_level(struct transaction *tx, const char *level)
{
	static const char *const levels[] = {"1", "2", "3", "4", "5"};

	page_choice(tx, "level", level, levels, COUNT(levels));
	return level ? *level - '0' : 0;
}

enum result plan_list(struct transaction *tx, const char *occupation_code, int level,
	const struct page *page, json **out)
{
	json *view = json_new_object(tx->arena);
	json *plans;
	enum result rc;

	rc = store_array(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS "," PLAN_PAGE_SQL
		" AND state = 'published' AND (?6 IS NULL OR occupation_code = ?6)"
		" AND (?7 = 0 OR level = ?7)" PLAN_PAGE_ORDER,
		BIND(PLAN_PAGE(tx, page), TEXT(occupation_code), INTEGER(level)), &plans,
		tx->error);
	if (rc)
		return rc;

	page_end(tx->arena, page, view, "plans", plans, PAGE_NUMBER, "code");
	*out = view;
	return OK;
}

enum result plan_list_all(struct transaction *tx, const struct page *page, json **out)
{
	json *view = json_new_object(tx->arena);
	json *plans;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS
		", plugin_id, plugin_version, version," PLAN_PAGE_SQL PLAN_PAGE_ORDER,
		BIND(PLAN_PAGE(tx, page)), &plans, tx->error);

	if (rc)
		return rc;
	page_end(tx->arena, page, view, "plans", plans, PAGE_NUMBER, "code");
	*out = view;
	return OK;
}

const char *plan_subject_name(const struct plan *plan, const char *subject)
{
	const json *known = json_find(json_get(plan->manifest, "subjects"), "id", subject);

	return known ? json_get_text(known, "name") : subject;
}

int64_t plan_exam_end(const struct plan *plan)
{
	int64_t last = 0;

	json_each(time, json_at_pointer(plan->document, "/exam/subjects"))
	{
		int64_t until = json_get_moment(time, "until");

		last = until > last ? until : last;
	}
	return last;
}

json *plan_identities(struct transaction *tx, const struct plan *plan)
{
	const json *list = json_get(plan->document, "identities");

	if (list)
		return json_copy(tx->arena, list);
	json *everyone = json_new_array(tx->arena);
	json_append(everyone, json_new_text(tx->arena, "职工"));
	return everyone;
}

/* The part of the manifest that candidates are shown before they apply. */
static void manifest_view(struct transaction *tx, const struct plan *plan, json *view)
{
	static const char *const members[] = {"level_name", "condition_set", "related",
		"conditions", "materials", "work_types", "majors", "subjects", "fields"};

	for (size_t i = 0; i < COUNT(members); i++) {
		json *member = json_get(plan->manifest, members[i]);

		if (member)
			json_set(tx->arena, view, members[i], json_copy(tx->arena, member));
	}
}

void plan_cancelled_show(struct transaction *tx, const struct plan *plan, json *view)
{
	if (!plan->cancelled_at)
		return;
	json_set_moment(tx->arena, view, "cancelled_at", plan->cancelled_at);
	json_set_text(tx->arena, view, "cancel_reason", plan->cancel_reason);
}

enum result plan_view(struct transaction *tx, const struct plan *plan, json **out)
{
	static const char *const members[] = {"exam", "payment", "work_type", "note"};
	json *view, *overlays;
	enum result rc;

	rc = store_object(tx->db, tx->arena,
		"SELECT " PLAN_VIEW_COLUMNS ","
		" (apply_from <= ?2 AND apply_until > ?2 AND state = 'published') AS \"open?\""
		" FROM plan WHERE id = ?1",
		BIND(TEXT(plan->id), INTEGER(tx->now)), &view, tx->error);
	if (rc)
		return rc;
	rc = profile_overlays(tx, plan->occupation_code, &overlays);
	if (rc)
		return rc;

	for (size_t i = 0; i < COUNT(members); i++) {
		json *member = json_get(plan->document, members[i]);

		if (member)
			json_set(tx->arena, view, members[i], json_copy(tx->arena, member));
	}
	manifest_view(tx, plan, view);
	plan_cancelled_show(tx, plan, view);
	json_set(tx->arena, view, "identities", plan_identities(tx, plan));
	json_set(tx->arena, view, "overlays", overlays);
	*out = view;
	return OK;
}

enum result plan_next_change(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MIN(moment), 0) FROM (SELECT apply_from AS moment FROM plan"
		" WHERE apply_from > ?1 UNION ALL SELECT apply_until FROM plan WHERE apply_until > ?1) t",
		BIND(INTEGER(tx->now)), at, tx->error);
}
