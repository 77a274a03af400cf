/*
 * The outbox on its way out: claimed, sent, marked; what fails comes again; what the administrator sees.
 */
#include "gateway.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "exam/notice.h"

#include <cmocka.h>

static void a_message_goes_out_whole_and_once(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(200)), 1);
	assert_string_equal(json_get_text(gateway_given.body, "mobile"), SCENE_MOBILE);
	assert_string_equal(text_given(), "【海淀】申报one逾期未完成，已关闭。");
	assert_string_equal(gateway_given.keys[0], scene_text(scene, "SELECT id FROM outbox"));
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "sent");
	assert_int_equal(moved(scene, status(200)), 0);
}

static void the_spool_has_what_was_sent(void **state)
{
	struct scene *scene = *state;
	struct errands errands;
	char line[1000];

	sms_by(scene, "{'provider': 'spool'}");
	tell(scene, SCENE_MOBILE, "one");
	errands = claimed(scene);
	assert_int_equal(errands.count, 1);
	assert_int_equal(errands.exchange_count, 0);
	assert_ok(scene, delivery_errands.settle(&scene->tx, &errands));
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "sent");
	FILE *file = fopen(arena_printf(scene->tx.arena, "%s/tenants/%s/spool/sms.jsonl",
				   scene->folder, SCENE_SLUG),
		"re");
	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_int_equal(fclose(file), 0);
	assert_non_null(strstr(line, SCENE_MOBILE));
	assert_non_null(strstr(line, "【海淀】申报one逾期未完成，已关闭。"));
}

static void one_recipients_messages_go_in_order_round_by_round(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	tell(scene, SCENE_MOBILE, "two");
	tell(scene, "13800000002", "three");
	assert_int_equal(moved(scene, status(200)), 2);
	assert_int_equal(moved(scene, status(200)), 1);
	assert_non_null(strstr(text_given(), "two"));
	assert_int_equal(moved(scene, status(200)), 0);
}

static void what_was_sent_but_not_marked_is_sent_again_under_the_same_key(void **state)
{
	struct scene *scene = *state;
	struct errands errands;

	tell(scene, SCENE_MOBILE, "one");
	errands = claimed(scene);
	answered(scene, &errands, status(200));
	/* Here the server died. */
	assert_int_equal(moved(scene, status(200)), 1);
	assert_int_equal(gateway_given.count, 2);
	assert_string_equal(gateway_given.keys[0], gateway_given.keys[1]);
	assert_int_equal(json_integer(listed(scene, "/messages/0/lost")), 1);
}

static void what_could_not_be_sent_comes_again_and_then_is_dead(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	for (int i = 1; i <= LIMIT_OUTBOX_ATTEMPTS; i++) {
		assert_int_equal(moved(scene, status(409)), 1);
		assert_int_equal(moved(scene, status(409)), 0);
		assert_int_equal(json_integer(listed(scene, "/messages/0/attempts")), i);
		scene_pass(scene, HOUR_MS);
	}
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "dead");
	scene_pass(scene, DAY_MS);
	assert_int_equal(moved(scene, status(200)), 0);
}

static void what_the_provider_never_will_send_is_dead_at_once(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(422)), 1);
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "dead");
}

static void the_administrator_is_told_why_in_words(void **state)
{
	struct scene *scene = *state;
	const char *why;

	tell(scene, SCENE_MOBILE, "one");
	assert_true(json_is_null(listed(scene, "/messages/0/last_error")));
	assert_int_equal(moved(scene, status(409)), 1);
	why = json_text(listed(scene, "/messages/0/last_error"));
	assert_string_equal(
		why, message_text(scene->tx.arena, LANGUAGE_ZH, "provider.trouble", NULL));
}

static void a_dead_message_is_sent_again_when_asked_to(void **state)
{
	struct scene *scene = *state;
	const char *id;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(422)), 1);
	id = scene_text(scene, "SELECT id FROM outbox");
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, delivery_resend(&scene->tx, id));
	assert_int_equal(scene_audited(scene, "outbox.resent"), 1);
	assert_int_equal(moved(scene, status(200)), 1);
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "sent");
	assert_true(json_is_null(listed(scene, "/messages/0/last_error")));
	assert_fails(scene, delivery_resend(&scene->tx, id), CONFLICT, "outbox.not_dead");
	assert_fails(scene, delivery_resend(&scene->tx, "nowhere"), NOT_FOUND, "outbox.unknown");
	assert_int_equal(scene_audited(scene, "outbox.resent"), 1);
}

static void a_damaged_message_holds_up_no_other(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "damaged");
	assert_ok(scene, store_run(scene->db, "UPDATE outbox SET payload_sealed = ?1",
				 BIND(BLOB(bytes_of("nonsense", 8))), &scene->error));
	tell(scene, "13800000002", "whole");
	assert_int_equal(moved(scene, status(200)), 1);
	assert_int_equal(gateway_given.count, 1);
	assert_string_equal(json_get_text(gateway_given.body, "mobile"), "13800000002");
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "sent");
	assert_string_equal(json_text(listed(scene, "/messages/1/state")), "waiting");
	assert_string_equal(json_text(listed(scene, "/messages/1/text")), "");
	assert_string_equal(json_text(listed(scene, "/messages/1/last_error")),
		message_text(scene->tx.arena, LANGUAGE_ZH, "outbox.damaged", NULL));
}

static int64_t next(struct scene *scene)
{
	struct errands errands = {0};

	assert_ok(scene, delivery_errands.claim(&scene->tx, &errands));
	return errands.next_at;
}

static void the_server_is_told_when_to_look_again(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(next(scene), 0);
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(next(scene), scene->tx.now);
	assert_int_equal(moved(scene, status(409)), 1);
	assert_in_range(next(scene), scene->tx.now + LIMIT_OUTBOX_BACKOFF,
		scene->tx.now + LIMIT_OUTBOX_BACKOFF * 5 / 4);
	scene_pass(scene, next(scene) - scene->tx.now);
	assert_int_equal(moved(scene, status(200)), 1);
	assert_int_equal(next(scene), 0);
}

static void the_list_is_newest_first_with_masked_numbers(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	scene_pass(scene, 1);
	tell(scene, "13800000002", "two");
	assert_int_equal(json_count(listed(scene, "/messages")), 2);
	assert_string_equal(json_text(listed(scene, "/messages/0/mobile")), "138****0002");
	assert_string_equal(json_text(listed(scene, "/messages/1/mobile")), "138****0001");
	assert_string_equal(json_text(listed(scene, "/messages/1/text")),
		"【海淀】申报one逾期未完成，已关闭。");
	assert_string_equal(json_text(listed(scene, "/messages/1/event")), "expired");
	assert_string_equal(json_text(listed(scene, "/messages/1/subject")), "subject");
	assert_string_equal(json_text(listed(scene, "/messages/1/created_at")),
		"2026-11-23T09:00:00.000+08:00");
	assert_true(json_is_null(listed(scene, "/messages/1/sent_at")));
	assert_null(listed(scene, "/messages/1/payload_sealed"));
	assert_true(json_is_null(listed(scene, "/next")));
}

static void a_code_reaches_the_provider_but_not_the_administrators_eyes(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, notice_number(&scene->tx, SCENE_MOBILE, scene->tx.now + 300000,
				 "code_reset", NULL, "code:1", "code", "048213", NULL));
	assert_string_equal(json_text(listed(scene, "/messages/0/text")),
		"【海淀】重设密码验证码 ******，5分钟内有效。请勿告诉他人。");
	assert_int_equal(moved(scene, status(200)), 1);
	assert_non_null(strstr(text_given(), "048213"));
	assert_string_equal(
		json_text(json_at_pointer(gateway_given.body, "/params/code")), "048213");
	assert_non_null(strstr(json_text(listed(scene, "/messages/0/text")), "******"));
}

static void pages_follow_each_other_without_gap_or_repetition(void **state)
{
	struct scene *scene = *state;
	json *first = NULL, *second = NULL;
	struct page page;
	const char *last, *next;

	for (int i = 0; i < 2 * LIMIT_PAGE; i++)
		tell(scene, SCENE_MOBILE, arena_printf(scene->tx.arena, "%d", i));
	assert_ok(scene, delivery_list(&scene->tx, NULL, NULL, &PAGE_FIRST, &first));
	assert_int_equal(json_count(json_get(first, "messages")), LIMIT_PAGE);
	assert_ok(scene, page_read(&scene->tx, json_get_text(first, "next"), NULL, &page));
	assert_ok(scene, delivery_list(&scene->tx, NULL, NULL, &page, &second));
	assert_int_equal(json_count(json_get(second, "messages")), LIMIT_PAGE);
	last = json_text(json_at_pointer(first, "/messages/99/text"));
	next = json_text(json_at_pointer(second, "/messages/0/text"));
	assert_non_null(strstr(last, "申报100逾期"));
	assert_non_null(strstr(next, "申报99逾期"));
	assert_true(json_is_null(json_get(second, "next")));
}

int main(int count, char **words)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, gateway_begin, scene_end)
	const struct CMUnitTest tests[] = {
		TEST(a_message_goes_out_whole_and_once),
		TEST(the_spool_has_what_was_sent),
		TEST(one_recipients_messages_go_in_order_round_by_round),
		TEST(what_was_sent_but_not_marked_is_sent_again_under_the_same_key),
		TEST(what_could_not_be_sent_comes_again_and_then_is_dead),
		TEST(what_the_provider_never_will_send_is_dead_at_once),
		TEST(the_administrator_is_told_why_in_words),
		TEST(a_dead_message_is_sent_again_when_asked_to),
		TEST(a_damaged_message_holds_up_no_other),
		TEST(the_server_is_told_when_to_look_again),
		TEST(the_list_is_newest_first_with_masked_numbers),
		TEST(a_code_reaches_the_provider_but_not_the_administrators_eyes),
		TEST(pages_follow_each_other_without_gap_or_repetition),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
