/*
 * `kaowu plugin VERB ...`: each verb one function, which gets the words behind it; files plugin_*.c, one a family.
 */
#ifndef KAOWU_COMMAND_PLUGIN_COMMAND_H
#define KAOWU_COMMAND_PLUGIN_COMMAND_H

#include "base/bytes.h"
#include "command.h"
#include "plugin/plugin_process.h"

#define USED_WRONGLY (-1) /* the usage line is to be shown */

/* For authors: these need no deployment. */
int plugin_new_command(int count, char **words);
int plugin_check_command(int count, char **words);
int plugin_describe_command(int count, char **words);
int plugin_try_command(int count, char **words);

int plugin_key_command(int count, char **words);
int plugin_pack_command(int count, char **words);

/* For operators. */
int plugin_trust_command(int count, char **words);
int plugin_distrust_command(int count, char **words);
int plugin_rollback_command(int count, char **words);
int plugin_diff_command(int count, char **words);
int plugin_install_command(int count, char **words);
int plugin_list_command(int count, char **words);
int plugin_readmit_command(int count, char **words);
int plugin_disable_command(int count, char **words);

/* A deployment, opened by a command: office_close() also where opening failed, which is told on stderr. */
struct office {
	struct arena *arena;
	struct error error;
	struct deployment *deployment;
};
bool office_open(struct office *office, const char *data);
void office_close(struct office *office);

/* `plugin readmit SHA256` and its like: an act on what one word names in the catalogue. The exit status, or
 * USED_WRONGLY. */
struct catalogue;
int office_act(int count, char **words, const char *verb,
	enum result (*act)(struct catalogue *catalogue, const char *name, struct error *error));

/* A new, durable file of our own; one that is there already is not touched. What fails is told on stderr. */
bool file_create(const char *path, struct bytes content, unsigned mode);

/* How a command starts a plugin's process. */
struct plugin_process_settings plugin_process_here(void);

/* command_failed() of what is wrong with a plugin: each place as its author wrote it. 1. */
int plugin_failed(const char *path, struct error *error);

/* "供应链管理师 一级/高级技师 1.0.0" */
const char *plugin_title(struct arena *arena, const json *manifest);

/* Cases for `try`, one or an array of them (kaowu:plugin-cases); what is wrong is told on stderr. */
bool plugin_cases_load(struct arena *arena, const char *path, json **cases);

/* The text of what eligibility.h tells in two languages. */
const char *text_of(const json *told);

#endif
