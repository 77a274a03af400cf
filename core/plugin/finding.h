/*
 * What a plugin's function answers about a form, as hostile input.
 */
#ifndef KAOWU_PLUGIN_FINDING_H
#define KAOWU_PLUGIN_FINDING_H

#include "base/json.h"
#include "base/result.h"

/*
 * {"findings": [{"finding": "refuse|ask_reviewer", "field", "text"}]}, each about a field of the form or "", with a
 * text that can be shown. INVALID ("plugin.garbage").
 */
enum result finding_check(const json *answer, const json *form, struct error *error) MUST_CHECK;

#endif
