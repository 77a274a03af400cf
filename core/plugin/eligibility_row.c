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

/* The day of graduation; for a student who counts, the day of the application; else DAY_NEVER. */
static int64_t diploma_day(const struct evaluation *evaluation, const json *leaf, const json *row)
{
	const char *students = json_get_text(leaf, "students");
	bool only_students = text_equal(students, "only");
	if (!json_is_null(json_get(row, "graduated")))
		return only_students ? DAY_NEVER : fact_day(row, "graduated");

	bool counts = only_students ||
		      (text_equal(students, "final_year") && json_get_true(row, "final_year"));
	return counts ? evaluation->on : DAY_NEVER;
}

/* Both in the form that people's typing is brought to: a major may have full-width brackets in its name. */
static bool names_major(struct arena *arena, const json *majors, const char *major)
{
	const char *wanted = text_normalise(arena, major);
	json_each(name, majors)
	{
		if (wanted && text_equal(text_normalise(arena, json_text(name)), wanted))
			return true;
	}
	return false;
}

/* What the candidate says of the major, held against the plugin's list where there is one. */
static enum standing judge_major(
	const struct evaluation *evaluation, const json *leaf, const json *row)
{
	const char *asked = json_get_text(leaf, "scope"), *said = json_get_text(row, "major_scope");
	const json *majors = json_get(evaluation->manifest, "majors");
	const char *major = json_get_text(row, "major");
	if (text_equal(asked, "unrelated"))
		return STANDING_COUNTS;
	if (text_equal(said, "unrelated") ||
		(text_equal(asked, "same") && !text_equal(said, asked)))
		return STANDING_REFUSED;
	if (json_count(majors) == 0 || names_major(evaluation->arena, majors, major))
		return STANDING_COUNTS;
	return STANDING_REVIEW;
}

static const char *diploma_code(const json *leaf, const json *row, enum standing major, int64_t day)
{
	if (!json_holds(json_get(leaf, "diplomas"), json_get_text(row, "kind")))
		return "eligibility.diploma_kind";
	if (major == STANDING_REFUSED)
		return text_equal(json_get_text(row, "major_scope"), "unrelated")
			       ? "eligibility.diploma_unrelated"
			       : "eligibility.diploma_major";
	if (day == DAY_NEVER)
		return text_equal(json_get_text(leaf, "students"), "only")
			       ? "eligibility.diploma_graduate"
			       : "eligibility.diploma_student";
	return NULL;
}

static struct days judge_diploma(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	int64_t day = diploma_day(evaluation, leaf, row);
	enum standing major = judge_major(evaluation, leaf, row), standing = STANDING_REFUSED;
	const char *code = diploma_code(leaf, row, major, day);
	if (!code && json_get_true(leaf, "assessed")) {
		standing = STANDING_REVIEW;
		code = "eligibility.diploma_assessed";
	} else if (!code) {
		standing = major;
		code = major == STANDING_REVIEW ? "eligibility.diploma_unlisted"
						: "eligibility.diploma_fits";
	}
	if (note) {
		const char *name = json_get_text(row, "major");
		trace_standing(evaluation, note, standing);
		say(arena, note, code, "diploma",
			phrase_word(arena, "eligibility.diploma", json_get_text(row, "kind")),
			"major", name ? name : PHRASE("eligibility.major_unnamed"), NULL);
	}
	return days_of(standing, day);
}

/* A course for another level, or too short. */
static const char *course_code(const json *leaf, const json *row)
{
	if (json_get_integer(row, "level") != json_get_integer(leaf, "level"))
		return "eligibility.course_level";
	return json_get_integer(row, "hours") < json_get_integer(leaf, "hours")
		       ? "eligibility.course_hours"
		       : NULL;
}

static struct days judge_training(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	const char *kind = json_get_text(row, "kind"), *asked = json_get_text(leaf, "training");
	struct relation relation = fact_relation(evaluation, leaf, row);
	enum standing standing = relation.standing;
	const char *code = NULL;
	if (!text_equal(kind, asked))
		code = "eligibility.training_kind";
	else if (text_equal(kind, "course"))
		code = course_code(leaf, row);
	if (code)
		standing = STANDING_REFUSED;
	if (note) {
		trace_standing(evaluation, note, standing);
		trace_relation(evaluation, note, row, &relation);
		if (code)
			say(arena, note, code, "training",
				phrase_word(arena, "eligibility.training", kind), "asked",
				phrase_word(arena, "eligibility.training", asked), "level",
				phrase_number(arena, "eligibility.level",
					json_get_integer(leaf, "level")),
				"hours", say_number(arena, json_get_integer(leaf, "hours")), NULL);
	}
	return days_of(standing, fact_day(row, "completed"));
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
	[ROW_TRAINING] = {"training", "trainings", "eligibility.training_missing", judge_training},
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
