/*
 * Voiding (S10): what is found untrue ends, whatever had been decided, and there is no way back.
 */
#ifndef KAOWU_EXAM_VOIDING_H
#define KAOWU_EXAM_VOIDING_H

#include "application.h"

/*
 * An administrator, with a reason (reason_written()) that the candidate reads: moves, audits, tells by SMS. The seat
 * stays empty, the ID number is free again, and a book of tickets is made anew without this one. Open orders are
 * closed; money that came stays in the ledger as it is, and giving any of it back is the cashier's own act.
 */
enum result application_void(
	struct transaction *tx, struct application *application, const char *reason) MUST_CHECK;

/* The reason of a voided application, for its candidate; NULL for any other. */
enum result application_void_reason(struct transaction *tx, const struct application *application,
	const char **reason) MUST_CHECK;

#endif
