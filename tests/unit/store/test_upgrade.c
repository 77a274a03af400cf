/*
 * A centre's database of the first day becomes one of today: what it held is kept; and where the power goes at any
 * moment of that, each file has been applied as a whole or not at all, and the next start goes on from there. Every
 * moment with KAOWU_FAULT set, else a sample.
 */
#include "scratch.h"

#include "base/embedded.h"
#include "base/text.h"
#include "disk.h"
#include "store/migration.h"

#define PEOPLE 60

/* Something in each table that later files build anew, and in those that they refer to. */
static const char *const first_day[] = {
	"INSERT INTO setting VALUES ('profile', '{}', 1)",
	"INSERT INTO plan (id, code, sequence, name, state, occupation_code, occupation_name, level,"
	" plugin_id, plugin_version, plugin_sha256, manifest, apply_from, apply_until, pay_until, papers_until,"
	" fee_fen, places, document, created_at, changed_at) VALUES ('plan', '2026-1', 1, 'Plan',"
	" 'published', '4-02', 'Placeholder', 1, 'plugin', '1', 'hash', '{}', 1, 2, 3, 4, 100, 0, '{}', 1, 1)",
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
	" INSERT INTO account (id, kind, state, mobile_index, created_at)"
	" SELECT 'account' || i, 'candidate', 'active', 'mobile' || i, i FROM n",
	"INSERT INTO application (id, number, plan_id, account_id, state, version, revision, id_index, created_at,"
	" changed_at) SELECT 'of ' || id, '260001' || substr('0000' || created_at, -5) || '0', 'plan', id,"
	" 'reviewing', 3, 1, 'person ' || id, 1, 1 FROM account",
	"INSERT INTO payment_order (id, number, application_id, provider, amount_fen, created_at, expires_at)"
	" SELECT 'order ' || id, 'order ' || number, id, 'offline', 100, 1, 2 FROM application",
	"INSERT INTO payment_event SELECT 'paid ' || id, id, 'paid', amount_fen, 'receipt ' || number, 'staff', 5"
	" FROM payment_order",
	"INSERT INTO outbox (id, channel, event, event_key, recipient_index, payload_sealed, state, next_at, subject,"
	" created_at) SELECT 'message ' || id, 'sms', 'submitted', 'key ' || id, 'somebody', x'00ff', 'waiting', 7,"
	" id, 6 FROM application",
};

static const struct embedded_file *first_file(void)
{
	const struct embedded_file *file = embedded_files;

	while (!text_equal(file->path, "sql/tenant_0001_start.sql"))
		file++;
	return file;
}

static void make_as_on_the_first_day(struct scratch *scratch)
{
	struct store *store = open_store(scratch, STORE_CREATE);

	assert_ok(store_migrate_from(store, first_file(), 1, "tenant", fresh_error(scratch)));
	for (size_t i = 0; i < COUNT(first_day); i++)
		run(scratch, store, first_day[i]);
	store_close(store);
}

static enum result upgrade(struct scratch *scratch)
{
	struct store *store;
	enum result rc = store_open(scratch->path, STORE_WRITE, &store, fresh_error(scratch));
	if (rc)
		return rc;

	rc = store_migrate(store, "tenant", fresh_error(scratch));
	store_close(store);
	return rc;
}

static const char *schema_of(struct scratch *scratch, struct store *store)
{
	const char *text;

	assert_ok(store_text(store, scratch->arena,
		"SELECT group_concat(line, ';') FROM (SELECT type || name || COALESCE(sql, '') AS line"
		" FROM sqlite_schema ORDER BY type, name)",
		BIND_NONE, &text, fresh_error(scratch)));
	return text;
}

static const char *schema_of_today(struct scratch *scratch)
{
	char path[sizeof(scratch->path)];

	memcpy(path, scratch->path, sizeof(path));
	snprintf(scratch->path, sizeof(scratch->path), "%s/today/test.db", scratch->folder);
	struct store *store = open_store(scratch, STORE_CREATE);
	assert_ok(store_migrate(store, "tenant", fresh_error(scratch)));
	const char *schema = schema_of(scratch, store);
	store_close(store);
	memcpy(scratch->path, path, sizeof(path));
	return schema;
}

static void expect_upgraded(struct scratch *scratch, const char *schema)
{
	struct store *store = open_store(scratch, STORE_READ);

	assert_string_equal(schema_of(scratch, store), schema);
	assert_int_equal(
		number(scratch, store,
			"SELECT count(*) FROM application AS a JOIN payment_order AS o ON"
			" o.application_id = a.id JOIN payment_event AS e ON e.order_id = o.id"
			" JOIN outbox AS m ON m.subject = a.id WHERE a.version = 3 AND"
			" e.kind = 'paid' AND e.reference = 'receipt ' || o.number AND"
			" e.happened_at = 5 AND m.payload_sealed = x'00ff' AND m.next_at = 7"),
		PEOPLE);
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM outbox"), PEOPLE);
	assert_int_equal(number(scratch, store, "SELECT numbered FROM plan_count"), PEOPLE);
	assert_int_equal(number(scratch, store, "SELECT standing FROM plan_count"), PEOPLE);
	assert_int_equal(number(scratch, store, "SELECT count(*) FROM payment_event"), PEOPLE);
	assert_ok(store_check(store, fresh_error(scratch)));
	store_close(store);
}

static int upgrade_make(void **state)
{
	disk_mend();
	return scratch_make(state);
}

static void what_the_first_day_held_is_there_after_all_files(void **state)
{
	struct scratch *scratch = *state;

	make_as_on_the_first_day(scratch);
	assert_ok(upgrade(scratch));
	expect_upgraded(scratch, schema_of_today(scratch));
}

static void a_power_cut_at_any_moment_of_an_upgrade_loses_nothing(void **state)
{
	struct scratch *scratch = *state;
	const char *schema = schema_of_today(scratch);
	char folder[sizeof(scratch->folder)];
	enum result outcome = BROKEN;
	unsigned stride = getenv("KAOWU_FAULT") ? 1 : 5, cut = 1;

	memcpy(folder, scratch->folder, sizeof(folder));
	for (; outcome; cut += stride) {
		snprintf(scratch->path, sizeof(scratch->path), "%s/%u/test.db", folder, cut);
		random_seed(cut);
		disk.remembers = true;
		make_as_on_the_first_day(scratch);
		disk_mend();
		disk.dead_at = cut;
		outcome = upgrade(scratch);
		disk_mend();
		disk_lose_power();
		disk.remembers = false;
		assert_ok(upgrade(scratch));
		expect_upgraded(scratch, schema);
	}
	random_seed(0);
	assert_true(cut > 50);
	printf("the power was cut at each %u. of %u calls\n", stride, cut);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, upgrade_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_first_day_held_is_there_after_all_files),
		TEST(a_power_cut_at_any_moment_of_an_upgrade_loses_nothing),
	};

	disk_insert();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
