/*
 * Money, moments and lists as an SMS says them. Every character costs, so years and zeros are left out.
 */
#include "wording.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/bytes.h"

#define NAMED_MOST    3
#define WORDS_MAXIMUM 2000

char *yuan_words(struct arena *arena, int64_t fen)
{
	if (fen % 100 == 0)
		return arena_printf(arena, "%" PRId64, fen / 100);
	return arena_printf(arena, "%" PRId64 ".%02" PRId64, fen / 100, fen % 100);
}

char *day_words(struct arena *arena, struct date day)
{
	return arena_printf(arena, "%d月%d日", day.month, day.day);
}

char *moment_words(struct arena *arena, int64_t at_ms)
{
	struct date day = date_of_moment(at_ms);
	int64_t minutes = (at_ms - moment_of_date(day)) / MINUTE_MS;

	if (minutes == 0) {
		day = date_add_days(day, -1);
		minutes = 24 * 60;
	}
	return arena_printf(arena, "%s%02" PRId64 ":%02" PRId64, day_words(arena, day),
		minutes / 60, minutes % 60);
}

char *list_words(struct arena *arena, const char *const *words, size_t count)
{
	struct buffer text = buffer_in(arena, WORDS_MAXIMUM);

	for (size_t i = 0; i < count && i < NAMED_MOST; i++)
		buffer_printf(&text, "%s%s", i > 0 ? "、" : "", words[i]);
	if (count > NAMED_MOST)
		buffer_printf(&text, "等%zu项", count);
	return text.data ? text.data : arena_text(arena, "");
}
