/*
 * JSON that many requests read and few write, parsed once for all: manifests and documents of plans, the profile.
 *
 * Parsing them anew is most of what reading them costs. They are kept by their text, so that what is given always says
 * what the database says, whatever is written, rolled back or read from an older snapshot.
 */
#ifndef KAOWU_EXAM_PARSED_H
#define KAOWU_EXAM_PARSED_H

#include "transaction.h"

/* Shared by threads and never freed. The text need not outlive the call. Any thread. */
enum result parsed_json(struct transaction *tx, struct bytes text, const json **out) MUST_CHECK;

#endif
