/*
 * Opening the parts that submissions need: registry, catalogue, calendars, tenant.
 */
#include "house.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/message.h"
#include "exam/calendar.h"
#include "plugin/catalogue.h"
#include "tenant/registry.h"

void house_must(const struct house *house, enum result rc, const char *what)
{
	const struct error *error = &house->error;

	if (rc == OK)
		return;
	(void)fprintf(stderr, "%s: %s %s %s\n", what, result_name(rc),
		error->code ? error->code : "", error->internal ? error->internal : "");
	for (const struct fault *fault = error->faults; fault; fault = fault->next)
		(void)fprintf(stderr, "  %s: %s\n", fault->pointer, fault->code);
	exit(1);
}

static void time_stop(const struct house *house, const char *moment)
{
	int64_t at;

	house_must(house, moment_parse(moment, &at), moment);
	clock_set_ms(at);
}

void house_open(struct house *house, const char *data, const char *slug, const char *moment)
{
	struct deployment *deployment = &house->deployment;
	struct catalogue_settings settings = {.data_folder = data};

	*house = (struct house){.arena = arena_create(LIMIT_REQUEST_ARENA)};
	house->error.arena = house->arena;
	deployment->data_folder = data;
	time_stop(house, moment);
	house_must(house, messages_load(&house->error), "messages");
	house_must(house, registry_open(data, &house->registry, &house->error), data);
	settings.store = registry_store(house->registry);
	house_must(house, catalogue_open(&settings, &deployment->catalogue, &house->error),
		"catalogue");
	house_must(house, calendars_load(data, &deployment->calendars, &house->error), "calendars");
	house_must(
		house, tenant_attach(data, slug, &house->tenant, &house->db, &house->error), slug);
}

void house_close(struct house *house)
{
	tenant_detach(house->tenant);
	calendars_destroy(house->deployment.calendars);
	catalogue_close(house->deployment.catalogue);
	registry_close(house->registry);
	arena_destroy(house->arena);
}

struct transaction house_transaction(struct house *house, struct arena *arena)
{
	house->error = (struct error){.arena = arena};
	return (struct transaction){.arena = arena,
		.db = house->db,
		.tenant = house->tenant,
		.keys = tenant_keys(house->tenant),
		.deployment = &house->deployment,
		.error = &house->error,
		.now = clock_now_ms()};
}
