/*
 * Fuzzes the arithmetic of work (S1) against an oracle that knows none: a mark on each day worked, and a walk over the
 * days. The calendar of the oracle is counted day by day from 2000-01-01 on, without core/base/clock.c.
 *
 * The input: the day of the application, the day from which work counts, the years wanted, and then for each entry its
 * first day and its length, two bytes each; a length of 0xffff stands for a present job.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/work_days.h"

#define DAYS       31000 /* from 2000 on: entries, and the years wanted, end before that */
#define EPOCH      10957 /* 2000-01-01, counted from 1970-01-01 */
#define SPANS_MOST 30
#define YEARS_MOST 20

static struct {
	int year, month, day;
} calendar[DAYS];

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int length_of(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

int LLVMFuzzerInitialize(int *count, char ***words);

int LLVMFuzzerInitialize(int *count, char ***words)
{
	int year = 2000, month = 1, day = 1;

	(void)count;
	(void)words;
	for (size_t i = 0; i < DAYS; i++) {
		calendar[i].year = year;
		calendar[i].month = month;
		calendar[i].day = day;
		if (++day > length_of(year, month)) {
			day = 1;
			year += month == 12;
			month = month % 12 + 1;
		}
	}
	return 0;
}

/* The days from this one to the same day so many years later; at least one. */
static int64_t days_of_years(int64_t from, int years)
{
	int year = calendar[from].year + years, month = calendar[from].month;
	int last = length_of(year, month);
	int day = calendar[from].day < last ? calendar[from].day : last;
	int64_t at = from;

	while (calendar[at].year != year || calendar[at].month != month || calendar[at].day != day)
		at++;
	return at > from ? at - from : 1;
}

struct history {
	struct work_span spans[SPANS_MOST];
	size_t count;
	int64_t since, on;
	int years;
};

/* Days of the oracle, from 0 on. */
static struct work_count oracle(const struct history *history)
{
	static bool worked[DAYS];
	struct work_count count = {.first = DAY_NEVER, .complete = DAY_NEVER};
	int64_t passed = 0;

	memset(worked, 0, sizeof(worked));
	for (size_t i = 0; i < history->count; i++)
		for (int64_t day = history->spans[i].first;
			day < DAYS && day <= history->spans[i].last; day++)
			worked[day] = true;
	for (int64_t day = history->since; day < DAYS; day++) {
		if (!worked[day])
			continue;
		if (count.first == DAY_NEVER) {
			count.first = day;
			count.required = days_of_years(day, history->years);
		}
		passed++;
		count.counted += day <= history->on;
		if (passed == count.required)
			count.complete = day;
	}
	if (count.first == DAY_NEVER)
		count.required = days_of_years(history->on, history->years);
	return count;
}

static int64_t from_epoch(int64_t day)
{
	return day == DAY_NEVER ? DAY_NEVER : day + EPOCH;
}

static void compare(const struct history *history)
{
	struct work_span spans[SPANS_MOST];
	struct work_count expected = oracle(history);

	for (size_t i = 0; i < history->count; i++)
		spans[i] = (struct work_span){
			from_epoch(history->spans[i].first), from_epoch(history->spans[i].last)};

	struct work_count told = work_count(spans, history->count, from_epoch(history->since),
		history->years, from_epoch(history->on));
	if (told.first != from_epoch(expected.first) || told.required != expected.required ||
		told.counted != expected.counted || told.complete != from_epoch(expected.complete))
		abort();
}

static int64_t number_at(const uint8_t *input)
{
	return input[0] | input[1] << 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct history history = {0};

	if (size < 5)
		return 0;
	history.on = number_at(input) % 15000;
	history.since = number_at(input + 2) % 15000;
	history.years = input[4] % (YEARS_MOST + 1);
	for (size_t at = 5; at + 4 <= size && history.count < SPANS_MOST; at += 4) {
		int64_t first = number_at(input + at) % 15000, length = number_at(input + at + 2);

		history.spans[history.count++] = (struct work_span){
			first, length == 0xffff ? DAY_NEVER : first + length % 8000};
	}
	compare(&history);
	return 0;
}
