/*
 * The book of a plan's tickets: all of them, part by part, whatever ends in between.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/errand.h"
#include "exam/ticket.h"
#include "exam/ticket_book.h"
#include "exam/voiding.h"

#include <cmocka.h>

#define CHECK_AT "https://haidian.example/tickets/"

/* Tickets, without going the whole way to them. */
static void tickets_fill(struct scene *scene, int count)
{
	struct transaction *tx = &scene->tx;

	for (int i = 1; i <= count; i++) {
		const char *mobile = arena_printf(tx->arena, "139%08d", i);
		const char *id = scene_as_candidate(scene, mobile);
		const char *form = "{\"details\":{\"name\":\"张三\",\"id_type\":\"居民身份证\","
				   "\"id_number\":\"110108199003070012\",\"gender\":\"男\"}}";
		struct bytes sealed = seal_text(tx->arena, tx->keys,
			arena_printf(tx->arena, "application.form:%s", id), form);

		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO application (id, number, plan_id, account_id, state,"
				" version, revision, approved_revision, condition_id, form_sealed,"
				" created_at, changed_at) VALUES (?1, ?2, ?3, ?1, 'ticketed', 1, 1, 1,"
				" '1-1', ?4, 1, 1)",
				BIND(TEXT(id), TEXT(mobile), TEXT(scene->plan_id), BLOB(sealed)),
				&scene->error));
		assert_ok(scene,
			store_run(scene->db,
				"INSERT INTO ticket (application_id, plan_id, number, room, seat, issued_at)"
				" VALUES (?1, ?2, ?3, '甲', ?4, 1)",
				BIND(TEXT(id), TEXT(scene->plan_id),
					TEXT(arena_printf(tx->arena, "26%04d", i)), INTEGER(i)),
				&scene->error));
	}
}

static json *ask(struct scene *scene)
{
	json *view = NULL;

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_ok(scene, ticket_book_ask(&scene->tx, scene->plan_id, CHECK_AT, &view));
	return view;
}

static json *book(struct scene *scene)
{
	json *view = NULL;

	assert_ok(scene, ticket_book_view(&scene->tx, scene->plan_id, &view));
	return view;
}

static size_t claim(struct scene *scene, struct errands *errands)
{
	*errands = (struct errands){0};
	assert_ok(scene, ticket_book_errands.claim(&scene->tx, errands));
	return errands->count;
}

static void settle(struct scene *scene, struct errands *errands)
{
	assert_ok(scene, ticket_book_errands.settle(&scene->tx, errands));
}

/* Claimed and drawn; not written down. */
static void draw(struct scene *scene, struct errands *errands)
{
	assert_int_equal(claim(scene, errands), 1);
	assert_ok(scene, ticket_book_errands.prepare(&scene->tx, errands));
	assert_int_equal(errands->exchange_count, 0);
}

static void draw_to_the_end(struct scene *scene)
{
	struct errands errands;

	while (claim(scene, &errands)) {
		assert_ok(scene, ticket_book_errands.prepare(&scene->tx, &errands));
		settle(scene, &errands);
	}
}

static int pages(struct scene *scene, const char *part)
{
	struct arena *arena = scene->tx.arena;
	struct material_file file;
	uint8_t *bytes;
	int count = 0;

	assert_ok(scene, ticket_book_part(&scene->tx, scene->plan_id, part, &file));
	assert_string_equal(file.reading.facts.media_type, "application/pdf");
	bytes = arena_alloc(arena, file.reading.facts.size + FILES_PART);
	for (uint64_t at = 0; at < file.reading.facts.size; at += FILES_PART) {
		size_t size;

		assert_ok(scene, material_part(&scene->tx, &file, at, bytes + at, &size));
	}
	assert_memory_equal(bytes, "%PDF-", 5);
	for (size_t i = 0; i + 13 < file.reading.facts.size; i++)
		count += memcmp(bytes + i, "/Type /Page %", 13) == 0;
	return count;
}

static void all_tickets_are_drawn_part_by_part(void **state)
{
	struct scene *scene = *state;
	struct errands errands;

	tickets_fill(scene, LIMIT_TICKETS_PART + 2);
	json *view = ask(scene);
	assert_int_equal(json_get_integer(view, "total"), LIMIT_TICKETS_PART + 2);
	assert_int_equal(json_get_integer(view, "drawn"), 0);
	assert_int_equal(scene_audited(scene, "ticket.book"), 1);

	draw(scene, &errands);
	settle(scene, &errands);
	view = book(scene);
	assert_int_equal(json_get_integer(view, "drawn"), LIMIT_TICKETS_PART);
	assert_true(json_is_null(json_get(view, "finished_at")));
	assert_int_equal(pages(scene, "1"), LIMIT_TICKETS_PART);

	draw_to_the_end(scene);
	view = book(scene);
	assert_int_equal(json_get_integer(view, "drawn"), LIMIT_TICKETS_PART + 2);
	assert_true(json_is_text(json_get(view, "finished_at")));
	assert_int_equal(json_count(json_get(view, "parts")), 2);
	assert_int_equal(pages(scene, "2"), 2);
	assert_string_equal(
		json_get_text(json_at_pointer(view, "/parts/1"), "first_number"), "260201");
}

static void a_part_that_was_drawn_and_not_named_is_drawn_again(void **state)
{
	struct scene *scene = *state;
	struct errands lost, errands;

	tickets_fill(scene, 3);
	(void)ask(scene);
	draw(scene, &lost);
	draw(scene, &errands);
	settle(scene, &errands);
	settle(scene, &errands);
	settle(scene, &lost);
	assert_int_equal(json_get_integer(book(scene), "drawn"), 3);
	assert_int_equal(json_count(json_get(book(scene), "parts")), 1);
	assert_int_equal(claim(scene, &errands), 0);
}

static void a_newer_book_takes_the_place_of_the_older(void **state)
{
	struct scene *scene = *state;
	struct errands older;

	tickets_fill(scene, 2);
	(void)ask(scene);
	draw(scene, &older);
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE application SET state = 'voided' WHERE number = '13900000001'",
			BIND_NONE, &scene->error));
	assert_int_equal(json_get_integer(ask(scene), "total"), 1);
	settle(scene, &older);
	assert_int_equal(json_get_integer(book(scene), "drawn"), 0);
	draw_to_the_end(scene);
	assert_int_equal(json_get_integer(book(scene), "drawn"), 1);
	assert_int_equal(pages(scene, "1"), 1);
}

static void a_book_is_kept_for_some_days(void **state)
{
	struct scene *scene = *state;
	struct errands errands;
	json *view;

	tickets_fill(scene, 1);
	(void)ask(scene);
	draw_to_the_end(scene);
	assert_int_equal(claim(scene, &errands), 0);
	assert_int_equal(errands.next_at, scene->tx.now + LIMIT_TICKET_BOOK_LIFE);
	scene_pass(scene, LIMIT_TICKET_BOOK_LIFE);
	draw_to_the_end(scene);
	assert_fails(scene, ticket_book_view(&scene->tx, scene->plan_id, &view), NOT_FOUND,
		"ticket.no_book");
	assert_int_equal(claim(scene, &errands), 0);
	assert_int_equal(errands.next_at, 0);
}

static void voided(struct scene *scene, const char *number)
{
	struct application application;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, application_load_number(&scene->tx, number, &application));
	assert_ok(scene, application_void(&scene->tx, &application, "材料不属实，经核实"));
}

/* Nobody is handed a ticket that is void; a book that nobody has asked for is not made. */
static void a_ticket_that_is_void_is_in_no_book(void **state)
{
	struct scene *scene = *state;
	json *view;

	tickets_fill(scene, 2);
	(void)ask(scene);
	draw_to_the_end(scene);
	assert_int_equal(json_get_integer(book(scene), "drawn"), 2);

	voided(scene, "13900000001");
	assert_int_equal(json_get_integer(book(scene), "total"), 1);
	assert_int_equal(json_count(json_get(book(scene), "parts")), 0);
	draw_to_the_end(scene);
	assert_int_equal(pages(scene, "1"), 1);
	assert_string_equal(
		json_text(json_at_pointer(book(scene), "/parts/0/first_number")), "260002");

	voided(scene, "13900000002");
	assert_fails(scene, ticket_book_view(&scene->tx, scene->plan_id, &view), NOT_FOUND,
		"ticket.no_book");
	assert_int_equal(scene_audited(scene, "application.voided"), 2);
}

static void without_tickets_there_is_no_book(void **state)
{
	struct scene *scene = *state;
	struct material_file file;
	json *view;

	(void)scene_as_staff(scene, OFFICE_REGISTRAR);
	assert_fails(scene, ticket_book_ask(&scene->tx, scene->plan_id, CHECK_AT, &view), CONFLICT,
		"ticket.none");
	assert_fails(scene, ticket_book_part(&scene->tx, scene->plan_id, "1", &file), NOT_FOUND,
		"ticket.no_part");
}

/* The portrait that was approved of a ticket's application. */
static const char *portrait_put(struct scene *scene, int i, const char *bytes)
{
	struct file_facts facts;
	struct files *files;

	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	assert_ok(scene, files_put(files, bytes_of(bytes, strlen(bytes)), "image/jpeg", &facts,
				 &scene->error));
	assert_ok(scene,
		store_run(scene->db,
			"INSERT INTO revision (application_id, revision, identity, condition_id,"
			" form_sealed, materials, verdict, hash, created_at) SELECT id, 1, '职工',"
			" condition_id, form_sealed, ?2, '{}', '', 1"
			" FROM application WHERE number = ?1",
			BIND(TEXT(arena_printf(scene->tx.arena, "139%08d", i)),
				TEXT(arena_printf(scene->tx.arena,
					"[{\"material\":\"portrait\",\"file_id\":\"%s\"}]",
					facts.id))),
			&scene->error));
	return arena_text(scene->tx.arena, facts.id);
}

static void file_change(struct scene *scene, const char *sql, const char *id)
{
	struct store *store;

	assert_ok(scene, store_open(arena_printf(scene->tx.arena, "%s/tenants/%s/files/%s.db",
					    scene->folder, SCENE_SLUG, scene->plan_id),
				 STORE_WRITE, &store, &scene->error));
	assert_ok(scene, store_run(store, sql, BIND(TEXT(id)), &scene->error));
	assert_int_equal(store_changes(store), 1);
	store_close(store);
}

static void file_damage(struct scene *scene, const char *id)
{
	file_change(
		scene, "UPDATE chunk SET sealed = zeroblob(length(sealed)) WHERE file_id = ?1", id);
}

static void what_cannot_be_drawn_is_left_out_and_told(void **state)
{
	struct scene *scene = *state;
	struct errands errands;

	tickets_fill(scene, 5);
	file_damage(scene, portrait_put(scene, 1, "portrait"));
	(void)portrait_put(scene, 3, "no JPEG");
	assert_ok(scene,
		store_run(scene->db,
			"UPDATE application SET form_sealed = zeroblob(100) WHERE number = '13900000005'",
			BIND_NONE, &scene->error));
	(void)ask(scene);
	draw_to_the_end(scene);
	json *view = book(scene);
	assert_true(json_is_text(json_get(view, "finished_at")));
	assert_int_equal(json_get_integer(view, "drawn"), 2);
	assert_int_equal(json_get_integer(view, "missing"), 3);
	assert_int_equal(pages(scene, "1"), 2);
	assert_string_equal(json_print(scene->tx.arena, json_get(view, "parts")),
		arena_printf(scene->tx.arena,
			"[{\"part\":1,\"tickets\":2,\"first_number\":\"260002\",\"last_number\":"
			"\"260004\",\"size\":%lld}]",
			(long long)json_get_integer(json_at_pointer(view, "/parts/0"), "size")));
	static const char *const numbers[] = {"260001", "260003", "260005"};
	static const char *const codes[] = {"ticket.portrait", "ticket.portrait", "ticket.form"};
	for (size_t i = 0; i < COUNT(numbers); i++) {
		const json *each = json_at_pointer(
			view, arena_printf(scene->tx.arena, "/missing_tickets/%zu", i));

		assert_string_equal(json_get_text(each, "number"), numbers[i]);
		assert_string_equal(json_get_text(each, "text"),
			message_text(scene->tx.arena, scene->tx.language, codes[i], NULL));
	}
	assert_string_equal(
		json_get_text(json_at_pointer(view, "/missing_tickets/0"), "application_number"),
		"13900000001");
	assert_int_equal(claim(scene, &errands), 0); /* a later book is next */

	(void)ask(scene);
	assert_int_equal(json_get_integer(book(scene), "missing"), 0);
}

static void what_a_portrait_is_sealed_by_is_asked_for_as_well(void **state)
{
	struct scene *scene = *state;
	struct errands errands;

	tickets_fill(scene, 1);
	file_change(scene, "UPDATE file SET key_id = 2 WHERE id = ?1",
		portrait_put(scene, 1, "portrait"));
	(void)ask(scene);
	assert_int_equal(claim(scene, &errands), 1);
	assert_fails(scene, ticket_book_errands.prepare(&scene->tx, &errands), BROKEN,
		"seal.key_unknown");
}

/* It is drawn as soon as the key is known. */
static void what_is_sealed_by_a_key_that_is_not_known_yet_is_not_left_out(void **state)
{
	struct scene *scene = *state;
	struct errands errands;

	tickets_fill(scene, 2);
	assert_ok(scene,
		store_script(scene->db,
			"CREATE TEMP TABLE was AS SELECT id, form_sealed FROM application;"
			"UPDATE application SET form_sealed = CAST(SUBSTR(form_sealed, 1, 1)"
			" || X'02000000' || SUBSTR(form_sealed, 6) AS BLOB) WHERE number = '13900000002'",
			&scene->error));
	(void)ask(scene);
	assert_int_equal(claim(scene, &errands), 1);
	assert_fails(scene, ticket_book_errands.prepare(&scene->tx, &errands), BROKEN,
		"seal.key_unknown");
	assert_ok(scene, store_script(scene->db,
				 "UPDATE application SET form_sealed ="
				 " (SELECT form_sealed FROM was WHERE was.id = application.id)",
				 &scene->error));
	draw_to_the_end(scene);
	assert_int_equal(json_get_integer(book(scene), "drawn"), 2);
	assert_int_equal(json_get_integer(book(scene), "missing"), 0);
}

static void a_part_that_has_nothing_to_show_is_none(void **state)
{
	struct scene *scene = *state;

	tickets_fill(scene, 1);
	file_damage(scene, portrait_put(scene, 1, "portrait"));
	(void)ask(scene);
	draw_to_the_end(scene);
	json *view = book(scene);
	assert_true(json_is_text(json_get(view, "finished_at")));
	assert_int_equal(json_get_integer(view, "drawn"), 0);
	assert_int_equal(json_get_integer(view, "missing"), 1);
	assert_int_equal(json_count(json_get(view, "parts")), 0);
}

/* Of the plan's files; nothing can be stored or read while their table has another name. */
static void files_run(struct scene *scene, const char *sql)
{
	struct store *store;
	struct files *files;

	assert_ok(scene, tenant_files(scene->tenant, scene->plan_id, &files, &scene->error));
	assert_ok(scene, store_open(arena_printf(scene->tx.arena, "%s/tenants/%s/files/%s.db",
					    scene->folder, SCENE_SLUG, scene->plan_id),
				 STORE_WRITE, &store, &scene->error));
	assert_ok(scene, store_run(store, sql, BIND_NONE, &scene->error));
	store_close(store);
}

/* It fails, is put off, and waits for longer than it did before, which it returns. */
static int64_t fail_once(struct scene *scene, int64_t waited)
{
	struct errands errands;

	draw(scene, &errands);
	settle(scene, &errands);
	assert_true(json_is_null(json_get(book(scene), "finished_at")));
	assert_int_equal(claim(scene, &errands), 0);
	int64_t wait = errands.next_at - scene->tx.now;
	assert_true(wait > waited);
	scene->tx.now = errands.next_at;
	return wait;
}

static void files_that_cannot_be_used_end_their_book_at_last_and_hold_up_no_other(void **state)
{
	struct scene *scene = *state;
	struct errands errands;
	int64_t waited = 0;

	tickets_fill(scene, 2);
	files_run(scene, "ALTER TABLE file RENAME TO away");
	(void)ask(scene);
	for (int i = 0; i < 4; i++)
		waited = fail_once(scene, waited);
	draw(scene, &errands);
	settle(scene, &errands);
	json *view = book(scene);
	assert_true(json_is_text(json_get(view, "finished_at")));
	assert_int_equal(json_get_integer(view, "drawn"), 0);
	assert_int_equal(json_get_integer(view, "missing"), 2);
	assert_string_equal(json_get_text(json_at_pointer(view, "/missing_tickets/1"), "text"),
		message_text(scene->tx.arena, scene->tx.language, "ticket.files", NULL));
	assert_int_equal(claim(scene, &errands), 0);
	files_run(scene, "ALTER TABLE away RENAME TO file"); /* for the next scene */
}

static void files_that_can_be_used_again_cost_a_book_nothing(void **state)
{
	struct scene *scene = *state;

	tickets_fill(scene, 2);
	files_run(scene, "ALTER TABLE file RENAME TO away");
	(void)ask(scene);
	(void)fail_once(scene, 0);
	files_run(scene, "ALTER TABLE away RENAME TO file");
	draw_to_the_end(scene);
	json *view = book(scene);
	assert_true(json_is_text(json_get(view, "finished_at")));
	assert_int_equal(json_get_integer(view, "drawn"), 2);
	assert_int_equal(json_get_integer(view, "missing"), 0);
	assert_int_equal(pages(scene, "1"), 2);
	assert_int_equal(scene_number(scene, "SELECT failures + due_at FROM ticket_book"), 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(all_tickets_are_drawn_part_by_part),
		IN_SCENE(a_part_that_was_drawn_and_not_named_is_drawn_again),
		IN_SCENE(a_newer_book_takes_the_place_of_the_older),
		IN_SCENE(a_book_is_kept_for_some_days),
		IN_SCENE(what_cannot_be_drawn_is_left_out_and_told),
		IN_SCENE(what_a_portrait_is_sealed_by_is_asked_for_as_well),
		IN_SCENE(what_is_sealed_by_a_key_that_is_not_known_yet_is_not_left_out),
		IN_SCENE(a_part_that_has_nothing_to_show_is_none),
		IN_SCENE(files_that_cannot_be_used_end_their_book_at_last_and_hold_up_no_other),
		IN_SCENE(files_that_can_be_used_again_cost_a_book_nothing),
		IN_SCENE(a_ticket_that_is_void_is_in_no_book),
		IN_SCENE(without_tickets_there_is_no_book),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
