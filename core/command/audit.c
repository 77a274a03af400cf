/*
 * `kaowu audit verify SLUG`: recomputes a tenant's hash chain.
 */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/audit.h"

int command_audit(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx = {.arena = arena, .error = &error};
	const char *head;
	int64_t rows;
	enum result rc;

	if (count < 2 || !text_equal(words[0], "verify") ||
		!options_known("audit", count - 2, words + 2, options))
		return used_wrongly("audit", count, words);
	command_begin();
	if (!data_there(option_data(count, words)))
		return 1;
	if (tenant_attach(option_data(count, words), words[1], &tx.tenant, &tx.db, &error))
		return command_failed(words[1], &error);
	rc = audit_verify(&tx, &rows, &head);
	tenant_detach(tx.tenant);
	if (rc)
		return command_failed(words[1], &error);
	(void)printf("%s: %" PRId64 " rows, head %s\n", words[1], rows, head);
	return 0;
}
