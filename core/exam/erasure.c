/*
 * A request to be erased, carried out.
 *
 * The hard thing is to forget nothing that names the person. What does: the account's mobile number and password, the
 * form of an application and of each of its revisions, its pictures, its plan's book of tickets, notes that staff wrote
 * about it and its refunds, the parcel's number, and the messages that were sent. What stays names nobody: ids, states,
 * moments, amounts.
 */
#include "erasure.h"

#include "account.h"
#include "application_state.h"
#include "audit.h"
#include "base/clock.h"
#include "base/limits.h"
#include "identifier.h"
#include "payment_ledger.h"
#include "plan.h"
#include "profile.h"
#include "sign_in.h"

/* After the end of its term a plan's archive is looked at every hour for so long, and not for good. */
#define WATCHED_MS (366 * DAY_MS)
/* So long after the papers' last day an exam may be: of such plans the exam's day is looked at. */
#define EXAM_LATEST_MS (5 * 366 * DAY_MS)

/* What becomes of one application. Sitting: who has its ticket needs the account until the exam is over. */
enum fate { FATE_LIVE, FATE_SITTING, FATE_KEPT, FATE_ERASED };

struct owned {
	const char *id, *number, *plan_id;
	enum application_state state;
	bool archived;
	enum fate fate;
	int64_t kept_until, exam_end;
};

/* As the centre says; 0: it says nothing. */
static enum result archive_years(struct transaction *tx, int *years)
{
	const json *profile;
	enum result rc = profile_load(tx, &profile);

	*years = rc ? 0 : (int)json_get_integer(profile, "archive_years");
	return rc;
}

/* The moment at which the archive of a plan is over whose last day was that of its exam, or of the papers. */
static int64_t archive_end(const struct plan *plan, int years)
{
	int64_t exam_end = plan_exam_end(plan);
	int64_t last = exam_end > plan->papers_until ? exam_end : plan->papers_until;

	return moment_of_date(
		date_add_years(date_of_moment(last), years ? years : LIMIT_ARCHIVE_YEARS));
}

static struct owned owned_read(const struct transaction *tx, const struct cursor *row)
{
	return (struct owned){
		.id = cursor_text(row, 0, tx->arena),
		.number = cursor_text(row, 1, tx->arena),
		.plan_id = cursor_text(row, 4, tx->arena),
		.state = (enum application_state)machine_state(
			&application_machine, cursor_text(row, 2, tx->arena)),
		.archived = cursor_integer(row, 3) != 0,
	};
}

static enum fate fate_of(const struct owned *owned, int64_t now)
{
	switch (owned->state) {
	case APPLICATION_REVIEWING:
	case APPLICATION_REJECTED:
	case APPLICATION_APPROVED:
		return FATE_LIVE;
	case APPLICATION_TICKETED:
		if (owned->exam_end > now)
			return FATE_SITTING;
		break;
	default:
		break;
	}
	return owned->archived && owned->kept_until > now ? FATE_KEPT : FATE_ERASED;
}

static enum result fate_find(struct transaction *tx, struct owned *owned)
{
	struct plan plan;
	int years;
	enum result rc = plan_load(tx, owned->plan_id, &plan);

	rc = rc ? rc : archive_years(tx, &years);
	if (rc)
		return rc;
	owned->exam_end = plan_exam_end(&plan);
	owned->kept_until = archive_end(&plan, years);
	owned->fate = fate_of(owned, tx->now);
	return OK;
}

/* The account's applications that hold anything of the person still. */
static enum result owned_load(
	struct transaction *tx, const char *account_id, struct owned **out, size_t *count)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	int64_t most;
	size_t number = 0;
	enum result rc =
		store_integer(tx->db, "SELECT COUNT(*) FROM application WHERE account_id = ?1",
			BIND(TEXT(account_id)), &most, tx->error);

	if (rc)
		return rc;
	struct owned *owned = NEW_ARRAY(tx->arena, struct owned, (size_t)most + 1);
	rc = store_query(tx->db, &rows,
		"SELECT a.id, a.number, a.state, a.approved_revision IS NOT NULL OR EXISTS (SELECT 1"
		" FROM payment_order o JOIN payment_event e ON e.order_id = o.id"
		" WHERE o.application_id = a.id AND " LEDGER_FEE_SQL "), a.plan_id"
		" FROM application a WHERE a.account_id = ?1"
		" AND (a.form_sealed IS NOT NULL OR a.state = 'draft'"
		" OR EXISTS (SELECT 1 FROM material m WHERE m.application_id = a.id))"
		" ORDER BY a.number",
		BIND(TEXT(account_id)), tx->error);
	if (rc)
		return rc;
	while (number < (size_t)most && cursor_next(&rows))
		owned[number++] = owned_read(tx, &rows);
	rc = cursor_end(&rows, tx->error);
	for (size_t i = 0; i < number && !rc; i++)
		rc = fate_find(tx, &owned[i]);
	if (rc)
		return rc;
	*out = owned;
	*count = number;
	return OK;
}

/* Statements about one row, which each takes as ?1. */
static enum result run_all(
	struct transaction *tx, const char *const *statements, size_t count, const char *id)
{
	enum result rc = OK;

	for (size_t i = 0; i < count && !rc; i++)
		rc = store_run(tx->db, statements[i], BIND(TEXT(id)), tx->error);
	return rc;
}

/* The hashes that the printed forms carry: enough to tell, of a form that somebody brings, that it was handed in. */
static enum result tombstone_set(struct transaction *tx, const char *application_id)
{
	json *hashes, *detail = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT revision, hash FROM revision WHERE application_id = ?1 ORDER BY revision",
		BIND(TEXT(application_id)), &hashes, tx->error);

	if (rc)
		return rc;
	json_set(tx->arena, detail, "revisions", hashes);
	return audit_append(tx, "application.erased", application_id, detail);
}

/* The files lose their names here; the sweep removes what nothing names. */
static enum result application_erase(struct transaction *tx, const struct owned *owned)
{
	static const char *const of_all[] = {
		"DELETE FROM material WHERE application_id = ?1",
		"DELETE FROM ticket_book_part WHERE plan_id IN"
		" (SELECT plan_id FROM ticket WHERE application_id = ?1)",
		"DELETE FROM ticket_book_missing WHERE plan_id IN"
		" (SELECT plan_id FROM ticket WHERE application_id = ?1)",
		"DELETE FROM ticket_book WHERE plan_id IN"
		" (SELECT plan_id FROM ticket WHERE application_id = ?1)",
		"DELETE FROM upload WHERE application_id = ?1",
		"DELETE FROM revision WHERE application_id = ?1",
		"UPDATE judgement SET note = NULL WHERE application_id = ?1",
		"UPDATE decision SET note = NULL, items = '[]' WHERE application_id = ?1",
		"UPDATE payment_refund SET reason = '' WHERE asked_by IS NOT NULL AND order_id IN"
		" (SELECT id FROM payment_order WHERE application_id = ?1)",
		"UPDATE payment_event SET note = NULL WHERE note IS NOT NULL AND order_id IN"
		" (SELECT id FROM payment_order WHERE application_id = ?1)",
		"UPDATE payment_difference SET note = NULL WHERE note IS NOT NULL AND subject IN"
		" (SELECT number FROM payment_order WHERE application_id = ?1"
		" UNION SELECT r.number FROM payment_refund r JOIN payment_order o"
		" ON o.id = r.order_id WHERE o.application_id = ?1"
		" UNION SELECT e.reference FROM payment_event e JOIN payment_order o"
		" ON o.id = e.order_id WHERE o.application_id = ?1"
		" UNION SELECT number FROM application WHERE id = ?1)",
		"UPDATE paper SET courier_number = NULL, items = '[]', version = version + 1"
		" WHERE application_id = ?1",
		"DELETE FROM outbox WHERE subject = ?1",
		"UPDATE application SET form_sealed = NULL, id_index = NULL, verdict = NULL,"
		" version = version + 1 WHERE id = ?1",
	};
	static const char *const of_a_draft[] = {
		"DELETE FROM paper WHERE application_id = ?1",
		"DELETE FROM judgement WHERE application_id = ?1",
		"DELETE FROM decision WHERE application_id = ?1",
		"DELETE FROM application WHERE id = ?1",
	};
	enum result rc = tombstone_set(tx, owned->id);

	rc = rc ? rc : run_all(tx, of_all, COUNT(of_all), owned->id);
	return rc || owned->state != APPLICATION_DRAFT
		       ? rc
		       : run_all(tx, of_a_draft, COUNT(of_a_draft), owned->id);
}

/* Nobody signs in by it any more, and the number is free for a new one, whatever was mistyped with it. */
static enum result account_close(struct transaction *tx, const char *account_id, bool whole)
{
	static const char *const closing[] = {
		"DELETE FROM code WHERE mobile_index = (SELECT mobile_index FROM account WHERE id = ?1)",
		"DELETE FROM outbox WHERE recipient_index ="
		" (SELECT mobile_index FROM account WHERE id = ?1)",
		"DELETE FROM session WHERE account_id = ?1",
		"DELETE FROM idempotency WHERE actor = ?1",
		"UPDATE account SET state = 'disabled', password_hash = NULL, mobile_index = NULL"
		" WHERE id = ?1",
	};
	static const char *const forgetting[] = {
		"UPDATE account SET mobile_sealed = NULL WHERE id = ?1"};
	const char *mobile;
	enum result rc = account_mobile(tx, account_id, &mobile);

	if (!rc && mobile)
		rc = sign_in_unlock(tx, ACTOR_CANDIDATE, mobile);
	rc = rc ? rc : run_all(tx, closing, COUNT(closing), account_id);
	return rc || !whole ? rc : run_all(tx, forgetting, COUNT(forgetting), account_id);
}

static enum result expect_asked(struct transaction *tx, const char *account_id)
{
	bool known, asked;
	enum result rc =
		store_has(tx->db, "SELECT 1 FROM account WHERE id = ?1 AND kind = 'candidate'",
			BIND(TEXT(account_id)), &known, tx->error);

	rc = rc ? rc
		: store_has(tx->db,
			  "SELECT 1 FROM erasure WHERE account_id = ?1"
			  " AND (carried_out_at IS NULL OR kept_until IS NOT NULL)",
			  BIND(TEXT(account_id)), &asked, tx->error);
	if (rc)
		return rc;
	if (!known)
		return fail(tx->error, NOT_FOUND, "erasure.unknown", NULL);
	return asked ? OK : fail(tx->error, CONFLICT, "erasure.not_asked", NULL);
}

struct tally {
	int64_t erased, kept, kept_until;
	const struct owned *live;
};

static struct tally tally_of(const struct owned *owned, size_t count)
{
	struct tally tally = {0};

	for (size_t i = 0; i < count; i++) {
		if ((owned[i].fate == FATE_LIVE || owned[i].fate == FATE_SITTING) && !tally.live)
			tally.live = &owned[i];
		if (owned[i].fate == FATE_ERASED)
			tally.erased++;
		if (owned[i].fate != FATE_KEPT)
			continue;
		tally.kept++;
		if (owned[i].kept_until > tally.kept_until)
			tally.kept_until = owned[i].kept_until;
	}
	return tally;
}

/* Not while an application is under way, and not twice for the same. */
static enum result expect_due(
	struct transaction *tx, const char *account_id, const struct tally *tally)
{
	bool before;
	enum result rc;

	if (tally->live && tally->live->fate == FATE_SITTING)
		return fail(tx->error, CONFLICT, "erasure.sitting", "number", tally->live->number,
			"until", date_text(tx->arena, date_of_moment(tally->live->exam_end)), NULL);
	if (tally->live)
		return fail(
			tx->error, CONFLICT, "erasure.live", "number", tally->live->number, NULL);
	rc = store_has(tx->db,
		"SELECT 1 FROM erasure WHERE account_id = ?1 AND carried_out_at IS NOT NULL",
		BIND(TEXT(account_id)), &before, tx->error);
	if (rc || !before || !tally->kept || tally->erased)
		return rc;
	return fail(tx->error, CONFLICT, "erasure.kept", "until",
		date_text(tx->arena, date_of_moment(tally->kept_until)), NULL);
}

static enum result note(
	struct transaction *tx, const char *account_id, const struct tally *tally, json **out)
{
	json *detail = json_new_object(tx->arena), *view = json_new_object(tx->arena);
	enum result rc = store_run(tx->db,
		"UPDATE erasure SET carried_out_at = ?2, kept_until = ?3 WHERE account_id = ?1",
		BIND(TEXT(account_id), INTEGER(tx->now), MOMENT(tally->kept_until)), tx->error);

	if (rc)
		return rc;
	json_set_integer(tx->arena, detail, "erased", tally->erased);
	json_set_integer(tx->arena, detail, "kept", tally->kept);
	rc = audit_append(tx, "erasure.carried_out", account_id, detail);
	if (rc)
		return rc;
	json_set_text(tx->arena, view, "account_id", account_id);
	json_set_integer(tx->arena, view, "erased", tally->erased);
	json_set_integer(tx->arena, view, "kept", tally->kept);
	json_set_moment(tx->arena, view, "kept_until", tally->kept_until);
	*out = view;
	return OK;
}

enum result erasure_carry_out(struct transaction *tx, const char *account_id, json **out)
{
	struct owned *owned;
	size_t count;
	enum result rc = expect_asked(tx, account_id);

	rc = rc ? rc : owned_load(tx, account_id, &owned, &count);
	if (rc)
		return rc;
	struct tally tally = tally_of(owned, count);
	rc = expect_due(tx, account_id, &tally);
	for (size_t i = 0; i < count && !rc; i++) {
		if (owned[i].fate == FATE_ERASED)
			rc = application_erase(tx, &owned[i]);
	}
	rc = rc ? rc : account_close(tx, account_id, tally.kept == 0);
	return rc ? rc : note(tx, account_id, &tally, out);
}

enum result erasure_expect_none(struct transaction *tx, const struct application *application)
{
	if (application->revision > 0 && application->form_sealed.size == 0)
		return fail(tx->error, CONFLICT, "erasure.nothing_left", NULL);
	return OK;
}

/* What holds anything still, and is over. */
static enum result archive_rows(
	struct transaction *tx, const char *plan_id, int64_t most, json **out)
{
	return store_array(tx->db, tx->arena,
		"SELECT a.id FROM application a WHERE a.plan_id = ?1"
		" AND a.state <> 'draft' AND a.state <> 'reviewing'"
		" AND a.state <> 'rejected' AND a.state <> 'approved'"
		" AND (a.form_sealed IS NOT NULL"
		" OR EXISTS (SELECT 1 FROM material m WHERE m.application_id = a.id))"
		" ORDER BY a.id LIMIT ?2",
		BIND(TEXT(plan_id), INTEGER(most)), out, tx->error);
}

static enum result archive_erase(
	struct transaction *tx, const char *plan_id, int years, int64_t most, int64_t *erased)
{
	struct plan plan;
	json *rows = NULL;
	enum result rc = plan_load(tx, plan_id, &plan);

	if (rc)
		return rc;
	int64_t end = archive_end(&plan, years);
	if (end > tx->now || end + WATCHED_MS <= tx->now)
		return OK;
	rc = archive_rows(tx, plan_id, most, &rows);
	json_each(row, rows)
	{
		const struct owned owned = {
			.id = json_get_text(row, "id"), .state = APPLICATION_VOIDED}; /* no draft */

		rc = rc ? rc : application_erase(tx, &owned);
		*erased += !rc;
	}
	return rc;
}

static enum result archives_erase(struct transaction *tx, int years, int64_t most, int64_t *erased)
{
	int64_t before = moment_of_date(date_add_years(date_of_moment(tx->now), -years));
	json *plans = NULL;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT id FROM plan WHERE papers_until <= ?1 AND papers_until > ?2 ORDER BY id",
		BIND(INTEGER(before), INTEGER(before - WATCHED_MS - EXAM_LATEST_MS)), &plans,
		tx->error);

	json_each(plan, plans)
	{
		if (!rc && *erased < most)
			rc = archive_erase(
				tx, json_get_text(plan, "id"), years, most - *erased, erased);
	}
	return rc;
}

/* Whoever has asked, and has been told until when the rest is kept; what is to be kept for longer by now is told so. */
static enum result asker_forget(struct transaction *tx, const char *account_id)
{
	struct owned *owned;
	size_t count;
	json *view;
	enum result rc = owned_load(tx, account_id, &owned, &count);

	if (rc)
		return rc;
	const struct tally tally = tally_of(owned, count);
	if (tally.live)
		return OK;
	if (tally.erased > 0 || tally.kept == 0)
		return erasure_carry_out(tx, account_id, &view);
	return store_run(tx->db, "UPDATE erasure SET kept_until = ?2 WHERE account_id = ?1",
		BIND(TEXT(account_id), INTEGER(tally.kept_until)), tx->error);
}

static enum result askers_forget(struct transaction *tx)
{
	json *rows = NULL;
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT account_id FROM erasure WHERE carried_out_at IS NOT NULL"
		" AND kept_until <= ?1 LIMIT ?2",
		BIND(INTEGER(tx->now), INTEGER(LIMIT_PAGE)), &rows, tx->error);

	json_each(row, rows) rc = rc ? rc : asker_forget(tx, json_get_text(row, "account_id"));
	return rc;
}

enum result erasure_of_archives(struct transaction *tx, int64_t most, int64_t *erased)
{
	int years;
	enum result rc = archive_years(tx, &years);

	*erased = 0;
	if (rc == NOT_FOUND) { /* a centre that has nothing yet */
		error_forget(tx->error);
		return OK;
	}
	rc = rc ? rc : askers_forget(tx);
	return rc || !years ? rc : archives_erase(tx, years, most, erased);
}

enum result erasure_list(
	struct transaction *tx, const char *waiting, const struct page *page, json **out)
{
	json *rows, *view = json_new_object(tx->arena);
	bool only = page_flag(tx, "waiting", waiting);
	enum result rc = refuse_faults(tx->error);

	if (rc)
		return rc;
	rc = store_array(tx->db, tx->arena,
		"SELECT e.account_id, e.asked_at AS \"asked_at@\", e.asked_at AS " PAGE_NUMBER ","
		" e.carried_out_at AS \"carried_out_at@\", e.kept_until AS \"kept_until@\","
		" (SELECT COUNT(*) FROM application a WHERE a.account_id = e.account_id)"
		" AS applications FROM erasure e"
		" WHERE (e.carried_out_at IS NULL OR (?5 = 0 AND e.kept_until IS NOT NULL)) AND (?1 = 0"
		" OR e.asked_at > ?2 OR (e.asked_at = ?2 AND e.account_id > ?3))"
		" ORDER BY e.asked_at, e.account_id LIMIT ?4",
		BIND(INTEGER(page->begun), INTEGER(page->number), TEXT(page->text),
			INTEGER(page->most + 1), INTEGER(only)),
		&rows, tx->error);

	json_each(row, rc ? NULL : rows)
	{
		const char *mobile = NULL;

		rc = account_mobile(tx, json_get_text(row, "account_id"), &mobile);
		if (rc)
			return rc;
		json_set_text(tx->arena, row, "mobile", mobile_masked(tx->arena, mobile));
	}
	if (rc)
		return rc;
	page_end(tx->arena, page, view, "erasures", rows, PAGE_NUMBER, "account_id");
	*out = view;
	return OK;
}
