/*
 * SMS codes (S11): what opens, what does not, how often, and that nobody learns from an answer which numbers have
 * accounts.
 */
#include "scene.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "exam/code.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"

/* The only run of six digits in the newest SMS. */
static const char *code_in_message(struct scene *scene)
{
	const char *text = scene_message(scene);

	for (; *text; text++) {
		if (strspn(text, "0123456789") == 6)
			return arena_text_part(scene->tx.arena, text, 6);
	}
	return NULL;
}

static const char *code_sent(struct scene *scene, const char *purpose, const char *mobile)
{
	assert_ok(scene, code_send(&scene->tx, purpose, mobile));
	return code_in_message(scene);
}

/* Six digits, but not these. */
static const char *another(struct scene *scene, const char *code)
{
	char *copy = arena_text(scene->tx.arena, code);

	copy[5] = (char)(copy[5] == '9' ? '0' : copy[5] + 1);
	return copy;
}

static void assert_wrong(struct scene *scene, const char *purpose, const char *mobile,
	const char *code, bool counted)
{
	bool keep = false;

	assert_fails(scene, code_use(&scene->tx, purpose, mobile, code, &keep), INVALID,
		"input.invalid");
	assert_string_equal(scene_fault(scene, "/code"), "code.wrong");
	assert_int_equal(keep, counted);
}

static void assert_opens(
	struct scene *scene, const char *purpose, const char *mobile, const char *code)
{
	bool keep = false;

	assert_ok(scene, code_use(&scene->tx, purpose, mobile, code, &keep));
	assert_false(keep);
}

static void s11_a_code_opens_once(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);

	assert_non_null(code);
	assert_opens(scene, "sign_up", SCENE_MOBILE, code);
	assert_wrong(scene, "sign_up", SCENE_MOBILE, code, false);
}

static void a_code_is_good_for_five_minutes(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);

	scene_pass(scene, 5 * MINUTE_MS);
	assert_wrong(scene, "sign_up", SCENE_MOBILE, code, false);
	scene_pass(scene, -1);
	assert_opens(scene, "sign_up", SCENE_MOBILE, code);
}

static void a_clock_that_is_put_back_keeps_nobody_out(void **state)
{
	struct scene *scene = *state;

	scene_pass(scene, 40 * DAY_MS);
	const char *ahead = code_sent(scene, "sign_up", SCENE_MOBILE);
	/* A server that is started anew gives ids by the clock as it then is. */
	assert_ok(scene,
		store_run(scene->db, "UPDATE code SET id = 'f' || id", BIND_NONE, &scene->error));
	scene_pass(scene, -40 * DAY_MS);
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);
	assert_string_not_equal(code, ahead);
	assert_wrong(scene, "sign_up", SCENE_MOBILE, ahead, true);
	assert_opens(scene, "sign_up", SCENE_MOBILE, code);
}

static void the_newest_code_is_the_one_sent_last_though_the_clock_went_back(void **state)
{
	struct scene *scene = *state;
	const char *older = code_sent(scene, "sign_up", SCENE_MOBILE);

	scene_pass(scene, -2 * MINUTE_MS);
	const char *newer = code_sent(scene, "sign_up", SCENE_MOBILE);
	if (!text_equal(older, newer))
		assert_wrong(scene, "sign_up", SCENE_MOBILE, older, true);
	assert_opens(scene, "sign_up", SCENE_MOBILE, newer);
}

static void five_wrong_tries_use_a_code_up(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);

	for (int i = 0; i < 5; i++)
		assert_wrong(scene, "sign_up", SCENE_MOBILE, another(scene, code), true);
	assert_wrong(scene, "sign_up", SCENE_MOBILE, code, false);
}

static void four_wrong_tries_are_forgiven(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);

	for (int i = 0; i < 4; i++)
		assert_wrong(scene, "sign_up", SCENE_MOBILE, another(scene, code), true);
	assert_opens(scene, "sign_up", SCENE_MOBILE, code);
}

static void a_newer_code_makes_the_older_useless(void **state)
{
	struct scene *scene = *state;
	const char *older = code_sent(scene, "sign_up", SCENE_MOBILE);

	scene_pass(scene, MINUTE_MS);
	const char *newer = code_sent(scene, "sign_up", SCENE_MOBILE);
	if (!text_equal(older, newer))
		assert_wrong(scene, "sign_up", SCENE_MOBILE, older, true);
	assert_opens(scene, "sign_up", SCENE_MOBILE, newer);
	assert_wrong(scene, "sign_up", SCENE_MOBILE, older, false);
}

static void a_code_opens_nothing_else_and_nobody_elses(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);

	assert_wrong(scene, "reset", SCENE_MOBILE, code, false);
	assert_wrong(scene, "sign_up", OTHER_MOBILE, code, false);
	const char *others = code_sent(scene, "sign_up", OTHER_MOBILE);
	if (!text_equal(code, others))
		assert_wrong(scene, "sign_up", OTHER_MOBILE, code, true);
	assert_opens(scene, "sign_up", SCENE_MOBILE, code);
}

static void neither_code_nor_number_can_be_read_from_the_database(void **state)
{
	struct scene *scene = *state;
	const char *code = code_sent(scene, "sign_up", SCENE_MOBILE);
	json *rows = NULL;

	assert_ok(scene, store_array(scene->db, scene->tx.arena,
				 "SELECT mobile_index, address_index, code_hash FROM code",
				 BIND_NONE, &rows, &scene->error));
	json_each(row, rows)
	{
		assert_int_equal(strlen(json_get_text(row, "code_hash")), 64);
		assert_string_not_equal(json_get_text(row, "code_hash"), code);
	}
	assert_null(strstr(json_print(scene->tx.arena, rows), SCENE_MOBILE));
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM outbox WHERE INSTR(payload_sealed,"
				    " CAST('" SCENE_MOBILE "' AS BLOB)) > 0"),
		0);
}

static void assert_refused_for(
	struct scene *scene, const char *mobile, const char *code, const char *seconds)
{
	assert_fails(scene, code_send(&scene->tx, "sign_up", mobile), TOO_MANY, code);
	assert_string_equal(scene_param(scene, "seconds"), seconds);
}

static void the_next_code_comes_after_sixty_seconds(void **state)
{
	struct scene *scene = *state;

	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
	assert_refused_for(scene, SCENE_MOBILE, "code.too_soon", "60");
	scene_pass(scene, 59500);
	assert_refused_for(scene, SCENE_MOBILE, "code.too_soon", "1");
	scene_pass(scene, 500);
	(void)code_sent(scene, "reset", SCENE_MOBILE);
}

static void a_number_gets_five_codes_an_hour(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 5; i++) {
		(void)code_sent(scene, "sign_up", SCENE_MOBILE);
		scene_pass(scene, MINUTE_MS);
	}
	assert_refused_for(scene, SCENE_MOBILE, "code.too_many", "3300");
	scene_pass(scene, 55 * MINUTE_MS);
	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
}

static void a_number_gets_ten_codes_a_day(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 10; i++) {
		(void)code_sent(scene, "sign_up", SCENE_MOBILE);
		scene_pass(scene, HOUR_MS);
	}
	assert_refused_for(scene, SCENE_MOBILE, "code.too_many", "50400");
	scene_pass(scene, 14 * HOUR_MS);
	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
}

static const char *mobile_of(struct scene *scene, int number)
{
	return arena_printf(scene->tx.arena, "138000001%02d", number);
}

static void an_address_gets_thirty_codes_an_hour(void **state)
{
	struct scene *scene = *state;

	scene->tx.address = "192.0.2.1";
	for (int i = 0; i < 30; i++)
		(void)code_sent(scene, "sign_up", mobile_of(scene, i));
	assert_refused_for(scene, SCENE_MOBILE, "code.too_many_here", "3600");
	scene->tx.address = "192.0.2.2";
	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
}

static void an_address_gets_a_hundred_codes_a_day(void **state)
{
	struct scene *scene = *state;

	scene->tx.address = "192.0.2.1";
	for (int hour = 0; hour < 4; hour++) {
		for (int i = 0; i < 25; i++)
			(void)code_sent(scene, "sign_up", mobile_of(scene, i));
		scene_pass(scene, HOUR_MS);
	}
	assert_refused_for(scene, SCENE_MOBILE, "code.too_many_here", "72000");
	scene_pass(scene, 20 * HOUR_MS);
	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
}

static void all_ipv6_addresses_of_one_subscriber_count_as_one(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 30; i++) {
		scene->tx.address = arena_printf(scene->tx.arena, "2001:db8:1:2:%x::1", i + 1);
		(void)code_sent(scene, "sign_up", mobile_of(scene, i));
	}
	scene->tx.address = "2001:db8:1:2:ffff:ffff:ffff:ffff";
	assert_refused_for(scene, SCENE_MOBILE, "code.too_many_here", "3600");
	scene->tx.address = "2001:db8:1:3::1";
	(void)code_sent(scene, "sign_up", SCENE_MOBILE);
}

static void ipv4_addresses_written_as_ipv6_stay_apart(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 31; i++) {
		scene->tx.address = arena_printf(scene->tx.arena, "::ffff:192.0.2.%d", i + 1);
		(void)code_sent(scene, "sign_up", mobile_of(scene, i));
	}
}

static void signing_up_again_is_told_by_sms_alone(void **state)
{
	struct scene *scene = *state;

	(void)scene_as_candidate(scene, SCENE_MOBILE);
	scene_as_nobody(scene);
	assert_null(code_sent(scene, "sign_up", SCENE_MOBILE));
	assert_non_null(strstr(scene_message(scene), "已注册"));
	assert_refused_for(scene, SCENE_MOBILE, "code.too_soon", "60");
}

static void a_reset_of_an_unknown_number_is_answered_alike_and_sends_nothing(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, code_send(&scene->tx, "reset", SCENE_MOBILE));
	assert_int_equal(scene_messages(scene), 0);
	assert_refused_for(scene, SCENE_MOBILE, "code.too_soon", "60");
	assert_wrong(scene, "reset", SCENE_MOBILE, "000000x", true);
}

static void a_reset_of_a_known_number_sends_a_code(void **state)
{
	struct scene *scene = *state;

	(void)scene_as_candidate(scene, SCENE_MOBILE);
	scene_as_nobody(scene);
	assert_opens(scene, "reset", SCENE_MOBILE, code_sent(scene, "reset", SCENE_MOBILE));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(s11_a_code_opens_once),
		IN_SCENE(a_code_is_good_for_five_minutes),
		IN_SCENE(a_clock_that_is_put_back_keeps_nobody_out),
		IN_SCENE(the_newest_code_is_the_one_sent_last_though_the_clock_went_back),
		IN_SCENE(five_wrong_tries_use_a_code_up),
		IN_SCENE(four_wrong_tries_are_forgiven),
		IN_SCENE(a_newer_code_makes_the_older_useless),
		IN_SCENE(a_code_opens_nothing_else_and_nobody_elses),
		IN_SCENE(neither_code_nor_number_can_be_read_from_the_database),
		IN_SCENE(the_next_code_comes_after_sixty_seconds),
		IN_SCENE(a_number_gets_five_codes_an_hour),
		IN_SCENE(a_number_gets_ten_codes_a_day),
		IN_SCENE(an_address_gets_thirty_codes_an_hour),
		IN_SCENE(an_address_gets_a_hundred_codes_a_day),
		IN_SCENE(all_ipv6_addresses_of_one_subscriber_count_as_one),
		IN_SCENE(ipv4_addresses_written_as_ipv6_stay_apart),
		IN_SCENE(signing_up_again_is_told_by_sms_alone),
		IN_SCENE(a_reset_of_an_unknown_number_is_answered_alike_and_sends_nothing),
		IN_SCENE(a_reset_of_a_known_number_sends_a_code),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
