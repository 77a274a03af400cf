/*
 * After a rotation: every value that an older key has sealed is sealed by the newest, and opens as before.
 */
#include "scene.h"

#include <string.h>

#include "base/id.h"
#include "exam/account.h"
#include "exam/reseal.h"
#include "exam/secret.h"
#include "exam/second_factor.h"

#include <cmocka.h>

#define OWN_KEYS(test) cmocka_unit_test_setup_teardown(test, begin, scene_end)

static struct seal_key keys[2];
static struct keyring ring; /* with a newer key than the scene's */

static int begin(void **state)
{
	int failed = scene_begin(state);
	struct scene *scene = *state;

	scene->tx.keys = tenant_keys(scene->tenant);
	return failed;
}

static void rotate(struct scene *scene)
{
	const struct keyring *old = scene->tx.keys;

	assert_int_equal(old->count, 1);
	ring = *old;
	keys[0] = old->keys[0];
	keys[1].id = keys[0].id + 1;
	random_bytes(keys[1].secret, sizeof(keys[1].secret));
	ring.keys = keys;
	ring.count = 2;
	scene->tx.keys = &ring;
}

static void forget_the_old(void)
{
	ring.keys = keys + 1;
	ring.count = 1;
}

static struct reseal reseal_all(struct scene *scene)
{
	struct reseal reseal = {0};

	for (bool more = true; more;)
		assert_ok(scene, reseal_values(&scene->tx, &reseal, &more));
	return reseal;
}

/* In columns whose names say so; `others`: of those, how many another key than `id` has sealed. */
static int64_t sealed_values(struct scene *scene, uint32_t id, int64_t *others)
{
	json *columns;
	int64_t all = 0;

	*others = 0;
	assert_ok(scene,
		store_array(scene->db, scene->arena,
			"SELECT t.name AS \"table\", c.name AS \"column\" FROM sqlite_master t,"
			" pragma_table_info(t.name) c WHERE t.type = 'table'"
			" AND c.name LIKE '%\\_sealed' ESCAPE '\\'",
			BIND_NONE, &columns, &scene->error));
	assert_int_equal(json_count(columns), 6);
	json_each(column, columns)
	{
		const char *name = json_get_text(column, "column");
		const char *from = arena_printf(scene->arena, "FROM %s WHERE length(%s) > 0",
			json_get_text(column, "table"), name);
		int64_t values =
			scene_number(scene, arena_printf(scene->arena, "SELECT COUNT(*) %s", from));

		assert_true(values > 0);
		all += values;
		*others += scene_number(scene,
			arena_printf(scene->arena,
				"SELECT COUNT(*) %s AND hex(substr(%s, 2, 4)) <> '%02X000000'",
				from, name, id));
	}
	return all;
}

/* Something in each of them. */
static void seal_something(struct scene *scene, struct application *application)
{
	json *out;

	scene_submitted(scene, SCENE_MOBILE, 1, application);
	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", "placeholder"));
	scene_as_staff(scene, "admin");
	assert_ok(scene, second_factor_begin(&scene->tx, &out));
}

static void every_sealed_value_is_sealed_by_the_newest_key(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *mobile, *secret;
	int64_t others, all;
	json *before, *after;

	seal_something(scene, &application);
	assert_ok(scene, application_form(&scene->tx, &application, &before));
	rotate(scene);
	all = sealed_values(scene, keys[1].id, &others);
	assert_int_equal(others, all);

	struct reseal reseal = reseal_all(scene);
	assert_int_equal(reseal.values, all);
	assert_int_equal(reseal.damaged, 0);
	assert_int_equal(sealed_values(scene, keys[1].id, &others), all);
	assert_int_equal(others, 0);

	forget_the_old();
	assert_ok(scene, application_load(&scene->tx, application.id, &application));
	assert_ok(scene, application_form(&scene->tx, &application, &after));
	assert_string_equal(json_print(scene->arena, after), json_print(scene->arena, before));
	assert_ok(scene, account_mobile(&scene->tx, application.account_id, &mobile));
	assert_string_equal(mobile, SCENE_MOBILE);
	assert_ok(scene, secret_get(&scene->tx, "sms-tencent", &secret));
	assert_string_equal(secret, "placeholder");
	assert_int_equal(reseal_all(scene).values, 0);
	assert_int_equal(reseal_all(scene).damaged, 0); /* each opens, without the old key */
}

static void more_values_than_go_at_once_are_all_taken(void **state)
{
	struct scene *scene = *state;

	for (int i = 0; i < 250; i++)
		assert_ok(scene, secret_set(&scene->tx, arena_printf(scene->arena, "sms-%d", i),
					 "placeholder"));
	rotate(scene);
	int64_t before = scene_number(scene, "SELECT COUNT(*) FROM secret");
	assert_true((int64_t)reseal_all(scene).values >= before);
	assert_int_equal(
		scene_number(scene,
			arena_printf(scene->arena,
				"SELECT COUNT(*) FROM secret WHERE hex(substr(value_sealed, 2, 4))"
				" <> '%02X000000'",
				keys[1].id)),
		0);
}

static void what_does_not_open_stays_and_is_counted(void **state)
{
	struct scene *scene = *state;
	const char *value;

	assert_ok(scene, secret_set(&scene->tx, "sms-aliyun", "placeholder"));
	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", "placeholder"));
	assert_ok(
		scene, store_run(scene->db,
			       "UPDATE secret SET name = 'sms-webhook' WHERE name = 'sms-tencent'",
			       BIND_NONE, &scene->error));
	const char *kept = scene_text(
		scene, "SELECT hex(value_sealed) FROM secret WHERE name = 'sms-webhook'");
	rotate(scene);
	assert_int_equal(reseal_all(scene).damaged, 1);
	assert_string_equal(
		scene_text(
			scene, "SELECT hex(value_sealed) FROM secret WHERE name = 'sms-webhook'"),
		kept);
	forget_the_old();
	assert_ok(scene, secret_get(&scene->tx, "sms-aliyun", &value));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		OWN_KEYS(every_sealed_value_is_sealed_by_the_newest_key),
		OWN_KEYS(more_values_than_go_at_once_are_all_taken),
		OWN_KEYS(what_does_not_open_stays_and_is_counted),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
