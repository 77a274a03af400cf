/*
 * Keeping a session alive that only reads: its moment is written by a small job of its own, after the request.
 */
#ifndef KAOWU_API_TOUCH_H
#define KAOWU_API_TOUCH_H

#include "tenant/tenant.h"

/* Loop thread. `token` is copied. Nothing happens if the tenant's inbox is full: the next request will do it. */
void touch_later(struct tenants *tenants, struct tenant *tenant, const char *token);

#endif
