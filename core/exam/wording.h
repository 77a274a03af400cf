/*
 * Money, moments and lists as an SMS says them: short and in Chinese.
 */
#ifndef KAOWU_EXAM_WORDING_H
#define KAOWU_EXAM_WORDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct arena;

char *yuan_words(struct arena *arena, int64_t fen);    /* 62000: "620"; 62050: "620.50" */
char *day_words(struct arena *arena, struct date day); /* "12月18日" */
char *moment_words(
	struct arena *arena, int64_t at_ms); /* "12月18日17:00"; a day's end is "12月18日24:00" */
/* "甲、乙、丙等5项": at most three are named. No words give "". */
char *list_words(struct arena *arena, const char *const *words, size_t count);

#endif
