/*
 * The paper templates (S9) of an application: what the forms are made for. Drawn by document/form.h outside of the
 * transaction.
 */
#ifndef KAOWU_EXAM_TEMPLATE_H
#define KAOWU_EXAM_TEMPLATE_H

#include "application.h"
#include "document/form.h"

/* The chosen condition's sentence, or all of the plan's conditions while none is chosen. */
enum result template_facts(
	struct transaction *tx, struct application *application, struct form_facts *out) MUST_CHECK;

#endif
