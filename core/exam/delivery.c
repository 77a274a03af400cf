/*
 * The outbox on its way out.
 */
#include "delivery.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "message_settings.h"
#include "notice.h"
#include "outbound/outbox.h"

struct delivery {
	struct outbox_row row;
	struct sms_message message;
	struct https_exchange exchange;
	struct sms_outcome outcome;
	bool judged;
};

struct delivery_batch {
	const struct sms_provider *provider;
	struct sms_account account;
	struct outbox_pause pause; /* as it was claimed */
	struct delivery *deliveries;
	size_t count;
};

static struct outbox_end end_of(const struct sms_outcome *outcome)
{
	return (struct outbox_end){outcome->code, outcome->provider_code, outcome->reference};
}

/* ---- Claiming ---- */

/* What the day still allows. */
struct room {
	struct message_budget budget;
	int64_t day_from, day_until, used;
};

static enum result room_load(struct transaction *tx, const json *sms, struct room *out)
{
	struct date today = date_of_moment(tx->now);

	out->budget = message_budget_of(sms);
	out->day_from = moment_of_date(today);
	out->day_until = moment_of_date_end(today);
	return outbox_tried(
		tx->db, CHANNEL_SMS, NULL, out->day_from, out->day_until, &out->used, tx->error);
}

/* `*why` is NULL if the message may go today. One that was tried today has its place already. */
static enum result room_ask(
	struct transaction *tx, struct room *room, const struct outbox_row *row, const char **why)
{
	int64_t used;

	*why = NULL;
	if (row->begun_at >= room->day_from)
		return OK;
	enum result rc = outbox_tried(tx->db, CHANNEL_SMS, row->recipient_index, room->day_from,
		room->day_until, &used, tx->error);
	if (rc)
		return rc;
	if (room->used >= room->budget.day)
		*why = "outbox.budget_day";
	else if (used >= room->budget.number)
		*why = "outbox.budget_number";
	else
		room->used++;
	return OK;
}

static void message_read(const struct outbox_row *row, const json *payload, struct sms_message *out)
{
	*out = (struct sms_message){.mobile = json_get_text(payload, "mobile"),
		.event = row->event,
		.text = json_get_text(payload, "text"),
		.params = json_get(payload, "params"),
		.key = row->id};
}

/* What cannot be sent ends here, by itself: it must not hold up the others. */
static enum result refuse(
	struct transaction *tx, const struct outbox_row *row, const struct sms_outcome *outcome)
{
	struct outbox_end end = end_of(outcome);

	log_event(LOG_WARNING, "outbox.not_sent", "tenant", tenant_slug(tx->tenant), "message",
		row->id, "kind", row->event, "fate", sms_fate_name(outcome->fate), "why",
		outcome->code, NULL);
	if (outcome->fate == SMS_ALARM)
		return outbox_held(tx->db, row, &end, tx->now + LIMIT_OUTBOX_HOLD, tx->error);
	if (outcome->fate == SMS_STOP)
		return outbox_dead(tx->db, row, &end, tx->now, tx->error);
	return outbox_failed(tx->db, row, &end, tx->now, tx->error);
}

static bool prepare(struct transaction *tx, const struct delivery_batch *batch,
	const struct outbox_row *row, struct delivery *delivery)
{
	json *payload;

	*delivery = (struct delivery){.row = *row};
	if (notice_payload(tx, row->id, row->payload, &payload)) {
		delivery->outcome =
			(struct sms_outcome){SMS_RETRY, false, "outbox.damaged", NULL, NULL};
		return false;
	}
	message_read(row, payload, &delivery->message);
	return !batch->provider->request ||
	       batch->provider->request(&batch->account, tx->arena, &delivery->message,
		       &delivery->exchange.request, &delivery->outcome);
}

static enum result claim_row(struct transaction *tx, struct delivery_batch *batch,
	struct room *room, const struct outbox_row *row)
{
	struct delivery *delivery = &batch->deliveries[batch->count];
	const char *why;

	if (row->expires_at && row->expires_at <= tx->now)
		return refuse(tx, row,
			&(struct sms_outcome){SMS_STOP, false, "outbox.too_late", NULL, NULL});
	if (!prepare(tx, batch, row, delivery))
		return refuse(tx, row, &delivery->outcome);
	enum result rc = room_ask(tx, room, row, &why);
	if (rc)
		return rc;
	if (why)
		return outbox_held(
			tx->db, row, &(struct outbox_end){.why = why}, room->day_until, tx->error);
	batch->count++;
	return outbox_begin(tx->db, row, batch->provider->name, tx->now, tx->error);
}

static enum result claim_rows(struct transaction *tx, struct delivery_batch *batch)
{
	size_t most = batch->pause.troubles ? 1 : LIMIT_OUTBOX_BATCH, count;
	struct outbox_row *rows;
	struct room room;
	enum result rc = room_load(tx, batch->account.settings, &room);

	rc = rc ? rc : outbox_due(tx->db, tx->arena, tx->now, most, &rows, &count, tx->error);
	if (rc)
		return rc;
	batch->deliveries = NEW_ARRAY(tx->arena, struct delivery, most);
	/* What was lost once goes alone: it must not be lost again with others. */
	for (size_t i = 0; !rc && i < count; i++) {
		bool alone = rows[i].lost > 0;

		if (alone && batch->count > 0)
			break;
		rc = claim_row(tx, batch, &room, &rows[i]);
		if (alone && batch->count > 0)
			break;
	}
	return rc;
}

static enum result orphans(struct transaction *tx, const struct sms_provider *provider)
{
	int64_t count;
	enum result rc = outbox_orphans(
		tx->db, CHANNEL_SMS, provider->idempotent, tx->now, &count, tx->error);

	if (!rc && count > 0)
		log_event(LOG_WARNING, "outbox.orphans", "tenant", tenant_slug(tx->tenant), "count",
			log_number(count), NULL);
	return rc;
}

/* The provider or the centre's account is in trouble, so that nothing else will go either. */
static enum result pause(struct transaction *tx, const struct outbox_pause *before,
	const struct sms_outcome *outcome)
{
	struct outbox_end end = end_of(outcome);

	log_event(outcome->fate == SMS_ALARM ? LOG_ERROR : LOG_WARNING, "outbox.paused", "tenant",
		tenant_slug(tx->tenant), "why", outcome->code, "said", outcome->provider_code,
		NULL);
	return outbox_pause_more(tx->db, CHANNEL_SMS, before, &end, tx->now, tx->error);
}

static enum result claim(struct transaction *tx, struct delivery_batch *batch)
{
	enum result rc =
		outbox_pause_load(tx->db, tx->arena, CHANNEL_SMS, &batch->pause, tx->error);

	if (rc || batch->pause.until > tx->now)
		return rc;
	rc = message_account_load(tx, &batch->provider, &batch->account);
	if (rc == NOT_FOUND) {
		const struct sms_outcome alarm = {
			SMS_ALARM, true, "provider.no_secret", NULL, NULL};

		error_forget(tx->error);
		return pause(tx, &batch->pause, &alarm);
	}
	rc = rc ? rc : orphans(tx, batch->provider);
	return rc ? rc : claim_rows(tx, batch);
}

/* ---- Marking ---- */

/* Once, though a commit that fails may have us here again. */
static void judge(
	struct transaction *tx, const struct delivery_batch *batch, struct delivery *delivery)
{
	const struct https_answer *answer = &delivery->exchange.answer;

	if (delivery->judged)
		return;
	delivery->judged = true;
	if (batch->provider->request)
		delivery->outcome = sms_judge(batch->provider, tx->arena, answer);
	if (delivery->outcome.fate == SMS_SENT)
		return;
	log_event(delivery->outcome.fate == SMS_ALARM ? LOG_ERROR : LOG_WARNING, "outbox.failed",
		"tenant", tenant_slug(tx->tenant), "provider", batch->provider->name, "message",
		delivery->row.id, "kind", delivery->row.event, "fate",
		sms_fate_name(delivery->outcome.fate), "why", delivery->outcome.code, "said",
		delivery->outcome.provider_code, "detail", answer->trouble, NULL);
}

static enum result mark(
	struct transaction *tx, const struct delivery_batch *batch, const struct delivery *delivery)
{
	struct outbox_end end = end_of(&delivery->outcome);
	const struct outbox_row *row = &delivery->row;

	switch (delivery->outcome.fate) {
	case SMS_SENT:
		return outbox_sent(tx->db, row, &end, tx->now, tx->error);
	case SMS_LOST:
		return outbox_lost(
			tx->db, row, &end, batch->provider->idempotent, tx->now, tx->error);
	case SMS_STOP:
		return outbox_dead(tx->db, row, &end, tx->now, tx->error);
	case SMS_ALARM:
		return outbox_held(tx->db, row, &end, tx->now + LIMIT_OUTBOX_HOLD, tx->error);
	case SMS_LIMIT:
		return outbox_limited(tx->db, row, &end, tx->now, tx->error);
	case SMS_RETRY:
		break;
	}
	return outbox_failed(tx->db, row, &end, tx->now, tx->error);
}

static enum result mark_all(struct transaction *tx, struct delivery_batch *batch)
{
	const struct sms_outcome *outage = NULL;
	bool works = false;

	for (size_t i = 0; i < batch->count; i++) {
		struct delivery *delivery = &batch->deliveries[i];

		judge(tx, batch, delivery);
		enum result rc = mark(tx, batch, delivery);
		if (rc)
			return rc;
		if (delivery->outcome.outage)
			outage = &delivery->outcome;
		else
			works = true;
	}
	if (outage && !works)
		return pause(tx, &batch->pause, outage);
	return batch->pause.troubles ? outbox_pause_end(tx->db, CHANNEL_SMS, tx->error) : OK;
}

/* ---- As errands ---- */

static enum result errands_look(struct transaction *tx, struct errands *out)
{
	int64_t at;
	enum result rc = outbox_next(tx->db, tx->now, &at, tx->error);

	if (rc)
		return rc;
	*out = (struct errands){.count = at && at <= tx->now, .next_at = at};
	return OK;
}

static enum result errands_begin(struct transaction *tx, struct errands *errands)
{
	struct delivery_batch *batch = NEW(tx->arena, struct delivery_batch);
	enum result rc = claim(tx, batch);

	errands->batch = batch;
	errands->count = batch->count;
	return rc;
}

static void send_all(struct transaction *tx, const struct delivery_batch *batch)
{
	struct sms_message *messages = NEW_ARRAY(tx->arena, struct sms_message, batch->count);
	struct sms_outcome *outcomes = NEW_ARRAY(tx->arena, struct sms_outcome, batch->count);

	for (size_t i = 0; i < batch->count; i++)
		messages[i] = batch->deliveries[i].message;
	batch->provider->send(&batch->account, tx->arena, messages, batch->count, outcomes);
	for (size_t i = 0; i < batch->count; i++)
		batch->deliveries[i].outcome = outcomes[i];
}

static enum result errands_prepare(struct transaction *tx, struct errands *errands)
{
	struct delivery_batch *batch = errands->batch;

	if (!batch->provider->request) {
		send_all(tx, batch);
		return OK;
	}
	errands->exchange_count = batch->count;
	errands->exchanges = NEW_ARRAY(tx->arena, struct https_exchange *, batch->count);
	for (size_t i = 0; i < batch->count; i++)
		errands->exchanges[i] = &batch->deliveries[i].exchange;
	return OK;
}

static enum result errands_settle(struct transaction *tx, struct errands *errands)
{
	return mark_all(tx, errands->batch);
}

const struct errand_kind delivery_errands = {.name = "outbox",
	.claim = errands_look,
	.begin = errands_begin,
	.prepare = errands_prepare,
	.settle = errands_settle};
