/*
 * Erasing who has asked for it: nothing forgotten, nothing lost that must be kept.
 */
#include "office.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exam/account.h"
#include "exam/code.h"
#include "exam/deadline.h"
#include "exam/erasure.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/payment_difference.h"
#include "exam/payment_refund.h"
#include "exam/personal.h"
#include "exam/profile.h"
#include "exam/review.h"
#include "exam/roster.h"
#include "exam/sign_in.h"
#include "exam/submission.h"
#include "exam/sweep.h"
#include "exam/template.h"
#include "exam/ticket.h"
#include "exam/ticket_book.h"
#include "exam/topics.h"
#include "exam/voiding.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define YEARS_MS(years) ((years) * (int64_t)366 * DAY_MS)

/* The candidate asks, and from then on the administrator acts. */
static const char *asked(struct scene *scene, const struct application *application)
{
	office_as_owner(scene, application);
	const char *account = arena_text(scene->tx.arena, scene->tx.actor.id);

	assert_ok(scene, personal_erasure(&scene->tx, true));
	scene_as_staff(scene, "admin");
	return account;
}

static json *carried_out(struct scene *scene, const char *account)
{
	json *view;

	assert_ok(scene, erasure_carry_out(&scene->tx, account, &view));
	return view;
}

static int64_t count(struct scene *scene, const char *from, const char *id)
{
	return scene_number(
		scene, arena_printf(scene->tx.arena, "SELECT COUNT(*) FROM %s = '%s'", from, id));
}

static void withdrawn(struct scene *scene, struct application *application)
{
	scene_submitted(scene, SCENE_MOBILE, 1, application);
	assert_ok(scene, application_withdraw(&scene->tx, application));
	office_reload(scene, application);
}

static void exam_over(struct scene *scene)
{
	struct plan plan;

	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	assert_true(plan_exam_end(&plan) > scene->tx.now);
	scene_pass(scene, plan_exam_end(&plan) - scene->tx.now);
}

static void nothing_that_names_the_person_is_left(void **state)
{
	struct scene *scene = *state;
	struct application application;

	withdrawn(scene, &application);
	const char *account = asked(scene, &application);
	const char *recipient = scene_text(
		scene, arena_printf(scene->tx.arena,
			       "SELECT mobile_index FROM account WHERE id = '%s'", account));
	const char *hash = scene_text(scene, "SELECT hash FROM revision");
	assert_true(count(scene, "outbox WHERE recipient_index", recipient) > 0);
	assert_true(count(scene, "material WHERE application_id", application.id) > 0);
	json *view = carried_out(scene, account);
	assert_int_equal(json_get_integer(view, "erased"), 1);
	assert_int_equal(json_get_integer(view, "kept"), 0);

	assert_int_equal(count(scene, "outbox WHERE recipient_index", recipient), 0);
	assert_int_equal(count(scene, "material WHERE application_id", application.id), 0);
	assert_int_equal(count(scene, "upload WHERE application_id", application.id), 0);
	assert_int_equal(count(scene, "revision WHERE application_id", application.id), 0);
	assert_int_equal(count(scene, "session WHERE account_id", account), 0);
	assert_int_equal(
		count(scene,
			"account WHERE (mobile_sealed IS NOT NULL OR mobile_index IS NOT NULL"
			" OR password_hash IS NOT NULL OR state <> 'disabled') AND id",
			account),
		0);
	assert_int_equal(
		count(scene,
			"application WHERE (form_sealed IS NOT NULL OR id_index IS NOT NULL"
			" OR verdict IS NOT NULL) AND id",
			application.id),
		0);

	/* What stays: the tombstone, and what was agreed to. */
	office_reload(scene, &application);
	assert_int_equal(application.state, APPLICATION_WITHDRAWN);
	assert_non_null(strstr(
		scene_text(scene, "SELECT detail FROM audit WHERE action = 'application.erased'"),
		hash));
	assert_int_equal(count(scene, "consent WHERE account_id", account), 2);
}

static void what_was_sent_to_an_earlier_number_goes_as_well(void **state)
{
	struct scene *scene = *state;
	struct application application;

	withdrawn(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, code_send(&scene->tx, "reset", SCENE_MOBILE));
	assert_ok(scene, account_mobile_change(&scene->tx, "13800000099"));
	assert_int_equal(scene_audited(scene, "account.mobile_changed"), 1);
	const char *account = asked(scene, &application);
	assert_true(scene_number(scene, "SELECT COUNT(*) FROM outbox") > 0);
	(void)carried_out(scene, account);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM outbox"), 0);
}

static void a_draft_goes_as_a_whole_and_the_number_is_free_again(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *id;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	const char *account = asked(scene, &application);
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	assert_int_equal(count(scene, "application WHERE id", application.id), 0);
	assert_ok(scene, account_create(&scene->tx, SCENE_MOBILE, "of nobody", &id));
	assert_string_not_equal(id, account);
}

static int64_t files_kept(struct scene *scene)
{
	struct files *files;
	json *ids;

	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	assert_ok(scene, files_list(files, scene->tx.arena, INT64_MAX, &ids, &scene->error));
	return (int64_t)json_count(ids);
}

/* Also when nobody else has applied to its plan. */
static void the_pictures_of_a_draft_go_with_it(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct sweep sweep = {""};
	int64_t before = files_kept(scene);

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_true(files_kept(scene) > before);
	(void)carried_out(scene, asked(scene, &application));
	scene_pass(scene, 10 * DAY_MS);
	for (int i = 0; i < 5; i++)
		assert_ok(scene, sweep_plan(&scene->tx, &sweep));
	assert_true(files_kept(scene) <= before);
}

/* Who begins with the pictures has typed nothing that could tell that there is something to erase. */
static void the_pictures_go_also_where_nothing_was_typed(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-1'}")));
	scene_upload(scene, &application, "id_card_front");
	assert_ok(scene, application_withdraw(&scene->tx, &application));
	const char *account = asked(scene, &application);
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	assert_int_equal(count(scene, "material WHERE application_id", application.id), 0);
	assert_int_equal(count(scene, "upload WHERE application_id", application.id), 0);
}

static void a_draft_that_was_judged_once_goes_as_a_whole_too(void **state)
{
	struct scene *scene = *state;
	struct application application;
	bool created;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "material:portrait");
	office_as_owner(scene, &application);
	assert_ok(scene, application_withdraw(&scene->tx, &application));
	assert_ok(scene, application_create(&scene->tx, scene->plan_id, &application, &created));
	assert_int_equal(application.state, APPLICATION_DRAFT);

	const char *account = asked(scene, &application);
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	assert_int_equal(count(scene, "application WHERE id", application.id), 0);
	assert_int_equal(count(scene, "decision WHERE application_id", application.id), 0);
	assert_int_equal(count(scene, "judgement WHERE application_id", application.id), 0);
}

static void who_applies_after_a_draft_has_gone_gets_a_number_of_the_own(void **state)
{
	static const char *const others[] = {"13800000002", "13800000003", "13800000004"};
	struct scene *scene = *state;
	struct application gone, application;

	scene_draft(scene, SCENE_MOBILE, &gone);
	scene_draft(scene, others[0], &application);
	(void)carried_out(scene, asked(scene, &gone));
	for (size_t i = 1; i < COUNT(others); i++)
		scene_draft(scene, others[i], &application);
	assert_int_equal(scene_number(scene, "SELECT COUNT(DISTINCT number) FROM application"), 3);
}

static void what_is_under_way_is_finished_first(void **state)
{
	static const char *const mobiles[] = {SCENE_MOBILE, "13800000002", "13800000003"};
	struct scene *scene = *state;
	struct application application;
	json *view;

	for (int i = 0; i < 3; i++) { /* under review, rejected, approved */
		scene_submitted(scene, mobiles[i], i + 1, &application);
		if (i == 1)
			office_reject(scene, &application, "material:portrait");
		if (i == 2)
			office_approve(scene, &application);
		const char *account = asked(scene, &application);
		assert_fails(scene, erasure_carry_out(&scene->tx, account, &view), CONFLICT,
			"erasure.live");
	}
	office_as_owner(scene, &application); /* still signed in, and the form is whole */
	assert_true(application.form_sealed.size > 0);
}

/* By the account they print it. */
static void who_has_a_ticket_keeps_the_account_until_the_exam_is_over(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	office_ticket(scene, &application);
	const char *account = asked(scene, &application);
	assert_fails(
		scene, erasure_carry_out(&scene->tx, account, &view), CONFLICT, "erasure.sitting");
	assert_string_equal(scene_param(scene, "number"), application.number);
	exam_over(scene);
	assert_int_equal(json_get_integer(carried_out(scene, account), "kept"), 1);
}

/* As the office's list shows the only application. */
static const json *rostered(struct scene *scene)
{
	json *roster;

	assert_ok(scene, roster_list(&scene->tx, json_new_object(scene->tx.arena), &roster));
	return json_at_pointer(roster, "/applications/0");
}

static void the_archive_is_kept_for_its_term_and_then_erased(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view, *list;

	office_ticket(scene, &application);
	assert_ok(scene, ticket_book_ask(&scene->tx, application.plan_id, "/tickets/", &view));
	const char *account = asked(scene, &application);
	exam_over(scene);
	assert_false(json_get_true(rostered(scene), "closed"));
	view = carried_out(scene, account);
	assert_true(json_get_true(rostered(scene), "closed"));
	assert_true(json_is_text(json_get(rostered(scene), "name")));
	assert_int_equal(json_get_integer(view, "erased"), 0);
	assert_int_equal(json_get_integer(view, "kept"), 1);
	assert_string_equal(json_get_text(view, "kept_until"),
		"2029-12-28T00:00:00.000+08:00"); /* the exam's last day, not the papers' */
	office_reload(scene, &application);
	assert_true(application.form_sealed.size > 0);
	assert_int_equal(count(scene, "account WHERE state = 'disabled' AND id", account), 1);

	assert_ok(scene, erasure_list(&scene->tx, NULL, &PAGE_FIRST, &list));
	assert_string_equal(json_text(json_at_pointer(list, "/erasures/0/kept_until")),
		json_get_text(view, "kept_until"));
	assert_fails(
		scene, erasure_carry_out(&scene->tx, account, &view), CONFLICT, "erasure.kept");
	assert_string_equal(scene_param(scene, "until"), "2029-12-28");

	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS + 1));
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	office_reload(scene, &application);
	assert_true(application.form_sealed.size == 0);
	assert_fails(scene, ticket_book_view(&scene->tx, application.plan_id, &view), NOT_FOUND,
		"ticket.no_book");
	assert_ok(scene, erasure_list(&scene->tx, NULL, &PAGE_FIRST, &list));
	assert_int_equal(json_count(json_get(list, "erasures")), 0);
}

static void archives_are_kept_for(struct scene *scene, int years)
{
	const json *profile;

	assert_ok(scene, profile_load(&scene->tx, &profile));
	json *document = json_copy(scene->tx.arena, profile);
	json_set_integer(scene->tx.arena, document, "archive_years", years);
	assert_ok(scene, profile_apply(&scene->tx, document));
}

/* How many applications an hour's round erases because their archive's term is over. */
static int64_t round_erased(struct scene *scene)
{
	struct deadline_counts counts;
	bool more;

	scene->tx.actor = (struct actor){.kind = ACTOR_SYSTEM};
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_false(more);
	return counts.erased;
}

static bool holds_anything(struct scene *scene, struct application *application)
{
	office_reload(scene, application);
	return application->form_sealed.size > 0;
}

static void a_number_that_cannot_be_opened_is_erased_all_the_same(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *list;

	withdrawn(scene, &application);
	const char *account = asked(scene, &application);
	assert_ok(scene, store_run(scene->db,
				 "UPDATE account SET mobile_sealed = zeroblob(60) WHERE id = ?1",
				 BIND(TEXT(account)), &scene->error));
	assert_ok(scene, erasure_list(&scene->tx, "true", &PAGE_FIRST, &list));
	assert_true(json_is_null(json_at_pointer(list, "/erasures/0/mobile")));
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	assert_false(holds_anything(scene, &application));
	assert_int_equal(count(scene,
				 "account WHERE (mobile_sealed IS NOT NULL OR mobile_index IS NOT"
				 " NULL) AND id",
				 account),
		0);
}

static void an_archive_whose_term_is_over_is_erased_by_itself(void **state)
{
	struct scene *scene = *state;
	struct application application;

	office_ticket(scene, &application);
	archives_are_kept_for(scene, 4);
	exam_over(scene);
	scene_pass(scene, 4 * 365 * DAY_MS);
	assert_int_equal(round_erased(scene), 0); /* 2028 has a day more */
	scene_pass(scene, 2 * DAY_MS);
	assert_int_equal(round_erased(scene), 1);
	assert_false(holds_anything(scene, &application));
	assert_int_equal(scene_audited(scene, "application.erased"), 1);
	assert_int_equal(round_erased(scene), 0);
}

/* It is counted under what was typed, which is the number. */
static void a_password_that_was_mistyped_is_forgotten_with_its_number(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct sign_in mistyped;

	withdrawn(scene, &application);
	const char *account = asked(scene, &application);
	assert_ok(scene, sign_in_check(&scene->tx, ACTOR_CANDIDATE, SCENE_MOBILE,
				 "a wrong password", &mistyped));
	assert_ok(scene, sign_in_failed(&scene->tx, &mistyped));
	assert_int_equal(count(scene, "sign_in WHERE name_index", mistyped.name_index), 1);
	(void)carried_out(scene, account);
	assert_int_equal(count(scene, "sign_in WHERE name_index", mistyped.name_index), 0);
}

/* Its candidate still signs in, and a ticket or form in nobody's name is worse than none. */
static void an_exam_long_after_the_papers_is_counted_from_by_its_own_day(void **state)
{
	struct scene *scene = *state;
	struct application application;

	office_ticket(scene, &application);
	archives_are_kept_for(scene, 4);
	assert_ok(scene, store_run(scene->db, "UPDATE plan SET papers_until = papers_until - ?1",
				 BIND(INTEGER(YEARS_MS(2))), &scene->error));
	exam_over(scene);
	scene_pass(scene, 4 * 365 * DAY_MS);
	assert_int_equal(round_erased(scene), 0);
	scene_pass(scene, 2 * DAY_MS);
	assert_int_equal(round_erased(scene), 1);
	assert_false(holds_anything(scene, &application));
}

static void of_what_was_erased_nothing_is_drawn(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct ticket_facts ticket;
	struct cover_facts cover;
	struct form_facts form;
	json *view;

	office_ticket(scene, &application);
	archives_are_kept_for(scene, 1);
	exam_over(scene);
	scene_pass(scene, YEARS_MS(1));
	assert_int_equal(round_erased(scene), 1);
	office_as_owner(scene, &application);
	office_reload(scene, &application);
	assert_ok(scene, application_view(&scene->tx, &application, &view));
	assert_fails(scene, ticket_facts_load(&scene->tx, &application, "", &ticket), CONFLICT,
		"erasure.nothing_left");
	assert_fails(scene, paper_cover_facts(&scene->tx, &application, &cover), CONFLICT,
		"erasure.nothing_left");
	assert_fails(scene, template_facts(&scene->tx, &application, &form), CONFLICT,
		"erasure.nothing_left");
	scene_as_staff(scene, "reviewer1");
	assert_fails(scene, review_view(&scene->tx, &application, &view), CONFLICT,
		"erasure.nothing_left");
}

static void without_a_term_of_its_own_a_centre_keeps_what_nobody_has_asked_for(void **state)
{
	struct scene *scene = *state;
	struct application application;

	office_ticket(scene, &application);
	exam_over(scene);
	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS) + DAY_MS);
	assert_int_equal(round_erased(scene), 0);
	assert_true(holds_anything(scene, &application));
}

static void who_has_asked_is_forgotten_when_the_term_is_over(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *list;

	office_ticket(scene, &application);
	const char *account = asked(scene, &application);
	exam_over(scene);
	(void)carried_out(scene, account);
	scene_pass(scene, LIMIT_ARCHIVE_YEARS * 365 * DAY_MS);
	(void)round_erased(scene);
	assert_true(holds_anything(scene, &application));
	scene_pass(scene, 2 * DAY_MS);
	(void)round_erased(scene);
	assert_false(holds_anything(scene, &application));
	assert_int_equal(
		count(scene, "account WHERE mobile_sealed IS NOT NULL AND id", account), 0);
	scene_as_staff(scene, "admin");
	assert_ok(scene, erasure_list(&scene->tx, NULL, &PAGE_FIRST, &list));
	assert_int_equal(json_count(json_get(list, "erasures")), 0);
}

static void a_term_that_was_made_longer_meanwhile_holds(void **state)
{
	struct scene *scene = *state;
	struct application application;

	office_ticket(scene, &application);
	const char *account = asked(scene, &application);
	exam_over(scene);
	(void)carried_out(scene, account);
	archives_are_kept_for(scene, 6);
	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS + 1));
	assert_int_equal(round_erased(scene), 0);
	assert_true(holds_anything(scene, &application));
	/* That is what the list says from now on; and the round goes on to others. */
	assert_true(scene_number(scene, "SELECT kept_until FROM erasure") > scene->tx.now);
	scene_pass(scene, YEARS_MS(2));
	(void)round_erased(scene);
	assert_false(holds_anything(scene, &application));
}

/* By neither a name nor a null in place of the form. */
static void at_the_desks_a_number_is_left(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *queue, *orders;

	office_ticket(scene, &application);
	const char *account = asked(scene, &application);
	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS + 1));
	(void)carried_out(scene, account);
	assert_ok(scene,
		review_queue(&scene->tx, scene_json(scene, "{'state': 'ticketed'}"), &queue));
	assert_ok(scene, payment_list(&scene->tx, NULL, NULL, &PAGE_FIRST, &orders));
	const json *row = json_at_pointer(queue, "/applications/0");
	const json *order = json_at_pointer(orders, "/orders/0");
	assert_string_equal(json_get_text(row, "number"), application.number);
	assert_string_equal(json_get_text(order, "application_number"), application.number);
	assert_true(json_is_null(json_get(row, "name")));
	assert_true(json_is_null(json_get(order, "candidate_name")));
	assert_null(json_get(row, "form_sealed"));
	assert_null(json_get(order, "form_sealed"));
}

static void what_staff_wrote_about_the_money_is_forgotten_with_the_archive(void **state)
{
	static const char *const left =
		"SELECT (SELECT COUNT(*) FROM payment_refund WHERE reason"
		" LIKE '%张三%') + (SELECT COUNT(*) FROM payment_event WHERE"
		" note LIKE '%张三%') + (SELECT COUNT(*) FROM payment_difference WHERE"
		" note LIKE '%张三%')";
	struct scene *scene = *state;
	struct application application;
	json *refund = NULL, *settled;

	office_ticket(scene, &application);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene, payment_refund_ask(&scene->tx,
				 scene_text(scene, "SELECT number FROM payment_order"), 0,
				 "张三来电，因病退考", &refund));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, payment_refund_decide(&scene->tx, json_get_text(refund, "number"), false,
				 "张三未交诊断证明", &refund));
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO payment_difference (id, kind, subject, detail, found_at)"
			" SELECT 'd', 'ledger_only', number, '{}', 1 FROM payment_order",
			BIND_NONE, &scene->error));
	assert_ok(scene, difference_settle(&scene->tx, "d", "张三的款项已人工核对", &settled));
	const char *account = asked(scene, &application);
	exam_over(scene);
	(void)carried_out(scene, account);
	assert_int_equal(scene_number(scene, left), 3);
	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS + 1));
	assert_int_equal(json_get_integer(carried_out(scene, account), "erased"), 1);
	assert_int_equal(scene_number(scene, left), 0);
	/* From the chain nothing can be taken. */
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM audit WHERE detail LIKE '%张三%'"), 0);
}

static void only_who_asked_is_erased(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	withdrawn(scene, &application);
	const char *account = asked(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, personal_erasure(&scene->tx, false));
	scene_as_staff(scene, "admin");
	const char *staff = arena_text(scene->tx.arena, scene->tx.actor.id);
	assert_fails(scene, erasure_carry_out(&scene->tx, account, &view), CONFLICT,
		"erasure.not_asked");
	assert_fails(
		scene, erasure_carry_out(&scene->tx, staff, &view), NOT_FOUND, "erasure.unknown");
}

static void what_was_erased_is_not_restored(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	assert_ok(scene, store_run(scene->db, "UPDATE application SET state = 'forfeited'",
				 BIND_NONE, &scene->error));
	const char *account = asked(scene, &application);
	scene_pass(scene, YEARS_MS(LIMIT_ARCHIVE_YEARS + 1));
	(void)carried_out(scene, account);
	office_reload(scene, &application);
	assert_fails(scene, deadline_restore(&scene->tx, &application, "邮政证明已按时寄出"),
		CONFLICT, "erasure.nothing_left");
}

int main(int count_of, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(nothing_that_names_the_person_is_left),
		IN_SCENE(what_was_sent_to_an_earlier_number_goes_as_well),
		IN_SCENE(a_draft_goes_as_a_whole_and_the_number_is_free_again),
		IN_SCENE(the_pictures_of_a_draft_go_with_it),
		IN_SCENE(the_pictures_go_also_where_nothing_was_typed),
		IN_SCENE(a_draft_that_was_judged_once_goes_as_a_whole_too),
		IN_SCENE(who_applies_after_a_draft_has_gone_gets_a_number_of_the_own),
		IN_SCENE(what_is_under_way_is_finished_first),
		IN_SCENE(who_has_a_ticket_keeps_the_account_until_the_exam_is_over),
		IN_SCENE(the_archive_is_kept_for_its_term_and_then_erased),
		IN_SCENE(a_number_that_cannot_be_opened_is_erased_all_the_same),
		IN_SCENE(an_archive_whose_term_is_over_is_erased_by_itself),
		IN_SCENE(an_exam_long_after_the_papers_is_counted_from_by_its_own_day),
		IN_SCENE(a_password_that_was_mistyped_is_forgotten_with_its_number),
		IN_SCENE(of_what_was_erased_nothing_is_drawn),
		IN_SCENE(without_a_term_of_its_own_a_centre_keeps_what_nobody_has_asked_for),
		IN_SCENE(who_has_asked_is_forgotten_when_the_term_is_over),
		IN_SCENE(a_term_that_was_made_longer_meanwhile_holds),
		IN_SCENE(at_the_desks_a_number_is_left),
		IN_SCENE(what_staff_wrote_about_the_money_is_forgotten_with_the_archive),
		IN_SCENE(only_who_asked_is_erased),
		IN_SCENE(what_was_erased_is_not_restored),
	};

	scene_be_worker(count_of, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
