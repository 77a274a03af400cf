/*
 * What the server does by itself: deadlines and the outbox, tenant by tenant, as jobs on the tenants' own queues.
 *
 * A tenant has at most one chore at a time: deadlines (write), claim (read), send (heavy, no transaction), mark
 * (write). Deadlines are looked at every minute and at start; the outbox after every commit of the tenant and,
 * while something failed, every few seconds.
 */
#ifndef KAOWU_COMMAND_CHORES_H
#define KAOWU_COMMAND_CHORES_H

#include <uv.h>

#include "exam/deployment.h"
#include "tenant/tenant.h"

struct chores;

/* Loop thread. Starts at once. */
struct chores *chores_start(
	uv_loop_t *loop, struct tenants *tenants, struct deployment *deployment);
/* No new ones; those under way end with the tenants' queues. Then, when the loop has closed its handles:
 * chores_free(). */
void chores_stop(struct chores *chores);
void chores_free(struct chores *chores);

#endif
