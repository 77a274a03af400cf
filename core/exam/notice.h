/*
 * Texts sent to people by SMS: one text per event, written to the outbox in the transaction that caused it.
 *
 * Texts are schemas/messages/sms.json ("sms.approved": …{number}…{plan}…). The same event key is never queued twice.
 */
#ifndef KAOWU_EXAM_NOTICE_H
#define KAOWU_EXAM_NOTICE_H

#include "transaction.h"

/* What is to be sent, or only shown. */
struct notice {
	const char *event; /* the part after "sms." */
	const char *const *params;
	const char *text; /* for people */
};

/* Then parameters of the text: name, value, ..., NULL. */
enum result notice_make(struct transaction *tx, struct notice *out, const char *event,
	...) MUST_CHECK __attribute__((sentinel));

/*
 * To the mobile number of an account; nobody is told where it was erased or is damaged. `subject` is an id for the
 * log; `key` makes the event unique ("approved:<application id>:<revision>").
 */
enum result notice_send(struct transaction *tx, const struct notice *notice, const char *account_id,
	const char *subject, const char *key) MUST_CHECK;
/* Both at once. */
enum result notice_account(struct transaction *tx, const char *account_id, const char *event,
	const char *subject, const char *key, ...) MUST_CHECK __attribute__((sentinel));

/* To a number that need not be an account's (SMS codes), if it can be done before `expires_at`. `mobile` is normalised
 * already. */
enum result notice_number(struct transaction *tx, const char *mobile, int64_t expires_at,
	const char *event, const char *subject, const char *key, ...) MUST_CHECK
	__attribute__((sentinel));

/* What lies sealed in a row of the outbox: {mobile, text, params}. BROKEN if it is damaged or its key is gone. */
enum result notice_payload(
	struct transaction *tx, const char *id, struct bytes sealed, json **payload) MUST_CHECK;

#endif
