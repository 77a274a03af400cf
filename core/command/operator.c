/*
 * `kaowu operator`: who may open the operator's pages. An invitation is shown once, and nobody ever has a password that
 * another has chosen.
 */
#include "command.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/operator.h"

static void invitation_print(struct arena *arena, const json *invitation, bool as_json)
{
	if (as_json)
		(void)printf("%s\n", json_print(arena, invitation));
	else
		(void)printf("%-14s invitation %s (until %s), for /operator/invitation\n",
			json_get_text(invitation, "login"), json_get_text(invitation, "token"),
			json_get_text(invitation, "expires_at"));
}

static void operators_print(const json *operators)
{
	json_each(each, operators)
	{
		const char *last = json_get_text(each, "signed_in_at");

		(void)printf("%-24s %-10s %-13s %-32s %s\n", json_get_text(each, "login"),
			json_get_text(each, "state"),
			json_true(json_get(each, "second_factor")) ? "second factor" : "password",
			last ? last : "-", json_get_text(each, "name"));
	}
}

struct words {
	const char *verb, *login, *name;
	bool as_json;
};

static enum result verb_run(struct transaction *tx, const struct words *given, json **out)
{
	if (text_equal(given->verb, "list"))
		return operator_list(tx, out);
	if (text_equal(given->verb, "disable"))
		return operator_disable(tx, given->login);
	if (text_equal(given->verb, "reset-factor"))
		return operator_factor_reset(tx, given->login);
	return operator_invite(tx, given->login, given->name, out);
}

/* What was not committed is not shown. */
static int work(const char *data, const struct words *given)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	struct error error = {.arena = arena};
	struct transaction tx;
	json *told = NULL;

	command_begin();
	if (!data_there(data))
		return 1;
	if (work_begin(arena, data, TENANT_CONTROL, &tx, &error) ||
		work_end(&tx, data, verb_run(&tx, given, &told)))
		return command_failed(given->login ? given->login : given->verb, &error);
	if (text_equal(given->verb, "list"))
		operators_print(told);
	else if (told)
		invitation_print(arena, told, given->as_json);
	return 0;
}

int command_operator(int count, char **words)
{
	static const char *const options[] = {"--data=", "--name=", "--json", NULL};
	int subjects = subjects_count(count, words);
	bool list = subjects == 1 && text_equal(words[0], "list");
	bool one = subjects == 2 &&
		   (text_equal(words[0], "invite") || text_equal(words[0], "disable") ||
			   text_equal(words[0], "reset-factor"));

	if (!list && !one)
		return used_wrongly("operator", count, words);
	if (!options_known("operator", count - subjects, words + subjects, options))
		return 2;
	const struct words given = {words[0], one ? words[1] : NULL, option(count, words, "--name"),
		option_given(count, words, "--json")};
	return work(option_data(count, words), &given);
}
