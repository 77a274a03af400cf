/*
 * Each kind of leaf gives two days, and says in the trace what it wanted, what it looked at and what is short (eligibility_leaf.h).
 *
 * Certificates, titles and diplomas are alike: rows of the facts, each of which fits or not by itself. Age is one date. Work is reckoned
 * over all of its rows at once (work_days.h), from the day of the anchor that the list was given.
 */
#include "eligibility_leaf.h"

#include "base/clock.h"
#include "base/text.h"
#include "relation.h"
#include "saying.h"

#define YEAR_MIN 1900
#define YEAR_MAX 2200

static const struct days never = {DAY_NEVER, DAY_NEVER};

const char *days_outcome(struct days days, int64_t on)
{
	if (days.sure <= on)
		return "met";
	return days.possible <= on ? "review" : "not_met";
}

static const char *date_words(struct arena *arena, int64_t day)
{
	return day == DAY_NEVER ? NULL : date_text(arena, date_from_number(day));
}

json *days_date(struct arena *arena, int64_t day)
{
	return json_new_text(arena, date_words(arena, day));
}

int64_t fact_day(const json *row, const char *name)
{
	const char *text = json_get_text(row, name);
	struct date date;
	if (!text || date_parse(text, &date) || date.year < YEAR_MIN || date.year > YEAR_MAX)
		return DAY_NEVER;
	return date_number(date);
}

static int64_t years_later(int64_t day, int64_t years)
{
	if (day == DAY_NEVER)
		return DAY_NEVER;
	return date_number(date_add_years(date_from_number(day), (int)years));
}

/* By standing: what counts, what a reviewer may let count, what does not. */
static struct days days_of(enum standing standing, int64_t day)
{
	return (struct days){standing == STANDING_COUNTS ? day : DAY_NEVER,
		standing == STANDING_REFUSED ? DAY_NEVER : day};
}

static const char *numbered(struct arena *arena, const char *phrase, int64_t number)
{
	return arena_printf(arena, PHRASE("%s_%d"), phrase, (int)number);
}

static const char *worded(struct arena *arena, const char *phrase, const char *word)
{
	return arena_printf(arena, PHRASE("%s_%s"), phrase, word ? word : "unknown");
}

static void note_standing(struct arena *arena, json *note, enum standing standing)
{
	static const char *const names[] = {"refused", "review", "counts"};
	json_set_text(arena, note, "outcome", names[standing]);
}

static void note_overlay(struct arena *arena, json *note, const json *overlay)
{
	json *told = overlay ? json_new_object(arena) : json_new_null(arena);
	if (overlay) {
		json_set_text(arena, told, "id", json_get_text(overlay, "id"));
		json_set_text(arena, told, "reason", json_get_text(overlay, "reason"));
	}
	json_set(arena, note, "overlay", told);
}

/* ---- Rows that fit or not by themselves ---- */

static struct relation relation_of(
	const struct evaluation *evaluation, const json *leaf, const json *row)
{
	return relation_judge(evaluation->arena, evaluation->manifest, evaluation->overlays,
		evaluation->on_text, json_get_text(row, "occupation"),
		json_get_true(row, "consider"),
		text_equal(json_get_text(leaf, "scope"), "same"));
}

static void say_relation(const struct evaluation *evaluation, json *note, const json *row,
	const struct relation *relation)
{
	struct arena *arena = evaluation->arena;
	say(arena, note, relation->code, "occupation", json_get_text(row, "occupation"), "plan",
		relation_occupation(evaluation->manifest), "list",
		relation_list(arena, evaluation->manifest), "reason",
		relation->overlay ? json_get_text(relation->overlay, "reason") : "", NULL);
	note_overlay(arena, note, relation->overlay);
}

static struct days judge_certificate(
	const struct evaluation *evaluation, const json *leaf, const json *row, json *note)
{
	struct arena *arena = evaluation->arena;
	int64_t level = json_get_integer(row, "level"), asked = json_get_integer(leaf, "level");
	struct relation relation = relation_of(evaluation, leaf, row);
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
		note_standing(arena, note, standing);
		say_relation(evaluation, note, row, &relation);
		if (code)
			say(arena, note, code, "occupation", json_get_text(row, "occupation"), "level",
				numbered(arena, "eligibility.level", level), "asked",
				numbered(arena, "eligibility.level", asked), NULL);
	}
	return days_of(standing,
		years_later(fact_day(row, "issued"), json_get_integer(leaf, "held_years")));
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
		note_standing(arena, note, standing);
		say(arena, note, code, "rank", worded(arena, "eligibility.rank", rank), "asked",
			worded(arena, "eligibility.rank", asked), NULL);
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
		note_standing(arena, note, standing);
		say(arena, note, code, "diploma",
			worded(arena, "eligibility.diploma", json_get_text(row, "kind")), NULL);
	}
	return days_of(standing, day);
}

/* ---- What is asked for, in words ---- */

static const char *diplomas_words(struct arena *arena, const json *leaf)
{
	const char *words = "";
	json_each(diploma, json_get(leaf, "diplomas")) words = arena_printf(
		arena, "%s%s", words, worded(arena, "eligibility.diploma", json_text(diploma)));
	return words;
}

static const char *asked_code(const json *leaf, const char *kind)
{
	if (text_equal(kind, "certificate"))
		return json_get_integer(leaf, "held_years") ? "eligibility.need_certificate_held"
							     : "eligibility.need_certificate";
	if (text_equal(kind, "title"))
		return "eligibility.need_title";
	if (text_equal(kind, "diploma"))
		return "eligibility.need_diploma";
	if (text_equal(kind, "age"))
		return "eligibility.need_age";
	if (!json_get_integer(leaf, "years"))
		return "eligibility.need_any_work";
	if (text_equal(json_get_text(leaf, "since"), "certificate"))
		return "eligibility.need_work_since_certificate";
	if (text_equal(json_get_text(leaf, "since"), "title"))
		return "eligibility.need_work_since_title";
	return "eligibility.need_work";
}

/* The leaf itself without its kind, and the same in words. */
static json *asked(struct arena *arena, const json *leaf)
{
	const char *kind = json_get_text(leaf, "kind");
	bool of_major = text_equal(kind, "diploma");
	json *required = json_copy(arena, leaf);
	json_remove(required, "kind");

	int64_t years = json_get_integer(leaf, "years") + json_get_integer(leaf, "held_years");
	say(arena, required, asked_code(leaf, kind), "years", say_number(arena, years), "level",
		numbered(arena, "eligibility.level", json_get_integer(leaf, "level")), "scope",
		worded(arena, of_major ? "eligibility.major" : "eligibility.scope",
			json_get_text(leaf, "scope")),
		"rank", worded(arena, "eligibility.rank", json_get_text(leaf, "rank")), "diplomas",
		diplomas_words(arena, leaf), NULL);
	return required;
}

/* ---- The trace entry ---- */

/* What is missing, as days and as the calendar counts them from the day after the application. */
static json *missing_time(const struct evaluation *evaluation, int64_t days)
{
	struct arena *arena = evaluation->arena;
	struct date start = date_from_number(evaluation->on + 1);
	int64_t end = evaluation->on + 1 + days;
	int months = 0;
	int64_t reached = evaluation->on + 1;
	for (;;) {
		int month = start.month + months; /* from 0: the month after `months` more */
		struct date next = {start.year + month / 12, month % 12 + 1, start.day};
		if (next.day > days_in_month(next.year, next.month))
			next.day = days_in_month(next.year, next.month);
		if (date_number(next) > end)
			break;
		reached = date_number(next);
		months++;
	}

	json *told = json_new_object(arena);
	json_set_integer(arena, told, "days", days);
	json_set_integer(arena, told, "years", months / 12);
	json_set_integer(arena, told, "months", months % 12);
	json_set_integer(arena, told, "rest_days", end - reached);
	return told;
}

/* Outcome, days and what is short; `missing` DAY_NEVER: no time would help. */
static void conclude(
	const struct evaluation *evaluation, json *entry, struct days days, int64_t missing)
{
	struct arena *arena = evaluation->arena;
	bool is_short = days.sure > evaluation->on && missing != DAY_NEVER;
	json_set_text(arena, entry, "outcome", days_outcome(days, evaluation->on));
	json_set(arena, entry, "short",
		is_short ? missing_time(evaluation, missing) : json_new_null(arena));
	json_set(arena, entry, "eligible_from", days_date(arena, days.sure));
	json_set(arena, entry, "eligible_from_if_accepted", days_date(arena, days.possible));
}

static void say_conclusion(const struct evaluation *evaluation, json *entry, struct days days,
	const char *missing_code)
{
	struct arena *arena = evaluation->arena;
	const char *code = missing_code;
	int64_t day = days.sure;
	if (days.sure <= evaluation->on) {
		code = "eligibility.leaf_met";
	} else if (days.possible <= evaluation->on) {
		code = "eligibility.leaf_review";
		day = days.possible;
	} else if (days.sure != DAY_NEVER) {
		code = "eligibility.leaf_from";
	}
	say(arena, entry, code, "day", date_words(arena, day), NULL);
}

static int64_t time_until(const struct evaluation *evaluation, int64_t day)
{
	return day == DAY_NEVER ? DAY_NEVER : day - evaluation->on;
}

static json *new_note(const struct evaluation *evaluation, json *entry, const char *table, int index)
{
	struct arena *arena = evaluation->arena;
	json *note = json_new_object(arena);
	json_set_text(arena, note, "pointer", arena_printf(arena, "/%s/%d", table, index));
	return json_append(arena, json_get(entry, "considered"), note);
}

static void use(const struct evaluation *evaluation, json *entry, const json *note)
{
	struct arena *arena = evaluation->arena;
	const char *pointer = json_get_text(note, "pointer");
	json_append(arena, json_get(entry, "used"), json_new_text(arena, pointer));
}

/* The first overlay that changed something for this leaf. */
static void tell_overlay(const struct evaluation *evaluation, json *entry)
{
	const json *overlay = NULL;
	json_each(note, json_get(entry, "considered"))
	{
		if (!overlay && json_is_object(json_get(note, "overlay")))
			overlay = json_get(note, "overlay");
	}
	note_overlay(evaluation->arena, entry, overlay);
}

/* ---- The kinds ---- */

static struct days judge_age(const struct evaluation *evaluation, const json *leaf, json *entry)
{
	int64_t day = years_later(fact_day(evaluation->facts, "birth"), json_get_integer(leaf, "years"));
	struct days days = {day, day};
	if (!entry)
		return days;

	if (day != DAY_NEVER)
		json_append(evaluation->arena, json_get(entry, "used"),
			json_new_text(evaluation->arena, "/birth"));
	conclude(evaluation, entry, days, time_until(evaluation, day));
	say_conclusion(evaluation, entry, days, "eligibility.age_unknown");
	return days;
}

struct row_kind {
	const char *name, *table, *missing_code;
	struct days (*judge)(const struct evaluation *, const json *leaf, const json *row, json *note);
};

static const struct row_kind row_kinds[] = {
	{"certificate", "certificates", "eligibility.certificate_missing", judge_certificate},
	{"title", "titles", "eligibility.title_missing", judge_title},
	{"diploma", "diplomas", "eligibility.diploma_missing", judge_diploma},
};

static const struct row_kind *row_kind_of(const json *leaf)
{
	for (size_t i = 0; i < COUNT(row_kinds); i++)
		if (text_equal(json_get_text(leaf, "kind"), row_kinds[i].name))
			return &row_kinds[i];
	return NULL;
}

struct days leaf_judge_row(const struct evaluation *evaluation, const json *leaf, const json *row)
{
	return row_kind_of(leaf)->judge(evaluation, leaf, row, NULL);
}

static const json *first_diploma(const struct evaluation *evaluation, const json *leaf)
{
	const json *best = NULL;
	struct days best_days = never;
	json_each(row, json_get(evaluation->facts, "diplomas"))
	{
		struct days days = judge_diploma(evaluation, leaf, row, NULL);
		if (days.sure < best_days.sure ||
			(days.sure == best_days.sure && days.possible < best_days.possible)) {
			best = row;
			best_days = days;
		}
	}
	return best;
}

static const json *chosen_row(const struct evaluation *evaluation, const json *leaf,
	const struct row_kind *kind, const struct choice *choice)
{
	if (kind->judge == judge_certificate)
		return choice->certificate.row;
	if (kind->judge == judge_title)
		return choice->title.row;
	return first_diploma(evaluation, leaf);
}

static struct days judge_rows(const struct evaluation *evaluation, const json *leaf,
	const struct row_kind *kind, const struct choice *choice, json *entry)
{
	const json *chosen = chosen_row(evaluation, leaf, kind, choice);
	struct days days = chosen ? kind->judge(evaluation, leaf, chosen, NULL) : never;
	if (!entry)
		return days;

	int index = 0;
	json_each(row, json_get(evaluation->facts, kind->table))
	{
		json *note = new_note(evaluation, entry, kind->table, index++);
		kind->judge(evaluation, leaf, row, note);
		if (row == chosen)
			use(evaluation, entry, note);
	}
	conclude(evaluation, entry, days, time_until(evaluation, days.sure));
	say_conclusion(evaluation, entry, days, kind->missing_code);
	return days;
}

/* ---- Work ---- */

/* From the first day of its first month to the last of its last; an entry that cannot be read has no day. */
static struct work_span span_of(const json *row)
{
	static const struct work_span none = {DAY_NEVER, DAY_ALWAYS};
	const char *from = json_get_text(row, "from"), *to = json_get_text(row, "to");
	int year, month, last_year, last_month;
	if (!from || month_parse(from, &year, &month) || year < YEAR_MIN || year > YEAR_MAX)
		return none;
	int64_t first = date_number((struct date){year, month, 1});
	if (json_is_null(json_get(row, "to")))
		return (struct work_span){first, DAY_NEVER};

	if (!to || month_parse(to, &last_year, &last_month) || last_year > YEAR_MAX ||
		last_year < YEAR_MIN)
		return none;
	int64_t last = date_number(date_last_of_month(last_year, last_month));
	return last < first ? none : (struct work_span){first, last};
}

struct work {
	int64_t since;
	struct work_span *spans; /* all that count or may count */
	enum standing *standings;
	size_t count;
};

static void note_work(const struct evaluation *evaluation, json *note, struct work_span span,
	int64_t since, enum standing standing)
{
	struct arena *arena = evaluation->arena;
	int64_t first = span.first > since ? span.first : since;
	int64_t last = span.last < evaluation->on ? span.last : evaluation->on;
	bool any = standing != STANDING_REFUSED && first <= last;
	note_standing(arena, note, standing);
	json_set(arena, note, "from", days_date(arena, any ? first : DAY_NEVER));
	json_set(arena, note, "to", days_date(arena, any ? last : DAY_NEVER));
	json_set_integer(arena, note, "days", any ? last - first + 1 : 0);
}

static struct work gather_work(
	const struct evaluation *evaluation, const json *leaf, int64_t since, json *entry)
{
	struct arena *arena = evaluation->arena;
	const json *rows = json_get(evaluation->facts, "work");
	struct work work = {.since = since,
		.spans = NEW_ARRAY(arena, struct work_span, json_count(rows) + 1),
		.standings = NEW_ARRAY(arena, enum standing, json_count(rows) + 1)};
	int index = 0;
	json_each(row, rows)
	{
		struct work_span span = span_of(row);
		struct relation relation = relation_of(evaluation, leaf, row);
		work.spans[work.count] = span;
		work.standings[work.count++] = relation.standing;
		if (!entry)
			continue;

		json *note = new_note(evaluation, entry, "work", index++);
		note_work(evaluation, note, span, since, relation.standing);
		say_relation(evaluation, note, row, &relation);
		if (relation.standing == STANDING_COUNTS)
			use(evaluation, entry, note);
	}
	return work;
}

static struct work_count count_work(const struct evaluation *evaluation, const json *leaf,
	const struct work *work, enum standing least)
{
	struct work_span *spans = NEW_ARRAY(evaluation->arena, struct work_span, work->count + 1);
	size_t count = 0;
	for (size_t i = 0; i < work->count; i++)
		if (work->standings[i] >= least)
			spans[count++] = work->spans[i];
	return work_count(
		spans, count, work->since, (int)json_get_integer(leaf, "years"), evaluation->on);
}

static void say_work(const struct evaluation *evaluation, const json *leaf, json *entry,
	struct days days, const struct work_count *count)
{
	struct arena *arena = evaluation->arena;
	const json *missing = json_get(entry, "short");
	const char *code = "eligibility.work_short";
	if (days.sure <= evaluation->on)
		code = "eligibility.work_met";
	else if (days.possible <= evaluation->on)
		code = "eligibility.work_review";
	else if (days.sure != DAY_NEVER)
		code = "eligibility.work_until";
	say(arena, entry, code, "counted", say_number(arena, count->counted), "days",
		say_number(arena, count->required), "years",
		say_number(arena, json_get_integer(leaf, "years")), "short_days",
		say_number(arena, json_get_integer(missing, "days")), "short_years",
		say_number(arena, json_get_integer(missing, "years")), "short_months",
		say_number(arena, json_get_integer(missing, "months")), "short_rest",
		say_number(arena, json_get_integer(missing, "rest_days")), "day",
		date_words(arena, days.sure), NULL);
}

/* The day from which work counts; DAY_NEVER where there is no certificate (title) to count from. */
static int64_t work_since(const json *leaf, const struct choice *choice)
{
	const char *since = json_get_text(leaf, "since");
	if (text_equal(since, "start"))
		return DAY_ALWAYS;
	const struct anchor *anchor =
		text_equal(since, "title") ? &choice->title : &choice->certificate;
	return anchor->row ? anchor->day : DAY_NEVER;
}

static struct days judge_work(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry)
{
	struct arena *arena = evaluation->arena;
	int64_t since = work_since(leaf, choice);
	struct work work = gather_work(evaluation, leaf, since, entry);
	struct work_count sure = count_work(evaluation, leaf, &work, STANDING_COUNTS);
	struct work_count possible = count_work(evaluation, leaf, &work, STANDING_REVIEW);
	struct days days = {sure.complete, possible.complete};
	if (!entry)
		return days;

	json *counted = json_set(arena, entry, "counted", json_new_object(arena));
	json_set_integer(arena, counted, "days", sure.counted);
	json_set(arena, counted, "first", days_date(arena, sure.first));
	json_set_integer(arena, counted, "days_if_accepted", possible.counted);
	json_set_integer(arena, json_get(entry, "required"), "days", sure.required);
	bool without = since == DAY_NEVER;
	conclude(evaluation, entry, days, without ? DAY_NEVER : sure.required - sure.counted);
	if (without)
		say(arena, entry, "eligibility.work_without_start", NULL);
	else
		say_work(evaluation, leaf, entry, days, &sure);
	return days;
}

struct days leaf_judge(const struct evaluation *evaluation, const json *leaf,
	const struct choice *choice, json *entry)
{
	struct arena *arena = evaluation->arena;
	const struct row_kind *kind = row_kind_of(leaf);
	struct days days;
	if (entry) {
		json_set_text(arena, entry, "kind", json_get_text(leaf, "kind"));
		json_set_text(arena, entry, "source", evaluation->source);
		json_set(arena, entry, "required", asked(arena, leaf));
		json_set(arena, entry, "used", json_new_array(arena));
		json_set(arena, entry, "considered", json_new_array(arena));
	}
	if (kind)
		days = judge_rows(evaluation, leaf, kind, choice, entry);
	else if (text_equal(json_get_text(leaf, "kind"), "age"))
		days = judge_age(evaluation, leaf, entry);
	else
		days = judge_work(evaluation, leaf, choice, entry);
	if (entry)
		tell_overlay(evaluation, entry);
	return days;
}
