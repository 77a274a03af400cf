/*
 * What is wrong with facts as they are typed, told by JSON pointer (eligibility.h): dates that cannot be, and S4.
 *
 * Shapes and lengths are the schema's business; what stands here needs two values, the calendar, or the
 * related list.
 */
#include "eligibility.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "eligibility_trace.h"

static char *below(struct error *error, const char *pointer, const char *name)
{
	return arena_printf(error->arena, "%s/%s", pointer, name);
}

static bool is_date(const json *row, const char *name)
{
	return fact_day(row, name) != DAY_NEVER;
}

/* A day that must be there, and not after `on`. */
static void check_past_day(
	struct error *error, const char *pointer, const json *row, const char *name, const char *on)
{
	const char *day = json_get_text(row, name);
	if (!is_date(row, name))
		fault_add(error, below(error, pointer, name), "eligibility.not_a_date", NULL);
	else if (on && strcmp(day, on) > 0)
		fault_add(error, below(error, pointer, name), "eligibility.date_future", "date",
			day, "on", on, NULL);
}

static bool is_month(const char *text)
{
	int year, month;
	return text && !month_parse(text, &year, &month);
}

/* Texts of months compare as months do; a day compares with a month by its first seven characters. */
static void check_month(
	struct error *error, const char *pointer, const json *row, const char *name, const char *on)
{
	const char *month = json_get_text(row, name);
	if (!is_month(month))
		fault_add(error, below(error, pointer, name), "eligibility.not_a_month", NULL);
	else if (on && strncmp(month, on, 7) > 0)
		fault_add(error, below(error, pointer, name), "eligibility.month_future", "month",
			month, NULL);
}

static void check_months(struct error *error, const char *pointer, const json *row, const char *on)
{
	const char *from = json_get_text(row, "from"), *to = json_get_text(row, "to");
	check_month(error, pointer, row, "from", on);
	if (json_is_null(json_get(row, "to")))
		return;
	check_month(error, pointer, row, "to", on);
	if (is_month(from) && is_month(to) && strcmp(from, to) > 0)
		fault_add(error, below(error, pointer, "to"), "eligibility.month_order", "from",
			from, "to", to, NULL);
}

static void check_table(struct error *error, const char *pointer, const json *facts,
	const char *table, const char *name)
{
	const char *birth = json_get_text(facts, "birth");
	int index = 0;
	json_each(row, json_get(facts, table))
	{
		const char *place = arena_printf(error->arena, "%s/%s/%d", pointer, table, index++);
		if (json_is_null(json_get(row, name)))
			continue;
		check_past_day(error, place, row, name, json_get_text(facts, "on"));
		if (birth && is_date(row, name) && strcmp(json_get_text(row, name), birth) < 0)
			fault_add(
				error, below(error, place, name), "eligibility.before_birth", NULL);
		if (json_get_true(row, "final_year"))
			fault_add(error, below(error, place, "final_year"),
				"eligibility.graduate_final_year", NULL);
	}
}

void eligibility_check_facts(struct error *error, const char *pointer, const json *facts)
{
	const char *on = json_get_text(facts, "on"), *birth = json_get_text(facts, "birth");
	if (!is_date(facts, "on"))
		fault_add(error, below(error, pointer, "on"), "eligibility.not_a_date", NULL);
	if (birth)
		check_past_day(error, pointer, facts, "birth", on);
	check_table(error, pointer, facts, "certificates", "issued");
	check_table(error, pointer, facts, "titles", "issued");
	check_table(error, pointer, facts, "diplomas", "graduated");
	check_table(error, pointer, facts, "trainings", "completed");

	int index = 0;
	json_each(row, json_get(facts, "work"))
	{
		const char *place = arena_printf(error->arena, "%s/work/%d", pointer, index++);
		const char *from = json_get_text(row, "from");
		check_months(error, place, row, on);
		if (birth && is_month(from) && strncmp(from, birth, 7) < 0)
			fault_add(error, below(error, place, "from"), "eligibility.before_birth",
				NULL);
	}
}

void eligibility_check_work_row(struct error *error, const char *pointer, const json *manifest,
	const json *overlays, const char *on, const json *row)
{
	const char *plan = relation_occupation(manifest);
	const char *occupation = json_get_text(row, "occupation");
	bool as_same = text_equal(json_get_text(row, "relation"), "same");
	bool consider = json_get_true(row, "consider");
	const char *place = below(error, pointer, "occupation");
	const char *list = relation_list(error->arena, manifest, overlays, on);
	struct relation relation =
		relation_judge(error->arena, manifest, overlays, on, occupation, consider, false);

	check_months(error, pointer, row, on);
	if (as_same && !relation.same)
		fault_add(
			error, place, "eligibility.row_not_same", "plan", plan, "list", list, NULL);
	else if (!as_same && relation.same)
		fault_add(error, place, "eligibility.row_is_same", "plan", plan, NULL);
	else if (relation.standing == STANDING_REFUSED)
		fault_add(error, place, relation.code, "occupation", occupation, "plan", plan,
			"list", list, "reason",
			relation.overlay ? json_get_text(relation.overlay, "reason") : "", NULL);
	else if (relation.standing == STANDING_REVIEW && text_blank(json_get_text(row, "argument")))
		fault_add(error, below(error, pointer, "argument"), "eligibility.row_argument",
			"occupation", occupation, NULL);
}
