/*
 * Paper forms (S19): where to post them, what arrived, and what has to be posted again.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/paper.h"
#include "exam/submission.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"

static void approved(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	office_approve(scene, application);
	office_as_owner(scene, application);
}

static void post(struct scene *scene, struct application *application, const char *number)
{
	json *body = scene_json(scene, "{'courier': '示例速递'}");

	json_set_text(scene->tx.arena, body, "courier_number", number);
	office_as_owner(scene, application);
	assert_ok(scene, paper_post(&scene->tx, application, body));
}

static json *view_of(struct scene *scene, struct application *application)
{
	struct paper_row row;
	struct plan plan;
	json *view = NULL;

	assert_ok(scene, plan_load(&scene->tx, application->plan_id, &plan));
	assert_ok(scene, paper_row_load(&scene->tx, application->id, &row));
	const struct deadlines deadlines = deadlines_within(&plan, row.grace_until);
	assert_ok(scene, paper_view(&scene->tx, application, &row, &deadlines,
				 application_materials_asked(
					 &scene->tx, plan.manifest, application->condition_id),
				 &view));
	return view;
}

static enum result receive(struct scene *scene, struct application *application, const char *items)
{
	json *body = scene_json(scene, items);

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	return paper_receive(&scene->tx, application, body);
}

static void the_candidate_sees_where_what_and_until_when(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	json *view = view_of(scene, &application);
	assert_string_equal(json_text(json_at_pointer(view, "/address/line")),
		"北京市海淀区示例路1号考务中心101");
	assert_non_null(json_text(json_at_pointer(view, "/contact/telephone")));
	assert_string_equal(json_get_text(view, "deadline_at"), "2026-12-20T17:00:00.000+08:00");
	assert_int_equal(json_count(json_get(view, "papers")), 2);
	assert_string_equal(
		json_text(json_at_pointer(view, "/papers/0/material")), "application_form");
	assert_int_equal(json_integer(json_at_pointer(view, "/papers/0/copies")), 2);
	assert_int_equal(json_integer(json_at_pointer(view, "/papers/1/copies")), 1);
	assert_true(json_get_true(view, "can_post"));
}

static void nothing_is_posted_before_the_approval(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct cover_facts cover;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_int_equal(json_count(json_get(view_of(scene, &application), "papers")), 0);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_false(json_get_true(view_of(scene, &application), "can_post"));
	assert_fails(scene,
		paper_post(&scene->tx, &application,
			scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF01'}")),
		CONFLICT, "paper.not_yet");
	assert_fails(scene, paper_cover_facts(&scene->tx, &application, &cover), CONFLICT,
		"paper.not_yet");
	assert_int_equal(receive(scene, &application, "{'items': []}"), CONFLICT);
}

static void the_parcel_can_be_told_and_corrected_before_and_after_paying(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct paper_facts facts;

	approved(scene, &application);
	post(scene, &application, " SF 0001 ");
	office_take_fee(scene, &application);
	post(scene, &application, "SF0002");
	assert_ok(scene, paper_facts(&scene->tx, application.id, &facts));
	assert_true(facts.posted_at);
	assert_false(facts.received_at);
	assert_string_equal(
		json_get_text(view_of(scene, &application), "courier_number"), "SF0002");
	assert_int_equal(scene_audited(scene, "paper.posted"), 2);
	assert_fails(scene,
		paper_post(&scene->tx, &application,
			scene_json(scene, "{'courier': ' ', 'courier_number': '-'}")),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/courier"), "paper.courier");
	assert_string_equal(scene_fault(scene, "/courier_number"), "paper.courier_number");
}

static void papers_in_order_are_accepted_though_nobody_told_of_them(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct paper_facts facts;
	const char *status;

	approved(scene, &application);
	office_take_fee(scene, &application);
	office_receive_papers(scene, &application);
	assert_ok(scene, paper_facts(&scene->tx, application.id, &facts));
	assert_true(facts.received_at && facts.accepted && !facts.posted_at);
	assert_non_null(strstr(scene_message(scene), "已收到并核对无误"));
	assert_ok(scene, application_status(&scene->tx, &application, &status));
	assert_string_equal(status, "awaiting_ticket");
	assert_int_equal(receive(scene, &application, "{'items': []}"), CONFLICT);
	office_as_owner(scene, &application);
	assert_fails(scene,
		paper_post(&scene->tx, &application,
			scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF01'}")),
		CONFLICT, "paper.accepted");
}

static void a_receipt_judges_every_paper_once(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const struct {
		const char *items, *pointer, *code;
	} faults[] = {
		{"{'items': [{'material': 'application_form', 'copies': 2, 'outcome': 'pass'}]}",
			"/items", "paper.not_judged"},
		{"{'items': [{'material': 'application_form', 'copies': 1, 'outcome': 'pass'}]}",
			"/items/0/copies", "paper.copies"},
		{"{'items': [{'material': 'portrait', 'copies': 1, 'outcome': 'pass'}]}",
			"/items/0/material", "paper.not_asked"},
		{"{'items': [{'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'},"
		 " {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}",
			"/items/1/material", "paper.twice"},
		{"{'items': [{'material': 'work_pledge', 'copies': 1, 'outcome': 'fail'}]}",
			"/items/0/reasons", "reason.needed"},
	};

	approved(scene, &application);
	for (size_t i = 0; i < COUNT(faults); i++) {
		assert_int_equal(receive(scene, &application, faults[i].items), INVALID);
		assert_string_equal(scene_fault(scene, faults[i].pointer), faults[i].code);
		scene_forget(scene);
	}
	assert_int_equal(scene_audited(scene, "paper.received"), 0);
}

static void what_is_wrong_is_posted_again_and_what_passed_stays(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct paper_facts facts;

	approved(scene, &application);
	post(scene, &application, "SF0001");
	assert_int_equal(
		receive(scene, &application,
			"{'items': [{'material': 'application_form', 'copies': 2, 'outcome': 'pass'},"
			" {'material': 'work_pledge', 'copies': 1, 'outcome': 'fail',"
			" 'reasons': ['PROMISE_BAD'], 'note': '没有签名'}]}"),
		OK);
	assert_non_null(strstr(scene_message(scene), "需补寄：工作经历承诺书（承诺书有问题）"));
	assert_null(
		strstr(scene_text(scene, "SELECT detail FROM audit ORDER BY sequence DESC LIMIT 1"),
			"没有签名"));
	json *view = view_of(scene, &application);
	assert_string_equal(json_text(json_at_pointer(view, "/papers/1/outcome")), "fail");
	assert_string_equal(json_text(json_at_pointer(view, "/papers/1/note")), "没有签名");
	assert_true(json_get_true(view, "can_post"));

	scene_pass(scene, DAY_MS);
	post(scene, &application, "SF0002");
	assert_int_equal(
		receive(scene, &application,
			"{'items': [{'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}"),
		OK);
	assert_ok(scene, paper_facts(&scene->tx, application.id, &facts));
	assert_true(facts.accepted);
}

static const char *action_of(struct scene *scene, struct application *application)
{
	json *view;

	office_as_owner(scene, application);
	assert_ok(scene, application_view(&scene->tx, application, &view));
	return json_get_text(view, "next_action");
}

static void who_has_posted_is_told_to_wait_until_something_must_be_posted_again(void **state)
{
	struct scene *scene = *state;
	struct application application;

	approved(scene, &application);
	office_take_fee(scene, &application);
	assert_string_equal(action_of(scene, &application), "post_papers");
	post(scene, &application, "SF0001");
	assert_string_equal(action_of(scene, &application), "wait_for_papers");
	scene_at(scene, "2026-11-26T09:00:00+08:00");
	assert_ok(scene, receive(scene, &application,
				 "{'items': [{'material': 'application_form', 'copies': 1,"
				 " 'outcome': 'fail', 'reasons': ['COPIES_SHORT']},"
				 " {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}"));
	assert_string_equal(action_of(scene, &application), "post_papers");
	scene_at(scene, "2026-11-27T09:00:00+08:00");
	post(scene, &application, "SF0002");
	assert_string_equal(action_of(scene, &application), "wait_for_papers");
}

static void the_list_of_missing_papers_hides_numbers_and_says_who_paid(void **state)
{
	struct scene *scene = *state;
	struct application application, other;
	json *view;

	approved(scene, &application);
	office_take_fee(scene, &application);
	scene_submitted(scene, OTHER_MOBILE, 2, &other);
	office_approve(scene, &other);
	post(scene, &other, "SF0002");
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 2);
	assert_true(json_true(json_at_pointer(view, "/applications/0/paid")));
	assert_false(json_true(json_at_pointer(view, "/applications/1/paid")));
	assert_string_equal(
		json_text(json_at_pointer(view, "/applications/1/courier_number")), "SF0002");
	assert_string_equal(
		json_text(json_at_pointer(view, "/applications/0/mobile")), "138****0000");
	assert_true(json_is_null(json_get(view, "next")));

	struct page behind = {.most = LIMIT_PAGE, .begun = true, .text = application.number};
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &behind, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
	office_receive_papers(scene, &application);
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
	assert_fails(scene, paper_not_arrived(&scene->tx, "none", &PAGE_FIRST, &view), NOT_FOUND,
		"plan.unknown");
}

static void wrong_papers_are_missing_again_once_they_are_posted_again(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	assert_int_equal(receive(scene, &application,
				 "{'items': [{'material': 'application_form', 'copies': 1,"
				 " 'outcome': 'fail', 'reasons': ['COPIES_SHORT']},"
				 " {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}"),
		OK);
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 0);
	scene_pass(scene, DAY_MS);
	post(scene, &application, "SF0002");
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "applications")), 1);
}

static void the_desk_sees_whose_papers_they_are(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	office_take_fee(scene, &application);
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, paper_desk_view(&scene->tx, &application, &view));
	assert_string_equal(json_get_text(view, "number"), application.number);
	assert_string_equal(json_get_text(view, "candidate_name"), "张三");
	assert_string_equal(json_get_text(view, "status"), "awaiting_papers");
	assert_string_equal(json_get_text(view, "status_text"), "缴费成功，待收纸质材料");
	assert_true(json_get_true(view, "paid"));
	assert_int_equal(json_count(json_get(view, "papers")), 2);
	assert_null(strstr(json_print(scene->tx.arena, view), scene_resident_id(scene, 1)));
}

static void the_cover_sheet_carries_the_hash_of_what_was_approved(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct cover_facts cover;

	approved(scene, &application);
	assert_ok(scene, paper_cover_facts(&scene->tx, &application, &cover));
	assert_string_equal(cover.revision_hash,
		scene_text(scene, "SELECT hash FROM revision WHERE revision = 1"));
	assert_string_equal(cover.application_number, application.number);
	assert_string_equal(cover.recipient, "考务组");
	assert_string_equal(cover.candidate_name, "张三");
	assert_string_equal(cover.mobile_masked, "138****0000");
	assert_string_equal(cover.level_name, "一级/高级技师");
	assert_int_equal(cover.paper_count, 2);
	assert_string_equal(cover.papers[0].name, "申报表");
	assert_int_equal(cover.papers[0].copies, 2);
}

static void where_nothing_is_to_be_posted_the_approval_accepts(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct paper_facts facts;
	struct cover_facts cover;

	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET manifest = replace(replace(manifest, '\"paper_copies\":2',"
			" '\"paper_copies\":0'), '\"paper_copies\":1', '\"paper_copies\":0')",
			BIND_NONE, &scene->error));
	approved(scene, &application);
	assert_ok(scene, paper_facts(&scene->tx, application.id, &facts));
	assert_true(facts.accepted);
	assert_false(facts.received_at);
	assert_int_equal(json_count(json_get(view_of(scene, &application), "papers")), 0);
	assert_fails(scene, paper_cover_facts(&scene->tx, &application, &cover), CONFLICT,
		"paper.nothing");
}

static void the_desk_is_told_how_far_a_plan_goes_beyond_its_places(void **state)
{
	static const struct {
		const char *places;
		int64_t beyond;
	} rows[] = {{"0", 0}, {"1", 2}, {"3", 0}};
	struct scene *scene = *state;
	struct application application;
	json *view;

	approved(scene, &application);
	assert_ok(scene, store_run(scene->db, "UPDATE plan_count SET standing = 3", BIND_NONE,
				 &scene->error));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_ok(scene, store_run(scene->db, "UPDATE plan SET places = ?1",
					 BIND(TEXT(rows[i].places)), &scene->error));
		assert_ok(scene, paper_desk_view(&scene->tx, &application, &view));
		assert_int_equal(json_get_integer(view, "beyond_places"), rows[i].beyond);
	}
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(the_desk_is_told_how_far_a_plan_goes_beyond_its_places),
		IN_SCENE(the_candidate_sees_where_what_and_until_when),
		IN_SCENE(nothing_is_posted_before_the_approval),
		IN_SCENE(the_parcel_can_be_told_and_corrected_before_and_after_paying),
		IN_SCENE(papers_in_order_are_accepted_though_nobody_told_of_them),
		IN_SCENE(a_receipt_judges_every_paper_once),
		IN_SCENE(what_is_wrong_is_posted_again_and_what_passed_stays),
		IN_SCENE(who_has_posted_is_told_to_wait_until_something_must_be_posted_again),
		IN_SCENE(the_list_of_missing_papers_hides_numbers_and_says_who_paid),
		IN_SCENE(wrong_papers_are_missing_again_once_they_are_posted_again),
		IN_SCENE(the_desk_sees_whose_papers_they_are),
		IN_SCENE(the_cover_sheet_carries_the_hash_of_what_was_approved),
		IN_SCENE(where_nothing_is_to_be_posted_the_approval_accepts),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
