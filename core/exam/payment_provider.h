/*
 * Ways to pay, behind one interface.
 */
#ifndef KAOWU_EXAM_PAYMENT_PROVIDER_H
#define KAOWU_EXAM_PAYMENT_PROVIDER_H

#include "deployment.h"
#include "transaction.h"

struct payment_provider {
	const char *name;
	/* May it be used in this deployment, by this centre? INVALID, with the fault at /provider. */
	enum result (*available)(struct transaction *tx);
	/* How long an order can be paid; 0: as long as the plan lets pay. */
	int64_t order_life_ms;
	/*
	 * What the payer's QR code says, for an order of that number; NULL: nothing to scan, or known only
	 * when it is placed. Never does network I/O.
	 */
	const char *(*code_url)(struct transaction *tx, const char *order_number);
	bool remote; /* placed, asked and closed over the network, after the commit: payment_errand.c */
};

/* NULL if there is none of that name. */
const struct payment_provider *payment_provider_find(const char *name);

/* The code URL of a simulated order, by the code in its path. */
const char *payment_simulated_url(struct arena *arena, const char *code);

#endif
