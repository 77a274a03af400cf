/*
 * What the oracles of eligibility stand on: a calendar made by counting days one after another, and names of
 * occupations whose worth is written down beside them. No arithmetic of core/ is used.
 */
#ifndef TESTS_UNIT_PLUGIN_ORACLE_CALENDAR_H
#define TESTS_UNIT_PLUGIN_ORACLE_CALENDAR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"

#define FIRST_YEAR 2000
#define YEARS      60 /* applications until 2029, and the years that are wanted then */
#define DAYS       (YEARS * 365)
#define NEVER      DAYS /* no day of the calendar */

/* Days are numbered from 0, which is 2000-01-01. */
struct day {
	int year, month, day;
};
extern struct day calendar[DAYS];

void calendar_make(void); /* first */
int month_length(int year, int month);
int find_day(int year, int month, int day);
int find_day_years_later(int day, int years);    /* in a year without it the last of the month */
const char *words(struct arena *arena, int day); /* "2020-02-29" */

/* How a row stands: in the order of what it is worth. */
enum worth { REFUSED, REVIEW, COUNTS };

struct name {
	const char *name;
	bool consider;
	enum worth worth, worth_under_overlay;
	bool own;
};

#define NAMES 6
extern const struct name names[NAMES];
enum worth worth_of(const struct name *name, bool overlay);

/* The tables that make the names worth that: all but the conditions; and the overlay. */
#define ORACLE_TABLES                                                                              \
	"\"occupation\":{\"code\":\"4-02-06-05\",\"name\":\"供应链管理师\"},"                \
	"\"related\":{\"names\":[\"采购员\",\"仓储员\"],\"text\":\"采购员、仓储员等\",\"open\":true}"
json *oracle_overlays(struct arena *arena);

int below(int limit); /* at random: 0 to limit - 1 */

/* NEVER is null. */
bool same_day(struct arena *arena, const json *object, const char *member, int day);

json *parsed(struct arena *arena, const char *text);

#endif
