/*
 * The slow judge (oracle_requirements.h). A list that must hold as a whole picks one row of each kind it asks for:
 * the one that is best for the candidate together with the work that is counted since it.
 */
#include "oracle_requirements.h"

#include <string.h>

static int later(int left, int right)
{
	return left > right ? left : right;
}

static int earlier(int left, int right)
{
	return left < right ? left : right;
}

int oracle_outcome(const struct person *person, struct first first)
{
	if (first.sure <= person->on)
		return 0;
	return first.possible <= person->on ? 1 : 2;
}

static bool better(const struct person *person, struct first left, struct first right)
{
	int difference = oracle_outcome(person, left) - oracle_outcome(person, right);
	if (!difference)
		difference = left.sure - right.sure;
	if (!difference)
		difference = left.possible - right.possible;
	return difference < 0;
}

static enum worth occupation_worth(
	const struct person *person, const struct part *leaf, const struct row *row)
{
	if (leaf->own && !row->name->own)
		return REFUSED;
	return worth_of(row->name, person->overlay);
}

/* ---- Rows ---- */

static enum worth certificate_worth(
	const struct person *person, const struct part *leaf, const struct row *row)
{
	if (row->level < leaf->level && row->name->own)
		return REVIEW;
	return row->level == leaf->level ? occupation_worth(person, leaf, row) : REFUSED;
}

static enum worth title_worth(const struct part *leaf, const struct row *row)
{
	if (!row->matching || row->rank < leaf->rank)
		return REFUSED;
	return row->rank > leaf->rank ? REVIEW : COUNTS;
}

static enum worth diploma_worth(const struct part *leaf, const struct row *row)
{
	bool student = row->day == NEVER;
	if (!leaf->diplomas[row->diploma])
		return REFUSED;
	if (leaf->students == STUDENTS_ONLY
			? !student
			: student && (leaf->students == STUDENTS_NO || !row->final_year))
		return REFUSED;
	if (leaf->major == UNRELATED)
		return leaf->assessed ? REVIEW : COUNTS;
	if (row->major == UNRELATED || (leaf->major == SAME && row->major == RELATED))
		return REFUSED;
	return leaf->assessed || !row->listed ? REVIEW : COUNTS;
}

static enum worth training_worth(
	const struct person *person, const struct part *leaf, const struct row *row)
{
	static const int course = 1;
	if (row->training != leaf->training)
		return REFUSED;
	if (row->training == course && (row->level != leaf->level || row->hours < leaf->hours))
		return REFUSED;
	return occupation_worth(person, leaf, row);
}

static struct first row_judge(
	const struct person *person, const struct part *leaf, const struct row *row)
{
	enum worth worth = REFUSED;
	int day = row->day;
	if (leaf->kind == CERTIFICATE) {
		worth = certificate_worth(person, leaf, row);
		day = find_day_years_later(row->day, leaf->years);
	} else if (leaf->kind == TITLE) {
		worth = title_worth(leaf, row);
	} else if (leaf->kind == DIPLOMA) {
		worth = diploma_worth(leaf, row);
		day = row->day == NEVER ? person->on : row->day;
	} else if (leaf->kind == TRAINING) {
		worth = training_worth(person, leaf, row);
	}
	return (struct first){worth == COUNTS ? day : NEVER, worth >= REVIEW ? day : NEVER};
}

/* ---- Work ---- */

static int walk(const struct person *person, const struct part *leaf, int since, enum worth least)
{
	static bool worked[DAYS];
	int missing = -1; /* no day has counted yet */
	memset(worked, 0, sizeof(worked));
	for (int i = 0; i < person->counts[WORK]; i++) {
		const struct row *job = &person->rows[WORK][i];
		if (occupation_worth(person, leaf, job) < least)
			continue;
		for (int day = job->day; day < DAYS && day <= job->last; day++)
			worked[day] = true;
	}
	for (int day = since; day < DAYS; day++) {
		if (!worked[day])
			continue;
		if (missing < 0)
			missing = later(find_day_years_later(day, leaf->years) - day, 1);
		if (--missing == 0)
			return day;
	}
	return NEVER;
}

static struct first work_judge(const struct person *person, const struct part *leaf, int since)
{
	return (struct first){walk(person, leaf, since, COUNTS), walk(person, leaf, since, REVIEW)};
}

/* ---- Lists ---- */

static struct first both(struct first left, struct first right)
{
	return (struct first){later(left.sure, right.sure), later(left.possible, right.possible)};
}

/* The row's own days and those of the list's work since it. */
static struct first with_work(const struct person *person, const struct part *list,
	const struct part *leaf, const struct row *row)
{
	struct first first = row_judge(person, leaf, row);
	for (int i = 0; list && i < list->count; i++) {
		const struct part *work = list->parts[i];
		if (work->kind == WORK && !work->since_start && work->since == leaf->kind)
			first = both(first, work_judge(person, work, row->day));
	}
	return first;
}

/* A leaf that rows answer, in its list or (NULL) by itself. */
static struct first rows_judge(
	const struct person *person, const struct part *list, const struct part *leaf)
{
	struct first best = {NEVER, NEVER};
	for (int i = 0; i < person->counts[leaf->kind]; i++) {
		const struct row *row = &person->rows[leaf->kind][i];
		if (row_judge(person, leaf, row).possible == NEVER)
			continue;
		struct first found = with_work(person, list, leaf, row);
		if (better(person, found, best))
			best = found;
	}
	return best;
}

static struct first leaf_judge(
	const struct person *person, const struct part *list, const struct part *leaf)
{
	if (leaf->kind == AGE) {
		int day = person->birth == NEVER ? NEVER
						 : find_day_years_later(person->birth, leaf->years);
		return (struct first){day, day};
	}
	if (leaf->kind != WORK)
		return rows_judge(person, list, leaf);
	if (leaf->since_start)
		return work_judge(person, leaf, 0);
	/* Counted with the row that it is counted since; without one it never holds, nor does that. */
	return (struct first){0, 0};
}

struct first oracle_judge(const struct person *person, const struct part *part)
{
	struct first all = {0, 0}, any = {NEVER, NEVER};
	if (part->kind < KINDS)
		return leaf_judge(person, NULL, part);
	for (int i = 0; i < part->count; i++) {
		const struct part *child = part->parts[i];
		struct first found =
			child->kind < KINDS
				? leaf_judge(person, part->kind == ALL ? part : NULL, child)
				: oracle_judge(person, child);
		all = both(all, found);
		any = (struct first){
			earlier(any.sure, found.sure), earlier(any.possible, found.possible)};
	}
	return part->kind == ALL ? all : any;
}
