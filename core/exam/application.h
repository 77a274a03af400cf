/*
 * An application: one candidate for one plan, from draft to ticket.
 *
 * Content is edited by topics (topics.h, fields.h, material.h), each guarded by the version that the editor saw, and
 * handed in (submission.h). While under review an edit makes a new revision; after a rejection only failed items are
 * open (openness.h). Functions answer with the JSON of the API (schemas/openapi.json names the shapes).
 */
#ifndef KAOWU_EXAM_APPLICATION_H
#define KAOWU_EXAM_APPLICATION_H

#include "application_state.h"
#include "plan.h"
#include "transaction.h"

struct application {
	const char *id, *number, *plan_id, *account_id;
	enum application_state state;
	enum application_state
		written; /* in its row: another than `state` until its end with its plan is written */
	int64_t version, revision, approved_revision; /* 0: none */
	const char *identity, *condition_id, *id_index;
	struct bytes form_sealed;
	const char *verdict; /* JSON text or NULL */
	bool manual;
	int64_t submitted_at, due_at, decided_at;
	const char *lease_account;
	int64_t lease_until;
};

/* NOT_FOUND ("application.unknown") also when it belongs to another candidate. What has not ended is
 * APPLICATION_CANCELLED as soon as its plan is. */
enum result application_load(
	struct transaction *tx, const char *id, struct application *out) MUST_CHECK;
/* By the number on paper. */
enum result application_load_number(
	struct transaction *tx, const char *number, struct application *out) MUST_CHECK;

/* STALE ("application.stale", parameters yours, current) unless `version` is the application's. */
enum result application_expect_version(
	struct transaction *tx, const struct application *application, int64_t version) MUST_CHECK;

/* The unsealed form {details, certificates, titles, diplomas, trainings, work, fields}; an empty object for a new
 * draft. */
enum result application_form(
	struct transaction *tx, const struct application *application, json **form) MUST_CHECK;
/* The same from the columns id and form_sealed of a row that was read. */
enum result application_form_of_row(
	struct transaction *tx, const char *id, struct bytes form_sealed, json **form) MUST_CHECK;
/* The same to be shown as it is: nothing can be looked up in it. */
enum result application_form_shown(
	struct transaction *tx, const struct application *application, json **form) MUST_CHECK;

/* Seals the form into the application; application_save() writes it. */
void application_form_put(
	struct transaction *tx, struct application *application, const json *form);

/* CONFLICT ("plan.full") when every place of the plan is taken. */
enum result application_expect_place(struct transaction *tx, const struct plan *plan) MUST_CHECK;

/* Asking for its plan once more begins it again: it was withdrawn, or ended, before anybody approved it. */
bool application_reopens(const struct application *application);

/* S12: makes the draft, or gives the one that the candidate has for this plan already (*created false), which is a
 * draft again if it reopens. What begins so has a plan that is open and not full, and an account with fewer than
 * LIMIT_ACCOUNT_APPLICATIONS others: CONFLICT otherwise. */
enum result application_create(struct transaction *tx, const char *plan_id, struct application *out,
	bool *created) MUST_CHECK;

/* As the candidate sees it: topics with their completeness, items, materials, verdict, next action, timeline,
 * payment, papers. */
enum result application_view(
	struct transaction *tx, struct application *application, json **out) MUST_CHECK;
/* The candidate's own, newest first: {applications, next}. */
enum result application_list_own(
	struct transaction *tx, const struct page *page, json **out) MUST_CHECK;

/* Derived: "draft", "reviewing", "rejected", "awaiting_payment", "awaiting_papers", "awaiting_ticket", "ticketed", ...
 * with the label in messages "status.<name>". */
enum result application_status(struct transaction *tx, const struct application *application,
	const char **status) MUST_CHECK;
/* That label, in the language of who asks. */
const char *application_status_text(struct transaction *tx, const char *status);
/* What every view of one begins with: {id, number, version, state, status, status_text}. */
enum result application_head(
	struct transaction *tx, const struct application *application, json *view) MUST_CHECK;

/* The same in queries over application a, its plan p and its paper pp, where payment.h says what is paid. */
#define APPLICATION_STATUS_SQL                                                                     \
	"CASE WHEN a.state <> 'approved' THEN a.state WHEN NOT " PAYMENT_PAID_SQL                  \
	" THEN 'awaiting_payment' WHEN pp.accepted_at IS NULL THEN 'awaiting_papers'"              \
	" ELSE 'awaiting_ticket' END"

/* The materials that the chosen condition asks for, from the pinned manifest: array of the manifest's material
 * objects; empty where none is chosen. */
json *application_materials_asked(
	struct transaction *tx, const json *manifest, const char *condition_id);

/* Writes back all columns (version +1, changed_at). Only application_move() changes `written` before. */
enum result application_save(struct transaction *tx, struct application *application) MUST_CHECK;

#endif
