/*
 * The centre's own gateway: a POST of JSON, signed with a secret that both sides know (docs/messages.md).
 *
 *     Kaowu-Signature: hex(HMAC-SHA256(secret, Kaowu-Timestamp "." body))
 *
 * The gateway tells by Idempotency-Key whether it has had a message before, so that one whose answer was lost can be
 * sent again.
 */
#include "sms.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

static struct bytes body_of(
	const struct sms_account *account, struct arena *arena, const struct sms_message *message)
{
	json *body = json_new_object(arena);

	json_set_text(arena, body, "key", message->key);
	json_set_text(arena, body, "event", message->event);
	json_set_text(arena, body, "mobile", message->mobile);
	json_set_text(arena, body, "text", message->text);
	json_set_text(arena, body, "sign", json_get_text(account->settings, "sign"));
	json_set(arena, body, "params", json_copy(arena, message->params));

	const char *text = json_print(arena, body);
	return bytes_of(text, strlen(text));
}

static const char *signature_of(
	struct arena *arena, const char *secret, const char *timestamp, struct bytes body)
{
	const char *text =
		arena_printf(arena, "%s.%.*s", timestamp, (int)body.size, (const char *)body.data);
	uint8_t signature[SHA256_SIZE];

	hmac_sha256(bytes_of(secret, strlen(secret)), bytes_of(text, strlen(text)), signature);
	return hex_encode(arena, signature, sizeof(signature));
}

static bool webhook_request(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct https_request *out, struct sms_outcome *outcome)
{
	const char *timestamp = arena_printf(arena, "%" PRId64, account->now / 1000);
	struct bytes body = body_of(account, arena, message);
	const struct https_header headers[] = {
		{"Content-Type", "application/json"},
		{"Idempotency-Key", message->key},
		{"Kaowu-Timestamp", timestamp},
		{"Kaowu-Signature", signature_of(arena, account->secret, timestamp, body)},
	};

	(void)outcome;
	*out = (struct https_request){.method = "POST",
		.url = json_text(json_at_pointer(account->settings, "/webhook/url")),
		.headers = arena_copy(arena, headers, sizeof(headers)),
		.header_count = COUNT(headers),
		.body = body};
	return true;
}

static struct sms_outcome webhook_judge(struct arena *arena, int status, const json *body)
{
	const char *code = arena_printf(arena, "%d", status);

	if (status >= 200 && status < 300)
		return (struct sms_outcome){
			.fate = SMS_SENT, .reference = json_get_text(body, "reference")};
	switch (status) {
	case 400:
	case 413:
	case 422:
		return (struct sms_outcome){SMS_STOP, false, "provider.refused", code, NULL};
	case 409: /* it is at this very message */
		return (struct sms_outcome){SMS_RETRY, false, "provider.trouble", code, NULL};
	case 408:
	case 425:
	case 429:
		return (struct sms_outcome){SMS_RETRY, true, "provider.trouble", code, NULL};
	default: /* not signed rightly, not there, moved */
		return (struct sms_outcome){SMS_ALARM, true, "provider.account", code, NULL};
	}
}

static bool webhook_report(const json *entry, struct sms_report *out)
{
	*out = (struct sms_report){.key = json_get_text(entry, "key"),
		.reference = json_get_text(entry, "reference"),
		.provider_code = json_get_text(entry, "code"),
		.delivered = json_get_true(entry, "delivered")};
	return json_is_boolean(json_get(entry, "delivered")) && (out->key || out->reference);
}

const struct sms_provider sms_webhook = {
	.name = "webhook",
	.secret = "sms-webhook",
	.idempotent = true,
	.request = webhook_request,
	.judge = webhook_judge,
	.report = webhook_report,
};
