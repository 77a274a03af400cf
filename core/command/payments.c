/*
 * `kaowu payments`: the centre's merchant account, and its daily close (payments_bill.h).
 *
 * The account's file holds keys, so it is to be removed afterwards; what it said lies sealed. A running server uses it
 * from the next transaction on.
 */
#include "command.h"

#include "base/limits.h"
#include "base/text.h"
#include "exam/payment_account.h"
#include "payments_bill.h"

static int configure(const char *data, const char *slug, const char *path)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;
	json *document;

	command_begin();
	if (!data_there(data) || !document_load(arena, path, "kaowu:wechat-account", &document))
		return 1;
	if (work_begin(arena, data, slug, &tx, &error) ||
		work_end(&tx, data, payment_account_configure(&tx, document)))
		return command_failed(path, &error);
	command_say(stdout, "command.payments_configured", "slug", slug, "mchid",
		json_get_text(document, "mchid"), "path", path, NULL);
	return 0;
}

int command_payments(int count, char **words)
{
	static const char *const configured[] = {"--data=", NULL};
	static const char *const reconciled[] = {"--data=", "--bill=", "--ca=", NULL};
	bool bill = count > 0 && text_equal(words[0], "reconcile");

	if ((!bill && (count < 1 || !text_equal(words[0], "configure"))) ||
		subjects_count(count, words) != 3)
		return used_wrongly("payments", count, words);
	if (!options_known("payments", count - 3, words + 3, bill ? reconciled : configured))
		return 2;
	if (!bill)
		return configure(option_data(count, words), words[1], words[2]);
	return payments_reconcile(&(struct bill_wanted){.data = option_data(count, words),
		.slug = words[1],
		.day = words[2],
		.file = option(count, words, "--bill"),
		.ca_file = option(count, words, "--ca")});
}
