/*
 * Errands: what is to be said to others, and what comes of it, without a transaction open meanwhile.
 *
 *	claim (read lane) -> begin (write) -> prepare (heavy) -> the exchanges, on the loop -> settle (write)
 *
 * core/command/chores.h does them, tenant by tenant and kind by kind, after every commit and when something is due. A
 * server that dies anywhere in between claims the same again: whatever is said must bear being said twice.
 */
#ifndef KAOWU_EXAM_ERRAND_H
#define KAOWU_EXAM_ERRAND_H

#include "outbound/https.h"
#include "transaction.h"

/* What was claimed at once; it lies in the arena of its transactions, which is the same from claim to settle. */
struct errands {
	size_t count;    /* 0: nothing is due */
	int64_t next_at; /* when something will be, if nothing is; 0: not before the next commit */
	void *batch;     /* the kind's own */
	struct https_exchange **exchanges; /* to carry; may be none: set by prepare */
	size_t exchange_count;
};

struct errand_kind {
	const char *name;
	bool by_time; /* it is due when it says so, and commits have nothing to tell it */
	enum result (*claim)(struct transaction *tx, struct errands *out);
	/* Optional: writes down that it is about to be said, and may change `count`. May run again. */
	enum result (*begin)(struct transaction *tx, struct errands *errands);
	/* No transaction is open: tx->db only reads. May block, but not for a peer. */
	enum result (*prepare)(struct transaction *tx, struct errands *errands);
	/* May run again. */
	enum result (*settle)(struct transaction *tx, struct errands *errands);
};

extern const struct errand_kind delivery_errands;    /* delivery.h */
extern const struct errand_kind payment_errands;     /* payment_errand.h */
extern const struct errand_kind closing_errands;     /* payment_closing.h */
extern const struct errand_kind ticket_book_errands; /* ticket_book.h */
extern const struct errand_kind cancel_errands;      /* plan_cancel.h */

#endif
