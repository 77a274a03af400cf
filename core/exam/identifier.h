/*
 * Numbers and names that people type: resident ID (GB 11643), mobile number, certificate numbers, logins.
 *
 * Each function normalises (full width, spaces, lower-case x, +86) and judges; a fault is added at `pointer` with
 * code "identity.<what>" and *out stays untouched.
 */
#ifndef KAOWU_EXAM_IDENTIFIER_H
#define KAOWU_EXAM_IDENTIFIER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/result.h"

struct resident_id {
	const char *number; /* 18 characters, upper-case X */
	struct date birth;
	bool male;
};

/* A passport's number and the like as it is stored and compared, in upper case and half width without spaces and
 * brackets: "g 1234567" and "G1234567" are one document, as are "A123456(7)" and "A1234567". */
char *document_number(struct arena *arena, const char *typed);

/* A person's name as it is stored and compared: whichever dot was typed, a full stop as well, 阿依古丽·买买提 has that of
 * the ID card; "张 三" is 张三, and one gap stands between words in Latin letters. */
char *person_name(struct arena *arena, const char *typed);

/* A login as it is stored, without capitals and spaces around: a telephone's keyboard begins and ends with them. */
char *login_name(struct arena *arena, const char *typed);

/* Who has a number by GB 11643: 居民身份证, and 港澳台居民居住证, whose regions are 81 to 83 and nobody else's. */
enum resident_document { RESIDENT_CARD, RESIDENCE_PERMIT };

/* `on` is the day on which the age is judged (at least `minimum_age`, at most 100) and no birth may lie after it. */
bool resident_id_read(struct error *error, const char *pointer, enum resident_document document,
	const char *typed, struct date on, int minimum_age, struct resident_id *out);

/* The same of a birth that no number tells: "identity.birth", "identity.too_young", or NULL. */
const char *birth_fault(struct date birth, struct date on, int minimum_age);

/* document_number() with a digit in it and no punctuation; 军官证 may have characters. */
bool document_number_read(
	struct error *error, const char *pointer, const char *typed, const char **out);
bool mobile_read(struct error *error, const char *pointer, const char *typed,
	const char **out); /* 11 digits */
/* As it is shown: "138****0001"; NULL gives NULL. */
char *mobile_masked(struct arena *arena, const char *mobile);
/* 13, 16 or 22 characters (also 特级: two letters and 20 digits); `level` agrees where the form carries it. */
bool certificate_number_read(
	struct error *error, const char *pointer, const char *typed, int level, const char **out);

#endif
