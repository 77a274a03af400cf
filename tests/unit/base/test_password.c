/*
 * Passwords: what is acceptable, and that a hash opens to its password alone.
 */
#include "scratch.h"

#include <stdio.h>

#include "base/password.h"
#include "base/password_memory.h"
#include "base/text.h"

static const char *words[] = {"haidian", "13800000001", "", "海淀区技能评价中心", NULL};

static const char *refusal(struct scratch *scratch, const char *password)
{
	struct error error = {.arena = scratch->arena};

	if (password_acceptable(password, words, "/password", &error) == OK)
		return NULL;
	assert_int_equal(error.result, INVALID);
	assert_string_equal(error.faults->pointer, "/password");
	assert_null(error.faults->next);
	return error.faults->code;
}

static void eight_to_a_hundred_and_twenty_eight_characters_are_taken(void **state)
{
	char longest[130];

	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "x7Kq9mPz", 8);
	longest[129] = '\0';
	assert_string_equal(refusal(*state, longest), "password.long");
	longest[128] = '\0';
	assert_null(refusal(*state, longest));
	assert_null(refusal(*state, "x7Kq9mPz"));
	assert_string_equal(refusal(*state, "x7Kq9mP"), "password.short");
	assert_string_equal(refusal(*state, ""), "password.short");
}

static void characters_count_not_bytes(void **state)
{
	assert_null(refusal(*state, "考务系统密码八字"));
	assert_string_equal(refusal(*state, "考务密码"), "password.short");
}

static void characters_all_alike_are_refused(void **state)
{
	assert_string_equal(refusal(*state, "88888888"), "password.alike");
	assert_string_equal(refusal(*state, "考考考考考考考考"), "password.alike");
	assert_string_not_equal(refusal(*state, "88888889"), "password.alike");
}

static void what_anybody_would_try_first_is_refused(void **state)
{
	static const char *const guessable[] = {"12345678", "password", "P@ssw0rd1", "qwertyuiop",
		"1qaz2wsx", "11223344", "a123456789", "Aa123456", "admin123", "iloveyou",
		"19900101", "20001231", "wang1985", "88888889", "abcdefgh",
		/* of the house, of the owner */
		"haidian2026", "Haidian123", "13800000001", "13800000001a", "海淀区技能评价中心"};
	static const char *const good[] = {"correct horse battery staple", "x7Kq9mPz",
		"placeholder-password-1", "我爱北京天安门吗", "haidian likes four other words"};

	for (size_t i = 0; i < COUNT(guessable); i++)
		assert_string_equal(refusal(*state, guessable[i]), "password.guessable");
	for (size_t i = 0; i < COUNT(good); i++)
		assert_null(refusal(*state, good[i]));
}

static void a_password_opens_its_own_hash_alone(void **state)
{
	char hash[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

	(void)state;
	password_hash("correct horse 电池", hash);
	password_hash("correct horse 电池", again);
	assert_string_not_equal(hash, again); /* the salt */
	assert_true(password_matches("correct horse 电池", hash));
	assert_true(password_matches("correct horse 电池", again));
	assert_false(password_matches("correct horse 电", hash));
	assert_false(password_matches("correct horse 电池 ", hash));
	assert_false(password_matches("", hash));
}

static void the_cost_is_nineteen_mebibytes_and_two_passes(void **state)
{
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	password_hash("abcdefgh", hash);
	assert_true(text_starts(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
}

static void what_is_no_hash_opens_to_nothing(void **state)
{
	(void)state;
	assert_false(password_matches("abcdefgh", ""));
	assert_false(password_matches("abcdefgh", "abcdefgh"));
	assert_false(password_matches("abcdefgh", "$argon2id$v=19$m=19456,t=2,p=1$"));
}

static void nobody_has_no_password(void **state)
{
	(void)state;
	assert_false(password_matches_nothing("abcdefgh"));
	assert_false(password_matches_nothing(""));
}

/* Of the process, in pages of 4 KB. */
static long resident(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
	(void)fclose(file);
	return pages;
}

static void a_hash_takes_what_another_has_left(void **state)
{
	const long cost = (19 << 20) / 4096, slack = cost / 4;
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	password_memory_release();
	long before = resident();
	password_hash("abcdefgh", hash);
	assert_in_range(resident() - before, cost - slack, cost + slack);
	for (int i = 0; i < 4; i++)
		assert_true(password_matches("abcdefgh", hash));
	assert_in_range(resident() - before, cost - slack, cost + slack);
	password_memory_release();
	assert_in_range(resident() - before + slack, 0, 2 * slack);
	assert_true(password_matches("abcdefgh", hash));
}

/* "x" with 8 KiB and one pass */
static void a_hash_of_another_cost_takes_none_of_it(void **state)
{
	static const char cheap[] =
		"$argon2id$v=19$m=8,t=1,p=1$GY4T+2G5wgbYBLLeFxo6gg$1eICbZJ0W3BZl5CVJL8f+Kbvsk2wLu50SoHqzKeuIts";
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	password_hash("abcdefgh", hash);
	assert_true(password_matches("x", cheap));
	assert_true(password_matches("abcdefgh", hash));
	assert_true(password_matches("x", cheap));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(eight_to_a_hundred_and_twenty_eight_characters_are_taken),
		with_scratch(characters_count_not_bytes),
		with_scratch(characters_all_alike_are_refused),
		with_scratch(what_anybody_would_try_first_is_refused),
		with_scratch(a_password_opens_its_own_hash_alone),
		with_scratch(the_cost_is_nineteen_mebibytes_and_two_passes),
		with_scratch(what_is_no_hash_opens_to_nothing),
		with_scratch(nobody_has_no_password),
		with_scratch(a_hash_takes_what_another_has_left),
		with_scratch(a_hash_of_another_cost_takes_none_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
