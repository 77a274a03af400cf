/*
 * Admission tickets (S20): who gets one, its number, its seat, and what it shows.
 */
#include "office.h"

#include <string.h>

#include "exam/payment_refund.h"
#include "exam/ticket.h"
#include "exam/ticket_check.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"
#define THIRD_MOBILE "13800000003"
#define CHECK_AT     "https://haidian.example/tickets/"

/* Approved, paid, papers in order. */
static void ready(
	struct scene *scene, const char *mobile, int order, struct application *application)
{
	scene_submitted(scene, mobile, order, application);
	office_approve(scene, application);
	office_take_fee(scene, application);
	office_receive_papers(scene, application);
}

static void rooms_put(struct scene *scene, const char *rooms)
{
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET document = json_set(document, '$.exam.rooms', json(?1))",
			BIND(TEXT(rooms)), &scene->error));
}

static void rule_put(struct scene *scene, const char *rule)
{
	assert_ok(scene, store_run(scene->db,
				 "UPDATE setting SET value = json_set(value, '$.ticket.rule', ?1)"
				 " WHERE key = 'profile'",
				 BIND(TEXT(rule)), &scene->error));
}

static json *tickets_opened(struct scene *scene)
{
	json *view = NULL;

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, ticket_open(&scene->tx, scene->plan_id, &view));
	return view;
}

static const char *number_of(struct scene *scene, int64_t room, int64_t seat)
{
	struct plan plan;
	const char *number = NULL;

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	assert_ok(scene, ticket_number(&scene->tx, &plan, room, seat, &number));
	return number;
}

/* By the definition: doubling every second digit from the right, the sum is a multiple of ten. */
static bool luhn_holds(const char *number)
{
	int sum = 0;
	size_t size = strlen(number);

	for (size_t i = 0; i < size; i++) {
		int digit = number[size - 1 - i] - '0';

		if (i % 2 == 1)
			digit = digit < 5 ? digit * 2 : digit * 2 - 9;
		sum += digit;
	}
	return sum % 10 == 0;
}

static void the_default_number_has_fifteen_digits_with_a_check(void **state)
{
	struct scene *scene = *state;
	const char *number = number_of(scene, 2, 7);

	assert_int_equal(strlen(number), 15);
	assert_memory_equal(number, "26110001100207", 14);
	assert_true(luhn_holds(number));
	assert_true(luhn_holds(number_of(scene, 1, 30)));
	assert_string_not_equal(number, number_of(scene, 7, 2));
}

static void a_tenant_makes_its_own_rule(void **state)
{
	struct scene *scene = *state;

	rule_put(scene, "HD-{year:4}-{plan:2}{room:2}{seat}");
	assert_string_equal(number_of(scene, 2, 7), "HD-2026-010207");
	rule_put(scene, "HD_{plan:2}.{room:2}.{seat}");
	assert_string_equal(number_of(scene, 2, 7), "HD_01.02.07");
	rule_put(scene, "A{plan:1}{room:1}{seat:1}{check}");
	const char *number = number_of(scene, 2, 7);
	assert_int_equal(number[0], 'A');
	assert_true(luhn_holds(number + 1));
}

static void a_rule_that_cannot_work_is_refused(void **state)
{
	static const char *const rules[] = {"{plan}{room}", "{room}{seat}", "{plan}{seat}",
		"{plan}{room}{seat}{hall}", "{plan}{room}{seat", "{plan:0}{room}{seat}",
		"{plan:12}{room}{seat}", "{plan:}{room}{seat}", "{plan}{room}{seat}{}",
		"HD/{plan}{room}{seat}", "{plan} {room}{seat}", "京{plan}{room}{seat}",
		"{plan}{room}{seat}}"};
	struct scene *scene = *state;
	struct plan plan;
	const char *number;

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, plan_load(&scene->tx, scene->plan_id, &plan));
	for (size_t i = 0; i < COUNT(rules); i++) {
		rule_put(scene, rules[i]);
		assert_fails(scene, ticket_number(&scene->tx, &plan, 1, 1, &number), INVALID,
			"ticket.rule");
	}
	rule_put(scene, "{plan}{room:1}{seat}");
	assert_fails(
		scene, ticket_number(&scene->tx, &plan, 10, 1, &number), INVALID, "ticket.narrow");
	assert_string_equal(scene_param(scene, "part"), "room");
}

static void nobody_opens_the_tickets_of_a_draft(void **state)
{
	struct scene *scene = *state;
	json *view;

	assert_ok(scene, store_script(scene->db, "UPDATE plan SET state = 'draft'", &scene->error));
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(scene, ticket_open(&scene->tx, scene->plan_id, &view), CONFLICT,
		"ticket.plan_draft");
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM plan WHERE tickets_from IS NOT NULL"), 0);
	assert_int_equal(scene_audited(scene, "ticket.opened"), 0);
}

/* However many are ready, a call holds no more of them than it may seat. */
static void what_a_call_holds_does_not_grow_with_who_is_ready(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	ready(scene, SCENE_MOBILE, 1, &application);
	rooms_put(scene, "[]");
	assert_ok(scene,
		store_script(scene->db,
			"CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 3000) SELECT i, 'other ' || i AS id FROM n;"
			"INSERT INTO account (id, kind, state, created_at) SELECT id, 'candidate', 'active', i FROM n;"
			"INSERT INTO application (id, number, plan_id, account_id, state, version, revision,"
			" approved_revision, decided_at, created_at, changed_at) SELECT n.id, n.id, p.id, n.id,"
			" 'approved', 1, 1, 1, 1, i, i FROM n, plan p;"
			"INSERT INTO paper (application_id, accepted_at) SELECT id, 1 FROM n;"
			"UPDATE plan SET fee_fen = 0",
			&scene->error));
	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	size_t before = arena_used(scene->tx.arena);
	assert_ok(scene, ticket_open(&scene->tx, scene->plan_id, &view));
	assert_int_equal(json_get_integer(view, "issued"), 0);
	assert_int_equal(json_get_integer(view, "waiting"), 3001);
	assert_in_range(arena_used(scene->tx.arena) - before, 0, 512 << 10);
}

static void only_who_is_ready_is_seated(void **state)
{
	struct scene *scene = *state;
	struct application done, unpaid, unposted;

	ready(scene, SCENE_MOBILE, 1, &done);
	scene_submitted(scene, OTHER_MOBILE, 2, &unpaid);
	office_approve(scene, &unpaid);
	office_receive_papers(scene, &unpaid);
	scene_submitted(scene, THIRD_MOBILE, 3, &unposted);
	office_approve(scene, &unposted);
	office_take_fee(scene, &unposted);

	json *view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 1);
	assert_int_equal(json_get_integer(view, "seated"), 1);
	assert_int_equal(json_get_integer(view, "waiting"), 0);
	assert_false(json_get_true(view, "more"));
	assert_non_null(strstr(scene_message(scene), "可以打印准考证"));
	office_reload(scene, &done);
	office_reload(scene, &unpaid);
	office_reload(scene, &unposted);
	assert_int_equal(done.state, APPLICATION_TICKETED);
	assert_int_equal(unpaid.state, APPLICATION_APPROVED);
	assert_int_equal(unposted.state, APPLICATION_APPROVED);
	assert_int_equal(scene_audited(scene, "application.ticketed"), 1);
	assert_int_equal(scene_audited(scene, "ticket.opened"), 1);
}

static void money_back(struct scene *scene, const struct application *application,
	int64_t amount_fen, bool approve)
{
	json *refund = NULL;

	(void)scene_as_staff(scene, OFFICE_CASHIER);
	assert_ok(scene,
		payment_refund_ask(&scene->tx,
			scene_text(scene,
				arena_printf(scene->tx.arena,
					"SELECT number FROM payment_order WHERE application_id = '%s'",
					application->id)),
			amount_fen, "考生申请退考", &refund));
	(void)scene_as_staff(scene, "admin");
	if (approve)
		assert_ok(scene, payment_refund_decide(&scene->tx, json_get_text(refund, "number"),
					 true, NULL, &refund));
}

static void who_is_about_to_have_all_the_money_back_is_not_seated(void **state)
{
	struct scene *scene = *state;
	struct application part, asked, all;

	ready(scene, SCENE_MOBILE, 1, &part);
	money_back(scene, &part, 100, true);
	ready(scene, OTHER_MOBILE, 2, &asked);
	money_back(scene, &asked, 0, false);
	ready(scene, THIRD_MOBILE, 3, &all);
	money_back(scene, &all, 0, true);

	assert_int_equal(json_get_integer(tickets_opened(scene), "issued"), 2);
	office_reload(scene, &part);
	office_reload(scene, &asked);
	office_reload(scene, &all);
	assert_int_equal(part.state, APPLICATION_TICKETED);
	assert_int_equal(asked.state, APPLICATION_TICKETED);
	assert_int_equal(all.state, APPLICATION_APPROVED);
}

static void who_came_later_is_seated_behind(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	ready(scene, SCENE_MOBILE, 1, &first);
	(void)tickets_opened(scene);
	int64_t opened = scene_number(scene, "SELECT tickets_from FROM plan");
	assert_int_equal(opened, scene->tx.now);
	scene_pass(scene, DAY_MS);
	ready(scene, OTHER_MOBILE, 2, &second);
	json *view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 1);
	assert_int_equal(json_get_integer(view, "seated"), 2);
	assert_int_equal(scene_number(scene, "SELECT tickets_from FROM plan"), opened);
	assert_int_equal(scene_number(scene, "SELECT COUNT(DISTINCT number) FROM ticket"), 2);
	assert_int_equal(scene_number(scene, "SELECT SUM(seat) FROM ticket"), 1 + 2);
	assert_int_equal(json_get_integer(tickets_opened(scene), "issued"), 0);
}

static void too_few_seats_are_told_and_nothing_is_lost(void **state)
{
	struct scene *scene = *state;
	struct application first, second, third;

	rooms_put(scene, "[{\"name\":\"甲\",\"seats\":1},{\"name\":\"乙\",\"seats\":1}]");
	ready(scene, SCENE_MOBILE, 1, &first);
	ready(scene, OTHER_MOBILE, 2, &second);
	ready(scene, THIRD_MOBILE, 3, &third);
	json *view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 2);
	assert_int_equal(json_get_integer(view, "waiting"), 1);
	office_reload(scene, &third);
	assert_int_equal(third.state, APPLICATION_APPROVED);

	rooms_put(scene, "[{\"name\":\"甲\",\"seats\":1},{\"name\":\"乙\",\"seats\":2}]");
	view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 1);
	assert_int_equal(json_get_integer(view, "waiting"), 0);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM ticket WHERE room = '乙' AND seat = 2"),
		1);
}

static void the_seat_of_a_voided_ticket_is_not_given_again(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	ready(scene, SCENE_MOBILE, 1, &first);
	(void)tickets_opened(scene);
	office_reload(scene, &first);
	assert_ok(scene, application_move(&scene->tx, &first, EVENT_VOID, NULL));
	ready(scene, OTHER_MOBILE, 2, &second);
	json *view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "seated"), 1);
	assert_int_equal(scene_number(scene, "SELECT MAX(seat) FROM ticket"), 2);
}

/* As many applications as asked for, ready for their seat, without going the whole way. */
static void ready_in_bulk(struct scene *scene, int count)
{
	for (int i = 0; i < count; i++) {
		const char *mobile = arena_printf(scene->tx.arena, "139%08d", i);
		const char *account = scene_as_candidate(scene, mobile);

		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO application (id, number, plan_id, account_id,"
				" state, version, revision, approved_revision, created_at,"
				" changed_at) VALUES (?1, ?2, ?3, ?1, 'approved', 1, 1, 1, 1, 1)",
				BIND(TEXT(account), TEXT(mobile), TEXT(scene->plan_id)),
				&scene->error));
		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO paper (application_id, accepted_at) VALUES (?1, 1)",
				BIND(TEXT(account)), &scene->error));
	}
}

static void a_call_seats_five_hundred_at_most(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene,
		store_run(scene->db, "UPDATE plan SET fee_fen = 0", BIND_NONE, &scene->error));
	rooms_put(scene,
		"[{\"name\":\"1\",\"seats\":99},{\"name\":\"2\",\"seats\":99},{\"name\":\"3\",\"seats\":99},"
		"{\"name\":\"4\",\"seats\":99},{\"name\":\"5\",\"seats\":99},{\"name\":\"6\",\"seats\":99}]");
	ready_in_bulk(scene, 501);
	json *view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 500);
	assert_true(json_get_true(view, "more"));
	view = tickets_opened(scene);
	assert_int_equal(json_get_integer(view, "issued"), 1);
	assert_int_equal(json_get_integer(view, "seated"), 501);
	assert_false(json_get_true(view, "more"));
	assert_int_equal(scene_number(scene, "SELECT COUNT(DISTINCT number) FROM ticket"), 501);
	assert_int_equal(
		scene_number(scene, "SELECT seat FROM ticket t JOIN application a"
				    " ON a.id = t.application_id ORDER BY a.number LIMIT 1"),
		1);
}

static void there_is_no_ticket_before_it_is_issued(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct ticket_facts facts;

	ready(scene, SCENE_MOBILE, 1, &application);
	office_as_owner(scene, &application);
	assert_fails(scene, ticket_facts_load(&scene->tx, &application, CHECK_AT, &facts), CONFLICT,
		"ticket.not_open");
}

static void a_ticket_shows_who_sits_where_for_what(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct ticket_facts facts;

	ready(scene, SCENE_MOBILE, 1, &application);
	(void)tickets_opened(scene);
	office_reload(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, ticket_facts_load(&scene->tx, &application, CHECK_AT, &facts));
	assert_string_equal(facts.centre_name, "海淀职业技能等级认定中心（示例）");
	assert_string_equal(facts.number, scene_text(scene, "SELECT number FROM ticket"));
	assert_string_equal(
		facts.check_address, arena_printf(scene->tx.arena, CHECK_AT "%s",
					     ticket_check_code(&scene->tx, facts.number)));
	assert_string_equal(facts.candidate_name, "张三");
	assert_string_equal(facts.identity_kind, "居民身份证");
	assert_int_equal(strlen(facts.identity_masked), 18);
	assert_non_null(strstr(facts.identity_masked, "110108********"));
	assert_string_equal(facts.occupation_name, "供应链管理师");
	assert_string_equal(facts.level_name, "一级/高级技师");
	assert_int_equal(facts.subject_count, 3);
	assert_string_equal(facts.subjects[0].name, "理论知识考试");
	assert_string_equal(facts.subjects[0].room, "第1考场");
	assert_string_equal(facts.subjects[0].seat, "1");
	assert_string_equal(facts.subjects[0].venue, "海淀考点（示例）");
	assert_true(facts.subjects[0].starts_at > scene->tx.now);
	assert_true(facts.subjects[0].ends_at > facts.subjects[0].starts_at);
	assert_int_equal(facts.late_minutes, 15);
	assert_int_equal(facts.note_count, 2);
	assert_int_equal(facts.photo.size, strlen("portrait"));
	assert_memory_equal(facts.photo.data, "portrait", facts.photo.size);
	assert_string_equal(facts.audit_head,
		scene_text(scene, "SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1"));
}

static void a_plan_says_how_late_one_may_come(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct ticket_facts facts;

	assert_ok(scene, store_script(scene->db,
				 "UPDATE plan SET document = replace(document, '\"exam\":{',"
				 " '\"exam\":{\"late_minutes\":30,')",
				 &scene->error));
	ready(scene, SCENE_MOBILE, 1, &application);
	(void)tickets_opened(scene);
	office_reload(scene, &application);
	office_as_owner(scene, &application);
	assert_ok(scene, ticket_facts_load(&scene->tx, &application, CHECK_AT, &facts));
	assert_int_equal(facts.late_minutes, 30);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(the_default_number_has_fifteen_digits_with_a_check),
		IN_SCENE(a_tenant_makes_its_own_rule),
		IN_SCENE(a_rule_that_cannot_work_is_refused),
		IN_SCENE(nobody_opens_the_tickets_of_a_draft),
		IN_SCENE(what_a_call_holds_does_not_grow_with_who_is_ready),
		IN_SCENE(only_who_is_ready_is_seated),
		IN_SCENE(who_is_about_to_have_all_the_money_back_is_not_seated),
		IN_SCENE(who_came_later_is_seated_behind),
		IN_SCENE(too_few_seats_are_told_and_nothing_is_lost),
		IN_SCENE(the_seat_of_a_voided_ticket_is_not_given_again),
		IN_SCENE(a_call_seats_five_hundred_at_most),
		IN_SCENE(there_is_no_ticket_before_it_is_issued),
		IN_SCENE(a_ticket_shows_who_sits_where_for_what),
		IN_SCENE(a_plan_says_how_late_one_may_come),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
