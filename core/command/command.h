/*
 * The subcommands of `kaowu`: each one function, its words and its help line in the table of core/main.c.
 */
#ifndef KAOWU_COMMAND_COMMAND_H
#define KAOWU_COMMAND_COMMAND_H

#include <stdio.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/message.h"
#include "base/result.h"
#include "exam/deployment.h"
#include "exam/transaction.h"

/* Each gets the words behind its name and returns the exit status: 0 done, 1 failed (told on stderr), 2 used
 * wrongly. */
int command_serve(int count, char **words);
int command_tenant(int count, char **words);
int command_operator(int count, char **words);
int command_plugin(int count, char **words);
int command_secret(int count, char **words);
int command_outbox(int count, char **words);
int command_payments(int count, char **words);
int command_backup(int count, char **words);
int command_audit(int count, char **words);
int command_doctor(int count, char **words);
int command_routes(int count, char **words);
int command_diagram(int count, char **words);

/* ---- What commands share ---- */

/* The value behind "--name", or NULL; a flag without a value is told by option_given(). */
const char *option(int count, char **words, const char *name);
bool option_given(int count, char **words, const char *name);

/*
 * Are all words options that the command knows, and has each its value? "--name" is a flag, "--name=" takes the word
 * behind it. If not, the first one is told on stderr. `words` begins behind the command's subjects.
 */
bool options_known(const char *command, int count, char **words, const char *const *known);

/* Is "--help" among the words? Then what the command takes, or its verb words[0], is on stdout. */
bool usage_asked(const char *command, int count, char **words);
/* The same on stderr; returns 2. */
int used_wrongly(const char *command, int count, char **words);

/* How many words stand before the first option. */
int subjects_count(int count, char **words);

/* DATA: --data, else $KAOWU_DATA, else "./data". */
const char *option_data(int count, char **words);

/* Is there a deployment? If not, says so: a mistyped --data must not make a new one, with a new master key. */
bool data_there(const char *data);

/* Takes "--language zh|en" out of the words, wherever it stands; returns how many are left. */
int command_language_take(int count, char **words);
/* As --language says, else $LANG: Chinese unless it begins with "en". */
enum language command_language(void);

/* Behind what a database says, what there is to look at; nothing behind any other code. */
void command_hint(FILE *out, const char *code);

/* Prints what went wrong, each fault with its pointer, in the person's language; returns 1. */
int command_failed(const char *what, const struct error *error);

/*
 * One line of the catalogue in the person's language: name and text in turn, ended by NULL; at most six pairs, no text
 * NULL.
 */
void command_say(FILE *out, const char *code, ...) __attribute__((sentinel));

/* What a command returned, unless what it has shown did not get through: then that is told on stderr, and it failed. */
int command_ended(int status);

/* What workers run, as a file of this process: to start it, for as long as we live. Aborts if the kernel has no room
 * for it. Any thread. */
const char *worker_program(void);

/* The messages, once: what every command begins with. Aborts with a message if the binary's own files are
 * faulty. */
void command_begin(void);
/* The schemas, compiled when the first of them is needed, which takes 25 ms. Aborts likewise. Any thread. */
const struct schema_set *command_schemas(void);

/* Reads a JSON document and holds it against a schema ("kaowu:plan"); its faults are printed under its path. */
bool document_load(struct arena *arena, const char *path, const char *schema, json **out);

/* A deployment for a command's own process: catalogue and calendars over DATA. */
struct deployment_parts;
enum result deployment_open(const char *data_folder, bool demo, struct deployment **out,
	struct error *error) MUST_CHECK;
void deployment_close(struct deployment *deployment);

/* One transaction on the tenant's own database, on behalf of the operator, beside a running server. After OK,
 * work_end() ends it: commits if all went well so far, and lets the server know, which where it cannot is told on
 * stderr: the change is made then as well. */
enum result work_begin(struct arena *arena, const char *data, const char *slug,
	struct transaction *tx, struct error *error) MUST_CHECK;
enum result work_end(struct transaction *tx, const char *data, enum result rc) MUST_CHECK;
/* In its place, where nothing was to be changed. */
void work_drop(struct transaction *tx);

#endif
