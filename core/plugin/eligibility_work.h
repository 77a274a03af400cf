/*
 * Work: reckoned over all of its rows at once (work_days.h). Only the files eligibility*.c use it.
 */
#ifndef KAOWU_PLUGIN_ELIGIBILITY_WORK_H
#define KAOWU_PLUGIN_ELIGIBILITY_WORK_H

#include "eligibility_row.h"

/* A leaf of kind "work", counted since the certificate or title of the choice; `entry` NULL: without the trace. */
struct days work_judge_leaf(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry);

#endif
