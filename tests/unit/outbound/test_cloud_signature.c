/*
 * The signatures of both clouds reproduce the vectors that the clouds have published.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "outbound/cloud_signature.h"

#include <cmocka.h>

#define TC3_AT     INT64_C(1551113065000) /* 2019-02-25 in UTC */
#define ASTERISKS  "********************************"
#define KEY_EARLY  "Gu5t9xGARNpq86cd98joQYCN3*******"
#define KEY_OLDEST "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"

/* The escapes are letters of the body. */
static const char instances[] =
	"{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"],"
	" \"Name\": \"instance-name\"}]}";
static const char message[] =
	"{\"PhoneNumberSet\":[\"+8618511122233\"],\"SmsSdkAppId\":\"1400006666\","
	"\"SignName\":\"腾讯云\",\"TemplateId\":\"1234\",\"TemplateParamSet\":[\"12345\"],"
	"\"SessionContext\":\"test\"}";

static int begin(void **state)
{
	*state = arena_create(1u << 20);
	return 0;
}

static int end(void **state)
{
	arena_destroy(*state);
	return 0;
}

static struct tc3_request describe_instances(const char *key, const char *action)
{
	return (struct tc3_request){.secret_id = "AKIDEXAMPLE",
		.secret_key = key,
		.service = "cvm",
		.host = "cvm.tencentcloudapi.com",
		.action = action,
		.body = bytes_of(instances, strlen(instances)),
		.at_ms = TC3_AT};
}

static void assert_hash(const char *canonical, const char *expected)
{
	char hash[SHA256_HEX_SIZE];

	sha256_hex(bytes_of(canonical, strlen(canonical)), hash);
	assert_string_equal(hash, expected);
}

/* What stands behind "Signature=". */
static const char *signature_of(const char *authorization)
{
	const char *place = strstr(authorization, "Signature=");

	assert_non_null(place);
	return place + strlen("Signature=");
}

static void assert_tc3(struct arena *arena, const struct tc3_request *request,
	const char *canonical, const char *signature)
{
	assert_hash(tc3_canonical(arena, request), canonical);
	assert_string_equal(signature_of(tc3_authorization(arena, request)), signature);
}

static void tencents_vectors_come_out(void **state)
{
	static const struct {
		const char *key, *action, *canonical, *signature;
	} vectors[] = {
		{ASTERISKS, "DescribeInstances",
			"7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
			"10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"},
		{KEY_EARLY, "DescribeInstances",
			"7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
			"be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3"},
		{KEY_OLDEST, NULL,
			"5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
			"72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"},
	};

	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct tc3_request request = describe_instances(vectors[i].key, vectors[i].action);

		assert_tc3(*state, &request, vectors[i].canonical, vectors[i].signature);
	}
}

static void a_message_to_tencent_is_signed_like_any_request(void **state)
{
	struct tc3_request request = {.secret_id = "AKIDEXAMPLE",
		.secret_key = KEY_EARLY,
		.service = "sms",
		.host = "sms.tencentcloudapi.com",
		.action = "SendSms",
		.body = bytes_of(message, strlen(message)),
		.at_ms = TC3_AT};

	assert_tc3(*state, &request,
		"ee8c67ca084860e0d74bc469a5b94c5c913519450972e5708aa2ac2e61688721",
		"5267311280fafaa4dd0019e8a77c0a0f7dd4fd7094827a0c16dfe1d4f0b9c986");
	assert_string_equal(tc3_authorization(*state, &request),
		"TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2019-02-25/sms/tc3_request,"
		" SignedHeaders=content-type;host;x-tc-action, Signature="
		"5267311280fafaa4dd0019e8a77c0a0f7dd4fd7094827a0c16dfe1d4f0b9c986");
}

/* 2019-02-26 00:00 in Shanghai is still the 25th in UTC. */
static void tencents_day_is_that_of_utc(void **state)
{
	struct tc3_request request = describe_instances(ASTERISKS, "DescribeInstances");

	request.at_ms = INT64_C(1551110400000);
	assert_non_null(strstr(tc3_authorization(*state, &request), "/2019-02-25/cvm/"));
	request.at_ms = INT64_C(1551139200000);
	assert_non_null(strstr(tc3_authorization(*state, &request), "/2019-02-26/cvm/"));
}

static void aliyuns_vectors_come_out(void **state)
{
	static const struct {
		const char *date, *nonce, *canonical, *signature;
	} vectors[] = {
		{"2023-10-26T10:22:32Z", "3156853299f313e23d1673dc12e1703d",
			"7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
			"06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"},
		{"2023-10-26T09:01:01Z", "d410180a5abf7fe235dd9b74aca91fc0",
			"29622f5feb1e9fcaaa2e276a72889c975f7b16f00e02be1ca34965b18cd85015",
			"e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804"},
	};

	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct acs3_request request = {.access_key_id = "YourAccessKeyId",
			.access_key_secret = "YourAccessKeySecret",
			.host = "ecs.cn-shanghai.aliyuncs.com",
			.action = "RunInstances",
			.version = "2014-05-26",
			.query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"
				 "&RegionId=cn-shanghai",
			.date = vectors[i].date,
			.nonce = vectors[i].nonce};

		assert_hash(acs3_canonical(*state, &request), vectors[i].canonical);
		assert_string_equal(
			signature_of(acs3_authorization(*state, &request)), vectors[i].signature);
	}
}

static void aliyuns_date_is_utc_to_the_second(void **state)
{
	assert_string_equal(acs3_date(*state, INT64_C(1698315752999)), "2023-10-26T10:22:32Z");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(tencents_vectors_come_out),
		TEST(a_message_to_tencent_is_signed_like_any_request),
		TEST(tencents_day_is_that_of_utc),
		TEST(aliyuns_vectors_come_out),
		TEST(aliyuns_date_is_utc_to_the_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
