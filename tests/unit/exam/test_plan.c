/*
 * Plans (S12): what applying a document refuses and by which place, what it never changes for those who have
 * applied, and who sees a plan when.
 */
#include "scene.h"

#include <string.h>

#include "exam/plan.h"
#include "exam/plan_desk.h"
#include "exam/plan_change.h"
#include "exam/submission.h"
#include "plugin/catalogue.h"

#include <cmocka.h>

#define APPLY_FROM  "2026-11-01T09:00:00+08:00"
#define APPLY_UNTIL "2026-12-15T17:00:00+08:00"

static int64_t moment(const char *text)
{
	int64_t at;

	assert_int_equal(moment_parse(text, &at), OK);
	return at;
}

static struct plan plan_of(struct scene *scene, const char *id)
{
	struct plan plan;

	assert_ok(scene, plan_load(&scene->tx, id, &plan));
	return plan;
}

/* The scene's plan as its document has it, to be changed. */
static json *document(struct scene *scene)
{
	return json_copy(scene->tx.arena, plan_of(scene, scene->plan_id).document);
}

static void put(struct scene *scene, json *object, const char *name, const char *text)
{
	json_set_text(scene->tx.arena, object, name, text);
}

static const char *apply(struct scene *scene, const json *document)
{
	const char *id = NULL;

	assert_ok(scene, plan_apply(&scene->tx, document, &id));
	return id;
}

static void refuse(struct scene *scene, const json *document, const char *pointer, const char *code)
{
	const char *id = NULL;

	assert_fails(scene, plan_apply(&scene->tx, document, &id), INVALID, "input.invalid");
	assert_non_null(scene_fault(scene, pointer));
	assert_string_equal(scene_fault(scene, pointer), code);
	assert_null(id);
}

static void a_plan_is_what_its_document_says(void **state)
{
	struct scene *scene = *state;
	struct plan plan = plan_of(scene, scene->plan_id);

	assert_string_equal(plan.code, "2026-scm-1");
	assert_string_equal(plan.occupation_name, "供应链管理师");
	assert_int_equal(plan.level, 1);
	assert_int_equal(plan.sequence, 1);
	assert_int_equal(plan.fee_fen, 68000);
	assert_int_equal(plan.places, 120);
	assert_int_equal(plan.apply_from, moment(APPLY_FROM));
	assert_int_equal(plan.apply_until, moment(APPLY_UNTIL));
	assert_int_equal(plan.tickets_from, 0);
	assert_string_equal(plan.plugin_id, "supply-chain-manager.1");
	assert_int_equal(strlen(plan.plugin_sha256), 64);
	assert_string_equal(json_get_text(plan.manifest, "level_name"), "一级/高级技师");
}

static void a_second_plan_gets_the_next_number(void **state)
{
	struct scene *scene = *state;
	json *other = document(scene);

	put(scene, other, "code", "2026-scm-2");
	put(scene, other, "filing_no", "HA2026009");
	const char *id = apply(scene, other);
	assert_string_not_equal(id, scene->plan_id);
	assert_int_equal(plan_of(scene, id).sequence, 2);
	assert_int_equal(scene_audited(scene, "plan.applied"), 2);
}

static void moments_out_of_order_are_told_by_pointer(void **state)
{
	struct scene *scene = *state;
	json *faulty = document(scene);

	put(scene, json_get(faulty, "apply"), "until", "2026-10-31T17:00:00+08:00");
	refuse(scene, faulty, "/apply/until", "plan.order");

	faulty = document(scene);
	put(scene, faulty, "pay_until", "2026-12-15T16:59:59+08:00");
	put(scene, faulty, "papers_until", "2026-12-14T17:00:00+08:00");
	refuse(scene, faulty, "/pay_until", "plan.order");
	assert_string_equal(scene_fault(scene, "/papers_until"), "plan.order");
}

static void applying_takes_some_time(void **state)
{
	struct scene *scene = *state;
	json *faulty = document(scene);

	put(scene, json_get(faulty, "apply"), "from", APPLY_UNTIL);
	refuse(scene, faulty, "/apply/until", "plan.order");
}

/* The subject of that number in a fresh copy of the document, which *faulty becomes. */
static json *subject_of(struct scene *scene, int number, json **faulty)
{
	*faulty = document(scene);
	return json_at_pointer(*faulty, arena_printf(scene->tx.arena, "/exam/subjects/%d", number));
}

static void a_subject_ends_after_it_begins(void **state)
{
	struct scene *scene = *state;
	json *faulty;

	put(scene, subject_of(scene, 1, &faulty), "until", "2026-12-27T12:59:59+08:00");
	refuse(scene, faulty, "/exam/subjects/1/until", "plan.exam_end");
	put(scene, subject_of(scene, 1, &faulty), "until", "2026-12-27T13:00:00+08:00");
	refuse(scene, faulty, "/exam/subjects/1/until", "plan.exam_end");
	put(scene, subject_of(scene, 1, &faulty), "until", "2026-12-27");
	refuse(scene, faulty, "/exam/subjects/1/until", "plan.moment");
}

static void subjects_do_not_overlap_but_may_touch(void **state)
{
	struct scene *scene = *state;
	json *faulty;

	put(scene, subject_of(scene, 1, &faulty), "from", "2026-12-27T10:29:59+08:00");
	refuse(scene, faulty, "/exam/subjects/1/from", "plan.exam_overlap");
	assert_null(scene_fault(scene, "/exam/subjects/0/from"));
	put(scene, subject_of(scene, 1, &faulty), "from", "2026-12-27T10:30:00+08:00");
	(void)apply(scene, faulty);
}

static void no_exam_begins_before_the_papers_are_in(void **state)
{
	struct scene *scene = *state;
	json *faulty;
	json *subject = subject_of(scene, 2, &faulty);

	put(scene, subject, "from", "2026-12-20T16:30:00+08:00");
	put(scene, subject, "until", "2026-12-20T17:30:00+08:00");
	refuse(scene, faulty, "/exam/subjects/2/from", "plan.exam_early");
	put(scene, subject, "from", "2026-12-20T17:00:00+08:00");
	(void)apply(scene, faulty);
}

static void rooms_have_names_of_their_own(void **state)
{
	struct scene *scene = *state;
	json *faulty = document(scene);

	put(scene, json_at_pointer(faulty, "/exam/rooms/1"), "name", "第1考场");
	refuse(scene, faulty, "/exam/rooms/1/name", "plan.room_twice");
}

static void what_is_no_moment_is_told_and_blames_no_other(void **state)
{
	struct scene *scene = *state;
	json *faulty = document(scene);

	put(scene, json_get(faulty, "apply"), "from", "2026-11-31T09:00:00+08:00");
	refuse(scene, faulty, "/apply/from", "plan.moment");
	assert_null(scene_fault(scene, "/apply/until"));

	faulty = document(scene);
	put(scene, faulty, "pay_until", "2026-12-18");
	refuse(scene, faulty, "/pay_until", "plan.moment");
	assert_null(scene_fault(scene, "/papers_until"));
}

static void the_subjects_are_those_of_the_plugin_each_of_them(void **state)
{
	struct scene *scene = *state;
	json *faulty = document(scene);
	json *subjects = json_get(json_get(faulty, "exam"), "subjects");

	put(scene, json_first(subjects), "subject", "essay");
	refuse(scene, faulty, "/exam/subjects/0/subject", "plan.subject");

	/* One twice does not stand for two. */
	put(scene, json_first(subjects), "subject", "skill");
	refuse(scene, faulty, "/exam/subjects", "plan.subjects_missing");
	assert_string_equal(scene_fault(scene, "/exam/subjects/1/subject"), "plan.subject_twice");

	faulty = document(scene);
	json_set(scene->tx.arena, json_get(faulty, "exam"), "subjects",
		json_new_array(scene->tx.arena));
	refuse(scene, faulty, "/exam/subjects", "plan.subjects_missing");
}

static void an_occupation_and_level_without_a_plugin_is_refused(void **state)
{
	struct scene *scene = *state;
	json *other = document(scene);
	const char *id;

	put(scene, other, "code", "2026-scm-2");
	json_set_integer(scene->tx.arena, other, "level", 2);
	assert_fails(scene, plan_apply(&scene->tx, other, &id), NOT_FOUND, "plugin.none");
}

/* A later version of the plugin and one of another level, in the catalogue that all tests of this program share:
 * the test removes them. */
static void later_version_install(struct scene *scene, bool there)
{
	static const char *const adding[] = {
		"INSERT INTO plugin SELECT 'later', plugin_id, '1.2.0', version_order + 1,"
		" occupation_code, occupation_name, level, 'later.so', state, reason, reason_at,"
		" installed_at, signed_by FROM plugin",
		"INSERT INTO plugin_manifest SELECT 'later', REPLACE(manifest, '1.1.0', '1.2.0')"
		" FROM plugin_manifest",
		"INSERT INTO plugin SELECT 'lower', 'supply-chain-manager.2', version, version_order,"
		" occupation_code, occupation_name, 2, 'lower.so', state, reason, reason_at,"
		" installed_at, signed_by FROM plugin WHERE sha256 = 'later'",
		"INSERT INTO plugin_manifest SELECT 'lower', manifest FROM plugin_manifest"
		" WHERE sha256 = 'later'",
	};
	static const char *const removing[] = {
		"DELETE FROM plugin_manifest WHERE sha256 IN ('later', 'lower')",
		"DELETE FROM plugin WHERE sha256 IN ('later', 'lower')"};
	const char *const *statements = there ? adding : removing;
	struct store *control CLEANUP(store_close_at) = NULL;
	const char *path = arena_printf(scene->tx.arena, "%s/control.db", scene->folder);

	assert_ok(scene, store_open(path, STORE_WRITE, &control, &scene->error));
	assert_ok(scene, store_begin(control, &scene->error));
	for (size_t i = 0; i < (there ? COUNT(adding) : COUNT(removing)); i++)
		assert_ok(scene, store_run(control, statements[i], BIND_NONE, &scene->error));
	assert_ok(scene, store_commit(control, &scene->error));
}

/* Without a table there is trouble with the catalogue, as with a disk that fails; the teardown puts it back. */
static void catalogue_break(struct scene *scene, bool broken)
{
	struct store *control CLEANUP(store_close_at) = NULL;
	const char *path = arena_printf(scene->tx.arena, "%s/control.db", scene->folder);

	assert_ok(scene, store_open(path, STORE_WRITE, &control, &scene->error));
	assert_ok(scene, store_begin(control, &scene->error));
	assert_ok(scene, store_run(control,
				 broken ? "ALTER TABLE plugin RENAME TO elsewhere"
					: "ALTER TABLE elsewhere RENAME TO plugin",
				 BIND_NONE, &scene->error));
	assert_ok(scene, store_commit(control, &scene->error));
}

static int catalogue_mend(void **state)
{
	catalogue_break(*state, false);
	return scene_end(state);
}

static int later_version_remove(void **state)
{
	struct scene *scene = *state;

	later_version_install(scene, false);
	return scene_end(state);
}

static void applying_again_changes_what_may_change(void **state)
{
	struct scene *scene = *state;
	struct plan before = plan_of(scene, scene->plan_id);
	json *changed = document(scene);

	put(scene, changed, "name", "改名后的计划");
	json_set_integer(scene->tx.arena, changed, "places", 7);
	assert_string_equal(apply(scene, changed), scene->plan_id);

	struct plan after = plan_of(scene, scene->plan_id);
	assert_string_equal(after.name, "改名后的计划");
	assert_int_equal(after.places, 7);
	assert_int_equal(after.sequence, before.sequence);
	assert_int_equal(after.version, before.version + 1);
	assert_string_equal(after.plugin_sha256, before.plugin_sha256);
}

static void a_plan_that_nobody_has_applied_to_takes_the_newest_plugin(void **state)
{
	struct scene *scene = *state;

	later_version_install(scene, true);
	(void)apply(scene, document(scene));
	struct plan plan = plan_of(scene, scene->plan_id);
	assert_string_equal(plan.plugin_version, "1.2.0");
	assert_string_equal(plan.plugin_sha256, "later");
	assert_string_equal(json_get_text(plan.manifest, "version"), "1.2.0");
}

static void a_plan_with_applications_keeps_its_plugin(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *id;

	scene_draft(scene, SCENE_MOBILE, &application);
	later_version_install(scene, true);
	json *again = document(scene);
	put(scene, again, "name", "改名后的计划");
	(void)apply(scene, again);
	struct plan plan = plan_of(scene, scene->plan_id);
	assert_string_equal(plan.name, "改名后的计划");
	assert_string_equal(plan.plugin_version, "1.1.0");
	assert_string_equal(json_get_text(plan.manifest, "version"), "1.1.0");

	json_set(scene->tx.arena, again, "plugin",
		scene_json(scene, "{'id': 'supply-chain-manager.1', 'version': '1.2.0'}"));
	assert_fails(scene, plan_apply(&scene->tx, again, &id), CONFLICT, "plan.pinned");
	assert_string_equal(scene_param(scene, "code"), "2026-scm-1");
}

/* The code of what keeps the office from this change, NULL: nothing. */
static const char *refused(struct scene *scene, const json *document, const char *pointer)
{
	const struct plan plan = plan_of(scene, scene->plan_id);
	const struct plan_reading reading = {.known = {.applications = 2},
		.moments = {.apply_from = plan.apply_from,
			.apply_until = plan.apply_until,
			.pay_until = plan.pay_until,
			.papers_until = plan.papers_until}};

	assert_ok(scene, plan_change_check(&scene->tx, &plan, document, &reading));
	return scene_fault(scene, pointer);
}

/* An application that a registrar has restored may be one more than there are places for. */
static void what_is_full_beyond_its_places_may_change_otherwise(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *full = document(scene);

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_submitted(scene, "13800000002", 2, &application);
	assert_ok(scene, store_run(scene->db, "UPDATE plan SET places = ?1", BIND(INTEGER(1)),
				 &scene->error));
	json_set_integer(scene->tx.arena, full, "places", 1);
	assert_null(refused(scene, full, "/places"));
}

static void the_office_cannot_take_back_places(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *places = document(scene);

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	scene_submitted(scene, "13800000002", 2, &application);
	json_set_integer(scene->tx.arena, places, "places", 1);
	assert_string_equal(refused(scene, places, "/places"), "plan.places_taken");
	json_set_integer(scene->tx.arena, places, "places", 2);
	assert_null(refused(scene, places, "/places"));
	json_set_integer(scene->tx.arena, places, "places", 0); /* as many as come */
	assert_null(refused(scene, places, "/places"));
}

static void what_people_have_applied_for_stays(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *other = document(scene);

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	put(scene, other, "work_type", "选品员");
	json_set_integer(scene->tx.arena, other, "fee_fen", 1);
	assert_string_equal(refused(scene, other, "/work_type"), "plan.work_type_fixed");
	assert_string_equal(refused(scene, other, "/fee_fen"), "plan.fee_fixed");
	assert_null(refused(scene, document(scene), "/work_type"));
}

/* By itself a plan takes everyone as 职工. */
static void who_may_apply_still_may_and_others_may_be_added(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *other = document(scene);

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	json_set(scene->tx.arena, other, "identities", scene_json(scene, "['学生']"));
	assert_string_equal(refused(scene, other, "/identities"), "plan.identities_fewer");
	json_set(scene->tx.arena, other, "identities", scene_json(scene, "['学生', '职工']"));
	assert_null(refused(scene, other, "/identities"));
	(void)apply(scene, other);
	json_remove(other, "identities");
	assert_string_equal(refused(scene, other, "/identities"), "plan.identities_fewer");
	json_set(scene->tx.arena, other, "identities",
		scene_json(scene, "['社会人员', '职工', '学生']"));
	assert_null(refused(scene, other, "/identities"));
}

/* The exam with other rooms than two of thirty seats. */
static json *rooms(struct scene *scene, const char *text)
{
	json *changed = document(scene);

	json_set(scene->tx.arena, json_get(changed, "exam"), "rooms", scene_json(scene, text));
	return changed;
}

static void what_is_printed_on_tickets_stays_and_seats_may_be_added(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *elsewhere = document(scene);
	json *fewer = rooms(
		scene, "[{'name': '第1考场', 'seats': 29}, {'name': '第2考场', 'seats': 40}]");
	json *before = rooms(
		scene, "[{'name': '第2考场', 'seats': 30}, {'name': '第1考场', 'seats': 30}]");
	json *more =
		rooms(scene, "[{'name': '第1考场', 'seats': 31}, {'name': '第2考场', 'seats': 30},"
			     " {'name': '第3考场', 'seats': 5}]");

	put(scene, json_get(elsewhere, "exam"), "venue", "另一考点");
	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene,
		store_run(scene->db, "UPDATE plan SET tickets_from = 1", BIND_NONE, &scene->error));
	assert_null(refused(scene, elsewhere, "/exam")); /* opened, and none was issued */
	assert_null(refused(scene, fewer, "/exam"));

	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO ticket (application_id, plan_id, number, room, seat, issued_at)"
			" VALUES (?1, ?2, '1', '甲', 1, 1)",
			BIND(TEXT(application.id), TEXT(scene->plan_id)), &scene->error));
	assert_string_equal(refused(scene, elsewhere, "/exam"), "plan.seats_fixed");
	assert_string_equal(refused(scene, fewer, "/exam"), "plan.seats_fixed");
	assert_string_equal(refused(scene, before, "/exam"), "plan.seats_fixed");
	assert_null(refused(scene, more, "/exam"));
	assert_null(refused(scene, document(scene), "/exam"));
}

static void an_operators_file_takes_nothing_back_from_those_who_have_applied(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *dearer = document(scene), *shorter = document(scene);
	int64_t fee = plan_of(scene, scene->plan_id).fee_fen;

	json_set_integer(scene->tx.arena, dearer, "fee_fen", fee + 100);
	(void)apply(scene, dearer);
	scene_draft(scene, SCENE_MOBILE, &application);
	json_set_integer(scene->tx.arena, dearer, "fee_fen", fee);
	refuse(scene, dearer, "/fee_fen", "plan.fee_fixed");
	assert_int_equal(plan_of(scene, scene->plan_id).fee_fen, fee + 100);

	json_set_integer(scene->tx.arena, shorter, "fee_fen", fee + 100);
	put(scene, shorter, "papers_until", "2026-12-24T17:00:00+08:00");
	(void)apply(scene, shorter);
	put(scene, shorter, "papers_until", "2026-12-24T16:59:59+08:00");
	refuse(scene, shorter, "/papers_until", "plan.shortened");
	json *later = json_copy(scene->tx.arena, shorter);
	put(scene, later, "papers_until", "2026-12-24T17:00:00+08:00");
	put(scene, json_get(later, "apply"), "from", "2026-12-14T09:00:00+08:00");
	refuse(scene, later, "/apply/from", "plan.begun");
}

static void change_under_a_disabled_plugin(
	struct scene *scene, json *changed, const char *papers_until)
{
	const char *sha256 = plan_of(scene, scene->plan_id).plugin_sha256;
	const char *id = NULL;

	put(scene, changed, "papers_until", papers_until);
	assert_ok(scene, catalogue_disable(scene->deployment.catalogue, sha256, &scene->error));
	enum result rc = plan_apply(&scene->tx, changed, &id);
	assert_ok(scene, catalogue_readmit(scene->deployment.catalogue, sha256, &scene->error));
	assert_int_equal(rc, OK);
	assert_int_equal(plan_of(scene, id).papers_until, moment(papers_until));
}

/* What is changed in a plan does not depend on what has become of its plugin, whether it names the version or not. */
static void a_plan_with_applications_is_changed_though_its_plugin_is_disabled(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct plan plan = plan_of(scene, scene->plan_id);
	json *named = document(scene);

	scene_draft(scene, SCENE_MOBILE, &application);
	change_under_a_disabled_plugin(scene, document(scene), "2026-12-24T17:00:00+08:00");
	json *plugin = json_set(scene->tx.arena, named, "plugin", json_new_object(scene->tx.arena));
	json_set_text(scene->tx.arena, plugin, "id", plan.plugin_id);
	json_set_text(scene->tx.arena, plugin, "version", plan.plugin_version);
	change_under_a_disabled_plugin(scene, named, "2026-12-25T17:00:00+08:00");
}

static void a_plan_with_applications_keeps_its_occupation_and_level(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *other = document(scene);
	const char *id;

	scene_draft(scene, SCENE_MOBILE, &application);
	json_set_integer(scene->tx.arena, other, "level", 2);
	assert_fails(scene, plan_apply(&scene->tx, other, &id), CONFLICT, "plan.pinned");
	assert_int_equal(plan_of(scene, scene->plan_id).level, 1);
}

/* Nobody is in it yet: it may still become another one. */
static void a_plan_that_nobody_has_applied_to_takes_another_level(void **state)
{
	struct scene *scene = *state;
	json *other = document(scene);

	later_version_install(scene, true);
	json_set_integer(scene->tx.arena, other, "level", 2);
	json_set(scene->tx.arena, other, "plugin",
		scene_json(scene, "{'id': 'supply-chain-manager.2'}"));
	(void)apply(scene, other);
	assert_int_equal(plan_of(scene, scene->plan_id).level, 2);
}

static const char *draft_plan(struct scene *scene)
{
	json *other = document(scene);

	put(scene, other, "code", "2026-scm-2");
	put(scene, other, "filing_no", "HA2026009");
	put(scene, other, "state", "draft");
	return apply(scene, other);
}

static void a_draft_is_seen_by_the_office_only(void **state)
{
	struct scene *scene = *state;
	struct plan plan;
	json *view;

	scene_as_system(scene);
	const char *id = draft_plan(scene);

	scene_as_nobody(scene);
	assert_fails(scene, plan_load(&scene->tx, id, &plan), NOT_FOUND, "plan.unknown");
	(void)scene_as_candidate(scene, SCENE_MOBILE);
	assert_fails(scene, plan_load(&scene->tx, id, &plan), NOT_FOUND, "plan.unknown");
	assert_ok(scene, plan_list(&scene->tx, NULL, 0, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 1);

	(void)scene_as_staff(scene, "admin");
	assert_string_equal(plan_of(scene, id).state, "draft");
	assert_ok(scene, plan_list_all(&scene->tx, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 2);
	assert_fails(scene, plan_load(&scene->tx, "none", &plan), NOT_FOUND, "plan.unknown");
}

static void trouble_with_the_catalogue_is_no_judgement_of_a_draft(void **state)
{
	struct scene *scene = *state;
	json *view = NULL;

	scene_as_system(scene);
	const char *id = draft_plan(scene);

	(void)scene_as_staff(scene, "admin");
	catalogue_break(scene, true);
	assert_fails(scene, plan_desk_view(&scene->tx, id, &view), BROKEN, "store.broken");
	assert_non_null(strstr(scene->error.internal, "no such table"));
	assert_fails(scene, plan_desk_publish(&scene->tx, id, plan_of(scene, id).version), BROKEN,
		"store.broken");
	assert_non_null(strstr(scene->error.internal, "no such table"));
}

static void a_closed_plan_is_still_found_but_not_listed(void **state)
{
	struct scene *scene = *state;
	json *closed = document(scene), *view;

	put(scene, closed, "state", "closed");
	(void)apply(scene, closed);
	struct plan plan = plan_of(scene, scene->plan_id);
	assert_fails(scene, plan_expect_open(&scene->tx, &plan), CONFLICT, "plan.not_open");
	assert_ok(scene, plan_list(&scene->tx, NULL, 0, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 0);
}

/* Whoever closes it chooses nothing: neither another version of the plugin, nor whether there is one. */
static void a_plan_that_nobody_has_applied_to_is_closed_with_the_plugin_that_it_has(void **state)
{
	struct scene *scene = *state;
	struct plan before = plan_of(scene, scene->plan_id);

	later_version_install(scene, true);
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, plan_desk_close(&scene->tx, before.id, before.version));
	struct plan after = plan_of(scene, before.id);
	assert_string_equal(after.state, "closed");
	assert_string_equal(json_get_text(after.document, "state"), "closed");
	assert_string_equal(after.plugin_version, before.plugin_version);
	later_version_install(scene, false);

	(void)apply(scene, before.document);
	before = plan_of(scene, scene->plan_id);
	assert_string_equal(before.state, "published");
	assert_ok(scene, catalogue_disable(
				 scene->deployment.catalogue, before.plugin_sha256, &scene->error));
	enum result rc = plan_desk_close(&scene->tx, before.id, before.version);
	assert_ok(scene, catalogue_readmit(
				 scene->deployment.catalogue, before.plugin_sha256, &scene->error));
	assert_int_equal(rc, OK);
	assert_string_equal(plan_of(scene, before.id).state, "closed");
	assert_int_equal(scene_audited(scene, "plan.applied"), 4);
}

static void a_plan_is_open_from_its_first_moment_until_before_its_last(void **state)
{
	struct scene *scene = *state;
	struct plan plan = plan_of(scene, scene->plan_id);
	static const struct {
		const char *at;
		bool open;
	} cases[] = {
		{"2026-11-01T08:59:59.999+08:00", false},
		{APPLY_FROM, true},
		{"2026-12-15T16:59:59.999+08:00", true},
		{APPLY_UNTIL, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		json *view;

		scene_at(scene, cases[i].at);
		if (cases[i].open)
			assert_ok(scene, plan_expect_open(&scene->tx, &plan));
		else
			assert_fails(scene, plan_expect_open(&scene->tx, &plan), CONFLICT,
				"plan.not_open");
		assert_ok(scene, plan_view(&scene->tx, &plan, &view));
		assert_int_equal(json_get_true(view, "open"), cases[i].open);
	}
}

static void the_next_change_is_the_next_opening_or_closing(void **state)
{
	struct scene *scene = *state;
	int64_t at;

	scene_at(scene, "2026-10-01T00:00:00+08:00");
	assert_ok(scene, plan_next_change(&scene->tx, &at));
	assert_int_equal(at, moment(APPLY_FROM));
	scene_at(scene, APPLY_FROM);
	assert_ok(scene, plan_next_change(&scene->tx, &at));
	assert_int_equal(at, moment(APPLY_UNTIL));
	scene_at(scene, APPLY_UNTIL);
	assert_ok(scene, plan_next_change(&scene->tx, &at));
	assert_int_equal(at, 0);
}

static void the_list_can_be_narrowed_and_counts_places(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_ok(scene, plan_list(&scene->tx, "4-02-06-05", 1, &PAGE_FIRST, &view));
	assert_int_equal(json_integer(json_at_pointer(view, "/plans/0/places_taken")), 0);
	scene_fill(scene, 1, &application);
	assert_ok(scene, application_submit(&scene->tx, &application));
	assert_ok(scene, plan_list(&scene->tx, "4-02-06-05", 1, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 1);
	assert_int_equal(json_integer(json_at_pointer(view, "/plans/0/places_taken")), 1);
	assert_true(json_true(json_at_pointer(view, "/plans/0/open")));

	assert_ok(scene, plan_list(&scene->tx, "4-01-06-01", 0, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 0);
	assert_ok(scene, plan_list(&scene->tx, NULL, 2, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "plans")), 0);
}

static void a_plan_is_shown_with_exam_conditions_materials_and_district_rules(void **state)
{
	struct scene *scene = *state;
	struct plan plan = plan_of(scene, scene->plan_id);
	json *view;

	assert_ok(scene, plan_view(&scene->tx, &plan, &view));
	assert_string_equal(json_text(json_at_pointer(view, "/exam/venue")), "海淀考点（示例）");
	assert_string_equal(json_text(json_at_pointer(view, "/conditions/0/id")), "1-1");
	assert_int_equal(json_count(json_get(view, "materials")), 7);
	assert_string_equal(json_text(json_at_pointer(view, "/overlays/0/name")), "电子商务师");
	assert_string_equal(json_get_text(view, "apply_until"), "2026-12-15T17:00:00.000+08:00");
	assert_true(json_is_null(json_get(view, "tickets_from")));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_plan_is_what_its_document_says),
		IN_SCENE(a_second_plan_gets_the_next_number),
		IN_SCENE(moments_out_of_order_are_told_by_pointer),
		IN_SCENE(applying_takes_some_time),
		IN_SCENE(a_subject_ends_after_it_begins),
		IN_SCENE(subjects_do_not_overlap_but_may_touch),
		IN_SCENE(no_exam_begins_before_the_papers_are_in),
		IN_SCENE(rooms_have_names_of_their_own),
		IN_SCENE(what_is_no_moment_is_told_and_blames_no_other),
		IN_SCENE(the_subjects_are_those_of_the_plugin_each_of_them),
		IN_SCENE(an_occupation_and_level_without_a_plugin_is_refused),
		IN_SCENE(applying_again_changes_what_may_change),
		cmocka_unit_test_setup_teardown(
			a_plan_that_nobody_has_applied_to_takes_the_newest_plugin, scene_begin,
			later_version_remove),
		cmocka_unit_test_setup_teardown(a_plan_with_applications_keeps_its_plugin,
			scene_begin, later_version_remove),
		IN_SCENE(what_is_full_beyond_its_places_may_change_otherwise),
		IN_SCENE(the_office_cannot_take_back_places),
		IN_SCENE(what_people_have_applied_for_stays),
		IN_SCENE(who_may_apply_still_may_and_others_may_be_added),
		IN_SCENE(what_is_printed_on_tickets_stays_and_seats_may_be_added),
		IN_SCENE(an_operators_file_takes_nothing_back_from_those_who_have_applied),
		IN_SCENE(a_plan_with_applications_is_changed_though_its_plugin_is_disabled),
		IN_SCENE(a_plan_with_applications_keeps_its_occupation_and_level),
		cmocka_unit_test_setup_teardown(
			a_plan_that_nobody_has_applied_to_takes_another_level, scene_begin,
			later_version_remove),
		IN_SCENE(a_draft_is_seen_by_the_office_only),
		cmocka_unit_test_setup_teardown(
			trouble_with_the_catalogue_is_no_judgement_of_a_draft, scene_begin,
			catalogue_mend),
		IN_SCENE(a_closed_plan_is_still_found_but_not_listed),
		IN_SCENE(a_plan_that_nobody_has_applied_to_is_closed_with_the_plugin_that_it_has),
		IN_SCENE(a_plan_is_open_from_its_first_moment_until_before_its_last),
		IN_SCENE(the_next_change_is_the_next_opening_or_closing),
		IN_SCENE(the_list_can_be_narrowed_and_counts_places),
		IN_SCENE(a_plan_is_shown_with_exam_conditions_materials_and_district_rules),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
