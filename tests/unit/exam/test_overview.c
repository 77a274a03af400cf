/*
 * The last four weeks day by day: days are those of Beijing, and what was long ago is not counted.
 */
#include "office.h"

#include "base/text.h"
#include "exam/overview.h"

#include <cmocka.h>

#define OTHER_MOBILE  "13800000002"
#define NEXT_MIDNIGHT "2026-11-25T00:00:00+08:00"

static const json *days_at(struct scene *scene, const char *moment)
{
	json *view;

	scene_at(scene, moment);
	assert_ok(scene, overview_view(&scene->tx, &view));
	return json_get(view, "days");
}

static void assert_day(
	const json *days, const char *date, int64_t handed_in, int64_t approved, int64_t rejected)
{
	json_each(day, days)
	{
		if (!text_equal(json_get_text(day, "date"), date))
			continue;
		assert_int_equal(json_get_integer(day, "handed_in"), handed_in);
		assert_int_equal(json_get_integer(day, "approved"), approved);
		assert_int_equal(json_get_integer(day, "rejected"), rejected);
		return;
	}
	fail_msg("%s is not among the days", date);
}

static int64_t happened(const json *days)
{
	int64_t sum = 0;

	json_each(day, days) sum += json_get_integer(day, "handed_in") +
				    json_get_integer(day, "approved") +
				    json_get_integer(day, "rejected");
	return sum;
}

static void what_happened_belongs_to_its_day_in_beijing(void **state)
{
	struct scene *scene = *state;
	struct application first, second;

	scene_submitted(scene, SCENE_MOBILE, 1, &first);
	scene_at(scene, "2026-11-24T23:59:59.999+08:00");
	office_reject(scene, &first, "work");
	scene_at(scene, NEXT_MIDNIGHT);
	scene_submitted(scene, OTHER_MOBILE, 2, &second);
	office_approve(scene, &second);

	const json *days = days_at(scene, NEXT_MIDNIGHT);
	assert_int_equal(json_count(days), 28);
	assert_day(days, "2026-10-29", 0, 0, 0);
	assert_day(days, "2026-11-23", 1, 0, 0);
	assert_day(days, "2026-11-24", 0, 0, 1);
	assert_day(days, "2026-11-25", 1, 1, 0);
	assert_int_equal(happened(days), 4);
}

static void four_weeks_are_shown_and_no_more(void **state)
{
	struct scene *scene = *state;
	struct application application;
	const json *days;

	scene_submitted(scene, SCENE_MOBILE, 1, &application);
	assert_day(days_at(scene, "2026-12-20T23:59:59+08:00"), "2026-11-23", 1, 0, 0);
	days = days_at(scene, "2026-12-21T00:00:00+08:00");
	assert_int_equal(json_count(days), 28);
	assert_int_equal(happened(days), 0);
	/* A clock that was put back: what is of tomorrow is not of today. */
	assert_int_equal(happened(days_at(scene, "2026-11-22T12:00:00+08:00")), 0);
}

int main(int count, char **words)
{
	const struct CMUnitTest tests[] = {
		IN_SCENE(what_happened_belongs_to_its_day_in_beijing),
		IN_SCENE(four_weeks_are_shown_and_no_more),
	};

	scene_be_worker(count, words);
	return cmocka_run_group_tests(tests, scene_build, scene_remove);
}
