/*
 * Moving the outbox, as errands (errand.h): look, claim what is due, send it outside of any transaction, mark what came
 * of it.
 *
 * At least once: what was claimed by a server that died is lost, which is counted, and sent once more under the same
 * key (outbound/outbox.h). A provider in trouble is tried with one message now and then; what a centre's budget for the
 * day does not allow waits for the next day.
 */
#ifndef KAOWU_EXAM_DELIVERY_H
#define KAOWU_EXAM_DELIVERY_H

#include "errand.h"
#include "outbound/sms.h"
#include "page.h"
#include "transaction.h"

/* For the administrator, newest first: {messages: [{id, event, mobile (masked), text (a code is hidden), subject,
 * state, attempts, lost, last_error, provider, provider_code, delivered, created_at, sent_at, reported_at}], next,
 * channel: {provider, trouble, provider_code, trouble_since, today, budget, reports}}. `search` is the mobile number
 * that they went to, or the number of an application: all that its candidate was sent. Either may be NULL: all.
 * INVALID at /state ("page.choice"). */
enum result delivery_list(struct transaction *tx, const char *state, const char *search,
	const struct page *page, json **out) MUST_CHECK;
/* A dead message again; audited. */
enum result delivery_resend(struct transaction *tx, const char *id) MUST_CHECK;

/* A provider's delivery reports: an array, or one entry. NOT_FOUND unless the token is ours, CONFLICT if the provider
 * has none ("outbox.no_reports"). What they say of messages that are not ours is nothing. */
enum result delivery_report(struct transaction *tx, const char *token, const json *body) MUST_CHECK;
const char *delivery_report_token(struct transaction *tx);

#endif
