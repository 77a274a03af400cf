/*
 * Is everything that must hold of a deployment true? For `kaowu doctor` and for the operator's page.
 *
 * What is found is a list of {code, severity, sentence, detail}: severity "fine", "notice" (it works, and somebody
 * should know) or "fault"; `detail` is what a log would say of a fault, or null. The order is that of looking. A
 * command reads every database through; a running server, whose disks have other work, only opens them.
 */
#ifndef KAOWU_EXAM_SELF_CHECK_H
#define KAOWU_EXAM_SELF_CHECK_H

#include "deployment.h"
#include "transaction.h"

/* What only a running server knows. */
struct self_check_server {
	int64_t forwarded_at; /* last request that came through a proxy, 0: none since the start */
	int64_t secure_at;    /* and over TLS, as a trusted proxy says */
	bool exposed;         /* strangers can connect, and no proxy is named */
	bool demo; /* whose clock may stand elsewhere, and whose payments are simulated */
};

struct self_check {
	struct arena *arena;
	enum language language;
	const char *data_folder;
	bool thorough;
	const struct self_check_server *server; /* NULL: a command */
	json *findings;                         /* array, filled by the functions below */
	size_t faults;
	int64_t last_at; /* the newest moment that any of the databases knows */
};

/* Fonts, sandbox, folder; nothing is opened. False if there is no deployment to look at any further. */
bool self_check_machine(struct self_check *check);
/* Keys, databases, audit chains, clock, backups, operators. Blocking. */
void self_check_data(struct self_check *check);
/* Sandboxed processes, what calls others, plugins (what is not as it was installed is told, and goes to quarantine if a
 * server asks), calendars; a server's proxy and demo mode. Blocking. */
void self_check_deployment(struct self_check *check, const struct deployment *deployment);
/* A check of the caller's own: its title is a message code. */
void self_check_told(struct self_check *check, const char *code, const char *const *params,
	enum result rc, const struct error *error);

#endif
