/*
 * Ways to pay, behind one interface. WeChat Pay will be another row of the table.
 */
#ifndef KAOWU_EXAM_PAYMENT_PROVIDER_H
#define KAOWU_EXAM_PAYMENT_PROVIDER_H

#include "deployment.h"
#include "transaction.h"

struct payment_provider {
	const char *name;
	/* May it be used in this deployment? */
	bool (*available)(const struct deployment *deployment);
	/* How long an order can be paid; 0: as long as the plan lets pay. */
	int64_t order_life_ms;
	/*
	 * What the payer's QR code says, for an order of that number; NULL: nothing to scan. Never does
	 * network I/O.
	 */
	const char *(*code_url)(struct transaction *tx, const char *order_number);
};

/* NULL if there is none of that name. */
const struct payment_provider *payment_provider_find(const char *name);

/* The code URL of a simulated order, by the code in its path. */
const char *payment_simulated_url(struct arena *arena, const char *code);

#endif
