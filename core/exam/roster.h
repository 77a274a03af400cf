/*
 * Applications as the office lists them: every state, narrowed by what somebody at a desk knows of one.
 */
#ifndef KAOWU_EXAM_ROSTER_H
#define KAOWU_EXAM_ROSTER_H

#include "page.h"
#include "transaction.h"

/* Who will have to pay within so long is told of as "soon". */
#define ROSTER_SOON (2 * DAY_MS)

/* In queries over application a, its plan p and its paper pp: must it be paid soon (?1 now, ?2 the end of "soon")? */
#define ROSTER_PAY_SOON_SQL                                                                        \
	"(a.state = 'approved' AND NOT " PAYMENT_PAID_SQL                                          \
	" AND CASE WHEN COALESCE(pp.grace_until, 0) > p.pay_until THEN pp.grace_until"             \
	" ELSE p.pay_until END BETWEEN ?1 AND ?2)"

/*
 * `filter`: {status, plan (an id), search, overdue, pay_soon, not_arrived ("true"), cursor, limit}, all optional.
 * `search` is an application's number, a mobile number, that of an ID card or of another document, or a part of a name;
 * a page of a name may be short or empty although there is a next one. Newest first: {applications: [{id, number,
 * state, status, plan_id, plan_name, occupation_name, level, submitted_at, due_at, overdue, closed (the account, at its
 * owner's wish), ticket_number, room, seat, name, id_masked, mobile}], next}. What is still a draft shows nothing of
 * its person but the masked number that he signed up with. INVALID at what is none of the words possible there.
 *
 * With {numbers: "full"} nothing is masked, and id_masked is the whole number: for export.h alone, which asks who may.
 */
enum result roster_list(struct transaction *tx, const json *filter, json **out) MUST_CHECK;

#endif
