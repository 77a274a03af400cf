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
static enum result params_read(struct transaction *tx, va_list arguments, const char *const **out)
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
	*out = params;
	return OK;
}

static char *text_of(struct transaction *tx, const char *event, const char *const *params)
{
	return message_text(
		tx->arena, LANGUAGE_ZH, arena_printf(tx->arena, "sms.%s", event), params);
}

static const char *payload_context(struct transaction *tx, const char *id)
{
	return arena_printf(tx->arena, "outbox.payload:%s", id);
}

static enum result put(struct transaction *tx, const char *mobile, int64_t expires_at,
	const char *event, const char *subject, const char *key, const char *const *params)
{
	struct outbox_row row = {.id = id_create(tx->arena),
		.channel = CHANNEL_SMS,
		.event = event,
		.event_key = key,
		.recipient_index = blind_index(tx->arena, tx->keys, "mobile", mobile),
		.subject = subject,
		.expires_at = expires_at};
	json *payload = json_new_object(tx->arena);

	json_set_text(tx->arena, payload, "mobile", mobile);
	json_set_text(tx->arena, payload, "text", text_of(tx, event, params));
	json_set(tx->arena, payload, "params", json_new_of_pairs(tx->arena, params));
	row.payload = seal_text(
		tx->arena, tx->keys, payload_context(tx, row.id), json_print(tx->arena, payload));
	return outbox_put(tx->db, &row, tx->now, tx->error);
}

enum result notice_account(struct transaction *tx, const char *account_id, const char *event,
	const char *subject, const char *key, ...)
{
	const char *const *params;
	const char *mobile;
	va_list arguments;
	enum result rc;

	va_start(arguments, key);
	rc = params_read(tx, arguments, &params);
	va_end(arguments);
	rc = rc ? rc : account_mobile(tx, account_id, &mobile);
	return rc || !mobile ? rc : put(tx, mobile, 0, event, subject, key, params);
}

enum result notice_number(struct transaction *tx, const char *mobile, int64_t expires_at,
	const char *event, const char *subject, const char *key, ...)
{
	const char *const *params;
	va_list arguments;
	enum result rc;

	va_start(arguments, key);
	rc = params_read(tx, arguments, &params);
	va_end(arguments);
	return rc ? rc : put(tx, mobile, expires_at, event, subject, key, params);
}

enum result notice_payload(
	struct transaction *tx, const char *id, struct bytes sealed, json **payload)
{
	return unseal_json(
		tx->arena, tx->keys, payload_context(tx, id), sealed, payload, tx->error);
}

enum result notice_preview(struct transaction *tx, char **text, const char *event, ...)
{
	const char *const *params;
	va_list arguments;
	enum result rc;

	va_start(arguments, event);
	rc = params_read(tx, arguments, &params);
	va_end(arguments);
	if (rc)
		return rc;
	*text = text_of(tx, event, params);
	return OK;
}
