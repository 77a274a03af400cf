/*
 * Checking an admission ticket at the door: what its QR code leads to, for whoever holds the paper.
 */
#ifndef KAOWU_EXAM_TICKET_CHECK_H
#define KAOWU_EXAM_TICKET_CHECK_H

#include "transaction.h"

/* "261100030100107.4f1c...": the ticket's number, and what only this centre can make of it. */
const char *ticket_check_code(struct transaction *tx, const char *number);

/*
 * {number, valid: not after the application was voided or the plan cancelled, name: its first character, plan_name,
 * occupation_name, level, venue, address, room, seat, subjects: [{name, from, until}]}, of a cancelled plan
 * {cancelled_at, cancel_reason} too. NOT_FOUND ("ticket.unknown") if the code is
 * none of this centre's.
 */
enum result ticket_check(struct transaction *tx, const char *code, json **out) MUST_CHECK;

#endif
