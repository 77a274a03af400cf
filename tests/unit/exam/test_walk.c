/*
 * Everybody does anything at any time: candidates, reviewers, the counter, the registrar, administrators and the
 * clock, in an order that nobody thought of. Each act is done, or refused in words that are meant for people; that the
 * database would not take a row is no such answer. And whatever was done, all that is shown can be shown, and the books
 * are right.
 *
 * KAOWU_SEED goes one way again; with KAOWU_FAULT there are many walks.
 */
#include "office.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/embedded.h"
#include "base/message.h"
#include "base/schema.h"
#include "base/text.h"
#include "exam/audit.h"
#include "exam/deadline.h"
#include "exam/delivery.h"
#include "exam/erasure.h"
#include "exam/errand.h"
#include "exam/material.h"
#include "exam/overview.h"
#include "exam/page.h"
#include "exam/paper.h"
#include "exam/payment.h"
#include "exam/payment_refund.h"
#include "exam/personal.h"
#include "exam/plan_cancel.h"
#include "exam/plan_count.h"
#include "exam/plan_desk.h"
#include "exam/review.h"
#include "exam/roster.h"
#include "exam/submission.h"
#include "exam/ticket.h"
#include "exam/topics.h"
#include "exam/voiding.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define PEOPLE    6
#define WALK_ACTS 400
#define REASON    "按流程办理（示例）"

/* Who is acted upon, and the newest of his applications. */
struct person {
	const char *mobile;
	int order;
	struct application application;
};

static uint32_t seed;

static uint32_t chance(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

/* ---- Candidates ---- */

static enum result begin(struct scene *scene, struct person *person)
{
	bool created;
	enum result rc = personal_consent(&scene->tx, "portrait", true, "我同意（示例）。");

	rc = rc ? rc : personal_consent(&scene->tx, "id_images", true, "我同意（示例）。");
	return rc ? rc
		  : application_create(&scene->tx, scene->plan_id, &person->application, &created);
}

static enum result type_details(struct scene *scene, struct person *person)
{
	json *body = scene_json(scene,
		"{'name': '张三', 'id_type': '居民身份证', 'mobile': '13800000000', 'ethnicity': '汉族',"
		" 'education': '大学本科', 'province': '北京市', 'candidate_source': '私营企业',"
		" 'employer': '示例供应链有限公司', 'address': '北京市海淀区示例路1号'}");

	json_set_text(scene->tx.arena, body, "id_number", scene_resident_id(scene, person->order));
	return application_put_details(&scene->tx, &person->application, body);
}

static enum result type_experience(struct scene *scene, struct person *person)
{
	struct application *application = &person->application;
	enum result rc = application_put_certificates(&scene->tx, application,
		scene_json(scene,
			"{'certificates': [{'occupation': '供应链管理师', 'level': 2,"
			" 'issued': '2020-05-01', 'number': 'S000011000001202000001'}]}"));

	return rc ? rc
		  : application_put_work(&scene->tx, application,
			    scene_json(scene,
				    "{'work': [{'from': '2020-06', 'to': null,"
				    " 'employer': '示例供应链有限公司', 'occupation': '供应链管理师',"
				    " 'relation': 'same', 'witness': '李四',"
				    " 'witness_phone': '010-00000000'}]}"));
}

static enum result choose(struct scene *scene, struct person *person)
{
	const char *condition = chance(3) ? "{'condition': '1-1'}" : "{'condition': '1-2'}";
	enum result rc = application_put_identity(
		&scene->tx, &person->application, scene_json(scene, "{'identity': '职工'}"));

	return rc ? rc
		  : application_put_condition(
			    &scene->tx, &person->application, scene_json(scene, condition));
}

static enum result upload_one(struct scene *scene, struct person *person, const char *material)
{
	struct material_upload upload = {.checks = json_new_array(scene->tx.arena)};
	struct files *files;
	json *view;
	enum result rc =
		tenant_files(scene->tenant, person->application.plan_id, &files, scene->tx.error);

	rc = rc ? rc
		: files_put(files, bytes_of(material, strlen(material)), "image/jpeg", &upload.file,
			  scene->tx.error);
	return rc ? rc
		  : material_attach(&scene->tx, &person->application, material, &upload, &view);
}

static enum result upload(struct scene *scene, struct person *person)
{
	static const char *const materials[] = {
		"portrait", "id_card_front", "id_card_back", "certificate", "no_such_thing"};

	return upload_one(scene, person, materials[chance(COUNT(materials))]);
}

static enum result upload_all(struct scene *scene, struct person *person)
{
	struct plan plan;
	enum result rc = plan_load(&scene->tx, person->application.plan_id, &plan);

	if (rc)
		return rc;
	json_each(material, application_materials_asked(&scene->tx, plan.manifest,
				    person->application.condition_id)) rc =
		rc ? rc : upload_one(scene, person, json_get_text(material, "id"));
	return rc;
}

/* What most people do first, so that the walk comes further than a draft. */
static enum result fill(struct scene *scene, struct person *person)
{
	enum result rc = type_details(scene, person);

	rc = rc ? rc : choose(scene, person);
	rc = rc ? rc : type_experience(scene, person);
	return rc ? rc : upload_all(scene, person);
}

static enum result hand_in(struct scene *scene, struct person *person)
{
	return application_submit(&scene->tx, &person->application);
}

static enum result withdraw(struct scene *scene, struct person *person)
{
	return application_withdraw(&scene->tx, &person->application);
}

static enum result order(struct scene *scene, struct person *person)
{
	json *placed;

	return payment_order_create(
		&scene->tx, &person->application, chance(2) ? "offline" : "simulated", &placed);
}

static enum result newest_of(
	struct scene *scene, struct person *person, const char *sql, const char **out)
{
	return store_text(scene->db, scene->tx.arena, sql, BIND(TEXT(person->application.id)), out,
		scene->tx.error);
}

static enum result newest_order(struct scene *scene, struct person *person, const char **out)
{
	return newest_of(scene, person,
		"SELECT COALESCE(MAX(number), '') FROM payment_order WHERE application_id = ?1",
		out);
}

static enum result pay_by_telephone(struct scene *scene, struct person *person)
{
	const char *number;
	json *view;
	enum result rc = newest_order(scene, person, &number);

	rc = rc ? rc : payment_order_view(&scene->tx, person->application.id, number, &view);
	if (rc)
		return rc;
	const char *url = json_get_text(view, "code_url");
	const char *code = url ? strrchr(url, '/') + 1 : "none";

	scene_as_nobody(scene);
	return payment_confirm_simulated(&scene->tx, code, &view);
}

static enum result post(struct scene *scene, struct person *person)
{
	return paper_post(&scene->tx, &person->application,
		scene_json(scene, "{'courier': '示例速递', 'courier_number': 'SF0000000001'}"));
}

static enum result ask_to_be_erased(struct scene *scene, struct person *person)
{
	(void)person;
	return personal_erasure(&scene->tx, chance(3) > 0);
}

static enum result take_a_consent_back(struct scene *scene, struct person *person)
{
	(void)person;
	return personal_consent(
		&scene->tx, chance(2) ? "portrait" : "id_images", false, "我撤回（示例）。");
}

/* ---- Staff ---- */

static enum result judge_all(struct scene *scene, struct person *person, const char *failing)
{
	json *view, *judged;
	enum result rc = review_view(&scene->tx, &person->application, &view);

	if (rc)
		return rc;
	json_each(item, json_get(view, "items"))
	{
		const char *name = json_get_text(item, "item");
		json *body = scene_json(scene,
			text_equal(name, failing)
				? "{'outcome': 'fail', 'reasons': ['OTHER'], 'note': '请更正'}"
				: "{'outcome': 'pass'}");

		if (!rc && !json_get_true(item, "locked"))
			rc = review_judge(&scene->tx, &person->application, name, body, &judged);
	}
	return rc;
}

static enum result review(struct scene *scene, struct person *person, const char *failing)
{
	json *body = json_new_object(scene->tx.arena), *view;
	enum result rc = review_claim(&scene->tx, &person->application, false, &view);

	rc = rc ? rc : judge_all(scene, person, failing);
	json_set_text(scene->tx.arena, body, "outcome", failing ? "rejected" : "approved");
	return rc ? rc : review_decide(&scene->tx, &person->application, body, &view);
}

static enum result approve(struct scene *scene, struct person *person)
{
	return review(scene, person, NULL);
}

static enum result reject(struct scene *scene, struct person *person)
{
	static const char *const items[] = {"material:portrait", "details", "work", "condition"};

	return review(scene, person, items[chance(COUNT(items))]);
}

static enum result take_the_fee(struct scene *scene, struct person *person)
{
	const char *number, *receipt = arena_printf(scene->tx.arena, "R%u", chance(1000000));
	json *confirmed;
	enum result rc = newest_order(scene, person, &number);

	return rc ? rc
		  : payment_confirm_offline(
			    &scene->tx, number, receipt, chance(10) ? 68000 : 1, &confirmed);
}

static enum result ask_for_a_refund(struct scene *scene, struct person *person)
{
	const char *number;
	json *refund;
	enum result rc = newest_order(scene, person, &number);

	return rc ? rc : payment_refund_ask(&scene->tx, number, 0, REASON, &refund);
}

static enum result newest_refund(struct scene *scene, struct person *person, const char **out)
{
	return newest_of(scene, person,
		"SELECT COALESCE(MAX(r.number), '') FROM payment_refund r JOIN payment_order o"
		" ON o.id = r.order_id WHERE o.application_id = ?1",
		out);
}

static enum result decide_the_refund(struct scene *scene, struct person *person)
{
	const char *number;
	json *refund;
	enum result rc = newest_refund(scene, person, &number);

	return rc ? rc : payment_refund_decide(&scene->tx, number, chance(4) > 0, REASON, &refund);
}

static enum result pay_out(struct scene *scene, struct person *person)
{
	const char *number, *receipt = arena_printf(scene->tx.arena, "P%u", chance(1000000));
	json *refund;
	enum result rc = newest_refund(scene, person, &number);

	return rc ? rc : payment_refund_pay_out(&scene->tx, number, receipt, &refund);
}

static enum result receive(struct scene *scene, struct person *person)
{
	json *body = scene_json(scene,
		chance(4)
			? "{'items': [{'material': 'application_form', 'copies': 2, 'outcome': 'pass'},"
			  " {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}"
			: "{'items': [{'material': 'application_form', 'copies': 1, 'outcome': 'fail',"
			  " 'reasons': ['OTHER'], 'note': '缺一份'},"
			  " {'material': 'work_pledge', 'copies': 1, 'outcome': 'pass'}]}");

	return paper_receive(&scene->tx, &person->application, body);
}

static enum result restore(struct scene *scene, struct person *person)
{
	return deadline_restore(&scene->tx, &person->application, REASON);
}

static enum result make_void(struct scene *scene, struct person *person)
{
	return application_void(&scene->tx, &person->application, REASON);
}

static enum result erase(struct scene *scene, struct person *person)
{
	json *view;

	return erasure_carry_out(&scene->tx, person->application.account_id, &view);
}

static enum result change_the_plan(struct scene *scene, struct person *person)
{
	json *view;
	enum result rc = plan_desk_view(&scene->tx, scene->plan_id, &view);

	(void)person;
	if (rc)
		return rc;
	json *document = json_copy(scene->tx.arena, json_get(view, "document"));
	json_set_integer(scene->tx.arena, document, "places", 2 + chance(8));
	if (chance(2))
		json_set_text(scene->tx.arena, json_get(document, "apply"), "until",
			"2026-12-18T17:00:00+08:00");
	if (chance(2))
		json_set_integer(scene->tx.arena,
			json_first(json_at_pointer(document, "/exam/rooms")), "seats",
			1 + chance(60));
	return plan_desk_save(
		&scene->tx, scene->plan_id, json_get_integer(view, "version"), document);
}

static enum result close_the_plan_or_open_it(struct scene *scene, struct person *person)
{
	int64_t version = scene_number(scene, "SELECT version FROM plan");

	(void)person;
	return chance(3) ? plan_desk_publish(&scene->tx, scene->plan_id, version)
			 : plan_desk_close(&scene->tx, scene->plan_id, version);
}

/* Mostly by a code that was mistyped, or few walks would see the end of the exam. */
static enum result cancel_the_plan(struct scene *scene, struct person *person)
{
	json *body = scene_json(scene, "{'code': '2026-scm-1', 'reason': '" REASON "'}");

	(void)person;
	if (chance(4) > 0)
		json_set_text(scene->tx.arena, body, "code", "2026-scm-2");
	return plan_cancel(
		&scene->tx, scene->plan_id, scene_number(scene, "SELECT version FROM plan"), body);
}

static enum result seat(struct scene *scene, struct person *person)
{
	json *opened;

	(void)person;
	return ticket_open(&scene->tx, scene->plan_id, &opened);
}

/* ---- The clock ---- */

static enum result time_passes(struct scene *scene, struct person *person)
{
	struct deadline_counts counts;
	bool more = true;
	enum result rc = OK;

	(void)person;
	scene_pass(scene, (int64_t)chance(72) * HOUR_MS);
	while (!rc && more)
		rc = deadline_run(&scene->tx, &counts, &more);
	return rc;
}

/* What a cancelled plan leaves to the server. */
static enum result ends_are_written(struct scene *scene, struct person *person)
{
	struct errands errands = {0};
	enum result rc = cancel_errands.claim(&scene->tx, &errands);

	(void)person;
	if (rc || errands.count == 0)
		return rc;
	rc = cancel_errands.prepare(&scene->tx, &errands);
	return rc ? rc : cancel_errands.settle(&scene->tx, &errands);
}

/* ---- The walk ---- */

/* States as bits; NOTHING: no application yet. */
enum {
	DRAFT = 1 << APPLICATION_DRAFT,
	REVIEWING = 1 << APPLICATION_REVIEWING,
	REJECTED = 1 << APPLICATION_REJECTED,
	APPROVED = 1 << APPLICATION_APPROVED,
	TICKETED = 1 << APPLICATION_TICKETED,
	LATE = 1 << APPLICATION_EXPIRED | 1 << APPLICATION_FORFEITED,
	GIVEN_UP = 1 << APPLICATION_WITHDRAWN,
	VOIDED = 1 << APPLICATION_VOIDED,
	CANCELLED = 1 << APPLICATION_CANCELLED,
	NOTHING = 1 << APPLICATION_STATE_COUNT,
	ANY = 2 * NOTHING - 1,
};

static const struct act {
	const char *name, *who; /* a login; NULL: the candidate, "": the system */
	enum result (*run)(struct scene *scene, struct person *person);
	uint32_t often;
	int natural; /* where it is what people would do; anywhere else it is a mistake, or malice */
} acts[] = {
	{"begin", NULL, begin, 40, NOTHING | GIVEN_UP | LATE},
	{"fill", NULL, fill, 50, DRAFT},
	{"type details", NULL, type_details, 10, DRAFT | REJECTED | REVIEWING},
	{"type experience", NULL, type_experience, 10, DRAFT | REJECTED | REVIEWING},
	{"choose", NULL, choose, 10, DRAFT | REJECTED},
	{"upload", NULL, upload, 30, DRAFT | REJECTED | REVIEWING},
	{"hand in", NULL, hand_in, 50, DRAFT | REJECTED},
	{"withdraw", NULL, withdraw, 5, DRAFT | REVIEWING | REJECTED | APPROVED},
	{"order", NULL, order, 40, APPROVED},
	{"pay by telephone", NULL, pay_by_telephone, 40, APPROVED},
	{"post", NULL, post, 20, APPROVED},
	{"ask to be erased", NULL, ask_to_be_erased, 4, ANY},
	{"take a consent back", NULL, take_a_consent_back, 1, ANY},
	{"approve", OFFICE_REVIEWER, approve, 40, REVIEWING},
	{"reject", OFFICE_REVIEWER, reject, 20, REVIEWING},
	{"take the fee", OFFICE_CASHIER, take_the_fee, 30, APPROVED | LATE | CANCELLED},
	{"ask for a refund", OFFICE_CASHIER, ask_for_a_refund, 10,
		APPROVED | LATE | TICKETED | VOIDED | CANCELLED},
	{"decide the refund", "admin", decide_the_refund, 15,
		APPROVED | LATE | GIVEN_UP | TICKETED | VOIDED},
	{"pay out", OFFICE_CASHIER, pay_out, 15,
		APPROVED | LATE | GIVEN_UP | TICKETED | VOIDED | CANCELLED},
	{"receive", OFFICE_REGISTRAR, receive, 25, APPROVED},
	{"restore", OFFICE_REGISTRAR, restore, 25, LATE | GIVEN_UP},
	{"void", "admin", make_void, 2, REVIEWING | REJECTED | APPROVED | TICKETED},
	{"erase", "admin", erase, 15, DRAFT | GIVEN_UP | LATE | VOIDED | TICKETED | CANCELLED},
	{"change the plan", "admin", change_the_plan, 2, ANY},
	{"close the plan or open it", "admin", close_the_plan_or_open_it, 1, ANY},
	{"cancel the plan", "admin", cancel_the_plan, 1, TICKETED},
	{"seat", OFFICE_REGISTRAR, seat, 5, APPROVED},
	{"time passes", "", time_passes, 6, ANY},
	{"ends are written", "", ends_are_written, 6, CANCELLED},
};

static size_t done[COUNT(acts)];

static const struct act *act_by_chance(void)
{
	uint32_t all = 0, at;

	for (size_t i = 0; i < COUNT(acts); i++)
		all += acts[i].often;
	at = chance(all);
	for (size_t i = 0;; i++) {
		if (at < acts[i].often)
			return &acts[i];
		at -= acts[i].often;
	}
}

/* Mostly what is natural, or nobody would come far. */
static const struct act *act_on(int state)
{
	const struct act *act = act_by_chance();

	while (!(act->natural & 1 << state) && chance(8) > 0)
		act = act_by_chance();
	return act;
}

/* False: this person has none. */
static bool application_find(struct scene *scene, const char *account, struct person *person)
{
	const char *id;

	assert_ok(scene,
		store_text(scene->db, scene->tx.arena,
			"SELECT COALESCE(MAX(id), '') FROM application WHERE account_id = ?1",
			BIND(TEXT(account)), &id, &scene->error));
	if (!*id)
		return false;
	assert_ok(scene, application_load(&scene->tx, id, &person->application));
	return true;
}

static void act_as(struct scene *scene, const char *who, const char *account)
{
	if (!who)
		scene->tx.actor = (struct actor){.kind = ACTOR_CANDIDATE, .id = account};
	else if (*who)
		(void)scene_as_staff(scene, who);
	else
		scene_as_system(scene);
}

/* A refusal is meant for people, and says so: trouble and what the database would not take are not. */
static void expect_answer(struct scene *scene, const struct act *act, enum result rc)
{
	const char *code = scene->error.code;

	if (rc == OK)
		return;
	if (rc >= BUSY || text_starts(code, "store.") ||
		text_equal(message_text(scene->tx.arena, LANGUAGE_ZH, code, scene->error.params),
			code))
		fail_msg("%s: %d %s (%s)", act->name, rc, code,
			scene->error.internal ? scene->error.internal : "");
}

static const struct act *act_once(struct scene *scene, struct person *person)
{
	const char *account = scene_as_candidate(scene, person->mobile);
	bool found = application_find(scene, account, person);
	const struct act *act =
		act_on(found ? (int)person->application.state : APPLICATION_STATE_COUNT);
	enum result rc;

	if (!found && !(act->natural & NOTHING))
		return NULL;
	act_as(scene, act->who, account);
	scene_forget(scene);
	assert_ok(scene, store_savepoint(scene->db, &scene->error));
	rc = act->run(scene, person);
	expect_answer(scene, act, rc);
	assert_int_equal(rc ? store_rollback_savepoint(scene->db, &scene->error)
			    : store_release(scene->db, &scene->error),
		OK);
	return rc ? NULL : act;
}

/* ---- What holds after each act ---- */

/* What somebody is told to write can be written. */
static void expect_a_way_on(const json *view)
{
	const char *action = json_get_text(view, "next_action");

	if (text_equal(action, "complete_and_submit") || text_equal(action, "correct_and_submit"))
		assert_true(json_count(json_get(view, "open_items")) > 0);
	if (text_equal(action, "pay") || text_equal(action, "print_ticket"))
		assert_int_equal(json_count(json_get(view, "open_items")), 0);
}

static void expect_shown(struct scene *scene, struct person *person)
{
	json *view;

	const char *account = scene_as_candidate(scene, person->mobile);
	if (application_find(scene, account, person)) {
		assert_ok(scene, application_view(&scene->tx, &person->application, &view));
		expect_a_way_on(view);
	}
	assert_ok(scene, personal_data(&scene->tx, &view));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, overview_view(&scene->tx, &view));
	assert_ok(scene, roster_list(&scene->tx, scene_json(scene, "{}"), &view));
	assert_ok(scene, review_queue(&scene->tx, scene_json(scene, "{}"), &view));
	assert_ok(scene, payment_list(&scene->tx, NULL, NULL, &PAGE_FIRST, &view));
	assert_ok(scene, payment_refund_list(&scene->tx, NULL, &PAGE_FIRST, &view));
	assert_ok(scene, erasure_list(&scene->tx, "true", &PAGE_FIRST, &view));
	assert_ok(scene, audit_list(&scene->tx, NULL, &PAGE_FIRST, &view));
	assert_ok(scene, delivery_list(&scene->tx, "dead", NULL, &PAGE_FIRST, &view));
	assert_ok(scene, paper_not_arrived(&scene->tx, scene->plan_id, &PAGE_FIRST, &view));
}

static void expect_in_order(struct scene *scene)
{
	const char *head;
	int64_t rows;

	assert_ok(scene, plan_count_verify(&scene->tx));
	assert_ok(scene, audit_verify(&scene->tx, &rows, &head));
	assert_ok(scene, store_check(scene->db, &scene->error));
	assert_int_equal(
		scene_number(scene,
			"SELECT COUNT(*) FROM application a WHERE state IN ('reviewing', 'approved', 'ticketed')"
			" AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.application_id = a.id"
			" AND r.revision = COALESCE(a.approved_revision, a.revision))"),
		0);
	assert_int_equal(
		scene_number(scene,
			"SELECT COUNT(*) FROM application a WHERE state = 'ticketed'"
			" AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.application_id = a.id)"),
		0);
	/* All money of what has ended with its plan is back or on its way. */
	assert_int_equal(
		scene_number(scene,
			"SELECT COUNT(*) FROM application a JOIN payment_order o ON o.application_id = a.id"
			" WHERE a.state = 'cancelled' AND " LEDGER_BALANCE_SQL
			" <> COALESCE((SELECT SUM(r.amount_fen)"
			" FROM payment_refund r WHERE r.order_id = o.id AND (SELECT e.kind FROM payment_event e"
			" WHERE e.refund_id = r.id ORDER BY e.id DESC LIMIT 1)"
			" IN ('refund_approved', 'refund_sent')), 0)"),
		0);
}

/* Each act in memory of its own, as a request has. */
static void step(struct scene *scene, struct person *person)
{
	struct arena *whole = scene->tx.arena;
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(LIMIT_REQUEST_ARENA);
	const struct act *act;

	scene->tx.arena = arena;
	scene_forget(scene);
	act = act_once(scene, person);
	if (act) {
		done[act - acts]++;
		expect_shown(scene, person);
	}
	scene->tx.arena = whole;
	scene_forget(scene);
}

/* From the first morning until after the plan's last moment; then all that is forgotten. */
static void walk(struct scene *scene)
{
	static const char *const mobiles[PEOPLE] = {"13800000001", "13800000002", "13800000003",
		"13800000004", "13800000005", "13800000006"};

	scene_at(scene, SCENE_MORNING);
	for (int i = 1; i <= WALK_ACTS; i++) {
		int who = (int)chance(PEOPLE);
		/* The last one has two numbers: he is the first one as well. */
		struct person person = {.mobile = mobiles[who], .order = who % (PEOPLE - 1) + 1};

		step(scene, &person);
		if (i % 50 == 0)
			expect_in_order(scene);
	}
	store_rollback(scene->db);
	assert_ok(scene, store_begin(scene->db, &scene->error));
}

static struct schema_set *plan_schema;

static const struct schema_set *schemas(void)
{
	return plan_schema;
}

/* Simulated payments, and what a plan that is changed is held against. */
static void deployment_prepare(struct scene *scene)
{
	const struct embedded_file *file = embedded_files;
	json *document;

	while (!text_equal(file->path, "plan.schema.json"))
		file++;
	assert_ok(scene, json_parse(scene->arena, (const char *)file->content.data,
				 file->content.size, &document, &scene->error));
	plan_schema = schema_set_create();
	assert_ok(scene, schema_set_add(plan_schema, file->path, document, &scene->error));
	assert_ok(scene, schema_set_link(plan_schema, &scene->error));
	scene->deployment.schemas = schemas;
	scene->deployment.demo = true;
}

static void whatever_people_do_is_done_or_refused_in_words(void **state)
{
	const char *given = getenv("KAOWU_SEED");
	int walks = getenv("KAOWU_FAULT") ? 200 : 6;
	uint32_t first = given ? (uint32_t)strtoul(given, NULL, 10) : (uint32_t)getpid();
	struct scene *scene = *state;
	size_t all = 0;

	deployment_prepare(scene);
	for (int i = 0; i < walks; i++) {
		seed = first + (uint32_t)i;
		print_message("KAOWU_SEED=%" PRIu32 "\n", seed);
		walk(scene);
	}
	for (size_t i = 0; i < COUNT(acts); i++) {
		print_message("%s %zu, ", acts[i].name, done[i]);
		all += done[i];
	}
	print_message("of %d\n", walks * WALK_ACTS);
	schema_set_destroy(plan_schema);
	assert_true(all > (size_t)(walks * WALK_ACTS) / 20);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(whatever_people_do_is_done_or_refused_in_words)};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
