/*
 * Tenants: found or not, opened when used, closed when idle, kept apart when one fails; keys, files, restarts.
 */
#include "house.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/password_memory.h"
#include "store/files.h"

#define NOW       INT64_C(1795305600000)
#define LEFT_SIZE (1u << 20)

static int on_house(void **state)
{
	if (house_make(state))
		return -1;
	add_tenant(*state, "one");
	add_tenant(*state, "two");
	clock_set_ms(NOW);
	open_house(*state, (struct tenants_settings){.threads = 2, .heavy_threads = 1});
	return 0;
}

static bool is_open(struct house *house, const char *slug)
{
	return tenant_counters(find(house, slug)).open;
}

static bool one_is_closed(struct house *house)
{
	return !is_open(house, "one");
}

static bool two_is_closed(struct house *house)
{
	return !is_open(house, "two");
}

static void suspend(struct house *house, const char *slug, bool suspended)
{
	struct registry *registry = open_registry(house);

	assert_ok(registry_suspend(registry, slug, suspended, NULL, fresh_error(house->scratch)));
	registry_close(registry);
}

static void reload(struct house *house)
{
	assert_ok(tenants_reload(house->tenants, fresh_error(house->scratch)));
}

static struct store *attach(struct house *house, const char *slug, struct tenant **tenant)
{
	struct store *db;

	assert_ok(tenant_attach(
		house->scratch->folder, slug, tenant, &db, fresh_error(house->scratch)));
	return db;
}

/* What stands in the log and is not committed yet is no change, and is one as soon as it is: nothing else may tell. */
static void a_change_of_the_registry_is_known_when_it_is_committed(void **state)
{
	struct house *house = *state;
	struct registry *registry = open_registry(house);
	struct error *error = fresh_error(house->scratch);
	struct store *db = registry_store(registry);

	reload(house);
	assert_false(tenants_outdated(house->tenants));
	assert_ok(store_begin(db, error));
	assert_ok(store_run(
		db, "UPDATE tenant SET state = 'suspended' WHERE slug = 'one'", BIND_NONE, error));
	assert_false(tenants_outdated(house->tenants));
	assert_ok(store_commit(db, error));
	assert_true(tenants_outdated(house->tenants));
	reload(house);
	assert_null(tenants_find(house->tenants, "one"));
	assert_false(tenants_outdated(house->tenants));
	registry_close(registry);
}

static void a_change_in_a_tenant_is_known_by_the_registry(void **state)
{
	struct house *house = *state;
	struct registry *registry = open_registry(house);

	for (int i = 0; i < 2; i++) {
		reload(house);
		assert_false(tenants_outdated(house->tenants));
		assert_ok(registry_touch(registry, "one", fresh_error(house->scratch)));
		assert_true(tenants_outdated(house->tenants));
	}
	registry_close(registry);
}

static void a_tenant_is_found_by_its_slug_and_no_other_is_taken_for_it(void **state)
{
	struct house *house = *state;

	assert_string_equal(tenant_slug(find(house, "one")), "one");
	assert_ptr_not_equal(find(house, "one"), find(house, "two"));
	assert_null(tenants_find(house->tenants, "on"));
	assert_null(tenants_find(house->tenants, "One"));
	assert_null(tenants_find(house->tenants, ""));
	assert_null(tenants_find(house->tenants, "three"));
}

static bool at_host(struct house *house, const char *host, const struct tenant *expected)
{
	struct tenant *found;
	bool known = tenants_find_host(house->tenants, host, &found);

	assert_ptr_equal(found, expected);
	return known;
}

static void a_tenant_is_found_by_its_host_in_any_case(void **state)
{
	struct house *house = *state;
	struct registry *registry = open_registry(house);
	struct arena *arena = house->scratch->arena;
	json *hosts = json_new_array(arena);

	json_append(hosts, json_new_text(arena, "b.Example.org"));
	json_append(hosts, json_new_text(arena, "a.example.org"));
	assert_ok(registry_set_hosts(registry, "two", hosts, fresh_error(house->scratch)));
	registry_close(registry);
	assert_false(at_host(house, "a.example.org", NULL));

	reload(house);
	assert_true(at_host(house, "a.example.org", find(house, "two")));
	assert_true(at_host(house, "B.EXAMPLE.ORG", find(house, "two")));
	assert_false(at_host(house, "example.org", NULL));
	assert_false(at_host(house, "", NULL));

	suspend(house, "two", true);
	reload(house);
	assert_true(at_host(house, "a.example.org", NULL));
}

static void count_each(void *context, struct tenant *tenant)
{
	assert(tenant_slug(tenant)[0]);
	++*(int *)context;
}

static void a_suspended_tenant_is_not_found_until_it_is_taken_back(void **state)
{
	struct house *house = *state;
	struct tenant *one = find(house, "one");
	int count = 0;

	suspend(house, "one", true);
	assert_non_null(tenants_find(house->tenants, "one"));
	reload(house);
	assert_null(tenants_find(house->tenants, "one"));
	tenants_each(house->tenants, count_each, &count);
	assert_int_equal(count, 1);

	suspend(house, "one", false);
	reload(house);
	assert_ptr_equal(tenants_find(house->tenants, "one"), one);
	assert_int_equal(notes(house, "one"), 0);
}

static void a_tenant_added_meanwhile_is_there_after_a_reload(void **state)
{
	struct house *house = *state;
	uint64_t before = tenant_generation(find(house, "two"));

	add_tenant(house, "a-third");
	assert_null(tenants_find(house->tenants, "a-third"));
	reload(house);
	start(house, "a-third", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(notes(house, "a-third"), 1);
	assert_int_equal(notes(house, "one"), 0);
	assert_true(tenant_generation(find(house, "two")) > before);
}

static void a_tenant_that_the_registry_has_lost_is_not_found_but_its_jobs_end(void **state)
{
	struct house *house = *state;
	struct registry *registry = open_registry(house);
	struct task *task = start(house, "two", LANE_WRITE, write_note, 1);

	run(house->scratch, registry_store(registry), "DELETE FROM tenant WHERE slug = 'two'");
	registry_close(registry);
	reload(house);
	assert_null(tenants_find(house->tenants, "two"));
	assert_non_null(tenants_find(house->tenants, "one"));
	wait_for_all(house);
	assert_ok(task->outcome);
}

static void a_tenant_is_opened_when_first_used_and_closed_when_idle(void **state)
{
	struct house *house = *state;

	assert_false(is_open(house, "one"));
	start(house, "one", LANE_WRITE, write_note, 1);
	start(house, "two", LANE_READ, count_notes, 0);
	wait_for_all(house);
	assert_true(is_open(house, "one"));
	assert_true(is_open(house, "two"));

	/* Two is used again in the middle. */
	clock_set_ms(NOW + LIMIT_TENANT_IDLE_TIME - 1);
	assert_int_equal(notes(house, "two"), 0);
	assert_true(is_open(house, "one"));
	clock_set_ms(NOW + LIMIT_TENANT_IDLE_TIME + MINUTE_MS);
	tenants_drain(house->tenants);
	wait_until(one_is_closed, house);
	assert_true(is_open(house, "two"));

	assert_int_equal(notes(house, "one"), 1);
	assert_true(is_open(house, "one"));
}

static void a_tenant_that_only_the_server_itself_has_used_is_not_kept_open(void **state)
{
	struct house *house = *state;
	struct task *task = new_task(house, "one", LANE_WRITE, write_note, 1);

	task->job.unasked = true;
	assert_ok(submit(task));
	notes(house, "two");
	wait_for_all(house);

	clock_set_ms(NOW + 1000);
	tenants_drain(house->tenants);
	wait_until(one_is_closed, house);
	assert_true(is_open(house, "two"));
	assert_int_equal(notes(house, "one"), 1);
}

/* A connection is there for as long as its log is open. */
static size_t connections(struct house *house, const char *slug)
{
	const char *log = arena_printf(
		house->scratch->arena, "%s/tenants/%s/tenant.db-wal", house->scratch->folder, slug);
	DIR *folder = opendir("/proc/self/fd");
	char target[PATH_MAX];
	size_t count = 0;

	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		ssize_t size = readlinkat(dirfd(folder), entry->d_name, target, sizeof target);

		count += size > 0 && (size_t)size == strlen(log) &&
			 memcmp(target, log, (size_t)size) == 0;
	}
	closedir(folder);
	return count;
}

static bool one_rests(struct house *house)
{
	return connections(house, "one") == 1;
}

static void a_tenant_without_work_keeps_one_connection_and_takes_others_again(void **state)
{
	struct house *house = *state;

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(notes(house, "one"), 1);
	assert_int_equal(connections(house, "one"), 2);

	clock_set_ms(NOW + MINUTE_MS);
	tenants_drain(house->tenants);
	wait_until(one_rests, house);
	assert_true(is_open(house, "one"));

	start(house, "one", LANE_WRITE, write_note, 2);
	wait_for_all(house);
	assert_int_equal(notes(house, "one"), 2);
	assert_int_equal(connections(house, "one"), 2);
}

static void a_tenant_that_is_only_looked_at_has_one_connection_at_rest_as_well(void **state)
{
	struct house *house = *state;

	assert_int_equal(notes(house, "one"), 0);
	assert_int_equal(connections(house, "one"), 1);

	clock_set_ms(NOW + MINUTE_MS);
	tenants_drain(house->tenants);
	start(house, "two", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(connections(house, "one"), 1);
	assert_int_equal(notes(house, "one"), 0);

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(notes(house, "one"), 1);
	assert_int_equal(connections(house, "one"), 2);
}

static void *left; /* by a hash */

static bool what_was_left_is_gone(struct house *house)
{
	unsigned char page;

	(void)house;
	return mincore(left, 1, &page) != 0;
}

static void when_all_rest_what_hashes_have_left_is_given_back(void **state)
{
	struct house *house = *state;

	left = password_memory_map(
		NULL, LEFT_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(left, MAP_FAILED);
	assert_int_equal(password_memory_unmap(left, LEFT_SIZE), 0);
	assert_false(what_was_left_is_gone(house));

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	clock_set_ms(NOW + MINUTE_MS);
	tenants_drain(house->tenants);
	wait_until(what_was_left_is_gone, house);
}

static void of_too_many_open_tenants_the_longest_unused_is_closed(void **state)
{
	struct house *house = *state;

	close_house(house);
	add_tenant(house, "three");
	open_house(house, (struct tenants_settings){.threads = 2, .open_tenants = 2});

	notes(house, "two");
	notes(house, "one");
	notes(house, "two");
	notes(house, "three");
	wait_until(one_is_closed, house);
	assert_true(is_open(house, "two"));
	assert_true(is_open(house, "three"));

	start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(notes(house, "one"), 1);
	wait_until(two_is_closed, house);
	assert_true(is_open(house, "three"));
}

static void many_tenants_share_few_open_databases(void **state)
{
	struct house *house = *state;

	close_house(house);
	add_tenant(house, "three");
	add_tenant(house, "four");
	open_house(house, (struct tenants_settings){.threads = 4, .open_tenants = 1});

	static const char *const slugs[] = {"one", "two", "three", "four"};
	for (int i = 0; i < 400; i++) {
		start(house, slugs[i % 4], i % 3 ? LANE_WRITE : LANE_READ,
			i % 3 ? write_note : count_notes, i);
		if (i % 10 == 9)
			wait_for_all(house);
	}
	wait_for_all(house);

	int all = 0;
	for (size_t i = 0; i < COUNT(slugs); i++) {
		assert_int_equal(tenant_counters(find(house, slugs[i])).failures, 0);
		all += notes(house, slugs[i]);
	}
	assert_int_equal(all, 400 - 134);
}

static void a_tenant_that_does_not_open_fails_alone_and_is_tried_again_after_a_second(void **state)
{
	struct house *house = *state;
	struct arena *arena = house->scratch->arena;
	const char *path = arena_printf(arena, "%s/tenants/one/tenant.db", house->scratch->folder);
	const char *away = arena_printf(arena, "%s.away", path);

	assert_int_equal(rename(path, away), 0);
	struct task *write = start(house, "one", LANE_WRITE, write_note, 1);
	struct task *read = start(house, "one", LANE_READ, count_notes, 0);
	struct task *heavy = start(house, "one", LANE_HEAVY, count_notes, 0);
	struct task *other = start(house, "two", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(write->outcome, BROKEN);
	assert_string_equal(write->error.code, "tenant.unavailable");
	assert_non_null(write->error.internal);
	assert_int_equal(read->outcome, BROKEN);
	assert_int_equal(heavy->outcome, BROKEN);
	assert_ok(other->outcome);
	assert_int_equal(tenant_counters(find(house, "one")).failures, 3);

	assert_int_equal(rename(away, path), 0);
	clock_set_ms(NOW + 999);
	write = start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_int_equal(write->outcome, BROKEN);
	assert_string_equal(write->error.code, "tenant.unavailable");

	clock_set_ms(NOW + 1000);
	write = start(house, "one", LANE_WRITE, write_note, 1);
	wait_for_all(house);
	assert_ok(write->outcome);
	assert_int_equal(notes(house, "one"), 1);
}

static enum result write_sealed(struct job *job, struct store *db)
{
	struct arena *arena = job->error->arena;
	struct bytes sealed = seal_text(arena, tenant_keys(job->tenant), "note.text", "密");

	return store_run(db, "INSERT INTO note (number, text) VALUES (?1, ?2)",
		BIND(INTEGER(((struct task *)job)->number), BLOB(sealed)), job->error);
}

/* task->number becomes the number of keys. */
static enum result read_sealed(struct job *job, struct store *db)
{
	struct arena *arena = job->error->arena;
	const struct keyring *keys = tenant_keys(job->tenant);
	struct cursor rows CLEANUP(cursor_close) = {0};
	const char *text;

	enum result rc = store_query(db, &rows, "SELECT text FROM note", BIND_NONE, job->error);
	while (!rc && cursor_next(&rows))
		rc = unseal_text(
			arena, keys, "note.text", cursor_blob(&rows, 0, arena), &text, job->error);
	if (rc)
		return rc;
	((struct task *)job)->number = (int)keys->count;
	return cursor_end(&rows, job->error);
}

static void a_rotated_key_is_used_after_a_reload_while_the_house_runs(void **state)
{
	struct house *house = *state;

	start(house, "one", LANE_WRITE, write_sealed, 1);
	wait_for_all(house);
	struct registry *registry = open_registry(house);
	assert_ok(registry_rotate(registry, "one", fresh_error(house->scratch)));
	registry_close(registry);

	for (int i = 0; i < 200; i++)
		start(house, "one", i % 2 ? LANE_WRITE : LANE_READ,
			i % 2 ? write_sealed : read_sealed, i);
	reload(house);
	struct task *write = start(house, "one", LANE_WRITE, write_sealed, 0);
	wait_for_all(house);
	assert_ok(write->outcome);
	struct task *read = start(house, "one", LANE_READ, read_sealed, 0);
	wait_for_all(house);
	assert_ok(read->outcome);
	assert_int_equal(read->number, 2);
	assert_int_equal(tenant_counters(find(house, "one")).failures, 0);
	assert_int_equal(notes(house, "one"), 102);
}

static const char plan_id[] = "01936b0c-7a00-7000-8000-000000000001";

/* Puts a file for the plan; what it is called goes into the note. */
static enum result put_file(struct job *job, struct store *db)
{
	struct file_facts facts;
	struct files *files, *again;

	(void)db;
	enum result rc = tenant_files(job->tenant, plan_id, &files, job->error);
	if (!rc)
		rc = tenant_files(job->tenant, plan_id, &again, job->error);
	if (rc)
		return rc;
	assert(files == again);
	rc = files_put(files, bytes_of("scan", 4), "image/jpeg", &facts, job->error);
	if (rc)
		return rc;
	return store_run(db, "INSERT INTO note (number, text) VALUES (0, ?1)", BIND(TEXT(facts.id)),
		job->error);
}

static enum result get_file(struct job *job, struct store *db)
{
	struct arena *arena = job->error->arena;
	struct bytes content;
	struct files *files;
	const char *id;

	enum result rc = store_text(
		db, arena, "SELECT CAST(text AS TEXT) FROM note", BIND_NONE, &id, job->error);
	if (!rc)
		rc = tenant_files(job->tenant, plan_id, &files, job->error);
	if (!rc)
		rc = files_get(files, arena, id, &content, job->error);
	if (rc)
		return rc;
	return content.size == 4 && memcmp(content.data, "scan", 4) == 0 ? OK : BROKEN;
}

static enum result ask_for_strange_files(struct job *job, struct store *db)
{
	struct files *files;

	(void)db;
	return tenant_files(job->tenant, "../../two/tenant", &files, job->error);
}

static void files_of_a_plan_are_kept_and_there_after_a_restart(void **state)
{
	struct house *house = *state;
	struct task *put = start(house, "one", LANE_WRITE, put_file, 0);

	wait_for_all(house);
	assert_ok(put->outcome);
	close_house(house);
	assert_int_equal(access(arena_printf(house->scratch->arena, "%s/tenants/one/files/%s.db",
					house->scratch->folder, plan_id),
				 F_OK),
		0);

	open_house(house, (struct tenants_settings){0});
	struct task *get = start(house, "one", LANE_HEAVY, get_file, 0);
	struct task *other = start(house, "one", LANE_READ, get_file, 0);
	struct task *strange = start(house, "one", LANE_READ, ask_for_strange_files, 0);
	wait_for_all(house);
	assert_ok(get->outcome);
	assert_ok(other->outcome);
	assert_int_equal(strange->outcome, NOT_FOUND);
	assert_string_equal(strange->error.code, "tenant.plan_unknown");
}

static void a_command_works_on_a_tenant_beside_the_running_house(void **state)
{
	struct house *house = *state;
	struct tenant *tenant;

	assert_int_equal(notes(house, "one"), 0);
	struct store *db = attach(house, "one", &tenant);
	assert_string_equal(tenant_slug(tenant), "one");
	assert_true(tenant_counters(tenant).open);

	/* A write of the house waits for the command's transaction, a read does not. */
	assert_ok(store_begin(db, fresh_error(house->scratch)));
	run(house->scratch, db, "INSERT INTO note (number) VALUES (1)");
	struct task *write = start(house, "one", LANE_WRITE, write_note, 2);
	struct task *read = start(house, "one", LANE_READ, count_notes, 0);
	wait_for(house, 2);
	assert_int_equal(read->number, 0);
	assert_int_equal(write->place, 0);
	tenant_publish(tenant);
	assert_ok(store_commit(db, fresh_error(house->scratch)));
	wait_for_all(house);
	assert_ok(write->outcome);
	tenant_detach(tenant);
	assert_int_equal(notes(house, "one"), 2);
}

static void a_command_reaches_a_suspended_tenant_but_no_unknown_one(void **state)
{
	struct house *house = *state;
	struct tenant *tenant;
	struct store *db;

	suspend(house, "one", true);
	attach(house, "one", &tenant);
	tenant_detach(tenant);
	assert_fails(house->scratch,
		tenant_attach(house->scratch->folder,
			"a-slug-that-is-longer-than-any-slug-can-be-in-a-registry", &tenant, &db,
			fresh_error(house->scratch)),
		NOT_FOUND, "tenant.unknown");
}

/* It would be a centre that nobody has ever applied to, and doctor would find nothing amiss. */
static void a_database_that_was_emptied_is_not_made_anew_in_silence(void **state)
{
	struct house *house = *state;
	const char *path = arena_printf(
		house->scratch->arena, "%s/tenants/one/tenant.db", house->scratch->folder);
	struct tenant *tenant;
	struct store *db;

	assert_int_equal(truncate(path, 0), 0);
	for (int times = 0; times < 2; times++)
		assert_fails(house->scratch,
			tenant_attach(house->scratch->folder, "one", &tenant, &db,
				fresh_error(house->scratch)),
			BROKEN, "store.nothing_there");
	attach(house, "two", &tenant);
	tenant_detach(tenant);
}

/* 20 MB each, into the log. */
static enum result write_long_note(struct job *job, struct store *db)
{
	return store_run(db, "INSERT INTO note (number, text) VALUES (0, zeroblob(20000000))",
		BIND_NONE, job->error);
}

static bool long_notes_are_in_the_database(struct house *house)
{
	struct stat facts;

	return stat(arena_printf(house->scratch->arena, "%s/tenants/one/tenant.db",
			    house->scratch->folder),
		       &facts) == 0 &&
	       facts.st_size > 100 * 1000 * 1000;
}

static void a_long_log_is_moved_into_the_database_while_the_tenant_is_open(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 8; i++) {
		start(house, "one", LANE_WRITE, write_long_note, 0);
		wait_for_all(house);
	}
	wait_until(long_notes_are_in_the_database, house);
	assert_true(is_open(house, "one"));
	assert_int_equal(notes(house, "one"), 8);
}

static void what_was_kept_is_there_after_a_restart(void **state)
{
	struct house *house = *state;

	for (int i = 0; i < 100; i++)
		start(house, i % 2 ? "one" : "two", LANE_WRITE, write_note, i);
	wait_for_all(house);
	close_house(house);
	open_house(house, (struct tenants_settings){0});
	assert_int_equal(notes(house, "one"), 50);
	assert_int_equal(notes(house, "two"), 50);
}

static int acknowledged; /* a pipe's end */

static void acknowledge(struct job *job, enum result outcome)
{
	struct task *task = (struct task *)job;

	task_done(job, outcome);
	if (outcome == OK)
		assert(write(acknowledged, &task->number, sizeof task->number) > 0);
}

/* A house that writes until it is killed. */
static void write_and_acknowledge(struct house *house)
{
	open_house(house, (struct tenants_settings){.threads = 2});
	for (int i = 0;; i++) {
		struct task *task = new_task(house, "one", LANE_WRITE, write_note, i);

		task->job.done = acknowledge;
		if (submit(task))
			_exit(1);
		if (i >= 100)
			wait_for(house, (size_t)i - 100);
	}
}

/* Another process writes to tenant one until it is killed: the last number that it acknowledged. */
static int killed_while_writing(struct house *house)
{
	int ends[2], last = -1, got, status;

	close_house(house);
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		acknowledged = ends[1];
		write_and_acknowledge(house);
	}
	close(ends[1]);
	while (last < 700 && read(ends[0], &got, sizeof got) == sizeof got)
		last = got;
	kill(child, SIGKILL);
	while (read(ends[0], &got, sizeof got) == sizeof got)
		last = got;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_true(last >= 700);
	return last;
}

static void what_was_acknowledged_before_a_kill_is_there_in_order(void **state)
{
	struct house *house = *state;
	int last = killed_while_writing(house);
	struct tenant *tenant;
	struct store *db = attach(house, "one", &tenant);
	assert_ok(store_check(db, fresh_error(house->scratch)));
	assert_true(number(house->scratch, db, "SELECT count(*) FROM note") > last);
	assert_int_equal(
		number(house->scratch, db, "SELECT count(*) FROM note WHERE place <> number + 1"),
		0);
	tenant_detach(tenant);
	open_house(house, (struct tenants_settings){0});
	start(house, "one", LANE_WRITE, write_note, 0);
	wait_for_all(house);
}

static void what_a_kill_left_in_the_log_is_written_in_before_it_is_read(void **state)
{
	struct house *house = *state;
	const char *path = arena_printf(
		house->scratch->arena, "%s/tenants/one/tenant.db", house->scratch->folder);
	int last = killed_while_writing(house);

	assert_true(store_has_log(path));
	open_house(house, (struct tenants_settings){0});
	assert_true(notes(house, "one") > last);
	assert_int_equal(connections(house, "one"), 2);
	close_house(house);
	assert_false(store_has_log(path));
}

static int threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	int count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void a_closed_house_leaves_no_thread(void **state)
{
	struct house *house = *state;

	close_house(house);
	int before = threads();
	open_house(house, (struct tenants_settings){.threads = 2, .heavy_threads = 3});
	assert_int_equal(threads(), before + 8);
	start(house, "one", LANE_WRITE, write_note, 0);
	close_house(house);
	assert_int_equal(threads(), before);
}

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, on_house, house_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HOUSE(a_tenant_is_found_by_its_slug_and_no_other_is_taken_for_it),
		IN_HOUSE(a_change_of_the_registry_is_known_when_it_is_committed),
		IN_HOUSE(a_change_in_a_tenant_is_known_by_the_registry),
		IN_HOUSE(a_tenant_is_found_by_its_host_in_any_case),
		IN_HOUSE(a_suspended_tenant_is_not_found_until_it_is_taken_back),
		IN_HOUSE(a_tenant_added_meanwhile_is_there_after_a_reload),
		IN_HOUSE(a_tenant_that_the_registry_has_lost_is_not_found_but_its_jobs_end),
		IN_HOUSE(a_tenant_is_opened_when_first_used_and_closed_when_idle),
		IN_HOUSE(a_tenant_that_only_the_server_itself_has_used_is_not_kept_open),
		IN_HOUSE(a_tenant_without_work_keeps_one_connection_and_takes_others_again),
		IN_HOUSE(a_tenant_that_is_only_looked_at_has_one_connection_at_rest_as_well),
		IN_HOUSE(when_all_rest_what_hashes_have_left_is_given_back),
		IN_HOUSE(of_too_many_open_tenants_the_longest_unused_is_closed),
		IN_HOUSE(many_tenants_share_few_open_databases),
		IN_HOUSE(a_tenant_that_does_not_open_fails_alone_and_is_tried_again_after_a_second),
		IN_HOUSE(a_rotated_key_is_used_after_a_reload_while_the_house_runs),
		IN_HOUSE(files_of_a_plan_are_kept_and_there_after_a_restart),
		IN_HOUSE(a_command_works_on_a_tenant_beside_the_running_house),
		IN_HOUSE(a_command_reaches_a_suspended_tenant_but_no_unknown_one),
		IN_HOUSE(a_database_that_was_emptied_is_not_made_anew_in_silence),
		IN_HOUSE(a_long_log_is_moved_into_the_database_while_the_tenant_is_open),
		IN_HOUSE(what_was_kept_is_there_after_a_restart),
		IN_HOUSE(what_was_acknowledged_before_a_kill_is_there_in_order),
		IN_HOUSE(what_a_kill_left_in_the_log_is_written_in_before_it_is_read),
		IN_HOUSE(a_closed_house_leaves_no_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
