/*
 * Materials (S7, S8): asked for by the condition, examined before they are kept, replaced as a whole, and for ever
 * what a revision pinned.
 */
#include "office.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "document/picture.h"
#include "exam/material.h"
#include "exam/submission.h"
#include "exam/topics.h"

#include <cmocka.h>

static enum result receive(
	struct scene *scene, struct application *application, const char *material)
{
	struct material_upload upload;

	return material_receive(&scene->tx, application, material,
		bytes_of("no picture", strlen("no picture")), &upload);
}

static struct material_upload upload_of(struct scene *scene, const char *content)
{
	struct material_upload upload = {.checks = json_new_array(scene->tx.arena)};
	struct files *files;

	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	assert_ok(scene, files_put(files, bytes_of(content, strlen(content)), "image/jpeg",
				 &upload.file, &scene->error));
	return upload;
}

static void attach(struct scene *scene, struct application *application, const char *material,
	const char *content)
{
	struct material_upload upload = upload_of(scene, content);
	json *view;

	assert_ok(scene, material_attach(&scene->tx, application, material, &upload, &view));
	assert_string_equal(json_get_text(view, "material"), material);
	assert_string_equal(json_get_text(view, "sha256"), upload.file.sha256);
}

static void expect_content(struct scene *scene, const struct application *application,
	int64_t revision, const char *content)
{
	struct bytes read;

	assert_ok(scene, material_read(&scene->tx, application, "portrait", revision, &read));
	assert_int_equal(read.size, strlen(content));
	assert_memory_equal(read.data, content, read.size);
}

static void choose_condition(struct scene *scene, struct application *application)
{
	assert_ok(scene, application_put_condition(&scene->tx, application,
				 scene_json(scene, "{'condition': '1-1'}")));
}

static void without_a_condition_nothing_is_asked_for(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	assert_fails(scene, receive(scene, &application, "portrait"), CONFLICT,
		"material.condition_first");
}

static void what_the_condition_does_not_ask_for_is_not_taken(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_draft(scene, SCENE_MOBILE, &application);
	choose_condition(scene, &application);
	assert_fails(
		scene, receive(scene, &application, "diploma"), NOT_FOUND, "material.not_asked");
	assert_string_equal(scene_param(scene, "material"), "diploma");
	assert_string_equal(scene_param(scene, "condition"), "1-1");
	struct material_upload upload = upload_of(scene, "a diploma");
	assert_fails(scene, material_attach(&scene->tx, &application, "diploma", &upload, &view),
		NOT_FOUND, "material.not_asked");
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM material"), 0);
}

static void a_picture_that_fails_is_refused_with_each_check(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	choose_condition(scene, &application);
	assert_fails(scene, receive(scene, &application, "portrait"), INVALID, "material.refused");
	assert_non_null(scene->error.faults);
	assert_true(text_starts(scene_fault(scene, ""), "picture."));
}

static void a_newer_file_takes_the_place_of_the_older(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *list;

	scene_draft(scene, SCENE_MOBILE, &application);
	choose_condition(scene, &application);
	attach(scene, &application, "portrait", "the first");
	expect_content(scene, &application, 0, "the first");
	attach(scene, &application, "portrait", "the second");
	expect_content(scene, &application, 0, "the second");
	assert_ok(scene, material_list(&scene->tx, application.id, &list));
	assert_int_equal(json_count(list), 1);
	assert_int_equal(json_get_integer(json_first(list), "size"), strlen("the second"));
	assert_int_equal(scene_audited(scene, "application.changed"), 3);
}

static void a_revision_keeps_the_file_that_it_was_judged_by(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	attach(scene, &application, "portrait", "the first");
	assert_ok(scene, application_submit(&scene->tx, &application));
	attach(scene, &application, "portrait", "the second");
	assert_int_equal(application.revision, 2);
	expect_content(scene, &application, 1, "the first");
	expect_content(scene, &application, 2, "the second");
	expect_content(scene, &application, 0, "the second");
}

/* Also without the consent that an upload needs. */
static void what_was_uploaded_is_taken_back(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *list;

	scene_draft(scene, SCENE_MOBILE, &application);
	scene_fill(scene, 1, &application);
	assert_ok(scene, store_run(scene->db, "DELETE FROM consent", BIND_NONE, &scene->error));
	assert_ok(scene, material_remove(&scene->tx, &application, "portrait"));
	assert_fails(scene, material_remove(&scene->tx, &application, "portrait"), NOT_FOUND,
		"material.not_there");
	assert_ok(scene, material_list(&scene->tx, application.id, &list));
	json_each(left, list) assert_string_not_equal(json_get_text(left, "material"), "portrait");
	assert_fails(scene, application_submit(&scene->tx, &application), INVALID, "input.invalid");
	assert_non_null(scene_fault(scene, "/materials/portrait"));
}

static void what_a_reviewer_waits_for_is_not_taken_back(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_fails(scene, material_remove(&scene->tx, &application, "portrait"), INVALID,
		"input.invalid");
	assert_non_null(scene_fault(scene, "/materials/portrait"));
}

static void what_was_not_uploaded_is_not_there(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct bytes content;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_fails(scene, material_read(&scene->tx, &application, "diploma", 0, &content),
		NOT_FOUND, "material.not_there");
	assert_fails(scene, material_read(&scene->tx, &application, "diploma", 1, &content),
		NOT_FOUND, "material.not_there");
	assert_fails(scene, material_read(&scene->tx, &application, "portrait", 9, &content),
		NOT_FOUND, "material.not_there");
}

static void what_has_passed_is_not_replaced(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_reject(scene, &application, "work");
	office_as_owner(scene, &application);
	assert_fails(
		scene, receive(scene, &application, "portrait"), CONFLICT, "application.locked");
	struct material_upload upload = upload_of(scene, "another face");
	assert_fails(scene, material_attach(&scene->tx, &application, "portrait", &upload, &view),
		CONFLICT, "application.locked");
	assert_string_equal(scene_param(scene, "item"), "material:portrait");
}

static void after_the_plan_has_closed_nothing_is_uploaded(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_draft(scene, SCENE_MOBILE, &application);
	choose_condition(scene, &application);
	scene_at(scene, "2026-12-15T17:00:00+08:00");
	assert_fails(scene, receive(scene, &application, "portrait"), CONFLICT, "plan.not_open");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(without_a_condition_nothing_is_asked_for),
		IN_SCENE(what_the_condition_does_not_ask_for_is_not_taken),
		IN_SCENE(a_picture_that_fails_is_refused_with_each_check),
		IN_SCENE(a_newer_file_takes_the_place_of_the_older),
		IN_SCENE(a_revision_keeps_the_file_that_it_was_judged_by),
		IN_SCENE(what_was_uploaded_is_taken_back),
		IN_SCENE(what_a_reviewer_waits_for_is_not_taken_back),
		IN_SCENE(what_was_not_uploaded_is_not_there),
		IN_SCENE(what_has_passed_is_not_replaced),
		IN_SCENE(after_the_plan_has_closed_nothing_is_uploaded),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
