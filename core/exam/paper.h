/*
 * Paper forms (S19): posted by the candidate, checked in by staff, forfeited at the deadline.
 */
#ifndef KAOWU_EXAM_PAPER_H
#define KAOWU_EXAM_PAPER_H

#include "application.h"
#include "document/cover.h"

struct paper_facts {
	bool posted, received, accepted;
	int64_t posted_at, received_at, accepted_at;
};

enum result paper_facts(struct transaction *tx, const char *application_id, struct paper_facts *out) MUST_CHECK;
/* As JSON: address, contact, deadline, what to post (material, copies), courier, receipt and per-item check. */
enum result paper_view(struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/* The same for the desk, with the application's number, candidate and status. */
enum result paper_desk_view(struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/* What the cover sheet shows; drawn outside of the transaction. CONFLICT ("paper.not_yet") before approval. */
enum result paper_cover_facts(struct transaction *tx, struct application *application, struct cover_facts *out) MUST_CHECK;
/* The candidate tells courier and number. */
enum result paper_post(struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
/* Staff: receipt with per-item check; every item in order sets accepted_at, else the candidate is told by SMS what to post again. */
enum result paper_receive(struct transaction *tx, struct application *application, const json *body) MUST_CHECK;
/* Approved applications of a plan whose papers have not arrived. */
enum result paper_not_arrived(struct transaction *tx, const char *plan_id, const char *cursor, json **out) MUST_CHECK;

#endif
