/*
 * Keywords about a value as a whole: its type, what it may equal, numbers and texts.
 */
#include <string.h>

#include "arena.h"
#include "bytes.h"
#include "clock.h"
#include "id.h"
#include "limits.h"
#include "schema_parts.h"
#include "text.h"

unsigned schema_kinds(const json *value)
{
	if (json_is_object(value))
		return KIND_OBJECT;
	if (json_is_array(value))
		return KIND_ARRAY;
	if (json_is_text(value))
		return KIND_TEXT;
	if (json_is_number(value))
		return json_is_integer(value) ? KIND_INTEGER | KIND_NUMBER : KIND_NUMBER;
	return json_is_boolean(value) ? KIND_BOOLEAN : KIND_NULL;
}

/* "a, b, 3": texts without quotes. */
static char *list_text(struct arena *arena, const json *list)
{
	struct buffer text = buffer_in(arena, LIMIT_REQUEST_ARENA);

	json_each(item, list)
	{
		if (text.size)
			buffer_text(&text, ", ");
		buffer_text(&text, json_is_text(item) ? json_text(item) : json_print(arena, item));
	}
	return text.data;
}

/* The only type allowed besides null has a message of its own: people do not know "type: string".
 * */
bool check_type(struct run *run, const struct rule *rule, const struct place *place)
{
	const json *only = NULL;
	size_t others = 0;

	if (rule->kinds & schema_kinds(place->value))
		return true;
	if (run->mode != TELLING)
		return schema_wrong(run, place, "type", NULL);
	if (json_is_text(rule->operand))
		return schema_wrong(run, place,
			arena_printf(run->arena, "type.%s", json_text(rule->operand)), NULL);

	json_each(type, rule->operand)
	{
		if (strcmp(json_text(type), "null") == 0)
			continue;
		only = type;
		others++;
	}
	if (others == 1)
		return schema_wrong(
			run, place, arena_printf(run->arena, "type.%s", json_text(only)), NULL);
	return schema_wrong(
		run, place, "type", "allowed", list_text(run->arena, rule->operand), NULL);
}

bool check_enum(struct run *run, const struct rule *rule, const struct place *place)
{
	json_each(allowed, rule->operand) if (json_equal(allowed, place->value)) return true;
	if (run->mode != TELLING)
		return schema_wrong(run, place, "enum", NULL);
	return schema_wrong(
		run, place, "enum", "allowed", list_text(run->arena, rule->operand), NULL);
}

bool check_const(struct run *run, const struct rule *rule, const struct place *place)
{
	if (json_equal(rule->operand, place->value))
		return true;
	if (run->mode != TELLING)
		return schema_wrong(run, place, "const", NULL);
	return schema_wrong(run, place, "const", "allowed",
		json_is_text(rule->operand) ? json_text(rule->operand)
					    : json_print(run->arena, rule->operand),
		NULL);
}

static bool wrong_number(struct run *run, const struct rule *rule, const struct place *place)
{
	if (run->mode != TELLING)
		return schema_wrong(run, place, rule->keyword->name, NULL);
	return schema_wrong(run, place, rule->keyword->name, "limit",
		json_print(run->arena, rule->operand), "actual",
		json_print(run->arena, place->value), NULL);
}

bool check_multiple_of(struct run *run, const struct rule *rule, const struct place *place)
{
	return number_is_multiple(json_number(place->value), json_number(rule->operand)) ||
	       wrong_number(run, rule, place);
}

bool check_minimum(struct run *run, const struct rule *rule, const struct place *place)
{
	return json_number(place->value) >= json_number(rule->operand) ||
	       wrong_number(run, rule, place);
}

bool check_maximum(struct run *run, const struct rule *rule, const struct place *place)
{
	return json_number(place->value) <= json_number(rule->operand) ||
	       wrong_number(run, rule, place);
}

bool check_exclusive_minimum(struct run *run, const struct rule *rule, const struct place *place)
{
	return json_number(place->value) > json_number(rule->operand) ||
	       wrong_number(run, rule, place);
}

bool check_exclusive_maximum(struct run *run, const struct rule *rule, const struct place *place)
{
	return json_number(place->value) < json_number(rule->operand) ||
	       wrong_number(run, rule, place);
}

bool check_min_length(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t length = text_length(json_text(place->value));

	return length >= (size_t)json_integer(rule->operand) ||
	       schema_wrong_count(run, rule, place, length);
}

bool check_max_length(struct run *run, const struct rule *rule, const struct place *place)
{
	size_t length = text_length(json_text(place->value));

	return length <= (size_t)json_integer(rule->operand) ||
	       schema_wrong_count(run, rule, place, length);
}

/* A match that takes too long is no match, and nothing else in this value passes either: a name
 * that "patternProperties" could not judge must not slip through. */
bool pattern_matches(struct run *run, const pcre2_code *pattern, const char *text)
{
	int found;

	if (!run->match)
		run->match = pcre2_match_data_create(1, NULL);
	if (!run->match) {
		run->exhausted = true;
		return false;
	}
	found = pcre2_match(pattern, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, 0, run->match,
		run->set->match_limits);
	if (found < 0 && found != PCRE2_ERROR_NOMATCH)
		run->exhausted = true;
	return found >= 0;
}

bool check_pattern(struct run *run, const struct rule *rule, const struct place *place)
{
	const char *shape = json_get_text(rule->owner->node, "x-shape");

	if (pattern_matches(run, rule->pattern, json_text(place->value)))
		return true;
	if (run->mode != TELLING)
		return schema_wrong(run, place, "pattern", NULL);
	return schema_wrong(run, place,
		shape ? arena_printf(run->arena, "pattern.%s", shape) : "pattern", "pattern",
		json_text(rule->operand), NULL);
}

static bool is_date(const char *text)
{
	struct date date;

	return date_parse(text, &date) == OK;
}

static bool is_year_month(const char *text)
{
	int year, month;

	return month_parse(text, &year, &month) == OK;
}

static bool is_moment(const char *text)
{
	int64_t at_ms;

	return moment_parse(text, &at_ms) == OK;
}

struct format {
	const char *name;
	bool (*fits)(const char *text);
};

static const struct format formats[] = {
	{"date", is_date},
	{"date-time", is_moment},
	{"year-month", is_year_month},
	{"uuid", id_valid},
};

const struct format *schema_format_find(const char *name)
{
	for (size_t i = 0; i < COUNT(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

bool check_format(struct run *run, const struct rule *rule, const struct place *place)
{
	if (rule->format->fits(json_text(place->value)))
		return true;
	if (run->mode != TELLING)
		return schema_wrong(run, place, "format", NULL);
	return schema_wrong(
		run, place, arena_printf(run->arena, "format.%s", rule->format->name), NULL);
}
