/*
 * What a centre has behind it is not in the way of what it does today: SQLite's steps are counted, before and after
 * thousands of old applications, messages and entries of the audit log.
 */
#include "gateway.h"

#include "base/text.h"
#include "exam/audit.h"
#include "exam/deadline.h"
#include "exam/overview.h"
#include "exam/payment.h"
#include "exam/payment_difference.h"
#include "exam/roster.h"
#include "exam/ticket_book.h"
#include "store/sqlite.h" /* whose steps they are */

#include <cmocka.h>

static void history_make(struct scene *scene)
{
	assert_ok(scene,
		store_script(scene->db,
			"INSERT INTO plan SELECT 'old', 'old', 999, NULL, name, 'closed', occupation_code,"
			" occupation_name, level, plugin_id, plugin_version, plugin_sha256, manifest, 1, 2, 3, 4,"
			" NULL, fee_fen, 0, document, 1, 1, 1 FROM plan LIMIT 1;"
			"CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 3000) SELECT i, 'old ' || i AS id FROM n;"
			"INSERT INTO account (id, kind, state, created_at) SELECT id, 'candidate', 'active', i FROM n;"
			"INSERT INTO application (id, number, plan_id, account_id, state, version, revision,"
			" created_at, changed_at) SELECT id, id, 'old', id, 'ticketed', 1, 1, i, i FROM n;"
			"INSERT INTO ticket SELECT id, 'old', id, 'a room', i, i FROM n;"
			"INSERT INTO paper (application_id, accepted_at, grace_until)"
			" SELECT id, i, CASE i % 20 WHEN 0 THEN i END FROM n;"
			"INSERT INTO outbox (id, channel, event, event_key, recipient_index, payload_sealed, state,"
			" next_at, begun_at, created_at, sent_at)"
			" SELECT id, 'sms', 'approved', id, id, '', 'sent', i, i, i, i FROM n;"
			"INSERT INTO payment_order SELECT id, id, id, 'counter', 1, NULL, i, i FROM n;"
			"INSERT INTO payment_event SELECT id, id, 'paid', 1, id, NULL, NULL, 'nobody', i, i FROM n;"
			"INSERT INTO audit SELECT i - 9000, i, 'system', NULL, 'an action', id, '{}', '', '' FROM n;",
			&scene->error));
}

static void message_sent_and_reported(struct scene *scene)
{
	tell(scene, SCENE_MOBILE, arena_printf(scene->tx.arena, "%zu", gateway_given.count));
	assert_int_equal(moved(scene, status(200)), 1);
	assert_ok(scene,
		delivery_report(&scene->tx, delivery_report_token(&scene->tx),
			scene_json(scene,
				arena_printf(scene->tx.arena, "{'key': '%s', 'delivered': true}",
					gateway_given.keys[gateway_given.count - 1]))));
}

static void dead_messages_listed(struct scene *scene)
{
	json *view;

	assert_ok(scene, delivery_list(&scene->tx, "dead", NULL, &PAGE_FIRST, &view));
}

static void mismatched_orders_listed(struct scene *scene)
{
	json *view;

	assert_ok(scene, payment_list(&scene->tx, "mismatch", NULL, &PAGE_FIRST, &view));
}

static void deadlines_kept(struct scene *scene)
{
	struct deadline_counts counts;
	int64_t at;
	bool more;

	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_ok(scene, deadline_next(&scene->tx, &at));
}

static void open_orders_listed(struct scene *scene)
{
	static const char *const states[] = {"placing", "open", "closing"};
	json *view;

	for (size_t i = 0; i < COUNT(states); i++)
		assert_ok(scene, payment_list(&scene->tx, states[i], NULL, &PAGE_FIRST, &view));
}

static void centre_looked_at(struct scene *scene)
{
	json *view;

	assert_ok(scene, overview_view(&scene->tx, &view));
}

static void differences_listed(struct scene *scene)
{
	json *view, *detail = scene_json(scene, "{'number': 'none of ours', 'bill_fen': 1}");

	assert_ok(scene,
		difference_found(&scene->tx, "bill_only", "4200000001", "2026-11-22", detail));
	assert_ok(scene, difference_list(&scene->tx, "open", &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "differences")), 1);
}

static void entries_of_a_subject_listed(struct scene *scene)
{
	json *view;

	assert_ok(scene, audit_list(&scene->tx, "a subject", &PAGE_FIRST, &view));
}

static const char *plan_of_today(struct scene *scene)
{
	return scene_text(scene, "SELECT id FROM plan WHERE id <> 'old' ORDER BY id LIMIT 1");
}

static void roster_of_a_plan_shown(struct scene *scene)
{
	json *view;

	assert_ok(scene, roster_list(&scene->tx,
				 scene_json(scene, arena_printf(scene->tx.arena, "{'plan': '%s'}",
							   plan_of_today(scene))),
				 &view));
}

/* What the overview leads to. */
static void roster_of_what_is_urgent_shown(struct scene *scene)
{
	static const char *const filters[] = {
		"{'overdue': 'true'}", "{'pay_soon': 'true'}", "{'not_arrived': 'true'}"};
	json *view;

	for (size_t i = 0; i < COUNT(filters); i++)
		assert_ok(scene, roster_list(&scene->tx, scene_json(scene, filters[i]), &view));
}

static void tickets_of_a_plan_counted(struct scene *scene)
{
	json *view;

	assert_fails(scene, ticket_book_ask(&scene->tx, plan_of_today(scene), "", &view), CONFLICT,
		"ticket.none");
}

static const struct work {
	const char *name;
	void (*run)(struct scene *scene);
} works[] = {
	{"a message", message_sent_and_reported},
	{"dead messages", dead_messages_listed},
	{"mismatched orders", mismatched_orders_listed},
	{"deadlines", deadlines_kept},
	{"open orders", open_orders_listed},
	{"the overview", centre_looked_at},
	{"differences", differences_listed},
	{"a subject's entries", entries_of_a_subject_listed},
	{"a plan's roster", roster_of_a_plan_shown},
	{"what is urgent", roster_of_what_is_urgent_shown},
	{"a plan's tickets", tickets_of_a_plan_counted},
};

static int step_count(void *steps)
{
	++*(int *)steps;
	return 0;
}

/* In tens. */
static int steps_of(struct scene *scene, const struct work *work)
{
	int steps = 0;

	work->run(scene); /* once before, for what is read only once */
	sqlite3_progress_handler(scene->db->connection, 10, step_count, &steps);
	work->run(scene);
	sqlite3_progress_handler(scene->db->connection, 0, NULL, NULL);
	return steps;
}

static void todays_work_asks_no_more_of_a_centre_with_a_history(void **state)
{
	struct scene *scene = *state;
	int before[COUNT(works)];

	scene_as_staff(scene, "admin");
	for (size_t i = 0; i < COUNT(works); i++)
		before[i] = steps_of(scene, &works[i]);
	history_make(scene);
	for (size_t i = 0; i < COUNT(works); i++) {
		int after = steps_of(scene, &works[i]);

		if (after > before[i] + 30)
			fail_msg("%s: %d tens of steps, and %d without a history", works[i].name,
				after, before[i]);
	}
}

static void thousands_to_one_number_are_not_in_the_way_of_others(void **state)
{
	struct scene *scene = *state;
	int before = steps_of(scene, &works[0]);

	for (int i = 0; i < 3000; i++) {
		scene_pass(scene, 1);
		tell(scene, "13800000002", arena_printf(scene->tx.arena, "flood %d", i));
		if (i < 100) /* more than a number may have in a day */
			(void)moved(scene, status(200));
	}
	assert_in_range(scene_number(scene, "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'"),
		2900, 3000);
	assert_in_range(steps_of(scene, &works[0]), 0, before + 30);
}

static void applied(struct scene *scene)
{
	struct application application;
	static int order;

	order++;
	scene_submitted(
		scene, arena_printf(scene->tx.arena, "138000001%02d", order), order, &application);
}

static void thousands_who_have_applied_are_not_in_the_way_of_the_next(void **state)
{
	static const struct work work = {"an application", applied};
	struct scene *scene = *state;

	assert_ok(scene, store_script(scene->db, "UPDATE plan SET places = 100000", &scene->error));
	int before = steps_of(scene, &work);
	assert_ok(scene,
		store_script(scene->db,
			"CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 3000) SELECT i, 'other ' || i AS id FROM n;"
			"INSERT INTO account (id, kind, state, created_at) SELECT id, 'candidate', 'active', i FROM n;"
			"INSERT INTO application (id, number, plan_id, account_id, state, version, revision,"
			" created_at, changed_at) SELECT n.id, n.id, p.id, n.id, 'reviewing', 1, 1, i, i"
			" FROM n, plan p WHERE p.id = (SELECT MIN(plan_id) FROM application);",
			&scene->error));
	assert_in_range(steps_of(scene, &work), 0, before + 30);
}

int main(int count, char **words)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, gateway_begin, scene_end)
	const struct CMUnitTest tests[] = {
		TEST(todays_work_asks_no_more_of_a_centre_with_a_history),
		TEST(thousands_to_one_number_are_not_in_the_way_of_others),
		TEST(thousands_who_have_applied_are_not_in_the_way_of_the_next),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
