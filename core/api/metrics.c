/*
 * Counters of the loop and of each tenant, in Prometheus' text format 0.0.4.
 */
#include "metrics.h"

#include <inttypes.h>

#include "exam/payment_count.h"
#include "plugin/plugin_workers.h"
#include "worker/worker.h"

#define METRICS_LONGEST (8u << 20)

static void counter(struct buffer *out, const char *name, const char *help, uint64_t value)
{
	buffer_printf(out, "# HELP %s %s\n# TYPE %s counter\n%s %" PRIu64 "\n", name, help, name,
		name, value);
}

static void gauge(struct buffer *out, const char *name, const char *help, uint64_t value)
{
	buffer_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRIu64 "\n", name, help, name,
		name, value);
}

static void tenant_lines(void *context, struct tenant *tenant)
{
	struct buffer *out = context;
	struct tenant_counters counts = tenant_counters(tenant);
	const char *slug = tenant_slug(tenant);

	buffer_printf(out, "kaowu_tenant_jobs_total{tenant=\"%s\",kind=\"read\"} %" PRIu64 "\n",
		slug, counts.reads);
	buffer_printf(out, "kaowu_tenant_jobs_total{tenant=\"%s\",kind=\"write\"} %" PRIu64 "\n",
		slug, counts.writes);
	buffer_printf(out, "kaowu_tenant_jobs_total{tenant=\"%s\",kind=\"commit\"} %" PRIu64 "\n",
		slug, counts.commits);
	buffer_printf(out, "kaowu_tenant_jobs_total{tenant=\"%s\",kind=\"failed\"} %" PRIu64 "\n",
		slug, counts.failures);
}

static void answers(struct buffer *out, const struct api_counters *counters)
{
	buffer_text(out, "# HELP kaowu_answers_total Answers by class of status.\n"
			 "# TYPE kaowu_answers_total counter\n");
	for (int class = 2; class <= 5; class ++)
		buffer_printf(out, "kaowu_answers_total{class=\"%dxx\"} %" PRIu64 "\n", class,
			counters->answers[class]);
}

static void payments(struct buffer *out)
{
	counter(out, "kaowu_payment_orders_placed_total", "Orders placed with the provider.",
		payment_counted(COUNT_PLACED));
	counter(out, "kaowu_payment_told_total", "Payments known by a notice.",
		payment_counted(COUNT_TOLD));
	counter(out, "kaowu_payment_found_total",
		"Payments known by asking: their notice came late, or never.",
		payment_counted(COUNT_FOUND));
	counter(out, "kaowu_payment_notices_refused_total",
		"Notices that were not believed, or did not fit.", payment_counted(COUNT_REFUSED));
	counter(out, "kaowu_payment_refunded_total", "Refunds that have ended well.",
		payment_counted(COUNT_REFUNDED));
	counter(out, "kaowu_payment_unsettled_total",
		"Questions without an answer that settles them.", payment_counted(COUNT_UNSETTLED));
}

static void unavailable_count(void *context, struct tenant *tenant)
{
	uint64_t *count = context;

	*count += tenant_counters(tenant).unavailable;
}

struct bytes metrics_text(struct api *api, struct arena *arena)
{
	struct buffer out = buffer_in(arena, METRICS_LONGEST);
	struct http_counters net = http_server_counters(api->server);
	struct worker_pool_counts pictures = worker_pool_counts(api->deployment->pictures);
	struct plugin_workers_counts plugins = plugin_workers_counts(api->deployment->plugins);
	uint64_t unavailable = 0;

	counter(&out, "kaowu_connections_total", "Connections accepted.", net.connections);
	gauge(&out, "kaowu_connections_open", "Connections at this moment.", net.open);
	counter(&out, "kaowu_requests_total", "Requests read.", net.requests);
	counter(&out, "kaowu_requests_refused_total", "Requests refused before a handler.",
		net.refused);
	counter(&out, "kaowu_bytes_in_total", "Bytes received.", net.bytes_in);
	counter(&out, "kaowu_bytes_out_total", "Bytes sent.", net.bytes_out);
	counter(&out, "kaowu_cached_answers_total", "Public answers given on the loop.",
		api->counters.cached);
	counter(&out, "kaowu_busy_total", "Requests refused because a queue was full.",
		api->counters.refused_busy);
	answers(&out, &api->counters);
	counter(&out, "kaowu_picture_checks_total", "Pictures sent to a worker.", pictures.calls);
	counter(&out, "kaowu_picture_failures_total", "Picture workers that failed.",
		pictures.failed_calls);
	gauge(&out, "kaowu_plugin_processes", "Plugins' processes at this moment.",
		plugins.running);
	counter(&out, "kaowu_plugin_starts_total", "Plugins' processes started.", plugins.starts);
	gauge(&out, "kaowu_plugins_active", "Plugins that new plans can take.",
		(uint64_t)api->plugins.active);
	gauge(&out, "kaowu_plugins_unsigned", "Active plugins that no trusted key has signed.",
		(uint64_t)api->plugins.unsigned_active);
	gauge(&out, "kaowu_plugins_quarantined", "Plugins in quarantine.",
		(uint64_t)api->plugins.quarantined);
	tenants_each(api->tenants, unavailable_count, &unavailable);
	gauge(&out, "kaowu_tenants_unavailable", "Centres whose database cannot be opened.",
		unavailable);
	payments(&out);
	buffer_text(&out, "# HELP kaowu_tenant_jobs_total Jobs by tenant and kind.\n"
			  "# TYPE kaowu_tenant_jobs_total counter\n");
	tenants_each(api->tenants, tenant_lines, &out);
	return buffer_bytes(&out);
}
