/*
 * Disks and tenants (health.h).
 */
#include "health.h"

#include <sys/statvfs.h>

#include "deployment.h"
#include "tenant_figures.h"

static void disk_add(struct transaction *tx, json *health)
{
	json *disk = json_set(tx->arena, health, "disk", json_new_object(tx->arena));
	struct statvfs facts = {0};

	(void)statvfs(tx->deployment->data_folder, &facts);
	json_set_integer(
		tx->arena, disk, "total_bytes", (int64_t)(facts.f_blocks * facts.f_frsize));
	json_set_integer(tx->arena, disk, "free_bytes", (int64_t)(facts.f_bavail * facts.f_frsize));
}

static void tenant_add(struct transaction *tx, json *tenant)
{
	static const char *const names[] = {
		"sessions", "messages_waiting", "messages_oldest_at", "messages_dead"};
	struct transaction looking = *tx;
	struct error error = {.arena = tx->arena};
	json *figures = NULL;

	looking.error = &error;
	if (tenant_figures(&looking, json_get_text(tenant, "slug"), &figures))
		figures = NULL;
	for (size_t i = 0; i < COUNT(names); i++) {
		const json *figure = json_get(figures, names[i]);

		json_set(tx->arena, tenant, names[i],
			figure ? json_copy(tx->arena, figure) : json_new_null(tx->arena));
	}
}

void health_add(struct transaction *tx, json *health)
{
	disk_add(tx, health);
	json_each(tenant, json_get(health, "tenants")) tenant_add(tx, tenant);
}
