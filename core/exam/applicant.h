/*
 * Who applies, as staff see it in a list: the name in full, numbers masked.
 */
#ifndef KAOWU_EXAM_APPLICANT_H
#define KAOWU_EXAM_APPLICANT_H

#include "application.h"

struct applicant {
	const char *name, *gender, *id_type, *id_masked, *mobile_masked;
	const char *id_number; /* in full: for who may take it (export.h) */
};

/* From the form as it stands; what is not filled in yet is NULL. */
enum result applicant_of(struct transaction *tx, const struct application *application,
	struct applicant *out) MUST_CHECK;
/* The same from the columns id and form_sealed of a query over applications. Of a form that is damaged, which is
 * logged, nothing is filled in: the others on the list shall be found. BROKEN ("seal.key_unknown") as of
 * account_mobile(). */
enum result applicant_of_row(struct transaction *tx, const struct cursor *row, int id_column,
	int form_column, struct applicant *out) MUST_CHECK;

#endif
