/*
 * The arithmetic of work (S1): entries of whole months become days, days become years.
 *
 * A day is its number (date_number()). Overlaps count once, gaps do not count.
 */
#ifndef KAOWU_PLUGIN_WORK_DAYS_H
#define KAOWU_PLUGIN_WORK_DAYS_H

#include <stddef.h>
#include <stdint.h>

#define DAY_NEVER  INT64_MAX
#define DAY_ALWAYS INT64_MIN

struct work_span {
	int64_t first, last; /* both count; `last` is DAY_NEVER for a present job */
};

struct work_count {
	int64_t first;    /* the first day that counts; DAY_NEVER if none does */
	int64_t required; /* days in `years` calendar years from that day on, at least one */
	int64_t counted;  /* up to and with the day of the application */
	int64_t complete; /* the first day at whose end `required` are counted; DAY_NEVER if that never comes */
};

/*
 * Work of `spans` (sorted here) from the day `since` on, as it stands on the day `on`. Since DAY_NEVER nothing
 * counts.
 */
struct work_count work_count(
	struct work_span *spans, size_t span_count, int64_t since, int years, int64_t on);

#endif
