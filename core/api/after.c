/*
 * The jobs behind an answer. They outlive the request, whose arena goes with its answer, so they have their own.
 */
#include "after.h"

#include "api.h"
#include "base/clock.h"
#include "exam/material.h"
#include "exam/review.h"
#include "exam/session.h"
#include "exam/upload.h"

#define AFTER_ARENA (1u << 20)

struct after {
	struct job job; /* first */
	struct arena *arena;
	struct error error;
	struct actor actor;
	const char *session; /* a token, or NULL */
	const char *lease;   /* an application's id, or NULL */
	const char *plan_id, *file_id;
};

static struct transaction after_transaction(struct after *after, struct store *db)
{
	return (struct transaction){.arena = after->arena,
		.db = db,
		.tenant = after->job.tenant,
		.error = &after->error,
		.actor = after->actor,
		.now = clock_now_ms()};
}

static enum result moments_write(struct job *job, struct store *db)
{
	struct after *after = (struct after *)job;
	struct transaction tx = after_transaction(after, db);
	enum result rc = after->session ? session_touch(&tx, after->session) : OK;

	if (rc || !after->lease)
		return rc;
	return review_lease_keep(&tx, after->lease);
}

static enum result file_forget(struct job *job, struct store *db)
{
	struct after *after = (struct after *)job;
	struct transaction tx = after_transaction(after, db);

	return upload_forget(&tx, after->plan_id, after->file_id);
}

/* What could not be done is no trouble of anybody's. */
static void after_done(struct job *job, enum result outcome)
{
	struct after *after = (struct after *)job;

	(void)outcome;
	arena_destroy(after->arena);
}

static struct after *after_create(const struct request *request, enum lane lane,
	enum result (*run)(struct job *job, struct store *db))
{
	struct arena *arena = arena_create(AFTER_ARENA);
	struct after *after = NEW(arena, struct after);
	const struct actor *actor = &request->tx.actor;

	*after = (struct after){
		.job = {.tenant = request->job.tenant,
			.lane = lane,
			.run = run,
			.done = after_done,
			.error = &after->error},
		.arena = arena,
		.error = {.arena = arena},
		.actor = *actor,
	};
	after->actor.id = arena_text(arena, actor->id);
	return after;
}

static void after_submit(const struct request *request, struct after *after)
{
	if (tenants_submit(request->api->tenants, &after->job))
		arena_destroy(after->arena);
}

/* Trouble is no refusal: after a commit that failed nobody can tell what was kept, so the sweep is to find out. */
static bool refused(enum result outcome)
{
	return outcome > OK && outcome < BUSY;
}

void after_answer(struct request *request, enum result outcome)
{
	if (request->touch || request->lease) {
		struct after *after = after_create(request, LANE_WRITE, moments_write);

		after->session = request->touch ? arena_text(after->arena, request->session) : NULL;
		after->lease = arena_text(after->arena, request->lease);
		after_submit(request, after);
	}
	if (request->uploaded && refused(outcome)) {
		struct after *after = after_create(request, LANE_HEAVY, file_forget);

		after->plan_id = arena_text(after->arena, request->uploaded->plan_id);
		after->file_id = arena_text(after->arena, request->uploaded->file.id);
		after_submit(request, after);
	}
}
