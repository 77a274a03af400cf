/*
 * After a centre has a new key: what older ones have sealed is sealed by it, some at a time, so that whoever writes
 * beside it hardly waits. What the newest has sealed is passed by: it can be ended at any time, and begun anew.
 */
#ifndef KAOWU_EXAM_RESEAL_H
#define KAOWU_EXAM_RESEAL_H

#include "base/id.h"
#include "transaction.h"

/* Where it stands, and what has come of it so far; zeroed to begin with. */
struct reseal {
	size_t column; /* of those that hold sealed values */
	int64_t row;   /* its last that was looked at */
	char plan_id[ID_SIZE];
	uint64_t values, files; /* sealed anew */
	uint64_t damaged;       /* they open by no key, and stay as they are: the log tells which */
};

/* The next hundred values, in the caller's write. `more`: call again. */
enum result reseal_values(struct transaction *tx, struct reseal *reseal, bool *more) MUST_CHECK;

/* The files of the next plan, each in a transaction of its own: no other must be open meanwhile. */
enum result reseal_files(struct transaction *tx, struct reseal *reseal, bool *more) MUST_CHECK;

#endif
