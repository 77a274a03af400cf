/*
 * The operator's plugins (plugin_desk.h).
 */
#include "plugin_desk.h"

#include "audit.h"
#include "deployment.h"
#include "plan.h"
#include "plugin/plugin_install.h"
#include "plugin/trust.h"
#include "tenant/registry.h"

static void catalogue_drop(struct catalogue **catalogue)
{
	catalogue_close(*catalogue);
}

/* Over the connection of this transaction. */
static enum result catalogue_within(struct transaction *tx, struct catalogue **out)
{
	const struct catalogue_settings settings = {
		.store = tx->db, .data_folder = tx->deployment->data_folder};

	return catalogue_open(&settings, out, tx->error);
}

/* ---- Looking ---- */

/* Why it is in quarantine, as a sentence. */
static void reason_tell(struct transaction *tx, json *plugin)
{
	const char *code = json_get_text(plugin, "reason");
	json *reason = code ? json_new_object(tx->arena) : json_new_null(tx->arena);

	if (code) {
		json_set_text(tx->arena, reason, "code", code);
		json_set_text(tx->arena, reason, "detail",
			message_text(tx->arena, tx->language, code, NULL));
	}
	json_set(tx->arena, plugin, "reason", reason);
	json_remove(plugin, "file");
}

enum result plugin_desk_list(struct transaction *tx, json **out)
{
	struct catalogue *catalogue CLEANUP(catalogue_drop) = NULL;
	json *plugins, *keys, *view = json_new_object(tx->arena);
	enum result rc = catalogue_within(tx, &catalogue);

	rc = rc ? rc : catalogue_list(catalogue, tx->arena, &plugins, tx->error);
	rc = rc ? rc : trust_list(catalogue, tx->arena, &keys, tx->error);
	if (rc)
		return rc;
	json_each(plugin, plugins) reason_tell(tx, plugin);
	json_set(tx->arena, view, "plugins", plugins);
	json_set(tx->arena, view, "keys", keys);
	*out = view;
	return OK;
}

/* The whole SHA-256 of an installed plugin. */
static enum result sha256_find(struct transaction *tx, const char *given, const char **out)
{
	const char *found;
	enum result rc = store_find_text(tx->db, tx->arena,
		"SELECT MAX(sha256) FROM plugin WHERE sha256 >= ?1"
		" AND sha256 < ?1 || 'g' AND LENGTH(?1) IN (12, 64)",
		BIND(TEXT(given)), &found, tx->error);

	if (rc)
		return rc;
	if (!found)
		return fail(tx->error, NOT_FOUND, "plugin.unknown", NULL);
	*out = found;
	return OK;
}

static enum result plans_read(
	struct transaction *tx, const char *slug, const char *sha256, json **plans)
{
	struct store *db CLEANUP(store_close_at) = NULL;
	enum result rc = tenant_look(tx->deployment->data_folder, slug, &db, tx->error);

	if (rc)
		return rc;
	return store_array(db, tx->arena,
		"SELECT ?2 AS tenant, code AS plan, name, " PLAN_STATE_SQL " AS state,"
		" (SELECT COUNT(*) FROM application a WHERE a.plan_id = plan.id) AS applications"
		" FROM plan WHERE plugin_sha256 = ?1 ORDER BY code",
		BIND(TEXT(sha256), TEXT(slug)), plans, tx->error);
}

/* One tenant that cannot be read hides no other's. */
static void uses_add(
	struct transaction *tx, const char *slug, const char *sha256, json *uses, json *unread)
{
	struct transaction looking = *tx;
	struct error error = {.arena = tx->arena};
	json *plans;

	looking.error = &error;
	if (plans_read(&looking, slug, sha256, &plans)) {
		json_append(unread, json_new_text(tx->arena, slug));
		return;
	}
	json_each(plan, plans) json_append(uses, json_copy(tx->arena, plan));
}

enum result plugin_desk_uses(struct transaction *tx, const char *sha256, json **out)
{
	json *tenants, *view = json_new_object(tx->arena);
	json *uses = json_set(tx->arena, view, "uses", json_new_array(tx->arena));
	json *unread = json_set(tx->arena, view, "unread", json_new_array(tx->arena));
	const char *whole;
	enum result rc = sha256_find(tx, sha256, &whole);

	rc = rc ? rc : registry_slugs(tx->db, tx->arena, &tenants, tx->error);
	if (rc)
		return rc;
	json_each(tenant, tenants) uses_add(tx, json_get_text(tenant, "slug"), whole, uses, unread);
	*out = view;
	return OK;
}

/* ---- Installing ---- */

static void entry_keep(
	struct arena *arena, const struct catalogue_entry *from, struct catalogue_entry *out)
{
	*out = (struct catalogue_entry){.id = arena_text(arena, from->id),
		.version = arena_text(arena, from->version),
		.sha256 = arena_text(arena, from->sha256),
		.occupation_code = arena_text(arena, from->occupation_code),
		.occupation_name = arena_text(arena, from->occupation_name),
		.level = from->level,
		.state = arena_text(arena, from->state),
		.signed_by = arena_text(arena, from->signed_by)};
}

/* A package and what it unpacks to need more room than a request has. */
enum result plugin_desk_install(
	struct transaction *tx, struct bytes file, struct catalogue_entry *out)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_PLUGIN_ARENA);
	struct plugin_source source CLEANUP(plugin_source_close) = PLUGIN_SOURCE_NONE;
	struct catalogue_entry entry;
	enum result rc = plugin_source_take(arena, file, &source, tx->error);

	rc = rc ? rc
		: plugin_install(
			  tx->deployment->catalogue, arena, &source, false, &entry, tx->error);
	if (!rc)
		entry_keep(tx->arena, &entry, out);
	return rc;
}

enum result plugin_desk_installed(struct transaction *tx, const struct catalogue_entry *entry)
{
	json *detail = json_new_object(tx->arena);

	json_set_text(tx->arena, detail, "id", entry->id);
	json_set_text(tx->arena, detail, "version", entry->version);
	json_set_text(tx->arena, detail, "signed_by", entry->signed_by);
	return audit_append(tx, "plugin.installed", entry->sha256, detail);
}

/* ---- Changing ---- */

static enum result change(struct transaction *tx, const char *sha256, const char *reason,
	const char *done,
	enum result (*act)(struct catalogue *catalogue, const char *sha256, struct error *error))
{
	struct catalogue *catalogue CLEANUP(catalogue_drop) = NULL;
	json *detail = json_new_object(tx->arena);
	const char *whole;
	enum result rc = sha256_find(tx, sha256, &whole);

	rc = rc ? rc : catalogue_within(tx, &catalogue);
	rc = rc ? rc : act(catalogue, whole, tx->error);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "reason", reason);
	return audit_append(tx, arena_printf(tx->arena, "plugin.%s", done), whole, detail);
}

enum result plugin_desk_disable(struct transaction *tx, const char *sha256, const char *reason)
{
	return change(tx, sha256, reason, "disabled", catalogue_disable);
}

enum result plugin_desk_readmit(struct transaction *tx, const char *sha256, const char *reason)
{
	return change(tx, sha256, reason, "readmitted", catalogue_readmit);
}

enum result plugin_desk_rollback(
	struct transaction *tx, const char *id, const char *version, const char *reason)
{
	struct catalogue *catalogue CLEANUP(catalogue_drop) = NULL;
	struct catalogue_entry entry;
	json *detail = json_new_object(tx->arena);
	enum result rc = catalogue_within(tx, &catalogue);

	rc = rc ? rc : catalogue_rollback(catalogue, tx->arena, id, version, &entry, tx->error);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "reason", reason);
	json_set_text(tx->arena, detail, "id", entry.id);
	json_set_text(tx->arena, detail, "version", entry.version);
	return audit_append(tx, "plugin.rolled_back", entry.sha256, detail);
}

/* ---- A centre that comes from elsewhere ---- */

enum result plugin_desk_missing(struct arena *arena, struct store *tenant, struct store *control,
	json **out, struct error *error)
{
	json *missing = json_new_array(arena), *pinned;
	enum result rc = store_array(tenant, arena,
		"SELECT DISTINCT plugin_id AS id, plugin_version AS version, plugin_sha256 AS sha256"
		" FROM plan ORDER BY plugin_id, plugin_version",
		BIND_NONE, &pinned, error);

	json_each(plugin, rc ? NULL : pinned)
	{
		bool there;

		rc = store_has(control, "SELECT 1 FROM plugin WHERE sha256 = ?1",
			BIND(TEXT(json_get_text(plugin, "sha256"))), &there, error);
		if (rc)
			return rc;
		if (!there)
			json_append(missing, json_copy(arena, plugin));
	}
	*out = missing;
	return rc;
}
