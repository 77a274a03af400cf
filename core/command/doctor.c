/*
 * `kaowu doctor`: is everything that must hold true? One line a check, exit 1 if one fails. What is checked stands in
 * exam/self_check.h.
 */
#include "command.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "checksums.h"
#include "exam/self_check.h"

static void findings_print(const json *findings)
{
	json_each(finding, findings)
	{
		const char *severity = json_get_text(finding, "severity");
		const char *detail = json_get_text(finding, "detail");
		bool fault = text_equal(severity, "fault");

		(void)fprintf(fault ? stderr : stdout, "%s  %s\n",
			fault                          ? "fail"
			: text_equal(severity, "fine") ? "ok  "
						       : "note",
			json_get_text(finding, "sentence"));
		if (detail)
			(void)fprintf(stderr, "      %s\n", detail);
		if (fault)
			command_hint(stderr, json_get_text(finding, "code"));
	}
}

/* A restored backup that nobody has written to since: before anything is opened. */
static void backup_check(struct self_check *check)
{
	struct error error = {.arena = check->arena};
	int count = 0;
	enum result rc = checksums_verify(check->arena, check->data_folder, &count, &error);
	const char *const params[] = {"count", arena_printf(check->arena, "%d", count), NULL};

	if (rc || count > 0)
		self_check_told(check, "check.as_backed_up", params, rc, &error);
}

static void deployment_check(struct self_check *check)
{
	struct error error = {.arena = check->arena};
	struct deployment *deployment;
	enum result rc = deployment_open(check->data_folder, false, &deployment, &error);

	if (rc) {
		self_check_told(check, "check.parts", NULL, rc, &error);
		return;
	}
	self_check_deployment(check, deployment);
	deployment_close(deployment);
}

int command_doctor(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct self_check check = {.arena = arena,
		.language = command_language(),
		.data_folder = option_data(count, words),
		.thorough = true,
		.findings = json_new_array(arena)};

	if (!options_known("doctor", count, words, options))
		return 2;
	command_begin();
	if (self_check_machine(&check)) {
		backup_check(&check);
		self_check_data(&check);
		deployment_check(&check);
	}
	findings_print(check.findings);
	return check.faults ? 1 : 0;
}
