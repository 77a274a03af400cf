/*
 * The audit log: every row holds the one before, so that a change is found, and where.
 */
#include "office.h"

#include <string.h>

#include "base/digest.h"
#include "exam/audit.h"
#include "exam/payment_refund.h"

#include <cmocka.h>

#define NOTHING_BEFORE "0000000000000000000000000000000000000000000000000000000000000000"

/* A log of five rows and nothing else: 1 to 5, of the subjects a, b, a, b, a. */
static void five_rows(struct scene *scene)
{
	assert_ok(scene, store_run(scene->db, "DELETE FROM audit", BIND_NONE, &scene->error));
	(void)scene_as_candidate(scene, SCENE_MOBILE);
	assert_ok(scene, store_run(scene->db, "DELETE FROM audit", BIND_NONE, &scene->error));
	for (int i = 1; i <= 5; i++) {
		json *detail = json_new_object(scene->tx.arena);

		json_set_integer(scene->tx.arena, detail, "count", i);
		assert_ok(scene, audit_append(&scene->tx, "thing.done", i % 2 ? "a" : "b", detail));
	}
}

static void an_empty_log_fits_and_its_head_is_zeros(void **state)
{
	struct scene *scene = *state;
	const char *head, *verified;
	int64_t rows;

	assert_ok(scene, store_run(scene->db, "DELETE FROM audit", BIND_NONE, &scene->error));
	assert_ok(scene, audit_head(&scene->tx, &head));
	assert_ok(scene, audit_verify(&scene->tx, &rows, &verified));
	assert_int_equal(rows, 0);
	assert_string_equal(head, NOTHING_BEFORE);
	assert_string_equal(verified, NOTHING_BEFORE);
}

static void what_was_appended_fits_up_to_the_head(void **state)
{
	struct scene *scene = *state;
	const char *head, *verified;
	int64_t rows;

	five_rows(scene);
	assert_ok(scene, audit_head(&scene->tx, &head));
	assert_ok(scene, audit_verify(&scene->tx, &rows, &verified));
	assert_int_equal(rows, 5);
	assert_string_equal(verified, head);
	assert_string_equal(scene_text(scene, "SELECT hash FROM audit WHERE sequence = 5"), head);
	assert_string_equal(
		scene_text(scene, "SELECT previous FROM audit WHERE sequence = 1"), NOTHING_BEFORE);
}

static void what_the_rest_of_the_scene_wrote_fits_as_well(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *head;
	int64_t rows;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_ok(scene, audit_verify(&scene->tx, &rows, &head));
	assert_int_equal(rows, scene_number(scene, "SELECT COUNT(*) FROM audit"));
	assert_true(rows > 10);
}

/* Anybody can reckon it again from what stands in the row. */
static void a_hash_is_that_of_the_fields_on_lines_of_their_own(void **state)
{
	struct scene *scene = *state;
	char hash[SHA256_HEX_SIZE];

	five_rows(scene);
	const char *text = scene_text(scene,
		"SELECT sequence || char(10) || happened_at || char(10) || actor_kind || char(10) ||"
		" COALESCE(actor_id, '') || char(10) || action || char(10) || COALESCE(subject, '') ||"
		" char(10) || detail || char(10) || previous FROM audit WHERE sequence = 3");
	sha256_hex(bytes_of(text, strlen(text)), hash);
	assert_string_equal(scene_text(scene, "SELECT hash FROM audit WHERE sequence = 3"), hash);
}

static void what_was_tampered_with_is_found_at_its_row(void **state)
{
	static const struct {
		const char *tampering[3], *sequence;
	} cases[] = {
		{{"UPDATE audit SET happened_at = happened_at + 1 WHERE sequence = 3"}, "3"},
		{{"UPDATE audit SET actor_kind = 'staff' WHERE sequence = 3"}, "3"},
		{{"UPDATE audit SET actor_id = NULL WHERE sequence = 3"}, "3"},
		{{"UPDATE audit SET action = 'thing.undone' WHERE sequence = 1"}, "1"},
		{{"UPDATE audit SET subject = 'c' WHERE sequence = 5"}, "5"},
		{{"UPDATE audit SET detail = '{}' WHERE sequence = 2"}, "2"},
		{{"UPDATE audit SET previous = hash WHERE sequence = 4"}, "4"},
		{{"UPDATE audit SET hash = previous WHERE sequence = 4"}, "4"},
		/* What belongs to one field does not slip into the next. */
		{{"UPDATE audit SET action = 'thing', subject = 'done' || char(10) || subject"
		  " WHERE sequence = 2"},
			"2"},
		{{"DELETE FROM audit WHERE sequence = 1"}, "1"},
		{{"DELETE FROM audit WHERE sequence = 3"}, "3"},
		{{"DELETE FROM audit WHERE sequence = 3",
			 "UPDATE audit SET sequence = sequence - 1 WHERE sequence = 4",
			 "UPDATE audit SET sequence = sequence - 1 WHERE sequence = 5"},
			"3"},
		{{"UPDATE audit SET sequence = 9 WHERE sequence = 2",
			 "UPDATE audit SET sequence = 2 WHERE sequence = 3",
			 "UPDATE audit SET sequence = 3 WHERE sequence = 9"},
			"2"},
		{{"INSERT INTO audit SELECT 6, happened_at, actor_kind, actor_id, action, subject,"
		  " detail, previous, hash FROM audit WHERE sequence = 5"},
			"6"},
	};
	struct scene *scene = *state;
	const char *head;
	int64_t rows;

	for (size_t i = 0; i < COUNT(cases); i++) {
		five_rows(scene);
		for (size_t j = 0; j < COUNT(cases[i].tampering) && cases[i].tampering[j]; j++)
			assert_ok(scene, store_run(scene->db, cases[i].tampering[j], BIND_NONE,
						 &scene->error));
		assert_fails(scene, audit_verify(&scene->tx, &rows, &head), BROKEN, "audit.broken");
		if (strcmp(scene_param(scene, "sequence"), cases[i].sequence) != 0)
			print_error("%s\n", cases[i].tampering[0]);
		assert_string_equal(scene_param(scene, "sequence"), cases[i].sequence);
	}
}

/* Who writes a row anew with a hash that fits it breaks the next one's. */
static void a_row_written_anew_is_found_at_the_next(void **state)
{
	struct scene *scene = *state;
	char hash[SHA256_HEX_SIZE];
	const char *head;
	int64_t rows;

	five_rows(scene);
	assert_ok(scene, store_run(scene->db, "UPDATE audit SET detail = '{}' WHERE sequence = 2",
				 BIND_NONE, &scene->error));
	const char *text = scene_text(scene,
		"SELECT sequence || char(10) || happened_at || char(10) || actor_kind || char(10) ||"
		" actor_id || char(10) || action || char(10) || subject || char(10) || detail ||"
		" char(10) || previous FROM audit WHERE sequence = 2");
	sha256_hex(bytes_of(text, strlen(text)), hash);
	assert_ok(scene, store_run(scene->db, "UPDATE audit SET hash = ?1 WHERE sequence = 2",
				 BIND(TEXT(hash)), &scene->error));
	assert_fails(scene, audit_verify(&scene->tx, &rows, &head), BROKEN, "audit.broken");
	assert_string_equal(scene_param(scene, "sequence"), "3");
}

/* A log that was cut at its end fits, but no longer ends at the head that was written down elsewhere. */
static void a_log_cut_at_its_end_has_another_head(void **state)
{
	struct scene *scene = *state;
	const char *before, *head;
	int64_t rows;

	five_rows(scene);
	assert_ok(scene, audit_head(&scene->tx, &before));
	assert_ok(scene, store_run(scene->db, "DELETE FROM audit WHERE sequence = 5", BIND_NONE,
				 &scene->error));
	assert_ok(scene, audit_verify(&scene->tx, &rows, &head));
	assert_int_equal(rows, 4);
	assert_string_not_equal(head, before);
}

static void the_list_is_newest_first_by_subject_and_page(void **state)
{
	struct scene *scene = *state;
	struct page page = {.most = 1, .text = ""};
	json *view;

	five_rows(scene);
	assert_ok(scene, audit_list(&scene->tx, NULL, &PAGE_FIRST, &view));
	assert_int_equal(json_count(json_get(view, "rows")), 5);
	assert_int_equal(json_integer(json_at_pointer(view, "/rows/0/sequence")), 5);
	assert_string_equal(json_text(json_at_pointer(view, "/rows/0/actor_kind")), "candidate");
	assert_int_equal(json_integer(json_at_pointer(view, "/rows/0/detail/count")), 5);
	assert_true(json_is_null(json_get(view, "next")));

	assert_ok(scene, audit_list(&scene->tx, "b", &page, &view));
	assert_int_equal(json_count(json_get(view, "rows")), 1);
	assert_ok(scene, page_read(&scene->tx, json_get_text(view, "next"), "1", &page));
	assert_ok(scene, audit_list(&scene->tx, "b", &page, &view));
	assert_int_equal(json_count(json_get(view, "rows")), 1);
	assert_int_equal(json_integer(json_at_pointer(view, "/rows/0/sequence")), 2);
	assert_true(json_is_null(json_get(view, "next")));
}

/* People read names and numbers, and look for them. */
static void ids_have_their_names_beside_them(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, audit_append(&scene->tx, "thing.done", scene->plan_id, NULL));
	assert_ok(scene, audit_append(&scene->tx, "thing.done", scene->tx.actor.id, NULL));
	const char *name = scene_text(scene, "SELECT name FROM account WHERE login = 'admin'");
	const char *plan = scene_text(scene, "SELECT name FROM plan");

	assert_ok(scene, audit_list(&scene->tx, NULL, &PAGE_FIRST, &view));
	assert_string_equal(json_text(json_at_pointer(view, "/rows/0/subject_name")), name);
	assert_string_equal(json_text(json_at_pointer(view, "/rows/1/actor_name")), name);
	assert_string_equal(json_text(json_at_pointer(view, "/rows/1/subject_name")), plan);

	assert_ok(scene, audit_list(&scene->tx, application.id, &PAGE_FIRST, &view));
	assert_string_equal(
		json_text(json_at_pointer(view, "/rows/0/subject_name")), application.number);
	assert_true(json_is_null(json_at_pointer(view, "/rows/0/actor_name")));
}

/* What the newest row is about of those that are found by what was typed; NULL: there are none. */
static const char *found(struct scene *scene, const char *typed)
{
	json *view;

	assert_ok(scene, audit_list(&scene->tx, typed, &PAGE_FIRST, &view));
	return json_text(json_at_pointer(view, "/rows/0/subject"));
}

static void what_people_see_is_what_they_type(void **state)
{
	struct scene *scene = *state;
	struct application application;
	struct arena *arena = scene->tx.arena;
	json *refund = NULL;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	office_approve(scene, &application);
	office_take_fee(scene, &application);
	(void)scene_as_staff(scene, OFFICE_CASHIER);
	const char *order = scene_text(scene, "SELECT number FROM payment_order");
	assert_ok(scene, payment_refund_ask(&scene->tx, order, 0, "考生申请退考", &refund));
	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, audit_append(&scene->tx, "thing.done", scene->plan_id, NULL));
	assert_ok(scene, audit_append(&scene->tx, "thing.done", scene->tx.actor.id, NULL));

	const char *const of_application[] = {application.id, application.number,
		arena_printf(arena, " %.4s %s ", application.number, application.number + 4), order,
		json_get_text(refund, "number")};
	for (size_t i = 0; i < COUNT(of_application); i++)
		assert_string_equal(found(scene, of_application[i]), application.id);
	assert_string_equal(
		found(scene, scene_text(scene, "SELECT code FROM plan")), scene->plan_id);
	assert_string_equal(found(scene, "admin"), scene->tx.actor.id);
	assert_string_equal(found(scene, " 138 0000 0001"), application.account_id);
	assert_null(found(scene, "13800009999"));
	assert_null(found(scene, "nobody"));
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(ids_have_their_names_beside_them),
		IN_SCENE(what_people_see_is_what_they_type),
		IN_SCENE(an_empty_log_fits_and_its_head_is_zeros),
		IN_SCENE(what_was_appended_fits_up_to_the_head),
		IN_SCENE(what_the_rest_of_the_scene_wrote_fits_as_well),
		IN_SCENE(a_hash_is_that_of_the_fields_on_lines_of_their_own),
		IN_SCENE(what_was_tampered_with_is_found_at_its_row),
		IN_SCENE(a_row_written_anew_is_found_at_the_next),
		IN_SCENE(a_log_cut_at_its_end_has_another_head),
		IN_SCENE(the_list_is_newest_first_by_subject_and_page),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
