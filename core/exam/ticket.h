/*
 * Admission tickets (S20): numbers and seats when staff open them; the PDF whenever the candidate asks.
 */
#ifndef KAOWU_EXAM_TICKET_H
#define KAOWU_EXAM_TICKET_H

#include "application.h"
#include "document/ticket.h"

/* Opens the plan's tickets and seats everybody who is approved, paid and whose papers are in order; run again, it seats those who came since.
 * Answers {issued, seated, waiting}. At most 500 seats a call; {more: true} then. */
enum result ticket_open(struct transaction *tx, const char *plan_id, json **out) MUST_CHECK;
/* The number by the tenant's rule (profile ticket.rule; default 15 digits, DOMAIN 1.7). */
enum result ticket_number(struct transaction *tx, const struct plan *plan, int64_t room, int64_t seat, const char **out) MUST_CHECK;
/* Everything that the PDF shows; rendering is done outside of the transaction. CONFLICT ("ticket.not_open"). */
enum result ticket_facts_load(struct transaction *tx, struct application *application, struct ticket_facts *out) MUST_CHECK;

#endif
