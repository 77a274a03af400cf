/*
 * One application after the other, each in memory of its own: there may be very many (replay.h).
 */
#include "replay.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "plugin/eligibility.h"
#include "profile.h"
#include "review_case.h"
#include "topics.h"

struct handed_in {
	const char *id, *number, *plan_code, *state;
	int64_t revision, at;
};

struct replaying {
	const json *before, *after, *overlays;
	json *differing; /* in the transaction's own arena */
};

/* NULL if the manifest has no such condition. */
static const char *outcome_by(struct arena *arena, const json *manifest, const char *condition,
	const json *overlays, const json *facts)
{
	json *verdict;

	if (!eligibility_condition(manifest, condition))
		return NULL;
	eligibility_evaluate(arena, manifest, condition, overlays, facts, &verdict);
	return json_get_text(verdict, "outcome");
}

static void tell(struct arena *arena, json *differing, const struct handed_in *application,
	const char *condition, const char *const outcomes[2])
{
	json *row = json_append(differing, json_new_object(arena));

	json_set_text(arena, row, "number", application->number);
	json_set_text(arena, row, "plan", application->plan_code);
	json_set_text(arena, row, "state", application->state);
	json_set_text(arena, row, "condition", condition);
	json_set_text(arena, row, "on", date_text(arena, date_of_moment(application->at)));
	json_set_text(arena, row, "before", outcomes[0]);
	json_set_text(arena, row, "after", outcomes[1]);
}

static enum result judge(struct transaction *tx, const struct replaying *replaying,
	const struct handed_in *application)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct transaction then = *tx;
	struct review_revision revision;

	then.arena = arena;
	then.now = application->at;
	enum result rc =
		review_revision_load(&then, application->id, application->revision, &revision);
	if (rc)
		return rc;

	const json *facts = topics_facts(&then, revision.form);
	const char *outcomes[] = {outcome_by(arena, replaying->before, revision.condition_id,
					  replaying->overlays, facts),
		outcome_by(arena, replaying->after, revision.condition_id, replaying->overlays,
			facts)};
	if (!text_equal(outcomes[0], outcomes[1]))
		tell(tx->arena, replaying->differing, application, revision.condition_id, outcomes);
	return OK;
}

static enum result judge_all(
	struct transaction *tx, const struct replaying *replaying, int64_t *judged)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	const json *occupation = json_get(replaying->after, "occupation");
	enum result rc = store_query(tx->db, &rows,
		"SELECT a.id, a.number, p.code, a.state, r.revision, r.created_at FROM application a"
		" JOIN plan p ON p.id = a.plan_id JOIN revision r ON r.application_id = a.id"
		" WHERE p.occupation_code = ?1 AND p.level = ?2 AND r.revision ="
		" (SELECT MAX(revision) FROM revision WHERE application_id = a.id) ORDER BY a.number",
		BIND(TEXT(json_get_text(occupation, "code")),
			INTEGER(json_get_integer(replaying->after, "level"))),
		tx->error);

	while (!rc && cursor_next(&rows)) {
		struct arena *arena CLEANUP(arena_destroy_at) = arena_create(65536);
		const struct handed_in application = {.id = cursor_text(&rows, 0, arena),
			.number = cursor_text(&rows, 1, arena),
			.plan_code = cursor_text(&rows, 2, arena),
			.state = cursor_text(&rows, 3, arena),
			.revision = cursor_integer(&rows, 4),
			.at = cursor_integer(&rows, 5)};

		rc = judge(tx, replaying, &application);
		++*judged;
	}
	return rc ? rc : cursor_end(&rows, tx->error);
}

enum result replay(struct transaction *tx, const json *before, const json *after, int64_t *judged,
	json **differing)
{
	const char *occupation_code = json_text(json_at_pointer(after, "/occupation/code"));
	struct replaying replaying = {
		.before = before, .after = after, .differing = json_new_array(tx->arena)};
	json *overlays;
	int64_t count = 0;
	enum result rc = profile_overlays(tx, occupation_code, &overlays);

	if (rc)
		return rc;
	replaying.overlays = overlays;
	rc = judge_all(tx, &replaying, &count);
	if (rc)
		return rc;
	*judged = count;
	*differing = replaying.differing;
	return OK;
}
