/*
 * Checking a ticket by the code on it.
 */
#include "office.h"

#include <string.h>

#include "base/text.h"
#include "exam/ticket_check.h"
#include "exam/voiding.h"

#include <cmocka.h>

/* Seats one, and gives the code of their ticket; from then on nobody acts. */
static const char *ticketed(struct scene *scene, struct application *application)
{
	office_ticket(scene, application);
	scene->tx.actor = (struct actor){.kind = ACTOR_NOBODY};
	return ticket_check_code(&scene->tx, scene_text(scene, "SELECT number FROM ticket"));
}

static void a_ticket_of_ours_is_told_with_as_little_of_the_person_as_the_door_needs(void **state)
{
	struct scene *scene = *state;
	struct application application;
	json *view;

	assert_ok(scene, ticket_check(&scene->tx, ticketed(scene, &application), &view));
	assert_string_equal(
		json_get_text(view, "number"), scene_text(scene, "SELECT number FROM ticket"));
	assert_true(json_get_true(view, "valid"));
	assert_string_equal(json_get_text(view, "name"), "张*");
	assert_string_equal(json_get_text(view, "occupation_name"), "供应链管理师");
	assert_string_equal(json_get_text(view, "room"), "第1考场");
	assert_int_equal(json_get_integer(view, "seat"), 1);
	assert_int_equal(json_count(json_get(view, "subjects")), 3);
	assert_string_equal(json_text(json_at_pointer(view, "/subjects/0/name")), "理论知识考试");
	assert_null(strstr(json_print(scene->tx.arena, view), "110108"));
}

static void a_ticket_of_a_voided_application_holds_no_longer(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *code = ticketed(scene, &application);
	json *view;

	(void)scene_as_staff(scene, "admin");
	assert_ok(scene, application_void(&scene->tx, &application, "证书查无此号"));
	scene->tx.actor = (struct actor){.kind = ACTOR_NOBODY};
	assert_ok(scene, ticket_check(&scene->tx, code, &view));
	assert_false(json_get_true(view, "valid"));
}

static void whoever_does_not_hold_the_paper_learns_nothing(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const char *code = ticketed(scene, &application);
	const char *number = scene_text(scene, "SELECT number FROM ticket");
	char *other = arena_text(scene->tx.arena, code);
	json *view;

	other[strlen(other) - 1] = other[strlen(other) - 1] == '0' ? '1' : '0';
	const char *const wrong[] = {number, "", ".", arena_printf(scene->tx.arena, "%s.", number),
		other, arena_printf(scene->tx.arena, "%s0", code),
		arena_printf(scene->tx.arena, "1%s", code),
		/* ours, but of a ticket that there is not */
		ticket_check_code(&scene->tx, "261100030100999")};

	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_fails(scene, ticket_check(&scene->tx, wrong[i], &view), NOT_FOUND,
			"ticket.unknown");
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_ticket_of_ours_is_told_with_as_little_of_the_person_as_the_door_needs),
		IN_SCENE(a_ticket_of_a_voided_application_holds_no_longer),
		IN_SCENE(whoever_does_not_hold_the_paper_learns_nothing),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
