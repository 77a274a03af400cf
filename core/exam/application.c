/*
 * The application's row: loading, saving, making one, and what it is called when it is shown.
 *
 * The number is for people, envelopes and barcodes: two digits of the year, the plan's sequence (4 digits), a
 * running number within the plan (5 digits) and a check digit (ISO 7064 MOD 11-2 would give an X; we use the Luhn
 * digit, so that it stays all digits).
 */
#include "application.h"

#include <inttypes.h>
#include <string.h>

#include "audit.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "paper.h"
#include "payment.h"
#include "plan_count.h"
#include "plugin/eligibility.h"

/* In queries over application a: has it ended with its plan, though that may not be written down yet? */
#define ENDED_WITH_PLAN_SQL "(" APPLICATION_LIVES_SQL " AND " PLAN_CANCELLED_SQL(a.plan_id) ")"

#define APPLICATION_COLUMNS                                                                        \
	"id, number, plan_id, account_id, state, version, revision, approved_revision, identity,"  \
	" condition_id, form_sealed, id_index, verdict, manual, submitted_at, due_at, decided_at," \
	" lease_account, lease_until, CASE WHEN " ENDED_WITH_PLAN_SQL " THEN 1 ELSE 0 END"

static void application_read(
	struct transaction *tx, const struct cursor *row, struct application *out)
{
	*out = (struct application){
		.id = cursor_text(row, 0, tx->arena),
		.number = cursor_text(row, 1, tx->arena),
		.plan_id = cursor_text(row, 2, tx->arena),
		.account_id = cursor_text(row, 3, tx->arena),
		.written = (enum application_state)machine_state(
			&application_machine, cursor_text(row, 4, tx->arena)),
		.version = cursor_integer(row, 5),
		.revision = cursor_integer(row, 6),
		.approved_revision = cursor_integer(row, 7),
		.identity = cursor_text(row, 8, tx->arena),
		.condition_id = cursor_text(row, 9, tx->arena),
		.form_sealed = cursor_blob(row, 10, tx->arena),
		.id_index = cursor_text(row, 11, tx->arena),
		.verdict = cursor_text(row, 12, tx->arena),
		.manual = cursor_integer(row, 13) != 0,
		.submitted_at = cursor_integer(row, 14),
		.due_at = cursor_integer(row, 15),
		.decided_at = cursor_integer(row, 16),
		.lease_account = cursor_text(row, 17, tx->arena),
		.lease_until = cursor_integer(row, 18),
	};
	out->state = cursor_integer(row, 19) ? APPLICATION_CANCELLED : out->written;
}

/* Loads by a query that gives APPLICATION_COLUMNS of a; what is another candidate's is not there. */
static enum result load_by(
	struct transaction *tx, const char *sql, struct binding binding, struct application *out)
{
	struct cursor rows CLEANUP(cursor_close) = {0};
	struct application found = {0};
	enum result rc;

	rc = store_query(tx->db, &rows, sql, binding, tx->error);
	if (rc)
		return rc;
	if (cursor_next(&rows))
		application_read(tx, &rows, &found);
	rc = cursor_end(&rows, tx->error);
	if (rc)
		return rc;
	if (!found.id ||
		(tx->actor.kind == ACTOR_CANDIDATE && !text_equal(found.account_id, tx->actor.id)))
		return fail(tx->error, NOT_FOUND, "application.unknown", NULL);

	*out = found;
	return OK;
}

enum result application_load(struct transaction *tx, const char *id, struct application *out)
{
	return load_by(tx, "SELECT " APPLICATION_COLUMNS " FROM application a WHERE id = ?1",
		BIND(TEXT(id)), out);
}

enum result application_load_number(
	struct transaction *tx, const char *number, struct application *out)
{
	return load_by(tx, "SELECT " APPLICATION_COLUMNS " FROM application a WHERE number = ?1",
		BIND(TEXT(text_compact(tx->arena, number))), out);
}

enum result application_expect_version(
	struct transaction *tx, const struct application *application, int64_t version)
{
	if (version == application->version)
		return OK;

	return fail(tx->error, STALE, "application.stale", "yours",
		arena_printf(tx->arena, "%" PRId64, version), "current",
		arena_printf(tx->arena, "%" PRId64, application->version), NULL);
}

enum result application_save(struct transaction *tx, struct application *application)
{
	enum result rc = store_run(tx->db,
		"UPDATE application SET state = ?2, version = version + 1, revision = ?3,"
		" approved_revision = ?4, identity = ?5, condition_id = ?6, form_sealed = ?7,"
		" id_index = ?8, verdict = ?9, manual = ?10, submitted_at = ?11, due_at = ?12,"
		" decided_at = ?13, lease_account = ?14, lease_until = ?15, changed_at = ?16"
		" WHERE id = ?1 AND version = ?17",
		BIND(TEXT(application->id), TEXT(application_machine.states[application->written]),
			INTEGER(application->revision), MOMENT(application->approved_revision),
			TEXT(application->identity), TEXT(application->condition_id),
			application->form_sealed.data ? BLOB(application->form_sealed) : SQL_NULL,
			TEXT(application->id_index), TEXT(application->verdict),
			INTEGER(application->manual), MOMENT(application->submitted_at),
			MOMENT(application->due_at), MOMENT(application->decided_at),
			TEXT(application->lease_account), MOMENT(application->lease_until),
			INTEGER(tx->now), INTEGER(application->version)),
		tx->error);
	if (rc)
		return rc;
	if (store_changes(tx->db) != 1)
		return application_expect_version(tx, application, application->version + 1);

	application->version++;
	return OK;
}

static int luhn_digit(const char *digits)
{
	int sum = 0;
	bool twice = true;

	for (size_t i = strlen(digits); i > 0; i--) {
		int digit = digits[i - 1] - '0';

		if (twice)
			digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
		sum += digit;
		twice = !twice;
	}
	return (10 - sum % 10) % 10;
}

static enum result number_create(
	struct transaction *tx, const struct plan *plan, const char **number)
{
	int64_t order;
	enum result rc = plan_count_number(tx, plan->id, &order);

	if (rc)
		return rc;

	const char *digits = arena_printf(tx->arena, "%02d%04" PRId64 "%05" PRId64,
		date_of_moment(tx->now).year % 100, plan->sequence, order);
	*number = arena_printf(tx->arena, "%s%d", digits, luhn_digit(digits));
	return OK;
}

/* Full plans take no new drafts; the place itself is taken when the application is handed in. */
enum result application_expect_place(struct transaction *tx, const struct plan *plan)
{
	int64_t taken;
	enum result rc;

	if (plan->places == 0)
		return OK;
	rc = plan_count_standing(tx, plan->id, &taken);
	if (rc)
		return rc;
	if (taken >= plan->places)
		return fail(tx->error, CONFLICT, "plan.full", NULL);
	return OK;
}

/* All of an account's are shown at once: personal.h. */
static enum result expect_not_many(struct transaction *tx)
{
	int64_t count;
	enum result rc =
		store_integer(tx->db, "SELECT COUNT(*) FROM application WHERE account_id = ?1",
			BIND(TEXT(tx->actor.id)), &count, tx->error);

	if (rc || count < LIMIT_ACCOUNT_APPLICATIONS)
		return rc;
	return fail(tx->error, CONFLICT, "application.many", "most",
		arena_printf(tx->arena, "%d", LIMIT_ACCOUNT_APPLICATIONS), NULL);
}

static enum result draft_insert(
	struct transaction *tx, const struct plan *plan, struct application *out)
{
	const char *id = id_create(tx->arena);
	const char *number;
	enum result rc;

	rc = expect_not_many(tx);
	if (rc)
		return rc;
	rc = number_create(tx, plan, &number);
	if (rc)
		return rc;
	rc = store_run(tx->db,
		"INSERT INTO application (id, number, plan_id, account_id, state, version, revision,"
		" created_at, changed_at) VALUES (?1, ?2, ?3, ?4, 'draft', 1, 0, ?5, ?5)",
		BIND(TEXT(id), TEXT(number), TEXT(plan->id), TEXT(tx->actor.id), INTEGER(tx->now)),
		tx->error);
	if (rc)
		return rc;
	rc = audit_append(tx, "application.created", id, NULL);
	if (rc)
		return rc;
	return application_load(tx, id, out);
}

bool application_reopens(const struct application *application)
{
	return application->approved_revision == 0 &&
	       (application->state == APPLICATION_WITHDRAWN ||
		       application->state == APPLICATION_EXPIRED);
}

enum result application_create(
	struct transaction *tx, const char *plan_id, struct application *out, bool *created)
{
	struct plan plan;
	enum result rc;

	rc = plan_load(tx, plan_id, &plan);
	if (rc)
		return rc;
	rc = load_by(tx,
		"SELECT " APPLICATION_COLUMNS
		" FROM application a WHERE plan_id = ?1 AND account_id = ?2",
		BIND(TEXT(plan_id), TEXT(tx->actor.id)), out);
	*created = rc == NOT_FOUND;
	if (rc == NOT_FOUND)
		error_forget(tx->error);
	else if (rc || !application_reopens(out))
		return rc; /* what is there is given, though the plan may be closed by now */

	rc = plan_expect_open(tx, &plan);
	rc = rc ? rc : application_expect_place(tx, &plan);
	if (rc)
		return rc;
	if (*created)
		return draft_insert(tx, &plan, out);
	out->due_at = 0;
	return application_move(tx, out, EVENT_REOPEN, NULL);
}

static char *form_context(struct transaction *tx, const char *id)
{
	return arena_printf(tx->arena, "application.form:%s", id);
}

enum result application_form_of_row(
	struct transaction *tx, const char *id, struct bytes form_sealed, json **form)
{
	if (form_sealed.size == 0) {
		*form = json_new_object(tx->arena);
		return OK;
	}
	return unseal_json(tx->arena, tx->keys, form_context(tx, id), form_sealed, form, tx->error);
}

enum result application_form(
	struct transaction *tx, const struct application *application, json **form)
{
	return application_form_of_row(tx, application->id, application->form_sealed, form);
}

enum result application_form_shown(
	struct transaction *tx, const struct application *application, json **form)
{
	struct bytes plain = {0};
	enum result rc = OK;

	if (application->form_sealed.data)
		rc = unseal(tx->arena, tx->keys, form_context(tx, application->id),
			application->form_sealed, &plain, tx->error);
	if (rc)
		return rc;
	*form = plain.data ? json_embed_own(tx->arena, (const char *)plain.data)
			   : json_new_object(tx->arena);
	return OK;
}

void application_form_put(struct transaction *tx, struct application *application, const json *form)
{
	application->form_sealed = seal_text(tx->arena, tx->keys, form_context(tx, application->id),
		json_print(tx->arena, form));
}

const char *application_status_text(struct transaction *tx, const char *status)
{
	return message_text(
		tx->arena, tx->language, arena_printf(tx->arena, "status.%s", status), NULL);
}

enum result application_status(
	struct transaction *tx, const struct application *application, const char **status)
{
	struct payment_facts payment;
	struct paper_facts paper;
	enum result rc;

	if (application->state != APPLICATION_APPROVED) {
		*status = application_machine.states[application->state];
		return OK;
	}
	rc = payment_facts(tx, application, &payment);
	if (rc)
		return rc;
	rc = paper_facts(tx, application->id, &paper);
	if (rc)
		return rc;

	*status = !payment.paid     ? "awaiting_payment"
		  : !paper.accepted ? "awaiting_papers"
				    : "awaiting_ticket";
	return OK;
}

enum result application_head(
	struct transaction *tx, const struct application *application, json *view)
{
	const char *status;
	enum result rc = application_status(tx, application, &status);

	if (rc)
		return rc;
	json_set_text(tx->arena, view, "id", application->id);
	json_set_text(tx->arena, view, "number", application->number);
	json_set_integer(tx->arena, view, "version", application->version);
	json_set_text(tx->arena, view, "state", application_machine.states[application->state]);
	json_set_text(tx->arena, view, "status", status);
	json_set_text(tx->arena, view, "status_text", application_status_text(tx, status));
	return OK;
}

enum result application_list_own(struct transaction *tx, const struct page *page, json **out)
{
	json *rows, *view = json_new_object(tx->arena);
	enum result rc = store_array(tx->db, tx->arena,
		"SELECT a.id, a.number,"
		" CASE WHEN " ENDED_WITH_PLAN_SQL " THEN 'cancelled' ELSE a.state END AS state,"
		" CASE WHEN " ENDED_WITH_PLAN_SQL " THEN 'cancelled' ELSE " APPLICATION_STATUS_SQL
		" END AS status, a.version, p.id AS plan_id, p.name AS plan_name, p.occupation_name, p.level,"
		" a.created_at AS \"created_at@\", a.submitted_at AS \"submitted_at@\","
		" a.due_at AS \"due_at@\" FROM application a JOIN plan p ON p.id = a.plan_id"
		" LEFT JOIN paper pp ON pp.application_id = a.id WHERE a.account_id = ?1"
		" AND (?2 = 0 OR a.id < ?3) ORDER BY a.id DESC LIMIT ?4",
		BIND(TEXT(tx->actor.id), INTEGER(page->begun), TEXT(page->text),
			INTEGER(page->most + 1)),
		&rows, tx->error);

	if (rc)
		return rc;
	page_end(tx->arena, page, view, "applications", rows, NULL, "id");
	*out = view;
	return OK;
}

json *application_materials_asked(
	struct transaction *tx, const json *manifest, const char *condition_id)
{
	json *asked = json_new_array(tx->arena);

	json_each(id, json_get(eligibility_condition(manifest, condition_id), "materials"))
		json_append(asked, json_share(tx->arena, json_find(json_get(manifest, "materials"),
								 "id", json_text(id))));
	return asked;
}
