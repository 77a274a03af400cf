/*
 * What is asked of somebody and what he has, made at random, and a slow judge of it that shares nothing with
 * core/plugin: rows are tried one by one, days are walked one by one.
 */
#ifndef TESTS_UNIT_PLUGIN_ORACLE_REQUIREMENTS_H
#define TESTS_UNIT_PLUGIN_ORACLE_REQUIREMENTS_H

#include "oracle_calendar.h"

enum kind { AGE, CERTIFICATE, TITLE, DIPLOMA, TRAINING, WORK, KINDS, ALL = KINDS, ANY };

#define PARTS    3
#define DIPLOMAS 6
#define ROWS     3

enum students { STUDENTS_NO, STUDENTS_FINAL_YEAR, STUDENTS_ONLY };
enum scope { SAME, RELATED, UNRELATED };

/* A requirement: a list of parts, or a leaf, which uses what its kind needs. */
struct part {
	enum kind kind;
	int count;
	struct part *parts[PARTS];
	int years, level, rank, training, hours;
	bool own;         /* the occupation itself only */
	bool since_start; /* else since the certificate or title of the same list */
	enum kind since;
	bool diplomas[DIPLOMAS];
	enum scope major;
	enum students students;
	bool assessed;
};

struct row {
	const struct name *name;
	int day;  /* issued, graduated (NEVER: a student), completed, first day of a job */
	int last; /* of a job; NEVER: the present one */
	int level, rank, training, hours, diploma;
	bool matching, final_year, listed;
	enum scope major;
};

struct person {
	bool overlay;
	int on, birth; /* NEVER: unknown */
	int counts[KINDS];
	struct row rows[KINDS][ROWS];
};

struct part *part_random(struct arena *arena);
struct person person_random(void);

/* First days on which it is met: by what is sure, and if a reviewer accepts what is left to him. */
struct first {
	int sure, possible;
};
struct first oracle_judge(const struct person *person, const struct part *part);
int oracle_outcome(
	const struct person *person, struct first first); /* 0 met, 1 review, 2 not met */

json *part_json(struct arena *arena, const struct part *part);
json *person_json(struct arena *arena, const struct person *person);

/* What the major has to be among, to count without a reviewer. */
#define ORACLE_MAJOR "物流管理"

#endif
