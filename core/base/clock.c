/*
 * The clock and the civil calendar of Asia/Shanghai.
 *
 * Days are counted from 1970-01-01 by the usual trick of letting the year begin in March, so that the leap day
 * comes last.
 */
#include "clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "arena.h"

#define SHANGHAI_OFFSET_MS (8 * HOUR_MS)

static _Atomic int64_t standing_at; /* 0: the clock runs */
static _Atomic int64_t shifted_by;

static int64_t read_clock(clockid_t which)
{
	struct timespec moment;

	clock_gettime(which, &moment);
	return (int64_t)moment.tv_sec * 1000 + moment.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	int64_t standing = atomic_load(&standing_at);

	return standing ? standing : read_clock(CLOCK_REALTIME) + atomic_load(&shifted_by);
}

int64_t clock_monotonic_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void clock_set_ms(int64_t at)
{
	atomic_store(&standing_at, at);
}

void clock_shift_ms(int64_t by)
{
	atomic_fetch_add(&shifted_by, by);
}

static bool leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

bool date_valid(struct date date)
{
	return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
	       date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

static int64_t floor_divide(int64_t number, int64_t by)
{
	int64_t quotient = number / by;

	return number % by < 0 ? quotient - 1 : quotient;
}

int64_t date_number(struct date date)
{
	int64_t year = date.month <= 2 ? date.year - 1 : date.year;
	int64_t era = floor_divide(year, 400), year_of_era = year - era * 400;
	int64_t day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

struct date date_from_number(int64_t number)
{
	int64_t shifted = number + 719468;
	int64_t era = floor_divide(shifted, 146097), day_of_era = shifted - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153;
	int64_t day = day_of_year - (153 * month + 2) / 5 + 1;

	month = month < 10 ? month + 3 : month - 9;
	return (struct date){(int)(year_of_era + era * 400 + (month <= 2)), (int)month, (int)day};
}

int date_weekday(struct date date)
{
	int64_t since_monday = date_number(date) + 3; /* 1970-01-01 was a Thursday */

	return (int)(since_monday - floor_divide(since_monday, 7) * 7) + 1;
}

int date_compare(struct date left, struct date right)
{
	int64_t difference = date_number(left) - date_number(right);

	return (difference > 0) - (difference < 0);
}

struct date date_add_days(struct date date, int days)
{
	return date_from_number(date_number(date) + days);
}

struct date date_add_years(struct date date, int years)
{
	struct date sum = {date.year + years, date.month, date.day};

	if (sum.day > days_in_month(sum.year, sum.month))
		sum.day = days_in_month(sum.year, sum.month);
	return sum;
}

struct date date_last_of_month(int year, int month)
{
	return (struct date){year, month, days_in_month(year, month)};
}

struct date date_of_moment(int64_t at_ms)
{
	return date_from_number(floor_divide(at_ms + SHANGHAI_OFFSET_MS, DAY_MS));
}

int64_t moment_of_date(struct date date)
{
	return date_number(date) * DAY_MS - SHANGHAI_OFFSET_MS;
}

int64_t moment_of_date_end(struct date date)
{
	return moment_of_date(date) + DAY_MS;
}

/* Exactly `count` digits at `text`, or -1. */
static int digits_read(const char *text, int count)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

enum result date_parse(const char *text, struct date *out)
{
	if (!text || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return MALFORMED;

	struct date date = {
		digits_read(text, 4), digits_read(text + 5, 2), digits_read(text + 8, 2)};
	if (!date_valid(date))
		return MALFORMED;
	*out = date;
	return OK;
}

enum result month_parse(const char *text, int *year, int *month)
{
	if (!text || strlen(text) != 7 || text[4] != '-')
		return MALFORMED;

	struct date first = {digits_read(text, 4), digits_read(text + 5, 2), 1};
	if (!date_valid(first))
		return MALFORMED;
	*year = first.year;
	*month = first.month;
	return OK;
}

/* The last `count` digits of the number, with zeros before it. */
static void digits_write(char *text, int count, int number)
{
	for (int i = count - 1; i >= 0; i--, number /= 10)
		text[i] = (char)('0' + number % 10);
}

static void date_write(char *text, struct date date)
{
	digits_write(text, 4, date.year);
	digits_write(text + 5, 2, date.month);
	digits_write(text + 8, 2, date.day);
}

char *date_text(struct arena *arena, struct date date)
{
	char *text = arena_text(arena, "yyyy-mm-dd");

	date_write(text, date);
	return text;
}

/* ".123" after the seconds, of any length; *text moves past it. Milliseconds, or -1. */
static int fraction_read(const char **text)
{
	int fraction = 0, digits = 0;

	if (**text != '.')
		return 0;
	for ((*text)++; **text >= '0' && **text <= '9'; (*text)++, digits++) {
		if (digits < 3)
			fraction = fraction * 10 + (**text - '0');
	}
	for (int i = digits; i < 3; i++)
		fraction *= 10;
	return digits > 0 ? fraction : -1;
}

/* "Z" or "+08:00", to the end of the text; minutes east of Greenwich, or INT32_MIN. */
static int32_t offset_read(const char *text)
{
	if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0')
		return 0;
	if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':')
		return INT32_MIN;

	int hours = digits_read(text + 1, 2), minutes = digits_read(text + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return INT32_MIN;
	return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

enum result moment_parse(const char *text, int64_t *out)
{
	struct date date;

	if (!text || strlen(text) < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
		text[16] != ':')
		return MALFORMED;

	char day[11];
	memcpy(day, text, 10);
	day[10] = '\0';
	int hour = digits_read(text + 11, 2), minute = digits_read(text + 14, 2);
	int second = digits_read(text + 17, 2);
	if (date_parse(day, &date) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
		second < 0 || second > 59)
		return MALFORMED;

	const char *rest = text + 19;
	int fraction = fraction_read(&rest);
	int32_t offset = offset_read(rest);
	if (fraction < 0 || offset == INT32_MIN)
		return MALFORMED;

	*out = date_number(date) * DAY_MS + hour * HOUR_MS + (minute - offset) * MINUTE_MS +
	       second * INT64_C(1000) + fraction;
	return OK;
}

/* Not by printf: an answer holds ten moments, and reading a format takes longer than all else that is done for one. */
void moment_write(int64_t at_ms, char out[MOMENT_SIZE])
{
	static const char pattern[] = "yyyy-mm-ddThh:mm:ss.mmm+08:00";
	struct date date = date_of_moment(at_ms);
	int of_day = (int)(at_ms - moment_of_date(date));

	_Static_assert(sizeof(pattern) == MOMENT_SIZE, "as clock.h says");
	memcpy(out, pattern, MOMENT_SIZE);
	date_write(out, date);
	digits_write(out + 11, 2, of_day / 3600000);
	digits_write(out + 14, 2, of_day / 60000 % 60);
	digits_write(out + 17, 2, of_day / 1000 % 60);
	digits_write(out + 20, 3, of_day % 1000);
}

char *moment_text(struct arena *arena, int64_t at_ms)
{
	char *text = arena_alloc(arena, MOMENT_SIZE);

	moment_write(at_ms, text);
	return text;
}
