/*
 * The server's side of a plugin's process: starts it, asks it, and says in our words how it failed
 * (plugin_worker.h has the words of the conversation).
 */
#ifndef KAOWU_PLUGIN_PLUGIN_PROCESS_H
#define KAOWU_PLUGIN_PLUGIN_PROCESS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/result.h"
#include "worker/worker.h"

struct plugin_process_settings {
	const char *executable;
	uint32_t start_time_ms, call_time_ms;
};

/*
 * Starts a worker for the file, has it load the plugin, and gives its description, which is still to be checked.
 * What the plugin did wrong is INVALID: "plugin.crashed", "plugin.hung", "plugin.garbage", or the code that its
 * process gave ("plugin.abi", ...). What the machine did wrong is BROKEN ("worker.start", "worker.refused"). The
 * worker is for worker_stop().
 */
enum result plugin_process_start(const struct plugin_process_settings *settings,
	struct arena *arena, const char *file, struct worker **out, json **description,
	struct error *error) MUST_CHECK;

/* Asks check_form about a form, {"field id": "text", ...}: what is found as finding.h has it. Failures as above. */
enum result plugin_process_check_form(struct worker *worker, struct arena *arena, const json *form,
	uint32_t time_ms, json **answer, struct error *error) MUST_CHECK;

#endif
