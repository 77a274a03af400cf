/*
 * Pages: a whole list comes out in parts, once each row, however the parts are cut; what is no cursor is refused.
 */
#include "scene.h"

#include <string.h>

#include "exam/page.h"

#include <cmocka.h>

#define ROWS 5

static json *rows_of(struct scene *scene, int from, int count)
{
	json *rows = json_new_array(scene->tx.arena);

	for (int i = from; i < from + count; i++) {
		json *row = json_append(rows, json_new_object(scene->tx.arena));

		json_set_integer(scene->tx.arena, row, PAGE_NUMBER, i);
		json_set_text(
			scene->tx.arena, row, "name", arena_printf(scene->tx.arena, "row.%d", i));
	}
	return rows;
}

/* What a query that asks for one row too many gives of a list of ROWS. */
static json *asked(struct scene *scene, const struct page *page)
{
	int from = page->begun ? (int)page->number + 1 : 0;
	int count = ROWS - from;

	return rows_of(scene, from, count > page->most + 1 ? (int)page->most + 1 : count);
}

static void every_row_comes_once_whatever_the_size(void **state)
{
	struct scene *scene = *state;

	for (int size = 1; size <= ROWS + 1; size++) {
		const char *limit = arena_printf(scene->tx.arena, "%d", size), *cursor = NULL;
		int seen = 0;

		do {
			json *view = json_new_object(scene->tx.arena);
			struct page page;

			assert_ok(scene, page_read(&scene->tx, cursor, limit, &page));
			page_end(scene->tx.arena, &page, view, "rows", asked(scene, &page),
				PAGE_NUMBER, "name");
			assert_in_range(json_count(json_get(view, "rows")), 1, size);
			json_each(row, json_get(view, "rows"))
			{
				assert_string_equal(json_get_text(row, "name"),
					arena_printf(scene->tx.arena, "row.%d", seen++));
				assert_null(json_get(row, PAGE_NUMBER));
			}
			cursor = json_get_text(view, "next");
			assert_true(!cursor == (seen == ROWS));
		} while (cursor);
		assert_int_equal(seen, ROWS);
	}
}

static void a_cursor_holds_its_key(void **state)
{
	struct scene *scene = *state;
	struct page page;

	assert_ok(scene,
		page_read(&scene->tx, page_cursor(scene->tx.arena, 17, "a.b-c"), NULL, &page));
	assert_true(page.begun);
	assert_int_equal(page.number, 17);
	assert_string_equal(page.text, "a.b-c");
	assert_int_equal(page.most, LIMIT_PAGE);
	assert_ok(
		scene, page_read(&scene->tx, page_cursor(scene->tx.arena, 999999999999999999, NULL),
			       "1", &page));
	assert_int_equal(page.number, 999999999999999999);
	assert_string_equal(page.text, "");
	assert_ok(scene, page_read(&scene->tx, NULL, NULL, &page));
	assert_false(page.begun);
}

static void what_is_no_cursor_and_no_number_of_rows_is_refused(void **state)
{
	static const char *const cursors[] = {
		"", "x", "12", ".a", "-1.a", "1x.a", "1 .a", "99999999999999999999999999.a"};
	static const char *const limits[] = {"", "0", "-1", "101", "1x", "9999999999999999999999"};
	struct scene *scene = *state;
	struct page page;

	for (size_t i = 0; i < COUNT(cursors); i++) {
		assert_fails(scene, page_read(&scene->tx, cursors[i], NULL, &page), INVALID,
			"input.invalid");
		assert_string_equal(scene_fault(scene, "/cursor"), "page.cursor");
	}
	for (size_t i = 0; i < COUNT(limits); i++) {
		assert_fails(scene, page_read(&scene->tx, NULL, limits[i], &page), INVALID,
			"input.invalid");
		assert_string_equal(scene_fault(scene, "/limit"), "page.limit");
	}
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(every_row_comes_once_whatever_the_size),
		IN_SCENE(a_cursor_holds_its_key),
		IN_SCENE(what_is_no_cursor_and_no_number_of_rows_is_refused),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
