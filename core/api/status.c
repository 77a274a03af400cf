/*
 * Counts, and in words what they ask for (status.h).
 */
#include "status.h"

#include <inttypes.h>

#include "base/arena.h"
#include "plugin/plugin_workers.h"
#include "worker/worker.h"

static void warn(struct arena *arena, json *warnings, enum language language, const char *code,
	const char *const *params)
{
	json *warning = json_append(warnings, json_new_object(arena));
	json_set_text(arena, warning, "code", code);
	json_set_text(arena, warning, "detail", message_text(arena, language, code, params));
}

static void warn_plugins(struct arena *arena, json *warnings, enum language language,
	const char *code, int64_t count)
{
	const char *const params[] = {"count", arena_printf(arena, "%" PRId64, count), NULL};

	if (count > 0)
		warn(arena, warnings, language, code, params);
}

struct unavailable {
	struct arena *arena;
	const char *slugs;
};

static void unavailable_add(void *context, struct tenant *tenant)
{
	struct unavailable *found = context;

	if (tenant_counters(tenant).unavailable)
		found->slugs = arena_printf(found->arena, "%s%s%s", found->slugs,
			*found->slugs ? ", " : "", tenant_slug(tenant));
}

static void warn_tenants(
	const struct api *api, struct arena *arena, json *warnings, enum language language)
{
	struct unavailable found = {arena, ""};

	tenants_each(api->tenants, unavailable_add, &found);
	const char *const params[] = {"slugs", found.slugs, NULL};
	if (*found.slugs)
		warn(arena, warnings, language, "api.tenants_unavailable", params);
}

json *status_json(const struct api *api, struct arena *arena, enum language language)
{
	const struct catalogue_tally *tally = &api->plugins;
	json *status = json_new_object(arena), *warnings;

	json_set_boolean(arena, status, "draining", api->draining);
	json *plugins = json_set(arena, status, "plugins", json_new_object(arena));
	json_set_integer(arena, plugins, "active", tally->active);
	json_set_integer(arena, plugins, "quarantined", tally->quarantined);
	json_set_integer(arena, plugins, "unsigned", tally->unsigned_active);
	warnings = json_set(arena, status, "warnings", json_new_array(arena));
	warn_tenants(api, arena, warnings, language);
	warn_plugins(arena, warnings, language, "api.plugins_unsigned", tally->unsigned_active);
	warn_plugins(arena, warnings, language, "api.plugins_quarantined", tally->quarantined);
	return status;
}

static json *part(struct arena *arena, json *status, const char *name)
{
	return json_set(arena, status, name, json_new_object(arena));
}

static void count(struct arena *arena, json *counts, const char *name, uint64_t value)
{
	json_set_integer(arena, counts, name, (int64_t)value);
}

static void workers_add(const struct api *api, struct arena *arena, json *status)
{
	struct worker_pool_counts pictures = worker_pool_counts(api->deployment->pictures);
	struct plugin_workers_counts plugins = plugin_workers_counts(api->deployment->plugins);
	json *workers = part(arena, status, "workers");

	count(arena, workers, "picture_calls", pictures.calls);
	count(arena, workers, "picture_failures", pictures.failed_calls);
	count(arena, workers, "plugin_running", plugins.running);
	count(arena, workers, "plugin_starts", plugins.starts);
}

static void traffic_add(const struct api *api, struct arena *arena, json *status)
{
	struct http_counters net = http_server_counters(api->server);
	json *connections = part(arena, status, "connections");
	json *requests = part(arena, status, "requests");
	json *proxy = part(arena, status, "proxy");

	count(arena, connections, "open", net.open);
	count(arena, connections, "total", net.connections);
	count(arena, requests, "total", net.requests);
	count(arena, requests, "cached", api->counters.cached);
	count(arena, requests, "refused_busy", api->counters.refused_busy);
	count(arena, requests, "failed", api->counters.answers[5]);
	json_set_moment(arena, proxy, "forwarded_at", api->forwarded_at);
	json_set_moment(arena, proxy, "secure_at", api->secure_at);
	json_set_boolean(arena, proxy, "exposed", api->exposed);
}

struct listing {
	struct arena *arena;
	json *tenants;
};

static void tenant_add(void *context, struct tenant *tenant)
{
	struct listing *listing = context;
	struct arena *arena = listing->arena;
	struct tenant_counters counts = tenant_counters(tenant);
	json *row = json_append(listing->tenants, json_new_object(arena));

	json_set_text(arena, row, "slug", tenant_slug(tenant));
	json_set_boolean(arena, row, "open", counts.open);
	count(arena, row, "waiting", counts.waiting);
	count(arena, row, "reads", counts.reads);
	count(arena, row, "writes", counts.writes);
	count(arena, row, "failures", counts.failures);
}

json *status_measured(const struct api *api, struct arena *arena, enum language language)
{
	json *status = status_json(api, arena, language);
	struct listing listing = {arena, json_set(arena, status, "tenants", json_new_array(arena))};

	traffic_add(api, arena, status);
	workers_add(api, arena, status);
	tenants_each(api->tenants, tenant_add, &listing);
	return status;
}
