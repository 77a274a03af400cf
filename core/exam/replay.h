/*
 * What a new version of a plugin would have said to those who applied in the past.
 *
 * Only reads, and changes no application: an application keeps its verdict. Each one's last revision is judged as of
 * the day on which it was handed in, with the centre's district rules as they are now, by both manifests: so that a
 * difference is the plugin's.
 */
#ifndef KAOWU_EXAM_REPLAY_H
#define KAOWU_EXAM_REPLAY_H

#include "transaction.h"

/*
 * Of the plans for `after`'s occupation and level: *judged is how many applications were judged, *differing an array of
 * {number, plan, state, condition, on, before, after} of those whose outcome differs; an outcome is null where that
 * manifest has no such condition. Both manifests are valid. Needs no transaction that is open.
 */
enum result replay(struct transaction *tx, const json *before, const json *after, int64_t *judged,
	json **differing) MUST_CHECK;

#endif
