/*
 * Requirements and people at random, and both as the JSON that core/plugin reads (oracle_requirements.h).
 *
 * Requirements are those that a manifest may have: a list asks for at most one certificate, title, diploma and
 * training, and counts work only since what it asks for itself.
 */
#include "oracle_requirements.h"

static const char *const kinds[] = {
	"age", "certificate", "title", "diploma", "training", "work", "all", "any"};
static const char *const ranks[] = {"junior", "intermediate", "senior"};
static const char *const trainings[] = {"apprenticeship", "course", "preparatory_technician"};
static const char *const scopes[] = {"same", "related", "unrelated"};
static const char *const students[] = {"no", "final_year", "only"};
static const char *const diplomas[DIPLOMAS] = {"secondary_vocational", "skilled_school",
	"advanced_class", "technician_college", "higher_vocational", "university"};

/* ---- Requirements ---- */

static struct part *leaf_random(struct arena *arena, enum kind kind)
{
	static const int held[] = {0, 0, 0, 2}, working[] = {0, 1, 2, 5, 10};
	struct part *leaf = NEW(arena, struct part);
	*leaf = (struct part){.kind = kind,
		.own = below(3) == 0,
		.since_start = true,
		.rank = below(3),
		.training = below(3),
		.hours = 60 + below(3) * 20,
		.level = 1 + below(3),
		.major = (enum scope)below(3),
		.students = (enum students)below(3),
		.assessed = below(4) == 0};
	leaf->years = kind == AGE    ? 10 + below(12)
		      : kind == WORK ? working[below(5)]
				     : held[below(4)];
	for (int i = 0; i < DIPLOMAS; i++)
		leaf->diplomas[i] = below(2);
	leaf->diplomas[below(DIPLOMAS)] = true;
	return leaf;
}

static bool has(const struct part *list, enum kind kind)
{
	for (int i = 0; i < list->count; i++)
		if (list->parts[i]->kind == kind)
			return true;
	return false;
}

static struct part *list_random(struct arena *arena, enum kind kind, int depth);

static struct part *child_random(struct arena *arena, const struct part *list, int depth)
{
	enum kind kind = (enum kind)below(depth > 0 ? ANY + 1 : KINDS);
	if (kind >= KINDS)
		return list_random(arena, kind, depth - 1);
	if (list->kind == ALL && kind != AGE && has(list, kind))
		kind = WORK;

	struct part *leaf = leaf_random(arena, kind);
	leaf->since = below(2) ? CERTIFICATE : TITLE;
	if (kind == WORK && list->kind == ALL && has(list, leaf->since))
		leaf->since_start = below(4) == 0;
	return leaf;
}

static struct part *list_random(struct arena *arena, enum kind kind, int depth)
{
	struct part *list = NEW(arena, struct part);
	*list = (struct part){.kind = kind};
	for (int parts = 1 + below(PARTS); list->count < parts;) {
		struct part *child = child_random(arena, list, depth);
		list->parts[list->count++] = child;
	}
	return list;
}

struct part *part_random(struct arena *arena)
{
	return list_random(arena, below(3) ? ALL : ANY, 2);
}

/* ---- People ---- */

static struct row job_random(int on)
{
	struct day start = calendar[below(on + 1)], end = calendar[below(on + 1)];
	struct row job = {.day = find_day(start.year, start.month, 1),
		.last = find_day(end.year, end.month, month_length(end.year, end.month))};
	if (job.last < job.day || !below(4))
		job.last = NEVER;
	return job;
}

static struct row row_random(enum kind kind, int on)
{
	struct row row = kind == WORK ? job_random(on) : (struct row){.day = below(on + 1)};
	row.name = &names[below(NAMES)];
	row.level = 1 + below(3);
	row.rank = below(3);
	row.training = below(3);
	row.hours = 60 + below(3) * 20;
	row.diploma = below(DIPLOMAS);
	row.matching = below(4) > 0;
	row.final_year = below(2);
	row.listed = below(4) > 0;
	row.major = (enum scope)below(3);
	if (kind == DIPLOMA && below(3) == 0)
		row.day = NEVER;
	return row;
}

struct person person_random(void)
{
	struct person person = {.overlay = below(2),
		.on = find_day(2015 + below(15), 1 + below(12), 1 + below(28))};
	person.birth = below(8) ? below(find_day(2008, 1, 1)) : NEVER;
	for (int kind = CERTIFICATE; kind < KINDS; kind++) {
		person.counts[kind] = below(ROWS + 1);
		for (int i = 0; i < person.counts[kind]; i++)
			person.rows[kind][i] = row_random((enum kind)kind, person.on);
	}
	return person;
}

/* ---- As JSON ---- */

static void leaf_write(struct arena *arena, json *object, const struct part *leaf)
{
	json_set_text(arena, object, "kind", kinds[leaf->kind]);
	if (leaf->kind == AGE || leaf->kind == WORK)
		json_set_integer(arena, object, "years", leaf->years);
	if (leaf->kind == CERTIFICATE && leaf->years > 0)
		json_set_integer(arena, object, "held_years", leaf->years);
	if (leaf->kind == CERTIFICATE || leaf->kind == WORK || leaf->kind == TRAINING)
		json_set_text(arena, object, "scope", leaf->own ? "same" : "related");
	if (leaf->kind == CERTIFICATE)
		json_set_integer(arena, object, "level", leaf->level);
	if (leaf->kind == TITLE)
		json_set_text(arena, object, "rank", ranks[leaf->rank]);
	if (leaf->kind == WORK)
		json_set_text(
			arena, object, "since", leaf->since_start ? "start" : kinds[leaf->since]);
	if (leaf->kind == TRAINING)
		json_set_text(arena, object, "training", trainings[leaf->training]);
	if (leaf->kind == TRAINING && leaf->training == 1) {
		json_set_integer(arena, object, "level", leaf->level);
		json_set_integer(arena, object, "hours", leaf->hours);
	}
}

static void diploma_write(struct arena *arena, json *object, const struct part *leaf)
{
	json *list = json_set(arena, object, "diplomas", json_new_array(arena));
	for (int i = 0; i < DIPLOMAS; i++)
		if (leaf->diplomas[i])
			json_append(list, json_new_text(arena, diplomas[i]));
	json_set_text(arena, object, "scope", scopes[leaf->major]);
	json_set_text(arena, object, "students", students[leaf->students]);
	json_set_boolean(arena, object, "assessed", leaf->assessed);
}

json *part_json(struct arena *arena, const struct part *part)
{
	json *object = json_new_object(arena);
	if (part->kind < KINDS) {
		leaf_write(arena, object, part);
		if (part->kind == DIPLOMA)
			diploma_write(arena, object, part);
		return object;
	}
	json *list = json_set(arena, object, kinds[part->kind], json_new_array(arena));
	for (int i = 0; i < part->count; i++)
		json_append(list, part_json(arena, part->parts[i]));
	return object;
}

static void occupation_write(struct arena *arena, json *object, const struct row *row)
{
	json_set_text(arena, object, "occupation", row->name->name);
	json_set_boolean(arena, object, "consider", row->name->consider);
}

static void row_write(struct arena *arena, json *object, enum kind kind, const struct row *row)
{
	const char *day = row->day == NEVER ? NULL : words(arena, row->day);
	if (kind == CERTIFICATE) {
		occupation_write(arena, object, row);
		json_set_integer(arena, object, "level", row->level);
		json_set_text(arena, object, "issued", day);
	} else if (kind == TITLE) {
		json_set_text(arena, object, "rank", ranks[row->rank]);
		json_set_boolean(arena, object, "matching", row->matching);
		json_set_text(arena, object, "issued", day);
	} else if (kind == DIPLOMA) {
		json_set_text(arena, object, "kind", diplomas[row->diploma]);
		json_set_text(arena, object, "major", row->listed ? ORACLE_MAJOR : "考古学");
		json_set_text(arena, object, "major_scope", scopes[row->major]);
		json_set_text(arena, object, "graduated", day);
		json_set_boolean(arena, object, "final_year", row->final_year);
	} else if (kind == TRAINING) {
		occupation_write(arena, object, row);
		json_set_text(arena, object, "kind", trainings[row->training]);
		json_set_text(arena, object, "completed", day);
		json_set_integer(arena, object, "level", row->level);
		json_set_integer(arena, object, "hours", row->hours);
	} else {
		const char *last = row->last == NEVER ? NULL : words(arena, row->last);
		occupation_write(arena, object, row);
		json_set_text(arena, object, "from", arena_text_part(arena, day, 7));
		json_set_text(arena, object, "to", last ? arena_text_part(arena, last, 7) : NULL);
	}
}

json *person_json(struct arena *arena, const struct person *person)
{
	static const char *const lists[KINDS] = {
		NULL, "certificates", "titles", "diplomas", "trainings", "work"};
	json *facts = json_new_object(arena);
	json_set_text(arena, facts, "on", words(arena, person->on));
	json_set_text(
		arena, facts, "birth", person->birth == NEVER ? NULL : words(arena, person->birth));
	for (int kind = CERTIFICATE; kind < KINDS; kind++) {
		json *list = json_set(arena, facts, lists[kind], json_new_array(arena));
		for (int i = 0; i < person->counts[kind]; i++)
			row_write(arena, json_append(list, json_new_object(arena)), (enum kind)kind,
				&person->rows[kind][i]);
	}
	return facts;
}
