/*
 * Who applies, as staff see it in a list: the name in full, numbers masked.
 */
#ifndef KAOWU_EXAM_APPLICANT_H
#define KAOWU_EXAM_APPLICANT_H

#include "transaction.h"

struct applicant {
	const char *name, *gender, *id_type, *id_masked,
		*mobile_masked; /* NULL: not filled in yet */
};

/* From the sealed form of application.form_sealed; an empty one gives nothing but NULL. */
enum result applicant_read(struct transaction *tx, const char *application_id,
	struct bytes form_sealed, struct applicant *out) MUST_CHECK;

#endif
