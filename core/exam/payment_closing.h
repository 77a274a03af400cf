/*
 * The daily close by itself: each day's trade bill is fetched when it is there, and matched (payment_bill.h).
 *
 * An errand (errand.h) that goes by time alone. A bill takes two questions, where it lies and then itself, and so two
 * errands; what is known in between, and why a bill is not there yet, stands in `payment_closing` until it is matched.
 * A day on which the provider had nothing is matched with an empty bill, for the ledger may have something.
 */
#ifndef KAOWU_EXAM_PAYMENT_CLOSING_H
#define KAOWU_EXAM_PAYMENT_CLOSING_H

#include "transaction.h"

/* Bills that were asked for and are not there: [{day, attempts, next_at, said}], the longest ago first. */
enum result payment_closing_waiting(struct transaction *tx, json **out) MUST_CHECK;

#endif
