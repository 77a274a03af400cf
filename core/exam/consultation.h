/*
 * Asking a plugin's own function (check_form) about a form, and what its word does to the verdict.
 *
 * A plugin is never waited for inside a transaction. Whoever judges a form looks whether the plugin has been asked
 * about exactly this form; if not, the question is noted and the transaction fails, the caller has it answered outside,
 * and runs the same transaction again. Only a plan whose plugin has the function takes that turn.
 *
 * A refusing finding refuses the form where it points; one that asks leaves it to a reviewer. A plugin that crashes,
 * hangs or answers garbage refuses nobody: its version goes to quarantine, and a reviewer judges, with the reason.
 */
#ifndef KAOWU_EXAM_CONSULTATION_H
#define KAOWU_EXAM_CONSULTATION_H

#include "application.h"

/* A question and its answer; all zero at first. Lives as long as the request, over its transactions. */
struct consultation {
	const char *plugin_sha256; /* whom; NULL: nothing was to be asked yet */
	const json *form;          /* about what: {"id": "text"} */
	bool answered;
	const json *findings; /* as plugin_call() gives them; NULL: the plugin failed */
	const char *failure;  /* and how: a message code */
};

/* Did the last transaction fail for want of an answer? */
bool consultation_wanted(const struct consultation *consultation);

/*
 * Has the question answered, outside of transactions: tx->db is not looked at. Blocks as long as a plugin may take:
 * for the heavy lane. BUSY ("plugin.busy") is worth another try; whatever else goes wrong is an answer.
 */
enum result consultation_ask(struct transaction *tx) MUST_CHECK;

/*
 * Adds what the plugin says of the application's form (NULL: nothing) to the verdict, and a fault for each finding
 * that refuses. *manual: a reviewer has to judge, because the plugin is in quarantine or fails. CONFLICT
 * ("consultation.wanted") if it has to be asked first.
 */
enum result consultation_judge(struct transaction *tx, const struct application *application,
	const struct plan *plan, const json *form, json *verdict, bool *manual) MUST_CHECK;

#endif
