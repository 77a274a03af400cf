/*
 * Texts for people by SMS, put into the outbox with what caused them.
 */
#include "notice.h"

#include <assert.h>
#include <stdarg.h>

#include "account.h"
#include "base/id.h"
#include "outbound/outbox.h"
#include "profile.h"

#define PARAMS_MOST 32

/* What stands between 【 and 】. */
static const char *sign_of(const json *profile)
{
	const char *sign = json_text(json_at_pointer(profile, "/sms/sign"));
	const char *short_name = json_get_text(profile, "short_name");

	return sign ? sign : short_name ? short_name : json_get_text(profile, "name");
}

/* Name and text pairs up to NULL, with the centre's sign before them. */
static enum result notice_read(
	struct transaction *tx, const char *event, va_list arguments, struct notice *out)
{
	const char **params = NEW_ARRAY(tx->arena, const char *, PARAMS_MOST + 1);
	size_t count = 0;
	const json *profile;
	enum result rc = profile_load(tx, &profile);

	if (rc)
		return rc;
	params[count++] = "centre";
	params[count++] = sign_of(profile);
	for (const char *name; (name = va_arg(arguments, const char *));) {
		assert(count < PARAMS_MOST);
		params[count++] = name;
		params[count++] = va_arg(arguments, const char *);
	}
	*out = (struct notice){.event = event,
		.params = params,
		.text = message_text(
			tx->arena, LANGUAGE_ZH, arena_printf(tx->arena, "sms.%s", event), params)};
	return OK;
}

enum result notice_make(struct transaction *tx, struct notice *out, const char *event, ...)
{
	va_list arguments;
	enum result rc;

	va_start(arguments, event);
	rc = notice_read(tx, event, arguments, out);
	va_end(arguments);
	return rc;
}

static const char *payload_context(struct transaction *tx, const char *id)
{
	return arena_printf(tx->arena, "outbox.payload:%s", id);
}

static enum result put(struct transaction *tx, const struct notice *notice, const char *mobile,
	int64_t expires_at, const char *subject, const char *key)
{
	struct outbox_row row = {.id = id_create(tx->arena),
		.channel = CHANNEL_SMS,
		.event = notice->event,
		.event_key = key,
		.recipient_index = blind_index(tx->arena, tx->keys, "mobile", mobile),
		.subject = subject,
		.expires_at = expires_at};
	json *payload = json_new_object(tx->arena);

	json_set_text(tx->arena, payload, "mobile", mobile);
	json_set_text(tx->arena, payload, "text", notice->text);
	json_set(tx->arena, payload, "params", json_new_of_pairs(tx->arena, notice->params));
	row.payload = seal_text(
		tx->arena, tx->keys, payload_context(tx, row.id), json_print(tx->arena, payload));
	return outbox_put(tx->db, &row, tx->now, tx->error);
}

enum result notice_send(struct transaction *tx, const struct notice *notice, const char *account_id,
	const char *subject, const char *key)
{
	const char *mobile;
	enum result rc = account_mobile(tx, account_id, &mobile);

	return rc || !mobile ? rc : put(tx, notice, mobile, 0, subject, key);
}

enum result notice_account(struct transaction *tx, const char *account_id, const char *event,
	const char *subject, const char *key, ...)
{
	struct notice notice;
	va_list arguments;
	enum result rc;

	va_start(arguments, key);
	rc = notice_read(tx, event, arguments, &notice);
	va_end(arguments);
	return rc ? rc : notice_send(tx, &notice, account_id, subject, key);
}

enum result notice_number(struct transaction *tx, const char *mobile, int64_t expires_at,
	const char *event, const char *subject, const char *key, ...)
{
	struct notice notice;
	va_list arguments;
	enum result rc;

	va_start(arguments, key);
	rc = notice_read(tx, event, arguments, &notice);
	va_end(arguments);
	return rc ? rc : put(tx, &notice, mobile, expires_at, subject, key);
}

enum result notice_payload(
	struct transaction *tx, const char *id, struct bytes sealed, json **payload)
{
	return unseal_json(
		tx->arena, tx->keys, payload_context(tx, id), sealed, payload, tx->error);
}
