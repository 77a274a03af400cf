/*
 * What comes from WeChat Pay: answers and notices, believed only when their signature fits the raw bytes.
 */
#ifndef KAOWU_OUTBOUND_WECHAT_ANSWER_H
#define KAOWU_OUTBOUND_WECHAT_ANSWER_H

#include <stdbool.h>

#include "https.h"
#include "wechat_account.h"

/* The four headers Wechatpay-*, as anybody may have sent them; NULL where one is missing. */
struct wechat_signature {
	const char *timestamp, *nonce, *serial, *signature;
};

/*
 * UNAUTHENTICATED with "wechat.unsigned", "wechat.timestamp" (300 s from `now` or more), "wechat.serial" (a key that
 * the centre does not know) or "wechat.signature" (also for the probes that begin WECHATPAY/SIGNTEST/).
 */
enum result wechat_verify(struct arena *arena, const struct wechat_account *account,
	const struct wechat_signature *signature, struct bytes body, int64_t now,
	struct error *error) MUST_CHECK;

/* ---- Answers ---- */

enum wechat_outcome {
	WECHAT_DONE,    /* 2xx, and signed */
	WECHAT_REFUSED, /* an error that the same request would meet again; `code` names it */
	WECHAT_UNSURE,  /* no answer, a false one, or the provider's own trouble: ask again */
};

struct wechat_answer {
	enum wechat_outcome outcome;
	const char *code; /* the provider's; or what is wrong, for the log: "unreachable" */
	const json *body; /* of a done one; NULL if it has none */
};

struct wechat_answer wechat_answer_read(struct arena *arena, const struct wechat_account *account,
	const struct https_answer *answer, int64_t now);
/* Is it this error of the provider? */
bool wechat_says(const struct wechat_answer *answer, const char *code);

/* ---- Notices ---- */

struct wechat_notice {
	const char *id;
	const char *event_type; /* "TRANSACTION.SUCCESS", "REFUND.SUCCESS" ... */
	const json *resource;   /* decrypted */
};

/* After its signature was verified. MALFORMED ("wechat.notice") if it is not one or does not decrypt. */
enum result wechat_notice_open(struct arena *arena, const struct wechat_account *account,
	struct bytes body, struct wechat_notice *out, struct error *error) MUST_CHECK;

/* ---- What they say ---- */

/* A payment, in an answer to wechat_query() or in a notice. Texts are NULL, numbers 0 where it says nothing. */
struct wechat_payment {
	const char *appid, *mchid, *number, *transaction_id, *state, *currency;
	int64_t total_fen, success_at;
};

struct wechat_payment wechat_payment_read(const json *transaction);

/* A refund, in an answer or in a notice, which names its state otherwise. */
struct wechat_refunded {
	const char *mchid; /* NULL in answers */
	const char *number, *order_number, *refund_id;
	const char *state; /* "SUCCESS", "PROCESSING", "ABNORMAL", "CLOSED" */
	int64_t refund_fen, success_at;
};

struct wechat_refunded wechat_refunded_read(const json *refund);

/* Where a trade bill lies. It is not signed itself: its hash, in an answer that is, stands for it. */
struct wechat_bill_place {
	const char *url, *sha1;
};

/* False if the answer names none that could be fetched. */
bool wechat_bill_place_read(const json *body, struct wechat_bill_place *out);
bool wechat_bill_place_fits(const struct wechat_bill_place *place, struct bytes bill);

#endif
