/*
 * The papers that a candidate fills in by hand (S9, S10): the application form (申报表), the pledge on work history
 * (工作经历承诺书), and the sentences to copy from; each made for one plan.
 *
 * A form is blank, or an example whose red parts show what to write by hand where. Occupation, level and plan are
 * printed in both. With an application's number and revision hash in the facts, every page carries them in its foot, so
 * that intake can tell whether the paper matches the revision that was approved.
 */
#ifndef KAOWU_DOCUMENT_FORM_H
#define KAOWU_DOCUMENT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/result.h"

struct arena;

/* Rows for work history when the facts ask for none; more than that are added as needed (S5). */
#define FORM_WORK_ROWS 6

struct form_condition {
	const char *code; /* as the plugin numbers it, "1-1"; may be NULL */
	const char *text; /* verbatim, to be copied out in full */
};

/* A field that the plugin adds to the form. */
struct form_field {
	const char *name;
	const char *choices; /* "甲、乙", to choose from; NULL: anything may be written */
	const char *value;   /* what the candidate filled in: for the example to show; or NULL */
};

/* All text is UTF-8. */
struct form_facts {
	const char *centre_name, *plan_name;      /* never NULL */
	const char *occupation_name, *level_name; /* never NULL */
	const char *work_type; /* 工种/职业方向 as the plan fixes it; NULL: left to be written */
	const char *previous_level_name; /* of the certificate that the example shows; NULL: 无 */
	const struct form_condition
		*conditions; /* at least one; the example copies out the first */
	size_t condition_count;
	const char *const
		*related_occupations; /* spelt as they must be written (S4); may be NULL */
	size_t related_count;
	const struct form_field *fields; /* on pages of their own, behind the others; may be NULL */
	size_t field_count;
	bool titles,
		trainings;  /* some condition asks for one: rows for them, on a page of their own */
	unsigned work_rows; /* 0: FORM_WORK_ROWS; at most LIMIT_WORK_PERIODS are drawn */
	/* Which papers the condition asks for, and how many originals of each are posted. */
	struct form_paper {
		bool asked;
		unsigned copies; /* 0: only uploaded */
	} form, pledge;
	const char *application_number; /* printable ASCII; NULL on a template for everybody */
	const char *revision_hash;      /* hexadecimal; NULL with it */
	int64_t made_at;
};

enum form_copy { FORM_BLANK, FORM_EXAMPLE };

/* The application form: two A4 pages, one more for every 16 rows of work history beyond six, for titles and trainings,
 * and for every 14 fields of the plugin's. BROKEN ("document.broken"). Any thread, as all of these. */
enum result form_render(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	struct bytes *pdf, struct error *error) MUST_CHECK;

/* The pledge on work history; pledge.c. */
enum result pledge_render(struct arena *arena, const struct form_facts *facts, enum form_copy copy,
	struct bytes *pdf, struct error *error) MUST_CHECK;

/* The conditions in large type to copy from, and the related occupations as they must be spelt; sentence.c. */
enum result sentence_render(struct arena *arena, const struct form_facts *facts, struct bytes *pdf,
	struct error *error) MUST_CHECK;

/* "一式两份", "一份"; "" for none. */
const char *copies_words(struct arena *arena, unsigned copies);

/* All that are asked for in one ZIP, numbered in the order in which they are needed; package.c. */
enum result package_build(struct arena *arena, const struct form_facts *facts, struct bytes *zip,
	struct error *error) MUST_CHECK;

#endif
