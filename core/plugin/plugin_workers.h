/*
 * Plugins at work: a sandboxed process for each tenant and plugin version whose optional functions are called.
 *
 * Started on demand, kept warm, never shared by two tenants, so that no plugin can carry anything from one centre
 * to another. A crash, a hang past the deadline or garbage puts that version in quarantine: this call and all
 * later ones are BROKEN ("plugin.quarantined", parameter reason), and the caller sends the application to manual
 * review. Nobody is refused because a plugin failed.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_WORKERS_H
#define KAOWU_PLUGIN_PLUGIN_WORKERS_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "catalogue.h"

struct plugin_workers;

/* The catalogue must outlive it. */
struct plugin_workers *plugin_workers_create(struct catalogue *catalogue);
void plugin_workers_destroy(struct plugin_workers
		*workers); /* stops them all, when no call is under way; NULL is fine */

/* Stops the workers of a tenant that was suspended or moved. */
void plugin_workers_forget(struct plugin_workers *workers, const char *tenant);

/*
 * "check_form" with {"field id": "text", ...}: *answer is {"findings": [{"finding": "refuse|ask_reviewer",
 * "field", "text"}]}, with fields that were in the form or "". NOT_FOUND ("plugin.unknown") if no such plugin is
 * installed; INVALID ("plugin.no_function") if its manifest does not name the function; BROKEN as above. Any
 * thread.
 */
enum result plugin_call(struct plugin_workers *workers, struct arena *arena, const char *tenant,
	const char *plugin_sha256, const char *function, const json *form, json **answer,
	struct error *error) MUST_CHECK;

#endif
