/*
 * One walk over the entries in order of their beginning (work_days.h).
 *
 * The hard thing is that "five years" has no fixed number of days: it has as many as the five calendar years that
 * begin on the first day that counts, so that somebody who never paused has them on the calendar day one expects.
 */
#include "work_days.h"

#include <stdlib.h>

#include "base/clock.h"

static int compare_spans(const void *left, const void *right)
{
	int64_t first = ((const struct work_span *)left)->first;
	int64_t second = ((const struct work_span *)right)->first;
	return (first > second) - (first < second);
}

static int64_t days_of_years(int64_t first, int years)
{
	int64_t days = date_number(date_add_years(date_from_number(first), years)) - first;
	return days > 0 ? days : 1; /* no years: any work at all */
}

static int64_t days_between(int64_t first, int64_t last)
{
	return last >= first ? last - first + 1 : 0;
}

struct work_count work_count(
	struct work_span *spans, size_t span_count, int64_t since, int years, int64_t on)
{
	struct work_count count = {.first = DAY_NEVER, .complete = DAY_NEVER};
	int64_t next = since; /* the first day that is not counted yet */
	int64_t before = 0;   /* days of earlier spans, whether past `on` or not */

	qsort(spans, span_count, sizeof(*spans), compare_spans);
	for (size_t i = 0; i < span_count && since != DAY_NEVER; i++) {
		int64_t first = spans[i].first > next ? spans[i].first : next;
		int64_t last = spans[i].last;
		if (last < first)
			continue;
		if (count.first == DAY_NEVER) {
			count.first = first;
			count.required = days_of_years(first, years);
		}

		int64_t missing = count.required - before;
		if (count.complete == DAY_NEVER &&
			(last == DAY_NEVER || last - first + 1 >= missing))
			count.complete = first + missing - 1;
		count.counted += days_between(first, last < on ? last : on);
		if (last == DAY_NEVER)
			break;
		before += last - first + 1;
		next = last + 1;
	}
	if (count.first == DAY_NEVER)
		count.required = days_of_years(on, years);
	return count;
}
