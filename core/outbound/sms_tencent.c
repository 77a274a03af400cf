/*
 * Tencent Cloud SMS, SendSms of 2021-01-11.
 *
 * Its status is 200 even when it refuses: `Response.Error` speaks of the request, `SendStatusSet[0].Code` of the
 * message. It knows no idempotency; `SessionContext` carries our key. Like its own SDKs we sign the two headers that
 * must be signed, and the host without a port.
 */
#include "sms.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cloud_signature.h"

#define ENDPOINT "https://sms.tencentcloudapi.com"
#define REGION   "ap-guangzhou"

static struct bytes body_of(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, const struct sms_filled *filled)
{
	const json *settings = json_get(account->settings, "tencent");
	json *body = json_new_object(arena);
	json *numbers = json_set(arena, body, "PhoneNumberSet", json_new_array(arena));

	json_append(numbers, json_new_text(arena, arena_printf(arena, "+86%s", message->mobile)));
	json_set_text(arena, body, "SmsSdkAppId", json_get_text(settings, "app_id"));
	json_set_text(arena, body, "SignName", json_get_text(account->settings, "sign"));
	json_set_text(arena, body, "TemplateId", filled->id);
	json *params = json_set(arena, body, "TemplateParamSet", json_new_array(arena));
	for (size_t i = 0; i < filled->count; i++)
		json_append(params, json_new_text(arena, filled->values[i]));
	json_set_text(arena, body, "SessionContext", message->key);

	const char *text = json_print(arena, body);
	return bytes_of(text, strlen(text));
}

static const char *host_of(struct arena *arena, const char *endpoint)
{
	const char *host = https_host(endpoint);

	return arena_text_part(arena, host, strcspn(host, ":"));
}

static bool tencent_request(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct https_request *out, struct sms_outcome *outcome)
{
	const json *settings = json_get(account->settings, "tencent");
	const char *endpoint = sms_endpoint(account, ENDPOINT);
	const char *region = json_get_text(settings, "region");
	struct sms_filled filled;

	if (!sms_template_fill(account, arena, message, &filled, outcome))
		return false;
	struct tc3_request request = {.secret_id = json_get_text(settings, "secret_id"),
		.secret_key = account->secret,
		.service = "sms",
		.host = host_of(arena, endpoint),
		.body = body_of(account, arena, message, &filled),
		.at_ms = account->now};
	const struct https_header headers[] = {
		{"Content-Type", TC3_CONTENT_TYPE},
		{"X-TC-Action", "SendSms"},
		{"X-TC-Version", "2021-01-11"},
		{"X-TC-Timestamp", arena_printf(arena, "%" PRId64, account->now / 1000)},
		{"X-TC-Region", region ? region : REGION},
		{"Authorization", tc3_authorization(arena, &request)},
	};
	*out = (struct https_request){.method = "POST",
		.url = arena_printf(arena, "%s/", endpoint),
		.headers = arena_copy(arena, headers, sizeof(headers)),
		.header_count = COUNT(headers),
		.body = request.body};
	return true;
}

static const struct sms_code codes[] = {
	{"LimitExceeded.PhoneNumberSameContentDailyLimit", SMS_STOP, false, "provider.limit"},
	{"LimitExceeded.PhoneNumberCountLimit", SMS_STOP, false, "provider.refused"},
	{"LimitExceeded.AppDailyLimit", SMS_ALARM, true, "provider.account_limit"},
	{"LimitExceeded", SMS_LIMIT, false, "provider.limit"},
	{"FailedOperation.SignatureIncorrectOrUnapproved", SMS_ALARM, true, "provider.sign"},
	{"FailedOperation.TemplateIncorrectOrUnapproved", SMS_ALARM, false, "provider.template"},
	{"FailedOperation.InsufficientBalanceInSmsPackage", SMS_ALARM, true, "provider.balance"},
	{"FailedOperation.ContainSensitiveWord", SMS_STOP, false, "provider.content"},
	{"FailedOperation.PhoneNumberInBlacklist", SMS_STOP, false, "provider.number"},
	{"InvalidParameterValue.IncorrectPhoneNumber", SMS_STOP, false, "provider.number"},
	{"InvalidParameterValue.TemplateParameter", SMS_STOP, false, "provider.params"},
	{"InvalidParameter", SMS_STOP, false, "provider.refused"},
	{"MissingParameter", SMS_STOP, false, "provider.refused"},
	{"FailedOperation", SMS_STOP, false, "provider.refused"},
	{"UnauthorizedOperation", SMS_ALARM, true, "provider.account"},
	{"AuthFailure", SMS_ALARM, true, "provider.account"},
	{"UnsupportedOperation", SMS_ALARM, true, "provider.account"},
	{"InternalError", SMS_LOST, true,
		"provider.lost"}, /* among them timeouts towards the network */
	{"RequestLimitExceeded", SMS_RETRY, true, "provider.trouble"},
};

static struct sms_outcome tencent_judge(struct arena *arena, int status, const json *body)
{
	const json *answer = json_get(body, "Response");
	const json *message = json_first(json_get(answer, "SendStatusSet"));
	const char *error = json_text(json_at_pointer(answer, "/Error/Code"));
	const char *code = error ? error : json_get_text(message, "Code");

	(void)arena;
	if (!code)
		return sms_unreadable(status);
	if (!error && text_equal(code, "Ok"))
		return (struct sms_outcome){
			.fate = SMS_SENT, .reference = json_get_text(message, "SerialNo")};
	return sms_code_read(codes, COUNT(codes), code);
}

static bool tencent_report(const json *entry, struct sms_report *out)
{
	const char *status = json_get_text(entry, "report_status");

	*out = (struct sms_report){.reference = json_get_text(entry, "sid"),
		.mobile = json_get_text(entry, "mobile"),
		.provider_code = json_get_text(entry, "errmsg"),
		.delivered = text_equal(status, "SUCCESS")};
	return status && out->reference;
}

const struct sms_provider sms_tencent = {
	.name = "tencent",
	.secret = "sms-tencent",
	.templates = true,
	.request = tencent_request,
	.judge = tencent_judge,
	.report = tencent_report,
};
