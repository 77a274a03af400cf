/*
 * The topics of the form (S4, S5, S13, S14): what is refused where it is typed, what follows from what was typed,
 * and what may be changed when.
 */
#include "office.h"

#include <string.h>

#include "exam/openness.h"
#include "exam/plan.h"
#include "exam/submission.h"
#include "exam/topics.h"
#include "exam/withdrawal.h"

#include <cmocka.h>

#define OTHER_MOBILE "13800000002"

static json *details(struct scene *scene)
{
	json *body = scene_json(scene,
		"{'name': '张三', 'id_type': '居民身份证', 'mobile': '13800000000', 'ethnicity': '汉族',"
		" 'education': '大学本科', 'province': '北京市', 'candidate_source': '私营企业',"
		" 'employer': '示例供应链有限公司', 'address': '北京市海淀区示例路1号'}");

	json_set_text(scene->tx.arena, body, "id_number", scene_resident_id(scene, 1));
	return body;
}

static json *details_with(struct scene *scene, const char *name, const char *text)
{
	json *body = details(scene);

	json_set_text(scene->tx.arena, body, name, text);
	return body;
}

/* The member of the form as it was kept. */
static const char *kept(
	struct scene *scene, const struct application *application, const char *pointer)
{
	json *form;

	assert_ok(scene, application_form(&scene->tx, application, &form));
	return json_text(json_at_pointer(form, pointer));
}

static void refuse_details(struct scene *scene, struct application *application, json *body,
	const char *pointer, const char *code)
{
	assert_fails(scene, application_put_details(&scene->tx, application, body), INVALID,
		"input.invalid");
	assert_non_null(scene_fault(scene, pointer));
	assert_string_equal(scene_fault(scene, pointer), code);
	assert_null(application->form_sealed.data);
}

static void birth_and_gender_follow_from_a_resident_card(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	json *body = details_with(scene, "birth", "2000-01-01");
	json_set_text(scene->tx.arena, body, "gender", "女");
	assert_ok(scene, application_put_details(&scene->tx, &application, body));
	assert_string_equal(kept(scene, &application, "/details/birth"), "1990-03-07");
	assert_string_equal(kept(scene, &application, "/details/gender"), "男");

	body = details_with(scene, "id_number", scene_resident_id(scene, 2));
	assert_ok(scene, application_put_details(&scene->tx, &application, body));
	assert_string_equal(kept(scene, &application, "/details/gender"), "女");
}

static void with_another_document_birth_and_gender_must_be_told(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *body = details_with(scene, "id_type", "护照");

	json_set_text(scene->tx.arena, body, "id_number", "E00000000");
	scene_draft(scene, SCENE_MOBILE, &application);
	refuse_details(scene, &application, body, "/birth", "schema.required");
	assert_string_equal(scene_fault(scene, "/gender"), "schema.required");

	json_set_text(scene->tx.arena, body, "birth", "1826-03-07");
	json_set_text(scene->tx.arena, body, "gender", "女");
	json_set_text(scene->tx.arena, body, "id_number", "none at all");
	refuse_details(scene, &application, body, "/birth", "identity.birth");
	assert_string_equal(scene_fault(scene, "/id_number"), "identity.document");

	json_set_text(scene->tx.arena, body, "birth", "1990-03-07");
	json_set_text(scene->tx.arena, body, "id_number", "E00000000");
	assert_ok(scene, application_put_details(&scene->tx, &application, body));
	assert_string_equal(kept(scene, &application, "/details/gender"), "女");
}

static void ethnicity_is_asked_of_all_but_foreigners(void **state)
{
	static const char *const types[] = {
		"护照", "外国人永久居留身份证", "香港/澳门特区护照或身份证", "军官证"};
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	for (size_t i = COUNT(types); i-- > 0;) {
		json *body = details_with(scene, "id_type", types[i]);

		json_set_text(scene->tx.arena, body, "id_number", "900000000000000000");
		json_set_text(scene->tx.arena, body, "birth", "1990-03-07");
		json_set_text(scene->tx.arena, body, "gender", "女");
		json_remove(body, "ethnicity");
		if (i > 1)
			refuse_details(scene, &application, body, "/ethnicity", "schema.required");
		else
			assert_ok(scene, application_put_details(&scene->tx, &application, body));
	}
}

static void a_residence_permit_tells_birth_and_gender_as_a_card_does(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *body = details_with(scene, "id_type", "港澳台居民居住证");

	json_set_text(scene->tx.arena, body, "id_number", "810000199003071230");
	scene_draft(scene, SCENE_MOBILE, &application);
	refuse_details(scene, &application, body, "/id_number", "identity.checksum");

	json_set_text(scene->tx.arena, body, "id_number", "810000199003071237");
	assert_ok(scene, application_put_details(&scene->tx, &application, body));
	assert_string_equal(kept(scene, &application, "/details/birth"), "1990-03-07");
	assert_string_equal(kept(scene, &application, "/details/gender"), "男");
}

static void faults_of_details_are_told_where_they_are(void **state)
{
	struct scene *scene = *state;
	struct application application;
	char *number = arena_text(scene->tx.arena, scene_resident_id(scene, 1));

	number[17] = number[17] == '1' ? '2' : '1';
	scene_draft(scene, SCENE_MOBILE, &application);
	refuse_details(scene, &application, details_with(scene, "id_number", number), "/id_number",
		"identity.checksum");
	refuse_details(scene, &application, details_with(scene, "mobile", "12800000000"), "/mobile",
		"identity.mobile");
	refuse_details(scene, &application, details_with(scene, "name", "13800000000"), "/name",
		"identity.name");
	/* No face has hieroglyphs. */
	refuse_details(scene, &application, details_with(scene, "name", "张\xf0\x93\x80\x80"),
		"/name", "document.glyph_missing");

	json *both = details_with(scene, "id_number", number);
	json_set_text(scene->tx.arena, both, "mobile", "1");
	refuse_details(scene, &application, both, "/mobile", "identity.mobile");
	assert_string_equal(scene_fault(scene, "/id_number"), "identity.checksum");
}

static void the_same_person_applies_to_a_plan_once(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	scene_submitted(scene, SCENE_MOBILE, 1, &first);
	assert_ok(scene, application_put_details(&scene->tx, &first, details(scene)));
	scene_draft(scene, OTHER_MOBILE, &second);
	refuse_details(scene, &second, details(scene), "/id_number", "application.duplicate");
	refuse_details(scene, &second,
		details_with(scene, "id_number",
			arena_printf(scene->tx.arena, " %s ", scene_resident_id(scene, 1))),
		"/id_number", "application.duplicate");
	assert_ok(scene, application_put_details(&scene->tx, &second,
				 details_with(scene, "id_number", scene_resident_id(scene, 2))));
}

static void a_number_typed_into_a_draft_keeps_nobody_out(void **state)
{
	struct scene *scene = *state;
	struct application strangers, own;

	scene_draft(scene, OTHER_MOBILE, &strangers);
	scene_fill(scene, 1, &strangers);
	scene_submitted(scene, SCENE_MOBILE, 1, &own);

	/* Now that it binds, the stranger's draft is told when it is handed in. */
	office_as_owner(scene, &strangers);
	assert_fails(scene, application_submit(&scene->tx, &strangers), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/details/id_number"), "application.duplicate");

	/* What is given up binds no more; what is opened again is a draft like any other. */
	office_as_owner(scene, &own);
	assert_ok(scene, application_withdraw(&scene->tx, &own));
	office_as_owner(scene, &strangers);
	office_reload(scene, &strangers);
	assert_ok(scene, application_submit(&scene->tx, &strangers));
	office_as_owner(scene, &own);
	bool created;
	assert_ok(scene, application_create(&scene->tx, own.plan_id, &own, &created));
	assert_fails(scene, application_submit(&scene->tx, &own), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/details/id_number"), "application.duplicate");
}

static void the_identity_is_one_that_the_plan_takes(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_fails(scene,
		application_put_identity(
			&scene->tx, &application, scene_json(scene, "{'identity': '学生'}")),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/identity"), "application.identity");
	assert_ok(scene, application_put_identity(&scene->tx, &application,
				 scene_json(scene, "{'identity': '职工'}")));
	assert_string_equal(scene_text(scene, "SELECT identity FROM application"), "职工");
}

static void identities_put(struct scene *scene, const char *list)
{
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE plan SET document = json_set(document, '$.identities', json(?1))",
			BIND(TEXT(list)), &scene->error));
}

static void what_a_plan_takes_no_more_is_not_handed_in(void **state)
{
	struct scene *scene = *state;
	struct application application;

	identities_put(scene, "[\"学生\",\"职工\"]");
	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	identities_put(scene, "[\"学生\"]");
	assert_fails(scene, application_submit(&scene->tx, &application), INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/identity"), "application.identity");
}

static void a_plan_with_a_list_of_identities_takes_those(void **state)
{
	struct scene *scene = *state;
	struct application application;

	identities_put(scene, "[\"学生\",\"社会人员\"]");
	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, application_put_identity(&scene->tx, &application,
				 scene_json(scene, "{'identity': '学生'}")));
	assert_fails(scene,
		application_put_identity(
			&scene->tx, &application, scene_json(scene, "{'identity': '职工'}")),
		INVALID, "input.invalid");
}

static void the_condition_is_one_of_the_plugin(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_fails(scene,
		application_put_condition(
			&scene->tx, &application, scene_json(scene, "{'condition': '9-9'}")),
		INVALID, "input.invalid");
	assert_string_equal(scene_fault(scene, "/condition"), "application.condition");
	assert_null(application.condition_id);
}

#define CERTIFICATE(number, issued)                                                                \
	"{'certificates': [{'occupation': '供应链管理师', 'level': 2, 'issued': '" issued          \
	"', 'number': '" number "'}]}"

static void put_certificates(
	struct scene *scene, const char *body, const char *pointer, const char *code)
{
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_fails(scene,
		application_put_certificates(&scene->tx, &application, scene_json(scene, body)),
		INVALID, "input.invalid");
	assert_non_null(scene_fault(scene, pointer));
	assert_string_equal(scene_fault(scene, pointer), code);
}

static void certificates_are_refused_by_number_and_date(void **state)
{
	struct scene *scene = *state;

	/* Level 3 in the number of one entered as level 2. */
	put_certificates(scene, CERTIFICATE("S000011000001203000001", "2020-05-01"),
		"/certificates/0/number", "identity.certificate");
	put_certificates(scene, CERTIFICATE("123", "2020-05-01"), "/certificates/0/number",
		"identity.certificate");
	put_certificates(scene, CERTIFICATE("S000011000001202000001", "2026-11-24"),
		"/certificates/0/issued", "eligibility.date_future");
	put_certificates(scene,
		"{'certificates': [{'occupation': '报关员', 'level': 2, 'issued': '2020-05-01',"
		" 'number': 'S000011000001202000001', 'consider': true}]}",
		"/certificates/0/argument", "eligibility.row_argument");
	put_certificates(scene,
		"{'titles': [{'rank': 'senior', 'issued': '2020-05-01', 'name': '师\xf0\x93\x80\x80'}]}",
		"/titles/0/name", "document.glyph_missing");
}

static void a_certificate_of_today_is_kept_with_its_number_normalised(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene,
		application_put_certificates(&scene->tx, &application,
			scene_json(scene, CERTIFICATE("ｓ000011000001 202000001", "2026-11-23"))));
	assert_string_equal(
		kept(scene, &application, "/certificates/0/number"), "S000011000001202000001");
}

static void a_topic_replaces_its_own_lists_and_no_other(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *form;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_put_certificates(&scene->tx, &application,
				 scene_json(scene, "{'certificates': []}")));
	assert_ok(scene, application_form(&scene->tx, &application, &form));
	assert_int_equal(json_count(json_get(form, "certificates")), 0);
	assert_int_equal(json_count(json_get(form, "work")), 1);
	assert_non_null(json_get(form, "details"));
}

#define WORK(from, to, occupation, more)                                                           \
	"{'work': [{'from': '" from "', 'to': " to ", 'employer': '示例供应链有限公司',"  \
	" 'occupation': '" occupation                                                              \
	"', 'witness': '李四', 'witness_phone': '010-00000000', " more "}]}"

static void work_is_refused_where_it_is_typed(void **state)
{
	static const struct {
		const char *body, *pointer, *code;
	} cases[] = {
		{WORK("2020-06", "null", "供应链管理员", "'relation': 'same'"),
			"/work/0/occupation", "eligibility.row_not_same"},
		{WORK("2020-06", "null", "供应链管理师", "'relation': 'related'"),
			"/work/0/occupation", "eligibility.row_is_same"},
		{WORK("2020-06", "null", "厨师", "'relation': 'related'"), "/work/0/occupation",
			"eligibility.relation_unrelated"},
		{WORK("2020-06", "null", "电子商务师", "'relation': 'related'"),
			"/work/0/occupation", "eligibility.relation_denied"},
		{WORK("2020-06", "null", "厨师", "'relation': 'related', 'consider': true"),
			"/work/0/argument", "eligibility.row_argument"},
		{WORK("2026-12", "null", "采购员", "'relation': 'related'"), "/work/0/from",
			"eligibility.month_future"},
		{WORK("2020-06", "'2019-01'", "采购员", "'relation': 'related'"), "/work/0/to",
			"eligibility.month_order"},
	};
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_fails(scene,
			application_put_work(
				&scene->tx, &application, scene_json(scene, cases[i].body)),
			INVALID, "input.invalid");
		assert_non_null(scene_fault(scene, cases[i].pointer));
		assert_string_equal(scene_fault(scene, cases[i].pointer), cases[i].code);
	}
}

static void related_work_is_taken_by_its_name_or_with_an_argument(void **state)
{
	static const char *const bodies[] = {
		WORK("2020-06", "null", " 采购员 ", "'relation': 'related'"),
		WORK("2020-06", "'2026-11'", "厨师",
			"'relation': 'related', 'consider': true, 'argument': '负责食材采购'"),
	};
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	for (size_t i = 0; i < COUNT(bodies); i++)
		assert_ok(scene, application_put_work(
					 &scene->tx, &application, scene_json(scene, bodies[i])));
	assert_string_equal(kept(scene, &application, "/work/0/argument"), "负责食材采购");
}

static void nothing_is_changed_when_the_plan_has_closed(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_at(scene, "2026-12-15T17:00:00+08:00");
	assert_fails(scene, application_put_details(&scene->tx, &application, details(scene)),
		CONFLICT, "plan.not_open");
}

static void expect_open(
	struct scene *scene, struct application *application, const char *item, bool open)
{
	if (open)
		assert_ok(scene, application_item_open(&scene->tx, application, item));
	else
		assert_fails(scene, application_item_open(&scene->tx, application, item), CONFLICT,
			"application.locked");
}

static void after_a_rejection_what_failed_is_open_and_nothing_else(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	expect_open(scene, &application, "details", true);
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	expect_open(scene, &application, "work", true);
	expect_open(scene, &application, "details", false);
	expect_open(scene, &application, "material:portrait", false);
	assert_fails(scene, application_put_details(&scene->tx, &application, details(scene)),
		CONFLICT, "application.locked");
	assert_string_equal(scene_param(scene, "item"), "details");
}

/* It asks for other facts, and what is changed of those is judged anew. */
static void after_a_wrong_condition_what_another_asks_for_is_open(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "condition");
	office_as_owner(scene, &application);
	expect_open(scene, &application, "certificates", true);
	expect_open(scene, &application, "work", true);
	expect_open(scene, &application, "details", false);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-2'}")));
	office_reload(scene, &application);
	scene_upload(scene, &application, "title");
	assert_ok(scene,
		application_put_certificates(&scene->tx, &application,
			scene_json(scene,
				"{'certificates': [{'occupation': '供应链管理师', 'level': 2,"
				" 'issued': '2020-05-01', 'number': 'S000011000001202000001'}],"
				" 'titles': [{'rank': 'intermediate', 'issued': '2018-05-01',"
				" 'matching': true}]}")));
	office_reload(scene, &application);
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM judgement"
					     " WHERE item IN ('condition', 'certificates')"),
		0);
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM judgement WHERE item = 'work'"), 1);
}

/* The form has the condition copied out by hand, and is good for no other (S10). */
static void with_another_condition_the_form_is_judged_anew(void **state)
{
	static const char passed[] = "SELECT COUNT(*) FROM judgement WHERE outcome = 'pass'"
				     " AND item = 'material:application_form'";
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "condition");
	office_as_owner(scene, &application);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-1'}")));
	expect_open(scene, &application, "material:application_form", false);
	assert_int_equal(scene_number(scene, passed), 1);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-3'}")));
	expect_open(scene, &application, "material:application_form", true);
	expect_open(scene, &application, "material:portrait", false);
	assert_int_equal(scene_number(scene, passed), 0);
}

static void a_form_that_failed_is_not_mended_by_another_condition(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "material:application_form");
	assert_ok(scene, store_run(scene->tx.db,
				 "UPDATE judgement SET outcome = 'fail' WHERE item = 'condition'",
				 BIND_NONE, &scene->error));
	office_as_owner(scene, &application);
	assert_ok(scene, application_put_condition(&scene->tx, &application,
				 scene_json(scene, "{'condition': '1-3'}")));
	assert_int_equal(scene_number(scene,
				 "SELECT COUNT(*) FROM judgement WHERE outcome = 'fail'"
				 " AND answered_at IS NULL AND item = 'material:application_form'"),
		1);
}

/* Handed in again, what an earlier round has passed stays shut. */
static void what_has_passed_stays_locked_in_the_next_round(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "material:portrait");
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	assert_ok(scene, application_submit(&scene->tx, &application));
	expect_open(scene, &application, "details", false);
	expect_open(scene, &application, "material:portrait", true);
}

static void an_approved_application_is_shut(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_as_owner(scene, &application);
	expect_open(scene, &application, "work", false);
	expect_open(scene, &application, "never_judged", false);
}

static void facts_are_of_today_and_from_the_form(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *form;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_form(&scene->tx, &application, &form));
	json *facts = topics_facts(&scene->tx, form);
	assert_string_equal(json_get_text(facts, "on"), "2026-11-23");
	assert_string_equal(json_get_text(facts, "birth"), "1990-03-07");
	assert_true(json_equal(json_get(facts, "work"), json_get(form, "work")));
	assert_true(json_is_array(json_get(facts, "titles")));
	assert_null(json_get(facts, "name"));
}

/* The parts that are told to be missing, of a form with these lists, for a condition that asks for this. */
static const char *lacking(struct scene *scene, const char *requirement, const char *form)
{
	const char *manifest = arena_printf(
		scene->tx.arena, "{'conditions': [{'id': '1-1', 'requirement': %s}]}", requirement);
	const struct plan plan = {.manifest = scene_json(scene, manifest)};
	struct buffer told = buffer_in(scene->tx.arena, 256);

	scene_forget(scene);
	topics_requirements(&scene->tx, &plan, "1-1", scene_json(scene, form));
	for (const struct fault *fault = scene->error.faults; fault; fault = fault->next) {
		assert_string_equal(fault->code, "application.missing");
		buffer_text(&told, fault->pointer);
	}
	return told.data ? told.data : "";
}

#define BY_CERTIFICATE "{'kind': 'certificate'}"
#define BY_WORK        "{'kind': 'work'}"
#define BY_TITLE       "{'kind': 'title'}"
#define BY_DIPLOMA     "{'kind': 'diploma'}"

static void every_part_that_a_condition_is_judged_by_must_be_there(void **state)
{
	struct scene *scene = *state;
	static const char both[] = "{'all': [" BY_CERTIFICATE ", " BY_WORK "]}";

	assert_string_equal(lacking(scene, both, "{}"), "/certificates/work");
	assert_string_equal(lacking(scene, both, "{'work': []}"), "/certificates/work");
	assert_string_equal(lacking(scene, both, "{'work': [1]}"), "/certificates");
	assert_string_equal(lacking(scene, both, "{'work': [1], 'certificates': [1]}"), "");
	assert_string_equal(lacking(scene, "{'kind': 'age'}", "{}"), "");
}

static void of_alternatives_the_nearest_is_asked_for_and_one_is_enough(void **state)
{
	struct scene *scene = *state;
	static const char either[] = "{'any': [" BY_TITLE ", " BY_DIPLOMA "]}";
	static const char uneven[] = "{'any': [{'all': [" BY_CERTIFICATE ", " BY_WORK
				     "]}, {'all': [" BY_DIPLOMA ", " BY_WORK ", " BY_TITLE "]}]}";

	assert_string_equal(lacking(scene, either, "{}"), "/titles"); /* the first of equals */
	assert_string_equal(lacking(scene, either, "{'diplomas': [1]}"), "");
	assert_string_equal(lacking(scene, either, "{'titles': [1]}"), "");
	assert_string_equal(lacking(scene, uneven, "{}"), "/certificates/work");
	assert_string_equal(lacking(scene, uneven, "{'diplomas': [1], 'titles': [1]}"), "/work");
	assert_string_equal(lacking(scene, uneven, "{'certificates': [1], 'work': [1]}"), "");
}

static void alternatives_stand_beside_what_all_need(void **state)
{
	struct scene *scene = *state;
	static const char mixed[] =
		"{'all': [" BY_WORK ", {'any': [" BY_TITLE ", " BY_CERTIFICATE "]}]}";

	assert_string_equal(lacking(scene, mixed, "{}"), "/work/titles");
	assert_string_equal(lacking(scene, mixed, "{'certificates': [1]}"), "/work");
	assert_string_equal(lacking(scene, mixed, "{'work': [1], 'titles': [1]}"), "");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(birth_and_gender_follow_from_a_resident_card),
		IN_SCENE(ethnicity_is_asked_of_all_but_foreigners),
		IN_SCENE(with_another_document_birth_and_gender_must_be_told),
		IN_SCENE(a_residence_permit_tells_birth_and_gender_as_a_card_does),
		IN_SCENE(faults_of_details_are_told_where_they_are),
		IN_SCENE(the_same_person_applies_to_a_plan_once),
		IN_SCENE(a_number_typed_into_a_draft_keeps_nobody_out),
		IN_SCENE(the_identity_is_one_that_the_plan_takes),
		IN_SCENE(what_a_plan_takes_no_more_is_not_handed_in),
		IN_SCENE(a_plan_with_a_list_of_identities_takes_those),
		IN_SCENE(the_condition_is_one_of_the_plugin),
		IN_SCENE(certificates_are_refused_by_number_and_date),
		IN_SCENE(a_certificate_of_today_is_kept_with_its_number_normalised),
		IN_SCENE(a_topic_replaces_its_own_lists_and_no_other),
		IN_SCENE(work_is_refused_where_it_is_typed),
		IN_SCENE(related_work_is_taken_by_its_name_or_with_an_argument),
		IN_SCENE(nothing_is_changed_when_the_plan_has_closed),
		IN_SCENE(after_a_rejection_what_failed_is_open_and_nothing_else),
		IN_SCENE(after_a_wrong_condition_what_another_asks_for_is_open),
		IN_SCENE(with_another_condition_the_form_is_judged_anew),
		IN_SCENE(a_form_that_failed_is_not_mended_by_another_condition),
		IN_SCENE(what_has_passed_stays_locked_in_the_next_round),
		IN_SCENE(an_approved_application_is_shut),
		IN_SCENE(facts_are_of_today_and_from_the_form),
		IN_SCENE(every_part_that_a_condition_is_judged_by_must_be_there),
		IN_SCENE(of_alternatives_the_nearest_is_asked_for_and_one_is_enough),
		IN_SCENE(alternatives_stand_beside_what_all_need),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
