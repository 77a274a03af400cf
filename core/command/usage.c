/*
 * What each command takes, as one table: for `kaowu COMMAND [VERB] --help`, and for whoever uses one wrongly.
 */
#include "command.h"

#include "base/limits.h"
#include "base/text.h"

#define DATA " [--data DIR]"

/* `verb` is NULL where a command has none. */
static const struct usage {
	const char *command, *verb, *takes, *does;
} usages[] = {
	{"serve", NULL,
		"[--listen ADDRESS:PORT] [--proxy ADDRESS]... [--ca FILE] [--demo [--clock MOMENT]]"
		" [--debug]" DATA,
		"serve until SIGTERM. --listen is 127.0.0.1:8080 if not given; --proxy is whose\n"
		"      X-Forwarded-For and X-Forwarded-Proto count; --ca is trusted instead of the system's\n"
		"      certificates; --demo lets payments be simulated, at the day that --clock says (RFC 3339);\n"
		"      --debug logs more"},
	{"tenant", "list", DATA, "list centres, their states and host names"},
	{"tenant", "add", "SLUG" DATA, "make a centre; the first one makes DIR and its master key"},
	{"tenant", "apply", "FOLDER [--json]" DATA,
		"take over tenant.json and plans/*.json, all or nothing; print the invitations of new staff"},
	{"tenant", "invite", "SLUG LOGIN [--json]" DATA, "make one of the staff a new invitation"},
	{"tenant", "reset-factor", "SLUG LOGIN" DATA,
		"take away a second factor that one of the staff has lost"},
	{"tenant", "suspend", "SLUG" DATA, "shut a centre; nothing is lost"},
	{"tenant", "resume", "SLUG" DATA, "open it again"},
	{"tenant", "import", "SLUG FOLDER" DATA,
		"take over a suspended centre from the deployment in FOLDER, with its keys"},
	{"tenant", "rotate", "SLUG" DATA, "seal by a new key; what was sealed before opens still"},
	{"tenant", "reseal", "SLUG" DATA, "seal by the newest key what older ones have sealed"},
	{"operator", "list", DATA, "list who may open the operator's pages"},
	{"operator", "invite", "LOGIN [--name NAME] [--json]" DATA,
		"make an operator, or a new invitation"},
	{"operator", "disable", "LOGIN" DATA, "end an account and its sessions"},
	{"operator", "reset-factor", "LOGIN" DATA, "take away a second factor that was lost"},
	{"secret", "list", "SLUG" DATA, "list names, and when each was set; never what it is"},
	{"secret", "set", "SLUG NAME <FILE" DATA,
		"set a provider's secret, from standard input: sms-tencent, sms-aliyun, sms-webhook"},
	{"secret", "remove", "SLUG NAME" DATA, "forget it"},
	{"outbox", "list", "SLUG [--dead]" DATA,
		"list the newest messages and how the provider fares, or all that were given up"},
	{"outbox", "resend", "SLUG ID | SLUG --dead" DATA,
		"send one again, or all that were given up"},
	{"payments", "configure", "SLUG FILE" DATA,
		"set the merchant account; remove FILE afterwards"},
	{"payments", "reconcile", "SLUG DAY [--bill FILE] [--ca FILE]" DATA,
		"hold the ledger against the provider's bill of a day, or one that was downloaded"},
	{"plugin", "new",
		"CODE NAME --level N [--id ENGLISH-NAME] [--folder DIR] [--from PLUGIN-FOLDER]",
		"write a folder that builds, to begin from"},
	{"plugin", "check", "FILE [CASES.json] [--json]", "tell every fault at once"},
	{"plugin", "describe", "FILE [--json]", "print what the host understood"},
	{"plugin", "try", "FILE CASES.json [--json]", "print verdict and trace of cases"},
	{"plugin", "key", "SECRET-FILE", "make a pair where there is none; print the public key"},
	{"plugin", "pack", "FILE.so --key SECRET-FILE | --unsigned [--readme FILE] [--out FILE]",
		"check, pack and sign"},
	{"plugin", "trust", "[KEY [--name NAME]]" DATA,
		"take what this key has signed; without a key, list them"},
	{"plugin", "distrust", "KEY" DATA, "take it no longer"},
	{"plugin", "install", "FILE... [--trust-unsigned]" DATA, "install beside what is there"},
	{"plugin", "list", "[--json]" DATA, "list versions, their states, who signed them"},
	{"plugin", "disable", "SHA256" DATA, "let no new plan take it"},
	{"plugin", "readmit", "SHA256" DATA, "let plans take it again; end a quarantine"},
	{"plugin", "rollback", "ID [--to VERSION]" DATA, "disable what is above a version"},
	{"plugin", "diff", "OLD NEW [--replay SLUG] [--json]" DATA,
		"print what changes for candidates; ID@VERSION names an installed one"},
	{"backup", NULL, "FOLDER" DATA,
		"copy the databases into a new FOLDER, in use or not; master.key and plugins are\n"
		"      to be kept elsewhere"},
	{"audit", "verify", "SLUG" DATA, "recompute a centre's audit chain"},
	{"doctor", NULL, DATA, "check whether all that must hold does; exit 1 if not"},
	{"routes", NULL, "[--json]", "print the route table"},
	{"diagram", NULL, "", "print the states of an application, as Mermaid"},
};

/* Lines of a verb, or of all if it has none of that name. */
static void usages_print(FILE *out, const char *command, const char *verb)
{
	for (size_t i = 0; i < COUNT(usages); i++) {
		const struct usage *usage = &usages[i];
		const char *takes = usage->takes + (usage->takes[0] == ' ');

		if (!text_equal(usage->command, command) ||
			(verb && !text_equal(usage->verb, verb)))
			continue;
		(void)fprintf(out, "usage: kaowu %s%s%s%s%s\n      %s\n", command,
			usage->verb ? " " : "", usage->verb ? usage->verb : "", *takes ? " " : "",
			takes, usage->does);
	}
}

static const char *verb_known(const char *command, int count, char **words)
{
	for (size_t i = 0; count > 0 && i < COUNT(usages); i++) {
		if (usages[i].verb && text_equal(usages[i].command, command) &&
			text_equal(usages[i].verb, words[0]))
			return usages[i].verb;
	}
	return NULL;
}

int used_wrongly(const char *command, int count, char **words)
{
	usages_print(stderr, command, verb_known(command, count, words));
	return 2;
}

bool usage_asked(const char *command, int count, char **words)
{
	if (!option_given(count, words, "--help"))
		return false;
	usages_print(stdout, command, verb_known(command, count, words));
	(void)fputs("\n--data is $KAOWU_DATA if not given, else ./data;"
		    " --language zh|en may stand anywhere.\n",
		stdout);
	return true;
}
