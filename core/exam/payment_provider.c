/*
 * The providers that there are: the cashier's desk, the demo's stand-in for a phone, WeChat Pay.
 */
#include "payment_provider.h"

#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "payment_account.h"

static enum result everywhere(struct transaction *tx)
{
	(void)tx;
	return OK;
}

static enum result in_demo(struct transaction *tx)
{
	if (!tx->deployment->demo)
		fault_add(tx->error, "/provider", "payment.demo_only", NULL);
	return refuse_faults(tx->error);
}

static enum result with_account(struct transaction *tx)
{
	bool set = false;
	enum result rc = payment_account_set(tx, &set);

	if (!rc && !set)
		fault_add(tx->error, "/provider", "payment.no_account", NULL);
	return rc ? rc : refuse_faults(tx->error);
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
	{"offline", everywhere, 0, NULL, false},
	{"simulated", in_demo, LIMIT_ORDER_LIFE, simulated_url, false},
	{"wechat", with_account, LIMIT_ORDER_LIFE, NULL, true},
};

const struct payment_provider *payment_provider_find(const char *name)
{
	for (size_t i = 0; i < COUNT(providers); i++) {
		if (text_equal(providers[i].name, name))
			return &providers[i];
	}
	return NULL;
}
