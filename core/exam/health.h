/*
 * How the deployment does, beyond what the server's loop knows: disks, and what waits in each tenant.
 */
#ifndef KAOWU_EXAM_HEALTH_H
#define KAOWU_EXAM_HEALTH_H

#include "transaction.h"

/* Adds to `health`: disk {total_bytes, free_bytes} of DATA; and to each of its `tenants` ({slug, ...}) the members
 * sessions, messages_waiting, messages_oldest_at, messages_dead: null where the database cannot be read. Heavy lane, on
 * TENANT_CONTROL. */
void health_add(struct transaction *tx, json *health);

#endif
