/*
 * Numbers and names that people type, normalised and judged.
 */
#include "identifier.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

#define AGE_MOST 100

char *document_number(struct arena *arena, const char *typed)
{
	char *text = text_compact(arena, typed ? typed : ""), *end = text;

	for (const char *at = text; *at; at++) {
		if (*at != '(' && *at != ')')
			*end++ = (char)toupper((unsigned char)*at);
	}
	*end = '\0';
	return text;
}

char *login_name(struct arena *arena, const char *typed)
{
	char *text = text_normalise(arena, typed);

	for (char *at = text; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return text;
}

/* Dots as people type them between the parts of a name; the first is that of the ID card. */
static bool is_dot(int32_t point)
{
	static const int32_t dots[] = {0xB7, 0x2022, 0x30FB, 0xFF65, 0x2027, 0x2219, 0x22C5};

	for (size_t i = 0; i < COUNT(dots); i++) {
		if (dots[i] == point)
			return true;
	}
	return false;
}

/* Written without gaps: Chinese characters, and the dots. */
static bool is_wide(int32_t point)
{
	return point >= 0x2E80 || is_dot(point);
}

static bool is_gap(int32_t point)
{
	return point == ' ' || point == 0xA0;
}

static int32_t point_at(const char *text)
{
	return text_next(&text);
}

char *person_name(struct arena *arena, const char *typed)
{
	const char *at = text_normalise(arena, typed ? typed : "");
	struct buffer name =
		buffer_in(arena, 2 * strlen(at) + 1); /* a full stop becomes a longer dot */
	int32_t before = 0;
	bool gap = false;

	while (*at) {
		const char *start = at;
		int32_t point = text_next(&at);
		bool stop = point == '.' && is_wide(before) && is_wide(point_at(at));

		if (is_gap(point)) {
			gap = true;
			continue;
		}
		if (gap && !is_wide(before) && !is_wide(point))
			buffer_text(&name, " ");
		if (stop || is_dot(point))
			buffer_text(&name, "·");
		else
			buffer_append(&name, start, (size_t)(at - start));
		before = point;
		gap = false;
	}
	return name.data ? name.data : arena_text(arena, "");
}

static bool digits_only(const char *text, size_t count)
{
	return strspn(text, "0123456789") >= count;
}

/* The 34 provinces of GB/T 2260; and what stands in their place on a residence permit for people from Hong Kong, Macao
 * and Taiwan. */
static bool region_known(enum resident_document document, const char *number)
{
	static const char *const regions[] = {
		[RESIDENT_CARD] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46"
				  " 50 51 52 53 54 61 62 63 64 65 71",
		[RESIDENCE_PERMIT] = "81 82 83",
	};
	char region[3] = {number[0], number[1], '\0'};

	return strstr(regions[document], region) != NULL;
}

/* GB 11643: weights 2^(17-i) mod 11. */
static char resident_check(const char *number)
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;

	for (size_t i = 0; i < COUNT(weights); i++)
		sum += (number[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

static int whole_years(struct date from, struct date on)
{
	int years = on.year - from.year;

	return date_compare(date_add_years(from, years), on) > 0 ? years - 1 : years;
}

const char *birth_fault(struct date birth, struct date on, int minimum_age)
{
	if (date_compare(birth, on) > 0 || whole_years(birth, on) > AGE_MOST)
		return "identity.birth";
	return whole_years(birth, on) < minimum_age ? "identity.too_young" : NULL;
}

static const char *resident_fault(enum resident_document document, const char *number,
	struct date on, int minimum_age, struct date *birth)
{
	char day[11];

	if (strlen(number) == 15 && digits_only(number, 15))
		return "identity.old_number";
	if (strlen(number) != 18 || !digits_only(number, 17) ||
		!strchr("0123456789X", number[17]) || number[0] == '0')
		return "identity.shape";
	if (!region_known(document, number))
		return document == RESIDENT_CARD ? "identity.region" : "identity.permit_region";
	(void)snprintf(day, sizeof(day), "%.4s-%.2s-%.2s", number + 6, number + 10, number + 12);
	if (date_parse(day, birth))
		return "identity.birth";
	if (resident_check(number) != number[17])
		return "identity.checksum";
	return birth_fault(*birth, on, minimum_age);
}

bool resident_id_read(struct error *error, const char *pointer, enum resident_document document,
	const char *typed, struct date on, int minimum_age, struct resident_id *out)
{
	const char *number = document_number(error->arena, typed);
	struct date birth;
	const char *fault = resident_fault(document, number, on, minimum_age, &birth);

	if (fault) {
		fault_add(error, pointer, fault, "age",
			arena_printf(error->arena, "%d", minimum_age), NULL);
		return false;
	}
	*out = (struct resident_id){number, birth, (number[16] - '0') % 2 == 1};
	return true;
}

bool document_number_read(
	struct error *error, const char *pointer, const char *typed, const char **out)
{
	const char *number = document_number(error->arena, typed);
	bool digit = false, good = true;

	for (const char *at = number; *at; at++) {
		digit = digit || isdigit((unsigned char)*at);
		good = good && !ispunct((unsigned char)*at);
	}
	if (!digit || !good) {
		fault_add(error, pointer, "identity.document", NULL);
		return false;
	}
	*out = number;
	return true;
}

bool mobile_read(struct error *error, const char *pointer, const char *typed, const char **out)
{
	static const char *const prefixes[] = {"+86", "0086", "86"};
	const char *number = document_number(error->arena, typed);

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		if (strlen(number) > 11 && text_starts(number, prefixes[i])) {
			number += strlen(prefixes[i]);
			break;
		}
	}
	if (strlen(number) != 11 || !digits_only(number, 11) || number[0] != '1' ||
		number[1] < '3') {
		fault_add(error, pointer, "identity.mobile", NULL);
		return false;
	}
	*out = number;
	return true;
}

char *mobile_masked(struct arena *arena, const char *mobile)
{
	return mobile ? text_mask(arena, mobile, 3, 4) : NULL;
}

static size_t letters_in(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += isupper((unsigned char)*text) != 0;
	return count;
}

/*
 * 22 characters: Y or S and digits, the level at the 16th; those of 特级 and 首席技师 are two letters and 20 digits.
 * Older ones are 16 digits, the level at the 11th, or 13 that do not tell it.
 */
static bool certificate_shape(const char *number, int level)
{
	size_t length = strlen(number), letters = letters_in(number);

	if (strspn(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != length)
		return false;
	if (length == 13 || length == 16)
		return letters == 0 && (length == 13 || number[10] == '0' + level);
	if (length != 22 || !isupper((unsigned char)number[0]))
		return false;
	if (letters == 2)
		return true;
	return letters == 1 && strchr("YS", number[0]) && number[15] == '0' + level;
}

bool certificate_number_read(
	struct error *error, const char *pointer, const char *typed, int level, const char **out)
{
	const char *number = document_number(error->arena, typed);

	if (!certificate_shape(number, level)) {
		fault_add(error, pointer, "identity.certificate", NULL);
		return false;
	}
	*out = number;
	return true;
}
