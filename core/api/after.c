/*
 * The job behind an answer. It outlives the request, whose arena goes with its answer, so it has its own.
 */
#include "after.h"

#include "api.h"
#include "base/clock.h"
#include "exam/account.h"
#include "exam/review.h"

#define AFTER_ARENA (1u << 20)

struct after {
	struct job job; /* first */
	struct arena *arena;
	struct error error;
	struct actor actor;
	const char *session; /* a token, or NULL */
	const char *lease;   /* an application's id, or NULL */
};

static enum result after_run(struct job *job, struct store *db)
{
	struct after *after = (struct after *)job;
	struct transaction tx = {.arena = after->arena,
		.db = db,
		.error = &after->error,
		.actor = after->actor,
		.now = clock_now_ms()};
	enum result rc = after->session ? session_touch(&tx, after->session) : OK;

	if (rc || !after->lease)
		return rc;
	return review_lease_keep(&tx, after->lease);
}

/* What could not be written is no trouble of anybody's. */
static void after_done(struct job *job, enum result outcome)
{
	struct after *after = (struct after *)job;

	(void)outcome;
	arena_destroy(after->arena);
}

void after_read(struct request *request)
{
	if (!request->touch && !request->lease)
		return;

	struct arena *arena = arena_create(AFTER_ARENA);
	struct after *after = NEW(arena, struct after);
	const struct actor *actor = &request->tx.actor;

	*after = (struct after){
		.job = {.tenant = request->job.tenant,
			.lane = LANE_WRITE,
			.run = after_run,
			.done = after_done,
			.error = &after->error},
		.arena = arena,
		.error = {.arena = arena},
		.actor = {actor->kind, arena_text(arena, actor->id), actor->roles},
		.session = request->touch ? arena_text(arena, request->session) : NULL,
		.lease = arena_text(arena, request->lease),
	};
	if (tenants_submit(request->api->tenants, &after->job))
		arena_destroy(arena);
}
