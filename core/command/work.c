/*
 * A command's own transaction on one tenant's database, beside a running server.
 */
#include "command.h"

#include "base/clock.h"
#include "tenant/registry.h"

/* All that a command's work asks of one: it serves nobody. */
static struct deployment plain = {.schemas = command_schemas};

enum result work_begin(struct arena *arena, const char *data, const char *slug,
	struct transaction *tx, struct error *error)
{
	*tx = (struct transaction){.arena = arena,
		.actor = {.kind = ACTOR_OPERATOR},
		.deployment = &plain,
		.error = error,
		.now = clock_now_ms()};
	enum result rc = tenant_attach(data, slug, &tx->tenant, &tx->db, error);

	if (rc)
		return rc;
	tx->keys = tenant_keys(tx->tenant);
	rc = store_begin(tx->db, error);
	if (rc)
		tenant_detach(tx->tenant);
	return rc;
}

/* The tenant's own database tells nobody that it has changed. */
static enum result server_tell(const char *data, const char *slug, struct error *error)
{
	struct registry *registry;
	enum result rc = registry_open(data, &registry, error);

	if (rc)
		return rc;
	rc = registry_touch(registry, slug, error);
	registry_close(registry);
	return rc;
}

/* What is done is done: a server that was not told looks by itself, later. */
static void change_tell(const char *data, const char *slug, struct arena *arena)
{
	struct error error = {.arena = arena};

	if (server_tell(data, slug, &error))
		command_say(stderr, "command.not_told", "code", error.code, NULL);
}

enum result work_end(struct transaction *tx, const char *data, enum result rc)
{
	if (rc)
		store_rollback(tx->db);
	else
		rc = store_commit(tx->db, tx->error);
	if (!rc && !tenant_is_control(tx->tenant))
		change_tell(data, tenant_slug(tx->tenant), tx->arena);
	tenant_detach(tx->tenant);
	return rc;
}

void work_drop(struct transaction *tx)
{
	store_rollback(tx->db);
	tenant_detach(tx->tenant);
}
