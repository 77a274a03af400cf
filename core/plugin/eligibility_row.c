/*
 * One function for each kind, and one table that names them (eligibility_row.h).
 */
#include "eligibility_row.h"

#include "base/text.h"
#include "saying.h"

static struct days judge_certificate(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	int64_t level = json_get_integer(row, "level"), asked = json_get_integer(leaf, "level");
	struct relation relation = fact_relation(evaluation, leaf, row);
	enum standing standing = relation.standing;
	const char *code = NULL;
	if (level < asked && relation.same) {
		standing = STANDING_REVIEW;
		code = "eligibility.certificate_higher";
	} else if (level != asked) {
		standing = STANDING_REFUSED;
		code = "eligibility.certificate_level";
	}
	if (note) {
		trace_standing(evaluation, note, standing);
		trace_relation(evaluation, note, row, &relation);
		if (code)
			say(arena, note, code, "occupation", json_get_text(row, "occupation"),
				"level", phrase_number(arena, "eligibility.level", level), "asked",
				phrase_number(arena, "eligibility.level", asked), NULL);
	}
	return days_of(standing,
		years_after(fact_day(row, "issued"), json_get_integer(leaf, "held_years")));
}

static int rank_of(const char *name)
{
	static const char *const names[] = {"junior", "intermediate", "senior"};
	for (int i = 0; i < (int)COUNT(names); i++)
		if (text_equal(name, names[i]))
			return i;
	return -1;
}

static struct days judge_title(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	const char *rank = json_get_text(row, "rank"), *asked = json_get_text(leaf, "rank");
	enum standing standing = STANDING_COUNTS;
	const char *code = "eligibility.title_fits";
	if (!json_get_true(row, "matching") || rank_of(rank) < rank_of(asked)) {
		standing = STANDING_REFUSED;
		code = json_get_true(row, "matching") ? "eligibility.title_rank"
						      : "eligibility.title_matching";
	} else if (rank_of(rank) > rank_of(asked)) {
		standing = STANDING_REVIEW;
		code = "eligibility.title_higher";
	}
	if (note) {
		trace_standing(evaluation, note, standing);
		say(arena, note, code, "rank", phrase_word(arena, "eligibility.rank", rank),
			"asked", phrase_word(arena, "eligibility.rank", asked), NULL);
	}
	return days_of(standing, fact_day(row, "issued"));
}

static bool lists(const json *array, const char *text)
{
	json_each(item, array)
	{
		if (text_equal(json_text(item), text))
			return true;
	}
	return false;
}

/* The day of graduation; for a student who counts, the day of the application; else DAY_NEVER. */
static int64_t diploma_day(const struct evaluation *evaluation, const json *leaf, const json *row)
{
	if (!json_is_null(json_get(row, "graduated")))
		return fact_day(row, "graduated");

	const char *students = json_get_text(leaf, "students");
	bool counts = text_equal(students, "any") ||
		      (text_equal(students, "final_year") && json_get_true(row, "final_year"));
	return counts ? evaluation->on : DAY_NEVER;
}

static struct days judge_diploma(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	bool same_only = text_equal(json_get_text(leaf, "scope"), "same");
	int64_t day = diploma_day(evaluation, leaf, row);
	enum standing standing = STANDING_REFUSED;
	const char *code = "eligibility.diploma_fits";
	if (!lists(json_get(leaf, "diplomas"), json_get_text(row, "kind")))
		code = "eligibility.diploma_kind";
	else if (same_only && !text_equal(json_get_text(row, "major_scope"), "same"))
		code = "eligibility.diploma_major";
	else if (day == DAY_NEVER)
		code = "eligibility.diploma_student";
	else
		standing = json_get_true(leaf, "assessed") ? STANDING_REVIEW : STANDING_COUNTS;
	if (standing == STANDING_REVIEW)
		code = "eligibility.diploma_assessed";
	if (note) {
		trace_standing(evaluation, note, standing);
		say(arena, note, code, "diploma",
			phrase_word(arena, "eligibility.diploma", json_get_text(row, "kind")),
			NULL);
	}
	return days_of(standing, day);
}

/* ---- All kinds alike ---- */

static const struct {
	const char *name, *table, *missing_code;
	struct days (*judge)(
		const struct evaluation *, const json *leaf, const json *row, json *note);
} kinds[ROW_KINDS] = {
	[ROW_CERTIFICATE] = {"certificate", "certificates", "eligibility.certificate_missing",
		judge_certificate},
	[ROW_TITLE] = {"title", "titles", "eligibility.title_missing", judge_title},
	[ROW_DIPLOMA] = {"diploma", "diplomas", "eligibility.diploma_missing", judge_diploma},
};

enum row_kind row_kind_of(const json *leaf)
{
	int kind = 0;
	while (kind < ROW_KINDS && !text_equal(json_get_text(leaf, "kind"), kinds[kind].name))
		kind++;
	return (enum row_kind)kind;
}

const char *row_kind_name(enum row_kind kind)
{
	return kinds[kind].name;
}

const char *row_kind_table(enum row_kind kind)
{
	return kinds[kind].table;
}

struct days row_judge(const struct evaluation *evaluation, const json *leaf, enum row_kind kind,
	const json *row, json *note)
{
	return kinds[kind].judge(evaluation, leaf, row, note);
}

struct days row_judge_leaf(const struct evaluation *evaluation, const json *leaf,
	enum row_kind kind, const struct choice *choice, json *entry)
{
	const json *chosen = choice->chosen[kind].row;
	struct days days = {DAY_NEVER, DAY_NEVER};
	if (chosen)
		days = row_judge(evaluation, leaf, kind, chosen, NULL);
	if (!entry)
		return days;

	int index = 0;
	json_each(row, json_get(evaluation->facts, kinds[kind].table))
	{
		json *note = trace_note(evaluation, entry, kinds[kind].table, index++);
		row_judge(evaluation, leaf, kind, row, note);
		if (row == chosen)
			trace_use(evaluation, entry, note);
	}
	trace_conclude_day(evaluation, entry, days, kinds[kind].missing_code);
	return days;
}
