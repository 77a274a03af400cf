/*
 * The outbox when things go wrong: a provider in trouble, an account that is not accepted, a day's budget used up, a
 * server that died, an answer that never came; and what delivery reports say afterwards.
 */
#include "gateway.h"

#include <string.h>

#include "base/text.h"
#include "exam/code.h"
#include "exam/notice.h"
#include "exam/secret.h"

#include <cmocka.h>

#define TENCENT                                                                                    \
	"{'provider': 'tencent', 'sign': '海淀', 'tencent': {'secret_id': 'AKIDEXAMPLE',"        \
	" 'app_id': '1400000000'}, 'templates': {'expired': {'id': '1234', 'params':"              \
	" [{'name': 'number'}]}}}"
#define WEBHOOK       "{'provider': 'webhook', 'webhook': {'url': 'https://gateway.kaowu.example/sms'}"
#define REFUSED(code) "{'Response': {'Error': {'Code': '" code "', 'Message': 'to 13800000001'}}}"
#define TAKEN         "{'Response': {'SendStatusSet': [{'Code': 'Ok', 'SerialNo': '5000:1'}]}}"

static const char *state_of(struct scene *scene, const char *number)
{
	return scene_text(
		scene, arena_printf(scene->tx.arena,
			       "SELECT state FROM outbox WHERE event_key = 'expired:%s'", number));
}

static const char *words(struct scene *scene, const char *code)
{
	return message_text(scene->tx.arena, LANGUAGE_ZH, code, NULL);
}

static void tell_many(struct scene *scene, int count)
{
	for (int i = 0; i < count; i++)
		tell(scene, arena_printf(scene->tx.arena, "138000001%02d", i),
			arena_printf(scene->tx.arena, "%d", i));
}

static int64_t count_of(struct scene *scene, const char *state)
{
	return scene_number(
		scene, arena_printf(scene->tx.arena,
			       "SELECT COUNT(*) FROM outbox WHERE state = '%s'", state));
}

static void a_batch_has_its_limit(void **state)
{
	struct scene *scene = *state;

	tell_many(scene, LIMIT_OUTBOX_BATCH + 3);
	assert_int_equal(moved(scene, status(200)), LIMIT_OUTBOX_BATCH);
	assert_int_equal(moved(scene, status(200)), 3);
	assert_int_equal(moved(scene, status(200)), 0);
}

static void a_provider_in_trouble_is_tried_with_one_message_until_it_works(void **state)
{
	struct scene *scene = *state;

	tell_many(scene, 20);
	assert_int_equal(moved(scene, status(503)), LIMIT_OUTBOX_BATCH);
	assert_int_equal(moved(scene, status(503)), 0);
	assert_string_equal(
		json_text(listed(scene, "/channel/trouble")), words(scene, "provider.trouble"));
	for (int i = 0; i < 4; i++) {
		scene_pass(scene, LIMIT_OUTBOX_PAUSE_MAX * 5 / 4);
		assert_int_equal(moved(scene, status(503)), 1);
		assert_int_equal(moved(scene, status(503)), 0);
	}
	scene_pass(scene, LIMIT_OUTBOX_PAUSE_MAX * 5 / 4);
	assert_int_equal(moved(scene, status(200)), 1);
	assert_int_equal(moved(scene, status(200)), LIMIT_OUTBOX_BATCH);
	assert_int_equal(moved(scene, status(200)), 3);
	assert_int_equal(count_of(scene, "sent"), 20);
	assert_true(json_is_null(listed(scene, "/channel/trouble")));
}

static void one_messages_fault_is_nobody_elses(void **state)
{
	struct scene *scene = *state;

	tell_many(scene, 5);
	assert_int_equal(moved(scene, status(422)), 5);
	assert_int_equal(count_of(scene, "dead"), 5);
	assert_true(json_is_null(listed(scene, "/channel/trouble")));
}

static void an_account_that_is_not_accepted_costs_no_message(void **state)
{
	struct scene *scene = *state;
	struct https_answer broke =
		said(scene, REFUSED("FailedOperation.InsufficientBalanceInSmsPackage"));

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	for (int i = 0; i < 3 * LIMIT_OUTBOX_ATTEMPTS; i++) {
		assert_int_equal(moved(scene, broke), 1);
		scene_pass(scene, HOUR_MS);
	}
	assert_string_equal(state_of(scene, "one"), "waiting");
	assert_int_equal(json_integer(listed(scene, "/messages/0/attempts")), 0);
	assert_string_equal(json_text(listed(scene, "/messages/0/provider_code")),
		"FailedOperation.InsufficientBalanceInSmsPackage");
	assert_string_equal(
		json_text(listed(scene, "/channel/trouble")), words(scene, "provider.balance"));
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
}

/* The next one is soon, for most are limits of a minute; the last is the day after, when a day's limit is over. */
static void what_a_number_may_not_get_now_goes_when_its_limit_is_over(void **state)
{
	struct scene *scene = *state;
	struct https_answer limited = said(scene, REFUSED("LimitExceeded.PhoneNumberDailyLimit"));
	int64_t begun = scene->tx.now, last;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	for (int i = 0; i + 1 < LIMIT_OUTBOX_ATTEMPTS; i++) {
		assert_int_equal(moved(scene, limited), 1);
		last = scene_number(scene, "SELECT MAX(next_at) FROM outbox");
		if (i == 0)
			assert_in_range(last - begun, MINUTE_MS, 2 * MINUTE_MS);
		scene_pass(scene, last - scene->tx.now);
	}
	assert_in_range(scene->tx.now - begun, 17 * HOUR_MS, 24 * HOUR_MS);
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
}

static void a_code_does_not_wait_behind_what_is_put_off(void **state)
{
	struct scene *scene = *state;

	sms_by(scene,
		"{'provider': 'tencent', 'sign': '海淀', 'tencent': {'secret_id': 'AKIDEXAMPLE',"
		" 'app_id': '1400000000'}, 'templates': {'expired': {'id': '1234', 'params': []},"
		" 'code_sign_up': {'id': '1235', 'params': [{'name': 'code'}]}}}");
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(
		moved(scene, said(scene, REFUSED("LimitExceeded.PhoneNumberOneHourLimit"))), 1);
	assert_ok(scene, code_send(&scene->tx, "sign_up", SCENE_MOBILE));
	tell(scene, SCENE_MOBILE, "two");
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM outbox WHERE state = 'sent'"
					     " AND event = 'code_sign_up'"),
		1);
	scene_pass(scene, 2 * MINUTE_MS);
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
	assert_string_equal(state_of(scene, "two"), "waiting");
}

static void a_corrected_setting_lets_everything_go_at_once(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, said(scene, REFUSED("AuthFailure.SignatureFailure"))), 1);
	assert_int_equal(moved(scene, said(scene, TAKEN)), 0);
	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", "the right one"));
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
}

static void a_secret_that_is_missing_is_told_and_costs_no_message(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, secret_remove(&scene->tx, "sms-webhook"));
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(200)), 0);
	assert_string_equal(
		json_text(listed(scene, "/channel/trouble")), words(scene, "provider.no_secret"));
	assert_string_equal(state_of(scene, "one"), "waiting");
	assert_ok(scene, secret_set(&scene->tx, "sms-webhook", "placeholder-secret"));
	assert_int_equal(moved(scene, status(200)), 1);
}

static void an_event_without_a_template_holds_up_no_other(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	assert_ok(scene, notice_number(&scene->tx, "13800000002", 0, "withdrawn", NULL,
				 "withdrawn:1", "number", "1", NULL));
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
	assert_int_equal(count_of(scene, "waiting"), 1);
	assert_true(json_is_null(listed(scene, "/channel/trouble")));
}

static void an_answer_that_never_came_may_mean_one_copy_more_and_not_two(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	for (int i = 1; i <= LIMIT_OUTBOX_LOST; i++) {
		assert_int_equal(moved(scene, (struct https_answer){.outcome = HTTPS_LOST}), 1);
		assert_int_equal(json_integer(listed(scene, "/messages/0/lost")), i);
		scene_pass(scene, HOUR_MS);
	}
	assert_string_equal(state_of(scene, "one"), "dead");
	assert_int_equal(moved(scene, said(scene, TAKEN)), 0);
	assert_int_equal(gateway_given.count, 2);
}

static void a_gateway_that_tells_copies_gets_it_until_it_answers(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	for (int i = 0; i < LIMIT_OUTBOX_LOST + 1; i++) {
		assert_int_equal(moved(scene, (struct https_answer){.outcome = HTTPS_LOST}), 1);
		scene_pass(scene, HOUR_MS);
	}
	assert_int_equal(moved(scene, status(200)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
	for (size_t i = 1; i < gateway_given.count; i++)
		assert_string_equal(gateway_given.keys[i], gateway_given.keys[0]);
}

static void a_server_that_dies_twice_leaves_it_to_a_person(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(claimed(scene).count, 1);
	assert_int_equal(claimed(scene).count, 1);
	assert_int_equal(claimed(scene).count, 0);
	assert_string_equal(state_of(scene, "one"), "dead");
	assert_string_equal(
		json_text(listed(scene, "/messages/0/last_error")), words(scene, "outbox.orphan"));
	assert_int_equal(json_integer(listed(scene, "/messages/0/lost")), 2);
}

static void what_was_lost_once_goes_alone(void **state)
{
	struct scene *scene = *state;

	tell_many(scene, 5);
	assert_int_equal(claimed(scene).count, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(moved(scene, status(200)), 1);
	assert_int_equal(count_of(scene, "sent"), 5);
	tell(scene, SCENE_MOBILE, "six");
	tell(scene, "13800000002", "seven");
	assert_int_equal(moved(scene, status(200)), 2);
}

static void a_code_that_nobody_can_use_any_more_is_not_sent(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, code_send(&scene->tx, "sign_up", SCENE_MOBILE));
	scene_pass(scene, LIMIT_CODE_LIFE);
	assert_int_equal(moved(scene, status(200)), 0);
	assert_string_equal(json_text(listed(scene, "/messages/0/state")), "dead");
	assert_string_equal(json_text(listed(scene, "/messages/0/last_error")),
		words(scene, "outbox.too_late"));
	assert_fails(scene, delivery_resend(&scene->tx, json_text(listed(scene, "/messages/0/id"))),
		CONFLICT, "outbox.too_late");
}

static void what_the_days_budget_does_not_allow_goes_tomorrow(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, WEBHOOK ", 'budget': {'day': 3}}");
	tell_many(scene, 5);
	assert_int_equal(moved(scene, status(200)), 3);
	assert_int_equal(moved(scene, status(200)), 0);
	assert_int_equal(json_integer(listed(scene, "/channel/today")), 3);
	assert_int_equal(json_integer(listed(scene, "/channel/budget")), 3);
	assert_string_equal(json_text(listed(scene, "/messages/0/last_error")),
		words(scene, "outbox.budget_day"));
	scene_at(scene, "2026-11-23T23:59:59.999+08:00");
	assert_int_equal(moved(scene, status(200)), 0);
	scene_at(scene, "2026-11-24T00:00:00+08:00");
	assert_int_equal(moved(scene, status(200)), 2);
	assert_int_equal(count_of(scene, "sent"), 5);
}

static void one_number_gets_so_many_a_day(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, WEBHOOK ", 'budget': {'number': 2}}");
	tell(scene, SCENE_MOBILE, "one");
	tell(scene, SCENE_MOBILE, "two");
	tell(scene, SCENE_MOBILE, "three");
	tell(scene, "13800000002", "other");
	while (moved(scene, status(200)) > 0)
		continue;
	assert_string_equal(state_of(scene, "two"), "sent");
	assert_string_equal(state_of(scene, "three"), "waiting");
	assert_string_equal(state_of(scene, "other"), "sent");
	scene_at(scene, "2026-11-24T00:00:00+08:00");
	assert_int_equal(moved(scene, status(200)), 1);
}

/* A message that is tried again has its place in the budget already. */
static void trying_again_uses_no_more_of_the_budget(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, WEBHOOK ", 'budget': {'day': 1}}");
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(409)), 1);
	scene_pass(scene, MINUTE_MS);
	assert_int_equal(moved(scene, status(200)), 1);
	assert_string_equal(state_of(scene, "one"), "sent");
	assert_int_equal(json_integer(listed(scene, "/channel/today")), 1);
}

static void codes_do_not_use_up_what_the_centre_has_to_tell(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, WEBHOOK ", 'budget': {'codes': 2}}");
	for (int i = 0; i < 3; i++) {
		const char *mobile = arena_printf(scene->tx.arena, "1380000010%d", i);

		scene->tx.address = arena_printf(scene->tx.arena, "192.0.2.%d", i);
		if (i < 2)
			assert_ok(scene, code_send(&scene->tx, "sign_up", mobile));
		else
			assert_fails(scene, code_send(&scene->tx, "sign_up", mobile), TOO_MANY,
				"code.too_many_today");
	}
	assert_string_equal(scene_param(scene, "seconds"), "54000"); /* from nine to midnight */
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(200)), 3);
	scene_at(scene, "2026-11-24T00:00:00+08:00");
	assert_ok(scene, code_send(&scene->tx, "sign_up", "13800000199"));
}

static void what_was_sent_by_a_clock_that_was_put_back_is_of_another_day(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, WEBHOOK ", 'budget': {'day': 2, 'codes': 1, 'number': 1}}");
	scene_pass(scene, 40 * DAY_MS);
	tell(scene, SCENE_MOBILE, "ahead");
	assert_ok(scene, code_send(&scene->tx, "sign_up", "13800000002"));
	assert_int_equal(moved(scene, status(200)), 2);
	scene_pass(scene, -40 * DAY_MS);
	assert_int_equal(json_integer(listed(scene, "/channel/today")), 0);
	tell(scene, SCENE_MOBILE, "one");
	assert_ok(scene, code_send(&scene->tx, "sign_up", "13800000003"));
	assert_int_equal(moved(scene, status(200)), 2);
	assert_int_equal(json_integer(listed(scene, "/channel/today")), 2);
}

static void the_administrators_list_can_be_of_one_state(void **state)
{
	struct scene *scene = *state;
	json *view;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(422)), 1);
	tell(scene, SCENE_MOBILE, "two");
	assert_ok(scene, delivery_list(&scene->tx, "dead", NULL, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "messages")), 1);
	assert_string_equal(json_text(json_at_pointer(view, "/messages/0/state")), "dead");
	assert_string_equal(json_text(json_at_pointer(view, "/messages/0/provider")), "webhook");
}

static enum result report(struct scene *scene, const char *body)
{
	return delivery_report(
		&scene->tx, delivery_report_token(&scene->tx), scene_json(scene, body));
}

static void a_report_tells_whether_it_arrived(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_true(json_is_null(listed(scene, "/messages/0/delivered")));
	assert_ok(scene, report(scene, "[{'sid': '5000:2', 'report_status': 'SUCCESS'},"
				       " {'sid': '5000:1', 'report_status': 'FAIL',"
				       " 'errmsg': 'MK:0001', 'mobile': '13800000001'}]"));
	assert_true(json_is_boolean(listed(scene, "/messages/0/delivered")));
	assert_false(json_true(listed(scene, "/messages/0/delivered")));
	assert_string_equal(scene_text(scene, "SELECT report_code FROM outbox"), "MK:0001");
	assert_ok(scene, report(scene, "{'sid': '5000:1', 'report_status': 'SUCCESS'}"));
	assert_false(json_true(listed(scene, "/messages/0/delivered")));
}

/* Else all of them come again, and again with the one. */
static void a_report_that_cannot_be_read_hinders_none_beside_it(void **state)
{
	struct scene *scene = *state;

	sms_by(scene, TENCENT);
	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, said(scene, TAKEN)), 1);
	assert_ok(scene,
		report(scene,
			"[{'sid': 7}, {'sid': '5000:1', 'report_status': 'SUCCESS'}, {'nonsense': 1}]"));
	assert_true(json_true(listed(scene, "/messages/0/delivered")));
	assert_fails(
		scene, report(scene, "[{'sid': 7}, {'nonsense': 1}]"), INVALID, "outbox.no_report");
	assert_ok(scene, report(scene, "[]"));
}

static void a_gateway_reports_by_our_key(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(200)), 1);
	assert_ok(scene,
		report(scene, arena_printf(scene->tx.arena, "{'key': '%s', 'delivered': true}",
				      gateway_given.keys[0])));
	assert_true(json_true(listed(scene, "/messages/0/delivered")));
}

/* What was told of the copies before it is not about this one. */
static void a_message_that_is_sent_again_has_a_report_of_its_own(void **state)
{
	struct scene *scene = *state;

	tell(scene, SCENE_MOBILE, "one");
	assert_int_equal(moved(scene, status(422)), 1);
	const char *id = scene_text(scene, "SELECT id FROM outbox");
	assert_ok(scene, report(scene, arena_printf(scene->tx.arena,
					       "{'key': '%s', 'delivered': false}", id)));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, delivery_resend(&scene->tx, id));
	assert_true(json_is_null(listed(scene, "/messages/0/delivered")));
	assert_true(json_is_null(listed(scene, "/messages/0/reported_at")));
	assert_int_equal(moved(scene, status(200)), 1);
	assert_ok(scene, report(scene, arena_printf(scene->tx.arena,
					       "{'key': '%s', 'delivered': true}", id)));
	assert_true(json_true(listed(scene, "/messages/0/delivered")));
}

static void reports_come_from_who_knows_the_address(void **state)
{
	struct scene *scene = *state;
	const json *body = scene_json(scene, "{'key': 'a', 'delivered': true}");

	assert_fails(scene, delivery_report(&scene->tx, "", body), NOT_FOUND, "outbox.no_reports");
	assert_fails(scene,
		delivery_report(&scene->tx,
			blind_index(scene->tx.arena, scene->tx.keys, "mobile", "sms"), body),
		NOT_FOUND, "outbox.no_reports");
	assert_fails(scene, report(scene, "[{'nonsense': 1}]"), INVALID, "outbox.no_report");
	sms_by(scene, "{'provider': 'spool'}");
	assert_fails(scene, report(scene, "[]"), CONFLICT, "outbox.no_reports");
	assert_non_null(strstr(
		json_text(listed(scene, "/channel/reports")), delivery_report_token(&scene->tx)));
}

int main(int count, char **words_given)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, gateway_begin, scene_end)
	const struct CMUnitTest tests[] = {
		TEST(a_batch_has_its_limit),
		TEST(a_provider_in_trouble_is_tried_with_one_message_until_it_works),
		TEST(one_messages_fault_is_nobody_elses),
		TEST(an_account_that_is_not_accepted_costs_no_message),
		TEST(what_a_number_may_not_get_now_goes_when_its_limit_is_over),
		TEST(a_code_does_not_wait_behind_what_is_put_off),
		TEST(a_corrected_setting_lets_everything_go_at_once),
		TEST(a_secret_that_is_missing_is_told_and_costs_no_message),
		TEST(an_event_without_a_template_holds_up_no_other),
		TEST(an_answer_that_never_came_may_mean_one_copy_more_and_not_two),
		TEST(a_gateway_that_tells_copies_gets_it_until_it_answers),
		TEST(a_server_that_dies_twice_leaves_it_to_a_person),
		TEST(what_was_lost_once_goes_alone),
		TEST(a_code_that_nobody_can_use_any_more_is_not_sent),
		TEST(what_the_days_budget_does_not_allow_goes_tomorrow),
		TEST(one_number_gets_so_many_a_day),
		TEST(trying_again_uses_no_more_of_the_budget),
		TEST(codes_do_not_use_up_what_the_centre_has_to_tell),
		TEST(what_was_sent_by_a_clock_that_was_put_back_is_of_another_day),
		TEST(the_administrators_list_can_be_of_one_state),
		TEST(a_report_tells_whether_it_arrived),
		TEST(a_report_that_cannot_be_read_hinders_none_beside_it),
		TEST(a_gateway_reports_by_our_key),
		TEST(a_message_that_is_sent_again_has_a_report_of_its_own),
		TEST(reports_come_from_who_knows_the_address),
	};

	scene_be_worker(count, words_given);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
