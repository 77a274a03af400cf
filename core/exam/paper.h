/*
 * Paper forms (S19): posted by the candidate, checked in by staff, forfeited at the deadline.
 *
 * What is to be posted follows from the condition: every material of it with paper_copies in the manifest.
 * Where there is none, the papers count as accepted from the approval on. What did not pass may be posted
 * again; what passed stays passed.
 */
#ifndef KAOWU_EXAM_PAPER_H
#define KAOWU_EXAM_PAPER_H

#include "application.h"
#include "deadline.h"
#include "document/cover.h"
#include "paper_row.h"

/* In queries over application a and its paper pp: is something still to come by post? */
#define PAPER_NOT_ARRIVED_SQL                                                                      \
	"(a.state = 'approved' AND pp.accepted_at IS NULL"                                         \
	" AND (pp.received_at IS NULL OR pp.posted_at > pp.received_at))"

struct paper_facts {
	bool accepted;
	int64_t posted_at, received_at, accepted_at;
};

enum result paper_facts(
	struct transaction *tx, const char *application_id, struct paper_facts *out) MUST_CHECK;
/*
 * {address, contact, deadline_at, papers: [{material, name, copies, received_copies, outcome, reasons,
 * note}], courier, courier_number, posted_at, received_at, accepted_at, can_post}. Materials as
 * application_materials_asked() gives them.
 */
enum result paper_view(struct transaction *tx, const struct application *application,
	const struct paper_row *row, const struct deadlines *deadlines, const json *materials,
	json **out) MUST_CHECK;
/*
 * The same for the desk, with id, number, version, state, status, status_text, plan_name, candidate_name,
 * id_masked, mobile, paid.
 */
enum result paper_desk_view(
	struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/* What the cover sheet shows; drawn outside of the transaction. CONFLICT ("paper.not_yet") before approval. */
enum result paper_cover_facts(struct transaction *tx, struct application *application,
	struct cover_facts *out) MUST_CHECK;
/*
 * The candidate tells {courier, courier_number}: before or after paying, again and again until the papers
 * are accepted.
 */
enum result paper_post(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
/*
 * Staff: {items: [{material, copies, outcome, reasons, note}]}, told as posted or not. Every paper that has
 * not passed yet must be judged; all passed sets accepted_at, else the candidate is told by SMS what to post
 * again.
 */
enum result paper_receive(
	struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
/*
 * Approved applications of a plan, paid or not, whose papers have not arrived, by number: {applications:
 * [{id, number, name, mobile (masked), paid, courier, courier_number, posted_at, received_at}], next}. One
 * whose papers were wrong is back on the list when it has posted again.
 */
enum result paper_not_arrived(struct transaction *tx, const char *plan_id, const struct page *page,
	json **out) MUST_CHECK;
/* On approval: where nothing is to be posted, that is accepted. */
enum result paper_approved(struct transaction *tx, const struct plan *plan,
	const struct application *application) MUST_CHECK;

#endif
