/*
 * Reminding, once a day of each thing: the key of the message names the day.
 */
#include "reminder.h"

#include "audit.h"
#include "base/clock.h"
#include "base/text.h"
#include "deadline.h"
#include "notice.h"
#include "paper.h"
#include "payment.h"
#include "wording.h"

struct reminder {
	struct notice notice;
	const char *key;
	const char *status;
	int64_t until;
};

static enum result reminder_of(
	struct transaction *tx, const struct application *application, struct reminder *out)
{
	struct deadlines deadlines;
	struct payment_facts payment;
	struct paper_facts papers;
	struct reminder reminder = {0};
	struct plan plan;
	bool pays;
	enum result rc = application_status(tx, application, &reminder.status);

	rc = rc ? rc : plan_load(tx, application->plan_id, &plan);
	rc = rc ? rc : deadlines_of(tx, &plan, application->id, &deadlines);
	rc = rc ? rc : payment_facts(tx, application, &payment);
	rc = rc ? rc : paper_facts(tx, application->id, &papers);
	if (rc)
		return rc;
	pays = text_equal(reminder.status, "awaiting_payment");
	if (!pays && !text_equal(reminder.status, "awaiting_papers"))
		return fail(tx->error, CONFLICT, "reminder.nothing", NULL);
	if (payment.refunded)
		return fail(tx->error, CONFLICT, "reminder.refunded", NULL);
	if (!pays && papers.posted_at > papers.received_at)
		return fail(tx->error, CONFLICT, "reminder.posted", NULL);
	reminder.until = pays ? deadlines.pay_until : deadlines.papers_until;
	if (tx->now >= reminder.until)
		return fail(tx->error, CONFLICT, "reminder.late", NULL);
	rc = notice_make(tx, &reminder.notice, pays ? "remind_payment" : "remind_papers", "number",
		application->number, "fee", yuan_words(tx->arena, plan.fee_fen), "until",
		moment_words(tx->arena, reminder.until), NULL);
	if (rc)
		return rc;
	reminder.key = arena_printf(tx->arena, "%s:%s:%s", reminder.notice.event, application->id,
		date_text(tx->arena, date_of_moment(tx->now)));
	*out = reminder;
	return OK;
}

/* The outbox would take the same key for the same message, and say nothing. */
static enum result not_today(struct transaction *tx, const struct reminder *reminder)
{
	bool sent;
	enum result rc = store_has(tx->db, "SELECT 1 FROM outbox WHERE event_key = ?1",
		BIND(TEXT(reminder->key)), &sent, tx->error);

	if (rc)
		return rc;
	return sent ? fail(tx->error, CONFLICT, "reminder.today", NULL) : OK;
}

enum result reminder_send(struct transaction *tx, const struct application *application, json **out)
{
	json *view = json_new_object(tx->arena), *detail = json_new_object(tx->arena);
	struct reminder reminder = {0};
	enum result rc = reminder_of(tx, application, &reminder);

	rc = rc ? rc : not_today(tx, &reminder);
	rc = rc ? rc
		: notice_send(tx, &reminder.notice, application->account_id, application->id,
			  reminder.key);
	json_set_text(tx->arena, detail, "event", reminder.notice.event);
	rc = rc ? rc : audit_append(tx, "application.reminded", application->id, detail);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "number", application->number);
	json_set_text(tx->arena, view, "status", reminder.status);
	json_set_text(tx->arena, view, "text", reminder.notice.text);
	json_set_moment(tx->arena, view, "until", reminder.until);
	*out = view;
	return OK;
}
