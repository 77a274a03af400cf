/*
 * The master key: made once, whole, for its owner alone; never replaced.
 */
#include "../store/synced.h"
#include "house.h"

#include <fcntl.h>
#include <sys/wait.h>

static const char *path_of(struct house *house, const char *name)
{
	return arena_printf(house->scratch->arena, "%s/%s", house->scratch->folder, name);
}

static void write_file(const char *path, const void *data, size_t size, mode_t mode)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(file >= 0);
	assert_int_equal(write(file, data, size), size);
	close(file);
}

static enum result try_open(struct house *house)
{
	struct registry *registry;

	enum result rc =
		registry_open(house->scratch->folder, &registry, fresh_error(house->scratch));
	if (!rc)
		registry_close(registry);
	return rc;
}

static void expect_refused(struct house *house, const char *code, const char *path)
{
	assert_fails(house->scratch, try_open(house), BROKEN, code);
	assert_string_equal(error_param(house->scratch, "path"), path);
}

static void expect_tenant_opens(struct house *house)
{
	struct registry *registry = open_registry(house);
	struct keyring keys;

	assert_ok(registry_keys(
		registry, house->scratch->arena, "one", &keys, fresh_error(house->scratch)));
	assert_int_equal(keys.count, 1);
	registry_close(registry);
}

static void it_is_made_at_first_use_for_its_owner_alone(void **state)
{
	struct house *house = *state;
	struct stat facts;

	umask(0);
	registry_close(open_registry(house));
	umask(022);
	assert_int_equal(stat(path_of(house, "master.key"), &facts), 0);
	assert_int_equal(facts.st_mode, S_IFREG | 0600);
	assert_int_equal(facts.st_size, SEAL_KEY_SIZE);
	assert_int_equal(facts.st_nlink, 1);
}

/* Its bytes, while it still lies beside its place. */
static void it_is_durable_before_anything_is_sealed_with_it(void **state)
{
	struct house *house = *state;

	synced.count = 0;
	registry_close(open_registry(house));
	assert_true(synced_has(path_of(house, "master.key.")));
}

static void it_is_read_again_and_not_made_again(void **state)
{
	struct house *house = *state;
	struct stat first, second;

	add_tenant(house, "one");
	assert_int_equal(stat(path_of(house, "master.key"), &first), 0);
	expect_tenant_opens(house);
	assert_int_equal(stat(path_of(house, "master.key"), &second), 0);
	assert_int_equal(first.st_ino, second.st_ino);
}

static void one_that_others_can_read_is_refused(void **state)
{
	struct house *house = *state;
	const char *path = path_of(house, "master.key");
	static const mode_t modes[] = {0640, 0604, 0620, 0666, 0601};

	add_tenant(house, "one");
	for (size_t i = 0; i < COUNT(modes); i++) {
		chmod(path, modes[i]);
		expect_refused(house, "tenant.master_key_exposed", path);
	}
	chmod(path, 0400);
	expect_tenant_opens(house);
}

static void one_that_is_lost_is_not_replaced_while_there_are_tenants(void **state)
{
	struct house *house = *state;
	const char *path = path_of(house, "master.key");

	add_tenant(house, "one");
	assert_int_equal(rename(path, path_of(house, "elsewhere")), 0);
	expect_refused(house, "tenant.master_key_missing", path);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(rename(path_of(house, "elsewhere"), path), 0);
	expect_tenant_opens(house);
}

static void one_of_another_size_is_refused(void **state)
{
	struct house *house = *state;
	const char *path = path_of(house, "master.key");
	static const uint8_t bytes[SEAL_KEY_SIZE + 1];

	write_file(path, bytes, 0, 0600);
	expect_refused(house, "tenant.master_key_damaged", path);
	write_file(path, bytes, SEAL_KEY_SIZE - 1, 0600);
	expect_refused(house, "tenant.master_key_damaged", path);
	write_file(path, bytes, SEAL_KEY_SIZE + 1, 0600);
	expect_refused(house, "tenant.master_key_damaged", path);
	write_file(path, bytes, SEAL_KEY_SIZE, 0600);
	assert_ok(try_open(house));
}

static void a_link_or_a_folder_in_its_place_is_refused(void **state)
{
	struct house *house = *state;
	const char *path = path_of(house, "master.key");
	static const uint8_t bytes[SEAL_KEY_SIZE];

	write_file(path_of(house, "elsewhere"), bytes, sizeof bytes, 0600);
	assert_int_equal(symlink("elsewhere", path), 0);
	expect_refused(house, "tenant.master_key_unreadable", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	expect_refused(house, "tenant.master_key_damaged", path);
}

/* Nor is anything added under it, which nobody could tell from the rest later. */
static void another_key_opens_nothing_and_is_refused(void **state)
{
	struct house *house = *state;
	static const uint8_t bytes[SEAL_KEY_SIZE] = "another";

	add_tenant(house, "one");
	add_tenant(house, "two");
	write_file(path_of(house, "master.key"), bytes, sizeof bytes, 0600);
	expect_refused(house, "tenant.master_key_other", house->scratch->folder);
}

/* However many tenants there are. */
static void another_key_is_refused_by_thousands(void **state)
{
	struct house *house = *state;
	static const uint8_t bytes[SEAL_KEY_SIZE] = "another";
	struct error *error = fresh_error(house->scratch);
	struct store *control CLEANUP(store_close_at) = NULL;

	add_tenant(house, "one");
	assert_ok(store_open(path_of(house, "control.db"), STORE_WRITE, &control, error));
	assert_ok(store_run(control,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
		" INSERT INTO tenant (slug, state, hosts, keys_wrapped, created_at)"
		" SELECT 't' || i, state, hosts, keys_wrapped, created_at FROM n, tenant WHERE slug = 'one'",
		BIND_NONE, error));
	write_file(path_of(house, "master.key"), bytes, sizeof bytes, 0600);
	expect_refused(house, "tenant.master_key_other", house->scratch->folder);
}

static void damaged_keys_of_one_tenant_leave_the_others_alone(void **state)
{
	struct house *house = *state;
	struct keyring keys;

	add_tenant(house, "one");
	add_tenant(house, "two");
	struct registry *registry = open_registry(house);
	run(house->scratch, registry_store(registry),
		"UPDATE tenant SET keys_wrapped = x'00' WHERE slug = 'one'");
	registry_close(registry);

	registry = open_registry(house);
	assert_ok(registry_keys(
		registry, house->scratch->arena, "two", &keys, fresh_error(house->scratch)));
	assert_fails(house->scratch,
		registry_keys(
			registry, house->scratch->arena, "one", &keys, fresh_error(house->scratch)),
		BROKEN, "tenant.keys_damaged");
	registry_close(registry);
}

static void the_credential_of_the_service_comes_first(void **state)
{
	struct house *house = *state;
	static const uint8_t bytes[SEAL_KEY_SIZE] = "credential";
	const char *credential = path_of(house, "credentials/kaowu-master-key");

	assert_int_equal(mkdir(path_of(house, "credentials"), 0700), 0);
	write_file(credential, bytes, sizeof bytes, 0440);
	setenv("CREDENTIALS_DIRECTORY", path_of(house, "credentials"), 1);
	add_tenant(house, "one");
	assert_int_equal(access(path_of(house, "master.key"), F_OK), -1);
	expect_tenant_opens(house);

	write_file(credential, bytes, 5, 0440);
	expect_refused(house, "tenant.master_key_damaged", credential);

	/* Other credentials only: then it is the file's turn. */
	assert_int_equal(unlink(credential), 0);
	expect_refused(house, "tenant.master_key_missing", path_of(house, "master.key"));
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void two_processes_that_start_together_agree_on_one(void **state)
{
	struct house *house = *state;
	pid_t children[6];

	for (size_t i = 0; i < COUNT(children); i++) {
		children[i] = fork();
		if (children[i] == 0) {
			char slug[] = "tenant-a";
			struct registry *registry = open_registry(house);

			slug[sizeof slug - 2] = (char)('a' + i);
			_exit((int)registry_add(registry, slug, fresh_error(house->scratch)));
		}
	}
	for (size_t i = 0; i < COUNT(children); i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), OK);
	}

	struct registry *registry = open_registry(house);
	for (size_t i = 0; i < COUNT(children); i++) {
		char slug[] = "tenant-a";
		struct keyring keys;

		slug[sizeof slug - 2] = (char)('a' + i);
		assert_ok(registry_keys(
			registry, house->scratch->arena, slug, &keys, fresh_error(house->scratch)));
	}
	registry_close(registry);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, house_make, house_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(it_is_made_at_first_use_for_its_owner_alone),
		IN_FOLDER(it_is_durable_before_anything_is_sealed_with_it),
		IN_FOLDER(it_is_read_again_and_not_made_again),
		IN_FOLDER(one_that_others_can_read_is_refused),
		IN_FOLDER(one_that_is_lost_is_not_replaced_while_there_are_tenants),
		IN_FOLDER(one_of_another_size_is_refused),
		IN_FOLDER(a_link_or_a_folder_in_its_place_is_refused),
		IN_FOLDER(another_key_opens_nothing_and_is_refused),
		IN_FOLDER(another_key_is_refused_by_thousands),
		IN_FOLDER(damaged_keys_of_one_tenant_leave_the_others_alone),
		IN_FOLDER(the_credential_of_the_service_comes_first),
		IN_FOLDER(two_processes_that_start_together_agree_on_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
