/*
 * Codes by time as RFC 6238 gives them, each step once, and recovery codes as people type them.
 */
#include "scratch.h"

#include <stdlib.h>

#include "base/totp.h"

/* Appendix B's secret for SHA-1, and its table: the codes there have eight digits, of which these are the last six. */
static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";
static const struct {
	int64_t seconds;
	const char *code;
} vectors[] = {
	{59, "287082"},
	{1111111109, "081804"},
	{1111111111, "050471"},
	{1234567890, "005924"},
	{2000000000, "279037"},
	{INT64_C(20000000000), "353130"},
};

static void codes_follow_the_vectors(void **state)
{
	char code[TOTP_DIGITS + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		totp_code(secret, vectors[i].seconds * 1000 / TOTP_STEP_MS, code);
		assert_string_equal(code, vectors[i].code);
	}
}

static void a_code_is_good_one_step_early_and_one_late(void **state)
{
	int64_t step = 1111111111 / 30;
	int64_t at = INT64_C(1111111111) * 1000;

	(void)state;
	assert_int_equal(totp_match(secret, "050471", at, 0), step);
	assert_int_equal(totp_match(secret, "050471", at - TOTP_STEP_MS, 0), step);
	assert_int_equal(totp_match(secret, "050471", at + TOTP_STEP_MS, 0), step);
	assert_int_equal(totp_match(secret, "050471", at - 2 * TOTP_STEP_MS, 0), 0);
	assert_int_equal(totp_match(secret, "050471", at + 2 * TOTP_STEP_MS, 0), 0);
}

static void a_step_that_was_used_is_not_good_again_nor_any_before_it(void **state)
{
	int64_t step = 1111111111 / 30;
	int64_t at = INT64_C(1111111111) * 1000;

	(void)state;
	assert_int_equal(totp_match(secret, "050471", at, step - 1), step);
	assert_int_equal(totp_match(secret, "050471", at, step), 0);
	assert_int_equal(totp_match(secret, "050471", at, step + 1), 0);
}

static void what_is_no_code_matches_nothing(void **state)
{
	static const char *const others[] = {"", "05047", "0504711", "050472", "O50471"};
	int64_t at = INT64_C(1111111111) * 1000;

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(totp_match(secret, others[i], at, 0), 0);
}

static void an_authenticator_is_told_the_secret_in_base32(void **state)
{
	struct scratch *scratch = *state;

	assert_string_equal(
		totp_secret_text(scratch->arena, secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	assert_string_equal(totp_uri(scratch->arena, "示例 A", "admin:1", secret),
		"otpauth://totp/%E7%A4%BA%E4%BE%8B%20A:admin%3A1"
		"?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E7%A4%BA%E4%BE%8B%20A");
}

static void recovery_codes_differ_and_are_read_as_people_type_them(void **state)
{
	struct scratch *scratch = *state;
	const char *code = recovery_code_create(scratch->arena);
	char *typed = arena_text(scratch->arena, code);

	assert_int_equal(strlen(code), 29);
	assert_string_not_equal(code, recovery_code_create(scratch->arena));
	const char *kept = recovery_code_normalise(scratch->arena, code);
	assert_int_equal(strlen(kept), 24);
	for (char *at = typed; *at; at++)
		*at = *at == '-' ? ' ' : *at >= 'a' ? (char)(*at - 'a' + 'A') : *at;
	assert_string_equal(recovery_code_normalise(scratch->arena, typed), kept);
	assert_null(recovery_code_normalise(scratch->arena, "050471"));
	assert_null(
		recovery_code_normalise(scratch->arena, arena_printf(scratch->arena, "%sa", code)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(codes_follow_the_vectors),
		cmocka_unit_test(a_code_is_good_one_step_early_and_one_late),
		cmocka_unit_test(a_step_that_was_used_is_not_good_again_nor_any_before_it),
		cmocka_unit_test(what_is_no_code_matches_nothing),
		with_scratch(an_authenticator_is_told_the_secret_in_base32),
		with_scratch(recovery_codes_differ_and_are_read_as_people_type_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
