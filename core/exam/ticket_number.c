/*
 * Numbers of tickets by the tenant's rule.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/text.h"
#include "profile.h"
#include "ticket.h"

#define RULE_DEFAULT   "{year}{region}{plan:4}{level}{room:3}{seat:2}{check}"
#define NUMBER_MAXIMUM 64
#define WIDTH_MOST     9

enum part {
	PART_YEAR,
	PART_REGION,
	PART_PLAN,
	PART_LEVEL,
	PART_ROOM,
	PART_SEAT,
	PART_CHECK,
	PART_COUNT
};

static const struct {
	const char *name;
	int width; /* where the rule says none */
} parts[PART_COUNT] = {
	[PART_YEAR] = {"year", 2},
	[PART_REGION] = {"region", 2},
	[PART_PLAN] = {"plan", 4},
	[PART_LEVEL] = {"level", 1},
	[PART_ROOM] = {"room", 3},
	[PART_SEAT] = {"seat", 2},
	[PART_CHECK] = {"check", 1},
};

/*
 * The digit that makes the Luhn sum of all digits a multiple of ten; letters and hyphens between them do not
 * count.
 */
static int64_t check_digit(const struct buffer *number)
{
	int sum = 0;
	bool twice = true;

	for (size_t i = number->size; i > 0; i--) {
		int digit = number->data[i - 1] - '0';

		if (digit < 0 || digit > 9)
			continue;
		if (twice)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
		twice = !twice;
	}
	return (10 - sum % 10) % 10;
}

/* The year of the first subject, which is the exam's. */
static int64_t exam_year(const struct transaction *tx, const struct plan *plan)
{
	int64_t at = json_moment(json_at_pointer(plan->document, "/exam/subjects/0/from"));

	return date_of_moment(at ? at : tx->now).year;
}

/* "room:3" inside of braces: which part, how wide. */
static bool part_read(
	struct transaction *tx, const char *text, size_t size, enum part *part, int *width)
{
	const char *body = arena_text_part(tx->arena, text, size);
	size_t name_size = strcspn(body, ":");
	const char *name = arena_text_part(tx->arena, body, name_size);
	size_t found = 0;

	while (found < PART_COUNT && !text_equal(parts[found].name, name))
		found++;
	if (found == PART_COUNT)
		return false;
	*part = (enum part)found;
	*width = parts[found].width;
	if (!body[name_size])
		return true;

	const char *digit = body + name_size + 1;
	*width = *digit - '0';
	return *width >= 1 && *width <= WIDTH_MOST && !digit[1];
}

static bool part_append(struct buffer *number, enum part part, int width, int64_t value)
{
	int64_t limit = 1;

	for (int i = 0; i < width; i++)
		limit *= 10;
	if (part == PART_YEAR)
		value %= limit;
	buffer_printf(number, "%0*" PRId64, width, value);
	return value < limit;
}

static enum result refuse_rule(struct transaction *tx, const char *rule)
{
	return fail(tx->error, INVALID, "ticket.rule", "rule", rule, NULL);
}

/* What may stand between the parts: the number is in an address, which the code on the ticket leads to. */
static bool literal(char character)
{
	return character &&
	       strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.",
		       character);
}

/* Replaces each part in braces by its value. */
static enum result rule_apply(struct transaction *tx, const char *rule,
	const int64_t values[PART_COUNT], struct buffer *number)
{
	bool used[PART_COUNT] = {0};

	for (const char *at = rule; *at; at++) {
		const char *end = strchr(at, '}');
		enum part part;
		int width;

		if (literal(*at)) {
			buffer_append(number, at, 1);
			continue;
		}
		if (*at != '{' || !end ||
			!part_read(tx, at + 1, (size_t)(end - at - 1), &part, &width))
			return refuse_rule(tx, rule);
		if (!part_append(number, part, width,
			    part == PART_CHECK ? check_digit(number) : values[part]))
			return fail(tx->error, INVALID, "ticket.narrow", "part", parts[part].name,
				NULL);
		used[part] = true;
		at = end;
	}
	if (!used[PART_PLAN] || !used[PART_ROOM] || !used[PART_SEAT] || number->overflowed)
		return refuse_rule(tx, rule);
	return OK;
}

/* All `values` but the region's are set. */
static enum result number_make(
	struct transaction *tx, const json *profile, int64_t values[PART_COUNT], const char **out)
{
	struct buffer number = buffer_in(tx->arena, NUMBER_MAXIMUM);
	const char *region = json_get_text(profile, "region_code");
	const char *rule = json_text(json_at_pointer(profile, "/ticket/rule"));

	values[PART_REGION] = region ? strtoll(region, NULL, 10) : 0;
	enum result rc = rule_apply(tx, rule ? rule : RULE_DEFAULT, values, &number);
	if (rc)
		return rc;
	*out = number.data;
	return OK;
}

enum result ticket_rule_try(struct transaction *tx, const json *profile)
{
	int64_t values[PART_COUNT] = {0}; /* as narrow as any */
	const char *number;

	return number_make(tx, profile, values, &number);
}

void ticket_rule_check(struct transaction *tx, const json *profile)
{
	struct error found = {.arena = tx->arena};
	struct transaction trying = *tx;

	trying.error = &found;
	if (ticket_rule_try(&trying, profile))
		fault_of_failure(tx->error, "/ticket/rule", &found);
}

enum result ticket_number(struct transaction *tx, const struct plan *plan, int64_t room,
	int64_t seat, const char **out)
{
	int64_t values[PART_COUNT] = {
		[PART_YEAR] = exam_year(tx, plan),
		[PART_PLAN] = plan->sequence,
		[PART_LEVEL] = plan->level,
		[PART_ROOM] = room,
		[PART_SEAT] = seat,
	};
	const json *profile;
	enum result rc = profile_load(tx, &profile);

	return rc ? rc : number_make(tx, profile, values, out);
}
