/*
 * Admission tickets (S20): numbers and seats when staff open them; the PDF whenever the candidate asks.
 */
#ifndef KAOWU_EXAM_TICKET_H
#define KAOWU_EXAM_TICKET_H

#include "application.h"
#include "document/ticket.h"

/*
 * Opens the plan's tickets and seats everybody who is approved, paid and whose papers are in order, by
 * application number over the plan's rooms; run again, it seats those who came since. A seat is never given
 * twice, also not that of a ticket that was voided. {issued: by this call, seated: in all, waiting: ready
 * but without a seat, more, tickets: [{application_number, room, seat}] of this call}; at most 500 seats a call: `more`
 * is true then. CONFLICT ("ticket.plan_draft") for a draft, which nobody can have applied to.
 */
enum result ticket_open(struct transaction *tx, const char *plan_id, json **out) MUST_CHECK;
/*
 * The number by the tenant's rule (profile ticket.rule; default 15 digits): {year} of the exam, {region},
 * {plan} sequence, {level}, {room} and {seat} from 1, {check} (Luhn over the digits before it), each with a
 * width after a colon; letters, digits, "-", "_" and "." as they stand. INVALID ("ticket.rule") if the rule has
 * anything else or lacks plan, room or seat; ("ticket.narrow") if a part is too narrow.
 */
enum result ticket_number(struct transaction *tx, const struct plan *plan, int64_t room,
	int64_t seat, const char **out) MUST_CHECK;
/* Can a number be made by the rule of this profile at all? INVALID as of ticket_number(). */
enum result ticket_rule_try(struct transaction *tx, const json *profile) MUST_CHECK;
/* A fault at "/ticket/rule" if not. */
void ticket_rule_check(struct transaction *tx, const json *profile);
/* Everything that the PDF shows; rendering is done outside of the transaction. `check_at` is the address below which
 * codes are checked (ticket_check.h): "https://haidian.example/tickets/". CONFLICT ("ticket.not_open"); BROKEN
 * ("ticket.portrait") if the portrait cannot be read. */
enum result ticket_facts_load(struct transaction *tx, struct application *application,
	const char *check_at, struct ticket_facts *out) MUST_CHECK;

#endif
