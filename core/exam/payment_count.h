/*
 * What became of payments since the server started, for /metrics. Counted where it happens: a transaction that has to
 * run again counts again. Any thread.
 */
#ifndef KAOWU_EXAM_PAYMENT_COUNT_H
#define KAOWU_EXAM_PAYMENT_COUNT_H

#include <stdint.h>

enum payment_count {
	COUNT_PLACED,    /* orders that the provider has */
	COUNT_TOLD,      /* payments known by a notice */
	COUNT_FOUND,     /* payments known by asking: their notice came late, or never */
	COUNT_REFUSED,   /* notices that were not believed, or did not fit */
	COUNT_REFUNDED,  /* refunds that have ended well */
	COUNT_UNSETTLED, /* questions without an answer that settles them */
	PAYMENT_COUNTS
};

void payment_count(enum payment_count what);
uint64_t payment_counted(enum payment_count what);

#endif
