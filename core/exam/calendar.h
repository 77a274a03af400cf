/*
 * Working days of the official calendar, with its shifted days (notices of the State Council, one a year).
 *
 * Data: schemas/calendar/<year>.json inside the binary, DATA/calendar/<year>.json by the operator (wins). A year
 * without data is reported (`known` false) and counted Monday to Friday, never guessed silently. Read-only after load.
 */
#ifndef KAOWU_EXAM_CALENDAR_H
#define KAOWU_EXAM_CALENDAR_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/result.h"

struct calendars;

/* INVALID names the file: "calendar.faulty" (not as schemas/calendar.schema.json says, another year than its name,
 * a day twice) or "calendar.unreadable". */
enum result calendars_load(
	const char *data_folder, struct calendars **out, struct error *error) MUST_CHECK;
void calendars_destroy(struct calendars *calendars);

bool calendar_knows(const struct calendars *calendars, int year);
bool calendar_working_day(const struct calendars *calendars, struct date date);
/* The end (24:00) of the `days`-th working day after the day of `at_ms`; *known is false if a year on the way has
 * no data. */
int64_t calendar_due(const struct calendars *calendars, int64_t at_ms, int days, bool *known);

#endif
