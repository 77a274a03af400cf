/*
 * A plan's manifest and document, parsed once for all who read them.
 *
 * Every request about an application reads them, and parsing is most of what that costs. They are kept by their
 * text, so that what is given always says what the database says, whatever is written, rolled back or read from an
 * older snapshot.
 */
#ifndef KAOWU_EXAM_PLAN_DOCUMENT_H
#define KAOWU_EXAM_PLAN_DOCUMENT_H

#include "transaction.h"

/* Shared by threads and never freed. Any thread. */
enum result plan_document(struct transaction *tx, const char *text, const json **out) MUST_CHECK;

#endif
