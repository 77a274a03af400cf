/*
 * Notices of WeChat Pay: that an order was paid, that a refund has ended.
 *
 * Reading needs no transaction of its own and no place in the line of writers; what is false stops there. Taking
 * is one write: once for each notice, whatever comes how often and at the same time.
 */
#ifndef KAOWU_EXAM_PAYMENT_NOTICE_H
#define KAOWU_EXAM_PAYMENT_NOTICE_H

#include "outbound/wechat_answer.h"
#include "transaction.h"

struct payment_notice {
	struct wechat_account account;
	struct wechat_notice content;
};

/* UNAUTHENTICATED as of wechat_verify(), also where the centre has no account; MALFORMED ("wechat.notice"). */
enum result payment_notice_read(struct transaction *tx, const struct wechat_signature *signature,
	struct bytes body, struct payment_notice *out) MUST_CHECK;

/*
 * OK: it is known, and need not come again. NOT_FOUND ("wechat.unknown") or CONFLICT ("wechat.not_ours",
 * "wechat.amount"): it does not fit what we know; then it may come again, a person is told (payment_difference.h), the
 * provider is asked about the order, and this is to be committed all the same.
 */
enum result payment_notice_take(
	struct transaction *tx, const struct payment_notice *notice) MUST_CHECK;

#endif
