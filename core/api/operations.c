/*
 * The operator of the deployment: tenants, plugins, health, self-check. Transactions are on the deployment's own
 * database; nothing here opens what candidates have handed in.
 */
#include "handlers.h"

#include "exam/health.h"
#include "exam/plugin_desk.h"
#include "exam/self_check.h"
#include "exam/tenancy.h"

/* ---- Tenants ---- */

enum result tenants_get(struct request *request)
{
	return request_list(request, tenancy_list);
}

enum result tenant_get(struct request *request)
{
	return tenancy_view(&request->tx, request->parameters[0], &request->reply.body);
}

enum result tenant_post(struct request *request)
{
	request->reply.status = 201;
	return tenancy_create(&request->tx, request->body, &request->reply.body);
}

enum result tenant_suspend_post(struct request *request)
{
	return tenancy_suspend(
		&request->tx, request->parameters[0], true, json_get_text(request->body, "reason"));
}

enum result tenant_resume_post(struct request *request)
{
	return tenancy_suspend(&request->tx, request->parameters[0], false,
		json_get_text(request->body, "reason"));
}

/* ---- Plugins ---- */

enum result operator_plugins_get(struct request *request)
{
	return plugin_desk_list(&request->tx, &request->reply.body);
}

enum result plugin_uses_get(struct request *request)
{
	return plugin_desk_uses(&request->tx, request->parameters[0], &request->reply.body);
}

enum result plugin_prepare(struct request *request)
{
	struct catalogue_entry *entry = NEW(request->tx.arena, struct catalogue_entry);

	request->prepared = entry;
	return plugin_desk_install(&request->tx, request->content, entry);
}

enum result plugin_post(struct request *request)
{
	const struct catalogue_entry *entry = request->prepared;
	struct arena *arena = request->tx.arena;
	json *view = json_new_object(arena);

	json_set_text(arena, view, "id", entry->id);
	json_set_text(arena, view, "version", entry->version);
	json_set_text(arena, view, "sha256", entry->sha256);
	json_set_text(arena, view, "state", entry->state);
	request->reply.status = 201;
	request->reply.body = view;
	return plugin_desk_installed(&request->tx, entry);
}

enum result plugin_disable_post(struct request *request)
{
	return plugin_desk_disable(
		&request->tx, request->parameters[0], json_get_text(request->body, "reason"));
}

enum result plugin_readmit_post(struct request *request)
{
	return plugin_desk_readmit(
		&request->tx, request->parameters[0], json_get_text(request->body, "reason"));
}

enum result plugin_rollback_post(struct request *request)
{
	return plugin_desk_rollback(&request->tx, json_get_text(request->body, "id"),
		json_get_text(request->body, "version"), json_get_text(request->body, "reason"));
}

/* ---- The deployment ---- */

enum result health_get(struct request *request)
{
	request->reply.body = request->status;
	health_add(&request->tx, request->status);
	return OK;
}

enum result self_check_get(struct request *request)
{
	struct arena *arena = request->tx.arena;
	const json *proxy = json_get(request->status, "proxy");
	const struct self_check_server server = {
		.forwarded_at = json_get_moment(proxy, "forwarded_at"),
		.secure_at = json_get_moment(proxy, "secure_at"),
		.exposed = json_true(json_get(proxy, "exposed")),
		.demo = request->tx.deployment->demo};
	struct self_check check = {.arena = arena,
		.language = request->tx.language,
		.data_folder = request->tx.deployment->data_folder,
		.server = &server,
		.findings = json_new_array(arena)};

	if (self_check_machine(&check)) {
		self_check_data(&check);
		self_check_deployment(&check, request->tx.deployment);
	}
	request->reply.body = json_new_object(arena);
	json_set_moment(arena, request->reply.body, "checked_at", request->tx.now);
	json_set(arena, request->reply.body, "findings", check.findings);
	return OK;
}
