/*
 * The clock: the only place that asks the machine what time it is, so that a test can set it.
 *
 * A moment is milliseconds since 1970-01-01T00:00:00Z (int64_t, names end in _ms or _at); a day is a
 * civil date in Asia/Shanghai (UTC+8, no daylight saving). Safe from any thread.
 */
#ifndef KAOWU_BASE_CLOCK_H
#define KAOWU_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "result.h"

struct arena;

int64_t clock_now_ms(void);       /* wall clock, plus what clock_shift_ms() has added */
int64_t clock_monotonic_ms(void); /* for deadlines; never set, never shifted */
void clock_set_ms(int64_t at);    /* tests: stands still from now on; 0 lets it run again */
void clock_shift_ms(int64_t by);  /* tests and demo: added to the running clock from now on */

struct date {
	int year, month, day; /* 1..12, 1..31 */
};

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

bool date_valid(struct date date);     /* exists in the Gregorian calendar, year 1..9999 */
int64_t date_number(struct date date); /* days since 1970-01-01 */
struct date date_from_number(int64_t number);
int date_weekday(struct date date); /* 1 Monday .. 7 Sunday */
int date_compare(struct date left, struct date right);
struct date date_add_days(struct date date, int days);
struct date date_add_years(struct date date, int years); /* 02-29 becomes 02-28 where it must */
struct date date_last_of_month(int year, int month);
int days_in_month(int year, int month);

struct date date_of_moment(int64_t at_ms);    /* the day in Asia/Shanghai */
int64_t moment_of_date(struct date date);     /* 00:00 of that day in Asia/Shanghai */
int64_t moment_of_date_end(struct date date); /* 24:00 of that day */

/* "2026-11-22" and "2026-11", strictly. MALFORMED if not so or if there is no such day. */
enum result date_parse(const char *text, struct date *out) MUST_CHECK;
enum result month_parse(const char *text, int *year, int *month) MUST_CHECK;
char *date_text(struct arena *arena, struct date date);

/* RFC 3339 with an offset, "2026-11-22T09:00:00.000+08:00"; written in +08:00. */
enum result moment_parse(const char *text, int64_t *out) MUST_CHECK;
char *moment_text(struct arena *arena, int64_t at_ms);

/* The same without an arena, for the years 0 to 9999: 29 characters and the NUL. */
#define MOMENT_SIZE 30
void moment_write(int64_t at_ms, char out[MOMENT_SIZE]);

#endif
