/*
 * The clock, the civil calendar, and RFC 3339.
 */
#include "scratch.h"

#include "base/clock.h"

static void the_clock_stands_where_it_is_set(void **state)
{
	(void)state;
	clock_set_ms(1000);
	assert_int_equal(clock_now_ms(), 1000);
	assert_int_equal(clock_now_ms(), 1000);
	clock_set_ms(0);
	assert_true(clock_now_ms() > INT64_C(1600000000000));
}

static void a_shift_is_added_to_the_running_clock(void **state)
{
	(void)state;
	int64_t before = clock_now_ms();
	clock_shift_ms(DAY_MS);
	int64_t shifted = clock_now_ms();
	clock_shift_ms(-DAY_MS);
	int64_t after = clock_now_ms();

	assert_true(shifted >= before + DAY_MS && shifted <= after + DAY_MS);
}

static void deadlines_do_not_see_the_clock_set(void **state)
{
	(void)state;
	int64_t before = clock_monotonic_ms();
	clock_set_ms(1);
	int64_t after = clock_monotonic_ms();
	clock_set_ms(0);

	assert_true(after >= before && after < before + MINUTE_MS);
}

static void leap_years_follow_the_calendar(void **state)
{
	(void)state;
	assert_int_equal(days_in_month(2023, 2), 28);
	assert_int_equal(days_in_month(2024, 2), 29);
	assert_int_equal(days_in_month(1900, 2), 28);
	assert_int_equal(days_in_month(2000, 2), 29);
	assert_int_equal(days_in_month(2100, 2), 28);
	assert_int_equal(days_in_month(2026, 11), 30);
	assert_int_equal(days_in_month(2026, 12), 31);
	assert_int_equal(date_last_of_month(2024, 2).day, 29);
}

static void only_days_that_exist_are_valid(void **state)
{
	static const struct date bad[] = {{2023, 2, 29}, {1900, 2, 29}, {2026, 4, 31}, {2026, 0, 1},
		{2026, 13, 1}, {2026, 1, 0}, {2026, 1, 32}, {0, 1, 1}, {10000, 1, 1},
		{2026, -1, 1}};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(date_valid(bad[i]));
	assert_true(date_valid((struct date){1, 1, 1}));
	assert_true(date_valid((struct date){2000, 2, 29}));
	assert_true(date_valid((struct date){9999, 12, 31}));
}

static void known_days_have_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(date_number((struct date){1970, 1, 1}), 0);
	assert_int_equal(date_number((struct date){1969, 12, 31}), -1);
	assert_int_equal(date_number((struct date){2000, 3, 1}), 11017);
	assert_int_equal(date_number((struct date){2026, 11, 22}), 20779);
	assert_int_equal(date_number((struct date){1, 1, 1}), -719162);
	assert_int_equal(date_number((struct date){9999, 12, 31}), 2932896);
}

static void days_follow_each_other_for_ten_thousand_years(void **state)
{
	int64_t number = date_number((struct date){1, 1, 1});
	int weekday = 1; /* 0001-01-01 was a Monday */

	(void)state;
	for (int year = 1; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= days_in_month(year, month); day++) {
				struct date date = {year, month, day},
					    back = date_from_number(number);

				if (date_number(date) != number || date_compare(date, back) ||
					back.day != day || date_weekday(date) != weekday)
					fail_msg("%04d-%02d-%02d", year, month, day);
				number++;
				weekday = weekday % 7 + 1;
			}
		}
	}
}

static void known_days_have_their_weekdays(void **state)
{
	(void)state;
	assert_int_equal(date_weekday((struct date){1970, 1, 1}), 4);
	assert_int_equal(date_weekday((struct date){1949, 10, 1}), 6);
	assert_int_equal(date_weekday((struct date){2000, 1, 1}), 6);
	assert_int_equal(date_weekday((struct date){2024, 2, 29}), 4);
	assert_int_equal(date_weekday((struct date){2026, 11, 22}), 7);
}

static void assert_date(struct date date, int year, int month, int day)
{
	assert_int_equal(date.year, year);
	assert_int_equal(date.month, month);
	assert_int_equal(date.day, day);
}

static void years_are_added_by_the_calendar(void **state)
{
	(void)state;
	assert_date(date_add_years((struct date){2024, 2, 29}, 1), 2025, 2, 28);
	assert_date(date_add_years((struct date){2024, 2, 29}, 4), 2028, 2, 29);
	assert_date(date_add_years((struct date){2024, 2, 29}, -124), 1900, 2, 28);
	assert_date(date_add_years((struct date){2023, 2, 28}, 1), 2024, 2, 28);
	assert_date(date_add_years((struct date){2021, 11, 22}, 5), 2026, 11, 22);
}

static void days_are_added_across_months_and_years(void **state)
{
	(void)state;
	assert_date(date_add_days((struct date){2026, 12, 31}, 1), 2027, 1, 1);
	assert_date(date_add_days((struct date){2024, 3, 1}, -1), 2024, 2, 29);
	assert_date(date_add_days((struct date){2023, 3, 1}, -1), 2023, 2, 28);
	assert_date(date_add_days((struct date){2000, 1, 1}, 146097), 2400, 1, 1);
	assert_int_equal(date_compare((struct date){2026, 1, 31}, (struct date){2026, 2, 1}), -1);
	assert_int_equal(date_compare((struct date){2027, 1, 1}, (struct date){2026, 12, 31}), 1);
}

static void a_day_begins_at_midnight_in_shanghai(void **state)
{
	struct date date = {2026, 11, 22};
	int64_t start = moment_of_date(date);

	(void)state;
	assert_int_equal(start, INT64_C(1795276800000)); /* 2026-11-21T16:00:00Z */
	assert_int_equal(moment_of_date_end(date), start + DAY_MS);
	assert_date(date_of_moment(start), 2026, 11, 22);
	assert_date(date_of_moment(start - 1), 2026, 11, 21);
	assert_date(date_of_moment(start + DAY_MS - 1), 2026, 11, 22);
	assert_date(date_of_moment(-1), 1970, 1, 1);
	assert_date(date_of_moment(-8 * HOUR_MS - 1), 1969, 12, 31);
}

static void days_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-11", "2026-11-2", "2026-11-222",
		"2026/11/22", "2026-11-31", "2023-02-29", "0000-01-01", "2026-00-10", "2026-13-01",
		"2026-11-00", " 2026-11-22", "2026-11-22 ", "20261122", "+026-11-22", "2026-1a-22",
		"2026-11--2", "２０２６-11-22"};
	struct date date = {1, 2, 3};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (date_parse(bad[i], &date) != MALFORMED)
			fail_msg("%s is taken", bad[i]);
	}
	assert_int_equal(date_parse(NULL, &date), MALFORMED);
	assert_date(date, 1, 2, 3);

	assert_int_equal(date_parse("2024-02-29", &date), OK);
	assert_date(date, 2024, 2, 29);
}

static void months_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-1", "2026-13", "2026-00", "0000-01",
		"2026-011", "2026-11-22", "2026.11"};
	int year = 1, month = 2;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (month_parse(bad[i], &year, &month) != MALFORMED)
			fail_msg("%s is taken", bad[i]);
	}
	assert_int_equal(month_parse(NULL, &year, &month), MALFORMED);
	assert_int_equal(year, 1);
	assert_int_equal(month, 2);

	assert_int_equal(month_parse("2021-07", &year, &month), OK);
	assert_int_equal(year, 2021);
	assert_int_equal(month, 7);
}

static void moments_follow_the_examples_of_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int64_t at_ms;
	} good[] = {
		{"1985-04-12T23:20:50.52Z", INT64_C(482196050520)},
		{"1996-12-19T16:39:57-08:00", INT64_C(851042397000)},
		{"1937-01-01T12:00:27.87+00:20", INT64_C(-1041337172130)},
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01t00:00:00z", 0},
		{"1970-01-01T00:00:00-00:00", 0},
		{"1970-01-01T00:00:00.001999Z", 1},
		{"1969-12-31T23:59:59.999Z", -1},
		{"2026-11-22T09:00:00.000+08:00", INT64_C(1795309200000)},
		{"2026-11-22T09:00:00+08:00", INT64_C(1795309200000)},
		{"2026-11-22T00:59:00-00:01", INT64_C(1795309200000)},
		{"2024-02-29T23:59:59.999+08:00", INT64_C(1709222399999)},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t at_ms = 7;

		assert_int_equal(moment_parse(good[i].text, &at_ms), OK);
		assert_int_equal(at_ms, good[i].at_ms);
	}
}

static void moments_are_read_strictly(void **state)
{
	static const char *const bad[] = {"", "2026-11-22", "2026-11-22T09:00:00",
		"2026-11-22T09:00Z", "2026-11-22 09:00:00Z", "2026-11-22T9:00:00Z",
		"2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z", "2026-11-22T09:00:61Z",
		"2026-11-31T09:00:00Z", "2023-02-29T09:00:00Z", "2026-11-22T09:00:00.Z",
		"2026-11-22T09:00:00,5Z", "2026-11-22T09:00:00+8:00", "2026-11-22T09:00:00+0800",
		"2026-11-22T09:00:00+08", "2026-11-22T09:00:00+24:00", "2026-11-22T09:00:00+08:60",
		"2026-11-22T09:00:00Z ", " 2026-11-22T09:00:00Z", "2026-11-22T09:00:00ZZ",
		"2026-11-22T09:00:00+08:00x", "2026-11-22T09:00:00.5", "2026-11-22T-9:00:00Z",
		"2026-11-22T09:00:0\xd9\xa0Z", "20261122T090000Z", "2026-W47-7T09:00:00Z",
		"2026-326T09:00:00Z", "10000-01-01T00:00:00Z", "2026-11-22T09:00:00 +08:00",
		"2026-11-22T09-00-00Z"};
	int64_t at_ms = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (moment_parse(bad[i], &at_ms) != MALFORMED)
			fail_msg("%s is taken", bad[i]);
	}
	assert_int_equal(moment_parse(NULL, &at_ms), MALFORMED);
	assert_int_equal(at_ms, 7);
}

static void moments_are_written_as_shanghai_sees_them(void **state)
{
	struct scratch *scratch = *state;
	struct arena *arena = scratch->arena;
	char text[MOMENT_SIZE];

	assert_string_equal(moment_text(arena, 0), "1970-01-01T08:00:00.000+08:00");
	assert_string_equal(moment_text(arena, -1), "1970-01-01T07:59:59.999+08:00");
	assert_string_equal(
		moment_text(arena, INT64_C(1795309200000)), "2026-11-22T09:00:00.000+08:00");
	assert_string_equal(date_text(arena, (struct date){1, 2, 3}), "0001-02-03");
	moment_write(INT64_C(1795309200007), text);
	assert_string_equal(text, "2026-11-22T09:00:00.007+08:00");
	moment_write(INT64_MAX / 2, text); /* whatever a row holds, it does not run over */
	moment_write(INT64_MIN / 2, text);
}

static void what_is_written_is_read_back(void **state)
{
	struct scratch *scratch = *state;

	for (int64_t at = INT64_C(-60000000000123); at < INT64_C(250000000000000);
		at += INT64_C(99999999977)) {
		int64_t back;

		assert_int_equal(moment_parse(moment_text(scratch->arena, at), &back), OK);
		assert_int_equal(back, at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_scratch(the_clock_stands_where_it_is_set),
		with_scratch(a_shift_is_added_to_the_running_clock),
		with_scratch(deadlines_do_not_see_the_clock_set),
		with_scratch(leap_years_follow_the_calendar),
		with_scratch(only_days_that_exist_are_valid),
		with_scratch(known_days_have_their_numbers),
		with_scratch(days_follow_each_other_for_ten_thousand_years),
		with_scratch(known_days_have_their_weekdays),
		with_scratch(years_are_added_by_the_calendar),
		with_scratch(days_are_added_across_months_and_years),
		with_scratch(a_day_begins_at_midnight_in_shanghai),
		with_scratch(days_are_read_strictly),
		with_scratch(months_are_read_strictly),
		with_scratch(moments_follow_the_examples_of_rfc_3339),
		with_scratch(moments_are_read_strictly),
		with_scratch(moments_are_written_as_shanghai_sees_them),
		with_scratch(what_is_written_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
