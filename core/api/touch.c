/*
 * The job that writes a session's moment. It outlives the request, whose arena goes with its answer, so it has its own.
 */
#include "touch.h"

#include "base/clock.h"
#include "exam/account.h"

#define TOUCH_ARENA (1u << 20)

struct touch {
	struct job job; /* first */
	struct arena *arena;
	struct error error;
	const char *token;
};

static enum result touch_run(struct job *job, struct store *db)
{
	struct touch *touch = (struct touch *)job;
	struct transaction tx = {
		.arena = touch->arena, .db = db, .error = &touch->error, .now = clock_now_ms()};

	return session_touch(&tx, touch->token);
}

/* A moment that could not be written is no trouble of anybody's. */
static void touch_done(struct job *job, enum result outcome)
{
	struct touch *touch = (struct touch *)job;

	(void)outcome;
	arena_destroy(touch->arena);
}

void touch_later(struct tenants *tenants, struct tenant *tenant, const char *token)
{
	struct arena *arena = arena_create(TOUCH_ARENA);
	struct touch *touch = NEW(arena, struct touch);

	*touch = (struct touch){
		.job = {.tenant = tenant,
			.lane = LANE_WRITE,
			.run = touch_run,
			.done = touch_done,
			.error = &touch->error},
		.arena = arena,
		.error = {.arena = arena},
		.token = arena_text(arena, token),
	};
	if (tenants_submit(tenants, &touch->job))
		arena_destroy(arena);
}
