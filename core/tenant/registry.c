/*
 * control.db: the table `tenant`, and what it takes to add one.
 *
 * A tenant exists from the moment its row is committed, and the row comes last: its folder and database are made (or,
 * after a kill half-way, completed) before. Nothing is ever deleted here.
 */
#include "registry.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "inside.h"
#include "store/migration.h"

struct registry {
	struct arena *arena;
	const char *data_folder;
	struct store *store;
	struct seal_key key;
	struct keyring master; /* of this one key */
	bool within;           /* the transaction is somebody else's */
};

/*
 * Is it the key that wrapped what is there? It is if it opens the keys of any tenant: those of one may be damaged, and
 * the others go on. A key of another deployment opens none, and what it would wrap now nobody could tell apart later.
 */
static enum result master_check(const struct registry *registry, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(TENANT_ARENA);
	struct cursor rows CLEANUP(cursor_close) = {0};
	size_t count = 0;
	bool opened = false;

	enum result rc = store_query(
		registry->store, &rows, "SELECT slug, keys_wrapped FROM tenant", BIND_NONE, error);
	if (rc)
		return rc;
	while (!opened && cursor_next(&rows)) {
		struct error cause = {.arena = arena};
		struct keyring keys;

		count++;
		opened = keys_unwrap(arena, &registry->master, cursor_text(&rows, 0, arena),
				 cursor_blob(&rows, 1, arena), &keys, &cause) == OK;
		arena_reset(arena);
	}
	rc = cursor_end(&rows, error);
	if (rc || opened || count == 0)
		return rc;
	return fail(error, BROKEN, "tenant.master_key_other", "path", registry->data_folder, NULL);
}

/* Control.db and then the key: it may be made only while there is no tenant whose keys another one has wrapped, and
 * like everything else only where we may write. */
static enum result registry_begin(
	struct registry *registry, enum store_mode mode, struct error *error)
{
	const char *path = arena_printf(registry->arena, "%s/control.db", registry->data_folder);
	int64_t tenants;

	enum result rc = store_open(path, mode, &registry->store, error);
	if (!rc && mode == STORE_CREATE)
		rc = store_migrate(registry->store, "control", error);
	if (rc)
		return rc;

	rc = store_integer(
		registry->store, "SELECT count(*) FROM tenant", BIND_NONE, &tenants, error);
	if (rc)
		return rc;

	registry->key.id = 1;
	registry->master = (struct keyring){.keys = &registry->key, .count = 1};
	rc = master_key_load(registry->data_folder, mode == STORE_CREATE && tenants == 0,
		registry->key.secret, error);
	if (rc)
		return rc;
	return master_check(registry, error);
}

static enum result open_as(
	const char *data_folder, enum store_mode mode, struct registry **out, struct error *error)
{
	struct arena *arena = arena_create(TENANT_ARENA);
	struct registry *registry = NEW(arena, struct registry);

	registry->arena = arena;
	registry->data_folder = arena_text(arena, data_folder);
	enum result rc = registry_begin(registry, mode, error);
	if (rc) {
		registry_close(registry);
		return rc;
	}
	*out = registry;
	return OK;
}

enum result registry_open(const char *data_folder, struct registry **out, struct error *error)
{
	return open_as(data_folder, STORE_CREATE, out, error);
}

enum result registry_look(const char *data_folder, struct registry **out, struct error *error)
{
	return open_as(data_folder, STORE_READ, out, error);
}

void registry_close(struct registry *registry)
{
	if (!registry)
		return;
	store_close(registry->store);
	explicit_bzero(&registry->key, sizeof registry->key);
	arena_destroy(registry->arena);
}

struct registry *registry_within(
	const struct tenant *control, struct arena *arena, struct store *store)
{
	const struct registry *whole = control->tenants->registry;
	struct registry *registry = NEW(arena, struct registry);

	assert(tenant_is_control(control));
	*registry = (struct registry){.arena = arena,
		.data_folder = whole->data_folder,
		.store = store,
		.master = whole->master,
		.within = true};
	return registry;
}

struct store *registry_store(struct registry *registry)
{
	return registry->store;
}

const struct keyring *registry_master(const struct registry *registry)
{
	return &registry->master;
}

const char *registry_folder(const struct registry *registry)
{
	return registry->data_folder;
}

/* ^[a-z][a-z0-9-]{1,30}$ */
static bool slug_valid(const char *slug)
{
	size_t size = strlen(slug);

	return size >= 2 && size < SLUG_SIZE && slug[0] >= 'a' && slug[0] <= 'z' &&
	       strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

/* DATA/tenants/<slug>/tenant.db, whatever was there before, but not another deployment's: new keys do not open it. */
static enum result tenant_make(struct registry *registry, const char *slug, struct error *error)
{
	struct store *store CLEANUP(store_close_at) = NULL;
	const char *folder =
		arena_printf(error->arena, "%s/tenants/%s", registry->data_folder, slug);
	const char *path = arena_printf(error->arena, "%s/tenant.db", folder);

	if (access(arena_printf(error->arena, "%s/" TENANT_IMPORT_MARK, folder), F_OK) == 0)
		return fail(error, CONFLICT, "tenant.import_in_way", "path", folder, NULL);
	enum result rc = store_open(path, STORE_CREATE, &store, error);
	if (rc)
		return rc;
	return store_migrate(store, "tenant", error);
}

/* In a transaction: two commands that add the same tenant come one after the other. */
static enum result tenant_add(struct registry *registry, const char *slug, struct error *error)
{
	struct keyring keys;
	bool present;
	enum result rc = store_has(registry->store, "SELECT 1 FROM tenant WHERE slug = ?1",
		BIND(TEXT(slug)), &present, error);

	if (rc)
		return rc;
	if (present)
		return fail(error, CONFLICT, "tenant.exists", "slug", slug, NULL);

	rc = tenant_make(registry, slug, error);
	if (rc)
		return rc;

	keys_create(error->arena, &keys);
	return store_run(registry->store,
		"INSERT INTO tenant (slug, state, hosts, keys_wrapped, created_at)"
		" VALUES (?1, 'active', '[]', ?2, ?3)",
		BIND(TEXT(slug), BLOB(keys_wrap(error->arena, &registry->master, slug, &keys)),
			INTEGER(clock_now_ms())),
		error);
}

static enum result change_begin(struct registry *registry, struct error *error)
{
	return registry->within ? OK : store_begin(registry->store, error);
}

/* Commits what went well and takes back what did not. */
static enum result change_end(struct registry *registry, enum result rc, struct error *error)
{
	if (registry->within)
		return rc;
	if (rc)
		store_rollback(registry->store);
	else
		rc = store_commit(registry->store, error);
	return rc;
}

enum result registry_add(struct registry *registry, const char *slug, struct error *error)
{
	if (!slug_valid(slug))
		return fail(error, INVALID, "tenant.slug", "slug", slug, NULL);

	enum result rc = change_begin(registry, error);
	if (rc)
		return rc;
	return change_end(registry, tenant_add(registry, slug, error), error);
}

enum result registry_list(
	struct registry *registry, struct arena *arena, json **out, struct error *error)
{
	return store_array(registry->store, arena,
		"SELECT slug, state, hosts AS \"hosts{}\", created_at AS \"created_at@\""
		" FROM tenant ORDER BY slug",
		BIND_NONE, out, error);
}

enum result registry_slugs(
	struct store *control, struct arena *arena, json **out, struct error *error)
{
	return store_array(
		control, arena, "SELECT slug FROM tenant ORDER BY slug", BIND_NONE, out, error);
}

/* One row must have been changed: the tenant's. */
static enum result tenant_known(
	const struct registry *registry, const char *slug, struct error *error)
{
	if (store_changes(registry->store) != 1)
		return fail(error, NOT_FOUND, "tenant.unknown", "slug", slug, NULL);
	return OK;
}

enum result registry_suspend(struct registry *registry, const char *slug, bool suspended,
	const char *reason, struct error *error)
{
	enum result rc = store_run(registry->store,
		"UPDATE tenant SET state = ?2, reason = ?3, changed_at = ?4 WHERE slug = ?1",
		BIND(TEXT(slug), TEXT(suspended ? "suspended" : "active"), TEXT(reason),
			INTEGER(clock_now_ms())),
		error);
	if (rc)
		return rc;
	return tenant_known(registry, slug, error);
}

/* What the server watches is that something is another than before: a row that is written as it was changes nothing. */
enum result registry_touch(struct registry *registry, const char *slug, struct error *error)
{
	enum result rc = store_run(registry->store,
		"UPDATE tenant SET touches = touches + 1 WHERE slug = ?1", BIND(TEXT(slug)), error);

	return rc ? rc : tenant_known(registry, slug, error);
}

/* Labels of letters, digits and hyphens between dots; no port. */
static bool host_valid(const char *host)
{
	size_t size = host ? strlen(host) : 0;

	return size > 0 && size <= 253 && isalnum((unsigned char)host[0]) &&
	       isalnum((unsigned char)host[size - 1]) && !strstr(host, "..") &&
	       strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
		       size;
}

static enum result hosts_check(const json *hosts, struct error *error)
{
	size_t number = 0;

	if (!json_is_array(hosts))
		return fail(error, INVALID, "tenant.hosts", NULL);

	json_each(host, hosts)
	{
		if (!host_valid(json_text(host)))
			fault_add(error, arena_printf(error->arena, "/%zu", number),
				"tenant.host_name", "host", json_print(error->arena, host), NULL);
		number++;
	}
	return refuse_faults(error);
}

static bool host_among(const char *host, const json *hosts)
{
	json_each(other, hosts)
	{
		if (strcasecmp(host, json_text(other)) == 0)
			return true;
	}
	return false;
}

/* A host leads to one tenant. */
static enum result hosts_free(
	struct registry *registry, const char *slug, const json *hosts, struct error *error)
{
	struct registration *tenants;

	enum result rc = registry_read(registry, error->arena, &tenants, error);
	if (rc)
		return rc;

	for (struct registration *other = tenants; other; other = other->next) {
		if (text_equal(other->slug, slug))
			continue;
		json_each(host, other->hosts)
		{
			if (host_among(json_text(host), hosts))
				return fail(error, CONFLICT, "tenant.host_taken", "host",
					json_text(host), "slug", other->slug, NULL);
		}
	}
	return OK;
}

static enum result hosts_set(
	struct registry *registry, const char *slug, const json *hosts, struct error *error)
{
	enum result rc = hosts_free(registry, slug, hosts, error);
	if (rc)
		return rc;

	rc = store_run(registry->store, "UPDATE tenant SET hosts = ?2 WHERE slug = ?1",
		BIND(TEXT(slug), TEXT(json_print(error->arena, hosts))), error);
	if (rc)
		return rc;
	return tenant_known(registry, slug, error);
}

enum result registry_set_hosts(
	struct registry *registry, const char *slug, const json *hosts, struct error *error)
{
	enum result rc = hosts_check(hosts, error);
	if (rc)
		return rc;

	rc = change_begin(registry, error);
	if (rc)
		return rc;
	return change_end(registry, hosts_set(registry, slug, hosts, error), error);
}

enum result registry_keys(struct registry *registry, struct arena *arena, const char *slug,
	struct keyring *out, struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct bytes wrapped = {0};

	enum result rc = store_query(registry->store, &rows,
		"SELECT keys_wrapped FROM tenant WHERE slug = ?1", BIND(TEXT(slug)), error);
	if (rc)
		return rc;

	bool known = cursor_next(&rows);
	if (known)
		wrapped = cursor_blob(&rows, 0, arena);
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	if (!known)
		return fail(error, NOT_FOUND, "tenant.unknown", "slug", slug, NULL);
	return keys_unwrap(arena, &registry->master, slug, wrapped, out, error);
}

static enum result tenant_rotate(struct registry *registry, const char *slug, struct error *error)
{
	struct keyring old, new;

	enum result rc = registry_keys(registry, error->arena, slug, &old, error);
	if (rc)
		return rc;

	keys_rotate(error->arena, &old, &new);
	return store_run(registry->store, "UPDATE tenant SET keys_wrapped = ?2 WHERE slug = ?1",
		BIND(TEXT(slug), BLOB(keys_wrap(error->arena, &registry->master, slug, &new))),
		error);
}

enum result registry_rotate(struct registry *registry, const char *slug, struct error *error)
{
	enum result rc = change_begin(registry, error);
	if (rc)
		return rc;
	return change_end(registry, tenant_rotate(registry, slug, error), error);
}

/* ---- From another deployment ---- */

static enum result registration_of(
	struct registry *registry, const char *slug, struct registration **out, struct error *error)
{
	struct registration *each;

	enum result rc = registry_read(registry, error->arena, &each, error);
	if (rc)
		return rc;
	while (each && !text_equal(each->slug, slug))
		each = each->next;
	*out = each;
	return OK;
}

enum result registry_expect_import(
	struct registry *registry, struct registry *from, const char *slug, struct error *error)
{
	struct registration *here, *there;

	enum result rc = registration_of(registry, slug, &here, error);
	rc = rc ? rc : registration_of(from, slug, &there, error);
	if (rc)
		return rc;
	if (here)
		return fail(error, CONFLICT, "tenant.exists", "slug", slug, NULL);
	if (!there)
		return fail(error, NOT_FOUND, "tenant.unknown", "slug", slug, NULL);
	if (!there->suspended)
		return fail(error, CONFLICT, "tenant.import_active", "slug", slug, "path",
			from->data_folder, NULL);
	return hosts_free(registry, slug, there->hosts, error);
}

static enum result folder_take(
	struct registry *registry, const char *slug, const char *made, struct error *error)
{
	const char *tenants = arena_printf(error->arena, "%s/tenants", registry->data_folder);
	const char *own = arena_printf(error->arena, "%s/%s", tenants, slug);

	if (renameat2(AT_FDCWD, made, AT_FDCWD, own, RENAME_NOREPLACE) == 0 && folder_sync(tenants))
		return OK;
	if (errno == EEXIST)
		return fail(error, CONFLICT, "tenant.import_in_way", "path", own, NULL);
	return trouble(error, BROKEN, "store.broken", "%s: %s", own, strerror(errno));
}

static enum result tenant_import(struct registry *registry, struct registry *from, const char *slug,
	const char *made, struct error *error)
{
	struct registration *there;
	struct keyring keys;

	enum result rc = registry_expect_import(registry, from, slug, error);
	rc = rc ? rc : registration_of(from, slug, &there, error);
	rc = rc ? rc : registry_keys(from, error->arena, slug, &keys, error);
	if (rc)
		return rc;
	rc = store_run(registry->store,
		"INSERT INTO tenant (slug, state, hosts, keys_wrapped, created_at)"
		" VALUES (?1, 'suspended', ?2, ?3, ?4)",
		BIND(TEXT(slug), TEXT(json_print(error->arena, there->hosts)),
			BLOB(keys_wrap(error->arena, &registry->master, slug, &keys)),
			INTEGER(clock_now_ms())),
		error);
	return rc ? rc : folder_take(registry, slug, made, error);
}

enum result registry_import(struct registry *registry, struct registry *from, const char *slug,
	const char *made, struct error *error)
{
	enum result rc = change_begin(registry, error);
	if (rc)
		return rc;
	return change_end(registry, tenant_import(registry, from, slug, made, error), error);
}

enum result registry_read(struct registry *registry, struct arena *arena, struct registration **out,
	struct error *error)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct registration *first = NULL, **end = &first;

	enum result rc = store_query(registry->store, &rows,
		"SELECT slug, state, hosts AS \"hosts{}\", keys_wrapped FROM tenant ORDER BY slug",
		BIND_NONE, error);
	if (rc)
		return rc;

	while (cursor_next(&rows)) {
		const json *row = cursor_object(&rows, arena);

		*end = NEW(arena, struct registration);
		(*end)->slug = json_get_text(row, "slug");
		(*end)->suspended = !text_equal(json_get_text(row, "state"), "active");
		(*end)->hosts = json_get(row, "hosts");
		(*end)->keys_wrapped = cursor_blob(&rows, 3, arena);
		end = &(*end)->next;
	}
	rc = cursor_end(&rows, error);
	if (rc)
		return rc;
	*out = first;
	return OK;
}
