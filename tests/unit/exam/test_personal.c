/*
 * What a candidate agrees to: each time is kept, and there is an end to how often.
 */
#include "scene.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "exam/deadline.h"
#include "exam/personal.h"

#include <cmocka.h>

#define TEXT_AGREED "我同意收集和保存这些照片，仅用于本次认定（示例）。"

static int64_t kept(struct scene *scene)
{
	return scene_number(scene, "SELECT COUNT(*) FROM consent");
}

static void to_agree_has_an_end_in_a_day_and_to_take_it_back_has_none(void **state)
{
	struct scene *scene = *state;

	scene_as_candidate(scene, SCENE_MOBILE);
	for (int i = 0; i < LIMIT_DAY_CONSENTS; i++)
		assert_ok(scene, personal_consent(&scene->tx, "portrait", true, TEXT_AGREED));
	assert_fails(scene, personal_consent(&scene->tx, "portrait", true, TEXT_AGREED), TOO_MANY,
		"consent.many");
	assert_ok(scene, personal_consent(&scene->tx, "portrait", false, TEXT_AGREED));
	int64_t rows = kept(scene);
	assert_ok(scene, personal_consent(&scene->tx, "portrait", false, TEXT_AGREED));
	assert_int_equal(kept(scene), rows);
	scene_pass(scene, DAY_MS + 1);
	assert_ok(scene, personal_consent(&scene->tx, "portrait", true, TEXT_AGREED));
	assert_int_equal(kept(scene), rows + 1);
}

static void the_newest_of_each_kind_counts(void **state)
{
	struct scene *scene = *state;
	json *view;

	scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene, personal_consent(&scene->tx, "portrait", true, TEXT_AGREED));
	assert_ok(scene, personal_consent(&scene->tx, "id_images", true, TEXT_AGREED));
	scene_pass(scene, 1000);
	assert_ok(scene, personal_consent(&scene->tx, "portrait", false, TEXT_AGREED));
	assert_ok(scene, personal_view(&scene->tx, &view));
	const json *consents = json_get(view, "consents");
	assert_int_equal(json_count(consents), 2);
	json_each(consent, consents) assert_int_equal(json_get_true(consent, "granted"),
		text_equal(json_get_text(consent, "kind"), "id_images"));
}

/* A draft whose time has run out was never handed in. */
static void a_consent_taken_back_erases_what_was_never_handed_in(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct deadline_counts counts;
	bool more;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	scene_at(scene, "2026-12-15T17:00:00+08:00");
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(counts.expired, 1);
	(void)scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene, personal_consent(&scene->tx, "id_images", false, TEXT_AGREED));
	assert_int_equal(scene_number(scene,
				 "SELECT COUNT(*) FROM material WHERE material LIKE 'id_card_%'"),
		0);
}

/* Of as many rows and as long texts as a candidate may write, and what the machine said of them. */
static const char *form_longest(struct arena *arena)
{
	json *form = json_new_object(arena);
	json *work = json_set(arena, form, "work", json_new_array(arena));
	json *certificates = json_set(arena, form, "certificates", json_new_array(arena));
	const char *text = arena_printf(arena, "%0600d", 0);

	for (int i = 0; i < 2 * LIMIT_WORK_PERIODS; i++) {
		json *row = json_append(i % 2 ? work : certificates, json_new_object(arena));

		json_set_text(arena, row, "argument", text);
		json_set_text(arena, row, "employer", text);
		json_set_text(arena, row, "occupation", text);
		json_set_text(arena, row, "from", "2020-01");
		json_set_text(arena, row, "to", "2021-01");
	}
	return json_print(arena, form);
}

static void applications_insert(struct scene *scene, int count)
{
	struct arena *arena = scene->tx.arena;
	const char *form = form_longest(arena);

	for (int i = 0; i < count; i++) {
		const char *id = arena_printf(arena, "application-%d", i);
		struct bytes sealed = seal_text(arena, scene->tx.keys,
			arena_printf(arena, "application.form:%s", id), form);

		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO plan SELECT ?1, ?1, 1000 + ?2, NULL, name, 'closed', occupation_code,"
				" occupation_name, level, plugin_id, plugin_version, plugin_sha256, manifest, 1, 2,"
				" 3, 4, NULL, fee_fen, 0, document, 1, 1, 1 FROM plan LIMIT 1",
				BIND(TEXT(id), INTEGER(i)), &scene->error));
		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO application (id, number, plan_id, account_id, state, version,"
				" revision, condition_id, verdict, form_sealed, created_at, changed_at) VALUES"
				" (?1, ?1, ?1, ?2, 'expired', 1, 1, '1-1', ?4, ?3, 1, 1)",
				BIND(TEXT(id), TEXT(scene->tx.actor.id), BLOB(sealed), TEXT(form)),
				&scene->error));
	}
}

/* In the memory of one request, however it came to so many. */
static void all_that_is_kept_is_shown_though_there_are_ever_so_many(void **state)
{
	struct scene *scene = *state;
	struct arena *whole = scene->tx.arena, *own = arena_create(LIMIT_REQUEST_ARENA);
	json *view;

	scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene,
		store_run(scene->db,
			"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
			" INSERT INTO consent (id, account_id, kind, granted, text, decided_at)"
			" SELECT i, ?1, 'portrait', 1, printf('%01000d', i), i FROM n",
			BIND(TEXT(scene->tx.actor.id)), &scene->error));
	applications_insert(scene, LIMIT_ACCOUNT_APPLICATIONS);
	scene->tx.arena = own;
	scene->error.arena = own;
	assert_ok(scene, personal_data(&scene->tx, &view));
	assert_int_equal(json_count(json_get(view, "consents")), LIMIT_CONSENTS_SHOWN);
	assert_int_equal(json_count(json_get(view, "applications")), LIMIT_ACCOUNT_APPLICATIONS);
	assert_true(strlen(json_print(own, view)) > 0);
	scene->tx.arena = whole;
	scene->error.arena = whole;
	arena_destroy(own);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(to_agree_has_an_end_in_a_day_and_to_take_it_back_has_none),
		IN_SCENE(the_newest_of_each_kind_counts),
		IN_SCENE(a_consent_taken_back_erases_what_was_never_handed_in),
		IN_SCENE(all_that_is_kept_is_shown_though_there_are_ever_so_many),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
