/*
 * The fields that a plugin adds to the application form: one topic, "fields", of the plans whose plugin has any.
 *
 * The manifest says what there is; every value is text: a line, a number, a date, or one of the choices.
 */
#ifndef KAOWU_EXAM_FIELDS_H
#define KAOWU_EXAM_FIELDS_H

#include "application.h"

/* As topics.h says of the others. */
enum result application_put_fields(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
/* A fault below /fields for each value that the manifest does not allow, and for each required one that is missing. */
void fields_check(struct transaction *tx, const struct plan *plan, const json *values);

#endif
