/*
 * The centre's merchant account at WeChat Pay, sealed among its secrets.
 */
#ifndef KAOWU_EXAM_PAYMENT_ACCOUNT_H
#define KAOWU_EXAM_PAYMENT_ACCOUNT_H

#include "outbound/wechat_account.h"
#include "transaction.h"

#define PAYMENT_ACCOUNT_SECRET "wechat-pay" /* its name among them */

/*
 * `document` is valid against kaowu:wechat-account. INVALID with a fault for each key that is none; CONFLICT
 * ("payment.account_in_use") if it is another merchant while something is still to be asked of this one. What waited
 * for a right account may go.
 */
enum result payment_account_configure(struct transaction *tx, const json *document) MUST_CHECK;
enum result payment_account_set(struct transaction *tx, bool *out) MUST_CHECK;
/* The moment in ms from which there has been one, by the audit log; 0: never. */
enum result payment_account_since(struct transaction *tx, int64_t *at) MUST_CHECK;
/* NOT_FOUND ("payment.account_none") if there is none, or none that can be read. Lives in tx->arena. */
enum result payment_account_load(struct transaction *tx, struct wechat_account *out) MUST_CHECK;

#endif
