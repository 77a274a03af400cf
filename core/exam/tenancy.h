/*
 * The tenants as the operator of the deployment sees and changes them. A transaction is on TENANT_CONTROL.
 *
 * A tenant as JSON: {slug, state, hosts, reason, created_at, changed_at, backed_up_at, database_bytes, files_bytes,
 * figures (tenant_figures.h), trouble}; where its database cannot be read `figures` is null and `trouble` says why.
 * Every act is audited with its actor. Worker threads; what reads is for the heavy lane.
 */
#ifndef KAOWU_EXAM_TENANCY_H
#define KAOWU_EXAM_TENANCY_H

#include "page.h"
#include "transaction.h"

/* {tenants: [...], next}, by slug. */
enum result tenancy_list(struct transaction *tx, const struct page *page, json **out) MUST_CHECK;
/* NOT_FOUND ("tenant.unknown"). */
enum result tenancy_view(struct transaction *tx, const char *slug, json **out) MUST_CHECK;

/*
 * A tenant with its profile and first administrator, from {slug, name, region_code, address, contact, admin{login,
 * name}}: {slug, login, token, expires_at}, the invitation that is shown once. INVALID at /slug ("tenant.exists").
 * What a creation that was cut short has left is completed by the next one.
 */
enum result tenancy_create(struct transaction *tx, const json *body, json **out) MUST_CHECK;
/* A suspended one is as if it were not there, to everybody; nothing of it is lost. NOT_FOUND ("tenant.unknown"). */
enum result tenancy_suspend(
	struct transaction *tx, const char *slug, bool suspended, const char *reason) MUST_CHECK;

#endif
