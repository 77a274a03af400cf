/*
 * What changes for candidates from one manifest to another.
 */
#ifndef KAOWU_PLUGIN_MANIFEST_DIFF_H
#define KAOWU_PLUGIN_MANIFEST_DIFF_H

#include "base/json.h"
#include "base/message.h"
#include "base/result.h"

/*
 * Adds to `changes` one "fault" for each change, at its pointer, worded in `language`; at most LIMIT_FAULTS. Both
 * manifests are valid. Examples and version are no candidate's business and are not compared.
 */
void manifest_diff(
	const json *before, const json *after, enum language language, struct error *changes);

#endif
