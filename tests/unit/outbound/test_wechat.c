/*
 * WeChat Pay's protocol: what is signed, whom to believe, what a notice says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/rsa.h"
#include "base/text.h"
#include "keys.h"
#include "outbound/wechat_answer.h"
#include "outbound/wechat_pay.h"

#include <cmocka.h>

#define NOW     INT64_C(1795312800000)
#define API_KEY "0123456789abcdef0123456789ABCDEF"

static struct arena *arena;
static struct keys merchant, platform;
static struct wechat_account account;

static json *parsed(const char *text)
{
	struct error error = {.arena = arena};
	json *out = NULL;

	assert_int_equal(json_parse(arena, text, strlen(text), &out, &error), OK);
	return out;
}

/* An account by its document; `public_key` instead of the certificate. */
static json *document(bool public_key)
{
	json *out = parsed("{\"mchid\":\"1230000109\",\"appid\":\"wxd678efh567hg6787\","
			   "\"merchant_serial\":\"ABCDEF0123\",\"api_v3_key\":\"" API_KEY "\","
			   "\"notify_base\":\"https://pay.example.invalid/api/v1\"}");
	json *keys = json_set(arena, out, "platform", json_new_array(arena));
	json *key = json_append(keys, json_new_object(arena));

	json_set_text(arena, out, "private_key", merchant.private_pem);
	if (public_key) {
		json_set_text(arena, key, "id", "PUB_KEY_ID_0001");
		json_set_text(arena, key, "public_key", platform.public_pem);
	} else {
		json_set_text(arena, key, "certificate", platform.certificate_pem);
	}
	return out;
}

static int prepare(void **state)
{
	struct error error;

	(void)state;
	arena = arena_create(LIMIT_REQUEST_ARENA);
	error = (struct error){.arena = arena};
	merchant = key_pair_create(arena, 2048);
	platform = key_pair_create(arena, 2048);
	return wechat_account_read(arena, document(false), &account, &error) == OK ? 0 : -1;
}

static int clean_up(void **state)
{
	(void)state;
	arena_destroy(arena);
	return 0;
}

static struct wechat_signature sign(struct bytes body, int64_t seconds)
{
	char *head = arena_printf(arena, "%lld\nnonce\n", (long long)seconds);
	struct buffer text = buffer_in(arena, 1 << 20);

	buffer_text(&text, head);
	buffer_append(&text, body.data, body.size);
	buffer_text(&text, "\n");
	struct bytes raw = rsa_sign(arena, platform.private_pem, buffer_bytes(&text));
	return (struct wechat_signature){arena_printf(arena, "%lld", (long long)seconds), "nonce",
		platform.serial, base64_encode(arena, raw.data, raw.size)};
}

static const char *refusal(const struct wechat_signature *signature, struct bytes body)
{
	struct error error = {.arena = arena};
	enum result rc = wechat_verify(arena, &account, signature, body, NOW, &error);

	assert_true(rc == OK || rc == UNAUTHENTICATED);
	return rc ? error.code : "";
}

/* ---- The account ---- */

static void expect_fault(json *doc, const char *pointer, const char *code)
{
	struct error error = {.arena = arena};
	struct wechat_account out;

	assert_int_equal(wechat_account_read(arena, doc, &out, &error), INVALID);
	assert_string_equal(error.faults->pointer, pointer);
	assert_string_equal(error.faults->code, code);
}

static void an_account_takes_real_keys_only(void **state)
{
	json *doc = document(false), *key;

	(void)state;
	json_set_text(arena, doc, "private_key", merchant.public_pem);
	expect_fault(doc, "/private_key", "wechat.private_key");
	doc = document(false);
	json_set_text(arena, doc, "private_key", key_pair_create(arena, 1024).private_pem);
	expect_fault(doc, "/private_key", "wechat.private_key");
	doc = document(false);
	json_set_text(arena, doc, "api_v3_key", "testMchAPIv3Key0"); /* 16: AES-128 */
	expect_fault(doc, "/api_v3_key", "wechat.api_key");
	doc = document(true);
	key = json_first(json_get(doc, "platform"));
	json_set_text(arena, key, "public_key", "-----BEGIN PUBLIC KEY-----\n");
	expect_fault(doc, "/platform/0", "wechat.platform_key");
	doc = document(false);
	json_set_text(arena, json_first(json_get(doc, "platform")), "certificate", "none");
	expect_fault(doc, "/platform/0", "wechat.platform_key");
}

/* ---- Requests ---- */

static void the_five_lines_are_signed_each_with_its_end(void **state)
{
	static const char body[] =
		"{\"appid\":\"wxd678efh567hg6787\",\"mchid\":\"1230000109\",\"description\":"
		"\"考务认定费\",\"out_trade_no\":\"KW20261122000001\",\"notify_url\":"
		"\"https://example.invalid/api/v1/pay/wechat/notify\",\"amount\":{\"total\":30000,"
		"\"currency\":\"CNY\"}}";
	char hash[SHA256_HEX_SIZE];
	struct bytes text;

	(void)state;
	text = wechat_signed_text(arena, "GET", "/v3/certificates", 1554208460,
		"593BEC0C930BF1AFEB40B4A08C8FB242", bytes_of("", 0));
	assert_string_equal((const char *)text.data,
		"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n");
	text = wechat_signed_text(arena, "POST", "/v3/pay/transactions/native", 1554208460,
		"593BEC0C930BF1AFEB40B4A08C8FB242", bytes_of(body, strlen(body)));
	sha256_hex(text, hash);
	assert_int_equal(text.size, 301);
	assert_string_equal(
		hash, "6ef3d251579df159b58beb4680a6d08ce8f4d0326c3d7069dd91235baf7cbf0b");
}

static const char *part_of(const char *authorization, const char *name)
{
	const char *at = strstr(authorization, name) + strlen(name) + 2;

	return arena_text_part(arena, at, strcspn(at, "\""));
}

static void a_request_verifies_with_the_merchants_key(void **state)
{
	struct wechat_caller caller = {arena, &account, NOW, 0};
	struct wechat_order order = {"KW20261122000001", "考务认定费", 30000, NOW + HOUR_MS};
	struct https_request request = wechat_place(&caller, &order);
	const char *authorization = request.headers[0].value;
	struct bytes signature;

	(void)state;
	assert_string_equal(
		request.url, "https://api.mch.weixin.qq.com/v3/pay/transactions/native");
	assert_string_equal(part_of(authorization, "mchid"), "1230000109");
	assert_string_equal(part_of(authorization, "serial_no"), "ABCDEF0123");
	assert_string_equal(part_of(authorization, "timestamp"), "1795312800");
	assert_int_equal(base64_decode(arena, part_of(authorization, "signature"), &signature), 0);
	assert_true(rsa_signature_good(merchant.public_pem,
		wechat_signed_text(arena, "POST", "/v3/pay/transactions/native", NOW / 1000,
			part_of(authorization, "nonce_str"), request.body),
		signature));
	json *body = parsed((const char *)request.body.data);
	assert_string_equal(json_get_text(body, "notify_url"),
		"https://pay.example.invalid/api/v1/reports/wechat");
	assert_null(strchr(json_get_text(body, "time_expire"), '.'));
	caller.attempt = 1;
	assert_int_equal(
		strncmp(wechat_query(&caller, "KW1").url, "https://api2.mch.weixin.qq.com/", 31),
		0);
}

static void a_long_description_is_cut_between_characters(void **state)
{
	struct wechat_caller caller = {arena, &account, NOW, 0};
	struct buffer text = buffer_in(arena, 1000);

	(void)state;
	for (int i = 0; i < 50; i++)
		buffer_text(&text, "考");
	struct wechat_order order = {"KW1", text.data, 1, NOW};
	json *body = parsed((const char *)wechat_place(&caller, &order).body.data);
	assert_int_equal(strlen(json_get_text(body, "description")), 126);
}

/* ---- Signatures ---- */

static void a_signature_counts_by_certificate_and_by_public_key(void **state)
{
	struct bytes body = bytes_of("{\"a\":1}", 7), nothing = bytes_of("", 0);
	struct wechat_signature signature = sign(body, NOW / 1000);
	struct error error = {.arena = arena};
	struct wechat_account by_key;

	(void)state;
	assert_string_equal(refusal(&signature, body), "");
	signature = sign(nothing, NOW / 1000);
	assert_string_equal(refusal(&signature, nothing), "");

	assert_int_equal(wechat_account_read(arena, document(true), &by_key, &error), OK);
	assert_string_equal(by_key.public_key_id, "PUB_KEY_ID_0001");
	signature = sign(body, NOW / 1000);
	assert_int_equal(
		wechat_verify(arena, &by_key, &signature, body, NOW, &error), UNAUTHENTICATED);
	error = (struct error){.arena = arena};
	signature.serial = "PUB_KEY_ID_0001";
	assert_int_equal(wechat_verify(arena, &by_key, &signature, body, NOW, &error), OK);
}

static void three_hundred_seconds_are_too_many(void **state)
{
	struct bytes body = bytes_of("{}", 2);
	static const struct {
		int off;
		const char *code;
	} cases[] = {{-300, "wechat.timestamp"}, {-299, ""}, {299, ""}, {300, "wechat.timestamp"}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct wechat_signature signature = sign(body, NOW / 1000 + cases[i].off);

		assert_string_equal(refusal(&signature, body), cases[i].code);
	}
}

static void what_is_missing_unknown_or_a_probe_is_refused(void **state)
{
	struct bytes body = bytes_of("{}", 2);
	struct wechat_signature good = sign(body, NOW / 1000), bad;

	(void)state;
	bad = good, bad.signature = NULL;
	assert_string_equal(refusal(&bad, body), "wechat.unsigned");
	bad = good, bad.nonce = "";
	assert_string_equal(refusal(&bad, body), "wechat.unsigned");
	bad = good, bad.timestamp = "soon";
	assert_string_equal(refusal(&bad, body), "wechat.timestamp");
	bad = good, bad.serial = "5A17C0DF";
	assert_string_equal(refusal(&bad, body), "wechat.serial");
	bad = good, bad.signature = arena_printf(arena, "WECHATPAY/SIGNTEST/%s", good.signature);
	assert_string_equal(refusal(&bad, body), "wechat.signature");
	bad.signature = "WECHATPAY/SIGNTEST/";
	assert_string_equal(refusal(&bad, body), "wechat.signature");

	/* The bytes of a header are anybody's, and need not be text. */
	bad = (struct wechat_signature){"\xff", "\xff", "\xff", "\xff"};
	assert_string_equal(refusal(&bad, body), "wechat.timestamp");
	bad = good, bad.nonce = "\xff";
	assert_string_equal(refusal(&bad, body), "wechat.signature");
}

static void any_altered_byte_breaks_it(void **state)
{
	static const char text[] = "{\"id\":\"EV-1\",\"amount\":{\"total\":30000}}";
	struct wechat_signature signature = sign(bytes_of(text, strlen(text)), NOW / 1000);

	(void)state;
	for (size_t i = 0; i < strlen(text); i++) {
		char *altered = arena_text(arena, text);

		altered[i] = (char)(altered[i] ^ 1);
		assert_string_equal(
			refusal(&signature, bytes_of(altered, strlen(text))), "wechat.signature");
		assert_string_equal(refusal(&signature, bytes_of(text, i)), "wechat.signature");
	}
}

/* ---- Answers ---- */

static struct wechat_answer answer(int status, const char *text, bool with_signature)
{
	struct bytes body = bytes_of(text, strlen(text));
	struct wechat_signature signature = sign(body, NOW / 1000);
	struct https_header *headers = NEW_ARRAY(arena, struct https_header, 4);

	headers[0] = (struct https_header){"wechatpay-timestamp", signature.timestamp};
	headers[1] = (struct https_header){"wechatpay-nonce", signature.nonce};
	headers[2] = (struct https_header){"wechatpay-serial", signature.serial};
	headers[3] = (struct https_header){"wechatpay-signature", signature.signature};
	return wechat_answer_read(arena, &account,
		&(struct https_answer){.outcome = HTTPS_ANSWERED,
			.status = status,
			.headers = headers,
			.header_count = with_signature ? 4 : 0,
			.body = body},
		NOW);
}

static void an_answer_is_done_refused_or_worth_asking_again(void **state)
{
	static const char refused[] = "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"...\"}";

	(void)state;
	assert_int_equal(answer(200, "{\"code_url\":\"weixin://x\"}", true).outcome, WECHAT_DONE);
	assert_int_equal(answer(204, "", true).outcome, WECHAT_DONE);
	assert_int_equal(answer(200, "{\"code_url\":\"x\"}", false).outcome, WECHAT_UNSURE);
	assert_int_equal(answer(200, "{\"code_url\":", true).outcome, WECHAT_UNSURE);
	struct wechat_answer by_code = answer(404, refused, false);
	assert_true(wechat_says(&by_code, "ORDER_NOT_EXIST"));
	assert_int_equal(answer(429, refused, true).outcome, WECHAT_UNSURE);
	assert_int_equal(answer(500, refused, true).outcome, WECHAT_UNSURE);
	assert_int_equal(answer(302, "", false).outcome, WECHAT_UNSURE);
	assert_int_equal(answer(404, "<html>", false).outcome, WECHAT_UNSURE);
	by_code = wechat_answer_read(
		arena, &account, &(struct https_answer){.outcome = HTTPS_LOST}, NOW);
	assert_int_equal(by_code.outcome, WECHAT_UNSURE);
}

/* ---- Notices ---- */

#define SEALED                                                                                     \
	"bz1kVndYkCFlgKSV7lZeuBxDb6Dr2XsCUhw9dEHzO9M653wGxG2i4fVCms/wOqKZjUsbFiP7HsHKfJhCIMNmvF5n" \
	"iB06HQ61qQfiip7nBeQXfoeci3yMn3VcdqMH1MB+fTMYa/3ZMrDJ8bVl2iTx4iIL58YvQ5IpZNXELko2/ITeMAMt" \
	"DvdVgoHJW5eHIZCzSrKQ6sRbTftByL30fTr1ZWBFCdKSDQnu1TdMdi0ioLHPmUgdYJQWcsMU6y1NOVv34av/eE2x" \
	"MUn3TwLMg7181ruk+LLDRPPFt7c4rbqPKq4JcCrlbbVz5mNKhTPdvW6dNRrRkWds8Sh3H2U7l2lawqBsKrCORo1t" \
	"2eRiHPtAZpXVkMyoa4VbxM/G3BJcdsvxegY98W2HWGuKFesQikI6IsEkoajEOkJFHaq+a+xxTbif2ztz+X8/TJSM" \
	"4SHwk5mAc9SBUEfBkNDlpPPcGCsP5y22mygA6qcwa+k+A3dfwmkI+sVOj3RL6cAr6NYwHRqjsQJEuHUKkFJT9U7i" \
	"P91FvfwAaMqZGlnH/HhZP8MhSb4evn75IQLQzFQF2A1iVeAqjUPLIb0N/nk="

static enum result open(const char *algorithm, const char *nonce, const char *associated,
	const char *sealed, struct wechat_notice *out)
{
	struct error error = {.arena = arena};
	const char *text = arena_printf(arena,
		"{\"id\":\"EV-1\",\"event_type\":\"TRANSACTION.SUCCESS\",\"resource\":{\"algorithm\":"
		"\"%s\",\"nonce\":\"%s\",\"associated_data\":\"%s\",\"ciphertext\":\"%s\"}}",
		algorithm, nonce, associated, sealed);

	return wechat_notice_open(arena, &account, bytes_of(text, strlen(text)), out, &error);
}

static void a_notice_opens_with_the_api_key(void **state)
{
	struct wechat_notice notice;
	struct wechat_payment payment;

	(void)state;
	assert_int_equal(
		open("AEAD_AES_256_GCM", "fdasflkja484", "transaction", SEALED, &notice), OK);
	payment = wechat_payment_read(notice.resource);
	assert_string_equal(notice.id, "EV-1");
	assert_string_equal(payment.number, "KW20261122000001");
	assert_string_equal(payment.transaction_id, "4200000001202611220000000001");
	assert_string_equal(payment.state, "SUCCESS");
	assert_int_equal(payment.total_fen, 30000);
	assert_string_equal(payment.currency, "CNY");
	assert_string_equal(
		moment_text(arena, payment.success_at), "2026-11-22T10:00:00.000+08:00");
}

static void a_notice_that_does_not_fit_is_refused(void **state)
{
	static const char algorithm[] = "AEAD_AES_256_GCM";
	struct wechat_notice notice;
	struct error error = {.arena = arena};

	(void)state;
	assert_int_equal(open("AEAD_AES_128_GCM", "fdasflkja484", "transaction", SEALED, &notice),
		MALFORMED);
	assert_int_equal(open(algorithm, "fdasflkja48", "transaction", SEALED, &notice), MALFORMED);
	assert_int_equal(open(algorithm, "fdasflkja484", "refund", SEALED, &notice), MALFORMED);
	assert_int_equal(
		open(algorithm, "fdasflkja484", "transaction", "AAAA", &notice), MALFORMED);
	assert_int_equal(open(algorithm, "fdasflkja484", "transaction", "*", &notice), MALFORMED);
	assert_int_equal(
		wechat_notice_open(arena, &account, bytes_of("[]", 2), &notice, &error), MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_takes_real_keys_only),
		cmocka_unit_test(the_five_lines_are_signed_each_with_its_end),
		cmocka_unit_test(a_request_verifies_with_the_merchants_key),
		cmocka_unit_test(a_long_description_is_cut_between_characters),
		cmocka_unit_test(a_signature_counts_by_certificate_and_by_public_key),
		cmocka_unit_test(three_hundred_seconds_are_too_many),
		cmocka_unit_test(what_is_missing_unknown_or_a_probe_is_refused),
		cmocka_unit_test(any_altered_byte_breaks_it),
		cmocka_unit_test(an_answer_is_done_refused_or_worth_asking_again),
		cmocka_unit_test(a_notice_opens_with_the_api_key),
		cmocka_unit_test(a_notice_that_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
