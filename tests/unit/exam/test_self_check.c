/*
 * What the self-check finds that no server of the other tests has: settings of long ago, a door that stands open, a
 * machine that starts no worker.
 */
#include "scene.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "document/picture.h"
#include "exam/secret.h"
#include "exam/self_check.h"
#include "worker/worker.h"

#include <cmocka.h>

static struct self_check check_of(struct scene *scene, const struct self_check_server *server)
{
	return (struct self_check){.arena = scene->arena,
		.language = LANGUAGE_EN,
		.data_folder = scene->folder,
		.server = server,
		.findings = json_new_array(scene->arena)};
}

/* NULL: not found. */
static const char *severity_of(const struct self_check *check, const char *code)
{
	json_each(finding, check->findings)
	{
		if (text_equal(json_get_text(finding, "code"), code))
			return json_get_text(finding, "severity");
	}
	return NULL;
}

static const char *said_of_server(
	struct scene *scene, const struct self_check_server *server, const char *code)
{
	struct self_check check = check_of(scene, server);

	self_check_deployment(&check, &scene->deployment);
	return severity_of(&check, code);
}

static void a_door_that_stands_open_is_a_fault_but_of_a_demo(void **state)
{
	struct scene *scene = *state;
	const struct self_check_server closed = {0}, open = {.exposed = true},
				       demo = {.exposed = true, .demo = true};

	assert_null(said_of_server(scene, &closed, "check.exposed"));
	assert_string_equal(said_of_server(scene, &open, "check.exposed"), "fault");
	assert_string_equal(said_of_server(scene, &demo, "check.exposed"), "notice");
}

static void a_machine_that_starts_no_worker_is_told_of(void **state)
{
	struct scene *scene = *state;
	struct worker_pool *pool = scene->deployment.pictures;

	assert_string_equal(said_of_server(scene, NULL, "check.workers"), "fine");
	scene->deployment.pictures = picture_pool_create("/nowhere", 1);
	assert_string_equal(said_of_server(scene, NULL, "worker.start"), "fault");
	worker_pool_destroy(scene->deployment.pictures);
	scene->deployment.pictures = pool;
}

/* Past the check of tenant.json, which takes no such address any more. */
static void gateway_set(struct scene *scene, const char *url)
{
	const char *sms = arena_printf(
		scene->arena, "{'provider': 'webhook', 'webhook': {'url': '%s'}}", url);
	json *profile = scene_json(scene, "{'name': '示例中心'}");

	json_set(scene->arena, profile, "sms", scene_json(scene, sms));
	assert_ok(scene, store_begin(scene->db, &scene->error));
	assert_ok(scene, secret_set(&scene->tx, "sms-webhook", "placeholder-secret"));
	assert_ok(scene, store_run(scene->db, "UPDATE setting SET value = ?1 WHERE key = 'profile'",
				 BIND(TEXT(json_print(scene->arena, profile))), &scene->error));
	assert_ok(scene, store_commit(scene->db, &scene->error));
}

static const char *said_of_gateway(struct scene *scene, const char *url, const char *code)
{
	struct self_check check = check_of(scene, NULL);

	gateway_set(scene, url);
	self_check_data(&check);
	return severity_of(&check, code);
}

static void a_gateway_in_clear_is_a_fault(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
		said_of_gateway(scene, "http://gateway.example/sms", "check.sms_clear"), "fault");
	assert_null(said_of_gateway(scene, "https://gateway.example/sms", "check.sms_clear"));
	assert_string_equal(
		said_of_gateway(scene, "https://gateway.example/sms", "check.sms_by"), "fine");
}

/* As an older version may have taken it. */
static void a_rule_by_which_no_ticket_has_a_number_is_told_before_tickets_are_opened(void **state)
{
	struct scene *scene = *state;
	struct self_check fine = check_of(scene, NULL), wrong = check_of(scene, NULL);

	self_check_data(&fine);
	assert_null(severity_of(&fine, "ticket.rule"));
	assert_ok(scene, store_run(scene->db,
				 "UPDATE setting SET value = json_set(value, '$.ticket.rule',"
				 " '{plan}/{room}{seat}') WHERE key = 'profile'",
				 BIND_NONE, &scene->error));
	self_check_data(&wrong);
	assert_string_equal(severity_of(&wrong, "ticket.rule"), "fault");
}

static void a_centre_that_has_not_been_set_up_has_no_fault(void **state)
{
	struct scene *scene = *state;
	struct self_check check = check_of(scene, NULL);

	assert_ok(scene, store_run(scene->db, "DELETE FROM setting WHERE key = 'profile'",
				 BIND_NONE, &scene->error));
	self_check_data(&check);
	assert_null(severity_of(&check, "profile.none"));
}

static const char *said_of_staff(struct scene *scene, const char *required)
{
	struct self_check check = check_of(scene, NULL);
	json *profile = scene_json(scene, "{'name': '示例中心'}");

	json_set(scene->arena, profile, "second_factor",
		scene_json(scene, arena_printf(scene->arena, "{'required': [%s]}", required)));
	assert_ok(scene, store_run(scene->db, "UPDATE setting SET value = ?1 WHERE key = 'profile'",
				 BIND(TEXT(json_print(scene->arena, profile))), &scene->error));
	self_check_data(&check);
	json_each(finding, check.findings)
	{
		if (text_equal(json_get_text(finding, "code"), "check.staff_alone"))
			return json_get_text(finding, "sentence");
	}
	return NULL;
}

static void staff_with_a_password_alone_are_counted_where_no_more_is_demanded(void **state)
{
	struct scene *scene = *state;

	assert_null(said_of_staff(scene, "")); /* all are invited, and nobody has accepted */
	assert_ok(scene, store_run(scene->db,
				 "UPDATE account SET state = 'active' WHERE kind = 'staff'"
				 " AND login IN ('admin', 'cashier', 'auditor')",
				 BIND_NONE, &scene->error));
	assert_non_null(strstr(said_of_staff(scene, ""), "alone: 2;"));
	assert_non_null(strstr(said_of_staff(scene, "'admin'"), "alone: 1;"));
	assert_null(said_of_staff(scene, "'admin', 'cashier'"));
}

static void database_put(struct scene *scene, int number, struct bytes content)
{
	const char *path = arena_printf(scene->arena,
		"%s/tenants/" SCENE_SLUG "/files/00000000-0000-7000-8000-%012d.db", scene->folder,
		number);
	int file CLEANUP(descriptor_close_at) = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0 && file_write_all(file, content));
}

static size_t count_of(const struct self_check *check, const char *code)
{
	size_t count = 0;

	json_each(finding, check->findings) count +=
		text_equal(json_get_text(finding, "code"), code);
	return count;
}

/* Files of plans are many in the end, and a failing disk takes them all: neither may outgrow what the check holds. */
static void many_files_are_told_as_one_and_many_faults_up_to_a_limit(void **state)
{
	struct scene *scene = *state;
	struct self_check fine = check_of(scene, NULL), broken = check_of(scene, NULL);

	assert_true(
		mkdir(arena_printf(scene->arena, "%s/tenants/" SCENE_SLUG "/files", scene->folder),
			0700) == 0 ||
		errno == EEXIST);
	for (int i = 0; i < 3; i++)
		database_put(scene, i, bytes_of("", 0)); /* an empty file is an empty database */
	self_check_data(&fine);
	assert_int_equal(count_of(&fine, "check.files_whole"), 1);
	assert_int_equal(fine.faults, 0);

	for (int i = 0; i < 1003; i++)
		database_put(scene, i, bytes_of("this is no database", 19));
	self_check_data(&broken);
	assert_int_equal(broken.faults, 1003);
	assert_int_equal(count_of(&broken, "check.more_faults"), 1);
	assert_int_equal(json_count(broken.findings), json_count(fine.findings) - 1 + 1000 + 1);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_door_that_stands_open_is_a_fault_but_of_a_demo),
		cmocka_unit_test(a_machine_that_starts_no_worker_is_told_of),
		cmocka_unit_test(a_gateway_in_clear_is_a_fault),
		cmocka_unit_test(
			a_rule_by_which_no_ticket_has_a_number_is_told_before_tickets_are_opened),
		cmocka_unit_test(staff_with_a_password_alone_are_counted_where_no_more_is_demanded),
		cmocka_unit_test(many_files_are_told_as_one_and_many_faults_up_to_a_limit),
		cmocka_unit_test(a_centre_that_has_not_been_set_up_has_no_fault),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
