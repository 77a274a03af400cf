/*
 * kaowu_plugin.h: everything an author needs to add an occupation at a level to kaowu.
 *
 * A plugin is one shared object that exports one constant: the tables below. No code need be written. A whole
 * plugin, but for its length:
 *
 *     #include "kaowu_plugin.h"
 *
 *     KAOWU_PLUGIN(
 *             .id = "welder.3", .version = "1.0.0",
 *             .occupation_code = "6-18-02-04", .occupation_name = "焊工",
 *             .level = 3, .level_name = KAOWU_LEVEL_3, .condition_set = "gc2023",
 *             .related = KAOWU_TEXTS("钳工", "铆工"), .related_text = "钳工、铆工等", .related_open = true,
 *             .conditions = KAOWU_ROWS(kaowu_condition,
 *                     {.id = "3-2", .text = "取得…四级…证书后，累计从事…工作满4年。", .source = "…标准 3.2",
 *                      .requirements = KAOWU_ROWS(kaowu_requirement,
 *                              KAOWU_NEEDS_CERTIFICATE(4, KAOWU_RELATED),
 *                              KAOWU_NEEDS_WORK(4, KAOWU_RELATED, KAOWU_SINCE_CERTIFICATE)),
 *                      .materials = KAOWU_TEXTS("portrait", "certificate")}),
 *             .materials = KAOWU_ROWS(kaowu_material, ...),
 *             .subjects = KAOWU_ROWS(kaowu_subject, ...),
 *             .examples = KAOWU_ROWS(kaowu_example, ...));
 *
 *     cc -std=c11 -shared -fPIC -fvisibility=hidden -o welder_level_3.so level_3.c
 *     kaowu plugin check welder_level_3.so
 *
 * What happens to it. A sandboxed process loads the file, turns the tables into a manifest, and ends: no table is
 * ever read, and no function ever called, inside the server. The manifest is checked (each fault is one sentence
 * that says what to change), the worked examples are run against it, and file and manifest are kept by the file's
 * SHA-256. An installed version never changes: to change a table, raise `version`.
 *
 * Rules for every table. Text is UTF-8 and ends in NUL. Ids are lower-case letters, digits, '-' and '_'. Dates are
 * "2026-11-22", months "2026-11". A plugin may use no library but the C library, has no network and no files, and
 * whatever it does in a constructor counts against it: a crash, a hang or garbage puts it in quarantine.
 *
 * Compatibility. Within one KAOWU_ABI every struct here only ever grows at its end, and tables carry the size of
 * their rows: a plugin built with an older header goes on working for ever; one built with a newer header is taken
 * as long as it leaves what this kaowu does not know at zero.
 */
#ifndef KAOWU_PLUGIN_H
#define KAOWU_PLUGIN_H

/* Comments stand in columns. */
/* clang-format off */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KAOWU_ABI 1

/* A table: its rows and their number. Written with KAOWU_ROWS() or KAOWU_TEXTS(); left out, it is empty. */
#define KAOWU_TABLE(type)      struct { const type *rows; size_t count, row_size; }
#define KAOWU_ROWS(type, ...)  KAOWU_TABLE_OF(struct type, __VA_ARGS__)
#define KAOWU_TEXTS(...)       KAOWU_TABLE_OF(char *const, __VA_ARGS__)
#define KAOWU_TABLE_OF(type, ...) \
	{(const type[]){__VA_ARGS__}, sizeof((const type[]){__VA_ARGS__}) / sizeof(type), sizeof(type)}

/* ---- Levels: 5 is the lowest, 1 the highest. `level_name` is one of these, to the letter. ---- */

#define KAOWU_LEVEL_5 "五级/初级工"
#define KAOWU_LEVEL_4 "四级/中级工"
#define KAOWU_LEVEL_3 "三级/高级工"
#define KAOWU_LEVEL_2 "二级/技师"
#define KAOWU_LEVEL_1 "一级/高级技师"

/* ---- Conditions (申报条件): any one of them admits. ---- */

enum kaowu_kind {
	KAOWU_ALL = 1,     /* every one of `parts` */
	KAOWU_ANY,         /* at least one of `parts` */
	KAOWU_AGE,         /* `years` old on the day of the application */
	KAOWU_CERTIFICATE, /* a certificate of exactly `level`, `scope`, held for `years` */
	KAOWU_TITLE,       /* a professional title (职称) of `rank` that matches the occupation */
	KAOWU_DIPLOMA,     /* a diploma of one of `diplomas`, in a major of `scope` */
	KAOWU_WORK,        /* `years` of work of `scope`, counted `since`; 0 years: any work at all */
	KAOWU_TRAINING,    /* a `training` of `scope`; of KAOWU_COURSE, for `level` and of at least `hours` */
};

/* How wide: 本职业; 本职业或相关职业. Of a diploma's major: 本专业; 本专业或相关专业; any at all, and only there. */
enum kaowu_scope { KAOWU_SAME = 1, KAOWU_RELATED, KAOWU_UNRELATED };

/*
 * What the years of work are counted from. The certificate or title is the one asked for in the same list (a list
 * asks for at most one certificate, title, diploma, training); its day is the first that counts, and where a
 * candidate has several, the one that is best for him.
 */
enum kaowu_since { KAOWU_SINCE_START = 1, KAOWU_SINCE_CERTIFICATE, KAOWU_SINCE_TITLE };

/* 初级、中级、高级职称. */
enum kaowu_rank { KAOWU_JUNIOR = 1, KAOWU_INTERMEDIATE, KAOWU_SENIOR };

/* Schools whose diploma counts, added up with '|'. */
enum kaowu_diploma {
	KAOWU_SECONDARY_VOCATIONAL = 1, /* 中等职业学校 */
	KAOWU_SKILLED_SCHOOL = 2,       /* 技工学校（中级工班） */
	KAOWU_ADVANCED_CLASS = 4,       /* 高级技工学校、技工院校高级工班 */
	KAOWU_TECHNICIAN_COLLEGE = 8,   /* 技师学院（预备技师班、技师班） */
	KAOWU_HIGHER_VOCATIONAL = 16,   /* 高等职业学校、专科 */
	KAOWU_UNIVERSITY = 32,          /* 本科及以上 */
};

/* Who counts: graduates; they and students in their final year (含在读应届毕业生); students of any year only. */
enum kaowu_students { KAOWU_GRADUATES = 0, KAOWU_FINAL_YEAR, KAOWU_STUDENTS };

/* 学徒期满; 正规培训达规定标准学时并取得结业证书; 预备技师证书. */
enum kaowu_training { KAOWU_APPRENTICESHIP = 1, KAOWU_COURSE, KAOWU_PREPARATORY_TECHNICIAN };

/* One requirement. Only what its kind needs is set; the macros below write the usual ones. */
struct kaowu_requirement {
	uint32_t kind;     /* enum kaowu_kind */
	uint32_t years;
	uint32_t level;
	uint32_t scope;    /* enum kaowu_scope */
	uint32_t since;    /* enum kaowu_since */
	uint32_t rank;     /* enum kaowu_rank */
	uint32_t diplomas; /* enum kaowu_diploma, added up */
	uint32_t students; /* enum kaowu_students */
	bool assessed;     /* of a diploma: only of schools that were assessed (经评估论证), which a reviewer confirms */
	KAOWU_TABLE(struct kaowu_requirement) parts;
	uint32_t training; /* enum kaowu_training */
	uint32_t hours;    /* 标准学时 */
};

#define KAOWU_ALL_OF(...)      {.kind = KAOWU_ALL, .parts = KAOWU_ROWS(kaowu_requirement, __VA_ARGS__)}
#define KAOWU_ANY_OF(...)      {.kind = KAOWU_ANY, .parts = KAOWU_ROWS(kaowu_requirement, __VA_ARGS__)}
#define KAOWU_NEEDS_AGE(years_)                    {.kind = KAOWU_AGE, .years = (years_)}
#define KAOWU_NEEDS_CERTIFICATE(level_, scope_)    {.kind = KAOWU_CERTIFICATE, .level = (level_), .scope = (scope_)}
#define KAOWU_NEEDS_CERTIFICATE_HELD(level_, scope_, years_) \
	{.kind = KAOWU_CERTIFICATE, .level = (level_), .scope = (scope_), .years = (years_)}
#define KAOWU_NEEDS_TITLE(rank_)                   {.kind = KAOWU_TITLE, .rank = (rank_)}
#define KAOWU_NEEDS_DIPLOMA(diplomas_, scope_, students_) \
	{.kind = KAOWU_DIPLOMA, .diplomas = (diplomas_), .scope = (scope_), .students = (students_)}
#define KAOWU_NEEDS_ASSESSED_DIPLOMA(diplomas_, scope_, students_) \
	{.kind = KAOWU_DIPLOMA, .diplomas = (diplomas_), .scope = (scope_), .students = (students_), .assessed = true}
#define KAOWU_NEEDS_WORK(years_, scope_, since_)   {.kind = KAOWU_WORK, .years = (years_), .scope = (scope_), .since = (since_)}
#define KAOWU_NEEDS_TRAINING(training_, scope_)    {.kind = KAOWU_TRAINING, .training = (training_), .scope = (scope_)}
#define KAOWU_NEEDS_COURSE(level_, scope_, hours_) \
	{.kind = KAOWU_TRAINING, .training = KAOWU_COURSE, .level = (level_), .scope = (scope_), .hours = (hours_)}

struct kaowu_condition {
	const char *id;     /* "1-1"; unique in the plugin, whatever the set */
	const char *text;   /* to the letter: candidates copy it out by hand */
	const char *source; /* the standard and clause it stands in; shown with every verdict */
	KAOWU_TABLE(struct kaowu_requirement) requirements; /* every one of them */
	KAOWU_TABLE(char *const) materials;                 /* ids of `materials`, in the order they are asked for */
	const char *set;    /* generation of the rules it belongs to; NULL: the plugin's `condition_set` */
};

/* ---- What the candidate hands in ---- */

enum kaowu_picture {
	KAOWU_PORTRAIT = 1, /* one-inch portrait: JPEG, 40 to 80 KB, white background, checked by machine */
	KAOWU_PHOTO,        /* photograph of an object, such as an ID card */
	KAOWU_SCAN,         /* photograph or scan of a document */
};

/* Two ids mean something: kaowu prints blank forms and examples of "application_form" (申报表), on which the condition is
 * copied out, and of "work_pledge" (工作经历承诺书). Reviewers have ready reasons for the ids of plugins/materials.h. */
struct kaowu_material {
	const char *id, *name;
	uint32_t kind;         /* enum kaowu_picture */
	bool required;         /* false: may be left out */
	bool handwritten;      /* written by hand; on our printed form, if it is one of the two above */
	uint32_t paper_copies; /* originals to post after approval; 0: none */
	const char *note;      /* advice shown beside the upload; may be NULL */
};

enum kaowu_entry { KAOWU_LINE = 1, KAOWU_NUMBER, KAOWU_DATE, KAOWU_CHOICE };

/* A field of the application form beyond the usual ones. */
struct kaowu_field {
	const char *id, *name;
	uint32_t kind;                    /* enum kaowu_entry */
	bool required;
	KAOWU_TABLE(char *const) choices; /* of KAOWU_CHOICE, at least two */
	const char *note;                 /* may be NULL */
};

/* ---- The exam ---- */

struct kaowu_subject {
	const char *id, *name;
	uint32_t minutes, full, pass; /* marks: out of `full`, passed from `pass` */
};

/* ---- Worked examples: run at installation; every condition needs one that admits and one that refuses. ---- */

enum kaowu_outcome { KAOWU_MET = 1, KAOWU_NOT_MET, KAOWU_REVIEW };

struct kaowu_held_certificate {
	const char *occupation;
	uint32_t level;
	const char *issued;
	bool consider; /* the candidate asks for this occupation to be taken as related */
};

struct kaowu_held_title {
	uint32_t rank;
	const char *issued;
	bool matching;
};

struct kaowu_held_diploma {
	uint32_t diploma, scope;
	const char *graduated; /* NULL: still a student */
	bool final_year;
	const char *major; /* its name; may be NULL */
};

struct kaowu_held_training {
	uint32_t training;
	const char *occupation, *completed;
	uint32_t level, hours; /* of a course */
	bool consider;
};

struct kaowu_worked {
	const char *from, *to; /* months; `to` NULL: the present job */
	const char *occupation;
	bool consider;
};

struct kaowu_example {
	const char *name;      /* "five years to the day" */
	const char *condition; /* id */
	const char *on;        /* the day of the application */
	const char *birth;     /* may be NULL */
	KAOWU_TABLE(struct kaowu_held_certificate) certificates;
	KAOWU_TABLE(struct kaowu_held_title) titles;
	KAOWU_TABLE(struct kaowu_held_diploma) diplomas;
	KAOWU_TABLE(struct kaowu_worked) work;
	uint32_t outcome;          /* enum kaowu_outcome: what must come out */
	const char *eligible_from; /* and the first day it would be met; NULL: time alone will not do */
	KAOWU_TABLE(struct kaowu_held_training) trainings;
};

/* ---- Functions: only for what no table can say ---- */

struct kaowu_form_value { /* never grows: plugins walk over it */
	const char *field, *text;
};

/* The form once nothing is missing: the plugin's own fields by their ids, as text, and what eligibility looks at:
 * "form.on" (the day), "form.condition", "form.identity", "details.birth", "work.0.from", ...: never who it is. */
struct kaowu_form {
	KAOWU_TABLE(struct kaowu_form_value) values;
};

enum kaowu_finding { KAOWU_REFUSE = 1, KAOWU_ASK_REVIEWER };

/* Where findings go: call `add` once for each; `field` is one of the form, or "" for the whole. */
struct kaowu_findings {
	void (*add)(const struct kaowu_findings *findings, uint32_t finding, const char *field, const char *text);
};

/* ---- The plugin ---- */

struct kaowu_plugin {
	uint32_t abi, size;          /* set by KAOWU_PLUGIN() */
	const char *id;              /* "<occupation in English>.<level>" */
	const char *version;         /* "1.0.0"; raise it with every change */
	const char *occupation_code; /* in the national classification (职业分类大典) */
	const char *occupation_name;
	uint32_t level;
	const char *level_name;      /* KAOWU_LEVEL_1 and so on */
	const char *condition_set;   /* generation of the rules that plans follow unless they name another: "gc2023" */
	KAOWU_TABLE(char *const) related;   /* 相关职业: names, in the order of the standard */
	const char *related_text;           /* the list to the letter; NULL if there is none */
	bool related_open;                  /* it ends in 等: a candidate may ask for another to be considered */
	KAOWU_TABLE(struct kaowu_condition) conditions;
	KAOWU_TABLE(struct kaowu_material) materials;
	KAOWU_TABLE(char *const) work_types; /* 工种 of this level; may be empty */
	KAOWU_TABLE(struct kaowu_field) fields;
	KAOWU_TABLE(struct kaowu_subject) subjects;
	KAOWU_TABLE(struct kaowu_example) examples;

	/* Optional and pure: the same form gives the same findings; no clock, no memory of earlier calls. */
	void (*check_form)(const struct kaowu_form *form, const struct kaowu_findings *findings);

	/* 本专业 and 相关专业 by name: a reviewer judges any other. Empty: it is as the candidate says. */
	KAOWU_TABLE(char *const) majors;
};

/* The one symbol that a plugin exports. */
extern __attribute__((visibility("default"))) const struct kaowu_plugin kaowu_plugin;

#define KAOWU_PLUGIN(...)                                                                          \
	const struct kaowu_plugin kaowu_plugin = {                                                 \
		.abi = KAOWU_ABI, .size = sizeof(struct kaowu_plugin), __VA_ARGS__}

#ifdef __cplusplus
}
#endif

#endif
