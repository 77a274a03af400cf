/*
 * The outbox on its way out, and as the administrator sees it.
 */
#include "delivery.h"

#include <string.h>

#include "audit.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "deployment.h"
#include "errand.h"
#include "outbound/outbox.h"
#include "outbound/sms_spool.h"

#define BATCH 64

struct delivery {
	struct outbox_row row;
	struct sms_message message;
	enum result outcome;
	const char *why; /* of a failure */
};

struct delivery_batch {
	struct delivery *deliveries;
	size_t count;
};

/* {mobile, text, params}, or NULL if it is damaged or its key is gone. */
static json *payload_open(struct transaction *tx, const char *id, struct bytes sealed)
{
	struct error none = {.arena = tx->arena};
	const char *text;
	json *payload;

	if (unseal_text(tx->arena, tx->keys, arena_printf(tx->arena, "outbox.payload:%s", id),
		    sealed, &text, &none) ||
		json_parse(tx->arena, text, strlen(text), &payload, &none))
		return NULL;
	return payload;
}

/* A row that cannot be opened fails by itself: it must not hold up the others. */
static struct delivery delivery_read(struct transaction *tx, const struct outbox_row *row)
{
	json *payload = payload_open(tx, row->id, row->payload);

	if (!payload)
		return (struct delivery){.row = *row, .outcome = BROKEN, .why = "outbox.damaged"};
	return (struct delivery){.row = *row,
		.message = {.mobile = json_get_text(payload, "mobile"),
			.event = row->event,
			.text = json_get_text(payload, "text"),
			.params = json_get(payload, "params"),
			.key = row->id}};
}

enum result delivery_claim(struct transaction *tx, struct delivery_batch **out)
{
	struct delivery_batch *batch = NEW(tx->arena, struct delivery_batch);
	struct outbox_row *rows;
	size_t count;
	enum result rc = outbox_due(tx->db, tx->arena, tx->now, BATCH, &rows, &count, tx->error);

	if (rc)
		return rc;
	batch->deliveries = NEW_ARRAY(tx->arena, struct delivery, BATCH);
	for (; batch->count < count; batch->count++)
		batch->deliveries[batch->count] = delivery_read(tx, &rows[batch->count]);
	*out = batch;
	return OK;
}

enum result delivery_next(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MIN(next_at), 0) FROM outbox WHERE state = 'waiting'", BIND_NONE,
		at, tx->error);
}

enum result delivery_send(
	struct transaction *tx, const struct sms_provider *provider, struct delivery_batch *batch)
{
	const char *folder = arena_printf(
		tx->arena, "%s/tenants/%s", tx->deployment->data_folder, tenant_slug(tx->tenant));

	for (size_t i = 0; i < batch->count; i++) {
		struct delivery *delivery = &batch->deliveries[i];
		struct error error = {.arena = tx->arena};

		if (!delivery->outcome) {
			delivery->outcome =
				provider->send(folder, tx->arena, &delivery->message, &error);
			delivery->why = error.code;
		}
		if (delivery->outcome)
			log_event(LOG_WARNING, "outbox.failed", "tenant", tenant_slug(tx->tenant),
				"provider", provider->name, "message", delivery->row.id, "why",
				error.internal ? error.internal : delivery->why, NULL);
	}
	return OK;
}

enum result delivery_mark(struct transaction *tx, struct delivery_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct delivery *delivery = &batch->deliveries[i];
		enum result rc =
			delivery->outcome
				? outbox_failed(tx->db, &delivery->row, tx->now, delivery->why,
					  delivery->outcome == INVALID, tx->error)
				: outbox_sent(tx->db, delivery->row.id, tx->now, tx->error);

		if (rc)
			return rc;
	}
	return OK;
}

size_t delivery_count(const struct delivery_batch *batch)
{
	return batch->count;
}

/* ---- As errands ---- */

static enum result errands_claim(struct transaction *tx, struct errands *out)
{
	struct delivery_batch *batch;
	int64_t next_at;
	enum result rc = delivery_claim(tx, &batch);

	rc = rc ? rc : delivery_next(tx, &next_at);
	if (rc)
		return rc;
	*out = (struct errands){.count = batch->count, .next_at = next_at, .batch = batch};
	return OK;
}

static enum result errands_prepare(struct transaction *tx, struct errands *errands)
{
	return delivery_send(tx, &sms_spool, errands->batch);
}

static enum result errands_settle(struct transaction *tx, struct errands *errands)
{
	return delivery_mark(tx, errands->batch);
}

const struct errand_kind delivery_errands = {
	"outbox", errands_claim, errands_prepare, errands_settle};

/* ---- For the administrator ---- */

/* A code opens an account: not even the administrator reads it. */
static const char *text_shown(struct transaction *tx, const json *payload)
{
	const char *code = json_text(json_at_pointer(payload, "/params/code"));
	char *text = arena_text(tx->arena, json_get_text(payload, "text"));
	char *place = text && code ? strstr(text, code) : NULL;

	if (place)
		memset(place, '*', strlen(code));
	return text ? text : "";
}

/* The row as JSON with what its payload says: the number masked, the text in full but for a code. */
static void message_view(struct transaction *tx, const struct cursor *row, json *messages)
{
	json *view = json_append(tx->arena, messages, cursor_object(row, tx->arena));
	json *payload = payload_open(tx, json_get_text(view, "id"), cursor_blob(row, 8, tx->arena));
	const char *mobile = json_get_text(payload, "mobile");
	const char *why = json_get_text(view, "last_error");

	json_set_text(tx->arena, view, "mobile", mobile ? text_mask(tx->arena, mobile, 3, 4) : "");
	json_set_text(tx->arena, view, "text", text_shown(tx, payload));
	json_set_text(tx->arena, view, "last_error",
		why ? message_text(tx->arena, tx->language, why, NULL) : NULL);
}

enum result delivery_list(struct transaction *tx, const struct page *page, json **out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *view = json_new_object(tx->arena);
	json *messages = json_new_array(tx->arena);
	enum result rc;

	rc = store_query(tx->db, &rows,
		"SELECT id, event, state, attempts, last_error, subject, created_at AS \"created_at@\","
		" sent_at AS \"sent_at@\", payload_sealed FROM outbox"
		" WHERE ?1 = 0 OR id < ?2 ORDER BY id DESC LIMIT ?3",
		BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1)), tx->error);
	if (rc)
		return rc;
	while (cursor_next(&rows))
		message_view(tx, &rows, messages);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	page_end(tx->arena, page, view, "messages", messages, NULL, "id");
	*out = view;
	return OK;
}

enum result delivery_resend(struct transaction *tx, const char *id)
{
	enum result rc = outbox_revive(tx->db, id, tx->now, tx->error);

	if (rc)
		return rc;
	return audit_append(tx, "outbox.resent", id, NULL);
}
