/*
 * Assessment plans (认定计划, S12): what can be applied for, when, for how much, under which plugin.
 *
 * A plan comes from tenants/<slug>/plans/<code>.json (schemas/plan.schema.json). It pins a plugin by id, version
 * and SHA-256 and keeps its manifest.
 */
#ifndef KAOWU_EXAM_PLAN_H
#define KAOWU_EXAM_PLAN_H

#include "page.h"
#include "transaction.h"

struct plan {
	const char *id, *code, *name;
	const char *state; /* "draft", "published", "closed" or "cancelled" */
	const char *occupation_code, *occupation_name;
	int level;
	int64_t sequence;
	const char *plugin_id, *plugin_version, *plugin_sha256;
	const json *manifest; /* of the pinned plugin; shared, see parsed.h */
	const json *document; /* as in plans/<code>.json */
	int64_t apply_from, apply_until, pay_until, papers_until,
		tickets_from; /* tickets_from 0: not opened */
	int64_t fee_fen, places, version;
	int64_t cancelled_at;      /* 0: it is not */
	const char *cancel_reason; /* for its candidates; NULL if it is not */
};

/* In queries: is the plan of that id cancelled (plan_cancel.h)? */
#define PLAN_CANCELLED_SQL(id) "EXISTS (SELECT 1 FROM plan_cancel k WHERE k.plan_id = " #id ")"
/* The state of a row of plan. */
#define PLAN_STATE_SQL                                                                             \
	"CASE WHEN " PLAN_CANCELLED_SQL(plan.id) " THEN 'cancelled' ELSE plan.state END"

/* NOT_FOUND ("plan.unknown"). Drafts are not found by candidates and the public. */
enum result plan_load(struct transaction *tx, const char *id, struct plan *out) MUST_CHECK;
/* CONFLICT ("plan.not_open") unless published and now is within the application period, or ("plan.cancelled"). */
enum result plan_expect_open(struct transaction *tx, const struct plan *plan) MUST_CHECK;
/* CONFLICT ("plan.cancelled", reason): nothing of it changes any more. */
enum result plan_expect_not_cancelled(struct transaction *tx, const struct plan *plan) MUST_CHECK;

/* For whoever changes it: STALE ("plan.stale") if it is another by now than `version`, CONFLICT ("plan.cancelled"). */
enum result plan_expect_seen(
	struct transaction *tx, const struct plan *plan, int64_t version) MUST_CHECK;

/* The level, "1" to "5", of which plans or applications are asked for; 0 for NULL. A fault at /level ("page.choice")
 * where there is none such. */
int plan_level(struct transaction *tx, const char *level);
/* Public: published plans as JSON, by occupation and level when given; with places left: {plans, next}. */
enum result plan_list(struct transaction *tx, const char *occupation_code, int level,
	const struct page *page, json **out) MUST_CHECK;
enum result plan_view(struct transaction *tx, const struct plan *plan, json **out) MUST_CHECK;
/* Adds {cancelled_at, cancel_reason} of a plan that is cancelled. */
void plan_cancelled_show(struct transaction *tx, const struct plan *plan, json *view);
/* Every plan, drafts, closed and cancelled ones as well, for the administrator. */
enum result plan_list_all(struct transaction *tx, const struct page *page, json **out) MUST_CHECK;
/* When does the public view next change by itself (an opening or closing moment)? 0: never. For the cache. */
enum result plan_next_change(struct transaction *tx, int64_t *at) MUST_CHECK;

/* What the plugin calls a subject of the plan's exam; its id if it does not know it. */
const char *plan_subject_name(const struct plan *plan, const char *subject);

/* When the last subject of its exam is over. */
int64_t plan_exam_end(const struct plan *plan);

/* Which identities the plan takes (S14): its own list, or everyone as 职工. */
json *plan_identities(struct transaction *tx, const struct plan *plan);

/* Inserts or updates by code; pins the newest active plugin for the occupation and level (or the version that the
 * document names). The pinned plugin of a plan with applications is never changed silently: CONFLICT
 * ("plan.pinned"). Nor is anything else taken back that they were promised: INVALID (plan_change.h). A cancelled plan
 * stays as it is: CONFLICT ("plan.cancelled_file"). */
enum result plan_apply(struct transaction *tx, const json *document, const char **id) MUST_CHECK;

#endif
