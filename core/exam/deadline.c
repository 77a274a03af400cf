/*
 * Moments that pass: expiry, forfeit, sweeping, and the way back.
 *
 * The queries below choose; application_move() judges again, so that a choice that is no longer right
 * changes nothing.
 */
#include "deadline.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/limits.h"
#include "erasure.h"
#include "notice.h"
#include "payment.h"
#include "reason.h"
#include "topics.h"

#define GRACE_DECIDED  (2 * DAY_MS)
#define GRACE_RESTORED (7 * DAY_MS)
#define PARCEL_MOST    "5184000000" /* milliseconds that a parcel may be late: sixty days */

static int64_t later(int64_t left, int64_t right)
{
	return left > right ? left : right;
}

static enum result grace_load(struct transaction *tx, const char *application_id, int64_t *grace)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MAX(grace_until), 0) FROM paper WHERE application_id = ?1",
		BIND(TEXT(application_id)), grace, tx->error);
}

struct deadlines deadlines_within(const struct plan *plan, int64_t grace_until)
{
	return (struct deadlines){.correct_until = later(plan->apply_until, grace_until),
		.pay_until = later(plan->pay_until, grace_until),
		.papers_until = later(plan->papers_until, grace_until)};
}

enum result deadlines_of(struct transaction *tx, const struct plan *plan,
	const char *application_id, struct deadlines *out)
{
	int64_t grace;
	enum result rc = grace_load(tx, application_id, &grace);

	if (rc)
		return rc;
	*out = deadlines_within(plan, grace);
	return OK;
}

/* Neither correcting nor paying nor posting ends before `until` for this application. */
static enum result grant(struct transaction *tx, const char *application_id, int64_t until)
{
	return store_run(tx->db,
		"INSERT INTO paper (application_id, grace_until) VALUES (?1, ?2)"
		" ON CONFLICT (application_id) DO UPDATE SET grace_until = excluded.grace_until",
		BIND(TEXT(application_id), INTEGER(until)), tx->error);
}

/* Until when a decision gives time; 0 where the plan leaves enough. */
static int64_t grace_decided(const struct transaction *tx, const struct plan *plan, bool approved)
{
	int64_t until = tx->now + GRACE_DECIDED;
	int64_t first = !approved ? plan->apply_until
			: plan->fee_fen > 0 && plan->pay_until < plan->papers_until
				? plan->pay_until
				: plan->papers_until;

	return until > first ? until : 0;
}

enum result deadlines_decided(struct transaction *tx, const struct plan *plan,
	const char *application_id, bool approved, struct deadlines *out)
{
	int64_t grace;
	enum result rc = grace_load(tx, application_id, &grace);

	if (rc)
		return rc;
	*out = deadlines_within(plan, later(grace, grace_decided(tx, plan, approved)));
	return OK;
}

enum result deadline_decided(
	struct transaction *tx, const struct plan *plan, const char *application_id, bool approved)
{
	int64_t until = grace_decided(tx, plan, approved);

	return until ? grant(tx, application_id, until) : OK;
}

#define PLAN_GOES_ON_SQL "NOT " PLAN_CANCELLED_SQL(p.id)

/* A step of the job: which applications, what becomes of them. Those of a cancelled plan end otherwise. */
struct step {
	const char *sql; /* ids; ?1 now, ?2 how many at most */
	enum application_event event;
	const char *notice;
};

/* Who may have paid in time, as the provider is still to tell, is not unpaid yet. */
static const struct step expiry = {
	"SELECT a.id FROM application a JOIN plan p ON p.id = a.plan_id"
	" LEFT JOIN paper pp ON pp.application_id = a.id"
	" WHERE " PLAN_GOES_ON_SQL " AND ((a.state = 'draft' AND p.apply_until <= ?1)"
	" OR (a.state = 'rejected' AND p.apply_until <= ?1 AND COALESCE(pp.grace_until, 0) <= ?1)"
	" OR (a.state = 'approved' AND p.pay_until <= ?1 AND COALESCE(pp.grace_until, 0) <= ?1"
	" AND NOT " PAYMENT_PAID_SQL " AND NOT EXISTS (SELECT 1 FROM payment_order w"
	" JOIN payment_call c ON c.subject_id = w.id WHERE w.application_id = a.id)))"
	" ORDER BY a.id LIMIT ?2",
	EVENT_EXPIRE, "expired"};

/* What was posted may be on its way, and is not for ever. */
static const struct step forfeit = {
	"SELECT a.id FROM application a JOIN plan p ON p.id = a.plan_id"
	" LEFT JOIN paper pp ON pp.application_id = a.id"
	" WHERE a.state = 'approved' AND " PLAN_GOES_ON_SQL " AND p.papers_until <= ?1"
	" AND COALESCE(pp.grace_until, 0) <= ?1 AND pp.accepted_at IS NULL"
	" AND ((pp.posted_at IS NULL AND pp.received_at IS NULL)"
	" OR (p.papers_until <= ?1 - " PARCEL_MOST
	" AND COALESCE(pp.grace_until, 0) <= ?1 - " PARCEL_MOST "))"
	" ORDER BY a.id LIMIT ?2",
	EVENT_FORFEIT, "forfeited"};

/* Moves one and tells its candidate; the version in the key lets a restored one be told again. */
static enum result move_one(struct transaction *tx, const struct step *step, const char *id)
{
	struct application application;
	enum result rc = application_load(tx, id, &application);

	if (rc)
		return rc;
	rc = application_move(tx, &application, step->event, NULL);
	if (rc)
		return rc;
	return notice_account(tx, application.account_id, step->notice, application.id,
		arena_printf(tx->arena, "%s:%s:%" PRId64, step->notice, application.id,
			application.version),
		"number", application.number, NULL);
}

static enum result step_run(
	struct transaction *tx, const struct step *step, int64_t most, int64_t *moved)
{
	json *rows;
	enum result rc = store_array(tx->db, tx->arena, step->sql,
		BIND(INTEGER(tx->now), INTEGER(most)), &rows, tx->error);

	if (rc)
		return rc;
	json_each(row, rows)
	{
		rc = move_one(tx, step, json_get_text(row, "id"));
		if (rc)
			return rc;
	}
	*moved = (int64_t)json_count(rows);
	return OK;
}

/* Applications that came to no approval ever, of plans that ended at ?1 or in the year before (its milliseconds stand
 * there): what is older went then, and is not looked at every hour for good. */
#define NEVER_APPROVED                                                                             \
	"(SELECT a.id FROM plan p CROSS JOIN application a ON a.plan_id = p.id"                    \
	" WHERE p.papers_until <= ?1 AND p.papers_until > ?1 - 31536000000"                        \
	" AND (a.state = 'withdrawn' OR a.state = 'expired' OR a.state = 'cancelled')"             \
	" AND a.approved_revision IS NULL)"

/* What nobody can use any more; and of who was never approved the pictures, also those that a revision names. */
static enum result sweep(struct transaction *tx, int64_t *swept)
{
	const struct {
		const char *sql;
		int64_t before;
	} chores[] = {
		{"DELETE FROM code WHERE created_at < ?1", tx->now - DAY_MS},
		{"DELETE FROM upload WHERE uploaded_at <= ?1 AND COALESCE(replaced_at, 0) <= ?1",
			tx->now - DAY_MS},
		{"DELETE FROM session WHERE expires_at <= ?1", tx->now},
		{"DELETE FROM idempotency WHERE created_at < ?1", tx->now - LIMIT_IDEMPOTENCY_LIFE},
		{"UPDATE revision SET materials = '[]' WHERE materials <> '[]'"
		 " AND application_id IN " NEVER_APPROVED,
			tx->now - LIMIT_PICTURES_DAYS * DAY_MS},
		{"DELETE FROM material WHERE application_id IN " NEVER_APPROVED,
			tx->now - LIMIT_PICTURES_DAYS * DAY_MS},
	};
	int64_t count = 0;

	for (size_t i = 0; i < COUNT(chores); i++) {
		enum result rc = store_run(
			tx->db, chores[i].sql, BIND(INTEGER(chores[i].before)), tx->error);

		if (rc)
			return rc;
		count += store_changes(tx->db);
	}
	*swept = count;
	return OK;
}

enum result deadline_run(struct transaction *tx, struct deadline_counts *counts, bool *more)
{
	struct deadline_counts done = {0};
	enum result rc;

	rc = step_run(tx, &expiry, LIMIT_PAGE, &done.expired);
	if (rc)
		return rc;
	rc = step_run(tx, &forfeit, LIMIT_PAGE - done.expired, &done.forfeited);
	if (rc)
		return rc;
	rc = sweep(tx, &done.swept);
	rc = rc ? rc : erasure_of_archives(tx, LIMIT_PAGE, &done.erased);
	if (rc)
		return rc;

	*counts = done;
	*more = done.expired + done.forfeited == LIMIT_PAGE || done.erased == LIMIT_PAGE;
	return OK;
}

enum result deadline_next(struct transaction *tx, int64_t *at)
{
	return store_integer(tx->db,
		"SELECT COALESCE(MIN(moment), 0) FROM ("
		"SELECT apply_until AS moment FROM plan WHERE apply_until > ?1"
		" UNION ALL SELECT pay_until FROM plan WHERE pay_until > ?1"
		" UNION ALL SELECT papers_until FROM plan WHERE papers_until > ?1"
		" UNION ALL SELECT grace_until FROM paper WHERE grace_until > ?1) AS coming",
		BIND(INTEGER(tx->now)), at, tx->error);
}

static enum result expect_exam_ahead(struct transaction *tx, const struct plan *plan)
{
	int64_t over = plan_exam_end(plan);

	if (over == 0 || over > tx->now)
		return OK;
	return fail(tx->error, CONFLICT, "deadline.exam_over", "at", moment_text(tx->arena, over),
		NULL);
}

enum result deadline_expect_restorable(
	struct transaction *tx, const struct application *application)
{
	struct plan plan;
	enum result rc = plan_load(tx, application->plan_id, &plan);

	rc = rc ? rc : plan_expect_not_cancelled(tx, &plan);
	if (rc)
		return rc;
	if (application->approved_revision == 0)
		return fail(tx->error, CONFLICT, "deadline.never_approved", NULL);
	rc = erasure_expect_none(tx, application);
	rc = rc ? rc : expect_exam_ahead(tx, &plan);
	rc = rc ? rc : application_expect_event(tx, application, EVENT_RESTORE);
	rc = rc ? rc : topics_person_once(tx, application, "");
	return rc ? rc : refuse_faults(tx->error);
}

enum result deadline_restore(
	struct transaction *tx, struct application *application, const char *reason)
{
	int64_t until = moment_of_date_end(date_of_moment(tx->now + GRACE_RESTORED));
	json *detail = json_new_object(tx->arena);
	enum result rc;

	reason_written(tx, "/reason", reason);
	rc = refuse_faults(tx->error);
	rc = rc ? rc : deadline_expect_restorable(tx, application);
	if (rc)
		return rc;
	json_set_text(tx->arena, detail, "reason", reason);
	json_set_moment(tx->arena, detail, "grace_until", until);
	rc = application_move(tx, application, EVENT_RESTORE, detail);
	rc = rc ? rc : grant(tx, application->id, until);
	if (rc)
		return rc;
	return notice_account(tx, application->account_id, "restored", application->id,
		arena_printf(
			tx->arena, "restored:%s:%" PRId64, application->id, application->version),
		"number", application->number, NULL);
}
