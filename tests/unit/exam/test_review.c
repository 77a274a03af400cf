/*
 * Review (S15, S16): one reviewer at a time, item by item, and a rejection that can be answered.
 */
#include "office.h"

#include <string.h>

#include "base/embedded.h"
#include "base/text.h"
#include "exam/applicant.h"
#include "exam/audit.h"
#include "exam/openness.h"
#include "exam/reason.h"
#include "exam/review.h"
#include "exam/submission.h"
#include "exam/topics.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"
#define THIRD_MOBILE "13800000003"

static json *queue(struct scene *scene, const char *filter)
{
	json *view = NULL;

	assert_ok(scene, review_queue(&scene->tx, scene_json(scene, filter), &view));
	return view;
}

static size_t queue_length(struct scene *scene, const char *filter)
{
	return json_count(json_get(queue(scene, filter), "applications"));
}

static const char *queue_number(const json *view, int place)
{
	json *row = json_first(json_get(view, "applications"));

	while (row && place-- > 0)
		row = json_next(row);
	return json_get_text(row, "number");
}

static const json *item_of(const json *view, const char *name)
{
	json_each(item, json_get(view, "items"))
	{
		if (text_equal(json_get_text(item, "item"), name))
			return item;
	}
	return NULL;
}

static json *case_of(struct scene *scene, struct application *application)
{
	json *view = NULL;

	assert_ok(scene, review_view(&scene->tx, application, &view));
	return view;
}

static void a_form_that_is_damaged_hides_nobody_else(void **state)
{
	struct scene *scene = *state;
	struct application damaged, whole;
	struct applicant person;

	scene_submitted(scene, SCENE_MOBILE, 1, &damaged);
	scene_submitted(scene, OTHER_MOBILE, 2, &whole);
	assert_ok(scene,
		store_run(scene->db, "UPDATE application SET form_sealed = ?2 WHERE id = ?1",
			BIND(TEXT(damaged.id), BLOB(bytes_of("damaged", 7))), &scene->error));
	(void)scene_as_staff(scene, OFFICE_REVIEWER);
	const json *row = json_first(json_get(queue(scene, "{}"), "applications"));
	assert_string_equal(json_get_text(row, "number"), damaged.number);
	assert_true(json_is_null(json_get(row, "name")));
	assert_string_equal(json_get_text(json_next(row), "name"), "张三");

	/* What is drawn for one is not drawn without a name. */
	office_reload(scene, &damaged);
	assert_fails(scene, applicant_of(&scene->tx, &damaged, &person), BROKEN, "seal.damaged");
}

static void a_form_of_a_key_that_is_not_known_is_not_taken_for_damaged(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *filter = scene_json(scene, "{}"), *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(
		scene, store_run(scene->db,
			       "UPDATE application SET form_sealed = CAST(SUBSTR(form_sealed, 1, 1)"
			       " || X'02000000' || SUBSTR(form_sealed, 6) AS BLOB) WHERE id = ?1",
			       BIND(TEXT(application.id)), &scene->error));
	(void)scene_as_staff(scene, OFFICE_REVIEWER);
	assert_fails(scene, review_queue(&scene->tx, filter, &view), BROKEN, "seal.key_unknown");
}

static void the_queue_is_ordered_by_due_time_and_paged(void **state)
{
	struct scene *scene = *state;
	struct application first, second, third;

	scene_submitted(scene, SCENE_MOBILE, 1, &first);
	scene_pass(scene, DAY_MS);
	scene_submitted(scene, OTHER_MOBILE, 2, &second);
	scene_submitted(scene, THIRD_MOBILE, 3, &third);
	(void)scene_as_staff(scene, "reviewer1");

	json *page = queue(scene, "{'limit': '2'}");
	assert_int_equal(json_count(json_get(page, "applications")), 2);
	assert_string_equal(queue_number(page, 0), first.number);
	assert_string_equal(queue_number(page, 1), second.number);

	json *filter = scene_json(scene, "{'limit': '2'}");
	json_set_text(scene->tx.arena, filter, "cursor", json_get_text(page, "next"));
	assert_ok(scene, review_queue(&scene->tx, filter, &page));
	assert_int_equal(json_count(json_get(page, "applications")), 1);
	assert_string_equal(queue_number(page, 0), third.number);
	assert_true(json_is_null(json_get(page, "next")));
}

static void a_row_of_the_queue_says_who_and_how_long_but_hides_the_number(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	(void)scene_as_staff(scene, "reviewer1");
	json *row = json_first(json_get(queue(scene, "{}"), "applications"));

	assert_string_equal(json_get_text(row, "name"), "张三");
	assert_non_null(strstr(json_get_text(row, "id_masked"), "********"));
	assert_null(strstr(json_print(scene->tx.arena, row), scene_resident_id(scene, 1)));
	assert_int_equal(json_get_integer(row, "round"), 1);
	assert_false(json_get_true(row, "overdue"));
	assert_int_equal(json_count(json_get(row, "missing")), 0);
	assert_true(json_is_null(json_get(row, "lease")));
	assert_null(json_get(row, "lease_until"));
	assert_string_equal(json_get_text(row, "due_at"), "2026-11-26T00:00:00.000+08:00");
	scene_at(scene, "2026-11-26T00:00:00+08:00");
	assert_int_equal(queue_length(scene, "{'overdue': 'true'}"), 1);
}

static void the_queue_can_be_filtered(void **state)
{
	struct scene *scene = *state;
	struct application application, other;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_submitted(scene, OTHER_MOBILE, 2, &other);
	office_claim(scene, &application);

	assert_int_equal(queue_length(scene, "{}"), 2);
	assert_int_equal(queue_length(scene, "{'holder': 'me'}"), 1);
	assert_int_equal(queue_length(scene, "{'holder': 'nobody'}"), 1);
	assert_int_equal(queue_length(scene, "{'name': '张'}"), 2);
	assert_int_equal(queue_length(scene, "{'name': '王'}"), 0);
	assert_int_equal(queue_length(scene, "{'name': '张 三'}"), 2);
	assert_int_equal(queue_length(scene, "{'level': '1'}"), 2);
	assert_int_equal(queue_length(scene, "{'level': '2'}"), 0);
	assert_int_equal(queue_length(scene, "{'occupation': '4-02-06-05'}"), 2);
	assert_int_equal(queue_length(scene, "{'occupation': '4-01-06-01'}"), 0);
	assert_int_equal(queue_length(scene, "{'plan': 'none'}"), 0);
	assert_int_equal(queue_length(scene, "{'state': 'approved'}"), 0);
	assert_int_equal(queue_length(scene, "{'overdue': 'true'}"), 0);

	json *filter = scene_json(scene, "{}"), *view;
	json_set_text(scene->tx.arena, filter, "number", other.number);
	assert_ok(scene, review_queue(&scene->tx, filter, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
	(void)scene_as_staff(scene, "reviewer2");
	assert_int_equal(queue_length(scene, "{'holder': 'me'}"), 0);
}

static void a_filter_that_makes_no_sense_is_told_by_its_place(void **state)
{
	struct scene *scene = *state;
	json *view;

	(void)scene_as_staff(scene, "reviewer1");
	assert_fails(scene,
		review_queue(&scene->tx,
			scene_json(scene,
				"{'state': 'lost', 'level': '9', 'limit': '0', 'cursor': 'x'}"),
			&view),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/state"), "page.choice");
	assert_string_equal(scene_fault(scene, "/level"), "page.choice");
	assert_string_equal(scene_fault(scene, "/limit"), "page.limit");
	assert_string_equal(scene_fault(scene, "/cursor"), "page.cursor");
}

static void a_draft_is_nobody_elses_business(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &application);
	(void)scene_as_staff(scene, "reviewer1");
	assert_int_equal(queue_length(scene, "{'state': 'draft'}"), 0);
	assert_fails(scene, review_view(&scene->tx, &application, &view), CONFLICT,
		"review.never_handed_in");
	assert_fails(scene, review_claim(&scene->tx, &application, false, &view), CONFLICT,
		"review.not_waiting");
	assert_non_null(strstr(
		message_text(scene->tx.arena, LANGUAGE_ZH, scene->error.code, scene->error.params),
		"未提交"));
}

static void a_search_by_name_goes_on_behind_a_thousand_rows(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene,
		store_script(scene->db,
			"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1005)"
			" INSERT INTO account (id, kind, state, created_at)"
			" SELECT 'a' || i, 'candidate', 'active', 1 FROM n;"
			"INSERT INTO application (id, number, plan_id, account_id, state, version,"
			" revision, due_at, created_at, changed_at) SELECT a.id, a.id, p.id, a.id,"
			" 'reviewing', 1, 1, 1, 1, 1 FROM account a, plan p WHERE a.created_at = 1",
			&scene->error));
	(void)scene_as_staff(scene, "reviewer1");

	json *filter = scene_json(scene, "{'name': '张三'}");
	json *page = queue(scene, "{'name': '张三'}");
	assert_int_equal(json_count(json_get(page, "applications")), 0);
	assert_non_null(json_get_text(page, "next"));
	json_set_text(scene->tx.arena, filter, "cursor", json_get_text(page, "next"));
	assert_ok(scene, review_queue(&scene->tx, filter, &page));
	assert_string_equal(queue_number(page, 0), application.number);
}

static void one_reviewer_holds_an_application_for_fifteen_minutes(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	int64_t version = application.version;
	office_claim(scene, &application);
	(void)scene_as_staff(scene, "reviewer2");
	assert_fails(scene, review_claim(&scene->tx, &application, false, &view), CONFLICT,
		"review.leased");
	assert_string_equal(scene_param(scene, "holder"), "海淀审核一");
	assert_non_null(scene_param(scene, "until"));
	assert_fails(scene, review_release(&scene->tx, &application), CONFLICT, "review.leased");

	scene_pass(scene, LIMIT_LEASE);
	assert_ok(scene, review_claim(&scene->tx, &application, false, &view));
	assert_true(json_is_object(json_get(view, "lease")));
	assert_int_equal(scene_audited(scene, "review.taken_over"), 0);
	office_reload(scene, &application);
	assert_int_equal(application.version, version);
	assert_ok(scene, review_release(&scene->tx, &application));
	office_reload(scene, &application);
	assert_null(application.lease_account);
}

static void a_lease_can_be_taken_over_and_that_is_audited(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_claim(scene, &application);
	const char *first = scene->tx.actor.id;
	(void)scene_as_staff(scene, "reviewer2");
	assert_ok(scene, review_claim(&scene->tx, &application, true, &view));
	assert_int_equal(scene_audited(scene, "review.taken_over"), 1);
	assert_non_null(strstr(
		scene_text(scene, "SELECT detail FROM audit WHERE action = 'review.taken_over'"),
		first));
	(void)scene_as_staff(scene, "reviewer1");
	assert_fails(scene,
		review_judge(&scene->tx, &application, "details",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		CONFLICT, "review.leased");
}

static void judging_needs_the_lease_and_renews_it(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	(void)scene_as_staff(scene, "reviewer1");
	assert_fails(scene,
		review_judge(&scene->tx, &application, "details",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		CONFLICT, "review.lease_needed");
	office_claim(scene, &application);
	scene_pass(scene, LIMIT_LEASE - 1);
	office_judge(scene, &application, "details", NULL);
	scene_pass(scene, LIMIT_LEASE - 1);
	office_judge(scene, &application, "work", NULL);
	scene_pass(scene, LIMIT_LEASE);
	assert_fails(scene,
		review_judge(&scene->tx, &application, "condition",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		CONFLICT, "review.lease_needed");
}

static void reading_keeps_the_own_lease_when_a_third_of_it_is_gone(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_claim(scene, &application);
	int64_t version = application.version;
	scene_pass(scene, LIMIT_LEASE / 3);
	office_reload(scene, &application);
	assert_false(review_lease_wanes(&scene->tx, &application));
	scene_pass(scene, 1);
	assert_true(review_lease_wanes(&scene->tx, &application));
	assert_ok(scene, review_lease_keep(&scene->tx, application.id));
	office_reload(scene, &application);
	assert_int_equal(application.lease_until, scene->tx.now + LIMIT_LEASE);
	assert_int_equal(application.version, version);
	assert_false(review_lease_wanes(&scene->tx, &application));

	/* Another's lease is neither seen nor kept by reading, and one that has ended does not come back. */
	int64_t until = application.lease_until;
	scene_pass(scene, LIMIT_LEASE / 2);
	(void)scene_as_staff(scene, "reviewer2");
	assert_false(review_lease_wanes(&scene->tx, &application));
	assert_ok(scene, review_lease_keep(&scene->tx, application.id));
	(void)scene_as_staff(scene, "reviewer1");
	scene_pass(scene, LIMIT_LEASE);
	assert_false(review_lease_wanes(&scene->tx, &application));
	assert_ok(scene, review_lease_keep(&scene->tx, application.id));
	office_reload(scene, &application);
	assert_int_equal(application.lease_until, until);
}

static void a_judgement_gives_known_reasons(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const struct {
		const char *body, *pointer, *code;
	} faults[] = {
		{"{'outcome': 'maybe'}", "/outcome", "reason.outcome"},
		{"{'outcome': 'fail'}", "/reasons", "reason.needed"},
		{"{'outcome': 'fail', 'reasons': ['CERT_BAD', 'NO_SUCH']}", "/reasons/1",
			"reason.unknown"},
		{"{'outcome': 'fail', 'reasons': ['OTHER']}", "/note", "reason.note"},
		{"{'outcome': 'fail', 'reasons': ['OTHER'], 'note': ' '}", "/note", "reason.note"},
		{"{'outcome': 'pass', 'reasons': ['CERT_BAD']}", "/reasons",
			"reason.none_with_pass"},
	};
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_claim(scene, &application);
	for (size_t i = 0; i < COUNT(faults); i++) {
		assert_fails(scene,
			review_judge(&scene->tx, &application, "certificates",
				scene_json(scene, faults[i].body), &view),
			INVALID, "input.invalid");
		assert_string_equal(scene_fault(scene, faults[i].pointer), faults[i].code);
	}
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM judgement"), 0);
	assert_fails(scene,
		review_judge(&scene->tx, &application, "material:passport",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		NOT_FOUND, "review.item_unknown");
	assert_fails(scene,
		review_judge(&scene->tx, &application, "identity",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		NOT_FOUND, "review.item_unknown");
}

static void the_items_are_the_topics_and_the_materials_asked_for(void **state)
{
	static const char *const names[] = {"details", "condition", "certificates", "work",
		"material:id_card_front", "material:id_card_back", "material:portrait",
		"material:application_form", "material:certificate", "material:work_pledge"};
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	(void)scene_as_staff(scene, "reviewer1");
	json *view = case_of(scene, &application);

	assert_int_equal(json_count(json_get(view, "items")), COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++)
		assert_non_null(item_of(view, names[i]));
	assert_string_equal(json_text(json_at_pointer(view, "/verdict/outcome")), "met");
	assert_string_equal(json_text(json_at_pointer(view, "/form/details/id_number")),
		scene_resident_id(scene, 1));
	assert_string_equal(json_text(json_at_pointer(view, "/condition/id")), "1-1");
	assert_int_equal(json_count(json_get(view, "materials")), 6);
	assert_non_null(json_at_pointer(view, "/materials/0/file/sha256"));
	assert_null(json_at_pointer(view, "/materials/0/file/file_id"));
	assert_true(json_is_null(json_at_pointer(view, "/changes/since")));
}

static void approval_needs_every_item_and_rejection_a_failed_one(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view, *approve = scene_json(scene, "{'outcome': 'approved'}");
	json *reject = scene_json(scene, "{'outcome': 'rejected'}");

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	(void)scene_as_staff(scene, "reviewer1");
	assert_fails(scene, review_decide(&scene->tx, &application, approve, &view), CONFLICT,
		"review.lease_needed");
	office_claim(scene, &application);
	assert_fails(scene, review_decide(&scene->tx, &application, approve, &view), CONFLICT,
		"review.unjudged");
	assert_string_equal(scene_param(scene, "items"),
		"个人信息、申报条件、职业资格（职业技能等级）证书等10项");
	office_judge_all(scene, &application, NULL);
	assert_fails(scene, review_decide(&scene->tx, &application, reject, &view), CONFLICT,
		"review.nothing_failed");
	office_judge(scene, &application, "work", "YEARS_SHORT");
	office_judge(scene, &application, "material:portrait", "PHOTO_BAD");
	assert_fails(scene, review_decide(&scene->tx, &application, approve, &view), CONFLICT,
		"review.failed");
	assert_string_equal(scene_param(scene, "items"), "工作经历、白底个人一寸照片");
	assert_fails(scene,
		review_decide(&scene->tx, &application, scene_json(scene, "{'outcome': 'perhaps'}"),
			&view),
		INVALID, "input.invalid");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM decision"), 0);
}

static void an_approval_pins_the_revision_and_tells_the_candidate(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *preview;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	int64_t audited = scene_number(scene, "SELECT COUNT(*) FROM audit");
	office_claim(scene, &application);
	office_judge_all(scene, &application, NULL);
	assert_ok(scene, review_preview(&scene->tx, &application, NULL, &preview));
	json *decided = office_decide(scene, &application, "approved");

	assert_int_equal(application.state, APPLICATION_APPROVED);
	assert_int_equal(application.approved_revision, 1);
	assert_int_equal(application.decided_at, scene->tx.now);
	assert_null(application.lease_account);
	assert_string_equal(json_get_text(preview, "computed"), "approved");
	assert_string_equal(json_get_text(preview, "text"), scene_message(scene));
	assert_string_equal(json_get_text(decided, "text"), scene_message(scene));
	assert_int_equal(json_get_integer(decided, "version"), application.version);
	assert_non_null(strstr(scene_message(scene), "12月18日17:00前缴费680元"));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM audit"), audited + 1);
	assert_int_equal(scene_audited(scene, "application.approved"), 1);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM decision WHERE outcome = 'approved'"
				    " AND revision = 1"),
		1);
}

static void the_preview_of_a_rejection_is_the_very_sms(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *preview;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_claim(scene, &application);
	office_judge(scene, &application, "material:portrait", "PHOTO_BAD");
	office_judge(scene, &application, "work", "YEARS_SHORT");
	office_judge(scene, &application, "certificates", "YEARS_SHORT");
	assert_ok(scene, review_preview(&scene->tx, &application, "rejected", &preview));
	assert_string_equal(json_get_text(preview, "computed"), "undecided");
	assert_int_equal(json_count(json_get(preview, "failed")), 3);
	assert_int_equal(json_count(json_get(preview, "unjudged")), 7);
	int64_t messages = scene_messages(scene);
	(void)office_decide(scene, &application, "rejected");
	assert_int_equal(scene_messages(scene), messages + 1);
	assert_string_equal(json_get_text(preview, "text"), scene_message(scene));
	assert_non_null(strstr(scene_message(scene), "工作年限不足、照片不符合要求。"));
	assert_fails(scene, review_preview(&scene->tx, &application, "lost", &preview), INVALID,
		"input.invalid");
}

static void what_passed_stays_passed_in_the_next_round(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "material:portrait");
	office_as_owner(scene, &application);
	assert_fails(scene, application_submit(&scene->tx, &application), CONFLICT,
		"application.unchanged");
	scene_upload(scene, &application, "portrait");
	assert_ok(scene, application_submit(&scene->tx, &application));
	office_reload(scene, &application);

	office_claim(scene, &application);
	view = case_of(scene, &application);
	assert_int_equal(json_get_integer(view, "round"), 2);
	assert_true(json_get_true(item_of(view, "details"), "locked"));
	assert_false(json_get_true(item_of(view, "material:portrait"), "locked"));
	assert_true(json_is_null(json_get(item_of(view, "material:portrait"), "outcome")));
	assert_fails(scene,
		review_judge(&scene->tx, &application, "details",
			scene_json(scene, "{'outcome': 'pass'}"), &view),
		CONFLICT, "review.item_locked");
	office_judge(scene, &application, "material:portrait", NULL);
	(void)office_decide(scene, &application, "approved");
	assert_int_equal(application.approved_revision, 2);
	assert_int_equal(json_count(json_get(case_of(scene, &application), "decisions")), 2);
}

static void the_desk_sees_what_changed_since_it_was_judged(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	assert_ok(scene,
		application_put_work(&scene->tx, &application,
			scene_json(scene,
				"{'work': [{'from': '2020-06', 'to': null, 'employer': '另一家公司',"
				" 'occupation': '供应链管理师', 'relation': 'same'}]}")));
	assert_ok(scene, application_submit(&scene->tx, &application));
	office_reload(scene, &application);
	(void)scene_as_staff(scene, "reviewer1");
	json *view = case_of(scene, &application);

	assert_int_equal(json_get_integer(json_get(view, "changes"), "since"), 1);
	json *changes = json_at_pointer(view, "/changes/topics");
	assert_int_equal(json_count(changes), 1);
	assert_string_equal(json_get_text(json_first(changes), "item"), "work");
	assert_string_equal(json_get_text(json_first(changes), "pointer"), "/work/0");
	assert_string_equal(
		json_text(json_at_pointer(changes, "/0/before/employer")), "示例供应链有限公司");
	assert_string_equal(json_text(json_at_pointer(changes, "/0/after/employer")), "另一家公司");
	assert_int_equal(json_count(json_at_pointer(view, "/changes/materials")), 0);
}

static void what_is_judged_is_what_was_handed_in(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	assert_ok(scene,
		application_put_work(&scene->tx, &application, scene_json(scene, "{'work': []}")));
	(void)scene_as_staff(scene, "reviewer1");
	assert_int_equal(
		json_count(json_at_pointer(case_of(scene, &application), "/form/work")), 1);
}

/* An application whose only work asks to be considered, with that many months of argument. */
static void submitted_to_consider(
	struct scene *scene, const char *employer, struct application *application)
{
	json *body = scene_json(scene,
		"{'work': [{'from': '2020-06', 'to': null, 'employer': '', 'occupation': '报关员',"
		" 'relation': 'related', 'consider': true, 'argument': '负责进出口货物的供应链安排'}]}");

	json_set_text(scene->tx.arena, json_first(json_get(body, "work")), "employer", employer);
	assert_ok(scene, application_put_work(&scene->tx, application, body));
	assert_ok(scene, application_submit(&scene->tx, application));
	office_reload(scene, application);
}

static void asking_to_be_considered_is_decided_by_its_own_item(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	submitted_to_consider(scene, "示例报关行", &application);
	office_claim(scene, &application);
	view = case_of(scene, &application);
	assert_string_equal(json_text(json_at_pointer(view, "/verdict/outcome")), "review");
	assert_string_equal(json_get_text(item_of(view, "related:0"), "pointer"), "/work/0");

	office_judge_all(scene, &application, "related:0");
	assert_fails(scene,
		review_decide(&scene->tx, &application,
			scene_json(scene, "{'outcome': 'approved'}"), &view),
		CONFLICT, "review.failed");
	assert_string_equal(scene_param(scene, "items"), "申请考虑的职业“报关员”");
	assert_fails(scene,
		review_judge(&scene->tx, &application, "related:0",
			scene_json(scene, "{'outcome': 'pass', 'note': ' '}"), &view),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/note"), "review.related_note");
	office_judge(scene, &application, "related:0", NULL);
	(void)office_decide(scene, &application, "approved");
	assert_non_null(strstr(scene_text(scene, "SELECT items FROM decision"), OFFICE_ADMITS));
	assert_non_null(strstr(
		scene_text(scene, "SELECT detail FROM audit WHERE action = 'application.approved'"),
		"\"judged_by_reviewer\":true"));
}

static void a_refused_occupation_opens_its_topic_for_correction(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	submitted_to_consider(scene, "示例报关行", &application);
	office_reject(scene, &application, "related:0");
	office_as_owner(scene, &application);
	assert_ok(scene, application_item_open(&scene->tx, &application, "work"));
	assert_fails(scene, application_item_open(&scene->tx, &application, "details"), CONFLICT,
		"application.locked");

	submitted_to_consider(scene, "另一家报关行", &application);
	office_claim(scene, &application);
	json *view = case_of(scene, &application);
	assert_true(json_is_null(json_get(item_of(view, "related:0"), "outcome")));
	assert_true(json_is_null(json_get(item_of(view, "work"), "outcome")));
}

static void an_accepted_occupation_is_judged_anew_when_its_row_changes(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	submitted_to_consider(scene, "示例报关行", &application);
	office_claim(scene, &application);
	office_judge_all(scene, &application, NULL);
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	(void)scene_as_staff(scene, "reviewer1");
	assert_string_equal(
		json_get_text(item_of(case_of(scene, &application), "related:0"), "outcome"),
		"pass");

	office_as_owner(scene, &application);
	assert_ok(scene,
		application_put_work(&scene->tx, &application,
			scene_json(scene,
				"{'work': [{'from': '2020-06', 'to': null, 'employer': '另一家报关行',"
				" 'occupation': '报关员', 'relation': 'related', 'consider': true,"
				" 'argument': '负责进出口货物的供应链安排'}]}")));
	office_reload(scene, &application);
	(void)scene_as_staff(scene, "reviewer1");
	assert_true(json_is_null(
		json_get(item_of(case_of(scene, &application), "related:0"), "outcome")));
}

static void an_approval_that_comes_after_the_payment_deadline_leaves_two_days(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_at(scene, "2026-12-19T10:00:00+08:00");
	office_approve(scene, &application);
	assert_non_null(strstr(scene_message(scene), "12月21日10:00前缴费"));
}

static void every_reason_has_its_texts_and_places(void **state)
{
	struct scene *scene = *state;
	json *reasons = reasons_list(scene->tx.arena, LANGUAGE_EN);

	assert_int_equal(json_count(reasons), 17);
	json_each(reason, reasons)
	{
		assert_false(text_blank(json_get_text(reason, "text")));
		assert_false(text_blank(json_get_text(reason, "short")));
		assert_true(json_count(json_get(reason, "fits")) > 0);
		assert_true(text_length(json_get_text(reason, "short")) <= 12);
	}
	assert_non_null(reason_short(scene->tx.arena, "PHOTO_BAD"));
	assert_null(reason_short(scene->tx.arena, "NO_SUCH"));
}

/* Is the reason among those offered first for that item? */
static bool offered(const json *reasons, const char *code, const char *item)
{
	json_each(reason, reasons)
	{
		if (!text_equal(json_get_text(reason, "code"), code))
			continue;
		json_each(place, json_get(reason, "fits"))
		{
			if (text_equal(json_text(place), item))
				return true;
		}
	}
	return false;
}

/* S10: altered or damaged, not by hand, incomplete or wrong, untrue; of both, as uploaded and as posted. */
static void the_paper_forms_have_their_standing_reasons(void **state)
{
	static const char *const codes[] = {
		"FORM_ALTERED", "FORM_NOT_BY_HAND", "FORM_INCOMPLETE", "FORM_UNTRUE"};
	static const char *const places[] = {"material:application_form", "material:work_pledge",
		"paper:application_form", "paper:work_pledge"};
	struct scene *scene = *state;
	json *reasons = reasons_list(scene->tx.arena, LANGUAGE_ZH);

	for (size_t i = 0; i < COUNT(codes); i++)
		for (size_t j = 0; j < COUNT(places); j++)
			assert_true(offered(reasons, codes[i], places[j]));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(the_queue_is_ordered_by_due_time_and_paged),
		IN_SCENE(a_row_of_the_queue_says_who_and_how_long_but_hides_the_number),
		IN_SCENE(the_queue_can_be_filtered),
		IN_SCENE(a_filter_that_makes_no_sense_is_told_by_its_place),
		IN_SCENE(a_draft_is_nobody_elses_business),
		IN_SCENE(a_search_by_name_goes_on_behind_a_thousand_rows),
		IN_SCENE(one_reviewer_holds_an_application_for_fifteen_minutes),
		IN_SCENE(a_lease_can_be_taken_over_and_that_is_audited),
		IN_SCENE(judging_needs_the_lease_and_renews_it),
		IN_SCENE(reading_keeps_the_own_lease_when_a_third_of_it_is_gone),
		IN_SCENE(a_judgement_gives_known_reasons),
		IN_SCENE(the_items_are_the_topics_and_the_materials_asked_for),
		IN_SCENE(approval_needs_every_item_and_rejection_a_failed_one),
		IN_SCENE(an_approval_pins_the_revision_and_tells_the_candidate),
		IN_SCENE(the_preview_of_a_rejection_is_the_very_sms),
		IN_SCENE(what_passed_stays_passed_in_the_next_round),
		IN_SCENE(the_desk_sees_what_changed_since_it_was_judged),
		IN_SCENE(what_is_judged_is_what_was_handed_in),
		IN_SCENE(asking_to_be_considered_is_decided_by_its_own_item),
		IN_SCENE(a_refused_occupation_opens_its_topic_for_correction),
		IN_SCENE(an_accepted_occupation_is_judged_anew_when_its_row_changes),
		IN_SCENE(an_approval_that_comes_after_the_payment_deadline_leaves_two_days),
		IN_SCENE(every_reason_has_its_texts_and_places),
		IN_SCENE(the_paper_forms_have_their_standing_reasons),
		IN_SCENE(a_form_that_is_damaged_hides_nobody_else),
		IN_SCENE(a_form_of_a_key_that_is_not_known_is_not_taken_for_damaged),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
