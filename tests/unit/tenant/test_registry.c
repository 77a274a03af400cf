/*
 * The registry: adding tenants, their hosts, suspending, keys; and a kill at any moment.
 */
#include "house.h"

#include <signal.h>
#include <sys/wait.h>

#include "../store/disk.h"

static enum result add(struct house *house, const char *slug)
{
	struct registry *registry = open_registry(house);

	enum result rc = registry_add(registry, slug, fresh_error(house->scratch));
	registry_close(registry);
	return rc;
}

static enum result set_hosts(struct house *house, const char *slug, const char *text)
{
	struct registry *registry = open_registry(house);
	struct error *error = fresh_error(house->scratch);
	json *hosts;

	assert_ok(json_parse(house->scratch->arena, text, strlen(text), &hosts, error));
	enum result rc = registry_set_hosts(registry, slug, hosts, error);
	registry_close(registry);
	return rc;
}

static const char *list(struct house *house)
{
	struct registry *registry = open_registry(house);
	json *tenants;

	assert_ok(registry_list(
		registry, house->scratch->arena, &tenants, fresh_error(house->scratch)));
	registry_close(registry);
	return json_print(house->scratch->arena, tenants);
}

static struct keyring keys_of(struct house *house, const char *slug)
{
	struct registry *registry = open_registry(house);
	struct keyring keys;

	assert_ok(registry_keys(
		registry, house->scratch->arena, slug, &keys, fresh_error(house->scratch)));
	registry_close(registry);
	return keys;
}

static void a_tenant_has_a_row_a_database_and_keys(void **state)
{
	struct house *house = *state;
	struct tenant *tenant;
	struct store *db;

	clock_set_ms(INT64_C(1795305600000));
	assert_ok(add(house, "haidian"));
	assert_string_equal(list(house), "[{\"slug\":\"haidian\",\"state\":\"active\",\"hosts\":[],"
					 "\"created_at\":\"2026-11-22T08:00:00.000+08:00\"}]");
	assert_ok(tenant_attach(
		house->scratch->folder, "haidian", &tenant, &db, fresh_error(house->scratch)));
	assert_int_equal(number(house->scratch, db, "SELECT count(*) FROM plan"), 0);
	assert_int_equal(tenant_keys(tenant)->count, 1);
	tenant_detach(tenant);
}

static void a_slug_is_taken_once(void **state)
{
	struct house *house = *state;

	assert_ok(add(house, "haidian"));
	struct keyring before = keys_of(house, "haidian");
	assert_fails(house->scratch, add(house, "haidian"), CONFLICT, "tenant.exists");
	assert_string_equal(error_param(house->scratch, "slug"), "haidian");
	assert_memory_equal(
		keys_of(house, "haidian").keys[0].secret, before.keys[0].secret, SEAL_KEY_SIZE);
}

static void a_slug_is_two_to_31_small_letters_digits_and_hyphens(void **state)
{
	struct house *house = *state;
	static const char *const bad[] = {"", "a", "A1", "1a", "-a", "a_b", "a.b", "../x", "a/b",
		"海淀", "a b", "haidian\n", "abcdefghijklmnopqrstuvwxyz012345"};

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_fails(house->scratch, add(house, bad[i]), INVALID, "tenant.slug");
	assert_string_equal(list(house), "[]");
	assert_ok(add(house, "a1"));
	assert_ok(add(house, "abcdefghijklmnopqrstuvwxyz01234"));
}

static void each_tenant_has_keys_of_its_own(void **state)
{
	struct house *house = *state;

	assert_ok(add(house, "haidian"));
	assert_ok(add(house, "shijingshan"));
	struct keyring one = keys_of(house, "haidian"), two = keys_of(house, "shijingshan");
	assert_memory_not_equal(one.keys[0].secret, two.keys[0].secret, SEAL_KEY_SIZE);
	assert_memory_not_equal(one.index_key, two.index_key, SEAL_KEY_SIZE);
}

static void keys_copied_to_another_tenant_do_not_open(void **state)
{
	struct house *house = *state;
	struct keyring keys;

	assert_ok(add(house, "haidian"));
	assert_ok(add(house, "shijingshan"));
	struct registry *registry = open_registry(house);
	struct error *error = fresh_error(house->scratch);
	run(house->scratch, registry_store(registry),
		"UPDATE tenant SET keys_wrapped ="
		" (SELECT keys_wrapped FROM tenant WHERE slug = 'haidian')");
	assert_ok(registry_keys(registry, house->scratch->arena, "haidian", &keys, error));
	assert_fails(house->scratch,
		registry_keys(registry, house->scratch->arena, "shijingshan", &keys, error), BROKEN,
		"tenant.keys_damaged");
	registry_close(registry);
}

static void after_a_rotation_old_values_open_and_new_ones_have_the_new_key(void **state)
{
	struct house *house = *state;
	struct arena *arena = house->scratch->arena;
	const char *text;

	assert_ok(add(house, "haidian"));
	struct keyring old = keys_of(house, "haidian");
	struct bytes sealed = seal_text(arena, &old, "note.text:1", "旧");

	struct registry *registry = open_registry(house);
	assert_ok(registry_rotate(registry, "haidian", fresh_error(house->scratch)));
	assert_ok(registry_rotate(registry, "haidian", fresh_error(house->scratch)));
	registry_close(registry);

	struct keyring new = keys_of(house, "haidian");
	assert_int_equal(new.count, 3);
	assert_int_equal(new.keys[0].id, old.keys[0].id);
	assert_true(new.keys[0].id < new.keys[1].id &&new.keys[1].id < new.keys[2].id);
	assert_memory_equal(new.index_key, old.index_key, SEAL_KEY_SIZE);
	assert_ok(unseal_text(
		arena, &new, "note.text:1", sealed, &text, fresh_error(house->scratch)));
	assert_string_equal(text, "旧");

	sealed = seal_text(arena, &new, "note.text:1", "新");
	assert_int_not_equal(
		unseal_text(arena, &old, "note.text:1", sealed, &text, fresh_error(house->scratch)),
		OK);
}

static void suspending_is_noted_and_taken_back(void **state)
{
	struct house *house = *state;

	assert_ok(add(house, "haidian"));
	struct registry *registry = open_registry(house);
	assert_ok(registry_suspend(
		registry, "haidian", true, "费用未结清", fresh_error(house->scratch)));
	assert_non_null(strstr(list(house), "\"state\":\"suspended\""));
	assert_ok(registry_suspend(registry, "haidian", false, NULL, fresh_error(house->scratch)));
	assert_non_null(strstr(list(house), "\"state\":\"active\""));
	registry_close(registry);
}

static void an_unknown_tenant_is_not_found(void **state)
{
	struct house *house = *state;
	struct registry *registry = open_registry(house);
	struct scratch *scratch = house->scratch;
	struct keyring keys;

	assert_fails(scratch,
		registry_suspend(registry, "nobody", true, NULL, fresh_error(scratch)), NOT_FOUND,
		"tenant.unknown");
	assert_fails(scratch, registry_rotate(registry, "nobody", fresh_error(scratch)), NOT_FOUND,
		"tenant.unknown");
	assert_fails(scratch,
		registry_keys(registry, scratch->arena, "nobody", &keys, fresh_error(scratch)),
		NOT_FOUND, "tenant.unknown");
	registry_close(registry);
	assert_fails(scratch, set_hosts(house, "nobody", "[]"), NOT_FOUND, "tenant.unknown");
}

static void a_host_leads_to_one_tenant(void **state)
{
	struct house *house = *state;

	assert_ok(add(house, "haidian"));
	assert_ok(add(house, "shijingshan"));
	assert_ok(set_hosts(house, "haidian", "[\"hd.example.org\", \"exam.example.org\"]"));
	assert_fails(house->scratch,
		set_hosts(house, "shijingshan", "[\"sjs.example.org\", \"Exam.Example.ORG\"]"),
		CONFLICT, "tenant.host_taken");
	assert_string_equal(error_param(house->scratch, "slug"), "haidian");
	assert_ok(set_hosts(house, "haidian", "[\"exam.example.org\"]"));
	assert_ok(set_hosts(house, "shijingshan", "[\"hd.example.org\"]"));
	assert_ok(set_hosts(house, "haidian", "[]"));
	assert_ok(set_hosts(house, "shijingshan", "[\"exam.example.org\"]"));
}

static void what_is_no_host_name_is_told_with_its_place(void **state)
{
	struct house *house = *state;

	assert_ok(add(house, "haidian"));
	assert_fails(house->scratch, set_hosts(house, "haidian", "{}"), INVALID, "tenant.hosts");
	assert_fails(house->scratch,
		set_hosts(house, "haidian",
			"[\"ok.example.org\", \"a:80\", 7, \"https://x\", \"a..b\", \".a\", \"\"]"),
		INVALID, "input.invalid");

	const struct fault *fault = house->scratch->error.faults;
	for (int i = 1; i <= 6; i++, fault = fault->next) {
		assert_string_equal(fault->code, "tenant.host_name");
		assert_string_equal(fault->pointer, arena_printf(house->scratch->arena, "/%d", i));
	}
	assert_null(fault);
	assert_non_null(strstr(list(house), "\"hosts\":[]"));
}

static void what_a_killed_add_has_left_is_completed(void **state)
{
	struct house *house = *state;
	struct tenant *tenant;
	struct store *db;
	struct registry *registry = open_registry(house);

	/* The database is there, the row is not. */
	assert_ok(add(house, "haidian"));
	run(house->scratch, registry_store(registry), "DELETE FROM tenant");
	registry_close(registry);
	assert_ok(add(house, "haidian"));
	assert_ok(tenant_attach(
		house->scratch->folder, "haidian", &tenant, &db, fresh_error(house->scratch)));
	assert_ok(store_check(db, fresh_error(house->scratch)));
	tenant_detach(tenant);
}

/* The child of a fork: adds, and is killed at that of its calls to the disk, if it has as many. */
static _Noreturn void add_until(struct house *house, const char *slug, long call)
{
	disk_mend();
	disk.killed_at = call;
	_exit((int)add(house, slug));
}

/* Each time some calls later, from before control.db is there to after the row is committed. */
static void an_add_can_be_killed_at_any_moment(void **state)
{
	struct house *house = *state;
	const long stride = getenv("KAOWU_FAULT") ? 1 : 11;
	int unfinished = 0, finished = 0;
	bool killed = true;

	for (long call = 1; killed; call += stride) {
		const char *slug = arena_printf(house->scratch->arena, "tenant-%ld", call);
		struct tenant *tenant;
		struct store *db;
		int status;
		pid_t child = fork();

		if (child == 0)
			add_until(house, slug, call);
		assert_int_equal(waitpid(child, &status, 0), child);
		killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		assert_true(killed || status == 0);

		enum result rc = add(house, slug);
		assert_true(rc == CONFLICT || (rc == OK && killed));
		unfinished += rc == OK;
		finished += rc == CONFLICT && killed;

		assert_ok(tenant_attach(
			house->scratch->folder, slug, &tenant, &db, fresh_error(house->scratch)));
		assert_int_equal(number(house->scratch, db, "SELECT count(*) FROM plan"), 0);
		tenant_detach(tenant);
	}
	printf("killed at each %ld. call: %d not yet done, %d done\n", stride, unfinished,
		finished);
	assert_true(unfinished > 20);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, house_make, house_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_tenant_has_a_row_a_database_and_keys),
		IN_FOLDER(a_slug_is_taken_once),
		IN_FOLDER(a_slug_is_two_to_31_small_letters_digits_and_hyphens),
		IN_FOLDER(each_tenant_has_keys_of_its_own),
		IN_FOLDER(keys_copied_to_another_tenant_do_not_open),
		IN_FOLDER(after_a_rotation_old_values_open_and_new_ones_have_the_new_key),
		IN_FOLDER(suspending_is_noted_and_taken_back),
		IN_FOLDER(an_unknown_tenant_is_not_found),
		IN_FOLDER(a_host_leads_to_one_tenant),
		IN_FOLDER(what_is_no_host_name_is_told_with_its_place),
		IN_FOLDER(what_a_killed_add_has_left_is_completed),
		IN_FOLDER(an_add_can_be_killed_at_any_moment),
	};

	disk_insert();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
