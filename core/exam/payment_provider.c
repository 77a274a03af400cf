/*
 * The providers that there are: the cashier's desk, and the demo's stand-in for a phone.
 */
#include "payment_provider.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"

static bool everywhere(const struct deployment *deployment)
{
	(void)deployment;
	return true;
}

static const char *nothing_to_scan(struct transaction *tx, const char *order_number)
{
	(void)tx;
	(void)order_number;
	return NULL;
}

static bool in_demo(const struct deployment *deployment)
{
	return deployment->demo;
}

/* Relative to the address of the tenant's API, which is not known here. */
const char *payment_simulated_url(struct arena *arena, const char *code)
{
	return arena_printf(arena, "demo/pay/%s", code);
}

static const char *simulated_url(struct transaction *tx, const char *order_number)
{
	return payment_simulated_url(
		tx->arena, arena_printf(tx->arena, "%s-%s", order_number, token_create(tx->arena)));
}

static const struct payment_provider providers[] = {
	{"offline", everywhere, 0, nothing_to_scan},
	{"simulated", in_demo, LIMIT_ORDER_LIFE, simulated_url},
};

const struct payment_provider *payment_provider_find(const char *name)
{
	for (size_t i = 0; i < COUNT(providers); i++) {
		if (text_equal(providers[i].name, name))
			return &providers[i];
	}
	return NULL;
}
