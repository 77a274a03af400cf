/*
 * Texts by SMS (S15): one for each event, short, signed by the centre, sealed, once.
 */
#include "scene.h"

#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "exam/account.h"
#include "exam/notice.h"
#include "outbound/outbox.h"

#include <cmocka.h>

#define SMS_LENGTH 70 /* of one message in Chinese; a longer one costs two */

static const char *const events[] = {"code_sign_up", "code_reset", "known", "mobile_changed",
	"submitted", "approved", "approved_free", "approved_ready", "rejected", "paid",
	"paid_ready", "papers_received", "papers_wrong", "forfeited", "expired", "restored",
	"ticket", "voided", "voided_paid", "withdrawn", "withdrawn_over", "withdrawn_paid",
	"corrected", "corrected_ticket", "cancelled", "cancelled_paid", "refunded",
	"refund_declined", "remind_payment", "remind_papers"};

/* Every parameter that any event has, as long as they usually are. */
static const char *preview(struct scene *scene, const char *event)
{
	struct notice notice;

	assert_ok(scene,
		notice_make(&scene->tx, &notice, event, "code", "048213", "number", "260001000017",
			"due", "11月24日24:00", "plan", "2026年12月海淀第1批供应链管理师一级认定",
			"fee", "680", "pay_until", "12月18日17:00", "reasons",
			"一寸照片背景不是白色、申报条件没有完整抄写", "papers_until",
			"12月20日17:00", "until", "12月20日17:00", "what", "申报表原件缺1份",
			"from", "12月21日09:00", "amount", "680", "reason", "重复申请，已另行退还",
			NULL));
	return notice.text;
}

static void every_event_has_a_text_that_fits_one_sms(void **state)
{
	struct scene *scene = *state;

	for (size_t i = 0; i < COUNT(events); i++) {
		const char *text = preview(scene, events[i]);

		assert_true(text_starts(text, "【海淀】"));
		assert_null(strpbrk(text, "{}"));
		assert_in_range(text_length(text), 15, SMS_LENGTH);
	}
}

static void every_text_is_there_in_english_too(void **state)
{
	struct scene *scene = *state;
	const char *const params[] = {"centre", "Haidian", NULL};

	for (size_t i = 0; i < COUNT(events); i++) {
		const char *code = arena_printf(scene->tx.arena, "sms.%s", events[i]);
		const char *text = message_text(scene->tx.arena, LANGUAGE_EN, code, params);

		assert_true(text_starts(text, "[Haidian]"));
	}
}

static void a_text_tells_what_to_do_until_when(void **state)
{
	struct scene *scene = *state;
	const char *approved = preview(scene, "approved");

	assert_non_null(strstr(approved, "260001000017"));
	assert_non_null(strstr(approved, "680元"));
	assert_non_null(strstr(approved, "12月18日17:00"));
	assert_non_null(strstr(preview(scene, "code_reset"), "048213"));
	assert_non_null(strstr(preview(scene, "submitted"), "11月24日24:00"));
	assert_non_null(strstr(preview(scene, "rejected"), "申报条件没有完整抄写"));
	assert_non_null(strstr(preview(scene, "paid"), "12月20日17:00"));
	assert_non_null(strstr(preview(scene, "papers_wrong"), "申报表原件缺1份"));
}

static void a_notice_goes_to_the_accounts_number(void **state)
{
	struct scene *scene = *state;
	const char *id = scene_as_candidate(scene, SCENE_MOBILE);
	struct outbox_row *rows = NULL;
	size_t count = 0;

	assert_ok(scene, notice_account(&scene->tx, id, "restored", "subject", "restored:1",
				 "number", "260001000017", NULL));
	assert_ok(scene, outbox_due(scene->db, scene->tx.arena, scene->tx.now, 10, &rows, &count,
				 &scene->error));
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].event, "restored");
	assert_string_equal(rows[0].event_key, "restored:1");
	assert_string_equal(rows[0].subject, "subject");
	assert_string_equal(rows[0].recipient_index,
		blind_index(scene->tx.arena, scene->tx.keys, "mobile", SCENE_MOBILE));
	assert_string_equal(
		scene_message(scene), "【海淀】申报260001000017已恢复，请登录查看需要办理的事项。");
}

static void what_is_sent_is_what_was_previewed(void **state)
{
	struct scene *scene = *state;
	struct notice notice;

	assert_ok(scene, notice_make(&scene->tx, &notice, "rejected", "number", "1", "reasons",
				 "照片不清", NULL));
	assert_int_equal(scene_messages(scene), 0);
	assert_ok(scene, notice_number(&scene->tx, SCENE_MOBILE, 0, "rejected", NULL, "rejected:1",
				 "number", "1", "reasons", "照片不清", NULL));
	assert_string_equal(scene_message(scene), notice.text);
}

static void an_event_is_told_once(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 2; i++)
		assert_ok(scene, notice_number(&scene->tx, SCENE_MOBILE, 0, "expired", NULL,
					 "expired:1", "number", i == 0 ? "first" : "second", NULL));
	assert_int_equal(scene_messages(scene), 1);
	assert_non_null(strstr(scene_message(scene), "first"));
	assert_ok(scene, notice_number(&scene->tx, SCENE_MOBILE, 0, "expired", NULL, "expired:2",
				 "number", "third", NULL));
	assert_int_equal(scene_messages(scene), 2);
}

static void neither_number_nor_text_can_be_read_from_the_row(void **state)
{
	struct scene *scene = *state;
	struct outbox_row *rows = NULL;
	size_t count = 0;

	assert_ok(scene, notice_number(&scene->tx, SCENE_MOBILE, 0, "expired", NULL, "expired:1",
				 "number", "260001000017", NULL));
	assert_ok(scene, outbox_due(scene->db, scene->tx.arena, scene->tx.now, 10, &rows, &count,
				 &scene->error));
	struct bytes payload = rows[0].payload;
	assert_null(memmem(payload.data, payload.size, SCENE_MOBILE, strlen(SCENE_MOBILE)));
	assert_null(memmem(payload.data, payload.size, "260001000017", 12));
	assert_null(strstr(rows[0].recipient_index, SCENE_MOBILE));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(every_event_has_a_text_that_fits_one_sms),
		IN_SCENE(every_text_is_there_in_english_too),
		IN_SCENE(a_text_tells_what_to_do_until_when),
		IN_SCENE(a_notice_goes_to_the_accounts_number),
		IN_SCENE(what_is_sent_is_what_was_previewed),
		IN_SCENE(an_event_is_told_once),
		IN_SCENE(neither_number_nor_text_can_be_read_from_the_row),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
