/*
 * A plan's document (schemas/plan.schema.json): judged, and written into its row: inside of plan.h and plan_desk.h.
 */
#ifndef KAOWU_EXAM_PLAN_DOCUMENT_H
#define KAOWU_EXAM_PLAN_DOCUMENT_H

#include "plan.h"
#include "plugin/catalogue.h"

/* What is there already under a code: NULL id if nothing. */
struct plan_known {
	const char *id, *plugin_id, *version, *sha256;
	const char *condition_set; /* of the manifest that it keeps */
	int64_t applications;
};

/* The moments of a document; 0 where it says none that can be read. */
struct plan_moments {
	int64_t apply_from, apply_until, pay_until, papers_until;
};

struct plan_reading {
	struct plan_known known;
	struct catalogue_entry plugin; /* its manifest narrowed to what the plan follows */
	struct plan_moments moments;
};

/*
 * What must hold before the document can have a row, however little it says: a plugin, its rules, a filing number of
 * its own. NOT_FOUND ("plugin.none"), or INVALID with every fault.
 */
enum result plan_document_place(
	struct transaction *tx, const json *document, struct plan_reading *out) MUST_CHECK;
/* What a schema cannot say, of a document that has been placed: INVALID with every fault. */
enum result plan_document_judge(struct transaction *tx, const json *document,
	const struct plan_reading *reading) MUST_CHECK;
/* Writes the document into the plan's row, publishes, audits; the pin stays as it is. */
enum result plan_document_keep(
	struct transaction *tx, const char *id, const json *document) MUST_CHECK;
/* The same by code, inserting where there is none, with the pin of the reading. CONFLICT ("plan.pinned") where that of
 * the plan must stay. */
enum result plan_document_write(struct transaction *tx, const json *document,
	const struct plan_reading *reading, const char **id) MUST_CHECK;

#endif
