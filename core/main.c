/*
 * kaowu: one binary, its subcommands in one table.
 */
#include <stdio.h>

#include "base/text.h"
#include "command/command.h"

static const struct {
	const char *name;
	int (*run)(int count, char **words);
	const char *help;
} commands[] = {
	{"serve", command_serve, "run the server"},
	{"tenant", command_tenant,
		"add, apply, list, suspend, resume, import centres; invite their staff; rotate their keys"},
	{"operator", command_operator,
		"invite, list, disable who may open the operator's pages; reset a second factor"},
	{"secret", command_secret, "set, list, remove the keys that a centre holds of others"},
	{"outbox", command_outbox, "list messages, send dead ones again"},
	{"payments", command_payments,
		"configure a centre's merchant account, reconcile a day's bill"},
	{"plugin", command_plugin,
		"for authors: new, check, describe, try, pack; for operators: trust, install, diff, ..."},
	{"backup", command_backup, "copy a deployment's databases while they are in use"},
	{"audit", command_audit, "verify a tenant's audit chain"},
	{"doctor", command_doctor, "check databases, keys, plugins, fonts, calendars"},
	{"routes", command_routes, "print the route table (--json for programs)"},
	{"diagram", command_diagram, "print the states of an application as a diagram"},
};

static int help(FILE *out, int status)
{
	(void)fputs(
		"kaowu " KAOWU_VERSION ": administration of vocational skill-level exams\n\n", out);
	for (size_t i = 0; i < COUNT(commands); i++)
		(void)fprintf(out, "  kaowu %-8s %s\n", commands[i].name, commands[i].help);
	(void)fputs(
		"\nkaowu COMMAND --help and kaowu COMMAND VERB --help say what each takes.\n", out);
	return status;
}

static int run(int count, char **words)
{
	if (count < 2)
		return help(stderr, 2);
	if (text_equal(words[1], "help") || text_equal(words[1], "--help") ||
		text_equal(words[1], "--version"))
		return help(stdout, 0);
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (!text_equal(words[1], commands[i].name))
			continue;
		if (usage_asked(words[1], count - 2, words + 2))
			return 0;
		return commands[i].run(count - 2, words + 2);
	}
	(void)fprintf(stderr, "kaowu: there is no command %s\n\n", words[1]);
	return help(stderr, 2);
}

int main(int count, char **words)
{
	count = command_language_take(count, words);
	return command_ended(run(count, words));
}
