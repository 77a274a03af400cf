/*
 * Orders and refunds at WeChat Pay, on their way: errands (errand.h) over what payment_call.h says is to be asked next.
 *
 *	place -> query, less and less often, until it is paid; over or not wanted any more -> query -> close -> closed
 *	refund -> query_refund until it has ended
 *
 * A lost answer is asked for again under the same number. Before an order is closed it is queried, and what was paid
 * counts. An order is over when the provider says so, and not before. What a provider refuses as it is (a wrong key, a
 * right that the merchant lacks) is tried again later and later, as what never arrived: somebody is to set it right. So
 * is what a provider contradicts himself about. An order that is there with other content is closed.
 */
#ifndef KAOWU_EXAM_PAYMENT_ERRAND_H
#define KAOWU_EXAM_PAYMENT_ERRAND_H

#include "outbound/wechat_answer.h"
#include "payment_count.h"
#include "transaction.h"

/* Is it this merchant's, for this app, and an amount in yuan? Then the money is taken (payment_money.h), and nothing
 * more is asked about the order. CONFLICT ("wechat.not_ours") if not. `order` as JSON; `how` it became known. */
enum result payment_take_wechat(struct transaction *tx, const struct wechat_account *account,
	const json *order, const struct wechat_payment *payment, enum payment_count how) MUST_CHECK;

#endif
