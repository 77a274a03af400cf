/*
 * The topics of an application's form: details (S13), identity (S14), condition (S7), certificates, work history
 * (S4, S5). The plugin's own fields are a topic as well, of fields.c.
 *
 * A schema has judged the shape of what comes in; here stand the rules beyond it: identifiers, dates, names that
 * can be printed, and the occupations that a work entry may name.
 */
#ifndef KAOWU_EXAM_TOPICS_H
#define KAOWU_EXAM_TOPICS_H

#include "application.h"

/* `body` is valid against its schema, its texts normalised (text_normalise); rules beyond that
 * (identifiers, S4, dates) are judged here and told by pointer. */
enum result application_put_details(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
enum result application_put_identity(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
enum result application_put_condition(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
enum result application_put_certificates(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
enum result application_put_work(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;

/* What the rules of eligibility look at (plugin/eligibility.h), as of today, from the form. */
json *topics_facts(struct transaction *tx, const json *form);

/* A fault for each topic that the condition needs and the form lacks: a certificate, work, a title, a diploma,
 * a training. Of alternatives one is enough. */
void topics_requirements(struct transaction *tx, const struct plan *plan, const char *condition_id,
	const json *form);

/* A fault at `pointer` if the person of this application has another one in the plan that stands. */
enum result topics_person_once(struct transaction *tx, const struct application *application,
	const char *pointer) MUST_CHECK;
/* Personal details, as one writes them: a fault at "/name" and so on for what a schema cannot say. */
void topics_details(struct transaction *tx, json *details);
/* A fault at "/identity" if the plan does not take people as that. */
void topics_identity(struct transaction *tx, const struct plan *plan, const char *identity);

/* ---- What a topic is made of ---- */

/* The application's plan, while it takes changes, and an item that is open. */
enum result topic_open(struct transaction *tx, const struct application *application,
	const char *item, struct plan *plan) MUST_CHECK;

/* Replaces members of the form by those of `topic` and writes it all back. */
enum result topic_put(struct transaction *tx, struct application *application, const char *item,
	const json *topic) MUST_CHECK;

/* Text that will be printed: a fault unless it is one line, and every character has a glyph. */
void topic_printable(struct transaction *tx, const char *pointer, const char *text);

#endif
