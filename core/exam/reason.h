/*
 * Reason codes (schemas/reasons.json): why an item of an application, or a paper, did not pass.
 *
 * A code is stored; its texts are looked up when it is shown. "fits" tells a page which items a code is
 * offered for first: an item name, or what stands before its colon ("material", "paper", "related"); any
 * known code may be given for any item.
 */
#ifndef KAOWU_EXAM_REASON_H
#define KAOWU_EXAM_REASON_H

#include "transaction.h"

/* [{code, text, short, fits}], in the order of the file. */
json *reasons_list(struct arena *arena, enum language language);

/* The few Chinese words of a known code that an SMS has room for; NULL for an unknown one. */
const char *reason_short(struct arena *arena, const char *code);

/* A fault at `pointer` unless the text of an act that is out of the ordinary says why, in five characters at least. */
void reason_written(struct transaction *tx, const char *pointer, const char *text);

/* What a person thinks of one item. */
struct opinion {
	bool pass;
	const json *reasons; /* array of codes, empty for a pass; never NULL */
	const char *note;    /* or NULL */
};

/*
 * Reads {outcome: pass|fail, reasons, note}. Adds a fault below `pointer` for each thing that is wrong: a
 * fail without a reason, an unknown code, OTHER without a note, reasons with a pass. *out is good if no
 * fault was added.
 */
void opinion_read(
	struct transaction *tx, const char *pointer, const json *body, struct opinion *out);

#endif
