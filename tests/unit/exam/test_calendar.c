/*
 * Working days (S15): the two years of the official notices day by day, and what an operator's file can do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/text.h"
#include "exam/calendar.h"

#include <cmocka.h>

struct place {
	char folder[64]; /* DATA */
	struct error error;
	struct calendars *calendars;
};

static int begin(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->folder, sizeof(place->folder), "/tmp/kaowu-calendar-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	place->error.arena = arena_create(1u << 20);
	*state = place;
	return 0;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int end(void **state)
{
	struct place *place = *state;

	if (place->calendars)
		calendars_destroy(place->calendars);
	(void)nftw(place->folder, entry_remove, 4, FTW_DEPTH | FTW_PHYS);
	arena_destroy(place->error.arena);
	free(place);
	return 0;
}

static const char *file_write(struct place *place, const char *name, const char *text)
{
	char *folder = arena_printf(place->error.arena, "%s/calendar", place->folder);
	char *path = arena_printf(place->error.arena, "%s/%s", folder, name);

	(void)mkdir(folder, 0700);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

static const struct calendars *load(struct place *place)
{
	assert_int_equal(calendars_load(place->folder, &place->calendars, &place->error), OK);
	return place->calendars;
}

/* Handed in at noon of that day. */
static const char *due(struct place *place, const char *day, bool *known)
{
	struct date date;

	assert_int_equal(date_parse(day, &date), OK);
	int64_t at = calendar_due(place->calendars, moment_of_date(date) + 12 * HOUR_MS, 2, known);
	assert_int_equal(at % HOUR_MS, 0);
	assert_int_equal(moment_of_date_end(date_of_moment(at - 1)), at);
	return date_text(place->error.arena, date_of_moment(at - 1));
}

static void s15_an_answer_is_due_at_the_end_of_the_second_working_day(void **state)
{
	static const char *const vectors[][2] = {
		{"2026-11-20", "2026-11-24"}, /* weekend */
		{"2026-11-21", "2026-11-24"}, /* handed in on a day off */
		{"2026-09-30", "2026-10-09"}, /* 国庆 */
		{"2026-10-08", "2026-10-10"}, /* a Saturday that is worked */
		{"2026-10-09", "2026-10-12"}, /* 10-10 counts, 10-11 does not */
		{"2026-09-24", "2026-09-29"}, /* 中秋 */
		{"2026-02-13", "2026-02-24"}, /* 02-14 is worked, then nine days off */
		{"2026-02-14", "2026-02-25"}, /* handed in on a worked Saturday */
		{"2026-04-03", "2026-04-08"}, /* 清明 */
		{"2026-05-08", "2026-05-11"}, /* a Saturday that is worked */
		{"2025-09-27", "2025-09-29"}, /* a Sunday that is worked */
		{"2025-09-30", "2025-10-10"}, /* eight days off */
		{"2025-01-24", "2025-01-27"}, /* a Sunday that is worked */
	};
	struct place *place = *state;

	(void)load(place);
	for (size_t i = 0; i < COUNT(vectors); i++) {
		bool known = false;

		assert_string_equal(due(place, vectors[i][0], &known), vectors[i][1]);
		assert_true(known);
	}
}

static int working_days(const struct calendars *calendars, int year, int month)
{
	int count = 0;

	for (int day = 1; day <= days_in_month(year, month); day++)
		count += calendar_working_day(calendars, (struct date){year, month, day});
	return count;
}

static void each_month_has_as_many_working_days_as_its_notice_gives(void **state)
{
	static const int of_2025[] = {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23};
	static const int of_2026[] = {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23};
	const struct calendars *calendars = load(*state);

	for (int month = 1; month <= 12; month++) {
		assert_int_equal(working_days(calendars, 2025, month), of_2025[month - 1]);
		assert_int_equal(working_days(calendars, 2026, month), of_2026[month - 1]);
	}
}

static void the_moment_of_the_day_does_not_matter(void **state)
{
	struct place *place = *state;
	bool known;
	int64_t start = moment_of_date((struct date){2026, 11, 20});

	(void)load(place);
	assert_int_equal(calendar_due(place->calendars, start, 2, &known),
		calendar_due(place->calendars, start + DAY_MS - 1, 2, &known));
}

static void a_year_without_a_notice_is_told_and_counted_monday_to_friday(void **state)
{
	struct place *place = *state;
	bool known = true;

	(void)load(place);
	assert_false(calendar_knows(place->calendars, 2027));
	assert_false(calendar_knows(place->calendars, 1999));
	assert_false(calendar_knows(place->calendars, 2200));
	assert_string_equal(due(place, "2027-10-01", &known), "2027-10-05");
	assert_false(known);
}

static void an_unknown_year_on_the_way_is_told_as_well(void **state)
{
	struct place *place = *state;
	bool known = true;

	(void)load(place);
	assert_string_equal(due(place, "2026-12-30", &known), "2027-01-01");
	assert_false(known);
}

static void the_operators_file_makes_a_year_known_and_wins(void **state)
{
	struct place *place = *state;

	(void)file_write(place, "2027.json",
		"{\"year\": 2027, \"off\": [\"03-01/03-02\"], \"work\": [\"03-06\"]}");
	(void)file_write(place, "2026.json", "{\"year\": 2026, \"off\": [], \"work\": []}");
	(void)load(place);
	assert_true(calendar_knows(place->calendars, 2027));
	assert_false(calendar_working_day(place->calendars, (struct date){2027, 3, 1}));
	assert_false(calendar_working_day(place->calendars, (struct date){2027, 3, 2}));
	assert_true(calendar_working_day(place->calendars, (struct date){2027, 3, 3}));
	assert_true(calendar_working_day(place->calendars, (struct date){2027, 3, 6}));
	assert_true(calendar_working_day(place->calendars, (struct date){2026, 10, 1}));
}

static void a_faulty_file_is_named_and_nothing_is_loaded(void **state)
{
	static const char *const faulty[] = {
		"",
		"{\"year\": 2027, \"off\": [",
		"[]",
		"{\"year\": 2026, \"off\": [], \"work\": []}", /* another year than its name */
		"{\"off\": [], \"work\": []}",
		"{\"year\": 2027, \"work\": []}",
		"{\"year\": 2027, \"off\": []}",
		"{\"year\": 2027, \"off\": \"03-01\", \"work\": []}",
		"{\"year\": 2027, \"off\": [301], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"02-29\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"3-01\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"03-01x\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"03-01/\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"03-01/03-02/03-03\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"03-02/03-01\"], \"work\": []}",
		"{\"year\": 2027, \"off\": [\"03-01/03-05\"], \"work\": [\"03-05\"]}", /* both */
		"{\"year\": 2027, \"off\": [\"03-01\", \"03-01\"], \"work\": []}",
	};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(faulty); i++) {
		const char *path = file_write(place, "2027.json", faulty[i]);

		place->error = (struct error){.arena = place->error.arena};
		assert_int_equal(
			calendars_load(place->folder, &place->calendars, &place->error), INVALID);
		assert_null(place->calendars);
		assert_string_equal(place->error.code, "calendar.faulty");
		assert_string_equal(place->error.params[0], "file");
		assert_string_equal(place->error.params[1], path);
	}
}

static void a_file_that_cannot_be_opened_is_not_passed_over(void **state)
{
	struct place *place = *state;
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/calendar", place->folder);
	FILE *file = fopen(path, "we"); /* where a folder should be */
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(calendars_load(place->folder, &place->calendars, &place->error), INVALID);
	assert_string_equal(place->error.code, "calendar.unreadable");
	assert_true(text_starts(place->error.params[1], path));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(s15_an_answer_is_due_at_the_end_of_the_second_working_day),
		TEST(each_month_has_as_many_working_days_as_its_notice_gives),
		TEST(the_moment_of_the_day_does_not_matter),
		TEST(a_year_without_a_notice_is_told_and_counted_monday_to_friday),
		TEST(an_unknown_year_on_the_way_is_told_as_well),
		TEST(the_operators_file_makes_a_year_known_and_wins),
		TEST(a_faulty_file_is_named_and_nothing_is_loaded),
		TEST(a_file_that_cannot_be_opened_is_not_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
