/*
 * Plugins at work: a sandboxed process for each tenant and plugin version whose optional functions are called.
 *
 * Started on demand, kept warm, ended when nobody has asked for a while, never shared by two tenants, so that no plugin
 * can carry anything from one centre to another; whom it works for is known by its socket, and never told by a message.
 * One that cannot be started, or dies between two calls, is tried again after a pause that doubles.
 *
 * A crash, a hang past the deadline, garbage, or an answer that is not the same when it is asked for again puts that
 * version in quarantine: this call and all later ones are BROKEN ("plugin.quarantined", parameter reason), and the
 * caller sends the application to manual review. Nobody is refused because a plugin failed.
 */
#ifndef KAOWU_PLUGIN_PLUGIN_WORKERS_H
#define KAOWU_PLUGIN_PLUGIN_WORKERS_H

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "catalogue.h"

struct plugin_workers;

/* The catalogue must outlive it. */
struct plugin_workers *plugin_workers_create(struct catalogue *catalogue, uint32_t idle_time_ms);
void plugin_workers_destroy(struct plugin_workers
		*workers); /* stops them all, when no call is under way; NULL is fine */

/* How many processes there are, and how many have been started. */
struct plugin_workers_counts {
	uint64_t running, starts;
};
struct plugin_workers_counts plugin_workers_counts(struct plugin_workers *workers);

/*
 * check_form with {"field id": "text", ...}: *answer is {"findings": [{"finding": "refuse|ask_reviewer",
 * "field", "text"}]}, with fields that were in the form or "". NOT_FOUND ("plugin.unknown") if no such plugin is
 * installed; INVALID ("plugin.no_function") if its manifest does not name the function; BUSY ("plugin.busy") while too
 * many ask; BROKEN as above, or if the machine cannot start it ("worker.start", ...). Any thread.
 */
enum result plugin_call(struct plugin_workers *workers, struct arena *arena, const char *tenant,
	const char *plugin_sha256, const json *form, json **answer, struct error *error) MUST_CHECK;

#endif
