/*
 * What the server does by itself: rounds and the outbox, tenant by tenant, as jobs on the tenants' own queues.
 *
 * A tenant has at most one chore at a time. A round is deadlines (write), then the sweep of one plan's files (heavy);
 * it is due at start, when the tenant's next deadline has passed, and once an hour, so that a tenant which nobody uses
 * may stay closed. The outbox is claim (read), send (heavy), mark (write); it is due after every commit of the tenant
 * and when a message that failed may be tried again.
 */
#ifndef KAOWU_COMMAND_CHORES_H
#define KAOWU_COMMAND_CHORES_H

#include <uv.h>

#include "exam/deployment.h"
#include "tenant/tenant.h"

struct chores;

/* All of this: loop thread. Starts at once. */
struct chores *chores_start(
	uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment);
/* A round for every tenant, soon: its plans may have changed. */
void chores_round(struct chores *chores);
/* Begins no more. Calls `stopped`, from the loop, when those under way have ended: what was sent has been marked. */
void chores_stop(struct chores *chores, void (*stopped)(void *context), void *context);
/* After tenants_close(), since every commit tells us: closes what the loop holds and frees itself then. */
void chores_close(struct chores *chores);

#endif
