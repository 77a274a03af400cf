/*
 * Secrets of a centre: sealed, replaced, told by name alone.
 */
#include "scene.h"

#include <string.h>

#include "exam/secret.h"

#include <cmocka.h>

#define SECRET "placeholder-secret-of-nobody"

static const char *got(struct scene *scene, const char *name)
{
	const char *value = NULL;

	assert_ok(scene, secret_get(&scene->tx, name, &value));
	return value;
}

static void a_secret_comes_back_as_it_was_set(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", SECRET));
	assert_string_equal(got(scene, "sms-tencent"), SECRET);
	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", "another"));
	assert_string_equal(got(scene, "sms-tencent"), "another");
	assert_int_equal(scene_audited(scene, "secret.set"), 2);
}

static void what_lies_in_the_database_is_not_the_secret(void **state)
{
	struct scene *scene = *state;

	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", SECRET));
	assert_int_equal(
		scene_number(scene, "SELECT COUNT(*) FROM secret WHERE INSTR(CAST(value_sealed AS"
				    " TEXT), 'placeholder') > 0"),
		0);
	assert_int_equal(scene_number(scene, "SELECT COUNT(*) FROM audit WHERE detail LIKE"
					     " '%placeholder%'"),
		0);
}

static void a_value_copied_to_another_name_does_not_open(void **state)
{
	struct scene *scene = *state;
	const char *value;

	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", SECRET));
	assert_ok(scene, store_run(scene->db, "UPDATE secret SET name = 'sms-aliyun'", BIND_NONE,
				 &scene->error));
	assert_fails(scene, secret_get(&scene->tx, "sms-aliyun", &value), BROKEN, "seal.damaged");
}

static void what_is_not_set_is_told_by_its_name(void **state)
{
	struct scene *scene = *state;
	const char *value;

	assert_fails(
		scene, secret_get(&scene->tx, "sms-tencent", &value), NOT_FOUND, "secret.none");
	assert_string_equal(scene_param(scene, "name"), "sms-tencent");
	assert_fails(scene, secret_remove(&scene->tx, "sms-tencent"), NOT_FOUND, "secret.none");
}

static void a_removed_secret_is_gone(void **state)
{
	struct scene *scene = *state;
	const char *value;

	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", SECRET));
	assert_ok(scene, secret_remove(&scene->tx, "sms-tencent"));
	assert_fails(
		scene, secret_get(&scene->tx, "sms-tencent", &value), NOT_FOUND, "secret.none");
	assert_int_equal(scene_audited(scene, "secret.removed"), 1);
}

static void names_and_lengths_have_their_limits(void **state)
{
	struct scene *scene = *state;
	static const char *const bad[] = {
		"", "Sms", ".sms", "sms key", "1", "abcdefghijklmnopqrstuvwxyzabcdefghijklmno"};
	char *longest = arena_alloc(scene->tx.arena, LIMIT_SECRET + 2);

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_fails(scene, secret_set(&scene->tx, bad[i], SECRET), INVALID, "secret.name");
	assert_fails(scene, secret_set(&scene->tx, "sms", ""), INVALID, "secret.empty");
	memset(longest, 'x', LIMIT_SECRET);
	assert_ok(scene, secret_set(&scene->tx, "sms", longest));
	longest[LIMIT_SECRET] = 'x';
	assert_fails(scene, secret_set(&scene->tx, "sms", longest), INVALID, "secret.long");
}

static void the_list_has_names_and_moments_only(void **state)
{
	struct scene *scene = *state;
	json *secrets = NULL;

	assert_ok(scene, secret_set(&scene->tx, "sms-tencent", SECRET));
	assert_ok(scene, secret_set(&scene->tx, "sms-aliyun", SECRET));
	assert_ok(scene, secret_list(&scene->tx, &secrets));
	assert_string_equal(json_print(scene->tx.arena, secrets),
		"[{\"name\":\"sms-aliyun\",\"changed_at\":\"2026-11-23T09:00:00.000+08:00\"},"
		"{\"name\":\"sms-tencent\",\"changed_at\":\"2026-11-23T09:00:00.000+08:00\"}]");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_secret_comes_back_as_it_was_set),
		IN_SCENE(what_lies_in_the_database_is_not_the_secret),
		IN_SCENE(a_value_copied_to_another_name_does_not_open),
		IN_SCENE(what_is_not_set_is_told_by_its_name),
		IN_SCENE(a_removed_secret_is_gone),
		IN_SCENE(names_and_lengths_have_their_limits),
		IN_SCENE(the_list_has_names_and_moments_only),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
