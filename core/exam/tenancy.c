/*
 * Tenants for the operator (tenancy.h): rows of the registry, and a look at each database.
 *
 * The hard thing is creating: rows go into two databases. The tenant's own is written first, and the registry's row,
 * without which it does not exist, is committed last, by the transaction that this runs in.
 */
#include "tenancy.h"

#include "audit.h"
#include "deployment.h"
#include "profile.h"
#include "staff.h"
#include "tenant/registry.h"
#include "tenant_figures.h"

/* ---- Looking ---- */

#define TENANT_SELECT                                                                              \
	"SELECT slug, state, hosts AS \"hosts{}\", reason, created_at AS \"created_at@\","         \
	" changed_at AS \"changed_at@\", (SELECT MAX(ended_at) FROM backup"                        \
	" WHERE began_at >= tenant.created_at) AS \"backed_up_at@\" FROM tenant"

static void figures_add(struct transaction *tx, json *tenant)
{
	const char *slug = json_get_text(tenant, "slug");
	json *sizes = tenant_sizes(tx->arena, tx->deployment->data_folder, slug), *figures = NULL;
	struct transaction looking = *tx;
	struct error error = {.arena = tx->arena};

	looking.error = &error;
	enum result rc = tenant_figures(&looking, slug, &figures);
	json_each(size, sizes)
		json_set_integer(tx->arena, tenant, json_name(size), json_integer(size));
	json_set(tx->arena, tenant, "figures", rc ? json_new_null(tx->arena) : figures);
	json_set_text(tx->arena, tenant, "trouble",
		rc ? message_text(tx->arena, tx->language, error.code, error.params) : NULL);
}

enum result tenancy_list(struct transaction *tx, const struct page *page, json **out)
{
	json *tenants, *view = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		TENANT_SELECT " WHERE (?1 = 0 OR slug > ?2) ORDER BY slug LIMIT ?3",
		BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1)), &tenants,
		tx->error);

	if (rc)
		return rc;
	page_end(tx->arena, page, view, "tenants", tenants, NULL, "slug");
	json_each(tenant, json_get(view, "tenants")) figures_add(tx, tenant);
	*out = view;
	return OK;
}

enum result tenancy_view(struct transaction *tx, const char *slug, json **out)
{
	json *tenant;
	enum result rc = store_find(tx->db, tx->arena, TENANT_SELECT " WHERE slug = ?1",
		BIND(TEXT(slug)), &tenant, tx->error);

	if (rc)
		return rc;
	if (!tenant)
		return fail(tx->error, NOT_FOUND, "tenant.unknown", "slug", slug, NULL);
	figures_add(tx, tenant);
	*out = tenant;
	return OK;
}

/* ---- Changing ---- */

enum result tenancy_suspend(
	struct transaction *tx, const char *slug, bool suspended, const char *reason)
{
	struct registry *registry = registry_within(tx->tenant, tx->arena, tx->db);
	json *detail = json_new_object(tx->arena);
	enum result rc = registry_suspend(registry, slug, suspended, reason, tx->error);

	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "reason", reason);
	return audit_append(tx, suspended ? "tenant.suspended" : "tenant.resumed", slug, detail);
}

/* As tenant.json would have it: one member of staff, who invites the others. */
static json *document_of(struct arena *arena, const json *body)
{
	json *document = json_copy(arena, body), *staff = json_new_array(arena);
	json *member = json_append(staff, json_copy(arena, json_get(body, "admin")));

	json_set(arena, member, "roles", roles_json(arena, ROLE_ADMIN));
	json_remove(document, "admin");
	json_set(arena, document, "staff", staff);
	return document;
}

/* A fresh invitation even where a creation that was cut short has left one, which nobody has seen. */
static enum result document_apply(struct transaction *tx, const json *document, json **invitations)
{
	const json *staff = json_get(document, "staff");
	enum result rc = profile_apply(tx, document);

	rc = rc ? rc : staff_apply(tx, staff, invitations);
	if (rc || json_count(*invitations) > 0)
		return rc;
	return staff_invite(tx, json_get_text(json_first(staff), "login"), invitations);
}

/* In the tenant's own database, in a transaction of its own. */
static enum result tenant_fill(
	struct transaction *tx, struct registry *registry, const json *document, json **invitations)
{
	struct transaction own = *tx;
	enum result rc = tenant_attach_by(
		registry, json_get_text(document, "slug"), &own.tenant, &own.db, tx->error);

	if (rc)
		return rc;
	own.keys = tenant_keys(own.tenant);
	rc = store_begin(own.db, tx->error);
	rc = rc ? rc : document_apply(&own, document, invitations);
	if (rc)
		store_rollback(own.db);
	else
		rc = store_commit(own.db, tx->error);
	tenant_detach(own.tenant);
	return rc;
}

static enum result tenant_add(struct transaction *tx, struct registry *registry, const char *slug)
{
	struct error taken = {.arena = tx->arena};
	enum result rc = registry_add(registry, slug, &taken);

	if (rc == CONFLICT || rc == INVALID) {
		fault_of_failure(tx->error, "/slug", &taken);
		return refuse_faults(tx->error);
	}
	if (rc)
		*tx->error = taken;
	return rc;
}

enum result tenancy_create(struct transaction *tx, const json *body, json **out)
{
	struct registry *registry = registry_within(tx->tenant, tx->arena, tx->db);
	const char *slug = json_get_text(body, "slug");
	json *invitations = NULL, *view;
	enum result rc = tenant_add(tx, registry, slug);

	rc = rc ? rc : tenant_fill(tx, registry, document_of(tx->arena, body), &invitations);
	rc = rc ? rc : audit_append(tx, "tenant.created", slug, NULL);
	if (rc)
		return rc;
	view = json_copy(tx->arena, json_first(invitations));
	json_set_text(tx->arena, view, "slug", slug);
	*out = view;
	return OK;
}
