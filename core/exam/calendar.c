/*
 * Working days: a table of marked days for each year that has a notice.
 */
#include "calendar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/text.h"

#define FIRST_YEAR       2000
#define LAST_YEAR        2199
#define DOCUMENT_LONGEST 65536

enum mark { BY_WEEKDAY, DAY_OFF, DAY_WORKED };

struct year {
	bool known;
	uint8_t marks[12][31];
};

struct calendars {
	struct year years[LAST_YEAR - FIRST_YEAR + 1];
};

static const struct year *year_of(const struct calendars *calendars, int year)
{
	static const struct year none;

	if (year < FIRST_YEAR || year > LAST_YEAR)
		return &none;
	return &calendars->years[year - FIRST_YEAR];
}

/* "MM-DD", and nothing after it but `end`. */
static enum result day_read(int year, const char *month_day, char end, struct date *out)
{
	char text[16];

	if (strnlen(month_day, 6) < 5 || month_day[5] != end)
		return MALFORMED;
	(void)snprintf(text, sizeof(text), "%04d-%.5s", year, month_day);
	return date_parse(text, out);
}

/* "01-28/02-04" or "01-01": marks every day of it. A day is marked once. */
static enum result range_mark(struct year *marks, int year, const char *range, enum mark mark)
{
	bool one = strlen(range) == 5;
	struct date first, last;

	if (day_read(year, range, one ? '\0' : '/', &first) ||
		day_read(year, one ? range : range + 6, '\0', &last) ||
		date_compare(first, last) > 0)
		return MALFORMED;
	for (struct date day = first; date_compare(day, last) <= 0; day = date_add_days(day, 1)) {
		uint8_t *place = &marks->marks[day.month - 1][day.day - 1];

		if (*place != BY_WEEKDAY)
			return MALFORMED;
		*place = (uint8_t)mark;
	}
	return OK;
}

static enum result list_mark(struct year *marks, int year, const json *ranges, enum mark mark)
{
	if (!json_is_array(ranges))
		return MALFORMED;
	json_each(range, ranges)
	{
		const char *text = json_text(range);

		if (!text || range_mark(marks, year, text, mark))
			return MALFORMED;
	}
	return OK;
}

/* One document, which replaces what was known of its year; the year stands in its name as well. */
static enum result document_load(struct calendars *calendars, struct arena *arena, const char *name,
	struct bytes text, int year, struct error *error)
{
	struct year marks = {.known = true};
	struct error none = {.arena = arena};
	json *document;

	if (json_parse(arena, (const char *)text.data, text.size, &document, &none) ||
		year < FIRST_YEAR || year > LAST_YEAR ||
		json_get_integer(document, "year") != year ||
		list_mark(&marks, year, json_get(document, "off"), DAY_OFF) ||
		list_mark(&marks, year, json_get(document, "work"), DAY_WORKED))
		return fail(error, INVALID, "calendar.faulty", "file", name, NULL);
	calendars->years[year - FIRST_YEAR] = marks;
	return OK;
}

static enum result operator_file_load(
	struct calendars *calendars, const char *data_folder, int year, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1u << 20);
	const char *path = arena_printf(arena, "%s/calendar/%d.json", data_folder, year);
	FILE *file = fopen(path, "rbe");

	if (!file && errno == ENOENT)
		return OK;
	if (!file)
		return fail(error, INVALID, "calendar.unreadable", "file", path, NULL);
	char *text = arena_alloc(arena, DOCUMENT_LONGEST);
	size_t size = fread(text, 1, DOCUMENT_LONGEST, file);
	(void)fclose(file);
	return document_load(calendars, arena, path, bytes_of(text, size), year, error);
}

static enum result embedded_load(struct calendars *calendars, struct error *error)
{
	struct arena *arena CLEANUP(arena_destroy_at) = arena_create(1u << 20);
	enum result rc = OK;

	for (size_t i = 0; !rc && i < embedded_count; i++) {
		const char *path = embedded_files[i].path;

		if (text_starts(path, "calendar/"))
			rc = document_load(calendars, arena, path, embedded_files[i].content,
				(int)strtol(path + strlen("calendar/"), NULL, 10), error);
	}
	return rc;
}

enum result calendars_load(const char *data_folder, struct calendars **out, struct error *error)
{
	struct calendars *calendars = calloc(1, sizeof(*calendars));
	enum result rc;

	if (!calendars)
		abort();
	rc = embedded_load(calendars, error);
	for (int year = FIRST_YEAR; !rc && year <= LAST_YEAR; year++)
		rc = operator_file_load(calendars, data_folder, year, error);
	if (rc) {
		free(calendars);
		return rc;
	}
	*out = calendars;
	return OK;
}

void calendars_destroy(struct calendars *calendars)
{
	free(calendars);
}

bool calendar_knows(const struct calendars *calendars, int year)
{
	return year_of(calendars, year)->known;
}

bool calendar_working_day(const struct calendars *calendars, struct date date)
{
	switch ((enum mark)year_of(calendars, date.year)->marks[date.month - 1][date.day - 1]) {
	case DAY_OFF:
		return false;
	case DAY_WORKED:
		return true;
	case BY_WEEKDAY:
		break;
	}
	return date_weekday(date) <= 5;
}

int64_t calendar_due(const struct calendars *calendars, int64_t at_ms, int days, bool *known)
{
	struct date day = date_of_moment(at_ms);

	*known = calendar_knows(calendars, day.year);
	while (days > 0) {
		day = date_add_days(day, 1);
		*known = *known && calendar_knows(calendars, day.year);
		if (calendar_working_day(calendars, day))
			days--;
	}
	return moment_of_date_end(day);
}
