/*
 * Who has an application on the desk: inside of review.h.
 */
#ifndef KAOWU_EXAM_REVIEW_LEASE_H
#define KAOWU_EXAM_REVIEW_LEASE_H

#include "application.h"

/* {holder, name, until, mine}, or null if `holder` is NULL or its time is over. */
json *lease_json(struct transaction *tx, const char *holder, const char *name, int64_t until);
/* The same of an application; looks the name up. */
enum result lease_view(
	struct transaction *tx, const struct application *application, json **out) MUST_CHECK;
/* CONFLICT ("review.leased" or "review.lease_needed") unless the actor holds it. */
enum result lease_expect(struct transaction *tx, const struct application *application) MUST_CHECK;
/* To the actor, for LIMIT_LEASE from now. */
enum result lease_renew(struct transaction *tx, struct application *application) MUST_CHECK;
/* CONFLICT ("review.not_waiting") unless it is under review. */
enum result lease_expect_waiting(
	struct transaction *tx, const struct application *application) MUST_CHECK;

#endif
