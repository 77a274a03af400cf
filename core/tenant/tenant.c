/*
 * One tenant: its connections, its keys, its files stores; and tenant_attach() for commands.
 *
 * Opening and closing are done by whoever has moved the tenant to TENANT_OPENING or TENANT_CLOSING (inside.h), alone.
 * What is open has one writer from the first write on, used by the one write batch; as many readers as there are
 * batches that read; and the files stores that were asked for.
 */
#include "tenant.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "inside.h"
#include "store/migration.h"

/* The files of one plan, open. */
struct plan_files {
	SLIST_ENTRY(plan_files) next;
	struct files *files;
	char plan_id[ID_SIZE];
};

struct tenant *tenant_create(const char *data_folder, const char *slug)
{
	struct tenant *tenant = calloc(1, sizeof *tenant);

	assert(tenant && strlen(slug) < SLUG_SIZE);
	tenant->data_folder = data_folder;
	memcpy(tenant->slug, slug, strlen(slug) + 1);
	for (int lane = 0; lane < LANE_COUNT; lane++) {
		tenant->lanes[lane].tenant = tenant;
		tenant->lanes[lane].lane = (enum lane)lane;
	}
	return tenant;
}

void tenant_destroy(struct tenant *tenant)
{
	assert(tenant->state == TENANT_CLOSED && !tenant->premises);
	free(tenant->keys_wrapped);
	free(tenant->failure);
	free(tenant);
}

bool tenant_is_control(const struct tenant *tenant)
{
	return text_equal(tenant->slug, TENANT_CONTROL);
}

static const char *database_path(struct arena *arena, const char *data_folder, const char *slug)
{
	if (text_equal(slug, TENANT_CONTROL))
		return arena_printf(arena, "%s/control.db", data_folder);
	return arena_printf(arena, "%s/tenants/%s/tenant.db", data_folder, slug);
}

/* Takes the arena over. */
static void premises_create(struct tenant *tenant, struct arena *arena, const struct keyring *keys)
{
	struct premises *premises = NEW(arena, struct premises);

	premises->arena = arena;
	premises->keys = *keys;
	premises->database_path = database_path(arena, tenant->data_folder, tenant->slug);
	pthread_mutex_init(&premises->files_lock, NULL);
	tenant->premises = premises;
}

enum result tenant_open_writer(struct tenant *tenant, struct error *error)
{
	struct premises *premises = tenant->premises;

	assert(!premises->writer);
	premises->wal_pages_seen = 0;
	return store_open(premises->database_path, STORE_WRITE, &premises->writer, error);
}

static const char *family(const struct tenant *tenant)
{
	return tenant_is_control(tenant) ? "control" : "tenant";
}

/* The writer, migrated. */
static enum result tenant_connect(struct tenant *tenant, struct error *error)
{
	enum result rc = tenant_open_writer(tenant, error);
	if (rc)
		return rc;
	return store_upgrade(tenant->premises->writer, family(tenant), error);
}

/* A reader, where all is in order already: most centres that are opened are only looked at, and a writer would double
 * what that takes. False: whatever hinders, a writer can mend or name. */
static bool tenant_connect_reader(struct tenant *tenant)
{
	struct premises *premises = tenant->premises;
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(TENANT_ARENA);
	struct error error = {.arena = arena};
	struct store *reader CLEANUP(store_close_at) = NULL;

	if (store_has_log(premises->database_path) ||
		store_open(premises->database_path, STORE_READ, &reader, &error) ||
		!store_is_migrated(reader, family(tenant)))
		return false;
	premises->readers[premises->reader_count++] = reader;
	reader = NULL;
	return true;
}

static enum result tenant_unwrap(
	const struct tenant *tenant, struct arena *arena, struct keyring *out, struct error *error)
{
	struct tenants *tenants = tenant->tenants;

	if (tenant_is_control(tenant)) {
		keys_control(arena, registry_master(tenants->registry), out);
		return OK;
	}
	pthread_mutex_lock(&tenants->lock);
	size_t size = tenant->keys_wrapped_size;
	const void *wrapped = arena_copy(arena, tenant->keys_wrapped, size);
	pthread_mutex_unlock(&tenants->lock);
	return keys_unwrap(arena, registry_master(tenants->registry), tenant->slug,
		bytes_of(wrapped, size), out, error);
}

static enum result tenant_move_in(struct tenant *tenant, enum lane lane, struct error *error)
{
	struct arena *arena = arena_create(TENANT_ARENA);
	struct keyring keys;

	enum result rc = tenant_unwrap(tenant, arena, &keys, error);
	if (rc) {
		arena_destroy(arena);
		return rc;
	}
	premises_create(tenant, arena, &keys);
	if (lane != LANE_WRITE && tenant_connect_reader(tenant))
		return OK;
	rc = tenant_connect(tenant, error);
	if (rc)
		tenant_close(tenant);
	return rc;
}

static bool failed_just_now(const struct tenant *tenant)
{
	int64_t since = clock_now_ms() - tenant->failed_at;

	return tenant->failure && since >= 0 && since < OPEN_RETRY_MS;
}

enum result tenant_open(struct tenant *tenant, enum lane lane, struct error *error)
{
	if (failed_just_now(tenant))
		return trouble(error, tenant->failed, "tenant.unavailable", "%s", tenant->failure);

	enum result rc = tenant_move_in(tenant, lane, error);

	free(tenant->failure);
	tenant->failure = NULL;
	if (!rc)
		return OK;
	tenant->failed = rc;
	tenant->failed_at = clock_now_ms();
	if (asprintf(&tenant->failure, "%s: %s", error->code,
		    error->internal ? error->internal : "") < 0)
		abort();
	return rc;
}

void tenant_close(struct tenant *tenant)
{
	struct premises *premises = tenant->premises;
	struct plan_files *plan;

	SLIST_FOREACH(plan, &premises->files, next)
	{
		files_close(plan->files);
	}
	while (premises->reader_count)
		store_close(premises->readers[--premises->reader_count]);
	store_close(premises->writer);
	pthread_mutex_destroy(&premises->files_lock);
	arena_destroy(premises->arena);
	tenant->premises = NULL;
}

enum result tenant_take_reader(struct tenant *tenant, struct store **out, struct error *error)
{
	struct premises *premises = tenant->premises;
	struct store *reader = NULL;

	pthread_mutex_lock(&tenant->tenants->lock);
	if (premises->reader_count)
		reader = premises->readers[--premises->reader_count];
	pthread_mutex_unlock(&tenant->tenants->lock);
	if (!reader)
		return store_open(premises->database_path, STORE_READ, out, error);
	*out = reader;
	return OK;
}

void tenant_give_reader(struct tenant *tenant, struct store *reader)
{
	struct premises *premises = tenant->premises;

	if (!store_poisoned(reader)) {
		pthread_mutex_lock(&tenant->tenants->lock);
		if (premises->reader_count < READERS_KEPT) {
			premises->readers[premises->reader_count++] = reader;
			reader = NULL;
		}
		pthread_mutex_unlock(&tenant->tenants->lock);
	}
	store_close(reader);
}

void tenant_rest(struct tenant *tenant)
{
	struct premises *premises = tenant->premises;
	/* One connection stays: to be the first again is dear. */
	size_t kept = premises->writer ? 0 : 1;

	while (premises->reader_count > kept)
		store_close(premises->readers[--premises->reader_count]);
	if (premises->writer)
		store_rest(premises->writer);
	else if (premises->reader_count)
		store_rest(premises->readers[0]);
}

const char *tenant_slug(const struct tenant *tenant)
{
	return tenant->slug;
}

const struct keyring *tenant_keys(const struct tenant *tenant)
{
	assert(tenant->premises);
	return &tenant->premises->keys;
}

void tenant_publish(struct tenant *tenant)
{
	tenant->premises->published = true;
}

uint64_t tenant_generation(const struct tenant *tenant)
{
	return atomic_load(&tenant->generation);
}

/* files_lock held. */
static enum result plan_files_open(
	struct tenant *tenant, const char *plan_id, struct files **out, struct error *error)
{
	struct premises *premises = tenant->premises;
	struct plan_files *plan;

	SLIST_FOREACH(plan, &premises->files, next)
	{
		if (text_equal(plan->plan_id, plan_id)) {
			*out = plan->files;
			return OK;
		}
	}

	const char *path = arena_printf(error->arena, "%s/tenants/%s/files/%s.db",
		tenant->data_folder, tenant->slug, plan_id);
	enum result rc = files_open(path, &premises->keys, out, error);
	if (rc)
		return rc;

	plan = NEW(premises->arena, struct plan_files);
	plan->files = *out;
	memcpy(plan->plan_id, plan_id, ID_SIZE);
	SLIST_INSERT_HEAD(&premises->files, plan, next);
	return OK;
}

enum result tenant_files(
	struct tenant *tenant, const char *plan_id, struct files **out, struct error *error)
{
	/* It becomes part of a path. */
	if (!id_valid(plan_id))
		return fail(error, NOT_FOUND, "tenant.plan_unknown", NULL);

	pthread_mutex_lock(&tenant->premises->files_lock);
	enum result rc = plan_files_open(tenant, plan_id, out, error);
	pthread_mutex_unlock(&tenant->premises->files_lock);
	return rc;
}

struct tenant_counters tenant_counters(const struct tenant *tenant)
{
	struct tenants *tenants = tenant->tenants;
	struct tenant_counters counters = {
		.reads = atomic_load(&tenant->reads),
		.writes = atomic_load(&tenant->writes),
		.commits = atomic_load(&tenant->commits),
		.failures = atomic_load(&tenant->failures),
		.open = !tenants,
	};

	if (!tenants)
		return counters;

	pthread_mutex_lock(&tenants->lock);
	for (int lane = 0; lane < LANE_COUNT; lane++)
		counters.waiting += tenant->lanes[lane].waiting.count;
	counters.open = tenant->state == TENANT_OPEN || tenant->state == TENANT_RESTING;
	counters.unavailable = tenant->unavailable;
	pthread_mutex_unlock(&tenants->lock);
	return counters;
}

static enum result keys_find(struct registry *registry, struct arena *arena, const char *slug,
	struct keyring *out, struct error *error)
{
	if (!text_equal(slug, TENANT_CONTROL))
		return registry_keys(registry, arena, slug, out, error);
	keys_control(arena, registry_master(registry), out);
	return OK;
}

/* The keys go into the arena; the tenant takes it over, if there is one. */
static enum result attach(struct registry *registry, const char *slug, struct arena *arena,
	struct tenant **out, struct error *error)
{
	struct keyring keys;
	enum result rc = keys_find(registry, arena, slug, &keys, error);

	if (rc)
		return rc;

	struct tenant *tenant = tenant_create(arena_text(arena, registry_folder(registry)), slug);
	premises_create(tenant, arena, &keys);
	*out = tenant;
	return tenant_connect(tenant, error);
}

enum result tenant_attach_by(struct registry *registry, const char *slug, struct tenant **out,
	struct store **db, struct error *error)
{
	struct arena *arena = arena_create(TENANT_ARENA);
	struct tenant *tenant = NULL;

	enum result rc = attach(registry, slug, arena, &tenant, error);
	if (rc) {
		if (tenant)
			tenant_detach(tenant);
		else
			arena_destroy(arena);
		return rc;
	}
	*out = tenant;
	*db = tenant->premises->writer;
	return OK;
}

enum result tenant_attach(const char *data_folder, const char *slug, struct tenant **out,
	struct store **db, struct error *error)
{
	struct registry *registry;
	enum result rc = registry_open(data_folder, &registry, error);

	if (rc)
		return rc;
	rc = tenant_attach_by(registry, slug, out, db, error);
	registry_close(registry);
	return rc;
}

enum result tenant_look(
	const char *data_folder, const char *slug, struct store **db, struct error *error)
{
	return store_open(database_path(error->arena, data_folder, slug), STORE_READ, db, error);
}

void tenant_detach(struct tenant *tenant)
{
	if (!tenant)
		return;
	tenant_close(tenant);
	tenant_destroy(tenant);
}
