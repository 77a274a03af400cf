/*
 * Uploads: so many and so much within a day, for an application and for its account; what was replaced goes, but not at
 * once, and never what a revision holds.
 */
#include "office.h"

#include <stdlib.h>
#include <string.h>

#include "exam/deadline.h"
#include "exam/material.h"
#include "exam/sweep.h"
#include "exam/topics.h"
#include "exam/upload.h"

#include <cmocka.h>

static void drafted(struct scene *scene, struct application *application)
{
	scene_draft(scene, SCENE_MOBILE, application);
	assert_ok(scene, application_put_condition(&scene->tx, application,
				 scene_json(scene, "{'condition': '1-1'}")));
}

static struct files *files_of(struct scene *scene)
{
	struct files *files;

	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	return files;
}

/* Is the file still there? */
static bool there(struct scene *scene, const char *file_id)
{
	struct file_reading reading;
	struct error none = {.arena = scene->tx.arena};

	return files_read(files_of(scene), file_id, &reading, &none) == OK;
}

static const char *current(struct scene *scene)
{
	return scene_text(scene, "SELECT file_id FROM material WHERE material = 'portrait'");
}

/* So many of that size, as if they had just been uploaded by the application's account. */
static void counted(
	struct scene *scene, const struct application *application, int count, int64_t size)
{
	for (int i = 0; i < count; i++)
		assert_ok(
			scene, store_run(scene->db,
				       "INSERT INTO upload (file_id, application_id, account_id,"
				       " size, uploaded_at) VALUES (?1, ?2, ?3, ?4, ?5)",
				       BIND(TEXT(arena_printf(scene->tx.arena, "%d of %d", i,
						    (int)scene->tx.now)),
					       TEXT(application->id), TEXT(application->account_id),
					       INTEGER(size), INTEGER(scene->tx.now)),
				       &scene->error));
}

static void an_application_has_so_many_uploads_a_day(void **state)
{
	struct scene *scene = *state;
	struct application application;

	drafted(scene, &application);
	counted(scene, &application, LIMIT_DAY_UPLOADS_APPLICATION - 1, 1000);
	scene_pass(scene, HOUR_MS);
	scene_upload(scene, &application, "portrait");
	assert_fails(scene, upload_expect_room(&scene->tx, &application, 1), TOO_MANY,
		"material.day_count");
	assert_string_equal(scene_param(scene, "most"), "60");
	assert_int_equal(strtol(scene_param(scene, "seconds"), NULL, 10), 23 * 3600 + 1);

	/* Neither half takes it. */
	struct material_upload upload = {.checks = json_new_array(scene->tx.arena)};
	json *view;
	assert_ok(scene, files_put(files_of(scene), bytes_of("more", 4), "image/jpeg", &upload.file,
				 &scene->error));
	assert_fails(scene, material_attach(&scene->tx, &application, "portrait", &upload, &view),
		TOO_MANY, "material.day_count");
	assert_fails(scene,
		material_receive(&scene->tx, &application, "portrait", bytes_of("x", 1), &upload),
		TOO_MANY, "material.day_count");
	scene_pass(scene, 23 * HOUR_MS);
	scene_upload(scene, &application, "portrait");
}

static void an_application_has_so_many_bytes_a_day(void **state)
{
	struct scene *scene = *state;
	struct application application;

	drafted(scene, &application);
	counted(scene, &application, 10, LIMIT_DAY_BYTES_APPLICATION / 10 - 1);
	assert_ok(scene, upload_expect_room(&scene->tx, &application, 10));
	assert_fails(scene, upload_expect_room(&scene->tx, &application, 11), TOO_MANY,
		"material.day_bytes");
	assert_string_equal(scene_param(scene, "most"), "200");
	scene_pass(scene, DAY_MS);
	assert_ok(scene, upload_expect_room(&scene->tx, &application, 11));
}

/* Whichever of its applications they were for. */
static void an_account_has_so_many_uploads_a_day(void **state)
{
	struct scene *scene = *state;
	struct application application, other;

	drafted(scene, &application);
	other = application;
	counted(scene, &application, LIMIT_DAY_UPLOADS_ACCOUNT, 1000);
	other.id = "another of the same";
	assert_fails(
		scene, upload_expect_room(&scene->tx, &other, 1), TOO_MANY, "material.day_count");
	assert_string_equal(scene_param(scene, "most"), "120");
	other.account_id = "somebody else";
	assert_ok(scene, upload_expect_room(&scene->tx, &other, 1));
}

static void what_was_replaced_goes_after_an_hour(void **state)
{
	struct scene *scene = *state;
	struct application application;

	drafted(scene, &application);
	scene_upload(scene, &application, "portrait");
	const char *first = current(scene);
	/* Long after its row was swept away. */
	scene_pass(scene, 3 * DAY_MS);
	struct deadline_counts counts;
	bool more;
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM upload"), 0);
	office_as_owner(scene, &application);
	scene_upload(scene, &application, "portrait");
	const char *second = current(scene);

	scene_pass(scene, LIMIT_REPLACED_LIFE - 1);
	assert_ok(scene, uploads_free(&scene->tx));
	assert_true(there(scene, first));
	scene_pass(scene, 1);
	assert_ok(scene, uploads_free(&scene->tx));
	assert_false(there(scene, first));
	assert_true(there(scene, second));
	assert_ok(scene, uploads_free(&scene->tx));

	/* Its trace stays as long as it counts, and goes with the day. */
	scene_pass(scene, 2 * DAY_MS);
	scene_as_system(scene);
	assert_ok(scene, deadline_run(&scene->tx, &counts, &more));
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM upload"), 0);
	assert_true(there(scene, second));
}

/* A backup may have copied the row that named it and not yet the file; and who takes a consent back need not wait for a
 * day until the picture goes. */
static void what_was_taken_back_goes_after_an_hour(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct sweep sweep = {0};

	for (int days = 0; days < 3; days += 2) {
		if (days == 0)
			drafted(scene, &application);
		scene_upload(scene, &application, "portrait");
		const char *file = current(scene);
		scene_pass(scene, days * DAY_MS);
		office_as_owner(scene, &application);
		assert_ok(scene, material_remove(&scene->tx, &application, "portrait"));
		scene_pass(scene, LIMIT_REPLACED_LIFE - 1);
		assert_ok(scene, uploads_free(&scene->tx));
		assert_ok(scene, sweep_plan(&scene->tx, &sweep));
		assert_true(there(scene, file));
		scene_pass(scene, 1);
		assert_ok(scene, uploads_free(&scene->tx));
		assert_false(there(scene, file));
	}
}

static void what_a_revision_holds_stays(void **state)
{
	struct scene *scene = *state;
	struct application application;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	const char *judged = current(scene);
	scene_upload(scene, &application, "portrait");
	const char *edited = current(scene);
	scene_pass(scene, 2 * LIMIT_REPLACED_LIFE);
	assert_ok(scene, uploads_free(&scene->tx));
	assert_true(there(scene, judged));
	assert_true(there(scene, edited));
}

static void a_file_that_nothing_names_is_forgotten_once_and_for_all(void **state)
{
	struct scene *scene = *state;
	struct file_facts file;

	assert_ok(scene, files_put(files_of(scene), bytes_of("more", 4), "image/jpeg", &file,
				 &scene->error));
	assert_ok(scene, upload_forget(&scene->tx, scene->plan_id, file.id));
	assert_false(there(scene, file.id));
	assert_ok(scene, upload_forget(&scene->tx, scene->plan_id, file.id));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(an_application_has_so_many_uploads_a_day),
		IN_SCENE(an_application_has_so_many_bytes_a_day),
		IN_SCENE(an_account_has_so_many_uploads_a_day),
		IN_SCENE(what_was_replaced_goes_after_an_hour),
		IN_SCENE(what_was_taken_back_goes_after_an_hour),
		IN_SCENE(what_a_revision_holds_stays),
		IN_SCENE(a_file_that_nothing_names_is_forgotten_once_and_for_all),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
