/*
 * The counters.
 */
#include "payment_count.h"

#include <stdatomic.h>

static atomic_uint_fast64_t counts[PAYMENT_COUNTS];

void payment_count(enum payment_count what)
{
	atomic_fetch_add_explicit(&counts[what], 1, memory_order_relaxed);
}

uint64_t payment_counted(enum payment_count what)
{
	return atomic_load_explicit(&counts[what], memory_order_relaxed);
}
