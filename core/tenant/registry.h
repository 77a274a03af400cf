/*
 * The deployment's own database, DATA/control.db: which tenants there are, their wrapped keys, their hosts.
 *
 * Used by commands and by tenants_open(). Blocking; one thread at a time. The master key (32 bytes, DATA/master.key,
 * 0600, made at first use, or $CREDENTIALS_DIRECTORY/kaowu-master-key from systemd) wraps each tenant's keys; it never
 * leaves this folder's code.
 */
#ifndef KAOWU_TENANT_REGISTRY_H
#define KAOWU_TENANT_REGISTRY_H

#include <stdbool.h>

#include "base/json.h"
#include "base/result.h"
#include "base/seal.h"
#include "store/store.h"

struct registry;
struct tenant;

/* Makes DATA, control.db and the master key where they are missing; but no key if there are tenants, whose keys a new
 * one could not open: BROKEN ("tenant.master_key_missing"). Nor does a key do that opens no tenant's: BROKEN
 * ("tenant.master_key_other"). */
enum result registry_open(
	const char *data_folder, struct registry **out, struct error *error) MUST_CHECK;
/* The same of another deployment, to be read only: nothing is made there, nor brought up to date. */
enum result registry_look(
	const char *data_folder, struct registry **out, struct error *error) MUST_CHECK;
void registry_close(struct registry *registry);
struct store *registry_store(struct registry *registry); /* control.db, for core/plugin's tables */

/*
 * The registry over the connection of a job of tenants_control(), which is in a transaction: what the functions below
 * change is kept or lost with it. It lives in `arena`, and is not closed.
 */
struct registry *registry_within(
	const struct tenant *control, struct arena *arena, struct store *store);

/* Makes keys and database (migrated, in a folder of its own); CONFLICT if the slug exists. Slug:
 * ^[a-z][a-z0-9-]{1,30}$, else INVALID. What an add that was killed has left is completed. The functions below give
 * NOT_FOUND for an unknown slug. */
enum result registry_add(
	struct registry *registry, const char *slug, struct error *error) MUST_CHECK;
/* Array of {slug, state, hosts, created_at}. */
enum result registry_list(
	struct registry *registry, struct arena *arena, json **out, struct error *error) MUST_CHECK;
/* Array of {slug}, over any connection to control.db, without the master key. */
enum result registry_slugs(
	struct store *control, struct arena *arena, json **out, struct error *error) MUST_CHECK;
/* `reason`: what people are told of it, or NULL. */
enum result registry_suspend(struct registry *registry, const char *slug, bool suspended,
	const char *reason, struct error *error) MUST_CHECK;
/* `hosts` is an array of host names without port. INVALID with the faults, or CONFLICT ("tenant.host_taken") if one of
 * them leads to another tenant. */
enum result registry_set_hosts(struct registry *registry, const char *slug, const json *hosts,
	struct error *error) MUST_CHECK;
/* The tenant's unwrapped keys, in `arena`. */
enum result registry_keys(struct registry *registry, struct arena *arena, const char *slug,
	struct keyring *out, struct error *error) MUST_CHECK;
/* Lets a running server know that a command has changed the tenant's own database: it looks within seconds. */
enum result registry_touch(
	struct registry *registry, const char *slug, struct error *error) MUST_CHECK;
/*
 * May the tenant of another deployment be taken over? CONFLICT if there is one of that name ("tenant.exists"), if a
 * host of its leads to another ("tenant.host_taken"), or if it is not suspended there ("tenant.import_active"): nothing
 * is to be written behind the copy.
 */
enum result registry_expect_import(struct registry *registry, struct registry *from,
	const char *slug, struct error *error) MUST_CHECK;
/* In a folder that an import has made, until its tenant exists. */
#define TENANT_IMPORT_MARK ".import"
/* Takes it over, suspended: its keys are wrapped by our master key, and the folder `made`, which holds its databases,
 * becomes its own. CONFLICT besides if a folder of that name is in the way ("tenant.import_in_way"). */
enum result registry_import(struct registry *registry, struct registry *from, const char *slug,
	const char *made, struct error *error) MUST_CHECK;
/* A new key for a tenant: old values stay readable. A running server uses it after tenants_reload(). */
enum result registry_rotate(
	struct registry *registry, const char *slug, struct error *error) MUST_CHECK;

#endif
