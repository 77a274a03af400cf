/*
 * The plugins as the operator of the deployment sees and changes them. A transaction is on TENANT_CONTROL, and the
 * catalogue is asked and changed within it, so that an act and its audit row are kept or lost together. Installing
 * starts a process, which no transaction waits for: plugin_desk_install() writes on a connection of its own, and
 * plugin_desk_installed() says so in the audit log; cut short between the two, the same package again makes up for it.
 *
 * A plugin as JSON: {id, version, sha256, occupation_code, occupation_name, level, state, reason{code, detail},
 * reason_at, installed_at, signed_by, signer, trust}. Plugins are named by their file's SHA-256 or its first 12 digits;
 * NOT_FOUND ("plugin.unknown").
 */
#ifndef KAOWU_EXAM_PLUGIN_DESK_H
#define KAOWU_EXAM_PLUGIN_DESK_H

#include "plugin/catalogue.h"
#include "transaction.h"

/* {plugins: [...], keys: [{key, name, trusted_at}]} */
enum result plugin_desk_list(struct transaction *tx, json **out) MUST_CHECK;
/* Which plans of which tenants pin it, suspended ones as well: {uses: [{tenant, plan (its code), name, state,
 * applications}], unread: [slug of a tenant whose database cannot be read]}. Heavy lane. */
enum result plugin_desk_uses(struct transaction *tx, const char *sha256, json **out) MUST_CHECK;

/* Heavy lane. INVALID, FORBIDDEN, CONFLICT as of plugin/plugin_install.h. The entry lies in tx->arena, without its
 * manifest. */
enum result plugin_desk_install(
	struct transaction *tx, struct bytes file, struct catalogue_entry *out) MUST_CHECK;
enum result plugin_desk_installed(
	struct transaction *tx, const struct catalogue_entry *entry) MUST_CHECK;

/* As of plugin/catalogue.h, with the reason in the audit log. */
enum result plugin_desk_disable(
	struct transaction *tx, const char *sha256, const char *reason) MUST_CHECK;
enum result plugin_desk_readmit(
	struct transaction *tx, const char *sha256, const char *reason) MUST_CHECK;
/* `version` NULL: the active one below the highest. */
enum result plugin_desk_rollback(
	struct transaction *tx, const char *id, const char *version, const char *reason) MUST_CHECK;

/* What a centre's plans are pinned to and the deployment lacks: array of {id, version, sha256}. For a command, over any
 * connection to each. */
enum result plugin_desk_missing(struct arena *arena, struct store *tenant, struct store *control,
	json **out, struct error *error) MUST_CHECK;

#endif
