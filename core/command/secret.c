/*
 * `kaowu secret`: set, list, remove the keys that a centre holds of others.
 *
 * A secret comes on standard input, so that it stands neither in the shell's history nor among the processes. A running
 * server uses it from the next transaction on. A merchant account is no affair of it: `kaowu payments` looks at what it
 * keeps.
 */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/payment_account.h"
#include "exam/secret.h"

/* All of standard input without the line's end that an editor puts there; of more than that and a secret may have, as
 * much as shows that it is too long. */
static enum result input_read(struct arena *arena, const char **out, struct error *error)
{
	const size_t most = LIMIT_SECRET + strlen("\r\n") + 1;
	char *text = arena_alloc(arena, most + 1);
	size_t size = fread(text, 1, most, stdin);

	if (strlen(text) != size)
		return fail(error, INVALID, "secret.binary", NULL);
	if (size > 0 && text[size - 1] == '\n')
		text[--size] = '\0';
	if (size > 0 && text[size - 1] == '\r')
		text[--size] = '\0';
	*out = text;
	return OK;
}

static enum result secrets_print(struct transaction *tx)
{
	json *secrets;
	enum result rc = secret_list(tx, &secrets);

	if (rc)
		return rc;
	json_each(secret, secrets)(void) printf(
		"%-40s %s\n", json_get_text(secret, "name"), json_get_text(secret, "changed_at"));
	return OK;
}

static enum result verb_run(
	struct transaction *tx, const char *verb, const char *name, const char *value)
{
	if (text_equal(verb, "list"))
		return secrets_print(tx);
	if (text_equal(name, PAYMENT_ACCOUNT_SECRET))
		return fail(tx->error, INVALID, "secret.account", NULL);
	return value ? secret_set(tx, name, value) : secret_remove(tx, name);
}

static int work(const char *data, const char *verb, const char *slug, const char *name)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;
	const char *value = NULL;

	command_begin();
	if (!data_there(data))
		return 1;
	if (text_equal(verb, "set") && input_read(arena, &value, &error))
		return command_failed(name, &error);
	if (work_begin(arena, data, slug, &tx, &error) ||
		work_end(&tx, data, verb_run(&tx, verb, name, value)))
		return command_failed(name ? name : slug, &error);
	return 0;
}

int command_secret(int count, char **words)
{
	static const char *const options[] = {"--data=", NULL};
	int subjects = subjects_count(count, words);
	bool list = subjects == 2 && text_equal(words[0], "list");
	bool change =
		subjects == 3 && (text_equal(words[0], "set") || text_equal(words[0], "remove"));

	if (!list && !change)
		return used_wrongly("secret", count, words);
	if (!options_known("secret", count - subjects, words + subjects, options))
		return 2;
	return work(option_data(count, words), words[0], words[1], list ? NULL : words[2]);
}
