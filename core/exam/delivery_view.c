/*
 * The outbox as the administrator sees it, and what is told about it from outside: to send again, what was delivered.
 */
#include "delivery.h"

#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "identifier.h"
#include "message_settings.h"
#include "notice.h"
#include "outbound/outbox.h"

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

static const char *words_of(struct transaction *tx, const char *code)
{
	return code ? message_text(tx->arena, tx->language, code, NULL) : NULL;
}

/* NULL if it is damaged: the row is shown all the same. */
static json *payload_of(struct transaction *tx, const char *id, struct bytes sealed)
{
	struct error none = {.arena = tx->arena};
	struct transaction quiet = *tx;
	json *payload = NULL;

	quiet.error = &none;
	return notice_payload(&quiet, id, sealed, &payload) ? NULL : payload;
}

/* The row as JSON with what its payload says: the number masked, the text in full but for a code. */
static void message_view(struct transaction *tx, const struct cursor *row, json *messages)
{
	json *view = json_append(messages, cursor_object(row, tx->arena));
	json *payload = payload_of(tx, json_get_text(view, "id"), cursor_blob(row, 0, tx->arena));
	const char *mobile = json_get_text(payload, "mobile");

	json_set_text(tx->arena, view, "mobile", mobile ? mobile_masked(tx->arena, mobile) : "");
	json_set_text(tx->arena, view, "text", text_shown(tx, payload));
	json_set_text(
		tx->arena, view, "last_error", words_of(tx, json_get_text(view, "last_error")));
}

/* Providers do not sign their reports: who knows this address is taken for them. */
const char *delivery_report_token(struct transaction *tx)
{
	return blind_index(tx->arena, tx->keys, "sms report", CHANNEL_SMS);
}

/* How the way out itself fares. */
static enum result channel_view(struct transaction *tx, json *view)
{
	json *channel = json_set(tx->arena, view, "channel", json_new_object(tx->arena));
	struct date date = date_of_moment(tx->now);
	struct outbox_pause pause;
	const json *sms;
	int64_t today;
	enum result rc = message_settings_load(tx, &sms);

	rc = rc ? rc : outbox_pause_load(tx->db, tx->arena, CHANNEL_SMS, &pause, tx->error);
	rc = rc ? rc
		: outbox_tried(tx->db, CHANNEL_SMS, NULL, moment_of_date(date),
			  moment_of_date_end(date), &today, tx->error);
	if (rc)
		return rc;
	json_set_text(tx->arena, channel, "provider",
		sms_provider_find(json_get_text(sms, "provider"))->name);
	json_set_text(tx->arena, channel, "trouble", words_of(tx, pause.why));
	json_set_text(tx->arena, channel, "provider_code", pause.provider_code);
	json_set_moment(tx->arena, channel, "trouble_since", pause.since);
	json_set_integer(tx->arena, channel, "today", today);
	json_set_integer(tx->arena, channel, "budget", message_budget_of(sms).day);
	json_set_text(tx->arena, channel, "reports",
		arena_printf(tx->arena, "reports/sms/%s", delivery_report_token(tx)));
	return OK;
}

#define MESSAGES                                                                                   \
	"SELECT payload_sealed, id, event, state, attempts, lost, last_error, subject, provider,"  \
	" provider_code, delivered AS \"delivered?\", created_at AS \"created_at@\","              \
	" sent_at AS \"sent_at@\", reported_at AS \"reported_at@\" FROM outbox WHERE "
#define MESSAGES_PAGE                                                                              \
	" AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR recipient_index = ?5)"                 \
	" AND (?1 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3"

/* Whose messages are looked for, as the outbox knows them: by a number of theirs, or of an application of theirs. NULL:
 * everybody's; "" is nobody. */
static enum result recipient_find(struct transaction *tx, const char *search, const char **index)
{
	struct error none = {.arena = tx->arena};
	const char *mobile, *found = NULL;
	enum result rc = OK;

	if (text_blank(search))
		return OK;
	if (mobile_read(&none, "", search, &mobile))
		found = blind_index(tx->arena, tx->keys, "mobile", mobile);
	else
		rc = store_find_text(tx->db, tx->arena,
			"SELECT c.mobile_index FROM application a JOIN account c ON c.id = a.account_id"
			" WHERE a.number = ?1 AND c.mobile_index IS NOT NULL",
			BIND(TEXT(text_compact(tx->arena, search))), &found, tx->error);
	*index = found ? found : "";
	return rc;
}

static enum result messages_view(struct transaction *tx, const char *state, const char *search,
	const struct page *page, json *view)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	json *messages = json_new_array(tx->arena);
	/* What is not sent is little among all that is: an index finds it, if the statement asks for it outright. */
	bool few = state && !text_equal(state, "sent");
	const char *recipient = NULL;
	enum result rc = recipient_find(tx, search, &recipient);

	rc = rc ? rc
		: store_query(tx->db, &rows,
			  recipient ? MESSAGES "recipient_index = ?5" MESSAGES_PAGE
			  : few     ? MESSAGES "state = ?4" MESSAGES_PAGE
				    : MESSAGES "TRUE" MESSAGES_PAGE,
			  BIND(INTEGER(page->begun), TEXT(page->text), INTEGER(page->most + 1),
				  TEXT(state), TEXT(recipient)),
			  tx->error);

	if (rc)
		return rc;
	while (cursor_next(&rows))
		message_view(tx, &rows, messages);
	page_end(tx->arena, page, view, "messages", messages, NULL, "id");
	return cursor_end(&rows, tx->error);
}

enum result delivery_list(struct transaction *tx, const char *state, const char *search,
	const struct page *page, json **out)
{
	static const char *const states[] = {"waiting", "sending", "sent", "dead"};
	json *view = json_new_object(tx->arena);

	page_choice(tx, "state", state, states, COUNT(states));
	enum result rc = refuse_faults(tx->error);
	rc = rc ? rc : messages_view(tx, state, search, page, view);
	rc = rc ? rc : channel_view(tx, view);
	if (rc)
		return rc;
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

/* The first report of an end counts; providers repeat themselves. One may come before the answer that tells the
 * reference is written down, which waits for all that went out together: it is of the one message that is out to its
 * number. */
static enum result report_keep(struct transaction *tx, const struct sms_report *report)
{
	const char *recipient =
		report->mobile ? blind_index(tx->arena, tx->keys, "mobile", report->mobile) : NULL;

	return store_run(tx->db,
		"UPDATE outbox SET delivered = ?3, report_code = ?4, reported_at = ?5"
		" WHERE channel = '" CHANNEL_SMS "' AND reported_at IS NULL AND (id = ?1"
		" OR (?1 IS NULL AND reference = ?2) OR (?1 IS NULL AND recipient_index = ?6"
		" AND state = 'sending' AND NOT EXISTS (SELECT 1 FROM outbox WHERE reference = ?2)))",
		BIND(TEXT(report->key), TEXT(report->reference), INTEGER(report->delivered),
			TEXT(report->provider_code), INTEGER(tx->now), TEXT(recipient)),
		tx->error);
}

/* One that cannot be read hinders none beside it: providers send all of them again, and always would. */
static enum result reports_keep(
	struct transaction *tx, const struct sms_provider *provider, const json *entries)
{
	size_t unread = 0;

	json_each(entry, entries)
	{
		struct sms_report report;

		if (!provider->report(entry, &report)) {
			unread++;
			continue;
		}
		enum result rc = report_keep(tx, &report);
		if (rc)
			return rc;
	}
	if (unread > 0 && unread == json_count(entries))
		return fail(tx->error, INVALID, "outbox.no_report", NULL);
	if (unread > 0)
		log_event(LOG_WARNING, "outbox.reports_unread", "tenant", tenant_slug(tx->tenant),
			"request", tx->request_id, "provider", provider->name, "count",
			arena_printf(tx->arena, "%zu", unread), NULL);
	return OK;
}

static bool token_right(struct transaction *tx, const char *token)
{
	const char *right = delivery_report_token(tx);

	return strlen(token) == strlen(right) &&
	       equal_in_constant_time(token, right, strlen(right));
}

enum result delivery_report(struct transaction *tx, const char *token, const json *body)
{
	const struct sms_provider *provider;
	const json *sms;
	enum result rc = message_settings_load(tx, &sms);

	if (rc)
		return rc;
	if (!token_right(tx, token))
		return fail(tx->error, NOT_FOUND, "outbox.no_reports", NULL);
	provider = sms_provider_find(json_get_text(sms, "provider"));
	if (!provider->report)
		return fail(tx->error, CONFLICT, "outbox.no_reports", NULL);
	if (json_is_array(body))
		return reports_keep(tx, provider, body);
	json *one = json_new_array(tx->arena);
	json_append(one, json_copy(tx->arena, body));
	return reports_keep(tx, provider, one);
}
