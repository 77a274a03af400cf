/*
 * WeChat Pay API v3, Native, direct merchant: requests as they are to leave.
 *
 * The body that is signed is the body that is sent, byte for byte. A request that is repeated is built anew: same
 * number, same content, new signature.
 */
#ifndef KAOWU_OUTBOUND_WECHAT_PAY_H
#define KAOWU_OUTBOUND_WECHAT_PAY_H

#include "https.h"
#include "wechat_account.h"

/* `now` in milliseconds; `attempt` from 0: chooses the host. Everything lives in `arena`, as does the account. */
struct wechat_caller {
	struct arena *arena;
	const struct wechat_account *account;
	int64_t now, attempt;
};

struct wechat_order {
	const char *number;
	const char *description; /* shown to the payer; cut to what the provider takes */
	int64_t total_fen;
	int64_t expires_at;
};

struct https_request wechat_place(
	const struct wechat_caller *caller, const struct wechat_order *order);
struct https_request wechat_query(const struct wechat_caller *caller, const char *number);
struct https_request wechat_close(const struct wechat_caller *caller, const char *number);

struct wechat_refund {
	const char *number;         /* the refund's own: the same for every try */
	const char *transaction_id; /* of the payment */
	const char *reason;         /* cut */
	int64_t refund_fen, total_fen;
};

struct https_request wechat_refund(
	const struct wechat_caller *caller, const struct wechat_refund *refund);
struct https_request wechat_query_refund(const struct wechat_caller *caller, const char *number);

/* Where the trade bill of that day ("2026-11-22") lies; then the bill itself, by the URL of the answer, if it has at
 * most so many bytes. */
struct https_request wechat_bill(const struct wechat_caller *caller, const char *day);
struct https_request wechat_bill_file(
	const struct wechat_caller *caller, const char *url, size_t most);

/* What is signed, of the five lines of a request; for tests. */
struct bytes wechat_signed_text(struct arena *arena, const char *method, const char *target,
	int64_t timestamp, const char *nonce, struct bytes body);

#endif
