/*
 * The calendar, and the names (oracle_calendar.h).
 */
#include "oracle_calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/id.h"

struct day calendar[DAYS];
static int new_year[YEARS];

int month_length(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : lengths[month - 1];
}

void calendar_make(void)
{
	struct day day = {FIRST_YEAR, 1, 1};
	for (int i = 0; i < DAYS; i++) {
		calendar[i] = day;
		if (day.month == 1 && day.day == 1)
			new_year[day.year - FIRST_YEAR] = i;
		if (++day.day <= month_length(day.year, day.month))
			continue;
		day.day = 1;
		if (++day.month > 12)
			day = (struct day){day.year + 1, 1, 1};
	}
}

int find_day(int year, int month, int day)
{
	int i = new_year[year - FIRST_YEAR];
	while (calendar[i].year != year || calendar[i].month != month || calendar[i].day != day)
		i++;
	return i;
}

int find_day_years_later(int day, int years)
{
	struct day end = calendar[day];
	int length = month_length(end.year + years, end.month);
	return find_day(end.year + years, end.month, end.day < length ? end.day : length);
}

const char *words(struct arena *arena, int day)
{
	return arena_printf(arena, "%04d-%02d-%02d", calendar[day].year, calendar[day].month,
		calendar[day].day);
}

/* The overlay denies 采购员 and 焊工. */
const struct name names[NAMES] = {
	{"供应链管理师", false, COUNTS, COUNTS, true},
	{"采购员", false, COUNTS, REFUSED, false},
	{"仓储员", false, COUNTS, COUNTS, false},
	{"焊工", true, REVIEW, REFUSED, false},
	{"电工", true, REVIEW, REVIEW, false},
	{"电工", false, REFUSED, REFUSED, false},
};

enum worth worth_of(const struct name *name, bool overlay)
{
	return overlay ? name->worth_under_overlay : name->worth;
}

#define DENY(id, name)                                                                             \
	"{\"id\":\"" id                                                                            \
	"\",\"kind\":\"deny_related\",\"occupation_code\":\"4-02-06-05\",\"name\":\"" name         \
	"\",\"reason\":\"r\",\"from\":\"2000-01-01\"}"

json *oracle_overlays(struct arena *arena)
{
	return parsed(arena, "[" DENY("a", "采购员") "," DENY("b", "焊工") "]");
}

int below(int limit)
{
	return (int)random_below((uint32_t)limit);
}

bool same_day(struct arena *arena, const json *object, const char *member, int day)
{
	const char *found = json_get_text(object, member);
	return day == NEVER ? !found : found && strcmp(found, words(arena, day)) == 0;
}

json *parsed(struct arena *arena, const char *text)
{
	struct error error = {.arena = arena};
	json *value;
	if (json_parse(arena, text, strlen(text), &value, &error))
		abort();
	return value;
}
