/*
 * Values in short transactions, one after another, so that who writes beside it hardly waits; then each plan's files.
 */
#include "tenant_reseal.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "command.h"
#include "exam/reseal.h"

#define SERVER_HEARS_S 5 /* of a change to the registry (serve.c looks every two) */

static enum result batch_reseal(struct transaction *tx, struct reseal *reseal, bool *more)
{
	enum result rc = store_begin(tx->db, tx->error);

	if (rc)
		return rc;
	rc = reseal_values(tx, reseal, more);
	if (!rc)
		return store_commit(tx->db, tx->error);
	store_rollback(tx->db);
	return rc;
}

/* What a step has put into the arena goes with it. */
static enum result steps(struct transaction *tx, struct reseal *reseal,
	enum result (*step)(struct transaction *tx, struct reseal *reseal, bool *more))
{
	enum result rc = OK;

	for (bool more = true; !rc && more;) {
		rc = step(tx, reseal, &more);
		arena_reset(tx->arena);
	}
	return rc;
}

static enum result all_reseal(struct transaction *tx, struct reseal *reseal)
{
	tx->now = clock_now_ms();
	enum result rc = steps(tx, reseal, batch_reseal);

	return rc ? rc : steps(tx, reseal, reseal_files);
}

/* Until nothing is found: a server that has not heard of the newest key yet goes on sealing by the one before. */
static enum result all_reseal_again(struct transaction *tx, struct reseal *total)
{
	for (;;) {
		struct reseal pass = {0};
		enum result rc = all_reseal(tx, &pass);

		total->values += pass.values;
		total->files += pass.files;
		total->damaged = pass.damaged;
		if (rc || pass.values + pass.files == 0)
			return rc;
		(void)sleep(SERVER_HEARS_S);
	}
}

static void told(struct arena *arena, const char *slug, const struct reseal *reseal)
{
	command_say(stdout, "command.resealed", "slug", slug, "values",
		arena_printf(arena, "%" PRIu64, reseal->values), "files",
		arena_printf(arena, "%" PRIu64, reseal->files), "damaged",
		arena_printf(arena, "%" PRIu64, reseal->damaged), NULL);
}

int tenant_reseal_command(struct arena *arena, const char *data, const char *slug)
{
	struct arena *passing CLEANUP(arena_destroy_at) = arena_create(4 * LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx = {.arena = passing, .error = &error};
	struct reseal reseal = {0};

	if (!data_there(data))
		return 1;
	enum result rc = tenant_attach(data, slug, &tx.tenant, &tx.db, &error);
	if (rc)
		return command_failed(slug, &error);
	tx.keys = tenant_keys(tx.tenant);
	rc = all_reseal_again(&tx, &reseal);
	tenant_detach(tx.tenant);
	if (rc)
		return command_failed(slug, &error);
	told(arena, slug, &reseal);
	return reseal.damaged > 0;
}
