/*
 * Which of its plugin's rules a plan follows: one generation of the conditions, and one 工种: inside of plan.h.
 */
#ifndef KAOWU_EXAM_PLAN_RULES_H
#define KAOWU_EXAM_PLAN_RULES_H

#include "transaction.h"

/*
 * Leaves in the manifest what the document's `condition_set`, or the plugin's own, says; for the plan to keep. INVALID,
 * with a fault for a set or a work type that the plugin lacks, naming those that it has.
 */
enum result plan_rules_choose(
	struct transaction *tx, const json *document, json **manifest) MUST_CHECK;

#endif
