/*
 * Each provider's requests and answers: what is sent, what is signed, what becomes of every code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/text.h"
#include "outbound/cloud_signature.h"
#include "outbound/sms.h"

#include <cmocka.h>

#define NOW INT64_C(1795309200000) /* 2026-11-22T01:00:00Z */

struct desk {
	struct arena *arena;
	struct error error;
	struct sms_account account;
	struct https_request request;
	struct sms_outcome outcome;
};

static int begin(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	assert_non_null(desk);
	desk->arena = arena_create(4u << 20);
	desk->error.arena = desk->arena;
	random_seed(7);
	*state = desk;
	return 0;
}

static int end(void **state)
{
	struct desk *desk = *state;

	random_seed(0);
	arena_destroy(desk->arena);
	free(desk);
	return 0;
}

/* Single quotes stand for double ones. */
static json *parsed(struct desk *desk, const char *text)
{
	char *copy = arena_text(desk->arena, text);
	json *value = NULL;

	for (char *letter = copy; *letter; letter++)
		*letter = *letter == '\'' ? '"' : *letter;
	assert_int_equal(json_parse(desk->arena, copy, strlen(copy), &value, &desk->error), OK);
	return value;
}

static void settings(struct desk *desk, const char *text)
{
	desk->account = (struct sms_account){
		.settings = parsed(desk, text), .secret = "placeholder-secret", .now = NOW};
}

static bool asked(struct desk *desk, const struct sms_provider *provider, const char *params)
{
	const struct sms_message message = {.mobile = "13800000001",
		.event = "rejected",
		.text = "【示例】申报一审核不通过。",
		.params = parsed(desk, params),
		.key = "01900000-0000-7000-8000-000000000001"};

	return provider->request(
		&desk->account, desk->arena, &message, &desk->request, &desk->outcome);
}

static const char *header(const struct desk *desk, const char *name)
{
	for (size_t i = 0; i < desk->request.header_count; i++) {
		if (text_equal(desk->request.headers[i].name, name))
			return desk->request.headers[i].value;
	}
	fail_msg("no header %s", name);
	return NULL;
}

static const char *body(const struct desk *desk)
{
	return arena_text_part(
		desk->arena, (const char *)desk->request.body.data, desk->request.body.size);
}

#define TENCENT                                                                                    \
	"{'provider': 'tencent', 'sign': '示例', 'tencent': {'secret_id': 'AKIDEXAMPLE',"        \
	" 'app_id': '1400000000'}, 'templates': {'rejected': {'id': '1234', 'params':"             \
	" [{'name': 'number'}, {'name': 'reasons', 'most': 6}]}}}"
#define ALIYUN                                                                                     \
	"{'provider': 'aliyun', 'sign': '示例', 'aliyun': {'access_key_id': 'testId'},"          \
	" 'templates': {'rejected': {'id': 'SMS_1', 'params': [{'name': 'number', 'as': 'no'},"    \
	" {'name': 'reasons'}]}}}"

static void tencent_gets_what_its_api_asks_for(void **state)
{
	struct desk *desk = *state;

	settings(desk, TENCENT);
	assert_true(asked(desk, &sms_tencent, "{'number': '2601', 'reasons': '照片不清'}"));
	assert_string_equal(desk->request.method, "POST");
	assert_string_equal(desk->request.url, "https://sms.tencentcloudapi.com/");
	assert_string_equal(body(desk),
		"{\"PhoneNumberSet\":[\"+8613800000001\"],\"SmsSdkAppId\":\"1400000000\","
		"\"SignName\":\"示例\",\"TemplateId\":\"1234\",\"TemplateParamSet\":[\"2601\","
		"\"照片不清\"],\"SessionContext\":\"01900000-0000-7000-8000-000000000001\"}");
	assert_string_equal(header(desk, "X-TC-Action"), "SendSms");
	assert_string_equal(header(desk, "X-TC-Version"), "2021-01-11");
	assert_string_equal(header(desk, "X-TC-Region"), "ap-guangzhou");
	assert_string_equal(header(desk, "X-TC-Timestamp"), "1795309200");
	assert_string_equal(header(desk, "Content-Type"), TC3_CONTENT_TYPE);
	assert_string_equal(header(desk, "Authorization"),
		tc3_authorization(desk->arena, &(struct tc3_request){.secret_id = "AKIDEXAMPLE",
						       .secret_key = "placeholder-secret",
						       .service = "sms",
						       .host = "sms.tencentcloudapi.com",
						       .body = desk->request.body,
						       .at_ms = NOW}));
}

static void aliyun_gets_its_parameters_in_the_query(void **state)
{
	struct desk *desk = *state;

	settings(desk, ALIYUN);
	assert_true(asked(desk, &sms_aliyun, "{'number': '2601', 'reasons': 'a b*~'}"));
	assert_string_equal(desk->request.url,
		"https://dysmsapi.aliyuncs.com/?OutId=01900000-0000-7000-8000-000000000001"
		"&PhoneNumbers=13800000001&SignName=%E7%A4%BA%E4%BE%8B&TemplateCode=SMS_1"
		"&TemplateParam=%7B%22no%22%3A%222601%22%2C%22reasons%22%3A%22a%20b%2A~%22%7D");
	assert_int_equal(desk->request.body.size, 0);
	assert_string_equal(header(desk, "x-acs-action"), "SendSms");
	assert_string_equal(header(desk, "x-acs-version"), "2017-05-25");
	assert_string_equal(header(desk, "x-acs-date"), "2026-11-22T01:00:00Z");
	assert_int_equal(strlen(header(desk, "x-acs-signature-nonce")), 32);
	assert_true(text_starts(header(desk, "Authorization"),
		"ACS3-HMAC-SHA256 Credential=testId,SignedHeaders=host;x-acs-action;"));
}

static void a_nonce_is_never_the_same_twice(void **state)
{
	struct desk *desk = *state;

	settings(desk, ALIYUN);
	assert_true(asked(desk, &sms_aliyun, "{}"));
	const char *first = header(desk, "x-acs-signature-nonce");
	assert_true(asked(desk, &sms_aliyun, "{}"));
	assert_string_not_equal(header(desk, "x-acs-signature-nonce"), first);
}

static void the_settings_may_name_another_endpoint(void **state)
{
	struct desk *desk = *state;

	settings(desk, TENCENT);
	desk->account.settings = parsed(desk,
		"{'endpoint': 'https://127.0.0.1:8443', 'sign': '示例', 'tencent': {'secret_id': 'A',"
		" 'app_id': '1', 'region': 'ap-beijing'}, 'templates': {'rejected': {'id': '1',"
		" 'params': []}}}");
	assert_true(asked(desk, &sms_tencent, "{}"));
	assert_string_equal(desk->request.url, "https://127.0.0.1:8443/");
	assert_string_equal(header(desk, "X-TC-Region"), "ap-beijing");
}

static void a_gateway_gets_everything_and_a_signature(void **state)
{
	struct desk *desk = *state;
	uint8_t signature[SHA256_SIZE];

	settings(desk, "{'provider': 'webhook', 'sign': '示例',"
		       " 'webhook': {'url': 'https://gateway.kaowu.example/sms'}}");
	assert_true(asked(desk, &sms_webhook, "{'number': '2601'}"));
	assert_string_equal(desk->request.url, "https://gateway.kaowu.example/sms");
	assert_string_equal(body(desk),
		"{\"key\":\"01900000-0000-7000-8000-000000000001\",\"event\":\"rejected\","
		"\"mobile\":\"13800000001\",\"text\":\"【示例】申报一审核不通过。\","
		"\"sign\":\"示例\",\"params\":{\"number\":\"2601\"}}");
	assert_string_equal(
		header(desk, "Idempotency-Key"), "01900000-0000-7000-8000-000000000001");
	assert_string_equal(header(desk, "Kaowu-Timestamp"), "1795309200");
	const char *text = arena_printf(desk->arena, "1795309200.%s", body(desk));
	hmac_sha256(bytes_of("placeholder-secret", 18), bytes_of(text, strlen(text)), signature);
	assert_string_equal(header(desk, "Kaowu-Signature"),
		hex_encode(desk->arena, signature, sizeof(signature)));
}

static void words_are_cut_to_the_parameters_limit(void **state)
{
	struct desk *desk = *state;

	settings(desk, TENCENT);
	assert_true(asked(desk, &sms_tencent, "{'number': '1', 'reasons': '一二三四五六'}"));
	assert_non_null(strstr(body(desk), "[\"1\",\"一二三四五六\"]"));
	assert_true(asked(desk, &sms_tencent, "{'number': '1', 'reasons': '一二三四五六七'}"));
	assert_non_null(strstr(body(desk), "[\"1\",\"一二三四五…\"]"));
}

static void a_number_is_never_cut(void **state)
{
	struct desk *desk = *state;

	settings(desk, TENCENT);
	assert_false(asked(desk, &sms_tencent, "{'number': '1', 'reasons': '1234567.50'}"));
	assert_int_equal(desk->outcome.fate, SMS_STOP);
	assert_string_equal(desk->outcome.code, "provider.param_long");
}

static void an_event_without_a_template_waits_for_somebody(void **state)
{
	struct desk *desk = *state;

	settings(desk, "{'provider': 'aliyun', 'sign': '示例', 'aliyun': {'access_key_id': 'a'}}");
	assert_false(asked(desk, &sms_aliyun, "{}"));
	assert_int_equal(desk->outcome.fate, SMS_ALARM);
	assert_false(desk->outcome.outage);
	assert_string_equal(desk->outcome.code, "provider.no_template");
}

static struct sms_outcome judged(
	struct desk *desk, const struct sms_provider *provider, int status, const char *text)
{
	char *copy = arena_text(desk->arena, text);

	for (char *letter = copy; *letter; letter++)
		*letter = *letter == '\'' ? '"' : *letter;
	return sms_judge(provider, desk->arena,
		&(struct https_answer){.outcome = HTTPS_ANSWERED,
			.status = status,
			.body = bytes_of(copy, strlen(copy))});
}

/* It would be kept with each message, and shown. */
static void words_of_a_provider_that_are_none_are_not_kept(void **state)
{
	struct desk *desk = *state;
	char words[1000] = {0};

	memset(words, 'x', sizeof(words) - 1);
	struct sms_outcome outcome =
		judged(desk, &sms_aliyun, 200, arena_printf(desk->arena, "{'Code': '%s'}", words));
	assert_int_equal(outcome.fate, SMS_LOST);
	assert_string_equal(outcome.code, "provider.garbled");
	assert_null(outcome.provider_code);
	outcome = judged(
		desk, &sms_webhook, 200, arena_printf(desk->arena, "{'reference': '%s'}", words));
	assert_int_equal(outcome.fate, SMS_SENT);
	assert_null(outcome.reference);
}

static void what_was_taken_has_the_providers_number(void **state)
{
	struct desk *desk = *state;
	struct sms_outcome outcome = judged(desk, &sms_tencent, 200,
		"{'Response': {'SendStatusSet': [{'SerialNo': '5000:1', 'Fee': 1, 'Code': 'Ok'}],"
		" 'RequestId': 'a'}}");

	assert_int_equal(outcome.fate, SMS_SENT);
	assert_string_equal(outcome.reference, "5000:1");
	outcome = judged(desk, &sms_aliyun, 200,
		"{'Message': 'OK', 'RequestId': 'F', 'BizId': '9^0', 'Code': 'OK'}");
	assert_int_equal(outcome.fate, SMS_SENT);
	assert_string_equal(outcome.reference, "9^0");
	outcome = judged(desk, &sms_webhook, 202, "{'reference': 'g-1'}");
	assert_int_equal(outcome.fate, SMS_SENT);
	assert_string_equal(outcome.reference, "g-1");
	assert_int_equal(judged(desk, &sms_webhook, 200, "thanks").fate, SMS_SENT);
}

struct meaning {
	const char *code;
	enum sms_fate fate;
	bool outage;
};

static void assert_meaning(struct desk *desk, const struct sms_provider *provider,
	const char *before, const char *after, const struct meaning *meaning)
{
	struct sms_outcome outcome = judged(desk, provider, 200,
		arena_printf(desk->arena, "%s'%s'%s", before, meaning->code, after));

	if (outcome.fate != meaning->fate || outcome.outage != meaning->outage)
		fail_msg("%s is %s", meaning->code, sms_fate_name(outcome.fate));
	assert_string_equal(outcome.provider_code, meaning->code);
	assert_true(text_starts(outcome.code, "provider."));
}

static void every_code_of_tencent_has_its_meaning(void **state)
{
	static const struct meaning meanings[] = {
		{"LimitExceeded.PhoneNumberThirtySecondLimit", SMS_LIMIT, false},
		{"LimitExceeded.PhoneNumberOneHourLimit", SMS_LIMIT, false},
		{"LimitExceeded.PhoneNumberDailyLimit", SMS_LIMIT, false},
		{"LimitExceeded.PhoneNumberSameContentDailyLimit", SMS_STOP, false},
		{"LimitExceeded.PhoneNumberCountLimit", SMS_STOP, false},
		{"LimitExceeded.DeliveryFrequencyLimit", SMS_LIMIT, false},
		{"LimitExceeded.AppDailyLimit", SMS_ALARM, true},
		{"FailedOperation.SignatureIncorrectOrUnapproved", SMS_ALARM, true},
		{"FailedOperation.TemplateIncorrectOrUnapproved", SMS_ALARM, false},
		{"FailedOperation.ContainSensitiveWord", SMS_STOP, false},
		{"FailedOperation.InsufficientBalanceInSmsPackage", SMS_ALARM, true},
		{"FailedOperation.PhoneNumberInBlacklist", SMS_STOP, false},
		{"FailedOperation.JsonParseFail", SMS_STOP, false},
		{"InvalidParameterValue.IncorrectPhoneNumber", SMS_STOP, false},
		{"InvalidParameterValue.TemplateParameterFormatError", SMS_STOP, false},
		{"MissingParameter.EmptyPhoneNumberSet", SMS_STOP, false},
		{"UnauthorizedOperation.SmsSdkAppIdVerifyFail", SMS_ALARM, true},
		{"UnauthorizedOperation.RequestIpNotInWhitelist", SMS_ALARM, true},
		{"AuthFailure.SecretIdNotFound", SMS_ALARM, true},
		{"AuthFailure.SignatureFailure", SMS_ALARM, true},
		{"AuthFailure.SignatureExpire", SMS_ALARM, true},
		{"InternalError.SendAndRecvFail", SMS_LOST, true},
		{"RequestLimitExceeded", SMS_RETRY, true},
		{"SomethingNew", SMS_RETRY, false},
	};

	for (size_t i = 0; i < COUNT(meanings); i++) {
		assert_meaning(*state, &sms_tencent,
			"{'Response': {'SendStatusSet': [{'Code': ", "}]}}", &meanings[i]);
		assert_meaning(*state, &sms_tencent, "{'Response': {'Error': {'Code': ", "}}}",
			&meanings[i]);
	}
}

static void every_code_of_aliyun_has_its_meaning(void **state)
{
	static const struct meaning meanings[] = {
		{"isv.BUSINESS_LIMIT_CONTROL", SMS_LIMIT, false},
		{"isv.MOBILE_NUMBER_ILLEGAL", SMS_STOP, false},
		{"isv.MOBILE_COUNT_OVER_LIMIT", SMS_STOP, false},
		{"isv.TEMPLATE_MISSING_PARAMETERS", SMS_ALARM, false},
		{"isv.SMS_TEMPLATE_ILLEGAL", SMS_ALARM, false},
		{"isv.SMS_SIGNATURE_ILLEGAL", SMS_ALARM, true},
		{"isv.INVALID_PARAMETERS", SMS_STOP, false},
		{"isv.INVALID_JSON_PARAM", SMS_STOP, false},
		{"isv.PARAM_LENGTH_LIMIT", SMS_STOP, false},
		{"isv.PARAM_NOT_SUPPORT_URL", SMS_STOP, false},
		{"isv.BLACK_KEY_CONTROL_LIMIT", SMS_STOP, false},
		{"isv.AMOUNT_NOT_ENOUGH", SMS_ALARM, true},
		{"isv.OUT_OF_SERVICE", SMS_ALARM, true},
		{"isv.DAY_LIMIT_CONTROL", SMS_ALARM, true},
		{"isv.DENY_IP_RANGE", SMS_ALARM, true},
		{"isp.SYSTEM_ERROR", SMS_LOST, true},
		{"isp.RAM_PERMISSION_DENY", SMS_ALARM, true},
		{"SignatureDoesNotMatch", SMS_ALARM, true},
		{"InvalidAccessKeyId.NotFound", SMS_ALARM, true},
		{"Throttling.User", SMS_RETRY, true},
		{"isv.SOMETHING_NEW", SMS_RETRY, false},
	};

	for (size_t i = 0; i < COUNT(meanings); i++)
		assert_meaning(
			*state, &sms_aliyun, "{'RequestId': 'a', 'Code': ", "}", &meanings[i]);
}

static void a_gateways_status_has_its_meaning(void **state)
{
	static const struct {
		int status;
		enum sms_fate fate;
	} meanings[] = {{301, SMS_ALARM}, {400, SMS_STOP}, {401, SMS_ALARM}, {403, SMS_ALARM},
		{404, SMS_ALARM}, {409, SMS_RETRY}, {422, SMS_STOP}, {429, SMS_RETRY},
		{500, SMS_LOST}, {502, SMS_LOST}, {503, SMS_RETRY}, {504, SMS_LOST}};

	for (size_t i = 0; i < COUNT(meanings); i++)
		assert_int_equal(judged(*state, &sms_webhook, meanings[i].status, "").fate,
			meanings[i].fate);
}

static void nobody_knows_where_there_is_no_answer_that_makes_sense(void **state)
{
	struct desk *desk = *state;
	static const char *const garbled[] = {"", "{", "[]", "{}", "null", "{'Response': {}}",
		"{'Response': {'SendStatusSet': []}}"};

	for (size_t i = 0; i < COUNT(garbled); i++) {
		assert_int_equal(judged(desk, &sms_tencent, 200, garbled[i]).fate, SMS_LOST);
		assert_int_equal(judged(desk, &sms_aliyun, 200, garbled[i]).fate, SMS_LOST);
	}
	assert_int_equal(judged(desk, &sms_tencent, 403, "<html>").fate, SMS_RETRY);
	assert_int_equal(
		sms_judge(&sms_tencent, desk->arena, &(struct https_answer){.outcome = HTTPS_LOST})
			.fate,
		SMS_LOST);
	assert_int_equal(sms_judge(&sms_tencent, desk->arena,
				 &(struct https_answer){.outcome = HTTPS_UNREACHABLE})
				 .fate,
		SMS_RETRY);
}

static void reports_are_read_as_each_provider_writes_them(void **state)
{
	struct desk *desk = *state;
	struct sms_report report;

	assert_true(sms_tencent.report(
		parsed(desk, "{'user_receive_time': '2015-10-17 08:03:04', 'nationcode': '86',"
			     " 'mobile': '13800000001', 'report_status': 'SUCCESS',"
			     " 'errmsg': 'DELIVRD', 'sid': '5000:1'}"),
		&report));
	assert_true(report.delivered);
	assert_null(report.key);
	assert_string_equal(report.reference, "5000:1");
	assert_true(sms_aliyun.report(
		parsed(desk, "{'phone_number': '13800000001', 'success': false,"
			     " 'err_code': 'MI:0011', 'biz_id': '9^0', 'out_id': 'key'}"),
		&report));
	assert_false(report.delivered);
	assert_string_equal(report.key, "key");
	assert_string_equal(report.provider_code, "MI:0011");
	assert_true(sms_webhook.report(parsed(desk, "{'key': 'k', 'delivered': true}"), &report));
	assert_false(sms_webhook.report(parsed(desk, "{'key': 'k'}"), &report));
	assert_false(sms_tencent.report(parsed(desk, "{'sid': '5000:1'}"), &report));
	assert_false(sms_aliyun.report(parsed(desk, "[]"), &report));
}

static void providers_are_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(sms_provider_find(NULL), &sms_spool);
	assert_ptr_equal(sms_provider_find("tencent"), &sms_tencent);
	assert_ptr_equal(sms_provider_find("webhook"), &sms_webhook);
	assert_null(sms_provider_find("pigeon"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(tencent_gets_what_its_api_asks_for),
		TEST(aliyun_gets_its_parameters_in_the_query),
		TEST(a_nonce_is_never_the_same_twice),
		TEST(the_settings_may_name_another_endpoint),
		TEST(a_gateway_gets_everything_and_a_signature),
		TEST(words_are_cut_to_the_parameters_limit),
		TEST(a_number_is_never_cut),
		TEST(an_event_without_a_template_waits_for_somebody),
		TEST(words_of_a_provider_that_are_none_are_not_kept),
		TEST(what_was_taken_has_the_providers_number),
		TEST(every_code_of_tencent_has_its_meaning),
		TEST(every_code_of_aliyun_has_its_meaning),
		TEST(a_gateways_status_has_its_meaning),
		TEST(nobody_knows_where_there_is_no_answer_that_makes_sense),
		TEST(reports_are_read_as_each_provider_writes_them),
		TEST(providers_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
