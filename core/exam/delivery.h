/*
 * Moving the outbox: claim what is due, send it outside of any transaction, mark what came of it.
 *
 * At least once: a server that dies between sending and marking sends that message again, under the same key.
 */
#ifndef KAOWU_EXAM_DELIVERY_H
#define KAOWU_EXAM_DELIVERY_H

#include "outbound/sms.h"
#include "page.h"
#include "transaction.h"

struct delivery_batch;

/* Reads and unseals what is due, one a recipient. What cannot be unsealed is tried again later, like what could not
 * be sent. The batch lies in tx->arena, which must live until it is marked. */
enum result delivery_claim(struct transaction *tx, struct delivery_batch **out) MUST_CHECK;
/* When the first of the waiting messages may be tried; 0: none waits. */
enum result delivery_next(struct transaction *tx, int64_t *at) MUST_CHECK;
/* Blocking; heavy lane. Keeps each outcome; each failure is logged. */
enum result delivery_send(struct transaction *tx, const struct sms_provider *provider,
	struct delivery_batch *batch) MUST_CHECK;
enum result delivery_mark(struct transaction *tx, struct delivery_batch *batch) MUST_CHECK;

size_t delivery_count(const struct delivery_batch *batch);

/* For the administrator, newest first: {messages: [{id, event, mobile (masked), text (a code is hidden), subject,
 * state, attempts, last_error, created_at, sent_at}], next}. */
enum result delivery_list(struct transaction *tx, const struct page *page, json **out) MUST_CHECK;
/* A dead message again; audited. */
enum result delivery_resend(struct transaction *tx, const char *id) MUST_CHECK;

#endif
