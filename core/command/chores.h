/*
 * What the server does by itself, tenant by tenant, as jobs on the tenants' own queues.
 *
 * A tenant has a chore of each kind, and each runs one thing at a time. A round is deadlines (write), then the sweep of
 * one plan's files (heavy); it is due at start, when the tenant's next deadline has passed, and hourly, so that one
 * that nobody uses may stay closed. Errands (exam/errand.h) are claim (read), begin (write), prepare (heavy), the
 * exchanges on the loop, settle (write); they are due when the kind says so and, most of them, after every commit of
 * the tenant. A provider that hangs holds up its own kind of one tenant, and no thread.
 */
#ifndef KAOWU_COMMAND_CHORES_H
#define KAOWU_COMMAND_CHORES_H

#include <uv.h>

#include "exam/deployment.h"
#include "tenant/tenant.h"

struct chores;

/* All of this: loop thread. Starts at once. `ca_file`: of https_client_open(), which happens when first something is to
 * be said; it must stay. */
struct chores *chores_start(uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment,
	const char *ca_file);
/* Everything of every tenant, soon: a command may have changed its plans or its outbox. */
void chores_round(struct chores *chores);
/* Begins no more, and ends soon what is under way to others. Calls `stopped`, from the loop, when all has ended: what
 * was sent has been settled. */
void chores_stop(struct chores *chores, void (*stopped)(void *context), void *context);
/* After tenants_close(), since every commit tells us: closes what the loop holds and frees itself then. */
void chores_close(struct chores *chores);

#endif
