/*
 * Aliyun SMS (Dysmsapi), SendSms of 2017-05-25, signed by ACS3.
 *
 * The parameters stand in the query. A message is taken if `Code` is "OK". It knows no idempotency; `OutId` carries our
 * key.
 */
#include "sms.h"

#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"
#include "cloud_signature.h"

#define ENDPOINT   "https://dysmsapi.aliyuncs.com"
#define NONCE_SIZE 16

static const char *params_of(struct arena *arena, const struct sms_filled *filled)
{
	json *params = json_new_object(arena);

	for (size_t i = 0; i < filled->count; i++)
		json_set_text(arena, params, filled->names[i], filled->values[i]);
	return json_print(arena, params);
}

/* By name, as the signature wants them. */
static const char *query_of(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, const struct sms_filled *filled)
{
	const char *const pairs[][2] = {
		{"OutId", message->key},
		{"PhoneNumbers", message->mobile},
		{"SignName", json_get_text(account->settings, "sign")},
		{"TemplateCode", filled->id},
		{"TemplateParam", params_of(arena, filled)},
	};
	const char *query = "";

	for (size_t i = 0; i < COUNT(pairs); i++)
		query = arena_printf(arena, "%s%s%s=%s", query, i > 0 ? "&" : "", pairs[i][0],
			percent_encode(arena, pairs[i][1]));
	return query;
}

static const char *nonce_create(struct arena *arena)
{
	uint8_t nonce[NONCE_SIZE];

	random_bytes(nonce, sizeof(nonce));
	return hex_encode(arena, nonce, sizeof(nonce));
}

static bool aliyun_request(const struct sms_account *account, struct arena *arena,
	const struct sms_message *message, struct https_request *out, struct sms_outcome *outcome)
{
	const json *settings = json_get(account->settings, "aliyun");
	const char *endpoint = sms_endpoint(account, ENDPOINT);
	struct sms_filled filled;

	if (!sms_template_fill(account, arena, message, &filled, outcome))
		return false;
	struct acs3_request request = {.access_key_id = json_get_text(settings, "access_key_id"),
		.access_key_secret = account->secret,
		.host = https_host(endpoint),
		.action = "SendSms",
		.version = "2017-05-25",
		.query = query_of(account, arena, message, &filled),
		.date = acs3_date(arena, account->now),
		.nonce = nonce_create(arena)};
	const struct https_header headers[] = {
		{"Accept", "application/json"},
		{"x-acs-action", request.action},
		{"x-acs-content-sha256", ACS3_EMPTY_BODY},
		{"x-acs-date", request.date},
		{"x-acs-signature-nonce", request.nonce},
		{"x-acs-version", request.version},
		{"Authorization", acs3_authorization(arena, &request)},
	};
	*out = (struct https_request){.method = "POST",
		.url = arena_printf(arena, "%s/?%s", endpoint, request.query),
		.headers = arena_copy(arena, headers, sizeof(headers)),
		.header_count = COUNT(headers)};
	return true;
}

static const struct sms_code codes[] = {
	{"isv.BUSINESS_LIMIT_CONTROL", SMS_LIMIT, false, "provider.limit"},
	{"isv.MOBILE_", SMS_STOP, false, "provider.number"},
	{"isv.TEMPLATE_MISSING_PARAMETERS", SMS_ALARM, false, "provider.template"},
	{"isv.SMS_TEMPLATE_ILLEGAL", SMS_ALARM, false, "provider.template"},
	{"isv.SMS_SIGN", SMS_ALARM, true, "provider.sign"},
	{"isv.INVALID_", SMS_STOP, false, "provider.params"},
	{"isv.PARAM_", SMS_STOP, false, "provider.params"},
	{"isv.BLACK_KEY_CONTROL_LIMIT", SMS_STOP, false, "provider.content"},
	{"isv.AMOUNT_NOT_ENOUGH", SMS_ALARM, true, "provider.balance"},
	{"isv.OUT_OF_SERVICE", SMS_ALARM, true, "provider.balance"},
	{"isv.DAY_LIMIT_CONTROL", SMS_ALARM, true, "provider.account_limit"},
	{"isv.DENY_IP_RANGE", SMS_ALARM, true, "provider.account"},
	{"isv.ACCOUNT_", SMS_ALARM, true, "provider.account"},
	{"isp.RAM_PERMISSION_DENY", SMS_ALARM, true, "provider.account"},
	{"isp.", SMS_LOST, true, "provider.lost"},
	{"SignatureNonceUsed", SMS_RETRY, false, "provider.trouble"},
	{"SignatureDoesNotMatch", SMS_ALARM, true, "provider.account"},
	{"IncompleteSignature", SMS_ALARM, true, "provider.account"},
	{"InvalidAccessKeyId", SMS_ALARM, true, "provider.account"},
	{"InvalidTimeStamp", SMS_ALARM, true, "provider.account"},
	{"Forbidden", SMS_ALARM, true, "provider.account"},
	{"NoPermission", SMS_ALARM, true, "provider.account"},
	{"Throttling", SMS_RETRY, true, "provider.trouble"},
	{"ServiceUnavailable", SMS_RETRY, true, "provider.trouble"},
	{"InternalError", SMS_LOST, true, "provider.lost"},
};

static struct sms_outcome aliyun_judge(struct arena *arena, int status, const json *body)
{
	const char *code = json_get_text(body, "Code");

	(void)arena;
	if (!code)
		return sms_unreadable(status);
	if (status == 200 && text_equal(code, "OK"))
		return (struct sms_outcome){
			.fate = SMS_SENT, .reference = json_get_text(body, "BizId")};
	return sms_code_read(codes, COUNT(codes), code);
}

static bool aliyun_report(const json *entry, struct sms_report *out)
{
	*out = (struct sms_report){.key = json_get_text(entry, "out_id"),
		.reference = json_get_text(entry, "biz_id"),
		.provider_code = json_get_text(entry, "err_code"),
		.delivered = json_get_true(entry, "success")};
	return json_is_boolean(json_get(entry, "success")) && (out->key || out->reference);
}

const struct sms_provider sms_aliyun = {
	.name = "aliyun",
	.secret = "sms-aliyun",
	.templates = true,
	.request = aliyun_request,
	.judge = aliyun_judge,
	.report = aliyun_report,
};
