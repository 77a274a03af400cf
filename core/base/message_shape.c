/*
 * Moments, days and times to wait, in both languages.
 */
#include "message_shape.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "clock.h"

static void day_write(struct buffer *out, enum language language, struct date day)
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"};

	if (language == LANGUAGE_ZH) {
		buffer_integer(out, day.year);
		buffer_text(out, "年");
		buffer_integer(out, day.month);
		buffer_text(out, "月");
		buffer_integer(out, day.day);
		buffer_text(out, "日");
		return;
	}
	buffer_integer(out, day.day);
	buffer_text(out, " ");
	buffer_text(out, months[day.month - 1]);
	buffer_text(out, " ");
	buffer_integer(out, day.year);
}

static void minutes_write(
	struct buffer *out, enum language language, struct date day, int64_t minutes)
{
	day_write(out, language, day);
	buffer_printf(out, language == LANGUAGE_ZH ? " %02d:%02d" : ", %02d:%02d (Beijing time)",
		(int)minutes / 60, (int)minutes % 60);
}

/* A moment of RFC 3339 as a person writes it: "2026年12月3日 18:00". */
static void moment_shape(struct buffer *out, enum language language, const char *value)
{
	int64_t at;

	if (moment_parse(value, &at)) {
		buffer_text(out, value);
		return;
	}

	struct date day = date_of_moment(at);
	minutes_write(out, language, day, (at - moment_of_date(day)) / MINUTE_MS);
}

/* A moment that ends something: midnight is the end of the day before. */
static void end_shape(struct buffer *out, enum language language, const char *value)
{
	int64_t at;

	if (!moment_parse(value, &at) && at == moment_of_date(date_of_moment(at)))
		minutes_write(out, language, date_of_moment(at - 1), 24 * 60);
	else
		moment_shape(out, language, value);
}

static void date_shape(struct buffer *out, enum language language, const char *value)
{
	struct date day;

	if (date_parse(value, &day))
		buffer_text(out, value);
	else
		day_write(out, language, day);
}

/* Seconds to wait, rounded up to what one counts in: "50 秒", "3 分钟", "2 小时". */
static void wait_shape(struct buffer *out, enum language language, const char *value)
{
	static const struct {
		long seconds;
		const char *zh, *en;
	} units[] = {{3600, "小时", "hour"}, {60, "分钟", "minute"}, {1, "秒", "second"}};
	long seconds = strtol(value, NULL, 10), count;
	size_t unit = 0;

	while (unit + 1 < COUNT(units) && seconds < 2 * units[unit].seconds)
		unit++;
	count = (seconds + units[unit].seconds - 1) / units[unit].seconds;
	if (language == LANGUAGE_ZH)
		buffer_printf(out, "%ld %s", count, units[unit].zh);
	else
		buffer_printf(out, "%ld %s%s", count, units[unit].en, count == 1 ? "" : "s");
}

message_shape *message_shape_find(const char *name, size_t size)
{
	static const struct {
		const char *name;
		message_shape *shape;
	} shapes[] = {{"moment", moment_shape}, {"end", end_shape}, {"date", date_shape},
		{"wait", wait_shape}};

	for (size_t i = 0; i < COUNT(shapes); i++) {
		if (strlen(shapes[i].name) == size && strncmp(shapes[i].name, name, size) == 0)
			return shapes[i].shape;
	}
	return NULL;
}
